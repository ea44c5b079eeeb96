"""Random histories of three vaults, and an independent account of what they must come to.

A history is adds, edits, moves, deletes, undos, choices, erasures, restores and partial exchanges in any order, while
one vault starts on an older schema. `expected` reads only the change sets, and shares no code with the merge.
"""

from __future__ import annotations

import hashlib
import random
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import sqlcipher3

from cis_desktop.errors import CisError
from cis_desktop.vault.chunks import UPDATE, Section
from cis_desktop.vault.database import migrate
from cis_desktop.vault.integrity import broken_rules
from cis_desktop.vault.merge import conflicts
from cis_desktop.vault.sets import ChangeSet
from cis_desktop.vault.store import Vault
from cis_desktop.vault.tables import read_tables

SCHEMA = Path(__file__).parent / "schema"
KEY = bytes(range(32))
PATHS = {"contacts": ("person_id", "people"), "given": ("contact_id", "contacts")}
REFERENCES = {"people": {"household_id"}, "contacts": {"person_id"}, "given": {"contact_id"}}
FIELDS = {
    "households": ["gone", "label"],
    "people": ["gone", "name", "telephone", "household_id", "language"],
    "contacts": ["gone", "person_id", "note"],
    "given": ["gone", "contact_id", "item"],
}


def renamed(section: Section) -> list[Section]:
    """Read what the older schema wrote: `phone` is `telephone` now."""
    if section.table != "people":
        return [section]
    columns = tuple("telephone" if column == "phone" else column for column in section.columns)
    return [Section(section.table, section.op, columns, section.entries)]


