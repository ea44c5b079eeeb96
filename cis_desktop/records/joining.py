"""Making one person of two records: everything of the one is written anew for the other, who stays.

A row stays with whom it is about (docs/decisions/0006), so nothing is moved: each row that reaches the one who goes is
copied, and the old one is gone. The copy's uid is derived from the old row's and from who stays, and who stays follows
from the references, so that two laptops that join the same two apart write the same rows.
"""

from __future__ import annotations

from typing import Any

from cis_desktop import words
from cis_desktop.records import people, sameness
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.tables import Connection, TrackedTable, read_tables

FILLED = (
    "given_name", "family_name", "initials", "birth_year", "household_id", "postcode", "ward", "ward_vintage",
    "no_fixed_address", "phone", "phone_permission", "email", "email_permission", "safe_contact", "language",
    "interpreter", "parent_or_carer", "own_number", "second_number",
)  # fmt: skip
"""What the one who stays takes over where nothing is written."""
TOLD = ("given_name", "family_name", "birth_year", "postcode", "phone", "email", "own_number")
"""What goes into the note where the two differ, so that it is still found."""


def who_stays(connection: Connection, first: int, second: int) -> tuple[int, int]:
    """Give the two ids, the one that stays first: the one with the lower reference, on every laptop."""
    one, other = people.get(connection, first), people.get(connection, second)
    return (first, second) if _order(one) <= _order(other) else (second, first)


def join(change: Change, first: int, second: int) -> int:
    """Make one person of two, remember the answer, and give the id of who stays. Raises CisError `not_found`.

    Undoing the change brings both back, but for rows that somebody has worked on since.
    """
    connection = change.connection
    stays, goes = who_stays(connection, first, second)
    kept, other = people.get(connection, stays), people.get(connection, goes)
    filled = {name: getattr(other, name) for name in FILLED if getattr(kept, name) is None}
    if kept.postcode or kept.ward:
        # An address is taken over whole or not at all.
        filled = {name: value for name, value in filled.items() if name not in ("ward", "ward_vintage", "postcode")}
    if other.own_number and kept.own_number and not kept.second_number and other.own_number != kept.own_number:
        filled["second_number"] = other.own_number
    filled["note"] = _note(kept, other)
    sameness.answer(change, stays, goes, "same")
    carry(change, goes, stays)
    change.update("people", stays, **filled)
    change.delete("people", goes)
    return stays


def carry(change: Change, goes: int, stays: int) -> None:
    """Write every row that reaches one person anew for another, and mark the old rows as gone."""
    connection, tables = change.connection, read_tables(change.connection)
    reached = _reached(connection, tables, goes)
    now: dict[tuple[str, int], int] = {("people", goes): stays}
    (uid,) = connection.execute("select uid from people where id = ?", (stays,)).fetchone()
    for name, table in tables.items():
        for row in reached.get(name, []):
            if name == "described_values" and _answered_already(connection, row, stays):
                continue
            now[name, row] = _copied(change, table, row, now, uid)
    for name in reversed(list(tables)):
        for row in reached.get(name, []):
            change.delete(name, row)


def _reached(connection: Connection, tables: dict[str, TrackedTable], person: int) -> dict[str, list[int]]:
    """Give, by table, the rows that are there and whose path leads to a person."""
    reached: dict[str, list[int]] = {"people": [person]}
    for name, table in tables.items():
        rows: set[int] = set()
        for column in table.path:
            for target in reached.get(table.references[column], []):
                found = connection.execute(f"select id from {name} where {column} = ? and gone = 0", (target,))
                rows.update(int(row) for (row,) in found)
        if rows:
            reached[name] = sorted(rows)
    del reached["people"]
    return reached


def _copied(change: Change, table: TrackedTable, row: int, now: dict[tuple[str, int], int], stays: bytes) -> int:
    """Write one row anew, pointing at what its parents have become; give its id."""
    connection = change.connection
    fields = ", ".join(table.fields)
    *values, old = connection.execute(f"select {fields}, uid from {table.name} where id = ?", (row,)).fetchone()
    written: dict[str, Any] = dict(zip(table.fields, values, strict=True))
    for column, target in table.references.items():
        if written[column] is not None:
            written[column] = now.get((target, written[column]), written[column])
    uid = derived_uid("joined", old.hex(), stays.hex())
    there = connection.execute(f"select id from {table.name} where uid = ?", (uid,)).fetchone()
    if there is None:
        return change.insert(table.name, uid=uid, **written)
    # Joined, undone and joined again: the copy is still there, and comes back.
    change.update(table.name, there[0], **{name: value for name, value in written.items() if name not in table.path})
    return int(there[0])


def _answered_already(connection: Connection, row: int, stays: int) -> bool:
    """Say whether the one who stays has an answer of this kind: people describe themselves once."""
    there = connection.execute(
        "select 1 from described_values o join described_values d on d.trait = o.trait"
        " where o.id = ? and d.person_id = ? and d.gone = 0",
        (row, stays),
    ).fetchone()
    return there is not None


def _note(kept: people.Person, other: people.Person) -> str:
    differing = [str(getattr(other, name)) for name in TOLD if getattr(other, name) not in (None, getattr(kept, name))]
    also = f"Also written down as {', '.join([other.reference, *differing])}."
    return "\n".join(part for part in (kept.note, other.note, words.shortened(also, 400)) if part)


def _order(person: people.Person) -> tuple[int, str]:
    return len(person.reference), person.reference
