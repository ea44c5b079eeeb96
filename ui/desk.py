"""What every page is given: the open workspace, and how to read it, write to it and go elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from ui.jobs import Done, Failed, Job, Jobs

if TYPE_CHECKING:
    from cis_desktop.vault.history import Change
    from cis_desktop.vault.store import Undone
    from cis_desktop.vault.tables import Connection
    from cis_desktop.workspace import Workspace


LOOK_EVERY = 100_000
"""Steps of SQLite (about a millisecond) between two looks at whether a query is to stop."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a change of the key, to be said on the page it was asked for; `gone` is who it shuts out."""

    title: str
    sentence: str
    gone: str = ""


class Desk(QObject):
    """One unlocked workspace as the window uses it; made when it is unlocked, gone when it is locked."""

    changed = Signal(str, str)
    """Something was saved: the words for it, and its change set, which can be undone."""
    said = Signal(str)
    """A short sentence that everybody should see or hear."""
    trouble = Signal(object)
    """What is wrong with the whole record, as a CisError."""
    back_up = Signal()
    """Somebody wants a backup now."""
    kept_safe = Signal()
    """A backup or a check was made, or a way in was added: how safe the record is has changed."""
    restore = Signal()
    """Somebody wants a backup restored: the record locks, and the first page asks which."""
    alone = Signal(str, object)
    """The key is to be changed: the words for that, and what does it and gives a `Told`, with nobody reading."""
    hand_over = Signal(int, object)
    """Volunteers are to have the desk: the id of the session, and what everybody gets."""
    go = Signal(str, object)
    """Somebody wants to be at a place: its name, and which record there (or None)."""

    def __init__(self, workspace: Workspace, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.jobs = jobs
        if workspace.vault.reading:
            QTimer.singleShot(0, self, self._say_reading)

    def how_saved(self) -> str:
        """Say in a few words whether everything is saved, for the foot of the window."""
        if self.workspace.vault.reading:
            return self.tr("Only to read: the disk is full")
        return self.tr("Saving…") if self.jobs.saving() else self.tr("Everything is saved")

    def _say_reading(self) -> None:
        from cis_desktop.vault.database import only_to_read

        self.trouble.emit(only_to_read())

    def read(
        self,
        owner: QObject,
        name: str,
        work: Callable[[Connection, Job], Any],
        done: Done,
        failed: Failed,
    ) -> Job:
        """Run a query that may be slow on a connection of its own; stopping the job interrupts it."""

        def run(job: Job) -> Any:
            with self.workspace.reader() as connection:
                connection.set_progress_handler(lambda: int(job.stop.is_set()), LOOK_EVERY)
                return work(connection, job)

        return self.jobs.start(owner, name, run, done, failed)

    def write(
        self,
        owner: QObject,
        words: str,
        work: Callable[[Change], Any],
        done: Done,
        failed: Failed,
    ) -> Job:
        """Make one change, called `words` in the history; `done` gets what `work` gave once it is on the disk."""

        # The name of now: at a desk that volunteers share, another may write before this has its turn.
        who = self.workspace.who

        def run(_: Job) -> tuple[Any, str | None]:
            with self.workspace.vault.change(who, words) as change:
                result = work(change)
            return result, change.id

        def saved(outcome: tuple[Any, str | None]) -> None:
            result, change_set = outcome
            if change_set is not None:
                self.changed.emit(words, change_set)
            done(result)

        return self.jobs.start(owner, words, run, saved, failed, writes=True, can_stop=False)

    def undo(
        self,
        owner: QObject,
        name: str,
        change_set: str,
        done: Callable[[Undone], object],
        failed: Failed,
    ) -> Job:
        """Undo a change set as a job called `name`; stopping it leaves everything as it was.

        A large one is backed up first. Where that cannot be, `failed` gets `no_backup_first`.
        """

        def run(job: Job) -> Undone:
            from cis_desktop.backups import before, is_whole
            from cis_desktop.vault.progress import part

            with self.workspace.reader() as connection:
                whole = is_whole(connection, change_set)
            if whole:
                before(self.workspace, change_set, part(job.tell, 0, 0.5))
            with self.workspace.vault.stoppable(job.stop.is_set):
                return self.workspace.undo(change_set, part(job.tell, 0.5, 1) if whole else job.tell)

        return self.jobs.start(owner, name, run, done, failed, writes=True)
