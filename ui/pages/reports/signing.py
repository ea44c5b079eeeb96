"""Signing off: whose name, which folder, and whether an earlier report is replaced. Then the files are made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui import outside
from ui.desk import Desk
from ui.jobs import Job
from ui.pages.reports.narrow import Narrow
from ui.widgets.fields import FolderField, Form, line
from ui.widgets.kit_first import KitFirst
from ui.widgets.words import Card, button, heading, plain, row, saves

if TYPE_CHECKING:
    from cis_desktop.packs.observing import Kept, Texts
    from cis_desktop.packs.preview import Preview
    from cis_desktop.packs.release import Released
    from cis_desktop.packs.watching import Stage


class SigningPart(Narrow):
    """A name, a folder, and the act that lets figures leave."""

    made = Signal(object)
    """The files are there: what was released."""
    refused = Signal(object)
    """They are not: what went wrong."""
    touched = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.job: Job | None = None
        self.key = ""
        self.preview: Preview | None = None
        lines = self.lines
        lines.addWidget(heading(self.tr("Who signs it off?")))
        lines.addWidget(
            plain(
                self.tr(
                    "When you sign off, the files are made and noted in “What we sent”. Nothing is sent: the app never "
                    "goes online. What is noted counts for every later report."
                )
            )
        )
        self.to_know = Card(self.tr("Know this first"))
        self.known = plain()
        self.to_know.lines.addWidget(self.known)
        lines.addWidget(self.to_know)
        self.kit = KitFirst(desk, "reports")
        self.kit.settled.connect(self._ready)
        lines.addWidget(self.kit)
        self.blocked = plain()
        lines.addWidget(self.blocked)
        lines.addWidget(self._replacing())
        form = Form()
        self.name = line(80)
        form.field(self.tr("Signed &off by"), self.name)
        self.out = FolderField()
        form.field(self.tr("Folder for the fi&les"), self.out)
        self.out.named(self.tr("Folder for the files"))
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.usual = str(Path(documents) / "Community Insights reports")
        self.out.path.setText(self.usual)
        lines.addLayout(form)
        self.sign = saves(button(self.tr("&Sign off and make the files"), main=True))
        self.sign.clicked.connect(self.release)
        lines.addLayout(row(self.sign))
        lines.addStretch(1)
        for field in (self.name, self.out.path):
            field.textEdited.connect(lambda _: self.touched.emit())

    def _replacing(self) -> Card:
        self.replacing = Card()
        self.replaces = QCheckBox()
        self.replaces.clicked.connect(lambda _: self._ready())
        self.replacing.lines.addWidget(self.replaces)
        self.replacing.lines.addWidget(
            plain(
                self.tr(
                    "The new files and the email say which report they replace. Whoever has the old one keeps it, so "
                    "both are checked together. If the old one never left this computer, say so in “What we sent” "
                    "instead."
                ),
                quiet=True,
            )
        )
        return self.replacing

    def first(self) -> QWidget:
        """Give what is used first."""
        return self.name

    def prepare(self, key: str, preview: Preview, accepted: bool, texts: Texts, kept: Sequence[Kept]) -> None:
        """Get ready for one report, `key` naming what is counted: `food@1`."""
        if self.preview is not None and (self.key, self.preview.period) != (key, preview.period):
            self.replaces.setChecked(False)
        self.key, self.preview, self.accepted = key, preview, accepted
        self.texts, self.kept = texts, kept
        self.known.setText("\n".join(preview.to_know))
        self.to_know.setVisible(bool(preview.to_know))
        self.name.setText(self.name.text() or self.desk.workspace.who)
        old = preview.replaces
        self.replacing.setVisible(old is not None)
        if old is not None:
            said = self.tr("This &replaces the one of %1").replace("%1", words.day(old.made_at))
            self.replaces.setText(said)
            self.replaces.setAccessibleName(said.replace("&", ""))
        self._ready()

    def _ready(self) -> None:
        """Say what is still in the way of signing off."""
        if self.preview is None:
            return
        said = ""
        if not self.accepted:
            said = self.tr("Nobody has accepted “%1” for your group yet. Do that in step 1 first.").replace(
                "%1", self.preview.agreement.title
            )
        elif self.preview.replaces is not None and not self.replaces.isChecked():
            said = self.tr("A report for this was made before. Say below that this one replaces it.")
        self.blocked.setText(said)
        self.blocked.setVisible(bool(said))
        self.sign.setEnabled(not said and self.job is None and not self.kit.wanted)

    def release(self) -> None:
        """Make the files."""
        if self.preview is None or self.job is not None:
            return
        out, name, workspace = Path(self.out.path.text()).expanduser(), self.name.text(), self.desk.workspace
        if not out.is_absolute():
            self.refused.emit(
                CisError(
                    "no_folder",
                    self.tr("The files need a folder"),
                    self.tr("That is not a whole folder name. Nothing was made. Press “Choose…” and choose a folder."),
                )
            )
            return
        key, seen = self.key, self.preview
        supersedes = seen.replaces.pack if seen.replaces is not None else None
        stages, texts, kept = self._stages(), self.texts, self.kept

        def work(job: Job) -> Released:
            from cis_desktop.packs.release import release
            from cis_desktop.packs.watching import STAGES, Watch

            def tell(stage: Stage) -> None:
                # From the last stage on it is noted, and cannot be stopped any more.
                job.can_stop = stage != STAGES[-1]
                job.tell(STAGES.index(stage), len(STAGES))
                job.name = stages[stage]

            watch = Watch(tell, job.stop.is_set)
            return release(
                workspace, key, seen.period.key, out, name, supersedes, seen=seen, watch=watch,
                answers=texts.answers, changes=texts.changes, quotes=texts.quotes, kept=kept,
            )  # fmt: skip

        def done(released: Released) -> None:
            self.job = None
            files = (released.workbook, released.report, released.email, released.archive)
            outside.note(self.desk, self, files, "report", self.refused.emit)
            self.made.emit(released)

        def failed(error: Exception) -> None:
            self.job = None
            self._ready()
            self.refused.emit(error)

        self.job = self.desk.jobs.start(self, self.tr("Making the files"), work, done, failed)
        self._ready()

    def _stages(self) -> dict[str, str]:
        return {
            "count": self.tr("Making the files, 1 of 6: counting"),
            "protect": self.tr("Making the files, 2 of 6: hiding small figures"),
            "build": self.tr("Making the files, 3 of 6: writing the tables"),
            "attack": self.tr("Making the files, 4 of 6: testing them, as a curious stranger would"),
            "write": self.tr("Making the files, 5 of 6: writing the files and reading them back"),
            "note": self.tr("Making the files, 6 of 6: noting it in what we sent"),
        }

    def drafts(self) -> dict[str, Any]:
        """Give what was filled in, as JSON can hold it."""
        return {
            "name": self.name.text(), "folder": self.out.path.text(), "replaces": self.replaces.isChecked(),
        }  # fmt: skip

    def restore(self, draft: dict[str, Any]) -> None:
        """Put back what `drafts` gave."""
        self.name.setText(str(draft.get("name") or ""))
        self.out.path.setText(str(draft.get("folder") or self.usual))
        self.replaces.setChecked(bool(draft.get("replaces")))
