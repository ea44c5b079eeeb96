"""What is typed into a passphrase field while the one before is being tried stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui.window import Window


@pytest.fixture
def start(qtbot: QtBot, window: Window, tmp_path: Path) -> Window:
    """Give the window at the lock of a record."""
    Workspace.create(tmp_path / "record", "Larder", "Ann", "correct horse battery staple", passes=1).close()
    window.start.show_folder(tmp_path / "record")
    qtbot.waitUntil(window.isActiveWindow)
    window.start.passphrase.field.setFocus()
    return window


def test_the_key_after_a_refusal_does_not_wipe_what_was_typed_while_it_was_tried(
    start: Window, settled: Callable[[], None]
) -> None:
    field = start.start.passphrase.field
    type_in(field, "wrong")
    press(start, Qt.Key.Key_Return)
    assert start.start.job is not None
    type_in(field, " and more")
    settled()
    assert start.start.notice.isVisible()
    assert field.hasFocus()
    type_in(field, "!")
    assert field.text() == "wrong and more!"


def test_the_key_after_a_refusal_begins_anew_where_nothing_was_typed_meanwhile(
    start: Window, settled: Callable[[], None]
) -> None:
    field = start.start.passphrase.field
    type_in(field, "wrong")
    press(start, Qt.Key.Key_Return)
    settled()
    assert start.start.notice.isVisible()
    type_in(field, "right")
    assert field.text() == "right"
