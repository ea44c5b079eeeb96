"""Arrivals at a session: finding who is here, writing the visit down, and taking it back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cis_desktop.errors import CisError
from cis_desktop.records import checks, contacts, households, people, search, sessions
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may be here, with what tells them from a namesake; texts are empty where nothing is known."""

    person_id: int
    reference: str
    name: str
    born: int | None
    postcode: str
    household_id: int | None
    household: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody new with their household; all of it may be left out."""

    name: str = ""
    adults: int | None = None
    children: int | None = None
    postcode: str = ""
    diet: str = ""
    allergies: str = ""


@dataclass(frozen=True, slots=True)
class ThisTime:
    """What is written down of one visit beside who came."""

    given: tuple[contacts.Given, ...] = ()
    adults: int | None = None
    children: int | None = None
    note: str = ""
    at_time: str | None = None
    """`HH:MM`, where it is known."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One visit at a session, with what to call who came."""

    contact: contacts.Contact
    name: str
    reference: str


@dataclass(frozen=True, slots=True)
class Made:
    """What writing one arrival down has made: the visit, and the person and household where they were new."""

    contact_id: int
    person_id: int | None = None
    household_id: int | None = None


_INITIALS = re.compile(r"^(?:[A-Z]\.?){1,4}$")


def known(connection: Connection, words: str, limit: int = 30, whole: bool = True) -> list[Known]:
    """List people by the words typed so far, and the members of households found by them, best first.

    Unless `whole`, people are found by their names and numbers alone: whoever searches sees nothing else of them, and
    must not learn by trying letters what a telephone number or a postcode is.
    """
    ids: dict[int, None] = {}
    hits = search.search(connection, words, limit) if whole else search.by_name(connection, words, limit)
    for hit in hits:
        if hit.kind == "person":
            ids[hit.id] = None
        elif hit.kind == "household":
            ids.update((each.id, None) for each in people.in_household(connection, hit.id))
    found = people.read_many(connection, list(ids))
    homes = [each.household_id for each in found.values() if each.household_id]
    marks = ", ".join("?" * len(homes))
    labels = dict(
        connection.execute(
            f"select id, coalesce(label, reference) from households where id in ({marks}) and gone = 0", homes
        ).fetchall()
    )
    return [_as_known(found[each], labels) for each in list(ids)[:limit] if each in found]


def _as_known(person: people.Person, labels: dict[int, str]) -> Known:
    home = person.household_id if person.household_id in labels else None
    return Known(
        person_id=person.id,
        reference=person.reference,
        name=person.label,
        born=person.birth_year,
        postcode=person.postcode or "",
        household_id=home,
        household=labels[home] if home is not None else "",
    )


def at(connection: Connection, session_id: int, limit: int = 500) -> list[Arrival]:
    """List the visits written down at a session, latest written first."""
    return _named(connection, contacts.at_session(connection, session_id, limit))


def already(connection: Connection, session: sessions.Session, who: Known) -> list[Arrival]:
    """List the visits on the day of a session by this person or by anybody of the household, first one first."""
    rows = connection.execute(
        "select id from contacts where person_id = ? and on_date = ? and gone = 0"
        " and (session_id = ? or coalesce(kind, 'visit') = 'visit')"
        " union select id from contacts where household_id = ? and on_date = ? and gone = 0"
        " and (session_id = ? or coalesce(kind, 'visit') = 'visit') order by id",
        (who.person_id, session.on_date, session.id, who.household_id, session.on_date, session.id),
    ).fetchall()
    return _named(connection, [contacts.get(connection, row[0]) for row in rows])


def totals(connection: Connection, session_id: int) -> tuple[int, int]:
    """Count the visits written down at a session, and the people helped in them (a visit without numbers is one)."""
    row = connection.execute(
        "select count(*), coalesce(sum(max(1, coalesce(adults, 0) + coalesce(children, 0))), 0)"
        " from contacts where session_id = ? and gone = 0",
        (session_id,),
    ).fetchone()
    return int(row[0]), int(row[1])


def check(newcomer: Newcomer) -> None:
    """Raise CisError if something about a newcomer could not be written down."""
    checks.a_postcode(newcomer.postcode)
    checks.a_count(newcomer.adults, "adults")
    checks.a_count(newcomer.children, "children")


def write(change: Change, session_id: int, who: int | Newcomer, this_time: ThisTime) -> Made:
    """Write one visit at a session down, of a known person (by id) or of somebody new.

    A newcomer gets a household where anything is known of one. Raises CisError for an impossible value.
    """
    session = sessions.get(change.connection, session_id)
    home: int | None = None
    new: int | None = None
    if isinstance(who, Newcomer):
        if any((who.adults is not None, who.children is not None, who.postcode, who.diet, who.allergies)):
            home = households.add(
                change, adults=who.adults, children=who.children, postcode=who.postcode,
                diet=who.diet, allergies=who.allergies,
            )  # fmt: skip
        details = called(who.name)
        details["household_id"], details["postcode"] = home, who.postcode
        new = people.add(change, **details)
    person_id = new if new is not None else who
    assert isinstance(person_id, int)
    contact_id = contacts.add(
        change, session.on_date, this_time.given,
        person_id=person_id, session_id=session_id, kind="visit", at_time=this_time.at_time,
        adults=this_time.adults, children=this_time.children, note=this_time.note,
    )  # fmt: skip
    return Made(contact_id, new, home)


def take_back(change: Change, made: Made) -> None:
    """Take an arrival back: the visit, and the person and household made for it unless somebody needs them since."""
    contacts.remove(change, made.contact_id)
    if made.person_id is not None and not _used(change.connection, "person_id", made.person_id):
        people.remove(change, made.person_id)
        lives_there = people.in_household(change.connection, made.household_id) if made.household_id else []
        if made.household_id and not lives_there and not _used(change.connection, "household_id", made.household_id):
            households.remove(change, made.household_id)


def called(name: str) -> people.PersonFields:
    """Read a name as it is typed in one field: initials (`AK`, `A.K.`), or a first name and what follows it."""
    words = name.split()
    if len(words) == 1 and len(name.strip()) > 1 and _INITIALS.match(words[0]):
        return {"initials": words[0]}
    if len(words) == 1 and len(words[0]) == 1:
        return {"initials": words[0]}
    return {"given_name": words[0], "family_name": " ".join(words[1:])} if words else {}


def usual_numbers(connection: Connection, household_id: int | None) -> tuple[int | None, int | None]:
    """Give the adults and children who usually live in a household, each None when that is not known."""
    if household_id is None:
        return None, None
    try:
        home = households.get(connection, household_id)
    except CisError:
        return None, None
    return home.adults, home.children


def clock(day: str, now: str) -> str | None:
    """Give the time `now` (ISO, `2026-11-23T10:42`) as `10:42` if it is on `day`: a visit put in later has none."""
    return now[11:16] if now[:10] == day else None


def _named(connection: Connection, visits: Iterable[contacts.Contact]) -> list[Arrival]:
    visits = list(visits)
    who = people.read_many(connection, [each.person_id for each in visits if each.person_id])
    return [
        Arrival(each, who[each.person_id].label, who[each.person_id].reference)
        if each.person_id in who
        else Arrival(each, "", "")
        for each in visits
    ]


def _used(connection: Connection, column: str, record: int) -> bool:
    tables = ("contacts", "cases", "observations") if column == "person_id" else ("contacts", "cases")
    return any(
        connection.execute(f"select 1 from {table} where {column} = ? and gone = 0 limit 1", (record,)).fetchone()
        for table in tables
    )
