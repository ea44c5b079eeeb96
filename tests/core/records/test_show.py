"""A record is shown whole, with what belongs to it, in values that any program can read."""

from __future__ import annotations

import json

import pytest

from cis_desktop.errors import CisError
from cis_desktop.records import cases, contacts, described, households, observations, people, sessions
from cis_desktop.records.contacts import Given
from cis_desktop.records.show import show
from cis_desktop.workspace import Workspace


@pytest.fixture
def one_of_each(workspace: Workspace) -> Workspace:
    with workspace.change("Added one of each") as change:
        home = households.add(change, label="Ali household")
        person = people.add(change, given_name="Ada", household_id=home)
        described.describe(change, person, "sex", "female", list_version=1)
        case = cases.open_case(change, "debt", person_id=person, opened="2026-10-01")
        session = sessions.add(change, "2026-11-19", adults=3)
        contacts.add(
            change, "2026-11-19", [Given("food", 2)], ["food"], person_id=person, case_id=case, session_id=session
        )
        seen = observations.add(change, "Cold", "2026-11-19", person_id=person)
        observations.apply_theme(change, seen, observations.add_theme(change, "Fuel"))
    return workspace


def test_a_person_is_shown_with_household_answers_cases_contacts_and_observations(one_of_each: Workspace) -> None:
    shown = show(one_of_each.read, "p-0001")
    assert (shown["kind"], shown["given_name"], shown["household"]) == ("person", "Ada", "H-0001")
    assert [(d["trait"], d["value"]) for d in shown["described"]] == [("sex", "female")]
    assert (shown["cases"], shown["observations"]) == (["C-0001"], ["N-0001"])
    (contact,) = shown["contacts"]
    assert (contact["on_date"], contact["given"][0]["item"], contact["needs"]) == ("2026-11-19", "food", ("food",))


def test_the_other_kinds_are_shown_with_what_belongs_to_them(one_of_each: Workspace) -> None:
    read = one_of_each.read
    assert show(read, "H-0001")["people"] == ["P-0001"]
    assert show(read, "C-0001")["person"] == "P-0001"
    assert show(read, "C-0001")["needs"] == [{"need": "debt", "main": True}]
    assert len(show(read, "S-0001")["contacts"]) == 1
    assert show(read, "N-0001")["themes"] == [{"theme": "Fuel", "span_start": None, "span_end": None}]


@pytest.mark.parametrize("reference", ["P-0001", "H-0001", "C-0001", "S-0001", "N-0001"])
def test_a_shown_record_is_plain_json_without_ids_of_this_laptop(one_of_each: Workspace, reference: str) -> None:
    shown = show(one_of_each.read, reference)
    assert json.loads(json.dumps(shown))["reference"] == reference
    assert not {name for name in shown if name == "id" or name.endswith("_id")}


@pytest.mark.parametrize("reference", ["P-0002", "X-0001", "", "hello"])
def test_a_reference_to_nothing_is_refused(one_of_each: Workspace, reference: str) -> None:
    with pytest.raises(CisError) as refused:
        show(one_of_each.read, reference)
    assert refused.value.code == "not_found"
