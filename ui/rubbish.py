"""Cyclic garbage is collected on the window's own thread only, and never so much of it that the window stands still.

Python collects on whichever thread happens to allocate. A job that did so could destroy widgets that nobody refers to
any more, and Qt ends the whole program when a widget goes on another thread than its own.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

EVERY = 1000
"""Milliseconds between looks."""
OLDER_EVERY = 10
"""How many younger collections go by before older objects are looked at too, as in Python itself."""
MANY = 100_000
"""Objects that are walked in some ten milliseconds. More of them than that are what a job is working on, or its
result: data, which refers to no widget and goes by itself."""
PATIENCE = 30
"""Looks to wait for a job to let go of its many objects, before they are left out of every look."""


class Collector(QObject):
    """Takes over the collection of garbage for as long as the application lives."""

    def __init__(self, application: QObject) -> None:
        super().__init__(application)
        self.younger, _, _ = gc.get_threshold()
        self.looks = 0
        self.waited = 0
        self.walked = 0
        self.left_out = False
        gc.disable()
        # What the start made stays; walking it again and again would stop the window for nothing.
        gc.freeze()
        timer = QTimer(self, interval=EVERY)
        timer.timeout.connect(self.look)
        timer.start()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._noticed)

    def look(self) -> None:
        """Collect if enough has been made since the last time, and not more than can be walked at once."""
        young = gc.get_count()[0]
        if young > MANY:
            self.waited += 1
            if self.waited >= PATIENCE:
                self.leave_out()
            return
        self.waited = 0
        if young > self.younger:
            self.looks += 1
            oldest = self.looks % (OLDER_EVERY * OLDER_EVERY) == 0
            older = self.looks % OLDER_EVERY == 0 or self.walked + young > MANY
            self.walked = 0 if older else self.walked + young
            gc.collect(2 if oldest else 1 if older else 0)

    def leave_out(self) -> None:
        """Leave all there is now out of every look, until nobody looks at the window. Takes no time."""
        gc.freeze()
        self.waited = self.walked = 0
        self.left_out = True

    def sweep(self) -> None:
        """Collect everything, what was left out as well. Takes a while: for when nobody looks at the window."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self.left_out = False

    def _noticed(self, state: Qt.ApplicationState) -> None:
        if self.left_out and state != Qt.ApplicationState.ApplicationActive:
            self.sweep()
