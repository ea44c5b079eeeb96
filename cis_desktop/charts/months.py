"""Small multiples: a row of columns by month for each of several things, under one another and on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cis_desktop.charts.style import AXIS, BAR, INK, LABELS, QUIET, WIDTH, begin, fitted, text, width_of
from cis_desktop.words import MONTHS, number

_BAND = 26.0
_FOOT = 28.0
_TOTALS = 34.0
_SMALL = 8.8


def months_chart(lines: Sequence[tuple[str, Sequence[int]]], months: Sequence[str], width: float = WIDTH) -> Any:
    """Draw a row of columns for each (label, a count for each month), its total at the end.

    `months` are `YYYY-MM`, one for each count; `width` is in points. All rows share one scale, so that they can be
    compared.
    """
    from reportlab.graphics.shapes import Drawing, Line, Rect
    from reportlab.lib.colors import HexColor

    begin()
    height = _BAND * len(lines) + _FOOT
    most = max((count for _, counts in lines for count in counts), default=0)
    most_left = width * LABELS / WIDTH
    # Once only: fitted anew into the room they take, words would lose a letter to a rounded fraction of a point.
    labels = [fitted(label, most_left - 12) for label, _ in lines]
    left = min(most_left, 12 + max(map(width_of, labels), default=0.0))
    room = width - left - _TOTALS
    step = room / max(1, len(months))
    drawing = Drawing(width, height)
    for n, (label, (_, counts)) in enumerate(zip(labels, lines, strict=True)):
        foot = height - _BAND * (n + 1)
        drawing.add(text(left - 8, foot + 4, label, anchor="end"))
        for at, count in enumerate(counts):
            if count:
                side = left + (at + 0.12) * step
                tall = (_BAND - 6) * count / most
                drawing.add(Rect(side, foot, 0.76 * step, tall, fillColor=HexColor(BAR), strokeColor=None))
        drawing.add(Line(left, foot, left + room, foot, strokeColor=HexColor(AXIS), strokeWidth=0.8))
        drawing.add(text(width, foot + 4, number(sum(counts)), anchor="end"))
    for at, month in enumerate(months):
        year, which = month.split("-")
        middle = left + (at + 0.5) * step
        name = MONTHS[int(which) - 1]
        drawing.add(text(middle, _FOOT - 12, name if step > 20 else name[0], QUIET, _SMALL, "middle"))
        if at == 0 or which == "01":
            drawing.add(text(middle, _FOOT - 24, year, INK, _SMALL, "middle"))
    return drawing
