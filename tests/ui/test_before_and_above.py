"""Everyone can use what comes before a record is open, and what opens above the window, as they use its places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDateEdit, QLabel, QMenu, QWidget

from cis_desktop.workspace import Workspace
from tests.ui.everywhere import until
from tests.ui.keys import press
from tests.ui.test_everyone import controls
from ui import theme
from ui.dialogs.bug import BugReport
from ui.window import Window

Show = Callable[[Window, Workspace], QWidget]
"""Brings a state about, and gives the window that a person is then in."""


def refused(window: Window, _: Workspace) -> QWidget:
    """Try to make a record without a name."""
    window.start.create()
    return window


def missed(window: Window, group: Workspace) -> QWidget:
    """Look for the record that was open last where it is not any more."""
    window.start.remembered = group.folder / "gone"
    window.start.show_folder(group.folder / "gone")
    return window


def wrong(window: Window, group: Workspace) -> QWidget:
    """Type a wrong passphrase, with Caps Lock on."""
    window.start.show_folder(group.folder)
    QTest.keyClick(window.start.passphrase.field, "A")
    window.start.unlock()
    until(lambda: not window.jobs.busy())
    return window


def offered(window: Window, _: Workspace) -> QWidget:
    """Have six words suggested."""
    window.start.new.offer.click()
    until(lambda: not window.jobs.busy())
    return window


def helped(window: Window, group: Workspace) -> QWidget:
    """Read the help while the record is locked."""
    window.start.show_folder(group.folder)
    window.start.helped.emit("forgot")
    return window


def kit(window: Window, group: Workspace) -> QWidget:
    """Show the recovery kit, and type a wrong group from it."""
    window.opened(group)
    window.go("home", ("kit", None))
    part = window.pages["home"].kit
    part.ask()
    part.prove()
    return window


def bug(window: Window, _: Workspace) -> QWidget:
    """Show the report of a bug."""
    dialog = BugReport("Kind: ValueError\n  ui/pages/people.py:12 in open", window)
    dialog.open()
    return dialog


def menu(window: Window, group: Workspace) -> QWidget:
    """Open a menu by its letter."""
    window.opened(group)
    until(lambda: not window.jobs.busy())
    press(window, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    return QApplication.activePopupWidget()


def calendar(window: Window, group: Workspace) -> QWidget:
    """Open the calendar of a date."""
    window.opened(group)
    window.go("sessions", ("new", None))
    until(lambda: not window.jobs.busy())
    day = next(each for each in window.findChildren(QDateEdit) if each.isVisible())
    day.setFocus()
    press(day, Qt.Key.Key_F4)
    QTest.keyClick(day, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.qWait(50)
    return QApplication.activePopupWidget() or window


def under_way(window: Window, group: Workspace) -> QWidget:
    """Let something take a while, so that it can be stopped."""
    window.opened(group)
    until(lambda: not window.jobs.busy())

    def work(job: object) -> None:
        while True:
            QTest.qSleep(5)
            job.tell(1, 2)  # type: ignore[attr-defined]

    window.jobs.start(window, "Reading the file", work, lambda _: None, lambda _: None)
    until(window.under_way.isVisible)
    return window


STATES: dict[str, Show] = {
    "nothing yet": lambda window, _: window,
    "refused": refused,
    "six words": offered,
    "not there": missed,
    "wrong passphrase": wrong,
    "help while locked": helped,
    "kit": kit,
    "bug": bug,
    "menu": menu,
    "calendar": calendar,
    "under way": under_way,
}


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, window: Window, group: Workspace) -> Iterator[QWidget]:
    """Give the window of each state."""
    shown = STATES[request.param](window, group)
    QTest.qWait(20)
    yield shown
    window.jobs.cancel_all()
    if shown is not window:
        shown.close()
        until(lambda: not any(each.isVisible() for each in window.findChildren(BugReport)))
        for each in window.findChildren(BugReport):
            each.setParent(None)
            each.deleteLater()


def test_every_control_of_every_state_has_a_name_of_its_own(state: QWidget) -> None:
    found = list(controls(state))
    assert found or isinstance(state, QMenu) or "Calendar" in type(state).__name__
    assert not [each for each in found if not each[1].strip()]
    assert not {name: n for name, n in Counter((role, name) for role, name, _ in found).items() if n > 1}
    if isinstance(state, QMenu):
        assert all(action.text() for action in state.actions() if not action.isSeparator())


def test_every_control_of_every_state_is_reached_by_keys(state: QWidget) -> None:
    if isinstance(state, QMenu):
        for action in [each for each in state.actions() if not each.isSeparator() and each.isEnabled()]:
            assert "&" in action.text(), f"{action.text()} has no letter"
        return
    wanted = {
        each
        for each in state.findChildren(QWidget)
        if each.isVisible()
        and each.isEnabled()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and not (each.parentWidget() and each.parentWidget().focusPolicy() & Qt.FocusPolicy.TabFocus)
    }
    reached: set[QWidget] = set()
    for _ in range(3 * len(wanted) + 10):
        QTest.keyClick(QApplication.focusWidget() or state, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert not {f"{type(each).__name__} {each.accessibleName()}" for each in wanted - reached}


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("name", STATES)
def test_no_word_of_any_state_is_cut_at_twice_the_size(
    qapp: QApplication, window: Window, group: Workspace, name: str, scheme: str
) -> None:
    theme.put_on(qapp, scheme, 200)
    window.resize(1280, 720)
    shown = STATES[name](window, group)
    QTest.qWait(50)
    try:
        assert shown.width() <= 1280
        assert shown.height() <= 720
        QTest.qWait(50)
        assert not list(cut(shown))
    finally:
        window.jobs.cancel_all()
        if shown is not window:
            shown.close()
            for each in window.findChildren(BugReport):
                each.setParent(None)
                each.deleteLater()


def cut(widget: QWidget) -> Iterator[tuple[str, object, object]]:
    """Yield the words of labels and buttons that have less room than they need."""
    for each in widget.findChildren(QWidget):
        if each.isVisible() and isinstance(each, (QLabel, QAbstractButton)) and each.text():
            need = each.minimumSizeHint()
            tall = each.heightForWidth(each.width()) if each.hasHeightForWidth() else need.height()
            if each.width() < need.width() or each.height() < tall:
                yield each.text(), each.size(), need


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give what a screen reader is told from now on."""
    told: list[str] = []
    tell = QAccessible.updateAccessibility

    def listen(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            told.append(event.message())
        tell(event)  # type: ignore[arg-type]

    monkeypatch.setattr(QAccessible, "updateAccessibility", listen)
    return told


def test_what_goes_wrong_before_a_record_is_open_is_spoken(
    window: Window, group: Workspace, spoken: list[str], tmp_path: Path
) -> None:
    wrong(window, group)
    assert spoken[0] == "Caps Lock is on."
    assert any("stays locked" in each or each.startswith("There is no record here") for each in spoken[1:])
    window.start.show_folder(None)
    refused(window, group)
    assert spoken[-1].startswith("The group needs a name")
    window.start.open_other(tmp_path)
    assert spoken[-1].startswith("There is no record in that folder")


def test_the_groups_of_the_kit_are_spoken_letter_by_letter_and_forgotten(window: Window, lists: Workspace) -> None:
    window.opened(lists)
    window.go("home", ("kit", None))
    part = window.pages["home"].kit
    for at, label in enumerate(part.parts, 1):
        assert label.accessibleName() == f"Group {at}: {' '.join(label.text())}"
    part.forget()
    assert not any(label.accessibleName() or label.text() for label in part.parts)


def test_caps_lock_is_told_from_shift(window: Window) -> None:
    field, warned = window.start.first.field, window.start.first.capitals
    field.setFocus()
    QTest.keyClick(field, "A", Qt.KeyboardModifier.ShiftModifier)
    assert field.text() == "A"
    assert not warned.isVisible()
    QTest.keyClicks(field, "2 !")
    assert not warned.isVisible()
    QTest.keyClick(field, "Q")
    assert warned.isVisible()
    QTest.keyClick(field, "q")
    assert not warned.isVisible()


def test_what_is_wrong_is_told_just_above_its_field_and_both_are_seen(
    window: Window, tmp_path: Path, settled: Callable[[], None]
) -> None:
    start = window.start
    start.group.setText("Kilburn Kitchen")
    start.new.offer.click()
    for bad, title in (("kitchen", "It is not clear where"), (tmp_path / "Dropbox" / "k", "That folder is copied")):
        start.new_folder.path.setText(str(bad))
        start.create()
        settled()
        QTest.qWait(20)
        assert start.notice.title.text().startswith(title)
        assert start.new_folder.path.hasFocus()
        seen = start.area.viewport().rect()
        for part in (start.notice, start.new_folder):
            assert seen.contains(part.rect().translated(part.mapTo(start.area.viewport(), part.rect().topLeft())))
        assert start.notice.y() < start.new_folder.y()
    assert not (tmp_path / "Dropbox").exists()


def test_a_record_that_is_not_there_now_leads_to_no_second_one(window: Window, tmp_path: Path) -> None:
    window.start.remembered = tmp_path / "stick" / "record"
    window.start.show_folder(tmp_path / "stick" / "record")
    assert window.start.forms.seen() is window.start.unlocking
    assert window.start.notice.title.text() == "Your record is not there now"
    window.start.show_folder(tmp_path / "another")
    assert window.start.forms.seen() is window.start.making
    assert not window.start.notice.isVisible()
