"""The heads of a field: the changes to it that nothing supersedes.

One head is the field's value. Several are a conflict: the one with the highest (Lamport number, device) is shown,
all are kept. A field that was never edited has one head, the set that made its row, and needs no row in `edits`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from cis_desktop.vault.chunks import Value, unpack
from cis_desktop.vault.tables import Connection, TrackedTable


@dataclass(frozen=True, slots=True)
class Head:
    """One unsuperseded change to a field. `rank` decides which is shown: the highest."""

    set_id: int
    rank: tuple[int, bytes]
    ref: tuple[bytes, int]
    value: Value


class Makers:
    """Which set made each row of one table: ids never come back, so every set owns runs of them."""

    def __init__(self, connection: Connection, table: str) -> None:
        rows = connection.execute(
            "select first, last, set_id from made where tbl = ? order by first", (table,)
        ).fetchall()
        self.firsts = [row[0] for row in rows]
        self.rows = rows

    def of(self, row: int) -> int:
        """Give the local number of the set that made this row."""
        first, last, set_id = self.rows[bisect_right(self.firsts, row) - 1]
        if not first <= row <= last:
            raise LookupError(f"no change set made row {row}")
        return int(set_id)


def maker(connection: Connection, table: str, row: int) -> int:
    """Give the local number of the set that made one row."""
    (set_id,) = connection.execute(
        "select set_id from made where tbl = ? and first <= ? order by first desc limit 1", (table, row)
    ).fetchone()
    return int(set_id)


def identities(connection: Connection, set_ids: Iterable[int]) -> dict[int, tuple[int, bytes, int]]:
    """Give (Lamport number, device, sequence) for each local set number."""
    known = {}
    for set_id in set(set_ids):
        known[set_id] = connection.execute(
            "select s.lamport, d.uid, s.seq from change_sets s join devices d on d.id = s.device where s.id = ?",
            (set_id,),
        ).fetchone()
    return known


def stored_heads(connection: Connection, table: str, row: int, field: str) -> list[Head]:
    """Give the heads written in `edits`, the shown one first; none if the row's maker is the only head."""
    found = [
        Head(set_id, (lamport, uid), (uid, seq), unpack(value))
        for set_id, lamport, uid, seq, value in connection.execute(
            "select e.set_id, s.lamport, d.uid, s.seq, e.value from edits e"
            " join change_sets s on s.id = e.set_id join devices d on d.id = s.device"
            " where e.tbl = ? and e.row = ? and e.field = ? and e.superseded = 0",
            (table, row, field),
        )
    ]
    return sorted(found, key=lambda head: head.rank, reverse=True)


def heads(connection: Connection, table: TrackedTable, row: int, field: str) -> list[Head]:
    """Give all heads of a field, the shown one first."""
    found = stored_heads(connection, table.name, row, field)
    if found:
        return found
    set_id = maker(connection, table.name, row)
    lamport, uid, seq = identities(connection, [set_id])[set_id]
    (value,) = connection.execute(f"select {table.uids[field]} from {table.name} t where t.id = ?", (row,)).fetchone()
    return [Head(set_id, (lamport, uid), (uid, seq), value)]
