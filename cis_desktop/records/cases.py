"""Cases: a piece of work with a person or a household, opened and closed, with the needs behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack

from cis_desktop.errors import CisError
from cis_desktop.records import checks
from cis_desktop.records.reading import columns, one
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Case:
    """One case; its contacts are read by `contacts.of_case`."""

    id: int
    reference: str
    person_id: int | None
    household_id: int | None
    opened: str | None
    closed: str | None
    how_came: str | None
    referred_by: int | None
    priority: str | None
    status: str | None
    lawful_basis: str | None
    review_on: str | None
    worker: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Need:
    """A need behind a case; one of them may be the main one."""

    id: int
    need: str
    list_version: int | None
    main: bool


class CaseFields(TypedDict, total=False):
    """What can be written about a case; dates as `YYYY-MM-DD`."""

    person_id: int | None
    household_id: int | None
    opened: str | None
    closed: str | None
    how_came: str | None
    referred_by: int | None
    priority: str | None
    status: str | None
    lawful_basis: str | None
    review_on: str | None
    worker: str | None
    note: str | None


_COLUMNS = columns(Case)


def open_case(
    change: Change,
    main_need: str | None = None,
    further_needs: Iterable[str] = (),
    needs_version: int | None = None,
    **given: Unpack[CaseFields],
) -> int:
    """Open a case for a person or a household and return its id; it is opened today unless `opened` says otherwise.

    Raises CisError for an impossible value.
    """
    written = {"opened": date.today().isoformat(), "status": "open", **_checked(given)}
    if not (written.get("person_id") or written.get("household_id")):
        raise CisError(
            "case_with_nobody",
            "Nobody to open this case for",
            "A case is for a person or a household. Nothing was saved. Choose one of them first.",
        )
    case_id = change.insert("cases", reference=change.next_reference("C"), **written)
    if main_need:
        add_need(change, case_id, main_need, needs_version, main=True)
    for need in further_needs:
        add_need(change, case_id, need, needs_version)
    return case_id


def edit(change: Change, case_id: int, **given: Unpack[CaseFields]) -> None:
    """Write only the fields given. Raises CisError for an impossible value."""
    change.update("cases", case_id, **_checked(given))


def close(change: Change, case_id: int, on: str | date) -> None:
    """Close a case on a day; refuse a day before it was opened."""
    day = checks.a_day(on, "closing date")
    opened = get(change.connection, case_id).opened
    if opened and day < opened:
        raise CisError(
            "closed_before_opened",
            "A case cannot close before it opens",
            f"This case was opened on {opened}, which is after {day}. Nothing was saved. Check the date.",
        )
    change.update("cases", case_id, closed=day, status="closed")


def remove(change: Change, case_id: int) -> None:
    """Take a case out of every list and figure; its contacts stay, and undo brings it back."""
    change.delete("cases", case_id)


def add_need(change: Change, case_id: int, need: str, list_version: int | None = None, main: bool = False) -> int:
    """Add a need to a case and return its id."""
    return change.insert(
        "needs", case_id=case_id, need=checks.some_text(need, "need"), list_version=list_version, main=int(main)
    )


def needs_of(connection: Connection, case_id: int) -> list[Need]:
    """List the needs behind a case, the main one first."""
    rows = connection.execute(
        "select id, need, list_version, main from needs where case_id = ? and gone = 0 order by main desc, id",
        (case_id,),
    )
    return [Need(row[0], row[1], row[2], bool(row[3])) for row in rows]


def get(connection: Connection, case_id: int) -> Case:
    """Read one case by id. Raises CisError `not_found`."""
    return one(connection, Case, "cases", "id = ?", case_id)


def find(connection: Connection, reference: str) -> Case:
    """Read one case by reference (`C-0042`, in any case). Raises CisError `not_found`."""
    return one(connection, Case, "cases", "reference = ?", reference.strip().upper())


def of_person(connection: Connection, person_id: int) -> list[Case]:
    """List a person's cases, the latest opened first."""
    rows = connection.execute(
        f"select {_COLUMNS} from cases where person_id = ? and gone = 0 order by opened desc, id desc", (person_id,)
    )
    return [Case(*row) for row in rows]


def of_household(connection: Connection, household_id: int) -> list[Case]:
    """List a household's cases, the latest opened first."""
    rows = connection.execute(
        f"select {_COLUMNS} from cases where household_id = ? and gone = 0 order by opened desc, id desc",
        (household_id,),
    )
    return [Case(*row) for row in rows]


def _checked(given: CaseFields) -> dict[str, Any]:
    written = checks.tidied(given)
    for name, what in (("opened", "opening date"), ("closed", "closing date"), ("review_on", "review date")):
        if written.get(name):
            written[name] = checks.a_day(written[name], what)
    return written
