"""Small multiples: a row of columns by month for each of several things, under one another and on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cis_desktop.charts.style import AXIS, BAR, INK, LABELS, QUIET, WIDTH, begin, fitted, text
from cis_desktop.words import MONTHS, number

_BAND = 30.0
_FOOT = 26.0
_TOTALS = 40.0
_SMALL = 8.0


def months_chart(lines: Sequence[tuple[str, Sequence[int]]], months: Sequence[str]) -> Any:
    """Draw a row of columns for each (label, a count for each month), its total at the end.

    `months` are `YYYY-MM`, one for each count. All rows share one scale, so that they can be compared.
    """
    from reportlab.graphics.shapes import Drawing, Line, Rect
    from reportlab.lib.colors import HexColor

    begin()
    height = _BAND * len(lines) + _FOOT
    most = max((count for _, counts in lines for count in counts), default=0)
    room = WIDTH - LABELS - _TOTALS
    step = room / max(1, len(months))
    drawing = Drawing(WIDTH, height)
    for n, (label, counts) in enumerate(lines):
        foot = height - _BAND * (n + 1)
        drawing.add(text(LABELS - 8, foot + 4, fitted(label, LABELS - 12), anchor="end"))
        for at, count in enumerate(counts):
            if count:
                left = LABELS + (at + 0.12) * step
                tall = (_BAND - 6) * count / most
                drawing.add(Rect(left, foot, 0.76 * step, tall, fillColor=HexColor(BAR), strokeColor=None))
        drawing.add(Line(LABELS, foot, LABELS + room, foot, strokeColor=HexColor(AXIS), strokeWidth=0.8))
        drawing.add(text(WIDTH, foot + 4, number(sum(counts)), anchor="end"))
    for at, month in enumerate(months):
        year, which = month.split("-")
        middle = LABELS + (at + 0.5) * step
        name = MONTHS[int(which) - 1]
        drawing.add(text(middle, _FOOT - 11, name if step > 16 else name[0], QUIET, _SMALL, "middle"))
        if at == 0 or which == "01":
            drawing.add(text(middle, _FOOT - 22, year, INK, _SMALL, "middle"))
    return drawing
