"""Sharing one record between laptops by the window: inviting, joining, meeting, taking away; two laptops in one test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cis_desktop import health, ways_in
from cis_desktop.records import people
from cis_desktop.sync import laptops, place
from cis_desktop.sync.exchange import exchange
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace
from tests.core.sync.group import WORDS, Group, add, names
from tests.ui.everywhere import until
from tests.ui.keys import press, type_in
from ui.window import Window

Settled = Callable[[], None]


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    """Give a group with one laptop, whose kit somebody holds, and a stick."""
    made = Group(tmp_path)
    with_kit(made.front)
    yield made
    made.close()


def with_kit(workspace: Workspace) -> None:
    """Let somebody hold the recovery kit of a laptop."""
    identity = ways_in.add_recovery(workspace)
    slot = keys.open_with_recovery(keys.read_keys(workspace.folder), identity).slot.id
    with workspace.change("Proved the recovery kit") as change:
        health.kit_proven(change, slot)


def meets(workspace: Workspace, folder: Path) -> None:
    """Choose the shared folder of a laptop."""
    with workspace.change("Chose the shared folder") as change:
        place.choose(change.connection, folder, workspace.folder)


def laptops_page(window: Window, workspace: Workspace, settled: Settled):
    """Open a record and give its page of laptops."""
    window.opened(workspace)
    window.go("sharing")
    settled()
    return window.pages["sharing"]


def test_from_nothing_to_one_record_on_two_laptops_by_keyboard(
    window: Window, group: Group, settled: Settled, tmp_path: Path
) -> None:
    add(group.front, "Amina")
    page = laptops_page(window, group.front, settled)
    assert page.deck.seen() is page.first
    page.share.setFocus()
    press(window, Qt.Key.Key_Space)
    type_in(page.inviting.name, "Front desk")
    press(window, Qt.Key.Key_Tab)
    QTest.keySequence(QApplication.focusWidget(), "Ctrl+A")
    type_in(page.inviting.own, "Office")
    file = tmp_path / "for the desk.cis-invite"
    page.inviting.out.path.setText(str(file))
    press(window, Qt.Key.Key_Return)
    settled()
    code = page.inviting.code.text()
    assert len(code.split()) == 6
    assert file.is_file()
    press(window, Qt.Key.Key_Space)
    settled()
    assert page.inviting.code.text() == ""
    assert page.laptops.rows.record(0).name == "Office"
    assert "Front desk" in page.laptops.invited.text()
    meets(group.front, group.stick)
    window.lock()
    until(lambda: window.desk is None and not window.jobs.busy())

    start = window.start
    start.show_folder(None)
    start.join_one()
    type_in(start.joining.file, str(file))
    for field, text in (
        (start.joining.code, code.upper()), (start.joining.person, "Ben"),
        (start.joining.new.first.field, f"{WORDS} of Ben"), (start.joining.new.second.field, f"{WORDS} of Ben"),
    ):  # fmt: skip
        field.setFocus()
        type_in(field, text)
    start.joining.into.path.setText(str(tmp_path / "desk"))
    press(window, Qt.Key.Key_Return)
    until(lambda: window.desk is not None)
    settled()
    assert window.place == "sharing"
    page = window.pages["sharing"]
    assert page.waiting.isVisible()
    assert "choose the shared folder" in page.next.text()
    page.meeting.folder.path.setFocus()
    type_in(page.meeting.folder, str(group.stick))
    press(window, Qt.Key.Key_Return)
    settled()
    assert "press “Look now” there" in page.next.text()
    joined = window.desk.workspace
    exchange(group_front := Workspace.open(group.folder / "front", WORDS), group.stick)
    page.meeting.look.click()
    until(lambda: window.pages.get("sharing") not in (None, page) and not window.jobs.busy())
    settled()
    assert window.pages["sharing"].notice.title.text() == "The record is here"
    assert names(joined) == ["Amina"]
    group_front.close()
