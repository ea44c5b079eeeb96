"""Recording: one transaction becomes one change set, with everything it wrote.

New rows are those above each table's highest id at the start. What was overwritten is in `pending`, put there by
triggers. Both are packed into chunks in the same transaction that wrote the rows.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

import msgspec
from msgspec.structs import replace

from cis_desktop.vault.chunks import ERASE, INSERT, UPDATE, Section, Value, pack, seal
from cis_desktop.vault.heads import Head, Makers, heads, identities
from cis_desktop.vault.sets import ChangeSet, set_hash, write
from cis_desktop.vault.tables import APPLYING, RECORDING, Connection, Tables, TrackedTable, newer

FIRST_REFERENCE = 1
ROWS_AT_ONCE = 100
"""Rows written by one statement, where there are many."""
FEW = 20
"""New rows that are sooner looked through here than asked about in SQL."""


def derived_uid(*parts: object) -> bytes:
    """Give the 16-byte uid of a row that is the same on every laptop, from what it says (SHA-256, cut)."""
    return hashlib.sha256(pack([str(part) for part in parts])).digest()[:16]


def now() -> str:
    """Give the present moment as history keeps it: UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Change:
    """An open change: write through it, or with plain SQL on `connection`; leaving it makes one change set."""

    def __init__(self, connection: Connection, tables: Tables, who: str, words: str) -> None:
        self.connection = connection
        self.tables = tables
        self.who = who
        self.words = words
        self.id: str | None = None
        self.said = False
        """Set it where the history is to tell of the change even if no row with a history was written."""
        self.touched: frozenset[str] = frozenset()
        self.marks = highest_ids(connection)
        self.resolving: set[tuple[str, int, str]] = set()
        self.naming: dict[tuple[str, int, str], Sequence[Any]] = {}
        """Further changes, by device and number, that the change of a field names among its parents."""
        self.erased: list[tuple[str, bytes]] = []
        self.erased_rows: dict[str, int] = {}

    def insert(self, table: str, /, **values: Value) -> int:
        """Write a new row and give its id."""
        columns = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self._known(table, values)
        return int(
            self.connection.execute(
                f"insert into {table} ({columns}) values ({marks})", tuple(values.values())
            ).lastrowid
        )

    def insert_many(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> range:
        """Write new rows, in order, and give the run of ids they got. See `insert_columns`."""
        return self.insert_columns(table, dict(zip(columns, map(list, zip(*rows, strict=True)), strict=False)))

    def insert_columns(self, table: str, columns: Mapping[str, list[Value]]) -> range:
        """Write many new rows, given as columns of one length, and give the run of ids they got.

        An empty text in a column that also has None becomes None. Two things make this three times as fast as a row
        at a time. A statement writes many rows, so that its triggers are made ready once. And None is not bound, as
        the database's Python module looks for an adapter for it each time: a column of nothing is left out, and in
        others an empty text stands for it.
        """
        self._known(table, columns)
        first = self.next_id(table)
        filled = {name: values for name, values in columns.items() if any(value is not None for value in values)}
        # Rows of nothing but None are rows all the same.
        filled = filled or dict(list(columns.items())[:1])
        if filled:
            gaps = {name for name, values in filled.items() if None in values}
            bound = [
                ["" if value is None else value for value in values] if name in gaps else values
                for name, values in filled.items()
            ]
            head = f"insert into {table} ({', '.join(filled)}) values "
            marks = "(" + ", ".join("nullif(?, '')" if name in gaps else "?" for name in filled) + ")"
            count = max(map(len, bound))
            # A hundred rows at a time here too: to lay out all cells in one breath would stop every other thread.
            rows = zip(*bound, strict=True)
            self.connection.executemany(
                head + ", ".join([marks] * ROWS_AT_ONCE),
                (list(chain.from_iterable(islice(rows, ROWS_AT_ONCE))) for _ in range(count // ROWS_AT_ONCE)),
            )
            self.connection.executemany(head + marks, islice(rows, count % ROWS_AT_ONCE))
            if next(rows, None) is not None:
                raise ValueError(f"the columns of {table} are not of one length")
        return range(first, self.next_id(table))

    def update(self, table: str, row: int, /, **values: Value) -> None:
        """Write fields of a row; only those that differ become part of the history, and none is nothing to do."""
        if not values:
            return
        self._known(table, values)
        self.connection.execute(
            f"update {table} set {', '.join(f'{field} = ?' for field in values)} where id = ?",
            (*values.values(), row),
        )

    def delete(self, table: str, row: int) -> None:
        """Mark a row as gone. It stays in the history and can be brought back."""
        self.update(table, row, gone=1)

    def choose(self, table: str, row: int, field: str, value: Value, among: Sequence[Any] = ()) -> None:
        """Settle a conflict: this value supersedes every head of the field, and may be the one already shown.

        `among` names further changes that there was to choose from, by device and number.
        """
        self._known(table, [field])
        self.resolving.add((table, row, field))
        self.name(table, row, field, among)
        # The one way to point a row at somebody else: choosing between those two devices named.
        self.connection.execute("update writing set mode = ?", (APPLYING,))
        self.connection.execute(f"update {table} set {field} = ? where id = ?", (value, row))
        self.connection.execute("update writing set mode = ?", (RECORDING,))

    def name(self, table: str, row: int, field: str, parents: Sequence[Any]) -> None:
        """Let a field be written even if it says the same, naming these changes among its parents."""
        self.naming[table, row, field] = parents
        self.connection.execute(
            f"insert or ignore into pending (tbl, row, field, old) select ?, id, ?, {field} from {table} where id = ?",
            (table, field, row),
        )

    def next_id(self, table: str) -> int:
        """Give the id the next new row of a table will get."""
        found = self.connection.execute("select seq from sqlite_sequence where name = ?", (table,)).fetchone()
        return int(found[0]) + 1 if found else 1

    def next_reference(self, kind: str) -> str:
        """Give a new human reference of a kind, such as `C-0042`."""
        return self.next_references(kind, 1)[0]

    def next_references(self, kind: str, count: int) -> list[str]:
        """Give `count` new human references of a kind, from this incarnation's own range."""
        found = self.connection.execute("select next from counters where kind = ?", (kind,)).fetchone()
        first = int(found[0]) if found else FIRST_REFERENCE
        self.connection.execute(
            "insert into counters (kind, next) values (?, ?) on conflict (kind) do update set next = excluded.next",
            (kind, first + count),
        )
        (tag,) = self.connection.execute("select d.tag from writing w join devices d on d.id = w.device").fetchone()
        return [f"{kind}-{tag}{number:04d}" for number in range(first, first + count)]

    def _known(self, table: str, columns: Iterable[str]) -> None:
        allowed = self.tables[table].fields
        for column in columns:
            if column not in allowed and column != "uid":
                raise KeyError(f"{table} has no field {column}")


def highest_ids(connection: Connection) -> dict[str, int]:
    """Give the highest id every table has ever had; ids never come back."""
    # As one row: to fetch one for each table would take twice as long, twice in every change.
    (found,) = connection.execute("select json_group_object(name, seq) from sqlite_sequence").fetchone()
    return dict(msgspec.json.decode(found))


def record(change: Change) -> ChangeSet | None:
    """Turn what the open transaction wrote into a change set and store it; None if there is nothing to tell."""
    connection = change.connection
    sections, new_rows = new_row_sections(change)
    edited = edit_sections(change)
    sections += [section for section, _, _ in edited]
    sections += [Section(table, ERASE, (), [[digest]]) for table, digest in change.erased]
    if not sections and not change.said:
        return None
    known = connection.execute(
        "select d.id, d.uid, d.name, d.tag, d.seq, w.lamport, d.id is w.device from devices d, writing w"
    ).fetchall()
    (here, device, name, tag, seq, lamport, _) = next(row for row in known if row[-1])
    (schema,) = connection.execute("pragma user_version").fetchone()
    bodies, hashes = seal(sections)
    draft = ChangeSet(
        device=device,
        seq=seq + 1,
        device_name=name,
        device_tag=tag,
        who=change.who,
        at=now(),
        words=change.words,
        lamport=lamport + 1,
        schema=schema,
        vector={uid: count for _, uid, _, _, count, *_ in known if count},
        hash=b"",
        chunks=tuple(bodies),
    )
    made = replace(draft, hash=set_hash(draft, hashes))
    set_id = write(connection, here, made)
    connection.executemany(
        "insert into made (tbl, first, last, set_id) values (?, ?, ?, ?)",
        [(table, first, last, set_id) for table, first, last in new_rows],
    )
    for section, superseded, written in edited:
        table, field = section.table, section.columns[0]
        connection.executemany(
            f"update edits set superseded = 1{forgotten(change.tables[table], field)}"
            " where tbl = ? and row = ? and field = ? and set_id = ?",
            [(table, row, field, old_set) for row, old_set in superseded],
        )
        connection.executemany(
            "insert into edits (tbl, row, field, set_id, value) values (?, ?, ?, ?, ?)",
            [(table, row, field, set_id, pack(value)) for row, value in written],
        )
    change.id = made.ref
    change.touched = frozenset(section.table for section in sections) or frozenset({"change_sets"})
    return made


def forgotten(table: TrackedTable, field: str) -> str:
    """Give the SQL that drops a superseded value; where a path ever led is kept, since erasure asks for it."""
    return "" if field in table.path else ", value = null"


def new_row_sections(change: Change) -> tuple[list[Section], list[tuple[str, int, int]]]:
    """Give the sections of the rows above each table's mark, and the run of ids in each."""
    sections = []
    runs = []
    found = highest_ids(change.connection)
    for name, table in change.tables.items():
        highest, mark = found.get(name, 0), change.marks.get(name, 0)
        if highest == mark:
            continue
        few = highest - mark <= FEW
        fields = table.fields if few else used_fields(change.connection, table, mark)
        query = table.newer if few else newer(name, [table.uids[field] for field in fields])
        rows = change.connection.execute(query, (mark,)).fetchall()
        if rows:
            fields, rows = without_gaps(fields, rows) if few else (fields, rows)
            sections.append(Section(name, INSERT, fields, rows))
            runs.append((name, mark + 1, highest))
    return sections, runs


def without_gaps(fields: tuple[str, ...], rows: list[tuple[Value, ...]]) -> tuple[tuple[str, ...], list[Any]]:
    """Leave out the fields in which no row says anything, as `used_fields` does."""
    uids, *columns = zip(*rows, strict=True)
    said = [
        (field, column)
        for field, column in zip(fields, columns, strict=True)
        if any(column) or (field != "gone" and column.count(None) < len(column))
    ]
    return tuple(field for field, _ in said), list(zip(uids, *(column for _, column in said), strict=True))


def used_fields(connection: Connection, table: TrackedTable, mark: int) -> tuple[str, ...]:
    """Give the fields in which any new row says something; the others need no place in the history."""
    said = ", ".join(f"max({f})" if f == "gone" else f"max({f} is not null)" for f in table.fields)
    found = connection.execute(f"select {said} from {table.name} where id > ?", (mark,)).fetchone()
    return tuple(field for field, used in zip(table.fields, found, strict=True) if used)


Edited = tuple[Section, list[tuple[int, int]], list[tuple[int, Value]]]


def edit_sections(change: Change) -> list[Edited]:
    """For each edited field give its section, the (row, set) it supersedes, and the (row, value) it writes.

    What was overwritten is forgotten here, also when it was put back in the same breath: the next change must not
    find it.
    """
    found = []
    groups = change.connection.execute("select distinct tbl, field from pending order by tbl, field").fetchall()
    for name, field in groups:
        edited = edited_field(change, change.tables[name], field)
        if edited[0].entries:
            found.append(edited)
    if groups:
        change.connection.execute("delete from pending")
    return found


def edited_field(change: Change, table: TrackedTable, field: str) -> Edited:
    """Collect the rows of one table in which one field was overwritten with something else."""
    connection = change.connection
    name = table.name
    old = f"(select uid from {table.references[field]} where id = p.old)" if field in table.references else "p.old"
    changed = connection.execute(
        f"select p.row, t.uid, {table.uids[field]}, {old}, p.old is t.{field} from pending p"
        f" join {name} t on t.id = p.row where p.tbl = ? and p.field = ? and p.row <= ? order by p.row",
        (name, field, change.marks.get(name, 0)),
    ).fetchall()
    current: dict[int, list[int]] = {}
    for row, set_id in connection.execute(
        "select e.row, e.set_id from pending p join edits e on e.tbl = p.tbl and e.row = p.row and e.field = p.field"
        " where p.tbl = ? and p.field = ? and e.superseded = 0",
        (name, field),
    ):
        current.setdefault(row, []).append(set_id)
    makers = Makers(connection, name) if len(current) < len(changed) else None
    chosen: dict[int, list[int]] = {}
    for row, _, _, _, same in changed:
        settles = (name, row, field) in change.resolving
        if same and (name, row, field) not in change.naming:
            continue
        known = current.get(row)
        if known is None:
            chosen[row] = [makers.of(row)] if makers else []
        elif len(known) == 1:
            chosen[row] = known
        else:
            several: list[Head] = heads(connection, table, row, field)
            chosen[row] = [head.set_id for head in (several if settles else several[:1])]
    names = identities(connection, (set_id for parents in chosen.values() for set_id in parents))
    section = Section(name, UPDATE, (field,), [])
    superseded = []
    written = []
    for row, uid, value, previous, _ in changed:
        if row not in chosen:
            continue
        parents = [names[set_id][1:] for set_id in chosen[row]]
        parents += [(device, seq) for device, seq in change.naming.get((name, row, field), ())]
        section.entries.append((uid, value, previous, parents))
        if row in current:
            superseded += [(row, set_id) for set_id in chosen[row]]
        written.append((row, value))
    return section, superseded, written
