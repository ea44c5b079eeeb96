"""A household is seen with everybody in it, corrected, and moved into and out of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cis_desktop.records import contacts, households, people
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui.pages.people.household import HouseholdSheet
from ui.window import Window

KEY = bytes(range(32))
Settled = Callable[[], None]


@pytest.fixture
def street(lists: Workspace) -> dict[str, int]:
    """Give the ids of people: two who live together, one alone, one in no household."""
    made = {}
    with lists.change("Made an example") as change:
        shared = households.add(change, label="Khan", adults=2, children=1)
        alone = households.add(change, label="Jones")
        for name, home in (("Amina", shared), ("Omar", shared), ("Bea", alone), ("Tom", None)):
            made[name] = people.add(change, given_name=name, household_id=home, postcode="NW1 8AB")
        contacts.add(change, "2026-05-04", person_id=made["Amina"], kind="visit", adults=5, children=0)
    return made


@pytest.fixture
def sheet(qtbot: QtBot, window: Window, lists: Workspace, street: dict[str, int]) -> HouseholdSheet:
    """Give the household of Amina, opened from her page."""
    qtbot.waitUntil(window.isActiveWindow)
    window.opened(lists)
    window.go("people", ("show", street["Amina"]))
    window.go("people", ("household", None))
    return window.pages["people"].home_sheet


def members(sheet: HouseholdSheet) -> list[str]:
    """Give the names in the list of who lives there."""
    return [sheet.members.record(at).label for at in range(sheet.members.rowCount())]


def test_members_are_seen_and_opened_and_what_was_helped_is_told_apart_from_what_is_usual(
    window: Window, sheet: HouseholdSheet
) -> None:
    assert members(sheet) == ["Amina", "Omar"]
    assert sheet.adults.number() == 2
    visit, who = sheet.helped.record(0)
    assert (who, visit.adults, visit.children) == ("Amina", 5, 0)
    sheet.member_table.setFocus()
    sheet.member_table.selectRow(1)
    press(window, Qt.Key.Key_Return)
    assert window.pages["people"].sheet.person.label == "Omar"


def test_a_household_is_corrected_and_an_open_field_is_left_alone_by_other_changes(
    window: Window, lists: Workspace, sheet: HouseholdSheet, street: dict[str, int], settled: Settled
) -> None:
    sheet.lines["diet"].setFocus()
    type_in(sheet.lines["diet"], "Halal")
    with lists.change("Elsewhere") as change:
        people.edit(change, street["Omar"], phone="020 7946 0000")
    settled()
    assert sheet.lines["diet"].text() == "Halal"
    sheet.lines["collectors"].setText("Her sister")
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled()
    home = households.of(lists.read, street["Amina"])
    assert home is not None
    assert (home.diet, home.collectors, home.adults) == ("Halal", "Her sister", 2)


def test_somebody_moves_in_with_others_or_out_alone(
    window: Window, lists: Workspace, sheet: HouseholdSheet, street: dict[str, int], settled: Settled
) -> None:
    sheet.who.choose(str(street["Omar"]))
    sheet.wanted.setFocus()
    type_in(sheet.wanted, "bea")
    assert sheet.to.currentText().startswith("Jones")
    sheet.move_them()
    settled()
    assert members(sheet) == ["Omar", "Bea"]
    sheet.who.choose(str(street["Omar"]))
    sheet.move_them()
    settled()
    assert members(sheet) == ["Omar"]
    assert households.of(lists.read, street["Omar"]).postcode == "NW1 8AB"
    assert contacts.of_household(lists.read, households.of(lists.read, street["Amina"]).id), "visits stay"
    window.undo()
    settled()
    assert households.of(lists.read, street["Omar"]).label == "Jones"


def test_somebody_in_no_household_finds_the_way_into_one(
    window: Window, lists: Workspace, sheet: HouseholdSheet, street: dict[str, int], settled: Settled
) -> None:
    window.go("people", ("household", street["Tom"]))
    assert "no household" in sheet.facts.text()
    assert not sheet.save.isVisible()
    type_in_find(sheet, "khan")
    sheet.move_them()
    settled()
    assert members(sheet) == ["Amina", "Omar", "Tom"]
    window.go("people", ("show", street["Tom"]))
    assert "Household: Khan" in window.pages["people"].sheet.home.text()


def test_what_is_half_corrected_comes_back_after_locking(
    window: Window, lists: Workspace, sheet: HouseholdSheet, settled: Settled
) -> None:
    sheet.lines["allergies"].setText("Peanu")
    window.lock()
    settled()
    window.opened(Workspace.open_raw(lists.folder, KEY, "Ann"))
    again = window.pages["people"].home_sheet
    assert again.isVisible()
    assert again.lines["allergies"].text() == "Peanu"
    assert members(again) == ["Amina", "Omar"]


def test_a_visit_starts_with_who_usually_lives_there_and_may_say_otherwise(
    window: Window, lists: Workspace, sheet: HouseholdSheet, street: dict[str, int], settled: Settled
) -> None:
    window.go("people", ("visit", street["Omar"]))
    form = window.pages["people"].visit_form
    assert (form.adults.number(), form.young.number()) == (2, 1)
    form.adults.set_number(1)
    form.save.click()
    settled()
    (visit,) = contacts.of_person(lists.read, street["Omar"])
    assert (visit.adults, visit.children) == (1, 1)


def type_in_find(sheet: HouseholdSheet, text: str) -> None:
    """Look for a household."""
    sheet.wanted.setFocus()
    type_in(sheet.wanted, text)


def test_households_are_listed_and_found_by_postcode_surname_and_name(
    qtbot: QtBot, window: Window, lists: Workspace, street: dict[str, int]
) -> None:
    with lists.change("Added a home") as change:
        home = households.add(change, postcode="SW9 7XX", adults=1)
        people.add(change, given_name="Ines", family_name="Duarte", household_id=home)
    qtbot.waitUntil(window.isActiveWindow)
    window.opened(lists)
    window.go("people", ("households", None))
    page = window.pages["people"]
    listed = [page.rows.record(at).label for at in range(page.rows.rowCount())]
    assert listed == ["Ines Duarte", "Jones", "Khan"]
    for words in ("sw9", "duarte", "h-0003"):
        page.find.clear()
        type_in(page.find, words)
        assert [page.rows.record(at).id for at in range(page.rows.rowCount())] == [home]
    press(window, Qt.Key.Key_Return)
    assert page.home_sheet.household_id == home
