"""Locking when the computer says so: it goes to sleep, or its screen is locked.

On Linux D-Bus tells (`ui/bus.py`), on Windows the window's own messages. What macOS tells can be heard by Objective-C
alone: there, and wherever nothing is told, `ui/idle.py` notices on waking that the computer has slept.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QObject
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QToolTip

from ui.bus import Bus

if TYPE_CHECKING:
    from ui.window import Window

WM_POWERBROADCAST, PBT_APMSUSPEND = 0x0218, 0x0004
WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK = 0x02B1, 0x0007
"""Numbers of Windows, from winuser.h and wtsapi32.h."""


class Locking(QObject):
    """Locks the window when the computer goes to sleep or its screen is locked. Made once, for the window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._begun = False
        self._hook: WindowsHook | None = None
        self.bus = Bus(window.jobs, self)
        self.bus.sleeping.connect(self._sleeps)
        self.bus.screen_locked.connect(window.lock)
        # Not before something is open: there is nothing to lock until then, and the first window must not wait.
        window.start.opened.connect(lambda _: self.begin())
        window.left.connect(self.bus.end)

    def begin(self) -> None:
        """Listen from now on."""
        if self._begun:
            return
        self._begun = True
        if sys.platform == "win32":
            self._hook = WindowsHook(self._window)
            QGuiApplication.instance().installNativeEventFilter(self._hook)
        elif sys.platform == "linux":
            self.bus.begin()

    def _sleeps(self) -> None:
        """Lock, and let the computer sleep as soon as all is on the disk."""
        self._window.lock()
        self._window.jobs.when_idle(self.bus.let_sleep)


class WindowsHook(QAbstractNativeEventFilter):
    """Hears what Windows tells every window. Tried on no Windows yet."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        ctypes.windll.wtsapi32.WTSRegisterSessionNotification(int(window.winId()), 0)  # type: ignore[attr-defined]

    def nativeEventFilter(self, kind: QByteArray | bytes, message: Any) -> tuple[bool, int]:
        """Lock when the computer goes to sleep or the screen is locked; every message goes on as it came."""
        if bytes(kind) == b"windows_generic_MSG":
            from ctypes import wintypes

            told = wintypes.MSG.from_address(int(message))
            if locks(told.message, told.wParam):
                # At once: what waits for the disk has the seconds that Windows gives before it sleeps.
                self._window.lock()
        return False, 0


def locks(message: int, what: int) -> bool:
    """Say whether a message of Windows is one to lock at."""
    return (message, what) in {(WM_POWERBROADCAST, PBT_APMSUSPEND), (WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK)}


def blank(window: Window) -> None:
    """Take from the screen, and from the clipboard, whatever the app has put there beside the window's pages."""
    QToolTip.hideText()
    for words in (window.toast.words, window.under_way.words):
        words.clear()
    while (popup := QApplication.activePopupWidget()) is not None and popup.close():
        pass
    for dialog in window.findChildren(QDialog):
        # A report about a mistake of the app has no personal words; all others belong to a page.
        if dialog.isVisible() and dialog.parentWidget() is not window:
            dialog.hide()
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.clear()
    if clipboard.supportsSelection() and clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)
    # Now, and not when the event loop comes round to it: the computer may be asleep by then.
    window.repaint()
