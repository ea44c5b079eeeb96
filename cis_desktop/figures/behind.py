"""The records behind one exact figure: for the group's own eyes, never for a pack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cis_desktop import words
from cis_desktop.agreements import Agreement
from cis_desktop.disclosure.tables import Key
from cis_desktop.errors import CisError
from cis_desktop.figures.gather import gather
from cis_desktop.figures.periods import Period
from cis_desktop.figures.tabulate import plan
from cis_desktop.figures.tally import records
from cis_desktop.records import people
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Behind:
    """A record behind a figure: its kind, its reference ("" where nobody was named), and a label for people."""

    kind: Literal["person", "household", "contact", "session", "observation"]
    reference: str
    label: str


def records_behind(
    connection: Connection, agreement: Agreement, table_id: str, key: Key, period: Period
) -> list[Behind]:
    """List the records that a cell counts: people and households, or sessions, or observations.

    `table_id` and `key` are those of an exact table. Raises CisError when there is no such table or cell.
    """
    wanted, planned = plan(connection, agreement, period)
    table = next((each for each in planned if each.shape.id == table_id), None)
    if table is None:
        raise _no_cell(f"“{agreement.title}” has no table called “{table_id}” for {period.label}")
    if len(key) != len(table.slots):
        raise _no_cell(f"A figure of “{table.shape.title}” is named by {words.count(len(table.slots), 'label')}")
    try:
        found = records(table, gather(connection, wanted), key)
    except KeyError as missing:
        raise _no_cell(f"“{table.shape.title}” has no row {missing}") from None
    if table.source == "sessions":
        return [_session(connection, record) for record in found]
    if table.source == "observations":
        return [_observation(connection, record) for record in found]
    return [_client(connection, who) for who in found]


def _client(connection: Connection, who: int) -> Behind:
    if who == 0:
        return Behind("contact", "", "Contacts with nobody named")
    if who < 0:
        reference, label = connection.execute(
            "select reference, coalesce(label, '') from households where id = ?", (-who,)
        ).fetchone()
        return Behind("household", reference, label or "A household without a name")
    reference, given, family, initials = connection.execute(
        "select reference, given_name, family_name, initials from people where id = ?", (who,)
    ).fetchone()
    return Behind("person", reference, people.label(given, family, initials, "Nobody by name"))


def _session(connection: Connection, record: int) -> Behind:
    reference, day, venue = connection.execute(
        "select reference, on_date, coalesce(venue, '') from sessions where id = ?", (record,)
    ).fetchone()
    return Behind("session", reference, f"{words.day(day)}{', ' if venue else ''}{venue}")


def _observation(connection: Connection, record: int) -> Behind:
    reference, on, text = connection.execute(
        "select reference, noticed_on, words from observations where id = ?", (record,)
    ).fetchone()
    return Behind("observation", reference, f"{words.when(on)}: {words.shortened(text)}")


def _no_cell(why: str) -> CisError:
    return CisError(
        "no_such_figure", "There is no such figure", f"{why}. Nothing was changed. Choose a figure from its tables."
    )
