"""Conflicts as people meet them: what two laptops wrote apart, side by side, until somebody chooses.

Both values are kept in the history whatever is chosen, and the choice goes to the other laptops like any change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.records import people
from cis_desktop.vault.heads import Head
from cis_desktop.vault.log import UNSEEN
from cis_desktop.vault.merge import Conflict
from cis_desktop.vault.merge import conflicts as unsettled
from cis_desktop.vault.tables import Connection, Tables, TrackedTable
from cis_desktop.workspace import Workspace

THINGS = {
    "people": "person", "cases": "case", "contacts": "visit", "given": "what was given", "needs": "need",
    "sessions": "session", "observations": "observation", "organisations": "organisation", "households": "household",
    "described_values": "description", "codes": "entry of a list", "settings": "setting", "laptops": "laptop",
    "agreements": "agreement", "releases": "report", "themes": "theme",
}  # fmt: skip
"""What a row of a table is called."""
FIELDS = {
    "given_name": "first name", "own_number": "own number", "on_date": "date", "noticed_on": "date",
    "person_id": "person", "household_id": "household", "case_id": "case", "session_id": "session",
    "contact_id": "visit", "gone": "removed or kept", "how_known": "how it is known", "pence": "amount",
    "no_fixed_address": "no fixed address", "parcel_days": "days of food",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values: in words, who wrote it, when (UTC) and on which laptop."""

    words: str
    who: str
    at: str
    laptop: str
    value: Any


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field with several values. `sides[0]` is shown until somebody chooses. `about` names the record."""

    id: str
    table: str
    row: int
    field: str
    about: str
    what: str
    sides: tuple[Side, ...]


def disagreements(connection: Connection, tables: Tables) -> list[Disagreement]:
    """List what nobody has chosen between, in the order of the records. Safeguarding concerns are in no list."""
    found = [
        _met(connection, tables[each.table], each) for each in unsettled(connection, tables) if each.table not in UNSEEN
    ]
    return sorted(found, key=lambda each: (each.table, each.row, each.field))


def choose(workspace: Workspace, which: str, value: str) -> Disagreement:
    """Settle one by its id, with one of its values: as listed, or its number from 1. Raises CisError."""
    with workspace.change("Chose between two values") as change:
        found = next(
            (each for each in disagreements(change.connection, workspace.vault.tables) if each.id == which), None
        )
        if found is None:
            raise CisError(
                "no_such_conflict",
                "There is no such conflict",
                f"Nothing called “{which}” waits for a choice, so nothing was changed. Somebody may have chosen "
                "already; list them again.",
            )
        named = [side for side in found.sides if side.words == value]
        if not named and value.isdecimal() and 0 < int(value) <= len(found.sides):
            named = [found.sides[int(value) - 1]]
        if not named:
            raise CisError(
                "no_such_value",
                "That is none of the values",
                f"“{value}” is not one of {words.listed([f'“{side.words}”' for side in found.sides], 'and')}. Nothing "
                "was changed. Choose one of them; another value can be written in the record afterwards.",
            )
        change.choose(found.table, found.row, found.field, _local(change.connection, workspace, found, named[0].value))
    return found


def _met(connection: Connection, table: TrackedTable, one: Conflict) -> Disagreement:
    (uid,) = connection.execute(f"select uid from {table.name} where id = ?", (one.row,)).fetchone()
    sides = [_side(connection, table, one, head) for head in one.heads]
    if one.field == "gone" and len({side.value for side in sides}) == 1:
        # Removed by one, worked on by another: to keep it is the other choice, which nobody had to write.
        sides.append(_keeping(connection, table.name, one.row))
    thing = THINGS.get(one.table, one.table.replace("_", " "))
    return Disagreement(
        f"{one.table}:{uid.hex()[:12]}:{one.field}", one.table, one.row, one.field,
        f"{thing} {_label(connection, one.table, one.row)}".strip(),
        FIELDS.get(one.field, one.field.replace("_", " ")), tuple(sides),
    )  # fmt: skip


def _side(connection: Connection, table: TrackedTable, one: Conflict, head: Head) -> Side:
    who, at, laptop = _written(connection, head.set_id)
    if one.field == "gone":
        said = "removed" if head.value else "kept"
    elif one.field in table.references and head.value is not None:
        target = table.references[one.field]
        row = connection.execute(f"select id from {target} where uid = ?", (head.value,)).fetchone()
        said = _label(connection, target, row[0]) if row else "a record that is not here"
    else:
        said = "nothing" if head.value in (None, "") else str(head.value)
    return Side(said, who, at, laptop, head.value)


def _keeping(connection: Connection, table: str, row: int) -> Side:
    (set_id,) = connection.execute(
        "select max(set_id) from edits where tbl = ? and row = ? and field <> 'gone' and superseded = 0", (table, row)
    ).fetchone()
    return Side("kept", *_written(connection, set_id), 0)


def _written(connection: Connection, set_id: int) -> tuple[str, str, str]:
    found: tuple[str, str, str] = connection.execute(
        "select s.who, s.at, coalesce(l.name, d.name) from change_sets s join devices d on d.id = s.device"
        " left join laptops l on l.device = lower(hex(d.uid)) and l.gone = 0 where s.id = ?",
        (set_id,),
    ).fetchone()
    return found


def _label(connection: Connection, table: str, row: int) -> str:
    if table == "people":
        # Also of one who was removed: that is often what the two do not agree about.
        named = connection.execute(
            "select given_name, family_name, initials, reference from people where id = ?", (row,)
        ).fetchone()
        return people.label(*named)
    columns = {name for _, name, *_ in connection.execute(f"pragma table_info({table})")}
    for column in ("reference", "name", "title", "label", "on_date"):
        if column in columns:
            (found,) = connection.execute(f"select {column} from {table} where id = ?", (row,)).fetchone()
            if found:
                return words.day(found) if column == "on_date" else str(found)
    return ""


def _local(connection: Connection, workspace: Workspace, found: Disagreement, value: Any) -> Any:
    """Give a value as the row holds it: a reference as the id that it has here."""
    target = workspace.vault.tables[found.table].references.get(found.field)
    if target is None or value is None:
        return value
    row = connection.execute(f"select id from {target} where uid = ?", (value,)).fetchone()
    return row[0] if row else None
