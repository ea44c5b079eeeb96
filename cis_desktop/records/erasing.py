"""What goes when somebody is erased: their own row, those joined into it, and a household they lived in alone."""

from __future__ import annotations

from cis_desktop.records.sameness import joined_with
from cis_desktop.vault.tables import Connection


def rows_of(connection: Connection, table: str, row: int) -> tuple[list[tuple[str, int]], str | None]:
    """Give the rows to erase for a record, and the reference of a household that stays because others are in it.

    Everything whose path leads to these rows goes with them; see `vault.erasure`. A household counts as shared when
    anybody else has ever been put in it, gone or not, but for records of the same person.
    """
    if table != "people":
        return [(table, row)], None
    own = [row, *joined_with(connection, row)]
    marks = ", ".join("?" * len(own))
    going = [("people", each) for each in own]
    shared = None
    for household, reference, others in connection.execute(
        "select distinct h.id, h.reference, exists (select 1 from people o where o.household_id = h.id"
        f" and o.id not in ({marks})) from people p join households h on h.id = p.household_id where p.id in ({marks})",
        own + own,
    ).fetchall():
        if others:
            shared = str(reference)
        else:
            going.append(("households", int(household)))
    return going, shared
