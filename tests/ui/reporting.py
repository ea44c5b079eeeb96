"""The guided report as tests walk through it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cis_desktop.workspace import Workspace
from tests.ui.keys import press
from ui.pages.reports.guide import Guide
from ui.pages.reports.page import ReportsPage
from ui.window import Window

FOOD = "food-support-quarterly-return@1"


def opened(window: Window, group: Workspace) -> ReportsPage:
    """Give the reports page at the food return for April to June 2026, not accepted."""
    window.opened(group)
    window.go("reports")
    made = window.pages["reports"]
    assert isinstance(made, ReportsPage)
    made.guide.choose.choose(FOOD, "2026-Q2")
    QTest.qWait(20)
    return made


def letter(window: Window, key: Qt.Key) -> None:
    """Press an underlined letter; Qt shows the button pressed for a tenth of a second first."""
    press(window, key, Qt.KeyboardModifier.AltModifier)
    QTest.qWait(150)


def at(guide: Guide, step: str, settled: Callable[[], None]) -> Guide:
    """Go to a step and wait until it is there."""
    guide.go(step)
    settled()
    assert guide.step == step
    return guide
