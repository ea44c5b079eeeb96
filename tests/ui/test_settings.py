"""Settings: the way to each part, and the group's own lists, by keyboard and with a way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cis_desktop.records import contacts, own_lists, people
from cis_desktop.records.labels import Codes
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui.pages.settings import SettingsPage
from ui.widgets.words import Card
from ui.window import Window

Settled = Callable[[], None]


@pytest.fixture
def settings(qtbot: QtBot, window: Window, lists: Workspace, settled: Settled) -> SettingsPage:
    qtbot.waitUntil(window.isActiveWindow)
    window.opened(lists)
    window.go("settings")
    settled()
    page = window.pages["settings"]
    assert isinstance(page, SettingsPage)
    return page


def test_an_own_word_is_added_by_keyboard_offered_at_a_visit_and_undone(
    window: Window, settings: SettingsPage, lists: Workspace, settled: Settled
) -> None:
    part = settings.lists
    part.name.setFocus()
    type_in(part.name, "Slow cooker")
    part.counts_as.choose("furniture")
    part.name.setFocus()
    press(window, Qt.Key.Key_Return)
    settled()
    (own,) = [each for each in own_lists.entries(lists.read, "item") if each.own]
    assert own.label == "Slow cooker"
    assert own.key in dict(Codes(lists.read).options("item"))
    assert part.name.hasFocus(), "the next one can be typed at once"
    window.go("people", ("visit", None))
    window.go("settings")
    window.undo()
    settled()
    assert own.key not in dict(Codes(lists.read).options("item"))
    assert all(part.rows.record(at).key != own.key for at in range(part.rows.rowCount()))


def test_an_entry_is_renamed_and_one_no_longer_offered_keeps_its_name_where_it_was_written(
    window: Window, settings: SettingsPage, lists: Workspace, settled: Settled
) -> None:
    part = settings.lists
    assert not part.rename_button.isEnabled(), "nothing is marked"
    part.name.setText("Slow cooker")
    part.add_button.click()
    settled()
    (own,) = [each for each in own_lists.entries(lists.read, "item") if each.own]
    with lists.change("A visit") as change:
        contacts.add(change, "2026-05-04", [contacts.Given(own.key, 1, "item")], person_id=people.add(change))
    at = next(at for at in range(part.rows.rowCount()) if part.rows.record(at).key == own.key)
    part.table.selectRow(at)
    part.name.setText("Electric pot")
    part.rename_button.click()
    settled()
    assert part.rows.record(part.table.currentIndex().row()).label == "Electric pot"
    part.retire_button.click()
    settled()
    codes = Codes(lists.read)
    assert own.key not in dict(codes.options("item"))
    assert codes.label("item", own.key) == "Electric pot"


def test_what_cannot_be_is_said_on_the_page(settings: SettingsPage, settled: Settled) -> None:
    settings.lists.name.setText("Nappies")
    settings.lists.add_button.click()
    settled()
    assert settings.notice.title.text() == "It is on the list already"
    assert settings.lists.name.text() == "Nappies", "what was typed stays"


def test_each_part_is_reached_from_the_top(settings: SettingsPage, qtbot: QtBot) -> None:
    ways = [settings.ways.itemAt(at).widget() for at in range(settings.ways.count())]
    assert len(ways) == len(settings.findChildren(Card)) > 5
    backups = next(way for way in ways if way.text() == "Backups")
    backups.click()
    assert settings.second.path.hasFocus()
    qtbot.waitUntil(lambda: settings.area.verticalScrollBar().value() > 0)


@pytest.mark.parametrize(
    ("grams", "said"), [(400, "Food × 400 g"), (12_350, "Food × 12.35 kg"), (7_000, "Food × 7 kg")]
)
def test_weights_are_said_in_the_unit_people_think_in(lists: Workspace, grams: int, said: str) -> None:
    assert Codes(lists.read).given(contacts.Given("food", grams, "g")) == said
