"""Keys pressed as a person presses them: where the focus is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def type_in(field: QWidget, text: str) -> None:
    """Type text into the field that has the focus, and fail if that is another one."""
    focus = QApplication.focusWidget()
    assert focus is field or field.isAncestorOf(focus), f"the focus is on {focus}"
    QTest.keyClicks(focus, text)


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press one key where the focus is, or on the widget itself."""
    QTest.keyClick(QApplication.focusWidget() or widget, key, modifier)
