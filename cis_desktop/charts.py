"""Charts: one drawing for the PDF and for the page. A hidden figure is the word "hidden", never a bar of no length."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from cis_desktop.fonts import REGULAR, SPARE, ready, runs

WIDTH = 500.0
ROW = 20.0
LABELS = 200.0
NUMBERS = 70.0
SIZE = 9.5

BAR = "#1d5f8a"
INK = "#1a1a1a"
QUIET = "#595959"
AXIS = "#8a8a8a"
# In the page, the drawing's colours follow the reader's light or dark choice.
_THEMED = {BAR: "var(--bar)", INK: "var(--ink)", QUIET: "var(--quiet)", AXIS: "var(--line)"}


def bar_chart(bars: Sequence[tuple[str, int | None, str]]) -> Any:
    """Draw bars lying on their side from (label, value or None where hidden, text of the figure)."""
    from reportlab.graphics.shapes import STATE_DEFAULTS, Drawing, Line, Rect, String
    from reportlab.lib.colors import HexColor

    ready()
    # Every drawing begins by naming a font, and reportlab's own is not embedded.
    STATE_DEFAULTS["fontName"] = REGULAR
    height = ROW * len(bars) + 8
    longest = max((value for _, value, _ in bars if value), default=0)
    scale = (WIDTH - LABELS - NUMBERS) / longest if longest > 0 else 0.0
    drawing = Drawing(WIDTH, height)
    for n, (label, value, text) in enumerate(bars):
        top = height - 4 - ROW * (n + 1)
        baseline = top + ROW / 2 - SIZE / 3
        font, words = _fitted(label, LABELS - 12)
        drawing.add(
            String(LABELS - 8, baseline, words, textAnchor="end", fontName=font, fontSize=SIZE, fillColor=HexColor(INK))
        )
        length = max(value, 0) * scale if value is not None else 0.0
        if length:
            drawing.add(Rect(LABELS, top + 3, length, ROW - 6, fillColor=HexColor(BAR), strokeColor=None))
        drawing.add(
            String(
                LABELS + length + 5, baseline, "hidden" if value is None else text, fontName=REGULAR, fontSize=SIZE,
                fillColor=HexColor(QUIET if value is None else INK),
            )
        )  # fmt: skip
    drawing.add(Line(LABELS, 4, LABELS, height - 4, strokeColor=HexColor(AXIS), strokeWidth=0.8))
    return drawing


def svg(drawing: Any, name: str, title: str, words: str) -> str:
    """Return a drawing as an SVG element for an HTML page.

    `name` is unique in the page; `title` and `words` are what a screen reader says in its place.
    """
    from reportlab.graphics import renderSVG

    text = renderSVG.drawToString(drawing)
    text = text[text.index("<svg") :]
    text = re.sub(r"<title>.*?</title>\s*<desc>.*?</desc>", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*<clipPath.*?</clipPath>", "", text, flags=re.DOTALL)
    text = text.replace('id="group" ', "").replace(' style="clip-path: url(#clip)"', "")
    text = re.sub(r"font-family: [^;]+;", "", text)
    for colour, themed in _THEMED.items():
        text = text.replace(_percentages(colour), themed)
    opening = (
        f'<svg role="img" aria-labelledby="{name}-title {name}-words" viewBox="0 0 {drawing.width:g} '
        f'{drawing.height:g}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-words">{escape(words)}</desc>'
    )
    return opening + text[text.index(">") + 1 :].strip()


def _percentages(colour: str) -> str:
    """Give a colour as the SVG renderer writes it: whole percentages, cut off."""
    from reportlab.lib.colors import HexColor

    made = HexColor(colour)
    return "rgb({}%,{}%,{}%)".format(*(int(100 * part) for part in (made.red, made.green, made.blue)))


def _fitted(label: str, room: float) -> tuple[str, str]:
    """Give a font and as much of `label` as fits into `room` points; the table beside the chart has all of it."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    pieces = runs(label)
    # A chart's label has one font: the one that draws all of it, or what the first can draw.
    font = SPARE if any(name == SPARE for name, _ in pieces) else REGULAR
    words = "".join(piece for _, piece in pieces).strip()
    if stringWidth(words, font, SIZE) <= room:
        return font, words
    while words and stringWidth(words + "…", font, SIZE) > room:
        words = words[:-1]
    return font, words.rstrip() + "…"
