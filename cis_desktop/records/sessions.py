"""Sessions: a gathering on a day at a venue, with an anonymous head-count; visits of known people attach to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack

from cis_desktop.records import checks
from cis_desktop.records.reading import columns, one
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.words import same


@dataclass(frozen=True, slots=True)
class Session:
    """One session; the head-count is `adults` and `children`, each None when it was not counted."""

    id: int
    reference: str
    on_date: str
    venue: str | None
    ward: str | None
    adults: int | None
    children: int | None
    new_estimate: int | None
    returning_estimate: int | None
    note: str | None


class SessionFields(TypedDict, total=False):
    """What can be written about a session."""

    venue: str | None
    ward: str | None
    adults: int | None
    children: int | None
    new_estimate: int | None
    returning_estimate: int | None
    note: str | None


_COLUMNS = columns(Session)


def add(change: Change, on_date: str | date, **given: Unpack[SessionFields]) -> int:
    """Add a session and return its id. Raises CisError for an impossible value."""
    return change.insert(
        "sessions",
        reference=change.next_reference("S"),
        on_date=checks.a_day(on_date, "date of the session"),
        **_checked(given),
    )


def edit(change: Change, session_id: int, on_date: str | date | None = None, **given: Unpack[SessionFields]) -> None:
    """Write only the fields given. Raises CisError for an impossible value."""
    written = _checked(given)
    if on_date is not None:
        written["on_date"] = checks.a_day(on_date, "date of the session")
    change.update("sessions", session_id, **written)


def remove(change: Change, session_id: int) -> None:
    """Take a session out of every list and figure; the visits of known people stay, and undo brings it back."""
    change.delete("sessions", session_id)


def get(connection: Connection, session_id: int) -> Session:
    """Read one session by id. Raises CisError `not_found`."""
    return one(connection, Session, "sessions", "id = ?", session_id)


def find(connection: Connection, reference: str) -> Session:
    """Read one session by reference (`S-0042`, in any case). Raises CisError `not_found`."""
    return one(connection, Session, "sessions", "reference = ?", reference.strip().upper())


def page(connection: Connection, before: tuple[str, int] | None = None, limit: int = 50) -> list[Session]:
    """List sessions, latest first; `before` is the date and id of the last one on the page above."""
    day, row = before or ("9999", 0)
    rows = connection.execute(
        f"select {_COLUMNS} from sessions where gone = 0 and (on_date, id) < (?, ?)"
        " order by on_date desc, id desc limit ?",
        (day, row, limit),
    )
    return [Session(*found) for found in rows]


def by_name(connection: Connection, session_ids: Sequence[int]) -> dict[int, int]:
    """Count the visits of known people at each of these sessions; one without any is left out."""
    marks = ", ".join("?" * len(session_ids))
    rows = connection.execute(
        f"select session_id, count(*) from contacts where session_id in ({marks}) and gone = 0 group by session_id",
        tuple(session_ids),
    )
    return dict(rows.fetchall())


def on_day(connection: Connection, day: str | date) -> list[Session]:
    """List the sessions of one day, latest written first. Raises CisError for text that is no day."""
    rows = connection.execute(
        f"select {_COLUMNS} from sessions where on_date = ? and gone = 0 order by id desc", (checks.a_day(day),)
    )
    return [Session(*row) for row in rows]


def begin(change: Change, day: str | date, venue: str) -> int:
    """Give the session of a day at a venue, added if there is none yet. Raises CisError for an impossible day."""
    for session in on_day(change.connection, day):
        if same(session.venue or "", venue):
            return session.id
    return add(change, day, venue=" ".join(venue.split()))


def venues(connection: Connection, limit: int = 20) -> list[str]:
    """List the venues of the latest 200 sessions, the most used first, to offer while typing."""
    rows = connection.execute(
        "select venue from (select venue from sessions where gone = 0 order by on_date desc limit 200)"
        " where venue is not null group by venue order by count(*) desc, venue limit ?",
        (limit,),
    )
    return [row[0] for row in rows]


def _checked(given: SessionFields) -> dict[str, Any]:
    written = checks.tidied(given)
    if "ward" in written:
        written["ward"] = checks.a_ward(written["ward"])
    for name in ("adults", "children", "new_estimate", "returning_estimate"):
        if name in written:
            written[name] = checks.a_count(written[name], "people")
    return written
