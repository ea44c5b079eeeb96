"""Their figures beside ours, ward by ward: what we released, and for our own eyes the exact figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Job
from ui.models import briefing as said
from ui.models.rows import Rows
from ui.pages.post.map import MOST_BARS
from ui.widgets.drawing import DrawingView
from ui.widgets.fields import Choice, Form
from ui.widgets.lists import Table, fit_rows
from ui.widgets.notice import Notice
from ui.widgets.page import column
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.briefings.beside import OwnRow
    from cis_desktop.briefings.model import Series
    from cis_desktop.disclosure.tables import ReleasedTable
    from cis_desktop.ledger import Past
    from cis_desktop.vault.tables import Connection

MOST_ROWS = 24


class BesidePart(QWidget):
    """A report of ours and one of its tables by ward, next to the council's figure that is chosen."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.series: Series | None = None
        self.ours: list[Past] = []
        lines = column(self)
        self.blank = plain(
            self.tr("There is nothing of ours to set beside it yet: make a report that counts something by ward.")
        )
        self.make = button(self.tr("&Make a report"))
        self.make.clicked.connect(lambda: self.desk.go.emit("reports", ("make", None)))
        lines.addWidget(self.blank)
        lines.addLayout(row(self.make))
        self.chosen = QWidget()
        form = Form()
        self.report = Choice()
        self.report.currentIndexChanged.connect(self._other_report)
        form.field(self.tr("Our &report"), self.report)
        self.which = Choice()
        self.which.currentIndexChanged.connect(self._show)
        form.field(self.tr("Our &table"), self.which)
        self.chosen.setLayout(form)
        lines.addWidget(self.chosen)
        self.notice = Notice()
        lines.addWidget(self.notice)
        self.title = heading(level=2)
        lines.addWidget(self.title)
        self.table = Table(Rows([("", str)]), self.tr("Their figures beside ours"))
        lines.addWidget(self.table)
        self.own = plain(quiet=True)
        lines.addWidget(self.own)
        self.drawing = DrawingView(desk.jobs, trouble)
        lines.addWidget(self.drawing)
        lines.addStretch(1)

    def show_series(self, series: Series) -> None:
        """Take another figure of the council, and read which reports of ours there are."""
        self.series = series

        def work(connection: Connection, _: Job) -> list[Past]:
            from cis_desktop import ledger

            return [past for past in ledger.kept(connection) if _by_ward(past)][::-1]

        def done(found: list[Past]) -> None:
            self.ours = found
            self.report.offer((past.entry.pack, f"{past.entry.agreement_title}, {past.entry.period}") for past in found)
            self._other_report()

        self.desk.read(self, self.tr("Looking up what we sent"), work, done, self.trouble)

    def _past(self) -> Past | None:
        return next((past for past in self.ours if past.entry.pack == self.report.key()), None)

    def _other_report(self) -> None:
        past = self._past()
        for widget in (self.blank, self.make):
            widget.setVisible(past is None)
        for widget in (self.chosen, self.title, self.table, self.own):
            widget.setVisible(past is not None)
        if past is None:
            self.drawing.clear()
            return
        self.which.offer((table.shape.id, table.shape.title) for table in _by_ward(past))
        self._show()

    def _show(self) -> None:
        from cis_desktop.briefings.beside import for_own_eyes

        past, series = self._past(), self.series
        if past is None or series is None:
            return
        table = next((each for each in past.release.tables if each.shape.id == self.which.key()), None)
        if table is None:
            return
        self.notice.clear()
        try:
            found = for_own_eyes(series.figures, table, said.exact_of(past.release, table))
        except CisError as error:
            self.notice.error(error.title, error.sentence)
            found = ()
        for widget in (self.title, self.table, self.own):
            widget.setVisible(bool(found))
        if not found:
            self.drawing.clear()
            return
        self.title.setText(
            self.tr("%1 (theirs) beside %2 (ours)").replace("%2", table.shape.title).replace("%1", series.indicator)
        )
        self.own.setText(self._about(found))
        self.table.take(self._rows(found, series, table.shape.unit))
        fit_rows(self.table, min(MOST_ROWS, len(found)))
        if len(found) > MOST_BARS:
            self.drawing.clear()
        else:
            ours = self.tr("Ours, as released")
            self.drawing.draw(
                lambda: bars_beside(found, series, (series.indicator, ours), table.shape.unit), self.title.text()
            )

    def _about(self, found: Sequence[OwnRow]) -> str:
        sentences = [
            self.tr("What is exact is for your own eyes: some of it is hidden in what we sent, so do not pass it on.")
        ]
        if all(each.leaving.theirs_status == "not_available" or each.exact is None for each in found):
            sentences.insert(0, self.tr("None of their wards is one that we count in this table."))
        if _rates(found):
            sentences.insert(0, self.tr("Per 1,000 means ours for each 1,000 of theirs."))
        return " ".join(sentences)

    def _rows(self, found: Sequence[OwnRow], series: Series, unit: str) -> Rows:
        from cis_desktop import words

        columns: list[tuple[str, Callable[[Any], str]]] = [
            (self.tr("Ward"), lambda each: each.leaving.name or each.leaving.code),
            (self.tr("Theirs"), lambda each: said.theirs(each.leaving, series.measure)),
            (self.tr("Ours, released"), lambda each: said.ours(each.leaving, unit)),
            (self.tr("Per 1,000"), lambda each: _rate(each.leaving.rate)),
            (self.tr("Exact"), lambda each: "–" if each.exact is None else words.amount(each.exact, unit)),
            (self.tr("Exact per 1,000"), lambda each: _rate(each.exact_rate)),
        ]
        if not _rates(found):
            # A rate over a share or an average means nothing, so the table has no room for it.
            columns = [columns[at] for at in (0, 1, 2, 4)]
        rows = Rows(columns, numbers=range(1, len(columns)))
        rows.show(found)
        return rows


def bars_beside(found: Sequence[OwnRow], series: Series, titles: tuple[str, str], unit: str) -> Any:
    """Draw what they say and what we released as bars beside each other; what is hidden says so."""
    from cis_desktop.charts import Panel, panels

    leaving = [each.leaving for each in found]
    return panels(
        [row.name or row.code for row in leaving],
        [
            Panel(titles[0], tuple((_number(row.theirs), said.theirs(row, series.measure)) for row in leaving)),
            Panel(titles[1], tuple((_number(row.ours), said.ours(row, unit)) for row in leaving)),
        ],
    )


def _rates(found: Sequence[OwnRow]) -> bool:
    return any(each.exact_rate is not None for each in found)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _rate(rate: Any) -> str:
    return "–" if rate is None else f"{rate:,}"


def _by_ward(past: Past) -> list[ReleasedTable]:
    every = past.release.tables
    return [table for table in every if any(each.kind == "area" for each in table.shape.dimensions)]
