"""What a stolen laptop can send that is still of the group: sealed and signed as it should be, and hostile inside."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pyrage
from msgspec.structs import replace

from cis_desktop.records import people
from cis_desktop.records.search import search
from cis_desktop.sync import attachments, files, laptops, packing
from cis_desktop.sync.conflicts import disagreements
from cis_desktop.sync.exchange import exchange
from cis_desktop.sync.exchanged import Exchanged
from cis_desktop.sync.files import Page
from cis_desktop.sync.standing import in_words, standing, waiting_for
from cis_desktop.vault.chunks import hashes_of, pack, squeeze
from cis_desktop.vault.integrity import broken_rules
from cis_desktop.vault.sets import ChangeSet, set_hash
from cis_desktop.workspace import BACKUPS, Workspace, set_setting
from tests.core.sync.worlds import Template
from tests.core.vault.histories import state

from .mutating import ODD, bytes_changed, replaced

NUMBERS = (-(2**62), -1, 0, 1, 2, 7, 2**31, 2**53, 2**63 - 1, 2**63, 2**64 - 1)
CHUNK_ODD = (None, True, -1, 2**63, 2**64 - 1, 1e308, float("nan"), "", "\0", "A" * 9000, b"", b"\0" * 64, [], {}, [[]])


class Stolen:
    """A laptop of the group with a record of its own, another that is in the wrong hands, and a file of that one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shared = folder / "shared"
        template = Template()
        self.host, thief = (Workspace(folder / name, template.copy(), None, name) for name in ("host", "thief"))
        self.host.vault.new_incarnation("host", bytes(range(16)))
        thief.vault.new_incarnation("thief", bytes(range(16, 32)))
        with self.host.change("Began") as change:
            set_setting(change, laptops.GROUP, "group")
            for name in ("Zehra", "Yusuf"):
                person = change.insert("people", reference=change.next_reference("P"), given_name=name)
                change.insert("contacts", person_id=person, on_date="2026-11-02", note="came early")
        laptops.begin(self.host)
        thief.vault.receive(list(self.host.vault.sets_since({})))
        self.me = laptops.begin(thief)
        with self.host.change("Took a laptop in") as change:
            laptops.add(change, self.me.row)
        before = self.host.vault.held()
        with thief.change("Wrote") as change:
            person = change.insert("people", reference=change.next_reference("P"), given_name="Xu")
            change.insert("contacts", person_id=person, on_date="2026-11-03", note="late")
            change.update("people", 1, given_name="Zehra-Nur")
            set_setting(change, "workspace_name", "Larder")
        thief.erase("Erased a person", [("people", 2)])
        with thief.change("Named laptops") as change:
            laptops.add(change, laptops.Laptop("ab" * 16, "another", self.me.recipient, "cd" * 32))
            change.update("laptops", 1, name="front", removed_after=None)
        self.sets = list(thief.vault.sets_since(before))
        self.page = Page(
            "changes", "group", self.me.device, "thief", self.me.recipient, 1, "2026-11-23T10:00:00Z",
            thief.vault.held(), [bytes(range(16))], [(one.device, one.seq, one.seq) for one in self.sets],
            packing.pack(self.sets),
        )  # fmt: skip
        thief.close()
        self.to = [laptops.own(self.host.read).recipient]

    def close(self) -> None:
        """Let go of it."""
        self.host.close()

    def sealed(self, page: Page) -> bytes:
        """Seal and sign a page as the stolen laptop does."""
        return files.seal(page, self.me.private, self.to)

    def sample(self) -> bytes:
        """Give an honest file."""
        return self.sealed(self.page)

    def hostile(self, chance: Random) -> bytes:
        """Give a file that is signed by a laptop of the group, and hostile inside."""
        act = chance.randrange(10)
        if act < 2:
            try:
                return self.odd_page(chance)
            except OverflowError:
                # A number that no file can hold.
                return bytes_changed(self.sample(), chance)
        if act < 4:
            return self.sealed(msgspec.structs.replace(self.page, sets=other_columns(self.page.sets, chance)))
        if act == 4:
            bomb = zlib.compress(b"\xdd\0\xff\xff\xff" + b"\xc0" * chance.choice((2**20, 2**24)))
            return self.sealed(msgspec.structs.replace(self.page, sets=bomb))
        sets = [self.odd_set(one, chance) for one in self.sets]
        if chance.random() < 0.2:
            chance.shuffle(sets)
        try:
            return self.sealed(msgspec.structs.replace(self.page, sets=packing.pack(sets)))
        except Exception:  # noqa: BLE001 - so odd that not even a stranger can pack it
            return self.sealed(msgspec.structs.replace(self.page, sets=bytes_changed(self.page.sets, chance)))

    def odd_page(self, chance: Random) -> bytes:
        """Give a page of which some part is another."""
        said = msgspec.msgpack.decode(msgspec.msgpack.encode(self.page))
        name = chance.choice([each for each in said if each not in ("kind", "group")])
        said[name] = replaced(said[name], chance) if chance.random() < 0.5 else number_or(said[name], chance)
        body = files.MAGIC + encoded(said)
        key = files.Ed25519PrivateKey.from_private_bytes(self.me.private)
        inside = files.MAGIC + self.me.public + key.sign(body) + body[len(files.MAGIC) :]
        raw: bytes = pyrage.encrypt(inside, [pyrage.x25519.Recipient.from_str(each) for each in self.to])
        return raw

    def odd_set(self, one: ChangeSet, chance: Random) -> ChangeSet:
        """Give a set that says something else, and whose hash is right all the same."""
        act = chance.randrange(8)
        if act == 0:
            one = replace(one, **{chance.choice(("seq", "lamport", "schema")): chance.choice(NUMBERS)})
        elif act == 1:
            device = chance.choice((*one.vector, one.device, b"", b"\xff" * 16))
            one = replace(one, vector={**one.vector, device: chance.choice(NUMBERS)})
        elif act == 2:
            text = str(chance.choice(ODD))[:9999].encode("utf-8", "ignore").decode()
            one = replace(one, **{chance.choice(("at", "who", "words", "device_name", "device_tag")): text})
        elif act == 3:
            one = replace(one, device=chance.choice((b"", b"x", one.device[::-1], bytes(range(16)))))
        elif act < 7:
            one = replace(one, chunks=tuple(other_chunk(body, chance) for body in one.chunks))
        try:
            return replace(one, hash=set_hash(one, hashes_of(one.chunks)))
        except Exception:  # noqa: BLE001 - its reader finds that out as well
            return one

    def receive(self, path: Path) -> None:
        """Let the other laptop of the group meet a file, twice, and look around afterwards."""
        there = self.shared / "0123456789abcdef"
        there.mkdir(parents=True, exist_ok=True)
        (there / path.name).write_bytes(path.read_bytes())
        try:
            self.meet(lambda who: exchange(who, self.shared))
        finally:
            shutil.rmtree(self.shared)

    def receive_mail(self, path: Path) -> None:
        """Let the other laptop take in a saved email."""
        self.shared.mkdir()
        try:
            self.meet(lambda who: attachments.take(who, [path]))
            left = list((self.folder / "host" / BACKUPS).iterdir())
            assert left == [], f"left behind: {left}"
        finally:
            shutil.rmtree(self.shared)

    def meet(self, take: Callable[[Workspace], Exchanged]) -> None:
        """Let a copy of the other laptop take something in, and look around afterwards."""
        vault = Template.__new__(Template)
        vault.vault = self.host.vault
        who = Workspace(self.folder / "host", vault.copy(), None, "host")
        try:
            before = state(who.vault)
            done = take(who)
            after = state(who.vault)
            assert broken_rules(who.read) == [], broken_rules(who.read)
            if done.strange and not done.received:
                assert after == before, "half merged"
            look_around(who)
            # Whatever came, this laptop goes on: it writes, and the others get it.
            with who.change("Went on") as change:
                people.add(change, given_name="Wim")
            again = exchange(who, self.shared)
            # Unless the stolen laptop took itself off the list.
            others = [each for each in laptops.laptops(who.read) if each.device != bytes(range(16)).hex()]
            assert again.sent or not others, "it cannot send any more"
            assert broken_rules(who.read) == []
        finally:
            who.close()


