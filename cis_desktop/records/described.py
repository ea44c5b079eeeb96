"""Described values: ethnic group, sex, disability and so on, and who said so, or that it was not asked."""

from __future__ import annotations

from dataclasses import dataclass

from cis_desktop.errors import CisError
from cis_desktop.records import checks
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.tables import Connection

TRAITS = ("ethnic_group", "sex", "gender", "disability", "religion", "sexuality", "carer")
STATUSES = ("answered", "prefer_not", "not_asked")
SOURCES = ("self", "observed", "referrer")


@dataclass(frozen=True, slots=True)
class DescribedValue:
    """What is held for one trait of one person; `value` is a code of the list in `list_version`, if answered."""

    id: int
    person_id: int
    trait: str
    value: str | None
    list_version: int | None
    status: str
    source: str | None
    permission_on: str | None


def describe(
    change: Change,
    person_id: int,
    trait: str,
    value: str | None = None,
    *,
    status: str = "answered",
    source: str | None = "self",
    list_version: int | None = None,
    permission_on: str | None = None,
) -> int:
    """Write down one trait of a person in place of what was held before, and return its id.

    Raises CisError for an unknown trait, status or source, and for a value that goes with no answer.
    """
    checks.one_of(trait, TRAITS, "kind of description")
    checks.one_of(status, STATUSES, "kind of answer")
    checks.one_of(source, SOURCES, "source")
    if (status == "answered") != bool(value):
        raise CisError(
            "answer_and_value_differ",
            "An answer is missing",
            "An answered question needs its answer, and one that was not asked or not answered has none. "
            "Nothing was saved. Choose an answer, “prefer not to say” or “not asked”.",
        )
    written = {
        "value": value,
        "list_version": list_version,
        "status": status,
        "source": source,
        "permission_on": checks.a_day(permission_on, "date of permission") if permission_on else None,
    }
    row = change.connection.execute(
        "select id from described_values where person_id = ? and trait = ? and gone = 0 order by id desc limit 1",
        (person_id, trait),
    ).fetchone()
    if row:
        change.update("described_values", row[0], **written)
        return int(row[0])
    # The same on every laptop: two answers written apart are two values of one description, not two descriptions.
    (person,) = change.connection.execute("select uid from people where id = ?", (person_id,)).fetchone()
    uid = derived_uid("described", person.hex(), trait)
    there = change.connection.execute("select id from described_values where uid = ?", (uid,)).fetchone()
    if there is None:
        return change.insert("described_values", uid=uid, person_id=person_id, trait=trait, **written)
    change.update("described_values", there[0], gone=0, **written)
    return int(there[0])


def of_person(connection: Connection, person_id: int) -> dict[str, DescribedValue]:
    """Give what is held of a person by trait; a trait that is missing was not asked."""
    rows = connection.execute(
        "select id, person_id, trait, value, list_version, status, source, permission_on from described_values"
        " where person_id = ? and gone = 0 order by id",
        (person_id,),
    )
    return {row[2]: DescribedValue(*row) for row in rows}
