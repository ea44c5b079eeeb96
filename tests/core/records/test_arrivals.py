"""Arrivals at a session: found, written whole, and taken back without taking more."""

from __future__ import annotations

import pytest

from cis_desktop.errors import CisError
from cis_desktop.records import arrivals, cases, contacts, households, people, sessions
from cis_desktop.workspace import Workspace

PARCEL = contacts.Given("food_parcel", 1, "item", parcel_days=3)


@pytest.fixture
def session(workspace: Workspace) -> sessions.Session:
    """Give a session on a day in May."""
    with workspace.change("Began") as change:
        made = sessions.begin(change, "2026-05-04", "Hall")
    return sessions.get(workspace.read, made)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Amina Khan", {"given_name": "Amina", "family_name": "Khan"}),
        ("  Ana  María de la Cruz ", {"given_name": "Ana", "family_name": "María de la Cruz"}),
        ("Amina", {"given_name": "Amina", "family_name": ""}),
        ("A.K.", {"initials": "A.K."}),
        ("AK", {"initials": "AK"}),
        ("A", {"initials": "A"}),
        ("  ", {}),
    ],
)
def test_a_name_in_one_field_is_read_as_people_write_it(typed: str, kept: dict[str, str]) -> None:
    assert arrivals.called(typed) == kept


def test_people_are_found_by_their_household_too(workspace: Workspace) -> None:
    with workspace.change("Made") as change:
        home = households.add(change, label="Number nine")
        who = people.add(change, given_name="Amina", household_id=home, birth_year=1980, postcode="NW1 8AB")
        gone = people.add(change, given_name="Amina", household_id=home)
        people.remove(change, gone)
    (found,) = arrivals.known(workspace.read, "number ni")
    assert (found.person_id, found.household, found.born, found.postcode) == (who, "Number nine", 1980, "NW1 8AB")
    assert arrivals.known(workspace.read, "") == []


def test_an_arrival_taken_back_takes_a_new_person_along_but_nobody_who_is_needed(
    workspace: Workspace, session: sessions.Session
) -> None:
    made = []
    for name in ("Yara Haddad", "Wanda Brand"):
        with workspace.change("Added a visit") as change:
            made.append(
                arrivals.write(
                    change, session.id, arrivals.Newcomer(name, 2, 1, "NW1 8AB", "vegan"),
                    arrivals.ThisTime((PARCEL,), 2, 1, "late", "10:42"),
                )
            )  # fmt: skip
    with workspace.change("Opened a case") as change:
        cases.open_case(change, "debt", person_id=made[1].person_id)
    assert arrivals.totals(workspace.read, session.id) == (2, 6)
    for each in made:
        with workspace.change("Took back") as change:
            arrivals.take_back(change, each)
    assert arrivals.totals(workspace.read, session.id) == (0, 0)
    assert not arrivals.known(workspace.read, "Yara")
    assert arrivals.known(workspace.read, "Wanda")[0].household_id == made[1].household_id
    assert workspace.read.execute("select count(*) from given where gone = 0").fetchone() == (0,)


def test_who_is_here_already_is_told_by_person_and_by_household_and_by_day(
    workspace: Workspace, session: sessions.Session
) -> None:
    with workspace.change("Made") as change:
        home = households.add(change)
        first, second, other = (people.add(change, given_name=name, household_id=at) for name, at in (
            ("Amina", home), ("Omar", home), ("Bea", None),
        ))  # fmt: skip
        contacts.add(change, "2026-05-03", person_id=first, kind="visit")
        contacts.add(change, "2026-05-04", person_id=first, kind="call")
    known = {each: arrivals.known(workspace.read, name)[0] for each, name in (
        (first, "amina"), (second, "omar"), (other, "bea"),
    )}  # fmt: skip
    assert not any(arrivals.already(workspace.read, session, who) for who in known.values())
    with workspace.change("A visit") as change:
        arrivals.write(change, session.id, first, arrivals.ThisTime())
    here = {each: [one.name for one in arrivals.already(workspace.read, session, who)] for each, who in known.items()}
    assert here == {first: ["Amina"], second: ["Amina"], other: []}


def test_nothing_of_an_arrival_is_written_if_part_of_it_cannot_be(
    workspace: Workspace, session: sessions.Session
) -> None:
    before = len(workspace.change_sets())
    wrong = arrivals.Newcomer("Yara", postcode="somewhere")
    with pytest.raises(CisError, match="postcode"):
        arrivals.check(wrong)
    with pytest.raises(CisError), workspace.change("Added a visit") as change:
        arrivals.write(change, session.id, wrong, arrivals.ThisTime())
    assert len(workspace.change_sets()) == before
    assert not arrivals.known(workspace.read, "Yara")


def test_one_day_and_place_is_one_session(workspace: Workspace, session: sessions.Session) -> None:
    with workspace.change("Began") as change:
        assert sessions.begin(change, "2026-05-04", "  hall ") == session.id
        elsewhere = sessions.begin(change, "2026-05-04", "Church")
        assert sessions.begin(change, "2026-05-05", "Hall") not in (session.id, elsewhere)
    assert [each.id for each in sessions.on_day(workspace.read, "2026-05-04")] == [elsewhere, session.id]


def test_a_time_belongs_only_to_the_day_itself() -> None:
    assert arrivals.clock("2026-11-23", "2026-11-23T10:42:07") == "10:42"
    assert arrivals.clock("2026-11-22", "2026-11-23T10:42:07") is None
