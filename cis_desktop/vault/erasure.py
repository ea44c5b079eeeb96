"""Erasure: a person's rows, all that reaches them, and their values in every chunk of history.

Erasure dominates: a row is erased when any change this vault holds, shown or not, leads its path to an erased row. A
path leads to one row for good (triggers see to it; moving is a new row), so it does not matter what arrives first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cis_desktop.vault.chunks import ERASE, Section, Value, unpack, without
from cis_desktop.vault.heads import maker
from cis_desktop.vault.tables import Connection, Tables


def uid_hash(uid: bytes) -> bytes:
    """Give the hash under which an erased row is remembered; the uid itself is forgotten."""
    return hashlib.sha256(uid).digest()


@dataclass(slots=True)
class Erasure:
    """An erasure at work in one vault. `dead` maps table -> {id: uid} of the rows that go."""

    connection: Connection
    tables: Tables
    dead: dict[str, dict[int, bytes]] = field(default_factory=dict)

    def run(self, table: str, hashes: set[bytes]) -> dict[str, int]:
        """Erase these rows of `table` (by hash of uid) and all that reaches them; give rows erased per table."""
        for digest in hashes:
            self.remember(table, digest)
        for row, uid in self.connection.execute(f"select id, uid from {table}").fetchall():
            if uid_hash(uid) in hashes:
                self.reach(table, int(row), uid)
        self.forget()
        return {name: len(found) for name, found in self.dead.items()}

    def remember(self, table: str, digest: bytes) -> None:
        """Keep the tombstone: a hash, no personal data."""
        self.connection.execute("insert or ignore into erased (uid_hash, tbl) values (?, ?)", (digest, table))

    def reach(self, table: str, row: int, uid: bytes) -> None:
        """Mark a row, and then everything whose path leads to it."""
        if row in self.dead.setdefault(table, {}):
            return
        self.dead[table][row] = uid
        self.remember(table, uid_hash(uid))
        for child in self.tables.values():
            for column in child.path:
                if child.references[column] == table:
                    for child_row, child_uid in self.led_to(child.name, column, row, uid):
                        self.reach(child.name, child_row, child_uid)

    def led_to(self, table: str, column: str, row: int, uid: bytes) -> list[tuple[int, bytes]]:
        """Give the rows of a table whose path leads to a row, or would if another of its heads were shown."""
        found = self.connection.execute(f"select id, uid from {table} where {column} = ?", (row,)).fetchall()
        for child_row, child_uid, value in self.connection.execute(
            f"select t.id, t.uid, e.value from edits e join {table} t on t.id = e.row"
            " where e.tbl = ? and e.field = ? and e.value is not null",
            (table, column),
        ):
            if unpack(value) == uid:
                found.append((child_row, child_uid))
        return [(int(child_row), child_uid) for child_row, child_uid in found]

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
            self.connection.executemany("delete from edits where tbl = ? and row = ?", [(table, row) for (row,) in ids])
            for other in self.tables.values():
                for column, target in other.references.items():
                    if target == table and column not in other.path:
                        self.connection.executemany(f"update {other.name} set {column} = null where {column} = ?", ids)
            self.connection.executemany(f"delete from {table} where id = ?", ids)
        if sets:
            rewrite(self.connection, sets, {uid for rows in self.dead.values() for uid in rows.values()})
            merge_indexes(self.connection)
            # What is half written in the window may name them, and nobody can tell.
            self.connection.execute("delete from local_notes where name = 'drafts'")


def merge_indexes(connection: Connection) -> None:
    """Merge each search index into one piece: until then words taken out of it can still be read in its pages."""
    for (name,) in connection.execute(
        "select name from sqlite_master where type = 'table' and sql like 'create virtual table % using fts5%'"
    ).fetchall():
        connection.execute(f"insert into {name} ({name}) values ('optimize')")


def rewrite(connection: Connection, sets: set[int], uids: set[bytes]) -> None:
    """Replace every change to these rows, in the chunks of these sets, by a scar."""
    for set_id in sets:
        for part, body in connection.execute("select part, body from chunks where set_id = ?", (set_id,)).fetchall():
            cleaned = without(body, uids)
            if cleaned is not None:
                connection.execute("update chunks set body = ? where set_id = ? and part = ?", (cleaned, set_id, part))


def tombs_in(connection: Connection) -> set[bytes]:
    """Give the hashes of the uids of all erased rows."""
    return {digest for (digest,) in connection.execute("select uid_hash from erased")}


def late_in(tables: Tables, sections: list[Section], tombs: set[bytes]) -> dict[bytes, str]:
    """Give the rows, uid and table, of which an arriving set speaks though they are erased, or reach one that is."""
    late: dict[bytes, str] = {}
    if not tombs:
        return late

    def is_dead(uid: Value) -> bool:
        return uid is not None and (uid in late or uid_hash(uid) in tombs)

    growing = True
    while growing:
        before = len(late)
        for section in sections:
            if section.op == ERASE:
                continue
            path = [section.columns.index(c) + 1 for c in tables[section.table].path if c in section.columns]
            for entry in section.entries:
                if not isinstance(entry, bytes) and (is_dead(entry[0]) or any(is_dead(entry[p]) for p in path)):
                    late[entry[0]] = section.table
        growing = len(late) > before
    return late
