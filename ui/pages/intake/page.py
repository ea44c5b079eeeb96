"""Bring in a spreadsheet: see it, say what its columns are, try it, bring it in; undo it any time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHeaderView, QTableView, QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.jobs import Job
from ui.models.codes import Codes
from ui.models.mapping import BECOMES, Chooser, MappingRows, changed_mapping
from ui.models.rows import Rows
from ui.pages.intake.targets import targets
from ui.pages.intake.trial import Trial
from ui.pages.intake.unclear import unclear
from ui.theme import SPACE
from ui.widgets.fields import Choice, Form, day_field, day_of
from ui.widgets.lists import fit_rows
from ui.widgets.page import Page, bring_up, column, scrolled
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.intake.commit import ImportResult
    from cis_desktop.intake.draft import Draft
    from cis_desktop.intake.guessing import Guess
    from cis_desktop.intake.mapping import Mapping
    from cis_desktop.intake.met import Met
    from cis_desktop.intake.reading import Sheet

SEEN = 6
"""Rows of the file shown before anything is decided."""
WIDEST = 30
"""Letters of one cell that are shown of them."""
FILES = "*.xlsx *.xlsm *.xlsb *.xls *.ods *.csv *.tsv *.txt"


class IntakePage(Page):
    """One page, from the top down: the file, its columns, the trial, the import."""

    shows = frozenset({"import_mappings"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.path: Path | None = None
        self.sheet: Sheet | None = None
        self.mapping: Mapping | None = None
        self.draft: Draft | None = None
        self.ages_said = False
        self.chosen: str | None = None
        """How the columns were read before the record was locked, to be taken up again."""
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
        self.seen_part, self.columns_part, self.trial_part = self._seen(), self._columns(), Trial()
        self.bring, self.rejects = self.trial_part.bring, self.trial_part.rejects
        self.trial_part.bring_in.connect(self.bring_in)
        self.trial_part.keep_rejects.connect(self._save_rejects)
        for part in (self.seen_part, self.columns_part, self.trial_part):
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
        self.order_label = form.itemAt(0).widget()
        self.order.currentIndexChanged.connect(self._stale)
        self.ages = day_field()
        self.ages.dateChanged.connect(self._say_ages)
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

    # --- the steps ------------------------------------------------------------------------------------------

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
        self.path = path
        for part in (self.seen_part, self.columns_part, self.trial_part):
            part.hide()

        chosen, self.chosen = self.chosen, None

        def work(job: Job) -> tuple[Sheet, Guess, bool]:
            from cis_desktop.intake.guessing import Guess, guess
            from cis_desktop.intake.mapping import from_json
            from cis_desktop.intake.reading import read
            from cis_desktop.intake.remembering import again, remembered

            found = read(path, sheet, cancel=job.stop)
            if chosen is not None:
                return found, Guess(from_json(chosen, path.name), (), ()), False
            guessed = guess(found)
            with self.desk.workspace.reader() as connection:
                before = remembered(connection, found)
            return found, again(before, guessed, found) if before else guessed, before is not None

        self.desk.jobs.start(self, self.tr("Reading the file"), work, self._read, self.trouble)

    def _read(self, found: tuple[Sheet, Guess, bool]) -> None:
        sheet, guessed, before = found
        self.sheet, self.mapping = sheet, guessed.mapping
        columns = [(title, lambda each, at=at: each[at]) for at, title in enumerate(sheet.header)]
        first = Rows(columns)
        first.show([sheet.row(place) for place in range(min(SEEN, sheet.rows))])
        self.first_rows.setModel(first)
        self.first_rows.horizontalHeader().setMaximumSectionSize(WIDEST * self.fontMetrics().averageCharWidth())
        self.first_rows.resizeColumnsToContents()
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
        noticed = [*sheet.notes, *([remembered] if before else []), *guessed.evidence]
        self.evidence.setText("\n".join(noticed))
        self.evidence.setVisible(bool(noticed))
        self.mapping_rows.show(sheet, self.mapping)
        fit_rows(self.mapping_table, min(8, len(sheet.header)))
        self.order.choose(self.mapping.date_order)
        day = self.mapping.reference_date
        self.ages_said = day is not None
        self.ages.blockSignals(True)
        self.ages.setDate(QDate(day.year, day.month, day.day) if day else QDate.currentDate())
        self.ages.blockSignals(False)
        self.seen_part.show()
        self.columns_part.setVisible(bool(sheet.rows))
        self._stale()
        if not sheet.rows:
            self.notice.error(
                self.tr("There are headings, but nothing under them"),
                self.tr("Nothing was imported. Choose another file, or another sheet if it has one."),
            )
            return
        ask = self.order.isVisible() and self.order.key() is None
        (self.order if ask else self.try_it).setFocus()

    def _other_sheet(self) -> None:
        if self.path is not None and self.sheet is not None and self.sheets.key() != self.sheet.name:
            self.read_file(self.path, self.sheets.key())

    def _stale(self) -> None:
        """Hide the outcome of a trial that no longer fits the columns."""
        self.draft = None
        self.trial_part.hide()
        became = {each.target for each in self.mapping_rows.columns()}
        for field, label, asked in (
            (self.order, self.order_label, bool(became & {"date", "birth_date"})),
            (self.ages, self.ages_label, "age" in became),
        ):
            field.setVisible(asked)
            label.setVisible(asked)

    def _say_ages(self) -> None:
        self.ages_said = True
        self._stale()

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
        asked = unclear(self.mapping_rows.columns(), self.order.key(), dict(self.mapping_rows.options()))
        if asked is not None:
            self.notice.error(asked.title, asked.sentence)
            (self.order if asked.where == "order" else self.mapping_table).setFocus()
            return
        if self.ages.isVisible() and not self.ages_said:
            # Asked once: today is a day like any other, but it is seldom the one that is meant.
            self.ages_said = True
            self.notice.error(
                self.tr("On which day were the ages right?"),
                self.tr("Birth years are worked out from it. Choose the day, or try again if it is today."),
            )
            self.ages.setFocus()
            return
        sheet, mapping = self.sheet, self._asked()
        self.try_it.setEnabled(False)

        def work(_: Job) -> tuple[Draft, Met]:
            from cis_desktop.intake.draft import draft
            from cis_desktop.intake.met import met

            drafted = draft(sheet, mapping)
            with self.desk.workspace.reader() as connection:
                return drafted, met(connection, drafted)

        def failed(error: Exception) -> None:
            self.try_it.setEnabled(True)
            self.trouble(error)

        self.desk.jobs.start(self, self.tr("Trying every row"), work, self._tried, failed)

    def _tried(self, outcome: tuple[Draft, Met]) -> None:
        self.try_it.setEnabled(True)
        self.draft, found = outcome
        self.trial_part.show_draft(self.draft, found)
        self.trial_part.show()
        self.bring.setFocus()
        bring_up(self.area, self.trial_part)

    def bring_in(self) -> None:
        """Write everything down as one change."""
        if self.draft is None:
            return
        draft, workspace, twice = self.draft, self.desk.workspace, self.trial_part.twice()
        self.bring.setEnabled(False)

        def work(job: Job) -> ImportResult:
            from cis_desktop.intake.commit import commit

            with workspace.vault.stoppable(job.stop.is_set):
                return commit(workspace, draft, twice=twice)

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
        rejected = words.count(result.rejected, self.tr("row was"), self.tr("rows were"))
        self.notice.good(
            self.tr("%1 came in").replace("%1", words.count(result.imported, self.tr("row"))),
            self.tr("You can undo the whole import now, or any time later from “What changed”.")
            + (self.tr(" %1 left out.").replace("%1", rejected) if result.rejected else "")
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

    def open(self, what: object) -> None:
        """Read a file: ("file", its path)."""
        assert isinstance(what, tuple)
        self.read_file(Path(what[1]))

    def drafts(self) -> dict[str, Any]:
        """Give which file is open and how its columns are read; nothing once it is in."""
        if self.sheet is None or self.path is None:
            return {}
        from cis_desktop.intake.mapping import to_json

        return {"file": str(self.path), "sheet": self.sheet.name, "mapping": to_json(self._asked()).decode()}

    def restore(self, drafts: dict[str, Any]) -> None:
        """Read the file again, with its columns as they were chosen before the record was locked."""
        self.chosen = drafts["mapping"]
        self.read_file(Path(drafts["file"]), drafts["sheet"])

    def reload(self) -> None:
        """Take back the good news of an import: it may have been undone."""
        if self.sheet is None:
            self.notice.clear()


def _part() -> tuple[QWidget, QVBoxLayout]:
    part = QWidget()
    lines: Any = QVBoxLayout(part)
    lines.setContentsMargins(0, 8, 0, 0)
    return part, lines
