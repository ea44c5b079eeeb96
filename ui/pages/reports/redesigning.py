"""When much is hidden: other ways of giving the figures, what each would show, and one click to take one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog

from cis_desktop import words
from ui.desk import Desk
from ui.jobs import Job
from ui.models.rows import Rows
from ui.widgets.lists import Table
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.agreements import Agreement
    from cis_desktop.disclosure.tables import Release
    from cis_desktop.figures import Period
    from cis_desktop.packs.preview import Preview
    from cis_desktop.packs.redesign import Advice, Option

MOST_ROWS = 5


class RedesignCard(Card):
    """What would be hidden as agreed, a search for ways that show more, and what to do with one of them."""

    adopted = Signal(object)
    """A way was chosen for this report."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__(self.tr("Could more be seen?"))
        self.desk, self.trouble = desk, trouble
        self.advice: Advice | None = None
        self.job: Job | None = None
        self.said = plain()
        self.lines.addWidget(self.said)
        self.look = button(self.tr("&Look for ways to see more"))
        self.look.clicked.connect(self.search)
        self.agreed = button(self.tr("As it was agree&d"))
        self.agreed.clicked.connect(lambda: self.adopted.emit(None))
        self.lines.addLayout(row(self.look, self.agreed))
        self.table = Table(self._rows(), self.tr("Ways to give the figures"), folds=12)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._chosen())
        self.table.opened.connect(lambda _: self.use.setFocus())
        self.lines.addWidget(self.table)
        self.whole = plain()
        self.lines.addWidget(self.whole)
        self.means = plain(
            self.tr(
                "“Told” is how much of what was asked for the report would still tell. A way used before this year "
                "comes first: the same groups all year are easier to read, and safer."
            ),
            quiet=True,
        )
        self.lines.addWidget(self.means)
        self.use = button(self.tr("&Use it for this report"))
        self.use.clicked.connect(lambda: self.adopted.emit(self.option()))
        self.propose = button(self.tr("&Propose it to the council…"))
        self.propose.clicked.connect(self._choose_file)
        self.lines.addLayout(row(self.use, self.propose))
        self._settle()

    def _rows(self) -> Rows:
        return Rows(
            [
                (self.tr("What changes"), self._short),
                (self.tr("Hidden"), lambda each: f"{each.blank:.0%}"),
                (self.tr("People in hidden ones"), lambda each: f"{each.unplaced:.0%}"),
                (self.tr("Told"), lambda each: f"{each.kept:.0%}"),
            ],
            numbers=(1, 2, 3),
        )

    def _short(self, option: Option) -> str:
        """Name the steps of a way, as short as a list needs."""
        from cis_desktop.figures.categories import LABELS
        from cis_desktop.figures.coarser import ladders

        rungs = ladders(self.agreement)
        said = [f"{LABELS[by]}: {rungs[by][rung - 1].lower()}" for by, rung in option.coarser]
        if option.period != self.period:
            said.insert(0, self.tr("Once for %1").replace("%1", option.period.label))
        return "; ".join(said) or self.tr("Nothing: as agreed")

    def _words(self, option: Option) -> str:
        said = " ".join(option.words) or self.tr("Nothing: as agreed.")
        return f"{said} {self.tr('As in an earlier report of this year.')}" if option.before else said

    def ask_about(self, agreement: Agreement, period: Period, hidden: int | None, cells: int, coarser: bool) -> None:
        """Say how much is hidden: `hidden` of `cells` figures, or None where nothing may leave."""
        if self.job is not None:
            self.job.cancel()
        self.agreement, self.period = agreement, period
        self.job = self.advice = None
        if hidden is None:
            said = self.tr("As it was agreed, nothing may leave. Broader groups or a longer period may be possible.")
        else:
            said = (
                self.tr("With the people you see now, %1% of these figures would be hidden: %2 of %3.")
                .replace("%1", str(round(100 * hidden / cells) if cells else 0))
                .replace("%2", words.number(hidden))
                .replace("%3", words.number(cells))
            )
        self.said.setText(said)
        self.agreed.setVisible(coarser)
        self.setVisible(coarser or hidden is None or hidden > 0)
        self._settle()

    def ask_after(self, found: Preview, release: Release | None) -> None:
        """Say how much is hidden of figures that were counted."""
        hidden = None if release is None else release.audit.hidden
        self.ask_about(found.agreement, found.period, hidden, found.cells, bool(found.coarser))

    def ask_first(self, agreement: Agreement, period: Period) -> None:
        """Offer to look before any report is made, because an agreement was just accepted."""
        self.ask_about(agreement, period, None, 0, False)
        self.said.setText(
            self.tr("Before the first report is due: look how much of it would be hidden, and what would show more.")
        )

    def option(self) -> Option | None:
        """Give the way that is chosen."""
        current = self.table.currentIndex()
        return self.table.rows.record(current.row()) if current.isValid() else None

    def search(self) -> None:
        """Try ways to show more, and list them; it can be cancelled."""
        agreement, period, workspace = self.agreement, self.period, self.desk.workspace

        def work(job: Job) -> Advice:
            from cis_desktop.packs.redesign import redesign
            from cis_desktop.packs.watching import Watch

            return redesign(workspace, agreement, period.key, tell=job.tell, watch=Watch(stopped=job.stop.is_set))

        named = self.tr("Trying other ways to give the figures")
        self.job = job = self.desk.jobs.start(
            self, named, work, lambda found: self._found(job, found), lambda error: self._not_found(job, error)
        )
        self._settle()

    def _found(self, job: Job, found: Advice) -> None:
        if job is not self.job:
            return
        self.job, self.advice = None, found
        ways = [each for each in found.options if each.outcome == "released"]
        self.table.rows.show(ways)
        self.table.fit_rows(min(MOST_ROWS, max(1, len(ways))))
        best = next((each for each in ways if each in found.better), None)
        agreed = found.agreed
        if not ways:
            said = self.tr("No way was found in which these figures may leave. A later period may have more people.")
        elif agreed.outcome == "released":
            said = self.tr("As agreed, %1% of the figures would be hidden.").replace(
                "%1", str(round(100 * agreed.blank))
            )
        else:
            said = self.tr("As agreed, nothing may leave.")
        if best is not None:
            said += " " + (
                self.tr("%1 Then %2% would be hidden.")
                .replace("%1", self._words(best))
                .replace("%2", str(round(100 * best.blank)))
            )
        elif ways and agreed.outcome == "released":
            said += " " + self.tr("No other way tells more.")
        self.said.setText(said)
        self._settle()
        if ways:
            self.table.selectRow(ways.index(best) if best is not None else 0)
            self.table.setFocus()
        self._chosen()

    def _not_found(self, job: Job, error: Exception) -> None:
        if job is not self.job:
            return
        self.job = None
        self._settle()
        self.trouble(error)

    def _settle(self) -> None:
        """Show what there is to do now."""
        some = self.advice is not None and bool(self.table.rows.rowCount())
        self.look.setVisible(self.advice is None)
        self.look.setEnabled(self.job is None)
        for part in (self.table, self.whole, self.means, self.use, self.propose):
            part.setVisible(some)

    def _chosen(self) -> None:
        option = self.option()
        other = option is not None and self.advice is not None and option != self.advice.agreed
        self.whole.setText(self._words(option) if option is not None else "")
        self.use.setEnabled(other)
        self.propose.setEnabled(other)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the proposal"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("cis-agreement")
        dialog.setNameFilters([self.tr("Agreements (*.cis-agreement)")])
        dialog.selectFile(f"{self.agreement.key}-{self.agreement.version + 1}-proposal.cis-agreement")
        dialog.fileSelected.connect(lambda chosen: self.write_proposal(Path(chosen)))
        dialog.open()

    def write_proposal(self, path: Path) -> None:
        """Write the chosen way into a file as the agreement's next version, for the council to agree to."""
        option, agreement, workspace = self.option(), self.agreement, self.desk.workspace
        if option is None:
            return

        def work(_: Job) -> str:
            from cis_desktop.packs.proposing import propose

            return propose(workspace, agreement, option.period.key, option.coarser, path).name

        def done(name: str) -> None:
            said = self.tr("“%1” is written. Send it to the council: nothing changes here until they agree to it.")
            self.said.setText(said.replace("%1", name))

        self.desk.jobs.start(self, self.tr("Writing the proposal"), work, done, self.trouble, can_stop=False)
