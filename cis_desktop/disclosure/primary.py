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

Why = Literal["count", "persons", "households", "dominance", "zero"]


@dataclass(frozen=True, slots=True)
class WholeLine:
    """A line of a table where everybody is in one category, so that being in the line tells the category."""

    shape: Shape
    whole: Key
    only: Key


def threshold_of(shape: Shape, key: Key, policy: Policy) -> int:
    """Give the threshold of a cell: the policy's, or the greatest of the sensitive cells that it is one of."""
    return max(policy.threshold, *(s.threshold for s in policy.sensitive if s.cells.include(shape, key)), 0)


def sensitive(cell: Cell, shape: Shape, policy: Policy, threshold: int) -> Why | None:
    """Give why a cell may not be shown, or None when it may. `threshold` is the cell's own."""
    if cell.count == 0:
        return "zero" if policy.zeros == "protect" else None
    known = cell.persons > 0 or cell.households > 0
    if (shape.counts_people or not known) and cell.count < threshold:
        return "count"
    if 0 < cell.persons < threshold:
        return "persons"
    if known and cell.households < policy.min_households:
        return "households"
    return "dominance" if dominated(cell, policy) else None


def dominated(cell: Cell, policy: Policy) -> bool:
    """Tell whether a sum would give the largest share in it away to whoever has the second largest.

    The p% rule of the Handbook on Statistical Disclosure Control (2nd ed., 2024), section 4.2: a sum X with the largest
    shares x1 >= x2 is unsafe when `X - x1 - x2 < p/100 * x1`. The Handbook prefers it to the (1,k) rule, which
    forgets that whoever has x2 can take it off.
    """
    first, second = cell.largest
    return first > 0 and 100 * (cell.count - first - second) < policy.dominance * first


def exact_line(cell: Cell, key: Key, shape: Shape, policy: Policy) -> bool:
    """Tell whether this is a headline line that may be exact: enough households, whole area, no breakdown."""
    return (
        shape.accountability
        and all(category == TOTAL for category in key)
        and cell.households >= policy.accountability_households
        and not dominated(cell, policy)
    )


def structural(table: Table) -> frozenset[Key]:
    """Give the cells that can only be nought: those said to be, totals of only such, and parts of such totals."""
    found = set(table.shape.structural)
    lines = list(margins(table.shape)) if found else []
    while True:
        more = {whole for whole, parts, _ in lines if parts and found.issuperset(parts)}
        more |= {part for whole, parts, _ in lines if whole in found for part in parts}
        if more <= found:
            break
        found |= more
    return frozenset(found)


def thin_noughts(table: Table, few: int) -> Iterator[Key]:
    """Give the noughts on lines of two or more categories of which no more than `few` are filled."""
    for whole, parts, _ in margins(table.shape):
        filled = sum(table.cells[part].count > 0 for part in parts)
        if table.cells[whole].count and len(parts) > 1 and filled <= few:
            yield from (part for part in parts if not table.cells[part].count)


def whole_lines(table: Table) -> Iterator[WholeLine]:
    """Give every line of two or more categories where all who are counted are in one of them."""
    for whole, parts, adds_up in margins(table.shape):
        total = table.cells[whole].count
        if not adds_up or total == 0 or len(parts) < 2:
            continue
        filled = [part for part in parts if table.cells[part].count]
        if len(filled) == 1:
            yield WholeLine(table.shape, whole, filled[0])
