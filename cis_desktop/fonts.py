"""The fonts that reports and charts embed, and which of them can draw a text.

Atkinson Hyperlegible draws Latin; DejaVu Sans stands in for letters it lacks. Scripts whose letters must be joined or
reordered need shaping, which neither does here: they are left out with a mark that says so, never drawn wrongly.
"""

from __future__ import annotations

import base64
import unicodedata
from functools import cache
from itertools import groupby
from typing import Any

from cis_desktop.paths import resources

REGULAR = "AtkinsonHyperlegible"
BOLD = "AtkinsonHyperlegible-Bold"
SPARE = "DejaVuSans"
LEFT_OUT = "[words in another script]"

_FILES = {
    REGULAR: "AtkinsonHyperlegible-Regular.ttf",
    BOLD: "AtkinsonHyperlegible-Bold.ttf",
    SPARE: "DejaVuSans.ttf",
}
# Alphabets whose letters stand side by side as they are, read from left to right.
_PLAIN = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN")


def ready() -> None:
    """Make the regular and bold fonts known to reportlab."""
    for name in (REGULAR, BOLD):
        _face(name)


def runs(text: str, font: str = REGULAR) -> list[tuple[str, str]]:
    """Split `text` into (font, piece); a piece that no font can draw right is replaced by a mark."""
    glyphs = _face(font).charToGlyph
    if all(ord(character) in glyphs for character in text):
        return [(font, text)] if text else []
    made: list[tuple[str, str]] = []
    for name, group in groupby(text, key=lambda character: _drawn_by(character, font)):
        piece = "".join(group)
        if name == "" and piece.strip():
            piece = f" {LEFT_OUT} "
        made.append((name or font, piece))
    return made


@cache
def embedded() -> str:
    """Give the CSS that embeds the regular and the bold Latin letters into a page, so that charts fit everywhere."""
    rules = []
    for weight, name in ((400, REGULAR), (700, BOLD)):
        data = (resources() / "fonts" / _FILES[name]).with_suffix(".woff2").read_bytes()
        rules.append(
            f'@font-face {{ font-family: "Atkinson Hyperlegible"; font-weight: {weight}; '
            f"src: url(data:font/woff2;base64,{base64.b64encode(data).decode()}) format('woff2'); }}\n"
        )
    return "".join(rules)


def drawable(text: str, font: str = REGULAR) -> bool:
    """Say whether all of `text` can be drawn."""
    return all(_drawn_by(character, font) for character in text)


def _drawn_by(character: str, font: str) -> str:
    """Give the font that draws `character`, or "" when none does."""
    if ord(character) in _face(font).charToGlyph:
        return font
    kind = unicodedata.category(character)
    plain = kind[0] in "NPSZ" or unicodedata.name(character, "").startswith(_PLAIN)
    # A mark that combines with the letter before it would be drawn beside it.
    return SPARE if plain and kind[0] != "M" and ord(character) in _face(SPARE).charToGlyph else ""


@cache
def _face(name: str) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(name, str(resources() / "fonts" / _FILES[name]))
    pdfmetrics.registerFont(font)
    return font.face
