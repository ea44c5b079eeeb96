"""Organisations a group works with; an unregistered group has a name and no number."""

from __future__ import annotations

from dataclasses import dataclass

from cis_desktop.records import checks
from cis_desktop.records.reading import one
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation; `org_id` is an org-id.guide identifier such as `GB-CHC-1234567`."""

    id: int
    name: str
    org_id: str | None
    kind: str | None
    note: str | None


def add(change: Change, name: str, org_id: str | None = None, kind: str | None = None, note: str | None = None) -> int:
    """Add an organisation and return its id. Raises CisError where the name is empty."""
    return change.insert(
        "organisations",
        name=checks.some_text(name, "name of the organisation"),
        org_id=checks.text_or_none(org_id),
        kind=checks.text_or_none(kind),
        note=checks.text_or_none(note),
    )


def get(connection: Connection, organisation_id: int) -> Organisation:
    """Read one organisation by id. Raises CisError `not_found`."""
    return one(connection, Organisation, "organisations", "id = ?", organisation_id)


def every(connection: Connection) -> list[Organisation]:
    """List the organisations by name; a group knows tens or hundreds of them."""
    rows = connection.execute("select id, name, org_id, kind, note from organisations where gone = 0 order by name, id")
    return [Organisation(*row) for row in rows]
