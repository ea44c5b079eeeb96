"""Bars lying on their side: one list of them, or several lists beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cis_desktop.charts.style import (
    AXIS,
    BAR,
    INK,
    LABELS,
    QUIET,
    ROW,
    SIZE,
    WIDTH,
    begin,
    fitted,
    text,
    width_of,
    wrapped,
)  # fmt: skip

_GAP = 14.0


@dataclass(frozen=True, slots=True)
class Panel:
    """One list of bars: what it shows, and for each label a value (None where there is none to show) and its text."""

    title: str
    cells: tuple[tuple[float | None, str], ...]


def bar_chart(bars: Sequence[tuple[str, int | None, str]], width: float = WIDTH) -> Any:
    """Draw bars lying on their side from (label, value or None where hidden, text of the figure).

    `width` is in points, on paper that of the text.
    """
    cells = tuple((value, "hidden" if value is None else words) for _, value, words in bars)
    return panels([label for label, _, _ in bars], [Panel("", cells)], width)


def panels(labels: Sequence[str], shown: Sequence[Panel], width: float = WIDTH) -> Any:
    """Draw lists of bars beside each other, each on a scale of its own, with the labels once at the left.

    A value of None is drawn as its text, such as "hidden", where a bar would begin. `width` is in points.
    """
    from reportlab.graphics.shapes import Drawing

    begin()
    most = width * LABELS / WIDTH
    left = min(most, 12 + max((width_of(fitted(label, most - 12)) for label in labels), default=0.0))
    each = (width - left - _GAP * (len(shown) - 1)) / max(len(shown), 1)
    titles = [wrapped(panel.title, each, bold=True) for panel in shown]
    head = max((len(lines) for lines in titles), default=0) * (SIZE + 3) + (4 if any(titles) else 0)
    height = ROW * len(labels) + 8
    drawing = Drawing(width, height + head)
    _labels(drawing, labels, left, height)
    for n, panel in enumerate(shown):
        at = left + n * (each + _GAP)
        for line, words in enumerate(titles[n]):
            drawing.add(text(at, height + head - (line + 1) * (SIZE + 3), words, bold=True))
        numbers = 10 + max((width_of(words) for _, words in panel.cells), default=0.0)
        _bars(drawing, panel.cells, at, max(each - numbers, 4.0), height)
    return drawing


def _labels(drawing: Any, labels: Sequence[str], room: float, height: float) -> None:
    for n, label in enumerate(labels):
        drawing.add(text(room - 8, _baseline(n, height), fitted(label, room - 12), anchor="end"))


def _bars(drawing: Any, cells: Sequence[tuple[float | None, str]], left: float, room: float, height: float) -> None:
    from reportlab.graphics.shapes import Line, Rect
    from reportlab.lib.colors import HexColor

    longest = max((value for value, _ in cells if value), default=0)
    scale = room / longest if longest > 0 else 0.0
    for n, (value, words) in enumerate(cells):
        length = max(value, 0) * scale if value is not None else 0.0
        if length:
            top = height - 4 - ROW * (n + 1)
            drawing.add(Rect(left, top + 3, length, ROW - 6, fillColor=HexColor(BAR), strokeColor=None))
        drawing.add(text(left + length + 5, _baseline(n, height), words, QUIET if value is None else INK))
    drawing.add(Line(left, 4, left, height - 4, strokeColor=HexColor(AXIS), strokeWidth=0.8))


def _baseline(n: int, height: float) -> float:
    return height - 4 - ROW * (n + 1) + ROW / 2 - SIZE / 3
