"""Ending when the system asks for it: a signal, or somebody logging out or switching the computer off."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication, QSessionManager

if TYPE_CHECKING:
    from ui.window import Window

SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")
"""Those that ask a program to end; a system may lack some."""
LONGEST = 20_000
"""Milliseconds that the end of a session waits for us. Systems wait no longer before they kill."""


class Leaving(QObject):
    """Closes the window as if somebody had closed it, whoever asks. Made once, on the window's thread."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        # Python runs its handlers between two of its own steps, and while the window waits there are none: the byte
        # that the system writes here for each signal wakes the event loop.
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        self._before = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        known = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
        self._handlers = {number: signal.signal(number, lambda *_: window.close()) for number in known}
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.commitDataRequest.connect(self._asked)

    def let_go(self) -> None:
        """Leave signals to whoever had them before."""
        self._notifier.setEnabled(False)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._before)
        self._ours.close()
        self._theirs.close()

    def _woken(self) -> None:
        self._ours.recv(64)

    def _asked(self, _: QSessionManager) -> None:
        self.session_ends()

    def session_ends(self) -> None:
        """Lock, and come back when all is on the disk: after this the system may end the program at any moment."""
        window = self._window
        window.lock()
        wait = QEventLoop()
        window.jobs.when_idle(wait.quit)
        if window.jobs.busy():
            QTimer.singleShot(LONGEST, wait.quit)
            wait.exec()
