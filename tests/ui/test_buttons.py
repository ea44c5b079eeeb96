"""A button is pressed by Enter as by Space, and never by Enter in a field beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.words import button


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_the_button_it_is_on_and_not_one_beside_a_field(qtbot: QtBot, key: Qt.Key) -> None:
    whole, field, one = QWidget(), QLineEdit(), button("Sign off")
    qtbot.addWidget(whole)
    lines = QVBoxLayout(whole)
    lines.addWidget(field)
    lines.addWidget(one)
    pressed: list[bool] = []
    one.clicked.connect(lambda: pressed.append(True))
    whole.show()
    QTest.keyClick(field, key)
    assert not pressed
    QTest.keyClick(one, key)
    assert len(pressed) == 1