class Play:
    """Three vaults and one seed."""

    def __init__(self, seed: int, older: Path, newer: Path) -> None:
        self.random = random.Random(seed)
        self.newer = newer
        self.vaults = [self.fresh(newer), self.fresh(newer), self.fresh(older)]
        self.words = 0
        self.lost = False
        self.snapshots: list[Any] = []

    def fresh(self, migrations: Path) -> Vault:
        vault = Vault(":memory:", KEY, "laptop", migrations, {2: renamed})
        vault.new_incarnation("laptop", self.random.randbytes(16))
        return vault

    def close(self) -> None:
        for vault in self.vaults:
            vault.close()
        for snapshot in self.snapshots:
            snapshot.close()

    def word(self) -> str:
        self.words += 1
        return f"w{self.words:05d}x"

    def rows(self, vault: Vault, table: str) -> list[int]:
        return [row for (row,) in vault.read.execute(f"select id from {table} order by uid")]

    def some(self, vault: Vault, table: str) -> int | None:
        rows = self.rows(vault, table)
        return self.random.choice(rows) if rows else None

    def step(self) -> None:
        act = self.random.choices(
            [self.add, self.edit, self.move, self.delete, self.undo, self.choose, self.erase, self.exchange,
             self.snapshot, self.restore, self.update_app],
            [6, 8, 3, 3, 2, 2, 1, 5, 1, 1, 1],
        )[0]  # fmt: skip
        act(self.random.randrange(3))

    def add(self, which: int) -> None:
        vault = self.vaults[which]
        with vault.change("who", "Added") as change:
            if self.random.random() < 0.4:
                household = change.insert("households", uid=self.random.randbytes(16), label=self.word())
                change.insert("people", uid=self.random.randbytes(16), name=self.word(), household_id=household)
            person = self.some(vault, "people")
            if person is not None:
                known = self.random.random() < 0.6
                contact = change.insert(
                    "contacts",
                    uid=self.random.randbytes(16),
                    person_id=person if known else None,
                    note=self.word(),
                )
                change.insert("given", uid=self.random.randbytes(16), contact_id=contact, item=self.word())
            else:
                change.insert("people", uid=self.random.randbytes(16), name=self.word())

    def edit(self, which: int) -> None:
        vault = self.vaults[which]
        table = self.random.choice(list(FIELDS))
        row = self.some(vault, table)
        if row is not None:
            allowed = [f for f in vault.tables[table].fields if f != "gone" and f not in vault.tables[table].references]
            with vault.change("who", "Edited") as change:
                for field in self.random.sample(allowed, self.random.randint(1, len(allowed))):
                    change.update(table, row, **{field: self.word()})

    def move(self, which: int) -> None:
        vault = self.vaults[which]
        table, (column, target) = self.random.choice([*PATHS.items(), ("people", ("household_id", "households"))])
        row, to = self.some(vault, table), self.some(vault, target)
        leads = row and vault.read.execute(f"select {column} from {table} where id = ?", (row,)).fetchone()[0]
        if row is not None and (table == "people" or leads is None):
            with vault.change("who", "Moved") as change:
                change.update(table, row, **{column: to})

    def delete(self, which: int) -> None:
        vault = self.vaults[which]
        table = self.random.choice(list(FIELDS))
        row = self.some(vault, table)
        if row is not None:
            with vault.change("who", "Deleted") as change:
                change.update(table, row, gone=self.random.choice([1, 1, 0]))

    def undo(self, which: int) -> None:
        vault = self.vaults[which]
        sets = vault.read.execute(
            "select d.uid, s.seq from change_sets s join devices d on d.id = s.device order by s.id"
        ).fetchall()
        if sets:
            uid, seq = self.random.choice(sets)
            # An erasure cannot be undone, and says so.
            with suppress(CisError):
                vault.undo("who", f"{uid.hex()}:{seq}")

    def choose(self, which: int) -> None:
        vault = self.vaults[which]
        found = conflicts(vault.read, vault.tables)
        if found:
            one = self.random.choice(found)
            value = self.random.choice(one.heads).value
            if one.field in vault.tables[one.table].references:
                target = vault.tables[one.table].references[one.field]
                there = vault.read.execute(f"select id from {target} where uid = ?", (value,)).fetchone()
                value = there[0] if there else None
            with vault.change("who", "Chose") as change:
                change.choose(one.table, one.row, one.field, value)

    def erase(self, which: int) -> None:
        vault = self.vaults[which]
        row = self.some(vault, "people")
        if row is not None:
            vault.erase("who", "Erased", [("people", row)])

    def exchange(self, which: int) -> None:
        other = self.random.choice([i for i in range(3) if i != which])
        self.give(which, other, partial=self.random.random() < 0.5)

    def give(self, source: int, target: int, partial: bool) -> None:
        sets = list(self.vaults[source].sets_since({}))
        self.random.shuffle(sets)
        if partial:
            sets = sets[: self.random.randint(0, len(sets))]
        if sets and self.random.random() < 0.3:
            sets += self.random.sample(sets, 1)
        assert self.vaults[target].receive(sets).refused == []

    def snapshot(self, which: int) -> None:
        copy = sqlcipher3.connect(":memory:", isolation_level=None, check_same_thread=False)
        copy.execute(f"pragma key = \"x'{KEY.hex()}'\"")
        self.vaults[which].read.backup(copy)
        self.snapshots.append(copy)

    def restore(self, which: int) -> None:
        """Lose a laptop, and go on from an older backup as a new incarnation."""
        if self.snapshots:
            vault = self.fresh(self.newer)
            self.random.choice(self.snapshots).backup(vault._writer)
            self.upgrade(vault)
            vault.new_incarnation("laptop", self.random.randbytes(16))
            self.lost = True
            self.vaults[which].close()
            self.vaults[which] = vault

    def update_app(self, which: int) -> None:
        self.upgrade(self.vaults[which])

    def upgrade(self, vault: Vault) -> None:
        vault._writer.execute("pragma query_only = off")
        migrate(vault._writer, self.newer)
        vault.tables = read_tables(vault._writer)
        vault.receive([])

    def settle(self) -> None:
        """Bring all three to the same sets, by whatever road."""
        for which in range(3):
            self.update_app(which)
        for _ in range(3):
            for source in range(3):
                for target in range(3):
                    if source != target:
                        self.give(source, target, partial=False)


