"""Ending when the system asks for it: a signal, or somebody logging out or switching the computer off."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QGuiApplication, QSessionManager

if TYPE_CHECKING:
    from ui.window import Window

SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")
"""Those that ask a program to end; a system may lack some."""
LONGEST = 20.0
"""Seconds that the end of a session waits for us. Systems wait no longer before they kill."""


class Leaving(QObject):
    """Closes the window as if somebody had closed it, whoever asks. Made once, on the window's thread."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        # Python runs its handlers between two of its own steps, and while the window waits there are none: the byte
        # that the system writes here for each signal wakes the event loop. Windows has neither such signals nor a use
        # for a pipe here.
        self._ours, self._theirs = os.pipe()
        self._notifier: QSocketNotifier | None = None
        self._before = -1
        if os.name == "posix":
            os.set_blocking(self._ours, False)
            os.set_blocking(self._theirs, False)
            self._before = signal.set_wakeup_fd(self._theirs, warn_on_full_buffer=False)
            self._notifier = QSocketNotifier(self._ours, QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._woken)
        known = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
        self._handlers = {number: signal.signal(number, lambda *_: window.close()) for number in known}
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.commitDataRequest.connect(self._asked)

    def let_go(self) -> None:
        """Leave signals to whoever had them before."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            signal.set_wakeup_fd(self._before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._ours)
        os.close(self._theirs)

    def _woken(self) -> None:
        os.read(self._ours, 64)

    def _asked(self, _: QSessionManager) -> None:
        self.session_ends()

    def session_ends(self) -> None:
        """Lock, and come back when all is on the disk: after this the system may end the program at any moment."""
        window = self._window
        window.lock()
        window.jobs.finish(LONGEST)
