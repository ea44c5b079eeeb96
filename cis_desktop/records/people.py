"""People who are helped: adding, correcting, finding, listing. Nothing about a person is required but a reference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from cis_desktop import words
from cis_desktop.records import checks
from cis_desktop.records.placing import placed
from cis_desktop.records.reading import columns, one
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Person:
    """One person as written down; yes/no fields are 1, 0 or None for not asked."""

    id: int
    reference: str
    own_number: str | None
    second_number: str | None
    given_name: str | None
    family_name: str | None
    initials: str | None
    birth_year: int | None
    household_id: int | None
    postcode: str | None
    ward: str | None
    ward_vintage: str | None
    no_fixed_address: int | None
    phone: str | None
    phone_permission: int | None
    email: str | None
    email_permission: int | None
    safe_contact: str | None
    language: str | None
    interpreter: int | None
    parent_or_carer: int | None
    unlinked: int | None
    note: str | None

    @property
    def label(self) -> str:
        """Give what to call this person on screen: a name, else initials, else the reference."""
        return label(self.given_name, self.family_name, self.initials, self.reference)


class PersonFields(TypedDict, total=False):
    """What can be written about a person."""

    own_number: str | None
    second_number: str | None
    given_name: str | None
    family_name: str | None
    initials: str | None
    birth_year: int | None
    household_id: int | None
    postcode: str | None
    ward: str | None
    ward_vintage: str | None
    no_fixed_address: int | None
    phone: str | None
    phone_permission: int | None
    email: str | None
    email_permission: int | None
    safe_contact: str | None
    language: str | None
    interpreter: int | None
    parent_or_carer: int | None
    unlinked: int | None
    note: str | None


LONGEST_LABEL = 80
"""Letters of a name that are shown."""
_SHORT = {
    "given_name": "first name", "family_name": "family name", "initials": "initials", "own_number": "number",
    "second_number": "second number", "phone": "phone number", "email": "email address", "language": "language",
}  # fmt: skip
_COLUMNS = columns(Person)
_FAMILY_FIRST = re.compile("^[぀-ヿ㐀-䶿一-鿿가-힣豈-﫿]+$")


def add(change: Change, **given: Unpack[PersonFields]) -> int:
    """Add a person, who may be nameless, and return the id. Raises CisError for an impossible value."""
    written = placed(change.connection, _checked(given))
    return change.insert("people", reference=change.next_reference("P"), **written)


def edit(change: Change, person_id: int, **given: Unpack[PersonFields]) -> None:
    """Write only the fields given. Raises CisError for an impossible value."""
    change.update("people", person_id, **placed(change.connection, _checked(given)))


def remove(change: Change, person_id: int) -> None:
    """Take a person out of every list and figure; undo brings them back."""
    change.delete("people", person_id)


def get(connection: Connection, person_id: int) -> Person:
    """Read one person by id. Raises CisError `not_found`."""
    return one(connection, Person, "people", "id = ?", person_id)


def find(connection: Connection, reference: str) -> Person:
    """Read one person by reference (`P-0042`, in any case). Raises CisError `not_found`."""
    return one(connection, Person, "people", "reference = ?", reference.strip().upper())


def page(connection: Connection, before: int | None = None, limit: int = 50) -> list[Person]:
    """List people, newest first; `before` is the last id of the page above. The cost is the same on every page."""
    rows = connection.execute(
        f"select {_COLUMNS} from people where gone = 0 and id < ? order by id desc limit ?",
        (before if before is not None else 2**62, limit),
    )
    return [Person(*row) for row in rows]


def recently_seen(connection: Connection, limit: int = 50) -> list[Person]:
    """List the people of the latest contacts, latest first, each once; where room is left, the newest added.

    Looks at the last `20 * limit` contacts.
    """
    rows = connection.execute(
        "select person_id from (select person_id, on_date, id from contacts where gone = 0"
        " order by on_date desc limit ?)"
        " where person_id is not null group by person_id order by max(on_date) desc, max(id) desc limit ?",
        (20 * limit, limit),
    ).fetchall()
    found = read_many(connection, [row[0] for row in rows])
    seen = [found[row[0]] for row in rows if row[0] in found]
    return [*seen, *(each for each in page(connection, limit=limit) if each.id not in found)][:limit]


def read_many(connection: Connection, ids: list[int]) -> dict[int, Person]:
    """Read several people at once, by id; those gone are left out."""
    marks = ", ".join("?" * len(ids))
    rows = connection.execute(f"select {_COLUMNS} from people where id in ({marks}) and gone = 0", ids)
    return {row[0]: Person(*row) for row in rows}


def in_household(connection: Connection, household_id: int) -> list[Person]:
    """List the members of a household, oldest record first."""
    rows = connection.execute(
        f"select {_COLUMNS} from people where household_id = ? and gone = 0 order by id", (household_id,)
    )
    return [Person(*row) for row in rows]


def label(given_name: str | None, family_name: str | None, initials: str | None, reference: str) -> str:
    """Give what to call a person: a name, else initials, else the reference.

    A name in Chinese, Japanese or Korean is written family name first, without a space. A very long one is cut, as a
    list has no room for it; the record keeps it whole.
    """
    if given_name and family_name:
        name = family_name + given_name if _FAMILY_FIRST.match(family_name) else f"{given_name} {family_name}"
    else:
        name = given_name or family_name or initials or reference
    name = words.harmless(name).strip() or reference
    return name if len(name) <= LONGEST_LABEL else words.shortened(name, LONGEST_LABEL)


def _checked(given: PersonFields) -> dict[str, Any]:
    written = checks.tidied(given)
    checks.short_enough(written, _SHORT)
    if "postcode" in written:
        written["postcode"] = checks.a_postcode(written["postcode"])
    if "ward" in written:
        written["ward"] = checks.a_ward(written["ward"])
    if "birth_year" in written:
        written["birth_year"] = checks.a_birth_year(written["birth_year"])
    return written
