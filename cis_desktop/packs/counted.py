"""Which packs a record was counted in: those whose period has something about it."""

from __future__ import annotations

from collections.abc import Iterable

from cis_desktop import ledger
from cis_desktop.figures import period
from cis_desktop.records.show import row_of
from cis_desktop.vault.tables import Connection

DAYS = {
    "people": "select on_date from contacts where person_id = :row and gone = 0"
    " union select noticed_on from observations where person_id = :row and gone = 0",
    "households": "select on_date from contacts where household_id = :row and gone = 0",
    "cases": "select on_date from contacts where case_id = :row and gone = 0",
    "sessions": "select on_date from sessions where id = :row and gone = 0",
    "observations": "select noticed_on from observations where id = :row and gone = 0",
}
"""The days on which something about a record happened, for each table that has references."""

QUOTED = {
    "people": "select reference from observations where person_id = :row",
    "observations": "select reference from observations where id = :row",
}


def packs_quoting(connection: Connection, rows: Iterable[tuple[str, int]]) -> list[ledger.Entry]:
    """Give the releases, oldest first, with words of these (table, row id): observations, or people they are about."""
    found = {
        str(reference)
        for table, row in rows
        if table in QUOTED
        for (reference,) in connection.execute(QUOTED[table], {"row": row})
    }
    return [entry for entry in ledger.releases(connection) if found & set(entry.observations)]


def packs_counting(connection: Connection, reference: str) -> set[str]:
    """Give the ids of the packs with a period in which something about this record happened.

    That is every pack whose figures it can be part of, unless the agreement's filters left it out. A day may be a
    month only (`2018-03`), which counts for every period that touches it.
    """
    table, row = row_of(connection, reference)
    days = [str(day) for (day,) in connection.execute(DAYS[table], {"row": row})]
    found = set()
    for entry in ledger.releases(connection):
        asked = period(entry.period)
        first, last = asked.first.isoformat(), asked.last.isoformat()
        if any(first[: len(day)] <= day <= last[: len(day)] for day in days):
            found.add(entry.pack)
    return found
