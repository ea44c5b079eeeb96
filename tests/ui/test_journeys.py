"""The journeys of the window, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cis_desktop.records import contacts, people, sessions
from cis_desktop.records import observations as noticed
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui.widgets.fields import day_of, set_day
from ui.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def test_a_record_is_made_locked_refused_and_unlocked_by_keyboard(
    window: Window, settled: Callable[[], None], tmp_path: Path
) -> None:
    start = window.start
    type_in(start.group, "Kilburn Kitchen")
    press(window, Qt.Key.Key_Tab)
    type_in(start.person, "Ann")
    press(window, Qt.Key.Key_Tab)
    type_in(start.first.field, "four words that fit")
    start.second.field.setFocus()
    type_in(start.second.field, "four words that fix")
    start.new_folder.path.setText(str(tmp_path / "record"))
    QTest.mouseClick(start.create_button, Qt.MouseButton.LeftButton)
    assert start.notice.title.text() == "The two passphrases differ"
    assert not (tmp_path / "record").exists()
    start.second.field.setText("four words that fit")
    start.create_button.setFocus()
    press(window, Qt.Key.Key_Space)
    settled()
    assert window.place == "home"
    assert window.pages["home"].title.text() == "Kilburn Kitchen"
    assert window.pages["home"].steps.isVisible()
    assert start.first.text() == ""

    QTest.keyClick(window, Qt.Key.Key_L, CONTROL)
    settled()
    assert window.desk is None
    assert not window.rail.isVisible()
    assert window.standing.locked.text() == "Locked"

    type_in(start.passphrase.field, "not the words")
    press(window, Qt.Key.Key_Return)
    settled()
    assert window.desk is None
    assert start.notice.isVisible()
    type_in(start.passphrase.field, "four words that fit")
    press(window, Qt.Key.Key_Return)
    settled()
    assert window.desk is not None
    assert start.passphrase.text() == ""


def test_a_person_is_added_visited_and_found_again(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(lists)
    QTest.keyClick(window, Qt.Key.Key_P, CONTROL | SHIFT)
    page = window.pages["people"]
    type_in(page.person_form.fields["given_name"], "Amina")
    press(window, Qt.Key.Key_Tab)
    type_in(page.person_form.fields["family_name"], "Khan")
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert page.sheet.title.text() == "Amina Khan"

    QTest.keyClick(window, Qt.Key.Key_V, CONTROL | SHIFT)
    form = page.visit_form
    press(window, Qt.Key.Key_T, ALT)
    type_in(form.first.item, "emer")
    assert form.first.item.key() == "food_parcel"
    assert form.first.days.isVisible()
    assert form.first.days.value() == 3
    form.needs.setFocus()
    type_in(form.needs, "deb")
    press(window, Qt.Key.Key_Space)
    form.note.setFocus()
    type_in(form.note, "Asked about rent")
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    person = people.page(lists.read)[0]
    (visit,) = contacts.of_person(lists.read, person.id)
    assert visit.given[0].item == "food_parcel"
    assert visit.given[0].parcel_days == 3
    assert visit.needs == ("debt",)
    assert visit.note == "Asked about rent"
    assert page.sheet.happened.rowCount() == 1
    assert "2nd visit in six months" in page.sheet.happened_title.text()

    window.go("people", ("find", None))
    type_in(page.find, "ami")
    assert page.rows.record(0).label == "Amina Khan"
    press(window, Qt.Key.Key_Return)
    assert page.sheet.person is not None
    assert page.sheet.person.id == person.id


def test_a_visit_is_undone_and_done_again_by_its_keys(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(group)
    person = people.page(group.read)[0]
    before = len(contacts.of_person(group.read, person.id))
    window.go("people", ("visit", person.id))
    QTest.keyClick(window.pages["people"].visit_form.save, Qt.Key.Key_Space)
    settled()
    assert window.toast.isVisible()
    assert window.toast.words.text() == "Saved: Added a visit"
    window.rail.setFocus()
    QTest.keyClick(window, Qt.Key.Key_1, CONTROL)
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    settled()
    assert len(contacts.of_person(group.read, person.id)) == before
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)
    settled()
    assert len(contacts.of_person(group.read, person.id)) == before + 1


def test_a_visit_is_read_whole(window: Window, group: Workspace) -> None:
    window.opened(group)
    person = people.page(group.read)[0]
    window.go("people", ("show", person.id))
    sheet = window.pages["people"].sheet
    assert not sheet.event_words.isVisible()
    sheet.happened_table.setFocus()
    sheet.happened_table.selectRow(0)
    press(window, Qt.Key.Key_Return)
    assert "Emergency food parcel (3 days)" in sheet.event_words.text()
    assert "Came with a neighbour" in sheet.event_words.text()


def test_a_case_is_opened_visited_and_closed(window: Window, group: Workspace, settled: Callable[[], None]) -> None:
    window.opened(group)
    person = people.page(group.read)[0]
    window.go("people", ("case", person.id))
    page = window.pages["people"]
    page.case_form.main.choose("housing")
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert page.case_sheet.isVisible()
    assert "Housing" in page.case_sheet.facts.text()
    page.case_sheet.visit.click()
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    case = page.case_sheet.case
    assert case is not None
    assert len(contacts.of_case(group.read, case.id)) == 1
    page.show_case(case.id)
    page.case_sheet.close_it.click()
    settled()
    assert "Closed" in page.case_sheet.facts.text()


def test_a_case_begins_with_nothing_of_the_one_before_and_comes_back_whole_after_the_lock(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(group)
    first, other = people.page(group.read)[:2]
    window.go("people", ("case", first.id))
    page = window.pages["people"]
    form = page.case_form
    form.main.choose("housing")
    form.how.choose("family_or_friend")
    set_day(form.day, "2026-05-04")
    kept = page.drafts()
    form.save.click()
    settled()
    window.go("people", ("case", other.id))
    assert (form.main.key(), form.how.key(), day_of(form.day)) == (None, None, date.today())
    page.restore(kept)
    assert (form.main.key(), form.how.key(), day_of(form.day)) == ("housing", "family_or_friend", date(2026, 5, 4))


def test_a_head_count_takes_two_fields(window: Window, lists: Workspace, settled: Callable[[], None]) -> None:
    window.opened(lists)
    QTest.keyClick(window, Qt.Key.Key_H, CONTROL | SHIFT)
    page = window.pages["sessions"]
    page.adults.setFocus()
    page.adults.selectAll()
    type_in(page.adults, "21")
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    (session,) = sessions.page(lists.read)
    assert session.adults == 21
    assert session.children is None, "a number that nobody gave is not nought"
    assert page.rows.rowCount() == 1


def test_something_noticed_is_written_first_and_themed_after(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(lists)
    QTest.keyClick(window, Qt.Key.Key_N, CONTROL | SHIFT)
    page = window.pages["noticed"]
    type_in(page.words, "Meters run out on Fridays")
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    (written,) = noticed.page(lists.read)
    page.table.selectRow(0)
    page.table.setFocus()
    press(window, Qt.Key.Key_Return)
    page.themes.setFocus()
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert len(noticed.themes_of(lists.read, written.id)) == 1


def test_a_wrong_value_is_said_in_place_and_nothing_typed_is_lost(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(lists)
    window.go("people", ("new", None))
    page = window.pages["people"]
    page.person_form.fields["postcode"].setText("nowhere")
    page.person_form.fields["given_name"].setText("Mei")
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert page.notice.isVisible()
    assert page.notice.title.text() == "That is not a UK postcode"
    assert page.person_form.fields["given_name"].text() == "Mei"
    assert not people.page(lists.read)


def test_an_old_change_is_undone_from_the_list_of_changes(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(group)
    QTest.keyClick(window, Qt.Key.Key_H, CONTROL)
    page = window.pages["history"]
    page.table.selectRow(0)
    assert page.chosen is not None
    assert page.chosen.words == "Made an example"
    page.undo.click()
    settled()
    assert not people.page(group.read)
    assert page.rows.record(0).words == "Undid a change"


def test_search_answers_a_key_press_within_its_time(qtbot: QtBot, window: Window, group: Workspace) -> None:
    import time

    window.opened(group)
    window.go("people", ("find", None))
    page = window.pages["people"]
    for letter in "garc":
        begun = time.thread_time()
        type_in(page.find, letter)
        assert time.thread_time() - begun < 0.05
    assert {page.rows.record(at).label.split()[1] for at in range(page.rows.rowCount())} == {"García"}


@pytest.mark.parametrize("typed", ["<b>bold</b>", "<img src=x>", "عمر", "দাস", "陈美"])
def test_what_people_write_is_shown_as_they_wrote_it(
    window: Window, lists: Workspace, settled: Callable[[], None], typed: str
) -> None:
    with lists.change("Added a person") as change:
        person = people.add(change, given_name=typed)
    window.opened(lists)
    window.go("people", ("show", person))
    page = window.pages["people"]
    assert page.sheet.title.text() == typed
    assert page.sheet.title.textFormat() == Qt.TextFormat.PlainText
    assert typed not in window.windowTitle()
    at = page.rows.index(0, 0)
    assert at.data() == typed
    assert "<b>" not in at.data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in at.data(Qt.ItemDataRole.ToolTipRole)
