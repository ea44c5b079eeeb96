"""The window's only threads: work goes out, its result comes back to the window's own thread.

Writes go through a pool of one thread, so that they land in the order they were asked for; reads through another.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QThreadPool, QTimer, Signal

from cis_desktop.errors import CisError

SLOW = 0.3
"""Seconds after which work is shown, with its name, its progress and a way to stop it."""

TURN = 0.001
"""Seconds a job keeps Python's interpreter when the window wants it. Painting one list asks for it many times over:
with the five milliseconds that are usual, typing beside an import is sluggish."""

Done = Callable[[Any], object]
Failed = Callable[[Exception], object]


class Stopped(Exception):
    """The work was stopped because somebody asked for that."""


class Job:
    """One piece of work under way. The work itself calls `tell` and `check`; anybody may `cancel`."""

    def __init__(
        self, owner: QObject, name: str, work: Callable[[Job], Any], done: Done, failed: Failed, can_stop: bool
    ) -> None:
        self.name = name
        self.can_stop = can_stop
        self.outlasts = False
        self.stop = threading.Event()
        self.started = time.monotonic()
        self.part = 0.0
        self.writes = False
        self.result: Any = None
        self.error: Exception | None = None
        self._owner: QObject | None = owner
        self._work: Callable[[Job], Any] | None = work
        self._done: Done | None = done
        self._failed: Failed | None = failed

    def tell(self, done: int, total: int) -> None:
        """Say how far the work is; raise `Stopped` if it should end."""
        self.check()
        self.part = done / total if total else 0.0

    def check(self) -> None:
        """Raise `Stopped` if somebody has asked the work to end."""
        if self.stop.is_set():
            raise Stopped

    def cancel(self) -> None:
        """Ask the work to end as soon as it can; nothing half done is left."""
        self.stop.set()

    def run(self) -> None:
        """Do the work, on whichever thread this is called."""
        assert self._work is not None
        try:
            self.check()
            self.result = self._work(self)
        except Exception as error:  # noqa: BLE001 - carried to the window's thread and shown there
            self.error = _plain(error)

    def deliver(self) -> None:
        """Hand the result to the owner, unless the owner is gone or the work was stopped; then let go of them all.

        Work that has passed the point where it can be stopped says what really went wrong.

        The thread of the work still has the job in hand, and may be the last that has: whatever it held that is a
        widget, or refers to one, has to be gone by then. Qt ends the program when one goes on another thread.
        """
        owner, done, failed, result, error = self._owner, self._done, self._failed, self.result, self.error
        self._owner = self._work = self._done = self._failed = self.result = self.error = None
        if owner is None or done is None or failed is None or not shiboken6.isValid(owner):
            return
        if error is None:
            done(result)
        elif self.stop.is_set() and self.can_stop:
            failed(Stopped())
        else:
            failed(error)


class Jobs(QObject):
    """All work that is not done on the window's thread. Lives as long as the window."""

    changed = Signal()
    """What `slow()` gives may have changed."""
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(TURN)
        self._reads = QThreadPool(self)
        # An exchange and a backup may both be under way, and both take long: the pages read meanwhile.
        self._reads.setMaxThreadCount(3)
        self._writes = QThreadPool(self)
        self._writes.setMaxThreadCount(1)
        # Both pools keep their threads: a connection is opened per job, but a thread need not be.
        self._reads.setExpiryTimeout(-1)
        self._writes.setExpiryTimeout(-1)
        self._running: list[Job] = []
        self._waiting: list[Callable[[], object]] = []
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._look = QTimer(self, interval=100)
        self._look.timeout.connect(self.changed)

    def start(
        self,
        owner: QObject,
        name: str,
        work: Callable[[Job], Any],
        done: Done,
        failed: Failed,
        *,
        writes: bool = False,
        can_stop: bool = True,
        outlasts: bool = False,
    ) -> Job:
        """Run `work` on another thread; call `done` or `failed` on this one, if `owner` still exists.

        What `outlasts` the page it was begun on goes on while the record locks, unless somebody stops it.
        """
        job = Job(owner, name, work, done, failed, can_stop)
        job.writes, job.outlasts = writes, outlasts
        self._running.append(job)
        self._look.start()
        self.changed.emit()

        def run() -> None:
            # Nothing else may be named here: what is, goes on this thread.
            job.run()
            self._ended.emit(job)

        (self._writes if writes else self._reads).start(run)
        return job

    def slow(self) -> list[Job]:
        """Give the work that has been under way long enough to be shown."""
        now = time.monotonic()
        return [job for job in self._running if now - job.started >= SLOW]

    def busy(self) -> bool:
        """Say whether anything is under way."""
        return bool(self._running)

    def saving(self) -> bool:
        """Say whether something is being written."""
        return any(job.writes for job in self._running)

    def when_idle(self, then: Callable[[], object]) -> None:
        """Call `then` once nothing is under way any more: now, if that is so."""
        if self._running:
            self._waiting.append(then)
        else:
            then()

    def finish(self, patience: float) -> None:
        """Wait until nothing is under way, at most so many seconds; nobody can do anything else meanwhile."""
        end = time.monotonic() + patience
        while self._running and time.monotonic() < end:
            for pool in (self._reads, self._writes):
                pool.waitForDone(50)
            # Results are queued, and what they lead to may start the next work.
            QCoreApplication.sendPostedEvents(self)

    def cancel_all(self) -> None:
        """Stop what can be stopped; what writes is allowed to finish, and so is a backup."""
        for job in self._running:
            if job.can_stop and not job.outlasts:
                job.cancel()

    def _deliver(self, job: Job) -> None:
        self._running.remove(job)
        if not self._running:
            self._look.stop()
        self.changed.emit()
        try:
            job.deliver()
        finally:
            while self._waiting and not self._running:
                self._waiting.pop(0)()


def _plain(error: Exception) -> Exception:
    """Tell a damaged vault and a failing disk from a mistake of the app, after which everything saved is safe."""
    if isinstance(error, (CisError, Stopped)):
        return error
    # Inside, because it loads the vault, which a window that is not unlocked has no need of.
    from cis_desktop.vault.database import file_trouble

    return file_trouble(error) or error
