"""Fields by themselves: what they tell, and what belongs to them."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cis_desktop.records import people
from cis_desktop.workspace import Workspace
from ui.widgets.fields import Choice
from ui.widgets.ticks import Ticks
from ui.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_undo_in_a_number_that_nobody_typed_in_takes_back_what_was_saved(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(lists)
    desk = window.desk
    assert desk is not None
    desk.write(window, "Added a person", lambda change: people.add(change, given_name="Amina"), print, print)
    settled()
    window.go("sessions")
    adults = window.pages["sessions"].adults
    adults.setFocus()
    QTest.keyClick(adults, Qt.Key.Key_Z, CONTROL)
    settled()
    assert not people.page(lists.read)


def test_a_choice_that_offers_anew_when_it_changes_comes_to_an_end(qtbot: QtBot) -> None:
    choice, told = Choice([("a", "Apples"), ("b", "Bread")]), list[str | None]()
    qtbot.addWidget(choice)

    def changed(_: int) -> None:
        told.append(choice.key())
        choice.offer([("c", "Cheese"), ("a", "Apples"), ("b", "Bread")])

    choice.currentIndexChanged.connect(changed)
    choice.choose("b")
    assert (told, choice.key()) == (["b"], "b")
    choice.offer([("a", "Apples")])
    assert told == ["b", "a"], "what was chosen is not there any more"


def test_thousands_of_things_to_tick_are_offered_at_once_and_what_is_still_there_stays_ticked(qtbot: QtBot) -> None:
    ticks, told = Ticks(), list[list[str]]()
    qtbot.addWidget(ticks)
    ticks.changed.connect(lambda: told.append(ticks.ticked()))
    ticks.offer([("a", "Apples"), ("b", "Bread"), ("c", "Cheese")])
    ticks.tick(["c", "b", "nothing here"])
    started = time.thread_time()
    ticks.offer([("b", "Bread"), *((f"n{at}", f"Thing {at}") for at in range(20_000))])
    assert time.thread_time() - started < 0.05
    assert ticks.ticked() == ["b"]
    ticks.show()
    ticks.setCurrentIndex(ticks.model().index(1, 0))
    QTest.keyClick(ticks, Qt.Key.Key_Space)
    assert told == [["b", "c"], ["b", "n0"]]
    QTest.keyClick(ticks, Qt.Key.Key_Space)
    assert ticks.ticked() == ["b"]
