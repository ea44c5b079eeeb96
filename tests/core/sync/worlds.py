"""Random histories of laptops that only meet by files: lost, doubled, cut short, changed, old, under other names.

Laptops are vaults of the real schema in memory, each with a device of its own; files are real ones. At the end every
laptop that still takes part exchanges until nothing moves, and then all must agree and nothing may have vanished.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlcipher3

from cis_desktop.errors import CisError
from cis_desktop.sync import files, laptops
from cis_desktop.sync.exchange import exchange
from cis_desktop.vault.integrity import broken_rules
from cis_desktop.vault.merge import conflicts
from cis_desktop.vault.store import Vault
from cis_desktop.vault.tables import APPLYING
from cis_desktop.workspace import Workspace, set_setting
from tests.core.vault.histories import state

KEY = bytes(range(32))
ROUNDS = 12
"""Exchanges of everybody after which a history must have come to rest."""


class Template:
    """An empty vault of today's schema, made once: each laptop begins as a copy."""

    def __init__(self) -> None:
        self.vault = Vault(":memory:", KEY, "laptop")

    def copy(self) -> Vault:
        """Give a vault in memory with nothing in it."""
        made = Vault.__new__(Vault)
        made.__dict__ |= {**self.vault.__dict__, "_observers": [], "_asked": {}}
        made._writer = made.read = copied(self.vault.read)
        return made


def copied(source: Any) -> Any:
    """Give a copy of a vault in memory."""
    copy = sqlcipher3.connect(":memory:", isolation_level=None, check_same_thread=False, cached_statements=1000)
    copy.execute(f"pragma key = \"x'{KEY.hex()}'\"")
    source.backup(copy)
    for setting in ("foreign_keys = on", "secure_delete = on", "recursive_triggers = on", "trusted_schema = off"):
        copy.execute(f"pragma {setting}")
    return copy


