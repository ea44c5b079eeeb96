"""One whole record with what belongs to it, as plain values that can be written as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from cis_desktop.records import cases, checks, contacts, described, households, observations, people, sessions
from cis_desktop.records.reading import TABLES
from cis_desktop.vault.tables import Connection

_ALL = 1_000_000


def show(connection: Connection, reference: str) -> dict[str, Any]:
    """Read a record by its reference, whatever its kind, with everything that belongs to it.

    `kind` says what it is; ids are left out, since they mean nothing on another laptop. Raises CisError `not_found`.
    """
    wanted = reference.strip().upper()
    reading = _KINDS.get(wanted[:1])
    if reading is None:
        raise checks.not_found(reference, "record")
    return reading(connection, wanted)


def row_of(connection: Connection, reference: str) -> tuple[str, int]:
    """Give the table and row id behind a reference, even of a record that is gone. Raises CisError `not_found`."""
    wanted = reference.strip().upper()
    table = TABLES.get(wanted[:1])
    row = (
        connection.execute(f"select id from {table} where reference = ? order by gone, id", (wanted,)).fetchone()
        if table
        else None
    )
    if table is None or row is None:
        raise checks.not_found(reference, "record")
    return table, int(row[0])


def _person(connection: Connection, reference: str) -> dict[str, Any]:
    person = people.find(connection, reference)
    home = person.household_id
    household = [
        found for (found,) in connection.execute("select reference from households where id = ? and gone = 0", (home,))
    ]
    noticed = connection.execute(
        "select reference from observations where person_id = ? and gone = 0 order by id", (person.id,)
    )
    return {
        "kind": "person",
        **_plain(person),
        "household": household[0] if household else None,
        "described": [_plain(value) for value in described.of_person(connection, person.id).values()],
        "cases": [case.reference for case in cases.of_person(connection, person.id)],
        "contacts": [_plain(c) for c in contacts.of_person(connection, person.id, limit=_ALL)],
        "observations": [found for (found,) in noticed],
    }


def _household(connection: Connection, reference: str) -> dict[str, Any]:
    household = households.find(connection, reference)
    return {
        "kind": "household",
        **_plain(household),
        "people": [person.reference for person in people.in_household(connection, household.id)],
        "cases": [case.reference for case in cases.of_household(connection, household.id)],
        "contacts": [_plain(c) for c in contacts.of_household(connection, household.id, limit=_ALL)],
    }


def _case(connection: Connection, reference: str) -> dict[str, Any]:
    case = cases.find(connection, reference)
    (person, household, referrer) = connection.execute(
        "select (select reference from people where id = c.person_id and gone = 0),"
        " (select reference from households where id = c.household_id and gone = 0),"
        " (select name from organisations where id = c.referred_by and gone = 0) from cases c where c.id = ?",
        (case.id,),
    ).fetchone()
    return {
        "kind": "case",
        **_plain(case),
        "person": person,
        "household": household,
        "referred_by": referrer,
        "needs": [{"need": need.need, "main": need.main} for need in cases.needs_of(connection, case.id)],
        "contacts": [_plain(c) for c in contacts.of_case(connection, case.id, limit=_ALL)],
    }


def _session(connection: Connection, reference: str) -> dict[str, Any]:
    session = sessions.find(connection, reference)
    visits = contacts.at_session(connection, session.id, limit=_ALL)
    return {"kind": "session", **_plain(session), "contacts": [_plain(visit) for visit in visits]}


def _observation(connection: Connection, reference: str) -> dict[str, Any]:
    observation = observations.find(connection, reference)
    applied = observations.themes_of(connection, observation.id)
    return {
        "kind": "observation",
        **_plain(observation),
        "themes": [{"theme": a.label, "span_start": a.span_start, "span_end": a.span_end} for a in applied],
    }


_KINDS: dict[str, Callable[[Connection, str], dict[str, Any]]] = {
    "P": _person,
    "H": _household,
    "C": _case,
    "S": _session,
    "N": _observation,
}


def _plain(record: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(record).items() if name != "id" and not name.endswith("_id")}
