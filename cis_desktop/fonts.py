"""The fonts that come with the app, and which of them draws what.

Atkinson Hyperlegible draws Latin. Where it lacks a letter the first of the others that has it stands in: parts of Noto,
one for each script, and DejaVu Sans. `cis_desktop.shaping` joins, stacks and orders the letters that need it.
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from cis_desktop.paths import resources

REGULAR = "AtkinsonHyperlegible"
BOLD = "AtkinsonHyperlegible-Bold"
FAMILY, OTHERS = "Atkinson Hyperlegible", "Other letters"
"""What a page calls them."""
SPARE = "DejaVuSans"
LEFT_OUT = "[words in another script]"
STAND_INS = (
    *("NotoSans" + script for script in (
        "Arabic", "Hebrew", "Bengali", "Gurmukhi", "Gujarati", "Devanagari", "Tamil", "Telugu", "Malayalam", "Sinhala",
        "Thai", "Ethiopic", "CJK",
    )),
    SPARE,
    "NotoEmoji",
)  # fmt: skip
"""In this order: DejaVu Sans has some Arabic too, but not all of it. `packaging/fonts.py` makes those of Noto."""

_INVISIBLE = "\ufe0e\ufe0f\u200b\u2060\ufeff"
"""How an emoji is to look, and places where a line may or may not break: nothing to draw."""


def file_of(name: str) -> Path:
    """Give the file of a font."""
    return resources() / "fonts" / f"{name + '-Regular' if name == REGULAR else name}.ttf"


def ready() -> None:
    """Make the regular and bold fonts known to reportlab."""
    for name in (REGULAR, BOLD):
        registered(name)


@cache
def registered(name: str) -> Any:
    """Make a font known to reportlab, and give it as reportlab sees it."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(name, str(file_of(name)))
    pdfmetrics.registerFont(font)
    return font


def runs(text: str, font: str = REGULAR) -> list[tuple[str, str]]:
    """Split `text` into (font, piece), known to reportlab; a mark replaces a piece that no font of ours can draw."""
    made: list[tuple[str, str]] = []
    for name, group in groupby(_drawn(text, font), key=lambda pair: pair[0]):
        piece = "".join(cluster for _, cluster in group)
        if name == "":
            piece = f" {LEFT_OUT} "
        registered(name or font)
        made.append((name or font, piece))
    return made


def drawable(text: str) -> bool:
    """Say whether all of `text` can be drawn."""
    return all(name for name, _ in _drawn(text, REGULAR))


def needs_shaping(text: str) -> bool:
    """Say whether letters of `text` are joined, stacked or read from right to left, or are too new for reportlab."""
    return not text.isascii() and any(
        unicodedata.category(letter)[0] == "M" or unicodedata.bidirectional(letter) in ("R", "AL") or letter > "\uffff"
        for letter in unicodedata.normalize("NFC", text)
    )


def embedded(page: str) -> str:
    """Give the CSS that embeds Latin letters, regular and bold, and as OTHERS what other letters `page` has."""
    rules = [
        _face(FAMILY, weight, file_of(name).with_suffix(".woff2")) for weight, name in ((400, REGULAR), (700, BOLD))
    ]
    others: dict[str, set[int]] = {}
    for name, cluster in _drawn(page, REGULAR):
        if name not in ("", REGULAR):
            others.setdefault(name, set()).update(map(ord, cluster))
    for name in sorted(others):
        letters = sorted(others[name])
        held = ", ".join(f"U+{letter:04X}" for letter in letters)
        rules.append(_face(OTHERS, 400, _part_of(name, letters), f" unicode-range: {held};"))
    return "".join(rules)


def _face(family: str, weight: int, file: Path | bytes, more: str = "") -> str:
    kind, data = ("truetype", file) if isinstance(file, bytes) else ("woff2", file.read_bytes())
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};{more} '
        f"src: url(data:font/{kind};base64,{base64.b64encode(data).decode()}) format('{kind}'); }}\n"
    )


def _part_of(name: str, letters: Iterable[int]) -> bytes:
    """Give a font file with no more than some letters, and the rules by which they are joined."""
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(letters)
    return bytes(uharfbuzz.subset(_read(name), wanted).blob.data)


def _drawn(text: str, font: str) -> Iterator[tuple[str, str]]:
    """Give each letter with its marks, and the font that draws it: "" when none does."""
    if text.isascii():
        if text:
            yield font, text
        return
    for cluster in _clusters(unicodedata.normalize("NFC", text)):
        name = _font_for(cluster, font)
        if name or len(cluster) == 1:
            yield name, cluster
        else:
            # A letter and a mark that no one font has together: each from its own is better than neither.
            yield from ((_font_for(letter, font), letter) for letter in cluster if unicodedata.category(letter) != "Cf")


def _clusters(text: str) -> Iterator[str]:
    cluster = ""
    for letter in text:
        if letter in _INVISIBLE:
            continue
        if cluster and (unicodedata.category(letter)[0] == "M" or unicodedata.category(letter) == "Cf"):
            cluster += letter
            continue
        if cluster:
            yield cluster
        cluster = letter
    if cluster:
        yield cluster


@cache
def _letters(name: str) -> frozenset[int]:
    return frozenset(_read(name).unicodes)


@cache
def _read(name: str) -> Any:
    import uharfbuzz

    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file_of(name))))


def _font_for(cluster: str, font: str) -> str:
    """Give the first font that has a letter and all its marks, or ""; white space is everybody's."""
    wanted = {ord(letter) for letter in cluster}
    fonts = (font, *STAND_INS)
    return next((name for name in fonts if wanted <= _letters(name)), font if cluster.isspace() else "")
