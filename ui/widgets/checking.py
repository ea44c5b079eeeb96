"""Two ways to be sure: reading all of the record, and really restoring a backup of it. Each a job, told in a notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from ui.desk import Desk
from ui.jobs import Job
from ui.say import say
from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace


class Checking(QObject):
    """Does both for one page; what was pressed waits until it is done."""

    def __init__(self, desk: Desk, notice: Notice, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._notice = desk, notice

    def check(self, pressed: QPushButton) -> None:
        """Read all of the record."""
        from cis_desktop.health import check

        def told(problems: list[str]) -> None:
            if not problems:
                self._notice.good(
                    self.tr("The record is whole"),
                    self.tr("Every page, every record and all of the history were read."),
                )
                return
            self._notice.error(
                self.tr("The record is damaged"),
                self.tr(
                    "What can be read still is. Copy the folder as it is, then restore the last good backup. Found: %1"
                ).replace("%1", "; ".join(problems[:3])),
            )

        self._run(pressed, self.tr("Checking the record"), lambda workspace, job: check(workspace, job.tell), told)

    def rehearse(self, pressed: QPushButton) -> None:
        """Make a backup, restore it beside the others, compare all of it with the record, and remove it again."""
        from cis_desktop.backups import rehearse

        def told(different: list[str]) -> None:
            if not different:
                self._notice.good(
                    self.tr("A backup can be restored"),
                    self.tr("One was made, opened and compared with the record, to the last word. They are the same."),
                )
                return
            self._notice.error(
                self.tr("The backup is not what the record is"),
                self.tr("Your records are as they were. Check the record, then rehearse again. Different: %1").replace(
                    "%1", ", ".join(different[:3])
                ),
            )

        self._run(
            pressed, self.tr("Rehearsing a restore"), lambda workspace, job: rehearse(workspace, tell=job.tell), told
        )

    def _run(
        self,
        pressed: QPushButton,
        name: str,
        work: Callable[[Workspace, Job], list[str]],
        told: Callable[[list[str]], None],
    ) -> None:
        workspace = self._desk.workspace
        self._notice.clear()
        held = pressed.hasFocus()
        pressed.setEnabled(False)
        moved = QApplication.focusWidget()

        def again() -> None:
            pressed.setEnabled(True)
            # Qt has gone on to the next button, which does something else: whoever stayed there goes back.
            if held and QApplication.focusWidget() is moved:
                pressed.setFocus()

        def run(job: Job) -> list[str]:
            return work(workspace, job)

        def done(found: list[str]) -> None:
            again()
            self._desk.kept_safe.emit()
            told(found)

        def failed(error: Exception) -> None:
            again()
            say(error, self._notice)

        self._desk.jobs.start(self, name, run, done, failed)
