"""The computer goes to sleep or its screen is locked: the record is locked at once, and no word is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from cis_desktop.records import people
from cis_desktop.workspace import Workspace
from ui import drafts, locking
from ui.idle import ASLEEP, Idle
from ui.locking import Locking
from ui.window import Window

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("dbus-daemon") is None, reason="there is no D-Bus here"
)

KEY = bytes(range(32))
CANARY = "zebracanary"
LOGIND = "org.freedesktop.login1"


class Computer:
    """A bus with a logind that was made for this test: it lets one ask for a delay, and tells what it is told to."""

    def __init__(self, address: str) -> None:
        from jeepney.bus_messages import message_bus
        from jeepney.io.blocking import open_dbus_connection

        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
        self.delays: list[int] = []
        self._connection: Any = open_dbus_connection(address, enable_fds=True)
        self._connection.send_and_get_reply(message_bus.RequestName(LOGIND))
        self._ending = False
        self._thread = Thread(target=self._answer)
        self._thread.start()

    def _answer(self) -> None:
        from jeepney import HeaderFields, new_method_return

        while not self._ending:
            try:
                message = self._connection.receive(timeout=0.02)
            except TimeoutError:
                continue
            if message.header.fields.get(HeaderFields.member) == "Inhibit":
                assert message.body[0] == "sleep"
                assert message.body[3] == "delay"
                ours, theirs = os.pipe()
                self.delays.append(ours)
                self._connection.send(new_method_return(message, "h", (theirs,)))
                os.close(theirs)

    def tell(self, path: str, interface: str, signal: str, *what: bool) -> None:
        """Send a signal."""
        from jeepney import DBusAddress, new_signal

        emitter = DBusAddress(path, interface=interface)
        self._connection.send(new_signal(emitter, signal, "b" * len(what), what))

    def waits(self) -> bool:
        """Say whether somebody still wants it to wait before it sleeps."""
        os.set_blocking(self.delays[-1], False)
        try:
            return os.read(self.delays[-1], 1) != b""
        except BlockingIOError:
            return True

    def end(self) -> None:
        self._ending = True
        self._thread.join()
        self._connection.close()
        for delay in self.delays:
            os.close(delay)


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    """Give a computer that tells when it sleeps: a real bus, and a logind that does what a test says."""
    for name in ("DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.setenv(name, "")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:path={tmp_path / 'bus'}"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    made = Computer(daemon.stdout.readline().strip())
    yield made
    made.end()
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


@pytest.fixture
def listening(qtbot: QtBot, computer: Computer, window: Window, group: Workspace) -> Locking:
    """Give a window that listens, with a record open in it and half a word written."""
    made = Locking(window)
    window.opened(group)
    made.begin()
    qtbot.waitUntil(made.bus.listens)
    window.go("noticed", ("new", None))
    window.pages["noticed"].words.setPlainText(f"{CANARY} half a wor")
    return made


def locked_within_a_second(qtbot: QtBot, window: Window) -> None:
    """Wait for it; the test's own slowness counts as the app's."""
    qtbot.waitUntil(lambda: window.desk is None, timeout=1000)


def test_the_record_is_locked_and_kept_before_the_computer_sleeps(
    qtbot: QtBot, computer: Computer, window: Window, group: Workspace, listening: Locking
) -> None:
    assert computer.waits()
    computer.tell("/org/freedesktop/login1", f"{LOGIND}.Manager", "PrepareForSleep", True)
    locked_within_a_second(qtbot, window)
    qtbot.waitUntil(lambda: not computer.waits(), timeout=5000)
    # The computer may sleep: by now what was half written is in the vault, and the vault is closed.
    with Workspace.open_raw(group.folder, KEY, "Ann") as again:
        assert drafts.read(again.read)["drafts"]["noticed"]["values"]["words"] == f"{CANARY} half a wor"


def test_after_it_wakes_the_computer_waits_again_before_its_next_sleep(
    qtbot: QtBot, computer: Computer, window: Window, listening: Locking
) -> None:
    for times in (2, 3):
        computer.tell("/org/freedesktop/login1", f"{LOGIND}.Manager", "PrepareForSleep", True)
        qtbot.waitUntil(lambda: not computer.waits(), timeout=5000)
        computer.tell("/org/freedesktop/login1", f"{LOGIND}.Manager", "PrepareForSleep", False)
        qtbot.waitUntil(lambda times=times: len(computer.delays) == times and computer.waits(), timeout=5000)


@pytest.mark.parametrize(
    ("path", "interface", "signal", "what"),
    [
        ("/org/freedesktop/login1/session/_32", f"{LOGIND}.Session", "Lock", ()),
        ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", (True,)),
        ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", (True,)),
    ],
)
def test_a_locked_screen_locks_the_record(
    qtbot: QtBot, computer: Computer, window: Window, listening: Locking,
    path: str, interface: str, signal: str, what: tuple[bool, ...],
) -> None:  # fmt: skip
    computer.tell(path, interface, signal, *what)
    locked_within_a_second(qtbot, window)


def test_what_is_no_lock_locks_nothing(computer: Computer, window: Window, listening: Locking) -> None:
    computer.tell("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", False)
    computer.tell("/org/freedesktop/login1", f"{LOGIND}.Manager", "PrepareForShutdown", True)
    computer.tell("/org/freedesktop/login1/session/_32", f"{LOGIND}.Session", "Unlock")
    QTest.qWait(200)
    assert window.desk is not None


def test_where_there_is_no_bus_everything_else_goes_on(
    window: Window, group: Workspace, settled: Callable[[], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.setenv(name, f"unix:path={tmp_path / 'nowhere'}")
    made = Locking(window)
    window.opened(group)
    made.begin()
    settled()
    assert not made.bus.listens()
    window.lock()
    settled()
    assert window.desk is None


def test_a_bus_that_goes_away_is_let_go_of(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: Window, group: Workspace
) -> None:
    address = f"unix:path={tmp_path / 'bus'}"
    daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address={address}"])
    qtbot.waitUntil((tmp_path / "bus").exists)
    for name in ("DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.setenv(name, address)
    made = Locking(window)
    window.opened(group)
    made.begin()
    qtbot.waitUntil(lambda: not window.jobs.busy())
    daemon.terminate()
    daemon.wait()
    before = time.process_time()
    QTest.qWait(300)
    assert time.process_time() - before < 0.2
    assert window.desk is not None


def words_of(widget: QWidget) -> str:
    """Give every word that a widget holds, seen or not."""
    found = []
    for name in ("text", "toPlainText", "title", "windowTitle", "toolTip", "placeholderText", "accessibleDescription"):
        if callable(said := getattr(widget, name, None)):
            found.append(str(said()))
    return " ".join(found)


def test_at_the_very_moment_of_locking_only_the_way_in_is_to_be_seen(
    window: Window, group: Workspace, settled: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A screen that is not there cannot say whose clipboard it is.
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _: True)
    window.opened(group)
    window.go("noticed", ("new", None))
    page = window.pages["noticed"]
    page.words.setPlainText(CANARY)
    page.words.selectAll()
    page.words.copy()
    window.desk.said.emit(f"Said {CANARY}")
    chooser = QFileDialog(page, CANARY)
    chooser.show()
    menu = QMenu(CANARY, page)
    menu.addAction(CANARY)
    menu.popup(page.mapToGlobal(page.rect().center()))
    before = window.grab().toImage()
    window.lock()
    # No turn of the event loop has passed.
    seen = [each for top in QApplication.topLevelWidgets() for each in [top, *top.findChildren(QWidget)]]
    assert not [each for each in seen if each.isVisible() and CANARY in words_of(each)]
    assert [top for top in QApplication.topLevelWidgets() if top.isVisible()] == [window]
    assert QGuiApplication.clipboard().text() == ""
    assert window.windowTitle() == "Community Insights"
    at_once = window.grab().toImage()
    assert at_once != before
    settled()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # And after one there is no widget left that would know.
    assert not [each for each in QApplication.allWidgets() if CANARY in words_of(each)]


def test_what_somebody_else_copied_stays_on_the_clipboard(window: Window, group: Workspace) -> None:
    window.opened(group)
    QGuiApplication.clipboard().setText("a recipe")
    assert not QGuiApplication.clipboard().ownsClipboard()
    window.lock()
    assert QGuiApplication.clipboard().text() == "a recipe"


def test_the_key_and_the_passphrase_are_let_go_of(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    window.start.passphrase.field.setText("four words that fit")
    window.opened(group)
    person = people.page(group.read)[0]
    window.go("people", ("show", person.id))
    vault = group.vault
    window.lock()
    settled()
    assert vault.key == b""
    with pytest.raises(Exception, match="closed"):
        vault.read.execute("select 1")


def test_a_sleep_that_nobody_told_of_locks_on_waking(window: Window, group: Workspace) -> None:
    slept = [100.0]
    said: list[bool] = []
    idle = Idle(10, now=lambda: 0.0, slept=lambda: slept[0])
    idle.past.connect(lambda: said.append(True))
    idle.begin()
    assert not idle.look()
    slept[0] += ASLEEP + 1
    assert idle.look()
    assert said == [True]
    # Awake again and unlocked again, it counts anew.
    idle.begin()
    assert not idle.look()


def test_what_windows_tells_is_told_apart() -> None:
    assert locking.locks(locking.WM_POWERBROADCAST, locking.PBT_APMSUSPEND)
    assert locking.locks(locking.WM_WTSSESSION_CHANGE, locking.WTS_SESSION_LOCK)
    assert not locking.locks(locking.WM_POWERBROADCAST, 7)
    assert not locking.locks(locking.WM_WTSSESSION_CHANGE, 8)
