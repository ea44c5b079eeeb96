"""Redesign before hiding: which coarser way of asking leaves most to be seen.

A small group's figures in many categories are mostly blanks. In fewer categories, or not broken down at all, more is
seen of more people. What a way keeps is measured, and the ways are tried in a fixed order under a number of tries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import log2, prod
from typing import TypeVar

from .relations import keys
from .tables import TOTAL, CellId, Key, ReleasedCell, ReleasedTable, Shape, Table

Rungs = tuple[tuple[str, int], ...]
"""Which rung of its ladder is taken of which dimension, counted from 1, by name; empty: as agreed."""

Tried = TypeVar("Tried")


@dataclass(frozen=True, slots=True)
class Effect:
    """What readers see of a release: figures, how many of them are hidden, and two shares.

    `unplaced` is the share of what is counted in the finest categories that is in hidden ones: in no category, to a
    reader. `kept` is the share of what the agreement asks to know that is kept (see `effect`).
    """

    cells: int
    hidden: int
    unplaced: float
    kept: float

    @property
    def blank(self) -> float:
        """Give the share of figures that are hidden."""
        return self.hidden / self.cells if self.cells else 0.0


def asked(tables: Sequence[Table]) -> float:
    """Give, in bits, what tables tell when every figure of them is seen exactly (see `effect`)."""
    totals = {table.shape.identity(_total(table.shape)) for table in tables}
    return len(totals) + sum(_placed(table, None) for table in tables)


def effect(tables: Sequence[Table], released: Sequence[ReleasedTable], whole: float, reports: int = 1) -> Effect:
    """Measure what is kept of what was asked for: `whole` bits in each of the `reports` that this one stands for.

    A reader who sees a figure of n of the N that a table counts learns of each of them something that is true of n in
    N: `log2(N / n)` bits. What is counted in a leaf is worth the bits of the finest figure over it that is seen; a
    table is worth the mean over what it counts, and one bit more for its total (once, if several tables have it). A
    hidden figure tells nothing, and of a rounded one only that part counts of which a reader can be sure. A report over
    the year in place of four is worth a quarter of its bits, because it does not say when. So fewer categories and more
    blanks are weighed in one measure: the entropy-based loss of de Waal and Willenborg, Information loss through global
    recoding and local suppression (Netherlands Official Statistics 14, 1999), with a blank as a missing value.
    """
    cells: dict[CellId, ReleasedCell] = {}
    totals: dict[CellId, float] = {}
    bits, counted, unplaced = 0.0, 0, 0
    seen = {table.shape.id: table for table in released}
    for table in tables:
        shape, out = table.shape, seen[table.shape.id].cells
        cells |= {shape.identity(key): cell for key, cell in out.items()}
        total = _total(shape)
        totals[shape.identity(total)] = _sure(out[total], table.cells[total].count)
        bits += _placed(table, out)
        leaves = _leaves(shape) if shape.dimensions else []
        counted += sum(table.cells[leaf].persons for leaf in leaves)
        unplaced += sum(table.cells[leaf].persons for leaf in leaves if out[leaf].status == "hidden")
    return Effect(
        cells=len(cells),
        hidden=sum(cell.status == "hidden" for cell in cells.values()),
        unplaced=unplaced / counted if counted else 0.0,
        kept=min(1.0, (bits + sum(totals.values())) / whole / reports) if whole else 0.0,
    )


def search(
    rungs: Mapping[str, int], attempt: Callable[[Rungs], tuple[float, Tried]], tries: int
) -> Iterator[tuple[Rungs, Tried]]:
    """Try ways of climbing down, `rungs` being the length of each ladder, and give each as it is tried.

    `attempt` gives how much a way keeps, and what became of it. All of them are tried where they are no more than
    `tries`; else each rung alone, all ladders to the bottom, and then the best of each ladder together, the best first,
    each for as long as more is kept. Nothing depends on how long a try takes.
    """
    worth: dict[Rungs, float] = {}

    def run(way: Rungs) -> Iterator[tuple[Rungs, Tried]]:
        if way not in worth and len(worth) < tries:
            worth[way], found = attempt(way)
            yield way, found

    names = sorted(rungs)
    if prod(rungs[name] + 1 for name in names) <= tries:
        for taken in product(*(range(rungs[name] + 1) for name in names)):
            yield from run(tuple((name, rung) for name, rung in zip(names, taken, strict=True) if rung))
        return
    yield from run(())
    for name in names:
        for rung in range(1, rungs[name] + 1):
            yield from run(((name, rung),))
    yield from run(tuple((name, rungs[name]) for name in names))
    alone = {name: max((((name, rung),) for rung in range(1, rungs[name] + 1)), key=_worth_of(worth)) for name in names}
    helping = [way for way in alone.values() if worth.get(way, -1.0) > worth[()]]
    best: Rungs = ()
    for way in sorted(helping, key=lambda way: (-worth[way], way)):
        both = tuple(sorted((*best, *way)))
        yield from run(both)
        best = both if worth.get(both, -1.0) >= worth[best] else best


def _worth_of(worth: Mapping[Rungs, float]) -> Callable[[Rungs], float]:
    return lambda way: worth.get(way, -1.0)


def _total(shape: Shape) -> Key:
    return (TOTAL,) * len(shape.dimensions)


def _leaves(shape: Shape) -> list[Key]:
    """Give the keys that no other category is part of, in every dimension."""
    parents = [{each.parent for each in dimension.categories} for dimension in shape.dimensions]
    return [
        key
        for key in keys(shape)
        if all(part != TOTAL and part not in above for part, above in zip(key, parents, strict=True))
    ]


def _above(shape: Shape, leaf: Key) -> Iterator[Key]:
    """Give a leaf and every figure it is part of, but for the total."""
    sides = []
    for dimension, part in zip(shape.dimensions, leaf, strict=True):
        parent = {each.key: each.parent for each in dimension.categories}
        side: list[str] = []
        at: str | None = part
        while at is not None:
            side.append(at)
            at = parent[at]
        sides.append([*side, TOTAL])
    yield from (key for key in product(*sides) if any(part != TOTAL for part in key))


def _placed(table: Table, out: Mapping[Key, ReleasedCell] | None) -> float:
    """Give the mean bits of where in a table its counts are; without `out`, when every figure is seen exactly."""
    if not table.shape.dimensions:
        return 0.0
    counts = {key: cell.count for key, cell in table.cells.items()}
    whole, bits, counted = counts[_total(table.shape)], 0.0, 0
    for leaf in _leaves(table.shape):
        if here := counts[leaf]:
            counted += here
            bits += here * max(
                (1.0 if out is None else _sure(out[key], counts[key])) * log2(max(whole, counts[key]) / counts[key])
                for key in _above(table.shape, leaf)
            )
    return bits / counted if counted else 0.0


def _sure(cell: ReleasedCell, count: int) -> float:
    """Give the part of a figure that a reader can be sure of."""
    if cell.status == "hidden":
        return 0.0
    # A sum of rounded figures has no bounds of its own, but it is not unknown.
    sure = cell.value or 0 if cell.at_most is None else cell.at_least
    return min(sure, count) / count if count else 1.0
