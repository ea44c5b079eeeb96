"""Sizes, colours and words that all charts share."""

from __future__ import annotations

from typing import Any

from cis_desktop.fonts import BOLD, REGULAR, SPARE, ready, runs

WIDTH = 500.0
ROW = 20.0
LABELS = 200.0
NUMBERS = 70.0
SIZE = 9.5

BAR = "#1d5f8a"
INK = "#1a1a1a"
QUIET = "#595959"
AXIS = "#8a8a8a"
"""These four follow the reader's light or dark choice where there is one; all other colours stay as they are."""


def begin() -> None:
    """Make the fonts ready: every drawing begins by naming one, and reportlab's own is not embedded."""
    from reportlab.graphics.shapes import STATE_DEFAULTS

    ready()
    STATE_DEFAULTS["fontName"] = REGULAR


def text(
    x: float, y: float, words: str, colour: str = INK, size: float = SIZE, anchor: str = "start", bold: bool = False
) -> Any:
    """Draw words at a point, in the font that can draw them."""
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor

    font, drawn = font_of(words, bold)
    return String(x, y, drawn, textAnchor=anchor, fontName=font, fontSize=size, fillColor=HexColor(colour))


def font_of(words: str, bold: bool = False) -> tuple[str, str]:
    """Give a font for words, and the words as it can draw them."""
    usual = BOLD if bold else REGULAR
    pieces = runs(words, usual)
    # A chart's label has one font: the one that draws all of it, or what the first can draw.
    font = SPARE if any(name == SPARE for name, _ in pieces) else usual
    return font, "".join(piece for _, piece in pieces).strip()


def width_of(words: str, size: float = SIZE, bold: bool = False) -> float:
    """Measure words in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    font, drawn = font_of(words, bold)
    return float(stringWidth(drawn, font, size))


def fitted(label: str, room: float, size: float = SIZE, bold: bool = False) -> str:
    """Give as much of `label` as fits into `room` points; the table beside the chart has all of it."""
    words = font_of(label, bold)[1]
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
