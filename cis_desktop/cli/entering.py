"""Commands that write and read one kind of record: person, case, contact, session, observe."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, get_type_hints

from cis_desktop.cli.answers import Answer, command, in_lines, opened
from cis_desktop.errors import CisError
from cis_desktop.records import cases, contacts, observations, people, sessions
from cis_desktop.records.show import row_of, show
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace

POINTERS = {"person": "people", "household": "households", "case": "cases", "session": "sessions"}
"""Fields that are written as another record's reference, and the table it must be in."""

Fields = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: what it is called, the fields it takes, and how it is added, listed and shown."""

    name: str
    words: str
    hints: type
    further: tuple[str, ...]
    add: Callable[[Change, Fields, dict[str, Any]], int]
    page: Callable[[Connection, int], list[Any]]
    table: str

    def fields(self) -> dict[str, type]:
        """Give the plain fields with whether each is a number or text."""
        hints = get_type_hints(self.hints)
        return {name: int if "int" in str(hint) else str for name, hint in hints.items() if not name.endswith("_id")}

    def pointers(self) -> dict[str, str]:
        """Give the fields that take another record's reference."""
        hints = get_type_hints(self.hints)
        return {name: table for name, table in POINTERS.items() if f"{name}_id" in hints}


def add_person(change: Change, _: Fields, plain: dict[str, Any]) -> int:
    """Add a person."""
    return people.add(change, **plain)


def add_case(change: Change, further: Fields, plain: dict[str, Any]) -> int:
    """Open a case; the first `need` is the main one."""
    needs = further["need"]
    return cases.open_case(change, needs[0] if needs else None, needs[1:], **plain)


def add_contact(change: Change, further: Fields, plain: dict[str, Any]) -> int:
    """Add a contact, today unless `on_date` says otherwise; `gave` is ITEM, ITEM:QUANTITY or ITEM:QUANTITY:UNIT."""
    gave = []
    for text in further["gave"]:
        item, _, rest = text.partition(":")
        quantity, _, unit = rest.partition(":")
        gave.append(contacts.Given(item, whole_number("gave", quantity) if quantity else None, unit or None))
    return contacts.add(change, last(further["on_date"]), gave, further["need"], **plain)


def add_session(change: Change, further: Fields, plain: dict[str, Any]) -> int:
    """Add a session, today unless `on_date` says otherwise."""
    return sessions.add(change, last(further["on_date"]), **plain)


def add_observation(change: Change, further: Fields, plain: dict[str, Any]) -> int:
    """Write down an observation, with the themes named by `theme`."""
    noticed = observations.add(change, " ".join(further["words"]), last(further["noticed_on"]), **plain)
    for theme in further["theme"]:
        observations.apply_theme(change, noticed, observations.add_theme(change, theme, key=theme))
    return noticed


def latest_cases(connection: Connection, limit: int) -> list[Any]:
    """Give the newest cases."""
    rows = connection.execute("select id from cases where gone = 0 order by id desc limit ?", (limit,)).fetchall()
    return [cases.get(connection, row) for (row,) in rows]


def latest_contacts(connection: Connection, limit: int) -> list[Any]:
    """Give the newest contacts."""
    rows = connection.execute(
        "select id from contacts where gone = 0 order by on_date desc, id desc limit ?", (limit,)
    ).fetchall()
    return [contacts.get(connection, row) for (row,) in rows]


KINDS = (
    Kind("person", "people", people.PersonFields, (), add_person,
         lambda connection, limit: people.page(connection, limit=limit), "people"),
    Kind("case", "cases", cases.CaseFields, ("need",), add_case, latest_cases, "cases"),
    Kind("contact", "contacts", contacts.ContactFields, ("on_date", "gave", "need"), add_contact, latest_contacts,
         "contacts"),
    Kind("session", "sessions", sessions.SessionFields, ("on_date",), add_session,
         lambda connection, limit: sessions.page(connection, limit=limit), "sessions"),
    Kind("observe", "observations", observations.ObservationFields, ("words", "noticed_on", "theme"), add_observation,
         lambda connection, limit: observations.page(connection, limit=limit), "observations"),
)  # fmt: skip


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    for kind in KINDS:
        run = runner(kind)
        added = command(commands, kind.name, run, f"add, show or list {kind.words} in the record", passphrase=True)
        added.add_argument("dir", metavar="DIR")
        added.add_argument("act", choices=["add", "show", "list"])
        added.add_argument("what", metavar="REF", nargs="?", help="which one to show")
        added.add_argument("--field", action="append", default=[], metavar="NAME=VALUE", help="a field of a new one")
        added.add_argument("--limit", type=int, default=50, help="list at most this many (default 50)")


