"""Households: who lives together, what they eat and cook with, and who may collect for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from cis_desktop import words as plain_words
from cis_desktop.records import checks, people, search
from cis_desktop.records.placing import placed
from cis_desktop.records.reading import columns, one
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Household:
    """One household; `adults` and `children` are the usual ones, a contact says who was helped that time."""

    id: int
    reference: str
    label: str | None
    adults: int | None
    children: int | None
    structure: str | None
    tenure: str | None
    postcode: str | None
    ward: str | None
    ward_vintage: str | None
    no_fixed_address: int | None
    diet: str | None
    allergies: str | None
    cooking: str | None
    delivery: str | None
    collectors: str | None
    note: str | None


class HouseholdFields(TypedDict, total=False):
    """What can be written about a household."""

    label: str | None
    adults: int | None
    children: int | None
    structure: str | None
    tenure: str | None
    postcode: str | None
    ward: str | None
    ward_vintage: str | None
    no_fixed_address: int | None
    diet: str | None
    allergies: str | None
    cooking: str | None
    delivery: str | None
    collectors: str | None
    note: str | None


_COLUMNS = columns(Household)


def add(change: Change, **given: Unpack[HouseholdFields]) -> int:
    """Add a household and return its id. Raises CisError for an impossible value."""
    written = placed(change.connection, _checked(given))
    return change.insert("households", reference=change.next_reference("H"), **written)


def edit(change: Change, household_id: int, **given: Unpack[HouseholdFields]) -> None:
    """Write only the fields given. Raises CisError for an impossible value."""
    change.update("households", household_id, **placed(change.connection, _checked(given)))


def remove(change: Change, household_id: int) -> None:
    """Take a household out of every list and figure; its members stay, and undo brings it back."""
    change.delete("households", household_id)


def get(connection: Connection, household_id: int) -> Household:
    """Read one household by id. Raises CisError `not_found`."""
    return one(connection, Household, "households", "id = ?", household_id)


def find(connection: Connection, reference: str) -> Household:
    """Read one household by reference (`H-0042`, in any case). Raises CisError `not_found`."""
    return one(connection, Household, "households", "reference = ?", reference.strip().upper())


def of(connection: Connection, person_id: int) -> Household | None:
    """Read the household a person lives in, or None where there is none. Raises CisError `not_found` for the person."""
    home = people.get(connection, person_id).household_id
    row = connection.execute("select 1 from households where id = ? and gone = 0", (home,)).fetchone()
    return get(connection, home) if row and home is not None else None


def called(connection: Connection, household: Household) -> str:
    """Give what to call a household: its own name, else the names of two who live there, else the reference."""
    if household.label:
        return plain_words.shortened(household.label)
    names = [plain_words.within(each.label) for each in people.in_household(connection, household.id)]
    return " & ".join(names[:2]) + (" & …" if len(names) > 2 else "") or household.reference


def page(connection: Connection, before: int | None = None, limit: int = 50) -> list[Household]:
    """List households, newest first; `before` is the last id of the page above."""
    rows = connection.execute(
        f"select {_COLUMNS} from households where gone = 0 and id < ? order by id desc limit ?",
        (before if before is not None else 2**62, limit),
    )
    return [Household(*row) for row in rows]


def found(connection: Connection, words: str, limit: int = 10) -> list[Household]:
    """List households by their own words, or by those of anybody who lives there, best first."""
    ids: dict[int, None] = {}
    for hit in search.search(connection, words, 3 * limit):
        if hit.kind == "household":
            ids[hit.id] = None
        elif hit.kind == "person" and (home := people.get(connection, hit.id).household_id):
            ids[home] = None
    here = connection.execute(
        f"select id from households where id in ({', '.join('?' * len(ids))}) and gone = 0", list(ids)
    ).fetchall()
    known = {row[0] for row in here}
    return [get(connection, each) for each in ids if each in known][:limit]


def move(change: Change, person_id: int, household_id: int | None) -> int:
    """Let a person live in a household from now on, or (None) in a new one of their own; give its id.

    Earlier visits stay with the household of their day. Raises CisError `not_found`.
    """
    person = people.get(change.connection, person_id)
    if household_id is None:
        household_id = add(change, postcode=person.postcode, ward=person.ward, ward_vintage=person.ward_vintage)
    else:
        get(change.connection, household_id)
    people.edit(change, person_id, household_id=household_id)
    return household_id


def _checked(given: HouseholdFields) -> dict[str, Any]:
    written = checks.tidied(given)
    checks.short_enough(written, {"label": "name of the household"})
    if "postcode" in written:
        written["postcode"] = checks.a_postcode(written["postcode"])
    if "ward" in written:
        written["ward"] = checks.a_ward(written["ward"])
    for name in ("adults", "children"):
        if name in written:
            written[name] = checks.a_count(written[name], name)
    return written