def state(vault: Vault) -> dict[str, Any]:
    """Give everything of a vault that must be the same everywhere: rows by uid, heads, conflicts, tombstones."""
    rows = {}
    heads = {}
    for table in vault.tables.values():
        columns = ", ".join(table.uids[f] for f in table.fields)
        for uid, *values in vault.read.execute(f"select t.uid, {columns} from {table.name} t"):
            rows[table.name, uid] = dict(zip(table.fields, values, strict=True))
        for uid, field, device, seq, value in vault.read.execute(
            f"select t.uid, e.field, d.uid, s.seq, e.value from edits e join {table.name} t on t.id = e.row"
            " join change_sets s on s.id = e.set_id join devices d on d.id = s.device"
            " where e.tbl = ? and e.superseded = 0",
            (table.name,),
        ):
            heads[table.name, uid, field, device, seq] = value
    uids = {(t, r): u for t in vault.tables for r, u in vault.read.execute(f"select id, uid from {t}")}
    return {
        "rows": rows,
        "heads": heads,
        "conflicts": {(c.table, uids[c.table, c.row], c.field) for c in conflicts(vault.read, vault.tables)},
        "erased": {digest for (digest,) in vault.read.execute("select uid_hash from erased")},
        "held": vault.held(),
    }


def expected(sets: list[ChangeSet]) -> dict[tuple[str, bytes], dict[str, Any]]:
    """Work out from the change sets alone what every row must show. Erased changes are hashes and are skipped."""
    fields: dict[tuple[str, bytes, str], dict[tuple[bytes, int], tuple[int, Any]]] = {}
    superseded: dict[tuple[str, bytes, str], set[tuple[bytes, int]]] = {}
    rows: set[tuple[str, bytes]] = set()
    erased: set[bytes] = set()
    for one in sets:
        ref = (one.device, one.seq)
        for chunk in one.chunks:
            for (table, op, columns), entries in msgspec.msgpack.decode(zlib.decompress(chunk)):
                names = ["telephone" if c == "phone" else c for c in columns]
                for entry in entries:
                    if op == 2:
                        erased.add(entry[0])
                    elif not isinstance(entry, bytes):
                        rows.add((table, entry[0]))
                        for name, value in zip(names, entry[1:], strict=False):
                            fields.setdefault((table, entry[0], name), {})[ref] = (one.lamport, value)
                        if op == UPDATE:
                            gone = superseded.setdefault((table, entry[0], names[0]), set())
                            gone.update((device, seq) for device, seq in entry[3])
    shown: dict[tuple[str, bytes], dict[str, Any]] = {}
    for table, uid in rows:
        if hashlib.sha256(uid).digest() in erased:
            continue
        # A field in which none of a set's new rows says anything is left out of it.
        shown[table, uid] = {**dict.fromkeys(FIELDS[table]), "gone": 0}
        for field in FIELDS[table]:
            heads = {
                ref: change
                for ref, change in fields.get((table, uid, field), {}).items()
                if ref not in superseded.get((table, uid, field), set())
            }
            if heads:
                winner = max(heads, key=lambda ref: (heads[ref][0], ref[0]))
                shown[table, uid][field] = heads[winner][1]
    for (table, _), values in shown.items():
        for field in REFERENCES.get(table, ()):
            target = "households" if field == "household_id" else PATHS[table][1]
            if values[field] is not None and (target, values[field]) not in shown:
                values[field] = None
    return shown


def run(seed: int, older: Path, newer: Path, steps: int) -> dict[str, int]:
    """Play one history and check everything about its end; give how much of each kind happened."""
    play = Play(seed, older, newer)
    try:
        for _ in range(steps):
            play.step()
        play.settle()
        first = state(play.vaults[0])
        for vault in play.vaults:
            # Only what a lost laptop never passed on can be waited for.
            assert play.lost or vault.read.execute("select count(*) from waiting").fetchone() == (0,)
            assert broken_rules(vault.read) == []
            assert state(vault) == first
        sets = list(play.vaults[0].sets_since({}))
        assert expected(sets) == first["rows"]
        return {
            "sets": len(sets),
            "rows": len(first["rows"]),
            "conflicts": len(first["conflicts"]),
            "erased": len(first["erased"]),
        }
    finally:
        play.close()
