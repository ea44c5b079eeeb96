"""Undo: a new change that puts back what one change set did, and leaves what was built on it since."""

from __future__ import annotations

from dataclasses import dataclass

from cis_desktop.errors import CisError
from cis_desktop.vault.chunks import ERASE, UPDATE, Value
from cis_desktop.vault.history import Change
from cis_desktop.vault.progress import Tell, untold
from cis_desktop.vault.tables import Connection, Tables
from cis_desktop.vault.upcasters import Upcasters, sections_of

KEPT_FOR_GOOD = frozenset({"concern_readers", "concerns", "concern_notes", "concern_seals"})
"""Tables whose changes cannot be undone: a concern must not vanish, nor its readers change, by somebody's Ctrl+Z."""

CHOSE, TOOK_BACK = "Chose between two values", "Took a choice back"
"""What a choice is called in the history, and its undoing: by that its question is asked again, on every laptop."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that an undo left as it is, because somebody has worked on it since."""

    table: str
    row: int


def find_set(connection: Connection, ref: str) -> int:
    """Give the local number of the change set a person names, such as `5c4a22af:3`."""
    device, _, seq = ref.partition(":")
    rows = [
        set_id
        for set_id, uid in connection.execute(
            "select s.id, d.uid from change_sets s join devices d on d.id = s.device where s.seq = ?",
            (int(seq) if seq.isdecimal() and len(seq) < 12 else -1,),
        )
        if uid.hex().startswith(device) and len(device) >= 4
    ]
    if len(rows) != 1:
        raise CisError(
            "no_such_change",
            "There is no such change",
            f"The history has no change called {ref[:40]}, so nothing was undone. Look it up with `history`.",
        )
    return int(rows[0])


