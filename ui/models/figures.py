"""One table of figures as it is shown to the group: its own exact numbers, what would be seen, and why."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cis_desktop import words
from cis_desktop.disclosure.tables import TOTAL, Key

if TYPE_CHECKING:
    from cis_desktop.disclosure.tables import Release, ReleasedCell, Shape, Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: the words of its rows, the exact figure, what would be seen, and why it is not the same."""

    table: str
    key: Key
    labels: tuple[str, ...]
    exact: str
    seen: str
    why: str


def tr(text: str) -> str:
    """Translate the words of a figure."""
    return QCoreApplication.translate("figures", text)


def figures(table: Table, release: Release | None) -> list[Figure]:
    """List the cells of a table in its own order, totals last; without a release nothing is said of what is seen."""
    shape = table.shape
    seen = next((each for each in release.tables if each.shape.id == shape.id), None) if release else None
    found = []
    for key in keys(shape):
        cell = table.cells.get(key)
        if cell is None:
            continue
        shown = seen.cells.get(key) if seen else None
        why = release.reasons.get(shape.identity(key), "") if release else ""
        found.append(
            Figure(
                shape.id,
                key,
                labels(shape, key),
                words.amount(cell.count, shape.unit),
                said(shown, shape.unit),
                why[:1].upper() + why[1:],
            )
        )
    return found


def keys(shape: Shape) -> list[Key]:
    """Give the keys of a table in the order of its rows."""
    parts = [[*(category.key for category in each.categories), TOTAL] for each in shape.dimensions]
    return [tuple(key) for key in product(*parts)]


def labels(shape: Shape, key: Key) -> tuple[str, ...]:
    """Give the words of a key, one for each dimension."""
    return tuple(
        tr("All") if part == TOTAL else next((c.label for c in each.categories if c.key == part), part)
        for each, part in zip(shape.dimensions, key, strict=True)
    )


def said(cell: ReleasedCell | None, unit: str) -> str:
    """Say what would be seen of a cell."""
    if cell is None:
        return ""
    if cell.status == "hidden" or cell.value is None:
        return tr("hidden")
    amount = words.amount(cell.value, unit)
    return tr("%1 (rounded)").replace("%1", amount) if cell.status == "rounded" else amount
