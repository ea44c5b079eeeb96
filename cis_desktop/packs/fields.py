"""Figures inserted into words: `{Different people}` stands for what the table says, [c] where it is hidden."""

from __future__ import annotations

import re

from cis_desktop.disclosure.tables import TOTAL, ReleasedTable
from cis_desktop.errors import CisError
from cis_desktop.freetext.search import FIELD

from .texts import inert
from .tidy import headline_names, keys
from .views import figure

_BRACES = re.compile(r"[{}\s]+")


def insertable(released: tuple[ReleasedTable, ...]) -> dict[str, str]:
    """Give every figure that can be inserted, as it is written between braces, with what stands there in the end."""
    headlines = tuple(table for table in released if not table.shape.dimensions)
    found = {
        _plain(name): figure(table.cells.get(()), table.shape.unit)
        for name, table in zip(headline_names(headlines), headlines, strict=True)
    }
    for table in released:
        for key in keys(table.shape) if table.shape.dimensions else ():
            if any(part != TOTAL for part in key) and key in table.cells:
                name = _plain(f"{table.shape.title}: {table.shape.label(key)}")
                found.setdefault(name, figure(table.cells[key], table.shape.unit))
    return found


def filled(text: str, figures: dict[str, str]) -> str:
    """Put figures in the place of their names. Raises CisError for a name that is none."""

    def figure_of(match: re.Match[str]) -> str:
        name = _plain(match[0])
        if name not in figures:
            raise CisError(
                "no_such_figure",
                "There is no such figure",
                f"“{match[0]}” names no figure of this report. Nothing was released. Choose the figure from the list, "
                "or take the braces away.",
            )
        return figures[name]

    return FIELD.sub(figure_of, text)


def _plain(text: str) -> str:
    return _BRACES.sub(" ", inert(text)).strip()
