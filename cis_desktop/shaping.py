"""Words whose letters join, stack or run from right to left, for PDF files; HarfBuzz joins, the Unicode rules order.

The window and the web page have this from Qt and from the browser. Imports reportlab: only inside functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bidi import get_base_level, get_display
from bidi.mirror import MIRRORED
from reportlab.lib.enums import TA_RIGHT
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import ShapedStr, shapeStr
from reportlab.platypus import Flowable

from cis_desktop.fonts import REGULAR, runs

_LEFTWARD = re.compile("[Rm]*R[Rm]*|[xm]+")
"""In a line as it is seen: letters from right to left with their marks (which then stand before them), or the rest."""


_JOINER = "\u034f"
"""A mark that is never seen, and means nothing for how words are read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line that is drawn in one go: its font, what reportlab draws, what is read, and its width in points."""

    font: str
    drawn: str
    words: str
    width: float


def pieces(line: str, font: str, size: float, leftward: bool = False) -> list[Piece]:
    """Give the parts of one line from left to right; `leftward` when the words around it run from right to left."""
    seen = _as_seen(unicodedata.normalize("NFC", line), leftward)
    kinds = "".join(map(_kind, seen))
    made = []
    for match in _LEFTWARD.finditer(kinds):
        part = seen[match.start() : match.end()]
        if "R" in match[0]:
            made += [_piece(name, words, size) for name, words in reversed(runs(part[::-1], font))]
        else:
            made += [_piece(name, words, size) for name, words in runs(part, font)]
    return made


def width(line: str, font: str, size: float) -> float:
    """Measure a line in points."""
    return sum(piece.width for piece in pieces(line, font, size))


def draw(canvas: Any, x: float, y: float, line: list[Piece], size: float) -> None:
    """Draw a line; a reader that copies it, or reads it out, gets the words as they were written."""
    for piece in line:
        canvas.setFont(piece.font, size)
        if isinstance(piece.drawn, ShapedStr) or max(piece.words) > "\uffff":
            canvas._code.append(f"/Span <</ActualText <FEFF{piece.words.encode('utf-16-be').hex().upper()}>>> BDC")
            canvas.drawString(x, y, piece.drawn)
            canvas._code.append("EMC")
        else:
            canvas.drawString(x, y, piece.drawn)
        x += piece.width


class Shaped(Flowable):  # type: ignore[misc]
    """A paragraph, in a reportlab style, of words that need shaping; it may be broken between its lines."""

    def __init__(self, words: str, style: Any, bullet: str | None = None, lines: list[str] | None = None) -> None:
        super().__init__()
        self.words, self.style, self.bullet = words, style, bullet
        self.lines = lines
        self.leftward = get_base_level(words) == 1

    def wrap(self, room: float, _: float) -> tuple[float, float]:
        """Break the words into lines of so many points; give the width and the height."""
        self.room = room
        self.broken = self.lines or list(self._break(room - self.style.leftIndent - self.style.rightIndent))
        self.width, self.height = room, len(self.broken) * self.style.leading
        return self.width, self.height

    def split(self, room: float, height: float) -> list[Flowable]:
        """Give what fits into a height, and the rest."""
        self.wrap(room, height)
        fits = int(height // self.style.leading)
        if fits < 1 or fits >= len(self.broken):
            return [] if fits < 1 else [self]
        first = Shaped(self.words, self.style, self.bullet, self.broken[:fits])
        return [first, Shaped(self.words, self.style, None, self.broken[fits:])]

    def draw(self) -> None:
        """Draw the lines, from the right edge when the first letter says so."""
        style, canvas = self.style, self.canv
        canvas.setFillColor(style.textColor)
        y = self.height - style.fontSize
        if self.bullet:
            canvas.setFont(style.bulletFontName, style.bulletFontSize)
            canvas.drawString(style.bulletIndent, y, self.bullet)
        for line in self.broken:
            made = pieces(line, style.fontName, style.fontSize, self.leftward)
            free = self.room - style.rightIndent - sum(piece.width for piece in made)
            right = style.alignment == TA_RIGHT or (self.leftward and len(self.broken) > 1)
            draw(canvas, free if right else style.leftIndent, y, made, style.fontSize)
            y -= style.leading

    def _break(self, room: float) -> Iterator[str]:
        font, size = self.style.fontName, self.style.fontSize
        line = ""
        for word in self.words.split():
            if line and width(f"{line} {word}", font, size) > room:
                yield line
                line = ""
            line = f"{line} {word}" if line else word
            while width(line, font, size) > room and len(line) > 1:
                fits = _most_that_fits(line, font, size, room)
                yield line[:fits]
                line = line[fits:]
        yield line


def _most_that_fits(word: str, font: str, size: float, room: float) -> int:
    """Give how many letters of a word that is longer than a line stand on one; at least one does."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(word[:middle], font, size) <= room else (low, middle - 1)
    return low


def _as_seen(line: str, leftward: bool) -> str:
    """Give the letters of a line in the order in which they stand on paper; brackets face what they hold."""
    # The order alone does not say how a bracket is read; a joiner that follows it tells, by standing on its other side.
    marked = "".join(letter + _JOINER if letter in MIRRORED else letter for letter in line.replace(_JOINER, ""))
    seen = get_display(marked, base_dir="R" if leftward else "L")
    return re.sub(f"{_JOINER}(.)", lambda match: MIRRORED.get(match[1], match[1]), seen).replace(_JOINER, "")


def _kind(letter: str) -> str:
    kind = unicodedata.bidirectional(letter)
    return "R" if kind in ("R", "AL") else "m" if kind in ("NSM", "BN") else "x"


def _piece(font: str, words: str, size: float) -> Piece:
    drawn = words if font == REGULAR else shapeStr(words, font, size)
    if isinstance(drawn, ShapedStr):
        points = sum(one.x_advance for one in drawn.__shapeData__) * size / 1000
    else:
        points = stringWidth(drawn, font, size)
    return Piece(font, drawn, words, float(points))
