"""What happened, latest first: the visits, cases and notes of one person, or everything in one case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cis_desktop.records import cases, contacts, observations
from cis_desktop.vault.tables import Connection

Kind = Literal["closed", "visit", "noticed", "review", "opened"]
_ORDER: tuple[Kind, ...] = ("opened", "noticed", "visit", "review", "closed")
"""Within a day: what is later in it comes first in the list."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on a day (or in a month). One of the three records is given, by `kind`."""

    on: str
    kind: Kind
    id: int
    visit: contacts.Contact | None = None
    case: cases.Case | None = None
    noticed: observations.Observation | None = None


_OF_PERSON = (
    "select on_date as day, 2 as kind, id from contacts where person_id = :who and gone = 0"
    " union all select noticed_on, 1, id from observations where person_id = :who and gone = 0"
    " union all select opened, 0, id from cases where person_id = :who and gone = 0 and opened is not null"
    " union all select closed, 4, id from cases where person_id = :who and gone = 0 and closed is not null"
)


def of_person(connection: Connection, person_id: int, after: Event | None = None, limit: int = 50) -> list[Event]:
    """List what happened with a person, latest first, from the one `after` another on."""
    last = (after.on, _ORDER.index(after.kind), after.id) if after else ("9999", 9, 0)
    rows = connection.execute(
        f"select day, kind, id from ({_OF_PERSON}) where (day, kind, id) < (:day, :kind, :id)"
        " order by day desc, kind desc, id desc limit :limit",
        {"who": person_id, "day": last[0], "kind": last[1], "id": last[2], "limit": limit},
    ).fetchall()
    return [event(connection, day, _ORDER[kind], record) for day, kind, record in rows]


def of_case(connection: Connection, case: cases.Case, visits: int = 200) -> list[Event]:
    """List what happened in a case, latest first: how it ended, its visits, when it was opened."""
    happened = [
        Event(each.on_date, "visit", each.id, visit=each) for each in contacts.of_case(connection, case.id, visits)
    ]
    if case.opened:
        happened.append(Event(case.opened, "opened", case.id, case=case))
    if case.review_on and not case.closed:
        happened.append(Event(case.review_on, "review", case.id, case=case))
    if case.closed:
        happened.append(Event(case.closed, "closed", case.id, case=case))
    return in_order(happened)


def in_order(events: Sequence[Event]) -> list[Event]:
    """Sort events, latest first."""
    return sorted(events, key=lambda each: (each.on, _ORDER.index(each.kind), each.id), reverse=True)


def event(connection: Connection, day: str, kind: Kind, record: int) -> Event:
    """Read the record behind an event."""
    if kind == "visit":
        return Event(day, kind, record, visit=contacts.get(connection, record))
    if kind == "noticed":
        return Event(day, kind, record, noticed=observations.get(connection, record))
    return Event(day, kind, record, case=cases.get(connection, record))