def undo(change: Change, set_id: int, tables: Tables, upcasters: Upcasters, tell: Tell = untold) -> list[Kept]:
    """Put back what a set did, inside an open change; give the rows left as they are."""
    connection = change.connection
    sections = sections_of(connection, set_id, upcasters)
    total = 2 * len(sections)
    tell(0, total)
    if not sections:
        raise CisError(
            "cannot_undo_way_in",
            "This cannot be undone here",
            "The list of changes only notes who changed the ways into the record, and when. Nothing was changed. See "
            "“Who can open it” for what can be done about it.",
        )
    if any(section.op == ERASE for section in sections):
        raise CisError(
            "cannot_undo_erasure",
            "An erasure cannot be undone",
            "What was erased is gone from the records and from the history, which is its purpose. Nothing was changed.",
        )
    if any(section.table in KEPT_FOR_GOOD for section in sections):
        raise CisError(
            "cannot_undo_concern",
            "This cannot be undone",
            "What has to do with safeguarding concerns stays as it was written. Nothing was changed. Was it a mistake? "
            "Write another concern that says so, or ask the safeguarding lead.",
        )
    (words,) = connection.execute("select words from change_sets where id = ?", (set_id,)).fetchone()
    # Each undoes the other.
    choice = {CHOSE: TOOK_BACK, TOOK_BACK: CHOSE}.get(words)
    change.words = choice or change.words
    kept = remove_new_rows(connection, set_id, tables)
    # From the last to the first, letting go of each: to drop all of an import's rows in one breath would keep every
    # other thread waiting, as nothing else of Python runs meanwhile.
    sections.reverse()
    of, standing = ("", ""), set[int]()
    while sections:
        section = sections.pop()
        tell(total // 2 - len(sections), total)
        if section.op == UPDATE and section.table in tables and section.columns[0] in tables[section.table].fields:
            if of != (section.table, section.columns[0]):
                of = (section.table, section.columns[0])
                standing = still_standing(connection, set_id, *of)
            if choice:
                ask_again(change, standing, *of, section.entries)
            kept += restore_field(connection, standing, tables, *of, section.entries)
    return kept


def ask_again(change: Change, standing: set[int], table: str, field: str, entries: list[Value]) -> None:
    """Let the undoing of a choice name what there was to choose from, so that it is listed again."""
    for entry in entries:
        if not isinstance(entry, bytes) and (len(entry[3]) > 1 or field == "gone"):
            (row,) = change.connection.execute(f"select id from {table} where uid = ?", (entry[0],)).fetchone() or (0,)
            if row in standing:
                change.name(table, row, field, entry[3])


def remove_new_rows(connection: Connection, set_id: int, tables: Tables) -> list[Kept]:
    """Mark the rows a set made as gone, all but those worked on or built on since."""
    runs = {
        name: (first, last)
        for name, first, last in connection.execute("select tbl, first, last from made where set_id = ?", (set_id,))
        if name in tables
    }
    kept: dict[str, set[int]] = {name: edited_rows(connection, name, *run) for name, run in runs.items()}
    for name, (first, last) in runs.items():
        for child in tables.values():
            for column, target in child.references.items():
                if target != name:
                    continue
                # Rows of a thing somebody has edited stay with it: a mended visit keeps what was given in it.
                if child.name in runs and column in child.path and kept[name]:
                    kept[child.name] |= pointing_at(connection, child.name, column, kept[name], *runs[child.name])
                low, high = runs.get(child.name, (0, -1))
                kept[name] |= {
                    int(row)
                    for (row,) in connection.execute(
                        f"select distinct {column} from {child.name} where {column} between ? and ?"
                        " and gone = 0 and not id between ? and ?",
                        (first, last, low, high),
                    )
                }
    for name in reversed(list(tables)):
        if not kept.get(name):
            continue
        for column, target in tables[name].references.items():
            if target in runs:
                first, last = runs[target]
                kept[target] |= {row for row in targets(connection, name, column, kept[name]) if first <= row <= last}
    for name, (first, last) in runs.items():
        stay = kept[name]
        # A table of this transaction's own, since a list of thousands does not fit in a statement.
        connection.execute("create temp table if not exists staying (row integer primary key)")
        connection.execute("delete from staying")
        connection.executemany("insert into staying (row) values (?)", [(row,) for row in stay])
        connection.execute(
            f"update {name} set gone = 1 where id between ? and ? and gone = 0 and id not in (select row from staying)",
            (first, last),
        )
    return [Kept(name, row) for name, rows in kept.items() for row in sorted(rows)]


def edited_rows(connection: Connection, table: str, first: int, last: int) -> set[int]:
    """Give the rows of a run that have been edited and are still there."""
    return {
        int(row)
        for (row,) in connection.execute(
            f"select distinct e.row from edits e join {table} t on t.id = e.row and t.gone = 0"
            " where e.tbl = ? and e.row between ? and ? and e.field <> 'gone'",
            (table, first, last),
        )
    }


def pointing_at(connection: Connection, table: str, column: str, targets_: set[int], first: int, last: int) -> set[int]:
    """Give the rows of a run whose column points at one of these."""
    return {
        int(row)
        for row, target in connection.execute(
            f"select id, {column} from {table} where id between ? and ? and gone = 0", (first, last)
        )
        if target in targets_
    }


def targets(connection: Connection, table: str, column: str, rows: set[int]) -> set[int]:
    """Give what these rows point at through a column."""
    found = set()
    for row in rows:
        (target,) = connection.execute(f"select {column} from {table} where id = ?", (row,)).fetchone()
        if target is not None:
            found.add(int(target))
    return found


def still_standing(connection: Connection, set_id: int, table: str, field: str) -> set[int]:
    """Give the rows in which what a set wrote into a field is what they say now."""
    return {
        int(row)
        for (row,) in connection.execute(
            "select row from edits where tbl = ? and field = ? and set_id = ? and superseded = 0",
            (table, field, set_id),
        )
    }


def restore_field(
    connection: Connection, standing: set[int], tables: Tables, table: str, field: str, entries: list[Value]
) -> list[Kept]:
    """Put the old values of one field back in the rows in which the set's value is `standing`.

    A row that has been told whom it is about stays with them.
    """
    kept = []
    target = tables[table].references.get(field)
    rows = []
    for entry in entries:
        if isinstance(entry, bytes):
            continue
        found = connection.execute(f"select id from {table} where uid = ?", (entry[0],)).fetchone()
        if found is None:
            continue
        if found[0] not in standing or field in tables[table].path:
            kept.append(Kept(table, found[0]))
            continue
        old = entry[2]
        if target and old is not None:
            there = connection.execute(f"select id from {target} where uid = ?", (old,)).fetchone()
            old = there[0] if there else None
        rows.append((old, found[0]))
    connection.executemany(f"update {table} set {field} = ? where id = ?", rows)
    return kept
