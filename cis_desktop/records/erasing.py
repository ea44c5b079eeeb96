"""What goes when somebody is erased: their own row, and the household they lived in alone."""

from __future__ import annotations

from cis_desktop.vault.tables import Connection


def rows_of(connection: Connection, table: str, row: int) -> tuple[list[tuple[str, int]], str | None]:
    """Give the rows to erase for a record, and the reference of a household that stays because others are in it.

    Everything whose path leads to these rows goes with them; see `vault.erasure`. A household counts as shared when
    anybody else has ever been put in it, gone or not.
    """
    if table != "people":
        return [(table, row)], None
    home = connection.execute(
        "select h.id, h.reference, exists (select 1 from people o where o.household_id = h.id and o.id <> p.id)"
        " from people p join households h on h.id = p.household_id where p.id = ?",
        (row,),
    ).fetchone()
    if home is None:
        return [(table, row)], None
    household, reference, shared = home
    return ([(table, row)], str(reference)) if shared else ([(table, row), ("households", int(household))], None)
