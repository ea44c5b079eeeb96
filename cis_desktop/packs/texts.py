"""Words and numbers as they are written into a pack, made harmless on the way."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

HIDDEN = "[c]"
NOT_APPLICABLE = "[z]"
NOT_AVAILABLE = "[x]"
SHORTHAND = {
    HIDDEN: "hidden, so that no small number of people can be worked out",
    NOT_APPLICABLE: "not applicable: this figure cannot exist",
    NOT_AVAILABLE: "not available: this figure was not recorded, or is not released whatever it is",
}
SUM = "(sum)"
"""Beside a total that is no count of its own but the sum of the figures shown."""

# A spreadsheet takes a cell that begins with one of these for a formula, the wide forms included.
_LIVE = frozenset("=+-@＝＋－＠")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2061-\u2069\ufffe\uffff\ud800-\udfff]")
# These stand inside words, of which they would make two that no search finds.
_INSIDE = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
# Spreadsheet readers turn `_x0041_` into the character it names; a space keeps the words and stops that.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def inert(text: str) -> str:
    """Return `text` as one line without control characters, that no spreadsheet takes for a formula."""
    clean = unicodedata.normalize("NFC", _UNSEEN.sub(" ", _INSIDE.sub("", text)))
    clean = _ESCAPE.sub("_ ", " ".join(clean.split()))
    return f"'{clean}" if clean and clean[0] in _LIVE else clean


def slug(text: str, limit: int = 40) -> str:
    """Return `text` as lower-case letters, digits and hyphens for a file name; "pack" when none are left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:limit].strip("-") or "pack"


def written(value: int, unit: str) -> str:
    """Return a figure as a CSV file holds it: whole, or pounds with two decimals where `unit` is "pence"."""
    return f"{Decimal(value) / 100:.2f}" if unit == "pence" else str(value)


def unit_name(unit: str) -> str:
    """Return the unit as files name it: money is held in pence and written in pounds ("GBP")."""
    return "GBP" if unit == "pence" else inert(unit)


def sentence(text: str) -> str:
    """Return `text` with a capital first letter and a full stop, or "" for nothing."""
    clean = inert(text)
    if not clean:
        return ""
    return clean[0].upper() + clean[1:] + ("" if clean[-1] in ".?!" else ".")
