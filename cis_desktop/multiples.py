"""Small multiples: the same little chart for each of several things, under one another and on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cis_desktop.charts import AXIS, BAR, INK, LABELS, QUIET, SIZE, WIDTH, fitted
from cis_desktop.fonts import REGULAR, ready
from cis_desktop.words import MONTHS, number

BAND = 30.0
FOOT = 26.0
TOTALS = 40.0
SMALL = 8.0


def months_chart(lines: Sequence[tuple[str, Sequence[int]]], months: Sequence[str]) -> Any:
    """Draw a row of columns for each (label, a count for each month), its total at the end.

    `months` are `YYYY-MM`, one for each count. All rows share one scale, so that they can be compared.
    """
    from reportlab.graphics.shapes import STATE_DEFAULTS, Drawing, Line, Rect, String
    from reportlab.lib.colors import HexColor

    ready()
    STATE_DEFAULTS["fontName"] = REGULAR
    height = BAND * len(lines) + FOOT
    most = max((count for _, counts in lines for count in counts), default=0)
    room = WIDTH - LABELS - TOTALS
    step = room / max(1, len(months))
    drawing = Drawing(WIDTH, height)

    def say(x: float, y: float, text: str, size: float, anchor: str, colour: str, font: str = REGULAR) -> None:
        drawing.add(String(x, y, text, textAnchor=anchor, fontName=font, fontSize=size, fillColor=HexColor(colour)))

    for n, (label, counts) in enumerate(lines):
        foot = height - BAND * (n + 1)
        font, words = fitted(label, LABELS - 12)
        say(LABELS - 8, foot + 4, words, SIZE, "end", INK, font)
        for at, count in enumerate(counts):
            tall = (BAND - 6) * count / most if most else 0.0
            if tall:
                left = LABELS + at * step + step * 0.12
                drawing.add(Rect(left, foot, step * 0.76, tall, fillColor=HexColor(BAR), strokeColor=None))
        drawing.add(Line(LABELS, foot, LABELS + room, foot, strokeColor=HexColor(AXIS), strokeWidth=0.8))
        say(WIDTH, foot + 4, number(sum(counts)), SIZE, "end", INK)
    for at, month in enumerate(months):
        year, which = month.split("-")
        middle = LABELS + (at + 0.5) * step
        say(middle, FOOT - 11, MONTHS[int(which) - 1][: 3 if step > 16 else 1], SMALL, "middle", QUIET)
        if at == 0 or which == "01":
            say(middle, FOOT - 22, year, SMALL, "middle", QUIET)
    return drawing
