"""From any place, by keyboard: anything is found, added, and the last thing saved is undone."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cis_desktop.records import cases, contacts, households, people, sessions
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from tests.ui.test_everyone import controls
from ui.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier
Settled = Callable[[], None]


@pytest.fixture
def open_window(qtbot: QtBot, window: Window, group: Workspace, settled: Settled) -> Window:
    """Give the window on the group, with the keyboard's focus in it."""
    qtbot.waitUntil(window.isActiveWindow)
    with group.change("Added a home and a case") as change:
        home = households.add(change, label="The Okonkwos", postcode="NW1 8AB")
        person = people.add(change, given_name="Ngozi", family_name="Okonkwo", household_id=home)
        cases.open_case(change, "debt", person_id=person, note="Bailiffs wrote twice")
        contacts.add(change, "2026-05-04", session_id=sessions.page(group.read)[0].id, note="Left a scarf")
    window.opened(group)
    settled()
    return window


def ask(window: Window, words: str) -> list[str]:
    """Press Ctrl+K, type words, and give what is found, with its kind in words."""
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    type_in(window.anywhere.field, words)
    rows = window.anywhere.rows
    return [f"{rows.index(at, 0).data()} | {rows.index(at, 1).data()}" for at in range(rows.rowCount())]


@pytest.mark.parametrize(
    ("words", "kind", "place"),
    [
        ("ngozi", "Person", "people"),
        ("okonkwos", "Household", "people"),
        ("bailiffs", "Case", "people"),
        ("st mary", "Session", "sessions"),
        ("scarf", "Visit", "sessions"),
        ("prepayment", "Noticed", "noticed"),
        ("stolen", "Help", "help"),
        ("spreadsheet", "Place", "intake"),
        ("safeguarding concerns", "Place", "concerns"),
    ],
)
def test_every_kind_is_found_from_any_place_and_enter_goes_there(
    open_window: Window, settled: Settled, words: str, kind: str, place: str
) -> None:
    open_window.go("settings")
    assert any(line.split(" | ")[1].startswith(kind) for line in ask(open_window, words))
    press(open_window, Qt.Key.Key_Return)
    settled()
    assert not open_window.anywhere.isVisible()
    assert open_window.stack.currentWidget().isAncestorOf(QApplication.focusWidget())
    assert open_window.place == place or open_window.stack.currentWidget() is open_window.pages.get(place)
    if words == "okonkwos":
        assert "The Okonkwos" in open_window.pages["people"].home_sheet.title.text()


def test_the_page_of_what_is_written_differently_is_found_too(open_window: Window, settled: Settled) -> None:
    assert ask(open_window, "conflicts")[0] == "Written differently | Place"
    press(open_window, Qt.Key.Key_Return)
    settled()
    assert open_window.place == "differing"


def test_reports_that_were_sent_are_found_by_their_name(example_released: Window) -> None:
    (line, *_) = [each for each in ask(example_released, "food quarterly") if "| Report" in each]
    assert line.startswith("Food support quarterly return, ")
    QTest.keyClick(example_released.anywhere.field, Qt.Key.Key_Escape)


@pytest.fixture
def example_released(qtbot: QtBot, window: Window, group: Workspace, settled: Settled) -> Window:
    """Give the window on a group that has sent one report."""
    from cis_desktop.agreements import accept
    from cis_desktop.packs.release import release

    qtbot.waitUntil(window.isActiveWindow)
    accept(group, "food-support-quarterly-return", "Ann")
    release(group, "food-support-quarterly-return", "2026-Q2", group.folder / "out", "Ann")
    window.opened(group)
    settled()
    return window


