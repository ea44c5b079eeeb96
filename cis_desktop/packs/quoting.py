"""`observations.csv`: what the group noticed, as far as it was cleared, in its own words.

Each is placed no closer than the agreement's area, and dated no closer than the pack's period.
"""

from __future__ import annotations

from typing import Any

from .datapackage import COLUMNS
from .details import Details
from .tidy import as_csv

OBSERVATIONS = "observations"
FILE = "observations.csv"
HEADS = ("group", "agreement", "period", "area", "themes", "words")
BETWEEN = "; "
"""Between two themes of one observation."""
SAID = COLUMNS | {
    "period": "The period in which it was noticed: that of the pack",
    "area": "The area in which it was noticed: that of the agreement",
    "themes": "What it is about, in the group’s words, with “; ” between; empty where that would tell a hidden figure",
    "words": "What was noticed, as the group cleared it",
}
EACH = "Each is the group’s own words, cleared by whoever signed this off. No day and no place closer than these."


def rows(details: Details, area: str) -> tuple[tuple[str, ...], ...]:
    """Give the rows of the file, under `HEADS`."""
    before = (details.group, details.agreement_line, details.period, area)
    return tuple((*before, BETWEEN.join(each.themes), each.words) for each in details.observations)


def csv_of(details: Details, area: str) -> bytes:
    """Give the file."""
    return as_csv(HEADS, rows(details, area))


def resource(details: Details) -> dict[str, Any]:
    """Describe the file for `datapackage.json`."""
    return {
        "name": OBSERVATIONS,
        "type": "table",
        "title": "What was noticed",
        "description": details.terms or EACH,
        "path": FILE,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
        "schema": {"fields": [{"name": head, "type": "string", "description": SAID[head]} for head in HEADS]},
    }
