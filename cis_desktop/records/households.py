"""Households: who lives together, what they eat and cook with, and who may collect for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from cis_desktop.records import checks
from cis_desktop.records.reading import one
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


def add(change: Change, **given: Unpack[HouseholdFields]) -> int:
    """Add a household and return its id. Raises CisError for an impossible value."""
    return change.insert("households", reference=change.next_reference("H"), **_checked(given))


def edit(change: Change, household_id: int, **given: Unpack[HouseholdFields]) -> None:
    """Write only the fields given. Raises CisError for an impossible value."""
    change.update("households", household_id, **_checked(given))


def remove(change: Change, household_id: int) -> None:
    """Take a household out of every list and figure; its members stay, and undo brings it back."""
    change.delete("households", household_id)


def get(connection: Connection, household_id: int) -> Household:
    """Read one household by id. Raises CisError `not_found`."""
    return one(connection, Household, "households", "id = ?", household_id)


def find(connection: Connection, reference: str) -> Household:
    """Read one household by reference (`H-0042`, in any case). Raises CisError `not_found`."""
    return one(connection, Household, "households", "reference = ?", reference.strip().upper())


def _checked(given: HouseholdFields) -> dict[str, Any]:
    written = checks.tidied(given)
    if "postcode" in written:
        written["postcode"] = checks.a_postcode(written["postcode"])
    if "ward" in written:
        written["ward"] = checks.a_ward(written["ward"])
    for name in ("adults", "children"):
        if name in written:
            written[name] = checks.a_count(written[name], name)
    return written
