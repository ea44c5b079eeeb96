"""What councils write where a figure should be: a number, or a mark that says why there is none."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from cis_desktop.briefings.model import FigureStatus
from cis_desktop.intake.reading import Column

_MARKS: dict[str, FigureStatus] = {
    **dict.fromkeys(("[c]", "c", "*", "**", "~", "s", "suppressed", "hidden", "redacted", "disclosive"), "hidden"),
    **dict.fromkeys(("[z]", "z", "not applicable"), "not_applicable"),
    **dict.fromkeys(
        ("", "[x]", "x", "-", "–", "—", "..", "...", ":", "n/a", "na", "#n/a", "#div/0!", "#ref!", "#value!", "[low]",
         "[w]", "not available", "no data", "not known", "unknown"),
        "not_available",
    ),
}  # fmt: skip
"""The shorthand of official statistics (Analysis Function), and what councils and spreadsheets write instead."""

_UNDER = re.compile(
    r"(<=?|≤|under|fewer than|less than) ?(\d+|one|two|three|four|five|six|ten) ?%?|\d+ or (fewer|less)"
)
_NOTED = re.compile(r" ?\[[befpru]\]$", re.IGNORECASE)
"""Marks that stand behind a number and leave it one: break, estimated, forecast, provisional, revised, unreliable."""
_STATUSES: tuple[FigureStatus, ...] = ("value", "hidden", "not_applicable", "not_available")


def mark_of(cell: str) -> FigureStatus | None:
    """Say why a cell has no number, where it is a known mark; None for anything else."""
    plain = " ".join(cell.split()).casefold()
    return _MARKS.get(plain, "hidden" if _UNDER.fullmatch(plain) else None)


def number_of(cell: str) -> Decimal | None:
    """Read a plain decimal number of at most 15 digits, with commas, £ or % around it; None when it is none."""
    text = _NOTED.sub("", cell.strip()).replace(",", "").removesuffix("%").removeprefix("£").strip()
    # Decimal also takes words, underlines and the digits of every script.
    if not re.fullmatch(r"[-+−]?\d{0,15}(\.\d{0,12})?", text, re.ASCII) or not any(c.isdigit() for c in text):
        return None
    try:
        return Decimal(text.replace("−", "-"))
    except InvalidOperation:
        return None


def figure_of(cell: str, status: str) -> tuple[Decimal | None, FigureStatus] | None:
    """Give the number in a cell, or why there is none; None where it is neither.

    `status` is what a column beside it says: a number that is marked as hidden there is not one.
    """
    said = _said(status)
    number = number_of(cell)
    if number is not None and said in (None, "value"):
        return number, "value"
    mark = mark_of(cell)
    if mark is None and (number is None or said is None):
        return None
    return None, said if said not in (None, "value") else mark or "not_available"


def is_percent(cell: str) -> bool:
    """Say whether a number is written as a percentage."""
    return _NOTED.sub("", cell.strip()).endswith("%")


def is_numeric(column: Column) -> bool:
    """Say whether a column is one of figures: numbers, and marks in the place of some."""
    cells = [cell for cell in column.values if cell.strip()]
    numbers = sum(number_of(cell) is not None for cell in cells)
    return numbers > 0 and numbers + sum(mark_of(cell) is not None for cell in cells) >= 0.8 * len(cells)


def _said(status: str) -> FigureStatus | None:
    plain = status.strip().casefold()
    if plain in _STATUSES:
        return next(known for known in _STATUSES if known == plain)
    mark = mark_of(plain) if plain else None
    # A dash in a column of remarks says that there is no remark.
    return mark if mark == "hidden" or plain in ("[x]", "[z]", "not applicable", "not available") else None
