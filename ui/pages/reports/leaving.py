"""Exactly what will leave: each file and its contents, as the council would see them, before any is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.desk import Desk
from ui.jobs import Job
from ui.models.rows import Rows
from ui.pages.reports import paper
from ui.widgets.lists import Table
from ui.widgets.words import heading, plain

if TYPE_CHECKING:
    from cis_desktop.packs.leaving import Leaving
    from cis_desktop.packs.observing import Kept, Texts
    from cis_desktop.packs.preview import Preview


class LeavingPart(QWidget):
    """Four files in a list, and below it what the chosen one says."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self.trouble = desk, trouble
        self.found: Leaving | None = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(heading(self.tr("May all of this leave?")))
        lines.addWidget(
            plain(
                self.tr(
                    "This is all of it, and nothing is written yet. [c] is a hidden figure. Who signs off and when is "
                    "added at the end; charts are drawn in the report."
                )
            )
        )
        rows = Rows(
            [(self.tr("What"), lambda each: each[1]), (self.tr("For whom"), lambda each: each[2])],
        )
        rows.show(
            [
                ("report", self.tr("The report to read or print (PDF)"), self.tr("goes with the email")),
                ("spreadsheet", self.tr("The spreadsheet (XLSX)"), self.tr("goes with the email")),
                ("email", self.tr("The email, as a draft (EML)"), self.tr("you read it and send it")),
                ("archive", self.tr("Everything in one file (ZIP)"), self.tr("you keep it")),
            ]
        )
        self.files = Table(rows, self.tr("Files that will be made"))
        self.files.selectionModel().currentRowChanged.connect(lambda *_: self._show())
        lines.addWidget(self.files)
        self.page = paper.Paper(self.tr("What is in the file"), lines=12)
        lines.addWidget(self.page, 1)

    def first(self) -> QWidget:
        """Give what is used first."""
        return self.files

    def show_leaving(self, preview: Preview, sign_off: str, texts: Texts, kept: Sequence[Kept]) -> None:
        """Say what would leave if a preview were signed off by that name, with the group's own words."""
        self.files.fit_rows(4)
        workspace = self.desk.workspace

        def work(_: Job) -> Leaving:
            from cis_desktop.packs.leaving import leaving
            from cis_desktop.packs.observing import clear

            with workspace.reader() as connection:
                cleared = clear(connection, preview, texts, kept, (workspace.who, sign_off))
            return leaving(workspace, preview, sign_off, cleared)

        def done(found: Leaving) -> None:
            self.found = found
            self.files.selectRow(max(0, self.files.currentIndex().row()))
            self._show()

        self.desk.jobs.start(self, self.tr("Putting it together"), work, done, self.trouble)

    def _show(self) -> None:
        if self.found is None or not self.files.currentIndex().isValid():
            return
        what = self.files.rows.record(self.files.currentIndex().row())[0]
        self.page.read(
            {
                "report": lambda found: paper.report(found.account, found.account.facts[0][1]),
                "spreadsheet": lambda found: paper.spreadsheet(found.account),
                "email": lambda found: paper.email(found.letter),
                "archive": lambda found: paper.archive(found.tables, bool(found.account.observations)),
            }[what](self.found)
        )