def runner(kind: Kind) -> Callable[[argparse.Namespace], Answer]:
    """Give the function that runs one kind's command."""

    def run(given: argparse.Namespace) -> Answer:
        with opened(given) as workspace:
            if given.act == "list":
                found = [plain(one) for one in kind.page(workspace.read, given.limit)]
                return Answer({"records": found}, "\n".join(line(one) for one in found) or "There are none yet.")
            row = added(kind, workspace, given.field) if given.act == "add" else wanted(kind, workspace, given.what)
            record = whole(kind, workspace, row)
        return Answer({"record": record}, in_lines(record))

    return run


def added(kind: Kind, workspace: Workspace, written: list[str]) -> int:
    """Add one record from its `name=value` fields, as one change."""
    values, further = read_fields(kind, workspace.read, written)
    with workspace.change(f"Added to {kind.words}") as change:
        return kind.add(change, further, values)


def read_fields(kind: Kind, connection: Connection, written: list[str]) -> tuple[dict[str, Any], Fields]:
    """Split `name=value` fields into plain ones, converted, and those the kind reads itself (any number of each)."""
    plain_fields, pointers = kind.fields(), kind.pointers()
    values: dict[str, Any] = {}
    further: Fields = {name: [] for name in kind.further}
    for text in written:
        name, equals, value = text.partition("=")
        if name in further:
            further[name].append(value)
        elif name in pointers:
            table, row = row_of(connection, value)
            if table != pointers[name]:
                raise CisError(
                    "wrong_kind", "That is another kind of record", f"{value} is not a {name}. Nothing was saved."
                )
            values[f"{name}_id"] = row
        elif name in plain_fields and equals:
            values[name] = whole_number(name, value) if plain_fields[name] is int else value
        else:
            known = ", ".join(sorted([*plain_fields, *pointers, *further]))
            raise CisError(
                "no_such_field",
                "There is no such field",
                f"“{name}” is not something a {kind.name} has. Nothing was saved. Write --field NAME=VALUE with one "
                f"of: {known}.",
            )
    return values, further


def whole_number(name: str, text: str) -> int:
    """Read a whole number, or yes and no."""
    lowered = text.strip().lower()
    if lowered in ("yes", "no"):
        return int(lowered == "yes")
    if not lowered.isdecimal() or len(lowered) > 9:
        raise CisError(
            "not_a_number", "That is not a number", f"{name} takes a whole number, not “{text}”. Nothing was saved."
        )
    return int(lowered)


def last(days: list[str]) -> str:
    """Give the last day written, or today."""
    return days[-1] if days else date.today().isoformat()


def wanted(kind: Kind, workspace: Workspace, reference: str | None) -> int:
    """Give the row of the record to show."""
    if not reference:
        raise CisError("nothing_named", "Which one?", f"Say which: `{kind.name} DIR show REF`.")
    if kind.table == "contacts":
        return whole_number("contact", reference)
    table, row = row_of(workspace.read, reference)
    if table != kind.table:
        raise CisError("wrong_kind", "That is another kind of record", f"{reference} is not one of the {kind.words}.")
    return row


def whole(kind: Kind, workspace: Workspace, row: int) -> dict[str, Any]:
    """Give one record with all that belongs to it."""
    if kind.table == "contacts":
        return plain(contacts.get(workspace.read, row))
    (reference,) = workspace.read.execute(f"select reference from {kind.table} where id = ?", (row,)).fetchone()
    return show(workspace.read, reference)


def plain(record: Any) -> dict[str, Any]:
    """Give a record's own fields, those that say something."""
    return {name: value for name, value in asdict(record).items() if value not in (None, ())}


def line(record: dict[str, Any]) -> str:
    """Give a record in a list."""
    shown = {name: value for name, value in record.items() if name not in ("id", "reference")}
    return f"{record.get('reference', record['id'])}: " + ", ".join(f"{n} {v}" for n, v in shown.items())