class World:
    """A few laptops, a folder that a cloud service copies, a stick, and one seed."""

    def __init__(self, seed: int, folder: Path, template: Template) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        self.template = template
        self.folders = [folder / "cloud", folder / "stick"]
        for each in self.folders:
            each.mkdir(parents=True)
        self.there: list[Workspace] = []
        self.gone: list[Workspace] = []
        self.written: dict[str, bytes] = {}
        """Each word that was saved, and the device that wrote it."""
        self.lost: set[bytes] = set()
        self.old: list[tuple[Path, bytes]] = []
        self.kept: list[tuple[Path, Any]] = []
        self.words = 0
        first = self.laptop("laptop 0")
        with first.change("Began") as change:
            set_setting(change, laptops.GROUP, "group")
        laptops.begin(first)
        self.there.append(first)
        for number in range(1, self.random.randint(3, 4)):
            self.join(number)

    def close(self) -> None:
        """Let go of everything."""
        for each in (*self.there, *self.gone):
            each.close()
        for _, each in self.kept:
            each.close()
        shutil.rmtree(self.folder)

    def laptop(self, name: str) -> Workspace:
        """Give a laptop with nothing on it."""
        vault = self.template.copy()
        vault.new_incarnation(name, self.random.randbytes(16))
        return Workspace(self.folder / name, vault, None, name)

    def join(self, number: int) -> None:
        """Let a laptop come in, known to one that is there; it gets the record by the files."""
        made = self.laptop(f"laptop {number}")
        host = self.random.choice(self.there)
        made.vault.receive(list(host.vault.sets_since({})))
        row = laptops.begin(made).row
        with host.change("Took a laptop in") as change:
            laptops.add(change, row)
        me = laptops.begin(host)
        said = files.introduce(bytes.fromhex(row.device), bytes.fromhex(row.public_key), me.private)
        with made.vault.transaction(APPLYING) as connection:
            laptops.note_introduced(connection, row.device, [said, *me.introduced])
        self.there.append(made)

    def word(self, who: Workspace) -> str:
        """Give a word that nobody has written yet, and remember who does."""
        self.words += 1
        word = f"w{self.words:05d}x"
        self.written[word] = bytes.fromhex(who.device)
        return word

    def some(self, who: Workspace, table: str) -> int | None:
        """Give some row of a table."""
        rows = [row for (row,) in who.read.execute(f"select id from {table} order by uid")]
        return self.random.choice(rows) if rows else None

    def step(self) -> None:
        """Do one thing somewhere."""
        acts = [
            (self.add, 6), (self.edit, 8), (self.delete, 2), (self.choose, 2), (self.erase, 1), (self.meet, 10),
            (self.mischief, 4), (self.keep, 1), (self.restore, 1), (self.remove, 0.4), (self.back, 0.3),
            (self.come, 0.4),
        ]  # fmt: skip
        act = self.random.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
        act(self.random.choice([*self.there, *self.gone]))

    def add(self, who: Workspace) -> None:
        with who.change("Added") as change:
            person = change.insert("people", uid=self.random.randbytes(16), reference="P", note=self.word(who))
            if self.random.random() < 0.5:
                change.insert(
                    "contacts", uid=self.random.randbytes(16), person_id=person, on_date="2026-01-01",
                    note=self.word(who),
                )  # fmt: skip

    def edit(self, who: Workspace) -> None:
        table = self.random.choice(["people", "contacts"])
        row = self.some(who, table)
        if row is not None:
            field = "note" if table == "contacts" else self.random.choice(["note", "given_name"])
            with who.change("Edited") as change:
                change.update(table, row, **{field: self.word(who)})

    def delete(self, who: Workspace) -> None:
        row = self.some(who, "people")
        if row is not None:
            with who.change("Removed") as change:
                change.update("people", row, gone=self.random.choice([1, 1, 0]))

    def choose(self, who: Workspace) -> None:
        found = [each for each in conflicts(who.read, who.vault.tables) if each.table == "people"]
        if found:
            one = self.random.choice(found)
            with who.change("Chose") as change:
                change.choose(one.table, one.row, one.field, self.random.choice(one.heads).value)

    def erase(self, who: Workspace) -> None:
        row = self.some(who, "people")
        if row is not None:
            who.vault.erase(who.who, "Erased", [("people", row)])

    def meet(self, who: Workspace) -> None:
        exchange(who, self.random.choice(self.folders))

    def mischief(self, _: Workspace) -> None:
        """Do to the files what sticks, cloud services and people do."""
        paths = sorted(self.random.choice(self.folders).glob("*/*"))
        if not paths:
            return
        path = self.random.choice(paths)
        raw = path.read_bytes()
        kind = self.random.choice(["lose", "cut", "flip", "double", "put back", "rename", "half", "rubbish"])
        if kind == "lose":
            self.old.append((path, raw))
            path.unlink()
        elif kind == "cut":
            path.write_bytes(raw[: self.random.randint(0, max(0, len(raw) - 1))])
        elif kind == "flip" and raw:
            at = self.random.randrange(len(raw))
            path.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << self.random.randrange(8)]) + raw[at + 1 :])
        elif kind == "double":
            path.with_name(f"{path.stem} (conflicted copy {self.random.randrange(99)}){path.suffix}").write_bytes(raw)
        elif kind == "put back" and self.old:
            back, before = self.random.choice(self.old)
            if not back.exists():
                back.write_bytes(before)
        elif kind == "rename":
            path.rename(path.with_name(f"renamed {self.random.randrange(10**6)}{path.suffix}"))
        elif kind == "half":
            self.old.append((path, raw))
            path.with_name(f"half {path.stem}{files.ENDING}").write_bytes(raw[: len(raw) // 2])
        elif kind == "rubbish":
            path.with_name(f"{self.random.randrange(999)}{files.ENDING}").write_bytes(self.random.randbytes(700))

    def keep(self, who: Workspace) -> None:
        """Make a backup."""
        self.kept.append((who.folder, copied(who.read)))

    def restore(self, who: Workspace) -> None:
        """Lose a laptop, and go on from an older backup of it as a new incarnation."""
        own = [copy for folder, copy in self.kept if folder == who.folder]
        if not own or who in self.gone:
            return
        vault = self.template.copy()
        vault._writer.close()
        vault._writer = vault.read = copied(self.random.choice(own))
        vault.new_copy("restored", self.random.randbytes(16))
        self.lost.add(bytes.fromhex(who.device))
        self.there[self.there.index(who)] = Workspace(who.folder, vault, None, "restored")
        who.close()

    def remove(self, who: Workspace) -> None:
        """Take a laptop away; it goes on without hearing of it."""
        others = [each for each in self.there if each is not who]
        if who in self.gone or len(self.there) < 3:
            return
        other = self.random.choice(others)
        known = {each.device for each in laptops.laptops(who.read) if not each.removed}
        # Whom only the one taken away vouches for is a stranger afterwards, until a person takes him in.
        if known >= {each.device for each in self.there}:
            laptops.remove(who, other.device)
            self.there.remove(other)
            self.gone.append(other)

    def back(self, who: Workspace) -> None:
        """Take a laptop back in that was taken away."""
        for other in self.gone:
            known = [each.device for each in laptops.laptops(who.read) if each.removed]
            if who in self.there and other.device in known:
                laptops.take_back(who, other.device)
                self.gone.remove(other)
                self.there.append(other)
                return

    def come(self, who: Workspace) -> None:
        if who in self.there and len(self.there) < 5:
            self.join(len(self.there) + len(self.gone) + 10 * self.words)

    def settle(self) -> None:
        """Exchange until nothing moves any more. Everybody left hears of each removal first."""
        for _ in range(ROUNDS):
            moved = 0
            for who in self.there:
                for folder in self.folders:
                    with suppress(CisError):
                        done = exchange(who, folder)
                        moved += done.sent + done.received + len(done.written)
            if not moved:
                return
        raise AssertionError("it does not come to rest")


def run(seed: int, folder: Path, template: Template, steps: int) -> dict[str, int]:
    """Play one history and check everything about its end; give how much of each kind happened."""
    world = World(seed, folder / str(seed), template)
    try:
        for _ in range(steps):
            world.step()
        world.settle()
        first = state(world.there[0].vault)
        for who in world.there:
            assert state(who.vault) == first, who.who
            assert broken_rules(who.read) == []
        everything = said(world.there[0])
        erased = erased_words(world)
        removed = {bytes.fromhex(each.device) for each in world.gone}
        for word, device in world.written.items():
            if device not in world.lost | removed:
                assert (word in everything) != (word in erased), word
        for who in world.there:
            assert not erased & said(who)
            assert not erased & in_files(who, world.folders)
        return {
            "sets": sum(first["held"].values()), "conflicts": len(first["conflicts"]), "erased": len(first["erased"]),
            "removed": len(world.gone), "restored": len(world.lost), "laptops": len(world.there),
        }  # fmt: skip
    finally:
        world.close()


def said(who: Workspace) -> set[str]:
    """Give every word that a vault's history, or what waits in it, still holds."""
    raw = b"".join(zlib.decompress(body) for (body,) in who.read.execute("select body from chunks"))
    return words_in(raw)


def words_in(raw: bytes) -> set[str]:
    """Give the words of a history that are in some bytes."""
    return {
        raw[at : at + 7].decode()
        for at in range(len(raw) - 6)
        if raw[at : at + 1] == b"w" and raw[at + 6 : at + 7] == b"x" and raw[at + 1 : at + 6].isdigit()
    }


def erased_words(world: World) -> set[str]:
    """Give the words of rows that are erased everywhere: those that no history has any more, of laptops not lost."""
    everything = said(world.there[0])
    dead = {digest for (digest,) in world.there[0].read.execute("select uid_hash from erased")}
    assert all(len(each) == len(hashlib.sha256().digest()) for each in dead)
    return {word for word in world.written if word not in everything} if dead else set()


def in_files(who: Workspace, folders: list[Path]) -> set[str]:
    """Give the words in the files that a laptop has written and still answers for."""
    found: set[str] = set()
    kept = laptops.keys_of(who.read, who.device)
    assert kept is not None
    for folder in folders:
        for path in (folder / who.device[:16]).glob("[0-9]*"):
            read = files.read(path.read_bytes(), [kept[0]])
            if isinstance(read, files.Read) and read.page.sets and read.signer == laptops.own(who.read).public:
                found |= words_in(zlib.decompress(read.page.sets))
    return found