def look_around(who: Workspace) -> None:
    """Look at what pages and commands show of other laptops."""
    people.page(who.read)
    search(who.read, "came", 20)
    disagreements(who.read, who.vault.tables)
    [in_words(each) for each in standing(who.read)]
    waiting_for(who.read)
    who.change_sets()


def other_columns(raw: bytes, chance: Random) -> bytes:
    """Change what sets are packed as."""
    try:
        said = msgspec.msgpack.decode(zlib.decompress(raw))
        return zlib.compress(encoded(number_or(replaced(said, chance), chance)))
    except (ValueError, TypeError, OverflowError, zlib.error, msgspec.MsgspecError, RecursionError):
        return bytes_changed(raw, chance)


def other_chunk(body: bytes, chance: Random) -> bytes:
    """Change some sections or entries of a chunk: their table, columns, kind, uids, values, parents."""
    try:
        said: Any = msgspec.msgpack.decode(zlib.decompress(body))
        for _ in range(chance.choice((1, 1, 3))):
            at: Any = said
            while isinstance(at, list) and at and chance.random() < 0.85:
                inner, place = at, chance.randrange(len(at))
                at = inner[place]
            if at is not said:
                inner[place] = chance.choice((*CHUNK_ODD, number_or(0, chance), replaced(at, chance)))
        return squeeze(pack(said))
    except (ValueError, TypeError, OverflowError, RecursionError, UnicodeError):
        return squeeze(chance.randbytes(40))


def number_or(value: Any, chance: Random) -> Any:
    """Give an enormous number for a number, and for anything else the same."""
    return chance.choice(NUMBERS) if isinstance(value, int) else value


def encoded(said: Any) -> bytes:
    """Give MessagePack of whatever it can say."""
    return msgspec.msgpack.encode(said)
