"""Tables for tests, written as plain numbers."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import product

from cis_desktop.disclosure.tables import TOTAL, Category, Cell, Dimension, Key, Policy, Shape, Table

SECRET = b"a secret for tests, 32 bytes long"
LT4 = Policy("test-lt4", threshold=4, min_households=0)


def dimension(name: str, keys: Sequence[str], **more: object) -> Dimension:
    """Make a flat dimension whose labels are its keys."""
    return Dimension(name, name, tuple(Category(key, key) for key in keys), **more)  # type: ignore[arg-type]


def shape(dimensions: Sequence[Dimension], **more: object) -> Shape:
    """Make the shape of a table of people."""
    given: dict[str, object] = {
        "id": "people", "title": "People", "measure": "people", "unit": "people", "how_counted": "each once",
        "area": "Camden", "area_label": "Camden", "period": "2018-Q1",
    }  # fmt: skip
    return Shape(dimensions=tuple(dimensions), **(given | more))  # type: ignore[arg-type]


def cell(count: int) -> Cell:
    """Make a cell where every one counted is a person and a household of their own."""
    return Cell(count, count, count)


def filled(of: Shape, leaves: Mapping[Key, int], make: Callable[[int], Cell] = cell) -> Table:
    """Make a table from its innermost cells; totals are sums (every dimension must add up, without
    hierarchy).
    """
    counts: dict[Key, int] = {}
    for leaf, count in leaves.items():
        for key in product(*((category, TOTAL) for category in leaf)):
            counts[key] = counts.get(key, 0) + count
    return Table(of, {key: make(count) for key, count in counts.items()})


def grid(numbers: Sequence[Sequence[int]], **more: object) -> Table:
    """Make a two-way table: rows r0, r1, ... by columns c0, c1, ..."""
    rows = [f"r{at}" for at in range(len(numbers))]
    columns = [f"c{at}" for at in range(len(numbers[0]))]
    leaves = {(r, c): numbers[i][j] for i, r in enumerate(rows) for j, c in enumerate(columns)}
    return filled(shape([dimension("row", rows), dimension("column", columns)], **more), leaves)


def random_table(seed: int, sizes: Sequence[int], mean: float, zeros: float = 0.0, **more: object) -> Table:
    """Make a seeded table of skewed counts (a geometric draw), a share of them nought."""
    draw = random.Random(seed)
    names = [[f"d{axis}k{at}" for at in range(size)] for axis, size in enumerate(sizes)]
    leaves = {key: 0 if draw.random() < zeros else int(draw.expovariate(1 / mean)) for key in product(*names)}
    return filled(shape([dimension(f"d{axis}", keys) for axis, keys in enumerate(names)], **more), leaves)
