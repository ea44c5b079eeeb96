"""Part cells that hold several things: kinds of help, and the organisations that paid."""

from __future__ import annotations

import re

from cis_desktop.intake.values import fold

AMOUNT = re.compile(r"[\s–—-]*[$£€]\s?[\d,]+(?:\.\d+)?\s*")
"""A sum written beside a payer's name ("Trinity--$250")."""


def pieces(cell: str, split: str) -> list[str]:
    """Part a cell at any of the characters in `split`; in lower case, blanks and repeats left out."""
    parts = re.split(f"[{re.escape(split)}]", cell) if split else [cell]
    return list(dict.fromkeys(folded for part in parts if (folded := fold(part))))


def organisations(cell: str) -> list[str]:
    """Give the names of the organisations in a cell, without the sums written beside them."""
    parts = (AMOUNT.sub(" ", part) for part in cell.split(";"))
    return list(dict.fromkeys(name for part in parts if (name := " ".join(part.split()).strip(" ,.-"))))
