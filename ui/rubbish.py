"""Cyclic garbage is collected on the window's own thread only.

Python collects on whichever thread happens to allocate. A job that did so could destroy widgets that nobody refers to
any more, and Qt ends the whole program when a widget goes on another thread than its own.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 1000
"""Milliseconds between looks."""
OLDER_EVERY = 10
"""How many younger collections go by before older objects are looked at too, as in Python itself."""


class Collector(QObject):
    """Takes over the collection of garbage for as long as the application lives."""

    def __init__(self, application: QObject) -> None:
        super().__init__(application)
        self.younger, _, _ = gc.get_threshold()
        self.looks = 0
        gc.disable()
        # What the start made stays; walking it again and again would stop the window for nothing.
        gc.freeze()
        timer = QTimer(self, interval=EVERY)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> None:
        """Collect if enough has been made since the last time."""
        if gc.get_count()[0] > self.younger:
            self.looks += 1
            oldest = self.looks % (OLDER_EVERY * OLDER_EVERY) == 0
            gc.collect(2 if oldest else 1 if self.looks % OLDER_EVERY == 0 else 0)
