"""Edits of fields that many change sets brought, written at once: what each leaves as heads is worked out in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from cis_desktop.vault.chunks import Value, pack, unpack
from cis_desktop.vault.heads import Head, heads
from cis_desktop.vault.history import forgotten
from cis_desktop.vault.sets import ChangeSet
from cis_desktop.vault.tables import Connection, Tables, TrackedTable

AT_ONCE = 500
"""Rows that one statement asks for."""
Ref: TypeAlias = tuple[bytes, int]


@dataclass(slots=True)
class Edits:
    """Edits in the order in which they apply. They count once `write` is called."""

    connection: Connection
    tables: Tables
    added: dict[str, list[tuple[bytes, str, Head, Collection[Ref]]]] = field(default_factory=dict)

    def add(
        self, table: str, column: str, uid: bytes, value: Value, parents: Iterable[Ref], set_id: int, by: ChangeSet
    ) -> None:
        """Add what a set says of one field: it supersedes its parents; what is left of the heads decides what shows.

        Raises TypeError for a value that no field can hold.
        """
        if column in self.tables[table].fields:
            head = Head(set_id, (by.lamport, by.device), (by.device, by.seq), storable(value))
            self.added.setdefault(table, []).append((uid, column, head, [(parent[0], parent[1]) for parent in parents]))

    def write(self) -> None:
        """Write what was added since the last time. The rows they are about have to be there by now."""
        for name, added in self.added.items():
            self._write(self.tables[name], added)
        self.added.clear()

    def _write(self, table: TrackedTable, added: list[tuple[bytes, str, Head, Collection[Ref]]]) -> None:
        rows = _rows(self.connection, table.name, {uid for uid, *_ in added})
        current = self._heads(table.name, [row for row, _ in rows.values()])
        new: dict[tuple[int, str, int], Value] = {}
        superseded: set[tuple[int, str, int]] = set()
        touched: dict[tuple[int, str], dict[Ref, Head]] = {}
        for uid, column, head, parents in added:
            if uid not in rows:
                continue
            row, made_by = rows[uid]
            field_heads = current.setdefault((row, column), {})
            if not field_heads and made_by not in parents:
                # A head that was only implied by the row's maker, and is not the only one now.
                (first,) = heads(self.connection, table, row, column)
                field_heads[first.ref] = first
                new[row, column, first.set_id] = first.value
            for parent in parents:
                if parent in field_heads:
                    superseded.add((row, column, field_heads.pop(parent).set_id))
            if (row, column, head.set_id) in new:
                raise ValueError("one set changes a field twice")
            field_heads[head.ref] = head
            new[row, column, head.set_id] = head.value
            touched[row, column] = field_heads
        self.connection.executemany(
            "insert into edits (tbl, row, field, set_id, superseded, value) values (?, ?, ?, ?, ?, ?)",
            [
                (table.name, *key, 1, pack(value) if key[1] in table.path else None)
                if key in superseded
                else (table.name, *key, 0, pack(value))
                for key, value in new.items()
            ],
        )
        for row, column, set_id in sorted(superseded - new.keys()):
            self.connection.execute(
                f"update edits set superseded = 1{forgotten(table, column)}"
                " where tbl = ? and row = ? and field = ? and set_id = ?",
                (table.name, row, column, set_id),
            )
        self._show(table, touched)

    def _heads(self, table: str, rows: Sequence[int]) -> dict[tuple[int, str], dict[Ref, Head]]:
        """Give the heads that are written down for the fields of some rows."""
        found: dict[tuple[int, str], dict[Ref, Head]] = {}
        for some in _pieces(rows):
            for row, column, set_id, lamport, device, seq, value in self.connection.execute(
                "select e.row, e.field, e.set_id, s.lamport, d.uid, s.seq, e.value from edits e"
                " join change_sets s on s.id = e.set_id join devices d on d.id = s.device"
                f" where e.tbl = ? and e.row in ({_marks(some)}) and e.superseded = 0",
                (table, *some),
            ):
                head = Head(set_id, (lamport, device), (device, seq), unpack(value))
                found.setdefault((row, column), {})[head.ref] = head
        return found

    def _show(self, table: TrackedTable, touched: dict[tuple[int, str], dict[Ref, Head]]) -> None:
        """Let the rows show the first of the heads of each of these fields: one statement for each row."""
        shown: dict[int, dict[str, Value]] = {}
        for (row, column), field_heads in touched.items():
            shown.setdefault(row, {})[column] = max(field_heads.values(), key=lambda head: head.rank).value
        for column, target in table.references.items():
            uids = {values[column] for values in shown.values() if values.get(column) is not None}
            here = ids_of(self.connection, target, uids)
            for values in shown.values():
                if column in values:
                    values[column] = here.get(values[column])
        alike: dict[tuple[str, ...], list[tuple[Value, ...]]] = {}
        for row, values in sorted(shown.items()):
            columns = tuple(column for column in table.fields if column in values)
            alike.setdefault(columns, []).append((*(values[column] for column in columns), row))
        for columns, written in alike.items():
            self.connection.executemany(
                f"update {table.name} set {', '.join(f'{column} = ?' for column in columns)} where id = ?", written
            )


def storable(value: Value) -> Value:
    """Give a value that came from elsewhere, if a field can hold such a one. Raises TypeError for any other."""
    if value is not None and not isinstance(value, (int, float, str, bytes)):
        raise TypeError("a value that no field can hold")
    return value


def ids_of(connection: Connection, table: str, uids: Iterable[bytes]) -> dict[bytes, int]:
    """Give the ids that rows have in this vault, by their uids, for those that are here."""
    found: dict[bytes, int] = {}
    for some in _pieces(uids):
        found |= connection.execute(f"select uid, id from {table} where uid in ({_marks(some)})", some).fetchall()
    return found


def _rows(connection: Connection, table: str, uids: Iterable[bytes]) -> dict[bytes, tuple[int, Ref]]:
    """Give the ids of rows, and which set made each, by their uids, for those that are here."""
    return {
        uid: (row, (device, seq))
        for some in _pieces(uids)
        for uid, row, device, seq in connection.execute(
            f"select t.uid, t.id, d.uid, s.seq from {table} t join change_sets s on s.id ="
            " (select set_id from made where tbl = ? and first <= t.id order by first desc limit 1)"
            f" join devices d on d.id = s.device where t.uid in ({_marks(some)})",
            (table, *some),
        )
    }


def _pieces(values: Iterable[Value]) -> Iterator[list[Value]]:
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _marks(values: Sequence[Value]) -> str:
    return ", ".join("?" * len(values))
