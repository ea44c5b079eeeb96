"""How long nobody has used the window, the time a laptop slept included."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

LOOK_EVERY = 1000
"""Milliseconds between looks: as long as it takes, at most, until a laptop that wakes up is locked."""
ASLEEP = 2.0
"""Seconds of sleep that count as one: the two clocks are read one after the other."""
USES = (QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


def passing() -> float:
    """Give the seconds since some moment, asleep or awake; no clock that somebody sets has to do with it."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        # There this one counts sleep, and `time.monotonic` does not.
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


def asleep() -> float:
    """Give the seconds that the computer has slept since it was started; always 0 where no clock tells."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
    if hasattr(time, "CLOCK_UPTIME_RAW"):
        return time.clock_gettime(time.CLOCK_MONOTONIC) - time.clock_gettime(time.CLOCK_UPTIME_RAW)
    return 0.0


class Idle(QObject):
    """Tells when the window has not been used for the minutes that were chosen, or the computer has slept.

    Qt's own timers stand still while a laptop sleeps: one that slept all night would wake up open.
    """

    past = Signal()
    """Nobody has used the window for so long, or the computer has slept since it was last looked."""

    def __init__(
        self,
        minutes: float,
        parent: QObject | None = None,
        now: Callable[[], float] = passing,
        slept: Callable[[], float] = asleep,
    ) -> None:
        super().__init__(parent)
        self.minutes = minutes
        self._now = now
        self._slept = slept
        self._used, self._before = now(), slept()
        self._timer = QTimer(self, interval=LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            # A method, not a lambda: this one goes with its window, and the application stays.
            application.applicationStateChanged.connect(self._noticed)

    def begin(self) -> None:
        """Begin to count from now."""
        self._used, self._before = self._now(), self._slept()
        self._timer.start()

    def end(self) -> None:
        """Count no longer."""
        self._timer.stop()

    def used(self) -> float:
        """Give when the window was used last, by the clock that counts."""
        return self._used

    def look(self) -> bool:
        """Say whether it has been too long, and tell everybody if so."""
        if not self._timer.isActive():
            return False
        # Where no bus told it beforehand, this is the first that is heard of a sleep, however short.
        if self._now() - self._used < self.minutes * 60 and self._slept() - self._before < ASLEEP:
            return False
        self.end()
        self.past.emit()
        return True

    def _noticed(self, _: Qt.ApplicationState) -> None:
        self.look()

    def saw(self, event: QEvent) -> bool:
        """Count from now if this is a use of the window; say whether it came too late and belongs to nobody here."""
        if event.type() not in USES or not self._timer.isActive():
            return False
        # The key that wakes a laptop comes before any timer does.
        if self.look():
            return True
        self._used = self._now()
        return False
