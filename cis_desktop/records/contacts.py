"""Contacts: each visit, call, parcel or piece of advice, with what was given and the needs it met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypedDict, Unpack

from cis_desktop.errors import CisError
from cis_desktop.records import checks
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Given:
    """Something given in a contact: a whole number in `unit`, money in pence, a parcel with the days it feeds."""

    item: str
    quantity: int | None = None
    unit: str | None = None
    pence: int | None = None
    parcel_days: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One thing that happened, with what was given and the needs met."""

    id: int
    person_id: int | None
    household_id: int | None
    case_id: int | None
    session_id: int | None
    on_date: str
    at_time: str | None
    kind: str | None
    adults: int | None
    children: int | None
    helped: int | None
    minutes: int | None
    how: str | None
    worker: str | None
    paid_by: int | None
    note: str | None
    given: tuple[Given, ...] = ()
    needs: tuple[str, ...] = ()


class ContactFields(TypedDict, total=False):
    """What can be written about a contact."""

    person_id: int | None
    household_id: int | None
    case_id: int | None
    session_id: int | None
    at_time: str | None
    kind: str | None
    adults: int | None
    children: int | None
    helped: int | None
    minutes: int | None
    how: str | None
    worker: str | None
    paid_by: int | None
    note: str | None


_FIELDS = tuple(field.name for field in fields(Contact) if field.name not in ("given", "needs"))
_COLUMNS = ", ".join(_FIELDS)


def add(
    change: Change,
    on_date: str | date,
    given: Iterable[Given] = (),
    needs: Iterable[str] = (),
    needs_version: int | None = None,
    **details: Unpack[ContactFields],
) -> int:
    """Add a contact and return its id; it must be with a person, a household, a case or at a session.

    A contact with a person is also one with the household that person lives in on that day. `needs` are keys of the
    code list in its version `needs_version`. Raises CisError for an impossible value.
    """
    written = _checked(details)
    if not any(written.get(who) for who in ("person_id", "household_id", "case_id", "session_id")):
        raise CisError(
            "contact_with_nobody",
            "Nobody to write this visit down for",
            "A visit belongs to a person, a household, a case or a session. Nothing was saved. "
            "Choose one of them, or count the visitors in the session's head-count.",
        )
    if written.get("person_id") and "household_id" not in written:
        row = change.connection.execute(
            "select household_id from people where id = ?", (written["person_id"],)
        ).fetchone()
        written["household_id"] = row[0] if row else None
    contact_id = change.insert("contacts", on_date=checks.a_day(on_date, "date of the visit"), **written)
    for thing in given:
        add_given(change, contact_id, thing)
    for need in needs:
        change.insert("needs", contact_id=contact_id, need=need, list_version=needs_version)
    return contact_id


def add_given(change: Change, contact_id: int, thing: Given) -> int:
    """Write down something given in a contact and return its id. Raises CisError for an impossible amount."""
    return change.insert(
        "given",
        contact_id=contact_id,
        item=checks.some_text(thing.item, "thing that was given"),
        quantity=checks.a_count(thing.quantity, "items"),
        unit=thing.unit,
        pence=checks.a_count(thing.pence, "pence"),
        parcel_days=checks.a_count(thing.parcel_days, "days"),
    )


def edit(change: Change, contact_id: int, on_date: str | date | None = None, **details: Unpack[ContactFields]) -> None:
    """Write only the fields given. Raises CisError for an impossible value."""
    written = _checked(details)
    if on_date is not None:
        written["on_date"] = checks.a_day(on_date, "date of the visit")
    change.update("contacts", contact_id, **written)


def remove(change: Change, contact_id: int) -> None:
    """Take a contact, and what was given in it, out of every list and figure; undo brings them back."""
    for table in ("given", "needs"):
        rows = change.connection.execute(
            f"select id from {table} where contact_id = ? and gone = 0", (contact_id,)
        ).fetchall()
        for (row_id,) in rows:
            change.delete(table, row_id)
    change.delete("contacts", contact_id)


def get(connection: Connection, contact_id: int) -> Contact:
    """Read one contact by id. Raises CisError `not_found`."""
    found = _filled(connection, "id = ? and gone = 0", (contact_id,))
    if not found:
        raise checks.not_found(str(contact_id), "visit")
    return found[0]


def of_person(
    connection: Connection, person_id: int, before: tuple[str, int] | None = None, limit: int = 50
) -> list[Contact]:
    """List a person's contacts, latest first; `before` is the date and id of the last one on the page above."""
    day, row = before or ("9999", 0)
    return _filled(
        connection,
        "person_id = ? and gone = 0 and (on_date, id) < (?, ?) order by on_date desc, id desc limit ?",
        (person_id, day, row, limit),
    )


def of_case(connection: Connection, case_id: int, limit: int = 200) -> list[Contact]:
    """List a case's contacts, latest first."""
    return _filled(connection, "case_id = ? and gone = 0 order by on_date desc, id desc limit ?", (case_id, limit))


def of_household(connection: Connection, household_id: int, limit: int = 200) -> list[Contact]:
    """List a household's contacts, latest first."""
    return _filled(
        connection, "household_id = ? and gone = 0 order by on_date desc, id desc limit ?", (household_id, limit)
    )


def at_session(connection: Connection, session_id: int, limit: int = 500) -> list[Contact]:
    """List the visits of people who are known at a session, latest written first."""
    return _filled(connection, "session_id = ? and gone = 0 order by id desc limit ?", (session_id, limit))


def _filled(connection: Connection, condition: str, values: Sequence[object]) -> list[Contact]:
    rows = connection.execute(f"select {_COLUMNS} from contacts where {condition}", values).fetchall()
    ids = [row[0] for row in rows]
    marks = ", ".join("?" * len(ids))
    given: dict[int, list[Given]] = {}
    for contact_id, *thing in connection.execute(
        "select contact_id, item, quantity, unit, pence, parcel_days from given"
        f" where contact_id in ({marks}) and gone = 0 order by id",
        ids,
    ):
        given.setdefault(contact_id, []).append(Given(*thing))
    needs: dict[int, list[str]] = {}
    for contact_id, need in connection.execute(
        f"select contact_id, need from needs where contact_id in ({marks}) and gone = 0 order by id", ids
    ):
        needs.setdefault(contact_id, []).append(need)
    return [
        replace(Contact(*row), given=tuple(given.get(row[0], ())), needs=tuple(needs.get(row[0], ()))) for row in rows
    ]


def _checked(details: ContactFields) -> dict[str, Any]:
    written = checks.tidied(details)
    for name in ("adults", "children", "helped", "minutes"):
        if name in written:
            written[name] = checks.a_count(written[name], "people" if name != "minutes" else name)
    return written
