"""The ward map or the bars of one table; the table itself always stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.desk import Desk
from ui.models import briefing as said
from ui.widgets.drawing import DrawingView
from ui.widgets.fields import Choice, Form
from ui.widgets.words import plain

if TYPE_CHECKING:
    from cis_desktop.briefings.model import Figure, Series
    from cis_desktop.geography import Outline

MOST_BARS = 60
MAP, BARS = "map", "bars"
NO_MAP = QT_TRANSLATE_NOOP(
    "map",
    "There is no map, because the boundaries of these wards are not here yet. Bring in a file of them (GeoJSON), as "
    "the Office for National Statistics gives it.",
)
TOO_MANY = QT_TRANSLATE_NOOP("map", "There are too many areas for bars. The table has them all.")


class MapPart(QWidget):
    """One drawing of a series, as a map where there are boundaries, or as bars."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.told: said.Told | None = None
        self.drawn: list[Outline] = []
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        form = Form()
        self.how = Choice([(MAP, self.tr("Map of wards")), (BARS, self.tr("Bars"))])
        self.how.currentIndexChanged.connect(self._draw)
        form.field(self.tr("&Drawn as"), self.how)
        lines.addLayout(form)
        self.why = plain(quiet=True)
        lines.addWidget(self.why)
        self.drawing = DrawingView(desk.jobs, trouble)
        lines.addWidget(self.drawing)
        lines.addStretch(1)

    def show_told(self, told: said.Told, drawn: Sequence[Outline]) -> None:
        """Draw a series; `drawn` are all the boundaries there are."""
        codes = {each.area_code for each in told.series.figures}
        self.told = told
        self.drawn = [outline for outline in drawn if outline.code in codes]
        self._draw()

    def _draw(self) -> None:
        told, drawn = self.told, self.drawn
        if told is None:
            return
        series = told.series
        self.why.hide()
        if self.how.key() == MAP and drawn:
            self.drawing.draw(lambda: ward_map_of(series, drawn), told.finding)
            return
        if self.how.key() == MAP:
            self._say(NO_MAP)
        if len(series.figures) > MOST_BARS:
            self._say(TOO_MANY)
            self.drawing.clear()
        else:
            self.drawing.fit(lambda width: bars_of(series.figures, said.heads(series), width), told.finding)

    def _say(self, words: str) -> None:
        self.why.setText(QCoreApplication.translate("map", words))
        self.why.show()


def ward_map_of(series: Series, drawn: Sequence[Outline]) -> Any:
    """Draw a series as a map of wards, as a reportlab drawing; the finding stands above it on the page."""
    from cis_desktop.charts import ward_map

    return ward_map(drawn, said.shades(series.figures), series.indicator, said.heads(series))


def bars_of(figures: Sequence[Figure], title: str, width: float) -> Any:
    """Draw figures as bars `width` points wide, those of the highest first; hidden ones are words, last."""
    from cis_desktop.charts import Panel, panels

    order = sorted(figures, key=lambda each: (each.value is None, -(each.value or 0)))
    cells = tuple((None if each.value is None else float(each.value), said.shown(each)) for each in order)
    return panels([said.area(each) for each in order], [Panel(title, cells)], width)
