"""Bring in a spreadsheet: see it, say what its columns are, try it, bring it in; undo it any time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.records.labels import Codes
from ui import outside
from ui.desk import Desk
from ui.jobs import Job
from ui.pages.intake import reading
from ui.pages.intake.columns import Columns
from ui.pages.intake.seen import Seen
from ui.pages.intake.targets import targets
from ui.pages.intake.trial import Trial
from ui.theme import SPACE
from ui.widgets.leftover import Left, Leftover
from ui.widgets.page import Page, bring_up, column, scrolled
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.intake.commit import ImportResult
    from cis_desktop.intake.draft import Draft
    from cis_desktop.intake.met import Met
    from cis_desktop.intake.reading import Sheet

FILES = "*.xlsx *.xlsm *.xlsb *.xls *.ods *.csv *.tsv *.txt"


class IntakePage(Page):
    """One page, from the top down: the file, its columns, the trial, the import, what is left of it."""

    shows = frozenset({"import_mappings"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.path: Path | None = None
        self.sheet: Sheet | None = None
        self.draft: Draft | None = None
        self.sha256 = ""
        """That of the file, whatever of it is still to be brought in."""
        self.imported = False
        """Whether the sheet is what was left when the other rows of its file came in."""
        self.again: dict[str, Any] | None = None
        """What was kept of a file before the record was locked, to be taken up again."""
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(heading(self.tr("Bring in a spreadsheet")))
        self.lead = plain(
            self.tr("Choose a file, or drop one here. Nothing is written down until you have seen what would be.")
        )
        lines.addWidget(self.lead)
        self.choose = button(self.tr("&Choose a file…"), main=True)
        self.choose.clicked.connect(self._choose)
        lines.addLayout(row(self.choose))
        self.leftover = Leftover(desk, self.trouble)
        lines.addWidget(self.leftover)
        self.seen_part, self.trial_part = Seen(), Trial(desk)
        self.columns_part = Columns(lambda: targets(Codes(self.desk.workspace.read)))
        self.seen_title, self.order, self.ages = self.seen_part.title, self.columns_part.order, self.columns_part.ages
        self.mapping_rows, self.mapping_table = self.columns_part.rows, self.columns_part.table
        self.try_it, self.bring = self.columns_part.try_it, self.trial_part.bring
        self.mending = self.trial_part.mending
        self.rejects = self.mending.rows
        self.seen_part.other.connect(self._other_sheet)
        self.columns_part.changed.connect(self._stale)
        self.columns_part.asked.connect(self.try_rows)
        self.trial_part.bring_in.connect(self.bring_in)
        self.mending.again.connect(self.try_rows)
        self.mending.save.connect(self._save_rejects)
        self.mending.leave.connect(self.leave_rejects)
        self._parts = (self.seen_part, self.columns_part, self.trial_part)
        for part in self._parts:
            lines.addWidget(part)
            part.hide()
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        # Above what scrolls: it is seen from wherever on the page it was called for.
        top = QVBoxLayout()
        top.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
        top.addWidget(self.notice)
        whole.addLayout(top)
        self.area = scrolled(inside)
        whole.addWidget(self.area)

    # --- the file -------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("The spreadsheet"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Spreadsheets and lists (%1)").replace("%1", FILES), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda chosen: self.read_file(Path(chosen)))
        dialog.open()

    def read_file(self, path: Path, sheet: str | None = None) -> None:
        """Read a file, or another sheet of it, and show what is in it."""
        self.notice.clear()
        self.leftover.hide()
        self.path, self.imported = path, False
        for part in self._parts:
            part.hide()
        workspace, again = self.desk.workspace, self.again
        self.mending.restore_cells(again["mending"] if again else {})

        def work(job: Job) -> reading.Found:
            return reading.read(workspace, path, sheet, again, job)

        self.desk.jobs.start(self, self.tr("Reading the file"), work, self._read, self._not_read)

    def _not_read(self, error: Exception) -> None:
        self.again = None
        self.trouble(error)

    def _read(self, found: reading.Found) -> None:
        sheet, guessed = found.sheet, found.guess
        self.sheet, self.imported = sheet, found.imported
        self.sha256 = found.sha256
        if self.path is not None and found.outside:
            outside.note(self.desk, self, [self.path], "import", self.trouble)
        again, self.again = self.again, None
        remembered = self.tr("The columns are read as they were the last time such a file came in.")
        self.seen_part.show_sheet(
            sheet, "\n".join([*sheet.notes, *([remembered] if found.remembered else []), *guessed.evidence])
        )
        self.columns_part.show_columns(sheet, guessed.mapping)
        self.seen_part.setVisible(not self.imported)
        self.columns_part.setVisible(bool(sheet.rows) and not self.imported)
        self._stale()
        if not sheet.rows:
            self.notice.error(
                self.tr("There are headings, but nothing under them"),
                self.tr("Nothing was imported. Choose another file, or another sheet if it has one."),
            )
            return
        if again and again["tried"]:
            self._try(again["mending"])
        else:
            self._lead_to(self.columns_part.first())

    def _lead_to(self, part: QWidget) -> None:
        # Whoever has gone elsewhere meanwhile stays there: Qt gives even what nobody sees the keys.
        if self.isVisible():
            part.setFocus()

    def _other_sheet(self, name: str) -> None:
        if self.path is not None:
            self.read_file(self.path, name)

    def _stale(self) -> None:
        """Hide the outcome of a trial that no longer fits the columns."""
        self.draft = None
        self.trial_part.hide()

    # --- the trial ------------------------------------------------------------------------------------------

    def try_rows(self) -> None:
        """Go through every row without writing anything, and show which cannot come in and why."""
        if self.sheet is None:
            return
        self.notice.clear()
        asked = self.columns_part.open_question()
        if asked is not None:
            self.notice.error(asked.title, asked.sentence)
            return
        self._try({})

    def _try(self, place: dict[str, Any]) -> None:
        """Try every row; `place` says which cell was being mended before the record was locked."""
        assert self.sheet is not None
        workspace, sheet, mapping = self.desk.workspace, self.sheet, self.columns_part.asked_for()
        cells = {number: tuple(row) for number, row in self.rejects.cells.items()}
        for pressed in (self.try_it, self.mending.try_again):
            pressed.setEnabled(False)

        def work(_: Job) -> tuple[Draft, Met]:
            return reading.tried(workspace, sheet, mapping, cells)

        def failed(error: Exception) -> None:
            self._tryable()
            self.trouble(error)

        def done(outcome: tuple[Draft, Met]) -> None:
            self._tryable()
            self._tried(*outcome)
            self.mending.restore_place(place)

        self.desk.jobs.start(self, self.tr("Trying every row"), work, done, failed)

    def _tryable(self) -> None:
        self.try_it.setEnabled(True)
        self.mending.try_again.setEnabled(bool(self.rejects.cells))

    def _tried(self, draft: Draft, found: Met) -> None:
        self.draft = draft
        if self.imported and not self.rejects.cells:
            self.trial_part.left_over(draft)
        else:
            self.trial_part.show_draft(draft, found, self.imported)
        self.trial_part.show()
        self._lead_to(self.bring if not self.bring.isHidden() and self.bring.isEnabled() else self.mending.table)
        bring_up(self.area, self.trial_part)

    # --- the import -----------------------------------------------------------------------------------------

    def bring_in(self) -> None:
        """Write everything down as one change."""
        if self.draft is None:
            return
        draft, workspace, twice = self.draft, self.desk.workspace, self.trial_part.twice()
        self.bring.setEnabled(False)

        def work(job: Job) -> ImportResult:
            from cis_desktop.backups import before
            from cis_desktop.intake.commit import commit

            before(workspace, draft.sha256, job.tell)
            job.tell(0, 0)
            with workspace.vault.stoppable(job.stop.is_set):
                return commit(workspace, draft, twice=twice)

        def failed(error: Exception) -> None:
            self.bring.setEnabled(True)
            self._lead_to(self.bring)
            self.trouble(error)

        name = self.tr("Importing %1").replace("%1", words.count(draft.accepted, self.tr("row")))
        self.desk.jobs.start(self, name, work, self._done, failed, writes=True)

    def _done(self, result: ImportResult) -> None:
        draft, sheet, path = self.draft, self.sheet, self.path
        assert draft is not None
        assert sheet is not None
        rejected = words.count(result.rejected, self.tr("row was"), self.tr("rows were"))
        self.notice.good(
            self.tr("%1 came in").replace("%1", words.count(result.imported, self.tr("row"))),
            self.tr("You can undo the whole import now, or any time later from “What changed”.")
            + (self.tr(" %1 left out: mend them below.").replace("%1", rejected) if result.rejected else "")
            + "".join(f" {note}" for note in result.notes if note not in draft.notes),
        )
        if not self.imported and path is not None:
            self.leftover.offer([Left(path, self.sha256)], result)
        if result.change_set is not None:
            self.desk.changed.emit(self.tr("Imported a spreadsheet"), result.change_set)
        self._keep_rest(draft, sheet)
        self.choose.setFocus()
        bring_up(self.area, self.lead)

    def _keep_rest(self, draft: Draft, sheet: Sheet) -> None:
        """Go on with the rows that could not come in, as a list of their own."""
        for part in (self.seen_part, self.columns_part, self.trial_part):
            part.hide()
        self.rejects.cells = {}
        if not draft.rejects:
            self.sheet = self.draft = None
            return
        from cis_desktop.intake.mending import rest

        self.sheet, self.draft, self.imported = rest(sheet, [each.row for each in draft.rejects]), draft, True
        self.trial_part.left_over(draft)
        self.trial_part.show()

    def leave_rejects(self) -> None:
        """Let go of the rows that could not come in."""
        self.rejects.cells = {}
        self.sheet = self.draft = None
        self.trial_part.hide()
        self.choose.setFocus()

    def _save_rejects(self) -> None:
        dialog = QFileDialog(self, self.tr("Where to keep the rejected rows"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(self.tr("rejected rows.csv"))
        dialog.fileSelected.connect(lambda chosen: self.save_rejects(Path(chosen)))
        dialog.open()

    def save_rejects(self, path: Path) -> None:
        """Write the rejected rows to a file outside the record."""
        if self.draft is None:
            return
        draft = self.draft

        def work(_: Job) -> None:
            from cis_desktop.intake.rejects import save_rejects

            save_rejects(draft, path)

        def done(_: None) -> None:
            outside.note(self.desk, self, [path], "rejects", self.trouble)
            self.notice.good(
                self.tr("The rejected rows are in a file"),
                self.tr(
                    "Anybody who finds that file can read it. Mend the rows, bring them in, then delete it: it is "
                    "listed in Settings under “Files outside the record”."
                ),
            )

        self.desk.jobs.start(self, self.tr("Saving the rejected rows"), work, done, self.trouble, can_stop=False)

    # --- where it was left ----------------------------------------------------------------------------------

    def open(self, what: object) -> None:
        """Read a file: ("file", its path)."""
        assert isinstance(what, tuple)
        self.read_file(Path(what[1]))

    def drafts(self) -> dict[str, Any]:
        """Give which file is open, how its columns are read, and what is mended in it; nothing once it is in."""
        if self.sheet is None or self.path is None:
            return {}
        from cis_desktop.intake.mapping import to_json

        return {
            "file": str(self.path),
            "sheet": self.sheet.name,
            "sha256": self.sha256,
            "mapping": to_json(self.columns_part.asked_for()).decode(),
            "tried": self.draft is not None,
            "rest": list(self.sheet.numbers) if self.imported else None,
            "mending": self.mending.draft(),
        }

    def restore(self, drafts: dict[str, Any]) -> None:
        """Read the file again, with its columns and rows as they were before the record was locked."""
        self.again = drafts
        self.read_file(Path(drafts["file"]), drafts["sheet"])

    def reload(self) -> None:
        """Take back the good news of an import: it may have been undone."""
        if self.sheet is None or self.imported:
            self.notice.clear()
