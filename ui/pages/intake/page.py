"""Bring in a spreadsheet: see it, say what its columns are, try it, bring it in; undo it any time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHeaderView, QTableView, QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.jobs import Job
from ui.models.codes import Codes
from ui.models.mapping import BECOMES, Chooser, MappingRows, changed_mapping
from ui.models.rows import Rows
from ui.pages.intake.targets import targets
from ui.widgets.fields import Choice, Form, day_field, day_of
from ui.widgets.lists import Table, fit_rows
from ui.widgets.page import Page, bring_up, column, scrolled
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.intake.commit import ImportResult
    from cis_desktop.intake.draft import Draft
    from cis_desktop.intake.guessing import Guess
    from cis_desktop.intake.mapping import Mapping
    from cis_desktop.intake.reading import Sheet

SEEN = 6
"""Rows of the file shown before anything is decided."""
REASONS = 500
"""Rejected rows shown; the file of them has all."""


class IntakePage(Page):
    """One page, from the top down: the file, its columns, the trial, the import."""

    shows = frozenset({"import_mappings"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.path: Path | None = None
        self.sheet: Sheet | None = None
        self.mapping: Mapping | None = None
        self.draft: Draft | None = None
        self.order: Choice
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
        lines.addWidget(self.notice)
        self.seen_part, self.columns_part, self.trial_part = self._seen(), self._columns(), self._trial()
        for part in (self.seen_part, self.columns_part, self.trial_part):
            lines.addWidget(part)
            part.hide()
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.area = scrolled(inside)
        whole.addWidget(self.area)

    # --- the parts ------------------------------------------------------------------------------------------

    def _seen(self) -> QWidget:
        part, lines = _part()
        self.seen_title = heading(level=2)
        lines.addWidget(self.seen_title)
        form = Form()
        self.sheets = Choice()
        self.sheets.currentIndexChanged.connect(self._other_sheet)
        form.field(self.tr("&Sheet"), self.sheets)
        self.sheets_label = form.itemAt(0).widget()
        lines.addLayout(form)
        self.first_rows = QTableView()
        self.first_rows.setAccessibleName(self.tr("The first rows of the file"))
        self.first_rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.first_rows.setTabKeyNavigation(False)
        self.first_rows.verticalHeader().hide()
        self.first_rows.setWordWrap(False)
        lines.addWidget(self.first_rows)
        self.evidence = plain(quiet=True)
        lines.addWidget(self.evidence)
        return part

    def _columns(self) -> QWidget:
        part, lines = _part()
        lines.addWidget(heading(self.tr("What the columns are"), 2))
        lines.addWidget(plain(self.tr("The app has guessed. To change a guess, choose its row and press Enter.")))
        form = Form()
        self.order = Choice(
            [
                (None, self.tr("Please choose")),
                ("uk", self.tr("Day first, as in 31/12/2018")),
                ("us", self.tr("Month first, as in 12/31/2018")),
                ("iso", self.tr("Year first, as in 2018-12-31")),
            ]
        )
        form.field(self.tr("&Dates are written"), self.order)
        self.order.currentIndexChanged.connect(self._stale)
        self.ages = day_field()
        self.ages.dateChanged.connect(self._stale)
        form.field(self.tr("The ages were &right on"), self.ages)
        self.ages_label = form.itemAt(3).widget()
        lines.addLayout(form)
        self.mapping_rows = MappingRows(
            lambda: targets(Codes(self.desk.workspace.read)),
            (self.tr("Column in the file"), self.tr("For example"), self.tr("Becomes")),
        )
        self.mapping_rows.changed.connect(self._stale)
        self.mapping_table = QTableView()
        self.mapping_table.setModel(self.mapping_rows)
        self.mapping_table.setItemDelegateForColumn(BECOMES, Chooser(self.mapping_table))
        self.mapping_table.setAccessibleName(self.tr("Columns and what they become"))
        self.mapping_table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.mapping_table.setTabKeyNavigation(False)
        self.mapping_table.verticalHeader().hide()
        self.mapping_table.setWordWrap(False)
        header = self.mapping_table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        lines.addWidget(self.mapping_table)
        self.try_it = button(self.tr("&Try every row"), main=True)
        self.try_it.clicked.connect(self.try_rows)
        lines.addLayout(row(self.try_it))
        return part

    def _trial(self) -> QWidget:
        part, lines = _part()
        self.trial_title = heading(level=2)
        self.trial_notes = plain(quiet=True)
        lines.addWidget(self.trial_title)
        lines.addWidget(self.trial_notes)
        self.rejects = Rows(
            [
                (self.tr("Row"), lambda each: words.number(each.row)),
                (self.tr("Why it cannot come in"), lambda each: each.reason),
                (self.tr("The row"), lambda each: " | ".join(cell for cell in each.cells if cell.strip())),
            ],
            numbers=(0,),
        )
        self.rejects_table = Table(self.rejects, self.tr("Rows that cannot come in"), stretch=2)
        lines.addWidget(self.rejects_table)
        self.bring = button(self.tr("&Import"), main=True, name=self.tr("Import the rows"))
        self.bring.clicked.connect(self.bring_in)
        self.save = button(self.tr("&Keep the rejected rows as a file…"))
        self.save.clicked.connect(self._save_rejects)
        lines.addLayout(row(self.bring, self.save))
        return part

    # --- the steps ------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("The spreadsheet"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [self.tr("Spreadsheets and lists (*.xlsx *.xls *.ods *.csv *.tsv *.txt)"), self.tr("All files (*)")]
        )
        dialog.fileSelected.connect(lambda chosen: self.read_file(Path(chosen)))
        dialog.open()

    def read_file(self, path: Path, sheet: str | None = None) -> None:
        """Read a file, or another sheet of it, and show what is in it."""
        self.notice.clear()
        self.path = path
        for part in (self.seen_part, self.columns_part, self.trial_part):
            part.hide()

        def work(job: Job) -> tuple[Sheet, Guess, Mapping | None]:
            from cis_desktop.intake.remembering import remembered
            from cis_desktop.intake.guessing import guess
            from cis_desktop.intake.reading import read

            found = read(path, sheet, cancel=job.stop)
            with self.desk.workspace.reader() as connection:
                return found, guess(found), remembered(connection, found)

        self.desk.jobs.start(self, self.tr("Reading the file"), work, self._read, self.trouble)

    def _read(self, found: tuple[Sheet, Guess, Mapping | None]) -> None:
        sheet, guessed, before = found
        self.sheet, self.mapping = sheet, before or guessed.mapping
        columns = [(title, lambda each, at=at: each[at]) for at, title in enumerate(sheet.header)]
        first = Rows(columns)
        first.show([sheet.row(place) for place in range(min(SEEN, sheet.rows))])
        self.first_rows.setModel(first)
        fit_rows(self.first_rows, min(SEEN, sheet.rows), sideways=True)
        self.seen_title.setText(
            self.tr("%1: %2 in %3")
            .replace("%1", sheet.file)
            .replace("%2", words.count(sheet.rows, self.tr("row")))
            .replace("%3", words.count(len(sheet.header), self.tr("column")))
        )
        self.sheets.blockSignals(True)
        self.sheets.offer((name, name) for name in sheet.sheets)
        self.sheets.choose(sheet.name)
        self.sheets.blockSignals(False)
        for widget in (self.sheets, self.sheets_label):
            widget.setVisible(len(sheet.sheets) > 1)
        remembered = self.tr("The columns are read as they were the last time such a file came in.")
        noticed = [*sheet.notes, *([remembered] if before else guessed.evidence)]
        self.evidence.setText("\n".join(noticed))
        self.evidence.setVisible(bool(noticed))
        self.mapping_rows.show(sheet, self.mapping)
        fit_rows(self.mapping_table, min(8, len(sheet.header)))
        self.order.choose(self.mapping.date_order)
        day = self.mapping.reference_date
        self.ages.setDate(QDate(day.year, day.month, day.day) if day else QDate.currentDate())
        self.seen_part.show()
        self.columns_part.show()
        self._stale()
        self.order.setFocus() if self.order.key() is None else self.try_it.setFocus()

    def _other_sheet(self) -> None:
        if self.path is not None and self.sheet is not None and self.sheets.key() != self.sheet.name:
            self.read_file(self.path, self.sheets.key())

    def _stale(self) -> None:
        """Hide the outcome of a trial that no longer fits the columns."""
        self.draft = None
        self.trial_part.hide()
        aged = any(each.target == "age" for each in self.mapping_rows.columns())
        for widget in (self.ages, self.ages_label):
            widget.setVisible(aged)

    def _asked(self) -> Mapping:
        assert self.mapping is not None
        columns = self.mapping_rows.columns()
        aged = any(each.target == "age" for each in columns)
        return changed_mapping(
            self.mapping,
            columns,
            date_order=self.order.key(),
            reference_date=day_of(self.ages) if aged else None,
        )

    def try_rows(self) -> None:
        """Go through every row without writing anything, and show which cannot come in and why."""
        if self.sheet is None:
            return
        self.notice.clear()
        sheet, mapping = self.sheet, self._asked()
        self.try_it.setEnabled(False)

        def work(_: Job) -> Draft:
            from cis_desktop.intake.draft import draft

            return draft(sheet, mapping)

        def failed(error: Exception) -> None:
            self.try_it.setEnabled(True)
            self.trouble(error)

        self.desk.jobs.start(self, self.tr("Trying every row"), work, self._tried, failed)

    def _tried(self, draft: Draft) -> None:
        self.try_it.setEnabled(True)
        self.draft = draft
        self.trial_title.setText(
            self.tr("%1 can come in, %2 cannot")
            .replace("%1", words.count(draft.accepted, self.tr("row")))
            .replace("%2", words.number(len(draft.rejects)))
        )
        self.trial_notes.setText("\n".join(draft.notes))
        self.trial_notes.setVisible(bool(draft.notes))
        self.rejects.show(draft.rejects[:REASONS])
        fit_rows(self.rejects_table, min(6, len(draft.rejects)))
        for widget in (self.rejects_table, self.save):
            widget.setVisible(bool(draft.rejects))
        self.bring.setText(self.tr("&Import %1").replace("%1", words.count(draft.accepted, self.tr("row"))))
        self.bring.setEnabled(bool(draft.accepted))
        self.trial_part.show()
        self.bring.setFocus()
        bring_up(self.area, self.trial_part)

    def bring_in(self) -> None:
        """Write everything down as one change."""
        if self.draft is None:
            return
        draft, workspace = self.draft, self.desk.workspace
        self.bring.setEnabled(False)

        def work(job: Job) -> ImportResult:
            from cis_desktop.intake.commit import commit

            with workspace.vault.stoppable(job.stop.is_set):
                return commit(workspace, draft)

        def failed(error: Exception) -> None:
            self.bring.setEnabled(True)
            self.trouble(error)

        name = self.tr("Importing %1").replace("%1", words.count(draft.accepted, self.tr("row")))
        self.desk.jobs.start(self, name, work, self._done, failed, writes=True)

    def _done(self, result: ImportResult) -> None:
        for part in (self.seen_part, self.columns_part, self.trial_part):
            part.hide()
        told = self.draft.notes if self.draft else ()
        self.sheet = self.draft = None
        rejected = self.tr(" %1 were left out.").replace("%1", words.count(result.rejected, self.tr("row")))
        if result.rejected == 1:
            rejected = self.tr(" 1 row was left out.")
        self.notice.good(
            self.tr("%1 came in").replace("%1", words.count(result.imported, self.tr("row"))),
            self.tr("You can undo the whole import now, or any time later from “What changed”.")
            + (rejected if result.rejected else "")
            + "".join(f" {note}" for note in result.notes if note not in told),
        )
        if result.change_set is not None:
            self.desk.changed.emit(self.tr("Imported a spreadsheet"), result.change_set)
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
            self.notice.good(
                self.tr("The rejected rows are in a file"),
                self.tr("Anybody who finds that file can read it. Mend the rows, bring them in, then delete it."),
            )

        self.desk.jobs.start(self, self.tr("Saving the rejected rows"), work, done, self.trouble, can_stop=False)

    def reload(self) -> None:
        """Take back the good news of an import: it may have been undone."""
        if self.sheet is None:
            self.notice.clear()

    # --- dropping a file ------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a single file of this computer."""
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file that was dropped."""
        self.read_file(Path(event.mimeData().urls()[0].toLocalFile()))


def _part() -> tuple[QWidget, QVBoxLayout]:
    part = QWidget()
    lines: Any = QVBoxLayout(part)
    lines.setContentsMargins(0, 8, 0, 0)
    return part, lines
