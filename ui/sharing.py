"""Meeting the other laptops: by their folder, when asked, gone to, and every few minutes; by email, when asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from cis_desktop.errors import CisError
from ui.desk import Desk, Told
from ui.jobs import Done, Failed, Job, Stopped

if TYPE_CHECKING:
    from cis_desktop.sync.exchanged import Exchanged
    from cis_desktop.sync.place import Looked
    from cis_desktop.workspace import Workspace
    from ui.window import Window

LOOK_EVERY = 600_000
"""Milliseconds between looks while nobody asks for one."""
SETTLE = 3_000
"""Milliseconds after unlocking: whoever opens the record wants to find somebody first."""
AT_MOST = 60.0
"""Seconds between looks because the window was gone to."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found: whether there is anybody to meet, the folder, what was exchanged, or why it was not.

    `kit`: a recovery kit is to be made first. `waits`: this laptop waits for the group's record; `whole` are the files
    that may be it, by name and size.
    """

    shared: bool = False
    folder: Path | None = None
    last: Looked | None = None
    kit: bool = False
    waits: bool = False
    done: Exchanged | None = None
    error: CisError | None = None
    whole: frozenset[tuple[str, int]] = frozenset()

    @property
    def not_there(self) -> bool:
        """Say whether the folder was not found, as when its stick is not plugged in."""
        from cis_desktop.sync.folder import NOT_THERE

        return self.error is not None and self.error.code == NOT_THERE


class Sharing(QObject):
    """Looks in the shared folder of whatever record is open. Lives as long as the window."""

    looked = Signal(bool)
    """A look has ended; `True` if somebody asked for it. `found` tells what came of it."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.found = Look()
        self.desk: Desk | None = None
        self.job: Job | None = None
        self._window = window
        self._at = -AT_MOST
        self._tried: frozenset[tuple[str, int]] = frozenset()
        self._timer = QTimer(self, interval=LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            # A method, not a lambda: this one goes with its window, and the application stays.
            application.applicationStateChanged.connect(self._gone_to)

    def begin(self, desk: Desk) -> None:
        """Look from now on; one that waits for its record begins at its own page."""
        from cis_desktop.sync.place import waits

        self.desk = desk
        if self._window.preferences.remembers:
            self._timer.start()
            QTimer.singleShot(SETTLE, desk, self._gone_to)
        if waits(desk.workspace.read):
            self._window.go("sharing")

    def end(self) -> None:
        """Look no longer: the record is locked, or volunteers have the desk."""
        self.desk = self.job = None
        self.found = Look()
        self._timer.stop()

    def words(self) -> str:
        """Say in a few words when this laptop last met the others, for the foot of the window."""
        found = self.found
        if self.desk is None or not found.shared:
            return ""
        if found.not_there:
            return self.tr("The shared folder is not there")
        if found.kit:
            return self.tr("Laptops: recovery kit first")
        if found.error is not None:
            return self.tr("Laptops: see what is wrong")
        if found.waits:
            return self.tr("Waits for the other laptop")
        if found.last is None:
            return self.tr("Laptops: not met yet")
        from datetime import UTC, datetime

        from cis_desktop.sync.standing import since

        text = self.tr("Laptops: last email %1") if found.folder is None else self.tr("Laptops met %1")
        return text.replace("%1", since(found.last.at, datetime.now(UTC)))

    def _gone_to(self, state: Qt.ApplicationState = Qt.ApplicationState.ApplicationActive) -> None:
        if (
            state == Qt.ApplicationState.ApplicationActive
            and self._timer.isActive()
            and time.monotonic() - self._at >= AT_MOST
        ):
            self.look()

    def look(self, asked: bool = False) -> None:
        """Exchange with the others, if there are any and their folder is there; `asked`: say so on the page."""
        desk = self.desk
        if desk is None or self.job is not None or (desk.workspace.vault.reading and not asked):
            return
        self._at = time.monotonic()
        workspace = desk.workspace

        def work(job: Job) -> Look:
            with workspace.vault.stoppable(job.stop.is_set):
                return look(workspace, job)

        def done(found: Look) -> None:
            if self.desk is not desk:
                return
            self.job = None
            self._tell(found, asked)
            self._take_there(desk, asked)

        def failed(error: Exception) -> None:
            if self.desk is not desk:
                return
            self.job = None
            if isinstance(error, Stopped):
                self._window.toast.say(self.tr("Stopped, as you asked. What had come by then is kept."), False)
            else:
                self._window.trouble(error)
            self.looked.emit(False)

        self.job = desk.jobs.start(desk, self.tr("Exchanging with the other laptops"), work, done, failed)

    def by_email(
        self, owner: QObject, name: str, work: Callable[[Workspace, Job], Exchanged], done: Done, failed: Failed
    ) -> None:
        """Send or take in by email, after whatever exchange is under way; note that, and tell `owner`."""
        desk = self.desk
        if desk is None:
            return
        workspace = desk.workspace

        def run(job: Job) -> tuple[Exchanged, Looked | None]:
            from cis_desktop.sync.place import last_look, note_look

            with workspace.vault.stoppable(job.stop.is_set):
                came = work(workspace, job)
                note_look(workspace, came.sent, came.received)
            with workspace.reader() as connection:
                return came, last_look(connection)

        def ended(came: tuple[Exchanged, Looked | None]) -> None:
            self.job = None
            self.found = replace(self.found, shared=True, last=came[1], waits=came[0].asked)
            self._window.tell_standing()
            done(came[0])

        def stopped(error: Exception) -> None:
            self.job = None
            failed(error)

        def begin() -> None:
            if self.desk is desk:
                self.job = desk.jobs.start(owner, name, run, ended, stopped)

        if self.job is None:
            begin()
        else:
            desk.jobs.when_idle(begin)

    def _tell(self, found: Look, asked: bool) -> None:
        self.found = found
        self._window.tell_standing()
        self.looked.emit(asked)

    def _take_there(self, desk: Desk, asked: bool) -> None:
        """Take the group's record in where it lies there."""
        there, folder = self.found.whole, self.found.folder
        if folder is None or not there or (there == self._tried and not asked):
            return
        self._tried = there

        def take(workspace: Workspace) -> Exchanged:
            from cis_desktop.sync.exchange import exchange

            return exchange(workspace, folder)

        self.take_whole(desk, take)

    def take_whole(self, desk: Desk, take: Callable[[Workspace], Exchanged]) -> None:
        """Let `take` put the group's record in the place of ours, with every page put aside."""

        def work(workspace: Workspace) -> Told:
            from cis_desktop.sync.place import note_look

            came = take(workspace)
            if came.asked:
                return Told(
                    self.tr("The record is not whole yet"),
                    self.tr("Something lies in the shared folder, but not all of it has come. It is looked at again."),
                )
            note_look(workspace, came.sent, came.received)
            return Told(
                self.tr("The record is here"),
                self.tr("This laptop has all that the group has written. You can work on both from now on."),
            )

        desk.go.emit("sharing", None)
        desk.alone.emit(self.tr("Taking in the group’s record"), work)


def look(workspace: Workspace, job: Job) -> Look:
    """Exchange with the others if that can be done now, and say what came of it. Raises `Stopped`."""
    from cis_desktop.health import kit_first
    from cis_desktop.sync.exchange import exchange
    from cis_desktop.sync.invitations import joining
    from cis_desktop.sync.place import chosen, last_look, note_look, shared

    with workspace.reader() as connection:
        waits = joining(connection) is not None
        found = Look(shared(connection), chosen(connection), last_look(connection), waits=waits)
        # One that has nothing yet can lose nothing.
        kit = not waits and kit_first(connection, workspace.folder)
    if not found.shared or found.folder is None:
        return found
    if kit:
        return Look(True, found.folder, found.last, kit=True)
    try:
        done = exchange(workspace, found.folder, job.tell, reading=True)
        note_look(workspace, done.sent, done.received)
    except CisError as error:
        return Look(True, found.folder, found.last, waits=waits, error=error)
    with workspace.reader() as connection:
        last = last_look(connection)
    return Look(True, found.folder, last, waits=done.asked, done=done, whole=frozenset(sizes(done.whole)))


def sizes(paths: Iterable[Path]) -> Iterator[tuple[str, int]]:
    """Yield the name and size of each file that is still there."""
    for path in paths:
        with suppress(OSError):
            yield path.name, path.stat().st_size
