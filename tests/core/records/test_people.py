"""People and households: nothing is required, nothing impossible is kept, and the desk sees what it needs."""

from __future__ import annotations

from datetime import date

import pytest

from cis_desktop.errors import CisError
from cis_desktop.records import contacts, described, households, people
from cis_desktop.records.glance import at_a_glance, ordinal, six_months_before
from cis_desktop.workspace import Workspace


def test_a_person_may_be_nameless_and_is_called_by_the_reference(workspace: Workspace) -> None:
    with workspace.change("Added a person") as change:
        person = people.add(change)
    assert people.get(workspace.read, person).label == "P-0001"


def test_what_is_written_is_tidied_and_read_back(workspace: Workspace) -> None:
    with workspace.change("Added a person") as change:
        people.add(change, given_name="  Ada ", family_name="", postcode="nw1  8ab", birth_year=1990, ward="e05013655")
    person = people.find(workspace.read, " p-0001 ")
    assert (person.given_name, person.family_name, person.postcode, person.ward) == (
        "Ada",
        None,
        "NW1 8AB",
        "E05013655",
    )


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ({"postcode": "NW1"}, "not_a_postcode"),
        ({"postcode": "12345"}, "not_a_postcode"),
        ({"ward": "Camden Town"}, "not_a_ward"),
        ({"birth_year": 1850}, "birth_year_out_of_range"),
        ({"birth_year": 2999}, "birth_year_out_of_range"),
    ],
)
def test_an_impossible_value_is_refused_and_nothing_is_saved(
    workspace: Workspace, field: people.PersonFields, code: str
) -> None:
    with pytest.raises(CisError) as refused, workspace.change("Added a person") as change:
        people.add(change, **field)
    assert refused.value.code == code
    assert people.page(workspace.read) == []


@pytest.mark.parametrize("postcode", ["GIR 0AA", "M1 1AA", "EC1A 1BB", "W1A 0AX", "cr26xh", "DN55 1PT"])
def test_every_shape_of_postcode_is_taken(workspace: Workspace, postcode: str) -> None:
    with workspace.change("Added a person") as change:
        person = people.add(change, postcode=postcode)
    kept = people.get(workspace.read, person).postcode
    assert kept is not None
    assert kept.replace(" ", "") == postcode.replace(" ", "").upper()


def test_someone_who_is_not_here_is_said_so_in_words(workspace: Workspace) -> None:
    with pytest.raises(CisError, match="Search by name instead") as refused:
        people.find(workspace.read, "P-9999")
    assert refused.value.code == "not_found"


def test_the_list_goes_on_where_the_page_above_ended_and_leaves_out_who_is_gone(workspace: Workspace) -> None:
    with workspace.change("Added people") as change:
        ids = [people.add(change, given_name=f"N{n}") for n in range(7)]
        people.remove(change, ids[3])
    first = people.page(workspace.read, limit=3)
    second = people.page(workspace.read, before=first[-1].id, limit=10)
    assert [p.given_name for p in first + second] == ["N6", "N5", "N4", "N2", "N1", "N0"]


def test_those_seen_last_come_first_and_once_and_who_was_only_added_after_them(workspace: Workspace) -> None:
    with workspace.change("Added visits") as change:
        ada, bob, cy, _, _ = (people.add(change, given_name=name) for name in ("Ada", "Bob", "Cy", "Di", "Eve"))
        for person, day in ((ada, "2026-10-01"), (bob, "2026-10-02"), (ada, "2026-10-03"), (cy, "2026-09-01")):
            contacts.add(change, day, person_id=person)
    assert [p.given_name for p in people.recently_seen(workspace.read)] == ["Ada", "Bob", "Cy", "Eve", "Di"]
    assert [p.given_name for p in people.recently_seen(workspace.read, 4)] == ["Ada", "Bob", "Cy", "Eve"]


