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
from ui.widgets.lists import Table
from ui.widgets.notice import Notice
from ui.widgets.page import column
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.briefings.beside import OwnRow
    from cis_desktop.briefings.model import Series
    from cis_desktop.disclosure.tables import ReleasedTable
    from cis_desktop.geography import Outline
    from cis_desktop.ledger import Past
    from cis_desktop.vault.tables import Connection

MOST_ROWS = 24
BARS, OURS, RATES = "bars", "ours", "rates"


class BesidePart(QWidget):
    """A report of ours and one of its tables by ward, next to the council's figure that is chosen."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.series: Series | None = None
        self.bases: list[Series] = []
        self.outlines: Sequence[Outline] = ()
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
        form.setContentsMargins(0, 0, 0, 0)
        self.report = Choice()
        self.report.currentIndexChanged.connect(self._other_report)
        form.field(self.tr("Our &report"), self.report)
        self.which = Choice()
        self.which.currentIndexChanged.connect(self._show)
        form.field(self.tr("Our &table"), self.which)
        self.base = Choice()
        self.base.currentIndexChanged.connect(self._show)
        form.field(self.tr("Rates are for eac&h 1,000 of"), self.base)
        self.base_label = form.itemAt(6).widget()
        self.chosen.setLayout(form)
        lines.addWidget(self.chosen)
        self.notice = Notice()
        lines.addWidget(self.notice)
        self.title = heading(level=2)
        self.about = plain(quiet=True)
        lines.addWidget(self.title)
        lines.addWidget(self.about)
        self.table = Table(Rows([("", str)]), self.tr("Their figures beside ours"))
        lines.addWidget(self.table)
        self.own = plain(quiet=True)
        lines.addWidget(self.own)
        self.drawn = QWidget()
        how = Form()
        how.setContentsMargins(0, 0, 0, 0)
        self.how = Choice()
        self.how.currentIndexChanged.connect(self._show)
        how.field(self.tr("Dra&wn as"), self.how)
        self.drawn.setLayout(how)
        lines.addWidget(self.drawn)
        self.drawing = DrawingView(desk.jobs, trouble)
        lines.addWidget(self.drawing)
        lines.addStretch(1)

    def take(self, bases: Sequence[Series], outlines: Sequence[Outline]) -> None:
        """Take the counts that rates can be over, and the boundaries there are, for maps."""
        self.bases, self.outlines = list(bases), outlines
        self.base.offer((each.indicator, _named(each)) for each in self.bases)

    def show_series(self, series: Series) -> None:
        """Take another figure of the council, and read which reports of ours there are."""
        self.series = series

        def work(connection: Connection, _: Job) -> list[Past]:
            from cis_desktop import ledger

            return [past for past in ledger.kept(connection) if _by_ward(past)][::-1]

        def done(found: list[Past]) -> None:
            self.ours = found
            self.report.offer(
                (past.entry.pack, f"{past.entry.agreement_title}, {said.period(past.entry.period)}") for past in found
            )
            self._other_report()

        self.desk.read(self, self.tr("Looking up what we sent"), work, done, self.trouble)

    def _past(self) -> Past | None:
        return next((past for past in self.ours if past.entry.pack == self.report.key()), None)

    def _other_report(self) -> None:
        past = self._past()
        for widget in (self.blank, self.make):
            widget.setVisible(past is None)
        self._see(past is not None)
        self.chosen.setVisible(past is not None)
        if past is not None:
            self.which.offer((table.shape.id, table.shape.title) for table in _by_ward(past))
            self._show()

    def _see(self, seen: bool) -> None:
        for widget in (self.title, self.about, self.table, self.own, self.drawn):
            widget.setVisible(seen)
        if not seen:
            self.drawing.clear()

    def _show(self) -> None:
        from cis_desktop.briefings.beside import for_own_eyes

        past, series = self._past(), self.series
        if past is None or series is None:
            return
        table = next((each for each in past.release.tables if each.shape.id == self.which.key()), None)
        if table is None:
            return
        for widget in (self.base, self.base_label):
            widget.setVisible(bool(self.bases))
        base = next((each for each in self.bases if each.indicator == self.base.key()), None)
        self.notice.clear()
        try:
            exact = said.exact_of(past.release, table)
            found = for_own_eyes(series.figures, table, exact, base.figures if base else ())
        except CisError as error:
            self.notice.error(error.title, error.sentence)
            found = ()
        self._see(bool(found))
        if not found:
            return
        leaving = [each.leaving for each in found]
        self.title.setText(said.beside_finding(leaving, table.shape.title, table.shape.unit))
        self.about.setText(
            self.tr("%1 (theirs) beside %2 (ours)").replace("%2", table.shape.title).replace("%1", _named(series))
        )
        self.own.setText(self._own(found, base))
        self.table.take(self._rows(found, series, table.shape.unit))
        self.table.fit_rows(min(MOST_ROWS, len(found)))
        self._draw(found, series, table)

    def _draw(self, found: Sequence[OwnRow], series: Series, table: ReleasedTable) -> None:
        leaving = [each.leaving for each in found]
        unit, codes = table.shape.unit, {each.code for each in leaving}
        outlines = [outline for outline in self.outlines if outline.code in codes]
        ways = [(BARS, self.tr("Bars beside each other"))] if len(found) <= MOST_BARS else []
        ways += [(OURS, self.tr("Map of ours, as released"))] if outlines else []
        ways += [(RATES, self.tr("Map of ours for each 1,000"))] if outlines and _rates(found) else []
        if [key for key, _ in ways] != [self.how.itemData(at) for at in range(self.how.count())]:
            # Only then: putting back what was chosen comes here again.
            self.how.offer(ways)
        self.drawn.setVisible(len(ways) > 1)
        way, ours, finding = self.how.key(), self.tr("Ours, as released"), self.title.text()
        legend = self.tr("For each 1,000") if way == RATES else ours
        if way is None:
            self.drawing.clear()
        elif way == BARS:
            titles = (series.indicator, ours)
            self.drawing.fit(lambda width: bars_beside(found, series, titles, unit, width), finding)
        else:
            self.drawing.draw(lambda: our_map(found, outlines, table, legend, way == RATES), finding)

    def _own(self, found: Sequence[OwnRow], base: Series | None) -> str:
        sentences = [
            self.tr("What is exact is for your own eyes: some of it is hidden in what we sent, so do not pass it on.")
        ]
        if base is not None and _rates(found):
            sentences.insert(0, self.tr("Per 1,000 means ours for each 1,000 of: %1.").replace("%1", _named(base)))
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
            # Without counts of theirs there are no rates, so the table has no room for them.
            columns = [columns[at] for at in (0, 1, 2, 4)]
        rows = Rows(columns, numbers=range(1, len(columns)))
        rows.show(found)
        return rows


def bars_beside(found: Sequence[OwnRow], series: Series, titles: tuple[str, str], unit: str, width: float) -> Any:
    """Draw what they say and what we released as bars beside each other; what is hidden says so."""
    from cis_desktop.charts import Panel, panels

    leaving = [each.leaving for each in found]
    return panels(
        [row.name or row.code for row in leaving],
        [
            Panel(titles[0], tuple((_number(row.theirs), said.theirs(row, series.measure)) for row in leaving)),
            Panel(titles[1], tuple((_number(row.ours), said.ours(row, unit)) for row in leaving)),
        ],
        width,
    )


def our_map(
    found: Sequence[OwnRow], outlines: Sequence[Outline], table: ReleasedTable, legend: str, rates: bool
) -> Any:
    """Draw our released figures, or their rates, as a map; only what was released is in it."""
    from cis_desktop.charts import ward_map

    shades = said.our_shades([each.leaving for each in found], table.shape.unit, rates)
    return ward_map(outlines, shades, table.shape.title, legend)


def _named(series: Series) -> str:
    return ", ".join(filter(None, (series.indicator, said.period(series.period))))


def _rates(found: Sequence[OwnRow]) -> bool:
    return any(each.exact_rate is not None for each in found)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _rate(rate: Any) -> str:
    return "–" if rate is None else f"{rate:,}"


def _by_ward(past: Past) -> list[ReleasedTable]:
    every = past.release.tables
    return [table for table in every if any(each.kind == "area" for each in table.shape.dimensions)]
