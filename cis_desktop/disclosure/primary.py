"""Which cells are sensitive for themselves, before anything can be worked out from other cells.

A cell is judged on everybody behind it: how many it counts, how many persons, how many households. Visits,
parcels and money are judged on the persons behind them, because thirty parcels may be one family.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .relations import margins
from .tables import TOTAL, Cell, Key, Policy, Shape, Table

Why = Literal["count", "persons", "households", "zero"]


@dataclass(frozen=True, slots=True)
class WholeLine:
    """A line of a table where everybody is in one category, so that being in the line tells the category."""

    shape: Shape
    whole: Key
    only: Key


def sensitive(cell: Cell, shape: Shape, policy: Policy) -> Why | None:
    """Give why a cell may not be shown, or None when it may."""
    if cell.count == 0:
        return "zero" if policy.zeros == "protect" else None
    known = cell.persons > 0 or cell.households > 0
    if (shape.counts_people or not known) and cell.count < policy.threshold:
        return "count"
    if 0 < cell.persons < policy.threshold:
        return "persons"
    if known and cell.households < policy.min_households:
        return "households"
    return None


def exact_line(cell: Cell, key: Key, shape: Shape, policy: Policy) -> bool:
    """Tell whether this is a headline line that may be exact: enough households, whole area, no breakdown."""
    return (
        shape.accountability
        and all(category == TOTAL for category in key)
        and cell.households >= policy.accountability_households
    )


def whole_lines(table: Table) -> Iterator[WholeLine]:
    """Give every line of two or more categories where all who are counted are in one of them."""
    for whole, parts, adds_up in margins(table.shape):
        total = table.cells[whole].count
        if not adds_up or total == 0 or len(parts) < 2:
            continue
        filled = [part for part in parts if table.cells[part].count]
        if len(filled) == 1:
            yield WholeLine(table.shape, whole, filled[0])
