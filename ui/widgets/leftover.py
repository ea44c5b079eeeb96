"""What is still outside after files were brought in: kept inside first, then deleted there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from cis_desktop import words
from ui.desk import Desk
from ui.jobs import Job
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.intake.commit import ImportResult


@dataclass(frozen=True, slots=True)
class Left:
    """A file that was brought in and still lies outside, with its SHA-256 (hex) as it was read."""

    path: Path
    sha256: str


class Leftover(Card):
    """Two offers about files that were brought in; hidden until there are any."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__(self.tr("What is still outside"))
        self.desk, self.trouble = desk, trouble
        self.files: tuple[Left, ...] = ()
        self.result: ImportResult | None = None
        self.said = plain()
        self.keep = button(self.tr("&Keep the original inside the record"))
        self.keep.clicked.connect(self.keep_inside)
        self.delete = button(self.tr("Delete the file &outside"))
        self.delete.clicked.connect(self.delete_outside)
        self.away = button(self.tr("Leave it &where it is"))
        self.away.clicked.connect(self.hide)
        self.lines.addWidget(self.said)
        self.lines.addLayout(row(self.keep, self.delete, self.away))
        self.hide()

    def offer(self, files: Sequence[Left], result: ImportResult | None = None, *, kept: bool = False) -> None:
        """Offer what can be done about files; `kept` says that what they hold is kept inside as it came."""
        self.files, self.result = tuple(files), result
        for made in (self.keep, self.delete, self.away):
            made.show()
        self.keep.setVisible(not kept)
        self.keep.setEnabled(True)
        self.delete.setEnabled(kept)
        self.said.setText(
            self.tr("%1 outside the record, where anybody who uses this computer can read it. %2")
            .replace("%1", words.listed([f"“{each.path.name}”" for each in files], self.tr("and")) + self._still())
            .replace(
                "%2",
                self.tr("All of it is kept inside, so the file outside can go.")
                if kept
                else self.tr("Once it is kept inside, the file outside can go."),
            )
        )
        self.setVisible(bool(files))

    def _still(self) -> str:
        return self.tr(" is still") if len(self.files) == 1 else self.tr(" are still")

    def keep_inside(self) -> None:
        """Keep the originals, and read them back."""
        files, result, workspace = self.files, self.result, self.desk.workspace
        self.keep.setEnabled(False)

        def work(_: Job) -> None:
            from cis_desktop.intake import originals

            for each in files:
                originals.keep(workspace, each.path, each.sha256, result)

        def done(_: None) -> None:
            self.delete.setEnabled(True)
            self.delete.setFocus()
            self._say(self.tr("The original is kept inside. It was read back and is the same: the file can go."))

        def failed(error: Exception) -> None:
            self.keep.setEnabled(True)
            self.trouble(error)

        name = self.tr("Keeping the original")
        self.desk.jobs.start(self, name, work, done, failed, writes=True, can_stop=False)

    def delete_outside(self) -> None:
        """Delete the files, each once it was compared with what is kept."""
        files, workspace = self.files, self.desk.workspace
        self.delete.setEnabled(False)

        def work(_: Job) -> None:
            from cis_desktop import outside
            from cis_desktop.intake import originals

            for each in files:
                originals.delete_outside(workspace, each.path, each.sha256)
                with workspace.change("Deleted a file outside") as change:
                    outside.forget(change, each.path)

        def done(_: None) -> None:
            for made in (self.keep, self.delete, self.away):
                made.hide()
            self._say(
                self.tr(
                    "The file is deleted, and is in no bin. That nothing of it is left cannot be promised: a disk may "
                    "keep what was deleted for a while, and other programs or backups may have copies."
                )
            )

        def failed(error: Exception) -> None:
            self.delete.setEnabled(True)
            self.trouble(error)

        name = self.tr("Deleting the file outside")
        self.desk.jobs.start(self, name, work, done, failed, writes=True, can_stop=False)

    def _say(self, text: str) -> None:
        self.said.setText(text)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
