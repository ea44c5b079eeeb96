"""What two laptops wrote differently is chosen by keyboard, undone, and marked where the record is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from cis_desktop.records import people
from cis_desktop.sync.conflicts import disagreements
from cis_desktop.workspace import Workspace
from tests.ui.apart import NOTE, written_apart
from tests.ui.keys import press
from ui.actions import allow
from ui.pages.differing import DifferingPage
from ui.window import Window

Settled = Callable[[], None]
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(qtbot: QtBot, window: Window, group: Workspace, tmp_path: Path, settled: Settled) -> DifferingPage:
    """Give the page, reached from the card on Home."""
    written_apart(group, tmp_path / "other")
    qtbot.waitUntil(window.isActiveWindow)
    window.opened(group)
    settled()
    card = window.pages["home"].differing
    assert card.isVisible()
    assert "2 things were" in card.said.text()
    card.findChild(QPushButton).click()
    settled()
    found: DifferingPage = window.pages["differing"]
    return found


def focused() -> str:
    held = QApplication.focusWidget()
    return held.accessibleName() if held is not None else ""


def test_one_is_chosen_by_keyboard_and_the_next_is_shown(
    window: Window, group: Workspace, page: DifferingPage, settled: Settled
) -> None:
    assert page.title.text() == "2 things are written differently on two laptops"
    page.table.setFocus()
    page.table.selectRow(1)
    assert page.shown is not None
    other = page.shown.sides[1].words
    press(window, Qt.Key.Key_Return)
    assert focused().startswith(f"Take “{page.shown.sides[0].words}”")
    press(window, Qt.Key.Key_Tab)
    assert other in focused()
    press(window, Qt.Key.Key_Space)
    settled()
    assert people.page(group.read)[0].phone == other
    assert page.title.text() == "1 thing is written differently on two laptops"
    assert page.table.hasFocus()
    assert page.shown.what == "note"


def test_ctrl_z_asks_again_also_where_the_shown_value_was_taken(
    window: Window, group: Workspace, page: DifferingPage, settled: Settled
) -> None:
    page.table.selectRow(1)
    page.choices[0].click()
    settled()
    assert page.rows.rowCount() == 1
    press(window, Qt.Key.Key_Z, CONTROL)
    settled()
    assert page.rows.rowCount() == 2
    press(window, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    settled()
    assert page.rows.rowCount() == 1


def test_a_long_text_shows_what_differs_and_both_are_kept(
    window: Window, group: Workspace, page: DifferingPage, settled: Settled
) -> None:
    page.table.selectRow(0)
    said = [label.text() for label in page.part.findChildren(type(page.title))]
    assert {"Only here: “More families ask about prepayment meters.”", "Only here: “Kilburn.”"} <= set(said)
    page.choices[-1].click()
    settled()
    note = people.page(group.read)[0].note or ""
    assert note.startswith(NOTE)
    assert "prepayment" in note
    assert "Kilburn" in note


def test_the_person_says_so_and_leads_there_and_back(
    window: Window, group: Workspace, page: DifferingPage, settled: Settled
) -> None:
    who = people.page(group.read)[0].id
    window.go("people", ("show", who))
    differs = window.pages["people"].sheet.differs
    assert differs.isVisible()
    assert "note and phone" in differs.said.text()
    differs.findChild(QPushButton).click()
    settled()
    assert window.place == "differing"
    assert page.table.hasFocus()
    show = next(each for each in page.part.findChildren(QPushButton) if "Show the" in each.text().replace("&", ""))
    show.click()
    assert window.place == "people"
    assert window.pages["people"].sheet.person.id == who


def test_nothing_to_choose_teaches_and_leads_to_the_help(window: Window, group: Workspace, settled: Settled) -> None:
    window.opened(group)
    window.go("differing")
    settled()
    page = window.pages["differing"]
    assert page.title.text() == "Nothing is written differently"
    assert "nothing is lost" in page.instead.sentence.text()
    assert page.instead.button is not None
    page.instead.button.click()
    assert window.place == "help"
    assert window.pages["home"].differing.isHidden()


def test_somebody_chose_meanwhile_is_said_and_nothing_is_written(
    window: Window, group: Workspace, page: DifferingPage, settled: Settled
) -> None:
    page.table.selectRow(1)
    one = page.shown
    assert one is not None
    with group.change("Corrected a person") as change:
        change.choose("people", one.row, "phone", "0161 496 0555")
    page.choose(one, 0)
    settled()
    assert page.notice.isVisible()
    assert [each.what for each in disagreements(group.read, group.vault.tables)] == ["note"]


def test_a_value_that_came_meanwhile_is_shown_before_anything_is_written(
    window: Window, group: Workspace, page: DifferingPage, settled: Settled, tmp_path: Path
) -> None:
    page.table.selectRow(1)
    one = page.shown
    assert one is not None
    assert one.field == "phone"
    with Workspace.open_raw(tmp_path / "third", bytes(32), "Cy") as third:
        third.vault.receive(list(group.vault.sets_since({})))
        uid = group.read.execute("select uid from people where id = ?", (one.row,)).fetchone()
        (there,) = third.read.execute("select id from people where uid = ?", uid).fetchone()
        with third.change("Corrected a person") as change:
            people.edit(change, there, phone="0161 496 0777")
        third_sets = list(third.vault.sets_since(group.vault.held()))
    with group.change("Corrected a person") as change:
        people.edit(change, one.row, phone="0161 496 0111")
    group.vault.receive(third_sets)
    before = people.page(group.read)[0].phone
    page.choose(one, 1)
    settled()
    assert page.notice.isVisible()
    assert people.page(group.read)[0].phone == before
    assert page.shown is not None
    assert page.shown.sides != one.sides


def test_a_record_that_was_not_found_is_not_marked_by_a_later_look(
    window: Window, page: DifferingPage, settled: Settled
) -> None:
    found = page.found
    wanted = found[0].record
    assert wanted is not None
    page.found = []
    page.open(wanted)
    page._show([])
    page.area.setFocus()
    page.table.clearFocus()
    page._show(found)
    assert not page.table.hasFocus()


def test_volunteers_at_the_desk_cannot_get_there(
    window: Window, group: Workspace, page: DifferingPage, settled: Settled
) -> None:
    action = next(each for each in window.actions() if each.text().replace("&", "") == "Written differently")
    assert action.isEnabled()
    allow(window, False, at_desk=True)
    assert not action.isEnabled()
