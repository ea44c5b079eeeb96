"""Sizes, colours and words that all charts share."""

from __future__ import annotations

from typing import Any

from cis_desktop.fonts import BOLD, REGULAR, ready, runs

WIDTH = 500.0
ROW = 20.0
LABELS = 200.0
SIZE = 9.5

BAR = "#1d5f8a"
INK = "#1a1a1a"
QUIET = "#595959"
AXIS = "#8a8a8a"
"""These four follow the reader's light or dark choice where there is one; all other colours stay as they are."""
_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""How much of a label stands before the point that it is drawn at."""


def begin() -> None:
    """Make the fonts ready: every drawing begins by naming one, and reportlab's own is not embedded."""
    from reportlab.graphics.shapes import STATE_DEFAULTS

    ready()
    STATE_DEFAULTS["fontName"] = REGULAR


def text(
    x: float, y: float, words: str, colour: str = INK, size: float = SIZE, anchor: str = "start", bold: bool = False
) -> Any:
    """Draw words at a point, in the fonts that can draw them."""
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor

    font = BOLD if bold else REGULAR
    look = {"fontSize": size, "fillColor": HexColor(colour)}
    if _in_one_font(words, font):
        return String(x, y, words, textAnchor=anchor, fontName=font, **look)
    from cis_desktop.charts.labels import Label

    return Label(x - width_of(words, size, bold) * _BEFORE[anchor], y, words, font, look)


def width_of(words: str, size: float = SIZE, bold: bool = False) -> float:
    """Measure words in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    font = BOLD if bold else REGULAR
    if _in_one_font(words, font):
        return float(stringWidth(words, font, size))
    from cis_desktop.shaping import width

    return width(words, font, size)


def _in_one_font(words: str, font: str) -> bool:
    return runs(words, font) in ([], [(font, words)])


def fitted(label: str, room: float, size: float = SIZE, bold: bool = False) -> str:
    """Give as much of `label` as fits into `room` points; the table beside the chart has all of it."""
    words = label.strip()
    if width_of(words, size, bold) <= room:
        return words
    # No more than some hundred letters ever fit, however long a name is.
    words = words[: int(room)]
    while words and width_of(words + "…", size, bold) > room:
        words = words[:-1]
    return words.rstrip() + "…"


def wrapped(words: str, room: float, size: float = SIZE, bold: bool = False, most: int = 3) -> list[str]:
    """Break words into lines of at most `room` points, `most` of them; what is left over ends in a mark."""
    lines: list[str] = []
    pieces = words.split()
    while pieces:
        line = pieces.pop(0)
        while pieces and width_of(f"{line} {pieces[0]}", size, bold) <= room:
            line += f" {pieces.pop(0)}"
        if len(lines) == most - 1 and pieces:
            lines.append(fitted(f"{line} {' '.join(pieces)}", room, size, bold))
            break
        lines.append(fitted(line, room, size, bold))
    return lines
