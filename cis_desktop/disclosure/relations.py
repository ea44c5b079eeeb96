"""All tables of a release, and all earlier releases, as one set of unknowns and whole-number relations.

Every distinct figure of a release is one variable, whichever tables show it. A relation is a row: a sum of
variables with whole-number factors that lies between two bounds. Margins and hierarchies are rows that equal
nought; where a person can be in several categories the total lies between the greatest category and their
sum. What ties releases, periods and areas together is in `overlaps.py`; all of it is put together in `joined.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from cis_desktop.errors import CisError

from .tables import TOTAL, Cell, CellId, Key, Shape, Table

NOW = ""
"""The release being made; earlier ones go by their ids."""

UNRELEASED = "unreleased"
"""Figures that are in no release, and that what is released may give away."""


@dataclass(frozen=True, slots=True)
class Row:
    """A relation: the sum of `factor * variable` lies in `low..high` (None: no bound on that side)."""

    terms: tuple[tuple[int, int], ...]
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Unreleased:
    """A figure that nobody releases: what it counts, and its name for people.

    `cell` has no persons and households where nobody counted them. A `change` (how far a figure has moved since it was
    released, less than nought) is safe when readers cannot tell that it is not nought.
    """

    shape: Shape
    key: Key
    cell: Cell
    words: str
    change: bool = False


@dataclass(slots=True)
class System:
    """The variables (release, cell), their true values, and the relations between them."""

    variables: list[tuple[str, CellId]] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    essential: list[Row] = field(default_factory=list)
    """Those of the relations from which all others follow."""
    index: dict[tuple[str, CellId], int] = field(default_factory=dict)
    sums: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """For a total of this release, the cells that add up to it (the first such line found)."""
    unreleased: dict[int, Unreleased] = field(default_factory=dict)

    def now(self, cell: CellId) -> int:
        """Give the variable of a cell of the release being made."""
        return self.index[NOW, cell]


def keys(shape: Shape) -> Iterator[Key]:
    """Give the key of every cell of a table, totals included."""
    return product(*((TOTAL, *(category.key for category in d.categories)) for d in shape.dimensions))


def margins(shape: Shape) -> Iterator[tuple[Key, tuple[Key, ...], bool]]:
    """Give every line of a table: the whole, its parts, and whether the parts add up to it."""
    sides = [(TOTAL, *(category.key for category in d.categories)) for d in shape.dimensions]
    for at, dimension in enumerate(shape.dimensions):
        groups: dict[str, list[str]] = {}
        for category in dimension.categories:
            groups.setdefault(category.parent or TOTAL, []).append(category.key)
        for before in product(*sides[:at]):
            for after in product(*sides[at + 1 :]):
                for whole, parts in groups.items():
                    yield (
                        (*before, whole, *after),
                        tuple((*before, part, *after) for part in parts),
                        dimension.adds_up,
                    )


def check_figures(table: Table) -> None:
    """Raise CisError when a table has not just the cells that its labels name, or figures that count nothing."""
    wanted = set(keys(table.shape))
    if wanted != set(table.cells) or not table.shape.structural <= wanted:
        raise contradiction(table.shape, "it lacks some of its cells, or has cells that its labels do not name")
    for cell in table.cells.values():
        numbers = (cell.count, cell.persons, cell.households, *cell.largest)
        # A truth value is a whole number to Python; as a count it is a mistake.
        if any(type(number) is not int for number in numbers):
            raise contradiction(table.shape, "it has a figure that is not a whole number")
        if min(numbers) < 0:
            raise contradiction(table.shape, "it has a figure below nought")


def contradiction(shape: Shape, what: str) -> CisError:
    """Give what is said of a table that contradicts itself or another."""
    return CisError(
        "tables_disagree",
        "The tables do not agree",
        f"The table “{shape.title}” cannot be checked, because {what}. Nothing was released and nothing was changed; "
        "please report this, with the name of the table.",
    )


def add(system: System, release: str, cid: CellId, value: int, shape: Shape | None) -> int:
    """Add a variable, or find it; give its number. With a `shape`, raises CisError when it has another value."""
    at = system.index.setdefault((release, cid), len(system.variables))
    if at == len(system.variables):
        system.variables.append((release, cid))
        system.truth.append(value)
    elif system.truth[at] != value and shape:
        raise contradiction(shape, "the same figure has another value in another table")
    return at


def line(total: int, parts: tuple[int, ...], adds_up: bool) -> Iterator[Row]:
    """Give the relations of a total and its parts: equal, or between the greatest part and their sum."""
    terms = difference(total, parts)
    if not terms:
        return
    if adds_up:
        yield Row(terms, 0, 0)
        return
    yield Row(terms, None, 0)
    for part in parts:
        if part != total:
            yield Row(difference(total, (part,)), 0, None)


def difference(total: int, parts: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Give the terms of a total less its parts."""
    factors = {total: 1}
    for part in parts:
        factors[part] = factors.get(part, 0) - 1
    return tuple(sorted((variable, factor) for variable, factor in factors.items() if factor))


def activity(system: System, row: Row) -> int:
    """Give the sum of a row in the truth."""
    return sum(factor * system.truth[variable] for variable, factor in row.terms)


def holds(system: System, row: Row) -> bool:
    """Tell whether a row is true of the truth."""
    sum_of = activity(system, row)
    return (row.low is None or row.low <= sum_of) and (row.high is None or sum_of <= row.high)


def loosened(system: System, row: Row) -> Row:
    """Give a relation between figures of different times with room for as much as it is not true by."""
    if holds(system, row):
        return row
    moved = abs(activity(system, row))
    return Row(
        row.terms,
        None if row.low is None else min(row.low, -moved),
        None if row.high is None else max(row.high, moved),
    )
