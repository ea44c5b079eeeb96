"""Contacts, cases, sessions: what happened, to whom, what was given, and what it was about."""

from __future__ import annotations

import pytest

from cis_desktop.errors import CisError
from cis_desktop.records import cases, contacts, households, organisations, people, sessions
from cis_desktop.records.contacts import Given
from cis_desktop.workspace import Workspace


def test_a_visit_keeps_what_was_given_and_the_needs_it_met(workspace: Workspace) -> None:
    parcel, voucher = Given("food_parcel", 1, "parcel", parcel_days=3), Given("voucher", 1, pence=2800)
    with workspace.change("Added a visit") as change:
        home = households.add(change)
        person = people.add(change, household_id=home)
        visit = contacts.add(
            change,
            "2026-11-22",
            given=[parcel, voucher],
            needs=["food", "debt"],
            needs_version=1,
            person_id=person,
            kind="visit",
            adults=1,
            children=2,
        )
    kept = contacts.get(workspace.read, visit)
    assert (kept.given, kept.needs) == ((parcel, voucher), ("food", "debt"))
    assert (kept.on_date, kept.household_id, kept.adults, kept.children) == ("2026-11-22", home, 1, 2)
    assert contacts.of_person(workspace.read, person) == contacts.of_household(workspace.read, home) == [kept]


def test_a_person_who_moves_leaves_earlier_visits_with_the_household_of_that_time(workspace: Workspace) -> None:
    with workspace.change("Added visits") as change:
        old, new = households.add(change), households.add(change)
        person = people.add(change, household_id=old)
        contacts.add(change, "2026-01-10", person_id=person)
        people.edit(change, person, household_id=new)
        contacts.add(change, "2026-06-10", person_id=person)
    assert [c.household_id for c in contacts.of_person(workspace.read, person)] == [new, old]


def test_a_visit_with_nobody_is_refused(workspace: Workspace) -> None:
    with pytest.raises(CisError, match="head-count"), workspace.change("Added a visit") as change:
        contacts.add(change, "2026-11-22", kind="visit")


@pytest.mark.parametrize(
    ("day", "code"),
    [("22/11/2026", "not_a_date"), ("2026-02-30", "not_a_date"), ("1831-01-01", "date_out_of_range"),
     ("2999-01-01", "date_out_of_range")],
)  # fmt: skip
def test_a_day_that_cannot_be_right_is_refused(workspace: Workspace, day: str, code: str) -> None:
    with pytest.raises(CisError) as refused, workspace.change("Added a visit") as change:
        contacts.add(change, day, person_id=people.add(change))
    assert refused.value.code == code


@pytest.mark.parametrize("thing", [Given("food", -1), Given("voucher", pence=-5), Given("  ")])
def test_an_impossible_amount_is_refused(workspace: Workspace, thing: Given) -> None:
    with pytest.raises(CisError, match=r"[Nn]othing was saved"), workspace.change("Added a visit") as change:
        contacts.add(change, "2026-11-22", [thing], person_id=people.add(change))


def test_a_deleted_visit_takes_what_was_given_with_it(workspace: Workspace) -> None:
    with workspace.change("Added a visit") as change:
        person = people.add(change)
        visit = contacts.add(change, "2026-11-22", [Given("food", 2)], ["food"], person_id=person)
    with workspace.change("Deleted a visit") as change:
        contacts.remove(change, visit)
    assert contacts.of_person(workspace.read, person) == []
    left = "select (select count(*) from given where gone = 0), (select count(*) from needs where gone = 0)"
    assert workspace.read.execute(left).fetchone() == (0, 0)


def test_the_timeline_goes_on_where_the_page_above_ended(workspace: Workspace) -> None:
    with workspace.change("Added visits") as change:
        person = people.add(change)
        for day in ("2026-01-01", "2026-03-01", "2026-02-01", "2026-03-01", "2025-12-01"):
            contacts.add(change, day, person_id=person)
    everything = contacts.of_person(workspace.read, person)
    assert [c.on_date for c in everything] == ["2026-03-01", "2026-03-01", "2026-02-01", "2026-01-01", "2025-12-01"]
    first = contacts.of_person(workspace.read, person, limit=1)
    rest = contacts.of_person(workspace.read, person, before=(first[0].on_date, first[0].id))
    assert first + rest == everything


def test_a_visit_is_corrected_in_place(workspace: Workspace) -> None:
    with workspace.change("Added a visit") as change:
        visit = contacts.add(change, "2026-11-22", person_id=people.add(change), note=" late ")
    with workspace.change("Corrected a visit") as change:
        contacts.edit(change, visit, on_date="2026-11-21", minutes=15)
    kept = contacts.get(workspace.read, visit)
    assert (kept.on_date, kept.minutes, kept.note) == ("2026-11-21", 15, "late")


def test_a_case_has_its_main_need_first_and_its_contacts(workspace: Workspace) -> None:
    with workspace.change("Opened a case") as change:
        person = people.add(change)
        referrer = organisations.add(change, "Advice Network")
        case = cases.open_case(
            change, "debt", ["housing"], 1, person_id=person, opened="2026-09-01", referred_by=referrer
        )
        visit = contacts.add(change, "2026-09-02", person_id=person, case_id=case, kind="advice", minutes=30)
        contacts.add(change, "2026-09-03", person_id=person)
    assert [(need.need, need.main) for need in cases.needs_of(workspace.read, case)] == [
        ("debt", True),
        ("housing", False),
    ]
    assert [c.id for c in contacts.of_case(workspace.read, case)] == [visit]
    assert cases.of_person(workspace.read, person) == [cases.find(workspace.read, "c-0001")]
    assert organisations.get(workspace.read, referrer).name == "Advice Network"


def test_a_case_does_not_close_before_it_opens_nor_open_for_nobody(workspace: Workspace) -> None:
    with workspace.change("Opened a case") as change:
        case = cases.open_case(change, person_id=people.add(change), opened="2026-09-01")
    with pytest.raises(CisError, match="after 2026-08-31"), workspace.change("Closed a case") as change:
        cases.close(change, case, "2026-08-31")
    with workspace.change("Closed a case") as change:
        cases.close(change, case, "2026-09-30")
    assert (cases.get(workspace.read, case).closed, cases.get(workspace.read, case).status) == ("2026-09-30", "closed")
    with pytest.raises(CisError, match="a person or a household"), workspace.change("Opened a case") as change:
        cases.open_case(change, "debt")


def test_a_session_has_a_head_count_and_the_visits_of_those_who_are_known(workspace: Workspace) -> None:
    with workspace.change("Added a session") as change:
        session = sessions.add(change, "2026-11-19", venue=" Church hall ", adults=31, children=9)
        visit = contacts.add(change, "2026-11-19", person_id=people.add(change), session_id=session)
        sessions.add(change, "2026-11-26", venue="Church hall", adults=28)
        sessions.add(change, "2026-11-12", venue="Library")
    kept = sessions.find(workspace.read, "s-0001")
    assert (kept.venue, kept.adults, kept.children, kept.new_estimate) == ("Church hall", 31, 9, None)
    assert [c.id for c in contacts.at_session(workspace.read, session)] == [visit]
    assert [s.on_date for s in sessions.page(workspace.read)] == ["2026-11-26", "2026-11-19", "2026-11-12"]
    assert sessions.venues(workspace.read) == ["Church hall", "Library"]
    with workspace.change("Corrected a session") as change:
        sessions.edit(change, session, children=10)
    assert sessions.get(workspace.read, session).children == 10
    with pytest.raises(CisError, match="below zero"), workspace.change("Changed") as change:
        sessions.edit(change, session, adults=-3)
