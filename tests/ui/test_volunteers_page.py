"""The page of volunteers by keyboard: where the keys are after a refusal, and what is seen of a list just begun."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cis_desktop import volunteers
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui.window import Window

Settled = Callable[[], None]


def test_a_pin_that_is_refused_is_typed_anew_where_it_was_typed(
    window: Window, lists: Workspace, settled: Settled
) -> None:
    window.opened(lists)
    window.go("volunteers")
    settled()
    page = window.pages["volunteers"]
    page.pins.name.setText("Eve")
    page.pins.pin.setText("1234")
    page.pins.add.setFocus()
    press(page.pins.add, Qt.Key.Key_Space)
    settled()
    assert page.notice.title.text() == "That PIN is the first that anybody would try"
    type_in(page.pins.pin, "8164")
    press(page.pins.pin, Qt.Key.Key_Return)
    settled()
    (eve,) = volunteers.listed(lists.read)
    assert volunteers.right(lists.read, eve.id, "8164")


def test_a_list_that_was_begun_is_in_sight_with_its_first_step(
    window: Window, lists: Workspace, settled: Settled
) -> None:
    window.opened(lists)
    window.go("volunteers")
    settled()
    page = window.pages["volunteers"]
    page.leaving.name.setFocus()
    type_in(page.leaving.name, "Bo")
    press(page.leaving.name, Qt.Key.Key_Return)
    settled()
    QTest.qWait(50)
    first = next(iter(page.leaving.ticks.values()))
    assert not first.visibleRegion().isEmpty()
    focus = QApplication.focusWidget()
    assert focus is page.leaving.which
    assert not focus.visibleRegion().isEmpty()