def test_the_desk_sees_the_visit_it_would_be_diet_allergies_and_delivery(workspace: Workspace) -> None:
    with workspace.change("Added a household") as change:
        home = households.add(change, adults=2, children=3, diet="Halal", allergies="Nuts", delivery="Top bell")
        person = people.add(change, given_name="Ada", household_id=home, language="Somali", interpreter=1)
        for day in ("2026-05-22", "2026-05-24", "2026-08-01", "2026-11-23"):
            contacts.add(change, day, person_id=person)
        contacts.remove(change, contacts.add(change, "2026-11-02", person_id=person))
    glance = at_a_glance(workspace.read, person, date(2026, 11, 23))
    assert glance.next_visit == "4th visit in six months"
    assert glance.last_seen == "last here 23 Nov 2026"
    assert (glance.diet, glance.allergies, glance.delivery) == ("Halal", "Nuts", "Top bell")
    assert (glance.adults, glance.children, glance.interpreter) == (2, 3, True)


def test_someone_new_with_no_household_has_a_first_visit_ahead(workspace: Workspace) -> None:
    with workspace.change("Added a person") as change:
        person = people.add(change, given_name="Ada")
    glance = at_a_glance(workspace.read, person, date(2026, 11, 23))
    assert (glance.next_visit, glance.last_seen, glance.diet) == ("1st visit in six months", "not here before", "")


def test_six_months_before_the_end_of_august_is_the_end_of_february() -> None:
    assert six_months_before(date(2026, 8, 31)) == date(2026, 2, 28)
    assert six_months_before(date(2026, 3, 15)) == date(2025, 9, 15)


def test_places_in_a_row_are_written_as_people_say_them() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 111, 101)] == (
        ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "111th", "101st"]
    )


def test_members_of_a_household_are_listed_with_it(workspace: Workspace) -> None:
    with workspace.change("Added a household") as change:
        home = households.add(change, label="Ali household")
        for name in ("Ada", "Bob"):
            people.add(change, given_name=name, household_id=home)
        people.add(change, given_name="Cy")
    assert [p.given_name for p in people.in_household(workspace.read, home)] == ["Ada", "Bob"]
    with workspace.change("Changed a household") as change:
        households.edit(change, home, children=2)
    assert households.find(workspace.read, "h-0001").children == 2
    with pytest.raises(CisError, match="below zero"), workspace.change("Changed") as change:
        households.edit(change, home, adults=-1)


def test_an_answer_not_asked_and_not_given_are_three_things(workspace: Workspace) -> None:
    with workspace.change("Added a person") as change:
        person = people.add(change)
        described.describe(change, person, "ethnic_group", "irish", list_version=1)
        described.describe(change, person, "sex", status="prefer_not")
        described.describe(change, person, "disability", status="not_asked", source=None)
    held = described.of_person(workspace.read, person)
    assert {trait: (value.status, value.value) for trait, value in held.items()} == {
        "ethnic_group": ("answered", "irish"),
        "sex": ("prefer_not", None),
        "disability": ("not_asked", None),
    }
    assert "religion" not in held


def test_a_new_answer_takes_the_place_of_the_old_one(workspace: Workspace) -> None:
    with workspace.change("Added a person") as change:
        person = people.add(change)
        first = described.describe(change, person, "ethnic_group", "irish", list_version=1)
    with workspace.change("Corrected an answer") as change:
        again = described.describe(change, person, "ethnic_group", status="prefer_not")
    assert first == again
    assert described.of_person(workspace.read, person)["ethnic_group"].value is None


@pytest.mark.parametrize(("value", "status"), [(None, "answered"), ("irish", "not_asked")])
def test_a_value_goes_with_an_answer_and_only_with_one(workspace: Workspace, value: str | None, status: str) -> None:
    with pytest.raises(CisError, match="answered question"), workspace.change("Added a person") as change:
        described.describe(change, people.add(change), "ethnic_group", value, status=status)


def test_an_edit_of_nothing_changes_nothing(workspace: Workspace) -> None:
    with workspace.change("Added a person") as change:
        person = people.add(change, given_name="Zehra")
    with workspace.change("Opened a form and closed it again") as change:
        people.edit(change, person)
    assert people.get(workspace.read, person).given_name == "Zehra"
    assert [logged.words for logged in workspace.change_sets(limit=1)] == ["Added a person"]
