"""The figures of a council by area: choose what and when; the table, and beside it the map or the bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.desk import Desk
from ui.models import briefing as said
from ui.models.rows import Rows
from ui.pages.post.map import MapPart
from ui.widgets.beside import Beside
from ui.widgets.fields import Choice, Form
from ui.widgets.lists import Table
from ui.widgets.page import column
from ui.widgets.words import heading, plain

if TYPE_CHECKING:
    from cis_desktop.briefings.model import Series
    from cis_desktop.geography import Outline

MOST_ROWS = 24


class FiguresPart(QWidget):
    """One table at a time, by indicator and period."""

    chosen = Signal(object)
    """Another series is shown."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.every: Sequence[said.Told] = ()
        self.outlines: Sequence[Outline] = ()
        lines = column(self)
        form = Form()
        self.which = Choice()
        self.which.currentIndexChanged.connect(self._other_indicator)
        form.field(self.tr("&Indicator"), self.which)
        self.when = Choice()
        self.when.currentIndexChanged.connect(self._show)
        form.field(self.tr("&Period and measure"), self.when)
        self.when_label = form.itemAt(3).widget()
        lines.addLayout(form)
        self.finding = heading(level=2)
        self.about, self.meaning = plain(quiet=True), plain(quiet=True)
        self.strange = plain()
        for label in (self.finding, self.about, self.meaning, self.strange):
            lines.addWidget(label)
        self.rows = Rows(
            [
                (self.tr("Area"), said.area),
                (self.tr("Figure"), said.shown),
                (self.tr("Code"), lambda each: each.area_code or self.tr("not known")),
            ],
            numbers=(1,),
        )
        self.table = Table(self.rows, self.tr("Their figures by area"))
        self.map = MapPart(desk, trouble)
        lines.addWidget(Beside(self.map, self.table, letters=105, stretch=(6, 5)))
        lines.addStretch(1)

    def show_figures(self, every: Sequence[said.Told], outlines: Sequence[Outline]) -> None:
        """Show the series of a briefing; `outlines` are the boundaries there are."""
        self.every, self.outlines = every, outlines
        indicators = dict.fromkeys(each.series.indicator for each in every)
        self.which.offer((name, name) for name in indicators)
        self._other_indicator()

    def series(self) -> Series | None:
        """Give what is shown."""
        told = self._told()
        return None if told is None else told.series

    def _told(self) -> said.Told | None:
        at = self.when.key()
        return self.every[int(at)] if at is not None and int(at) < len(self.every) else None

    def _other_indicator(self) -> None:
        name = self.which.key()
        self.when.offer(
            (str(at), said.heads(each.series) or self.tr("as it came"))
            for at, each in enumerate(self.every)
            if each.series.indicator == name
        )
        for widget in (self.when_label, self.when):
            widget.setVisible(self.when.count() > 1)
        self._show()

    def _show(self) -> None:
        told = self._told()
        if told is None:
            return
        series = told.series
        self.finding.setText(told.finding)
        self.about.setText(said.heads(series))
        self.about.setVisible(bool(self.about.text()))
        self.meaning.setText(series.description)
        self.meaning.setVisible(bool(series.description))
        self.strange.setText(told.strange)
        self.strange.setVisible(bool(told.strange))
        self.rows.show(series.figures)
        self.table.fit_rows(min(MOST_ROWS, self.rows.rowCount()))
        self.map.show_told(told, self.outlines)
        self.chosen.emit(series)
