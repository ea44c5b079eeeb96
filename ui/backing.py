"""Backups of the open record: when somebody asks, and by themselves once a day when the app is used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from ui.desk import Desk
from ui.jobs import Job, Jobs, Stopped

if TYPE_CHECKING:
    from pathlib import Path

    from cis_desktop.backups import Kept

SETTLE = 20_000
"""Milliseconds after unlocking: whoever opens the record wants to find somebody first."""
OLD = timedelta(days=1)
"""Unlocking backs up when the last backup is older."""
RECENT = timedelta(hours=4)
"""Locking backs up what was written since the last backup, unless that is more recent and little was written."""


class Backing(QObject):
    """Makes backups as jobs. Lives as long as the window, so that one goes on while the window locks."""

    said = Signal(str)
    """A backup that was asked for is made: where it is."""
    failed = Signal(object)
    """A backup was not made, and why."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._open: Desk | None = None
        self._seen: tuple[Path, int] | None = None
        self._last = ""

    def now(self, desk: Desk) -> None:
        """Back up because somebody asked for it, and say where to."""
        self._start(desk, loud=True)

    def unlocked(self, desk: Desk) -> None:
        """Back up in a while if the last backup is old."""
        self._open = desk
        QTimer.singleShot(SETTLE, desk, lambda: self.look(desk))

    def look(self, desk: Desk) -> None:
        """Back up if the last backup is old, and the record is open still."""
        if self._open is desk and self._due(desk, OLD, changed=False):
            self._start(desk, loud=False)

    def locking(self, desk: Desk) -> None:
        """Back up what was written, before the record is closed."""
        if self._open is desk and self._due(desk, RECENT, changed=True):
            self._start(desk, loud=False, only_new=True)
        self._open = None

    def last(self, desk: Desk) -> str:
        """Give the day of the last backup in words, or nothing."""
        from cis_desktop import words
        from cis_desktop.backups import FOLDER, made

        folder = desk.workspace.folder / FOLDER
        # The window asks ten times a second while anything is under way: the list is read when there is another.
        changed = folder.stat().st_mtime_ns if folder.is_dir() else 0
        if self._seen != (folder, changed):
            found = next(iter(made(folder)), None)
            self._seen = folder, changed
            self._last = words.day(found.at.astimezone().date()) if found else ""
        return self._last

    def words(self, desk: Desk) -> str:
        """Say when the last backup was, for the foot of the window."""
        day = self.last(desk)
        return self.tr("Last backup %1").replace("%1", day) if day else self.tr("No backup yet")

    def _due(self, desk: Desk, after: timedelta, changed: bool) -> bool:
        from cis_desktop.backups import due

        # Beside a record whose disk is full there is no room for a backup either; one asked for is refused in words.
        if desk.workspace.vault.reading:
            return False
        return due(desk.workspace, desk.workspace.read, datetime.now(UTC), after, changed)

    def _start(self, desk: Desk, loud: bool, only_new: bool = False) -> None:
        from cis_desktop.backups import keep, keep_new

        def work(job: Job) -> Kept | None:
            # One that was asked for may be under way: what it holds need not be kept twice.
            return keep_new(desk.workspace, job.tell) if only_new else keep(desk.workspace, tell=job.tell)

        def made(kept: Kept | None) -> None:
            if shiboken6.isValid(desk):
                desk.kept_safe.emit()
            if loud and kept:
                text = self.tr("Backed up and checked: %1").replace("%1", str(kept.path))
                also = self.tr("And a copy in the second place.") if kept.copy else ""
                self.said.emit(f"{text}. {also}".strip())

        def failed(error: Exception) -> None:
            if not isinstance(error, Stopped):
                self.failed.emit(error)
            elif loud:
                self.said.emit(self.tr("Stopped, as you asked. No backup was made."))

        self._jobs.start(self, self.tr("Backing up"), work, made, failed, outlasts=True)
