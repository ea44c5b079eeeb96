"""Erasure: a person's rows, all that reaches them, and their values in every chunk of history.

Erasure dominates. A row is erased when any change that this vault holds sets its path to an erased row, unless that
change had been superseded before the erasure was made. So it does not matter what arrives first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cis_desktop.vault.chunks import ERASE, INSERT, Section, Value, unpack, without
from cis_desktop.vault.heads import maker
from cis_desktop.vault.sets import Vector
from cis_desktop.vault.tables import Connection, Tables
from cis_desktop.vault.upcasters import Upcasters, sections_of


def uid_hash(uid: bytes) -> bytes:
    """Give the hash under which an erased row is remembered; the uid itself is forgotten."""
    return hashlib.sha256(uid).digest()


@dataclass(slots=True)
class Erasure:
    """One erasing set at work in one vault. `dead` maps table -> {id: uid} of the rows that go."""

    connection: Connection
    tables: Tables
    upcasters: Upcasters
    set_id: int
    vector: Vector
    dead: dict[str, dict[int, bytes]] = field(default_factory=dict)

    def run(self, table: str, hashes: list[bytes]) -> dict[str, int]:
        """Erase these rows of `table` (by hash of uid) and all that reaches them; give rows erased per table."""
        wanted = set(hashes)
        rows = {
            uid_hash(uid): (int(row), uid)
            for row, uid in self.connection.execute(f"select id, uid from {table}")
            if uid_hash(uid) in wanted
        }
        for one in hashes:
            self.remember(one, table)
            self.reach(table, one, rows.get(one))
        self.forget()
        return {name: len(found) for name, found in self.dead.items()}

    def remember(self, digest: bytes, table: str) -> None:
        """Keep the tombstone: a hash, no personal data."""
        self.connection.execute(
            "insert or ignore into erased (uid_hash, tbl, set_id) values (?, ?, ?)", (digest, table, self.set_id)
        )

    def reach(self, table: str, digest: bytes, row: tuple[int, bytes] | None) -> None:
        """Mark a row, if it is here, and then everything whose path leads to it."""
        if row is not None:
            if row[0] in self.dead.setdefault(table, {}):
                return
            self.dead[table][row[0]] = row[1]
        for child in self.tables.values():
            for column in child.path:
                if child.references[column] != table:
                    continue
                found = set(self.moved_from(child.name, column, digest))
                if row is not None:
                    found.update(
                        self.connection.execute(
                            f"select id, uid from {child.name} where {column} = ?", (row[0],)
                        ).fetchall()
                    )
                for child_id, child_uid in found:
                    self.remember(uid_hash(child_uid), child.name)
                    self.reach(child.name, uid_hash(child_uid), (child_id, child_uid))

    def moved_from(self, table: str, column: str, digest: bytes) -> list[tuple[int, bytes]]:
        """Give rows whose path once led to the erased row by a change not superseded before the erasure."""
        found = []
        for row, uid in self.connection.execute(
            f"select distinct e.row, t.uid from edits e join {table} t on t.id = e.row"
            " where e.tbl = ? and e.field = ?",
            (table, column),
        ).fetchall():
            changes = self.changes(table, row, uid, column)
            settled = {
                tuple(parent)
                for ref, _, parents in changes
                if self.vector.get(ref[0], 0) >= ref[1]
                for parent in parents
            }
            if any(
                ref not in settled and value is not None and uid_hash(value) == digest
                for ref, value, _ in changes
            ):
                found.append((row, uid))
        return found

    def changes(
        self, table: str, row: int, uid: bytes, column: str
    ) -> list[tuple[tuple[bytes, int], Value, list[tuple[bytes, int]]]]:
        """Give every change of one field as (set, value, the sets it supersedes)."""
        sets = [
            set_id
            for (set_id,) in self.connection.execute(
                "select set_id from edits where tbl = ? and row = ? and field = ?", (table, row, column)
            )
        ]
        found = []
        for set_id in {*sets, maker(self.connection, table, row)}:
            ref = self.connection.execute(
                "select d.uid, s.seq from change_sets s join devices d on d.id = s.device where s.id = ?", (set_id,)
            ).fetchone()
            for section in sections_of(self.connection, set_id, self.upcasters):
                if section.table != table or section.op == ERASE or column not in section.columns:
                    continue
                place = section.columns.index(column) + 1
                for entry in section.entries:
                    if not isinstance(entry, bytes) and entry[0] == uid:
                        parents = [] if section.op == INSERT else [(p[0], p[1]) for p in entry[3]]
                        found.append((ref, entry[place], parents))
        return found

    def forget(self) -> None:
        """Remove the marked rows, their edits and their values in the history; loosen what pointed at them."""
        sets: set[int] = set()
        for table, rows in self.dead.items():
            for row in rows:
                sets.add(maker(self.connection, table, row))
                sets.update(
                    set_id
                    for (set_id,) in self.connection.execute(
                        "select distinct set_id from edits where tbl = ? and row = ?", (table, row)
                    )
                )
        for table in reversed(list(self.tables)):
            ids = [(row,) for row in self.dead.get(table, {})]
            self.connection.executemany(f"delete from edits where tbl = '{table}' and row = ?", ids)
            for other in self.tables.values():
                for column, target in other.references.items():
                    if target == table and column not in other.path:
                        self.connection.executemany(
                            f"update {other.name} set {column} = null where {column} = ?", ids
                        )
            self.connection.executemany(f"delete from {table} where id = ?", ids)
        rewrite(self.connection, sets, {uid for rows in self.dead.values() for uid in rows.values()})


def rewrite(connection: Connection, sets: set[int], uids: set[bytes]) -> None:
    """Replace every change to these rows, in the chunks of these sets, by its hash."""
    for set_id in sets:
        for part, body in connection.execute(
            "select part, body from chunks where set_id = ?", (set_id,)
        ).fetchall():
            cleaned = without(body, uids)
            if cleaned is not None:
                connection.execute(
                    "update chunks set body = ? where set_id = ? and part = ?", (cleaned, set_id, part)
                )


def erase_on_arrival(
    connection: Connection, tables: Tables, set_id: int, sections: list[Section], upcasters: Upcasters
) -> set[bytes]:
    """Erase what an arriving set brings that reaches an erased row; give the uids whose changes are dropped."""
    tombs: dict[bytes, set[int]] = {}
    for digest, erasing in connection.execute("select uid_hash, set_id from erased"):
        tombs.setdefault(digest, set()).add(erasing)
    if not tombs:
        return set()
    late: dict[bytes, tuple[str, set[int]]] = {}

    def erasers(uid: Value) -> set[int]:
        if uid is None:
            return set()
        return tombs.get(uid_hash(uid), set()) | late.get(uid, ("", set()))[1]

    growing = True
    while growing:
        before = sum(len(by) for _, by in late.values())
        for section in sections:
            if section.op == ERASE:
                continue
            table = tables[section.table]
            places = [section.columns.index(c) + 1 for c in table.path if c in section.columns]
            for entry in section.entries:
                if isinstance(entry, bytes):
                    continue
                by = erasers(entry[0]).union(*(erasers(entry[place]) for place in places))
                if by:
                    late[entry[0]] = (table.name, by)
        growing = sum(len(by) for _, by in late.values()) > before
    for uid, (name, by) in late.items():
        for erasing in by:
            (vector,) = connection.execute("select vector from change_sets where id = ?", (erasing,)).fetchone()
            digest = uid_hash(uid)
            if erasing not in tombs.get(digest, set()):
                Erasure(connection, tables, upcasters, erasing, dict(unpack(vector))).run(name, [digest])
    rewrite(connection, {set_id}, set(late))
    return set(late)