def test_escape_goes_back_to_where_the_keyboard_was(open_window: Window) -> None:
    open_window.go("people", ("find", None))
    before = QApplication.focusWidget()
    ask(open_window, "zzzz")
    assert "Nothing found" in open_window.anywhere.said.text()
    press(open_window, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is before
    assert not open_window.anywhere.isVisible()


def test_nothing_found_stays_when_the_record_is_locked(open_window: Window, settled: Settled) -> None:
    ask(open_window, "ngozi")
    open_window.lock()
    settled()
    assert not open_window.anywhere.isVisible()
    assert open_window.anywhere.rows.rowCount() == 0
    assert open_window.anywhere.field.text() == ""


def test_a_key_in_the_box_takes_the_window_little_time(open_window: Window) -> None:
    ask(open_window, "")
    for letter in "garc":
        begun = time.thread_time()
        type_in(open_window.anywhere.field, letter)
        assert time.thread_time() - begun < 0.05


# --- adding -------------------------------------------------------------------------------------------------


def add(window: Window, letter: str) -> None:
    """Press Ctrl+N and a letter."""
    QTest.keyClick(window, Qt.Key.Key_N, CONTROL)
    QTest.keyClicks(QApplication.focusWidget(), letter)


def test_a_person_is_added_by_a_letter_and_a_name(open_window: Window, group: Workspace, settled: Settled) -> None:
    add(open_window, "p")
    type_in(open_window.adding.field, "Zofia Nowak")
    press(open_window, Qt.Key.Key_Return)
    form = open_window.pages["people"].person_form
    assert form.isVisible()
    assert (form.fields["given_name"].text(), form.fields["family_name"].text()) == ("Zofia", "Nowak")
    press(open_window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert people.page(group.read)[0].label == "Zofia Nowak"


def test_somebody_there_already_is_seen_before_they_are_added_twice(open_window: Window) -> None:
    add(open_window, "p")
    type_in(open_window.adding.field, "ngoz")
    assert open_window.adding.rows.record(0).label == "Ngozi Okonkwo"
    press(open_window, Qt.Key.Key_Down)
    press(open_window, Qt.Key.Key_Return)
    assert open_window.pages["people"].sheet.title.text() == "Ngozi Okonkwo"


@pytest.mark.parametrize(("letter", "form"), [("v", "visit_form"), ("c", "case_form")])
def test_a_visit_and_a_case_begin_with_whose_they_are(open_window: Window, letter: str, form: str) -> None:
    add(open_window, letter)
    type_in(open_window.adding.field, "ngozi")
    press(open_window, Qt.Key.Key_Return)
    begun = getattr(open_window.pages["people"], form)
    assert begun.isVisible()
    assert "Ngozi Okonkwo" in begun.title.text()


@pytest.mark.parametrize(("letter", "place"), [("h", "sessions"), ("n", "noticed")])
def test_a_head_count_and_something_noticed_begin_at_once(open_window: Window, letter: str, place: str) -> None:
    add(open_window, letter)
    assert open_window.place == place
    assert not open_window.adding.isVisible()


# --- undoing ------------------------------------------------------------------------------------------------


def test_undo_right_after_saving_takes_back_the_visit_and_not_the_search(
    open_window: Window, group: Workspace, settled: Settled
) -> None:
    open_window.go("people", ("find", None))
    page = open_window.pages["people"]
    type_in(page.find, "ngozi")
    press(open_window, Qt.Key.Key_Return)
    who = page.sheet.person.id
    open_window.go("people", ("visit", None))
    press(open_window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert QApplication.focusWidget() is page.find
    assert len(contacts.of_person(group.read, who)) == 1
    press(open_window, Qt.Key.Key_Z, CONTROL)
    settled()
    assert contacts.of_person(group.read, who) == []
    assert page.find.text() == "ngozi"


def test_typing_after_a_save_is_undone_before_the_record(
    open_window: Window, group: Workspace, settled: Settled
) -> None:
    who = people.page(group.read)[0].id
    open_window.go("people", ("visit", who))
    press(open_window, Qt.Key.Key_Return, CONTROL)
    settled()
    type_in(open_window.pages["people"].find, "abc")
    press(open_window, Qt.Key.Key_Z, CONTROL)
    settled()
    assert len(contacts.of_person(group.read, who)) == 1
    assert open_window.pages["people"].find.text() == ""


def test_undoing_what_is_looked_at_goes_back_to_who_is_left_and_speaks_of_no_mistake(
    open_window: Window, group: Workspace, settled: Settled
) -> None:
    who = people.page(group.read)[0].id
    open_window.go("people", ("case", who))
    page = open_window.pages["people"]
    press(open_window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert page.stack.seen() is page.case_sheet
    open_window.undo()
    settled()
    assert page.stack.seen() is page.sheet
    assert page.sheet.person.id == who
    assert not page.notice.isVisible()

    open_window.go("people", ("called", "Bo"))
    press(open_window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert page.sheet.person.given_name == "Bo"
    open_window.undo()
    settled()
    assert page.stack.seen() is page.blank
    assert not page.notice.isVisible()


def test_the_message_at_the_foot_is_reached_by_a_key(open_window: Window, group: Workspace, settled: Settled) -> None:
    who = people.page(group.read)[0].id
    open_window.go("people", ("visit", who))
    press(open_window, Qt.Key.Key_Return, CONTROL)
    settled()
    press(open_window, Qt.Key.Key_F6)
    press(open_window, Qt.Key.Key_Space)
    settled()
    assert contacts.of_person(group.read, who) == []


@pytest.mark.parametrize("show", ["find_anything", "quick_add"])
def test_every_control_of_what_comes_up_has_a_name(open_window: Window, show: str) -> None:
    getattr(open_window, show)()
    if show == "quick_add":
        open_window.adding.begin("visit")
    over = open_window.anywhere if show == "find_anything" else open_window.adding
    found = list(controls(over))
    assert len(found) >= 2
    assert all(name.strip() for _, name, _ in found)
    assert len({(role, name) for role, name, _ in found}) == len(found)


# --- hints --------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh(open_window: Window) -> Window:
    """Give the window on a computer where no place was seen before."""
    open_window.preferences.hints = True
    return open_window


def test_a_place_tells_what_it_is_for_the_first_time_only(fresh: Window) -> None:
    fresh.go("sessions")
    assert fresh.hint.isVisible()
    assert fresh.hint.words.text().startswith("Count heads here")
    fresh.go("home")
    assert not fresh.hint.isVisible()
    fresh.go("sessions")
    assert not fresh.hint.isVisible()


def test_hints_can_be_put_away_and_turned_off(fresh: Window) -> None:
    fresh.go("noticed")
    fresh.hint.got_it.click()
    assert not fresh.hint.isVisible()
    fresh.go("post")
    assert fresh.hint.isVisible()
    fresh.hint.no_more.click()
    fresh.go("reports")
    assert not fresh.hint.isVisible()
    assert not fresh.preferences.hints
    fresh.preferences.hints = True
    fresh.go("post")
    assert fresh.hint.isVisible()
