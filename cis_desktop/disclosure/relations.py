"""All tables of a release, and all earlier releases, as one set of unknowns and whole-number relations.

Every distinct figure of a release is one variable, whichever tables show it. A relation is a row: a sum of
variables with whole-number factors that lies between two bounds. Margins and hierarchies are rows that equal
nought; where a person can be in several categories the total lies between the greatest category and their
sum. What ties releases, periods and areas together is in `overlaps.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from cis_desktop.errors import CisError

from .periods import spoken
from .tables import TOTAL, Cell, CellId, Key, PastRelease, Shape, Table

NONE = "unknown"
"""The category of what is in no other."""

COUNTED_ONCE = ("contacts", "observations")
"""Measures of things that are in some categories or in none, never both, as people are who come more than once."""

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


def build(
    tables: Sequence[Table], past: Sequence[PastRelease], threshold: int, unreleased: Sequence[Table] = ()
) -> System:
    """Join tables and earlier releases into one system. `unreleased` are tables of periods that no release is about.

    Raises CisError when the tables contradict themselves or each other, because then no check of them means
    anything, and when an earlier release is not wholly known.
    """
    from .implied import essential
    from .overlaps import tie

    system = System()
    rows: dict[Row, None] = {}
    for release, several in ((NOW, tables), (UNRELEASED, unreleased)):
        for table in several:
            check_figures(table)
            for key, cell in table.cells.items():
                add(system, release, table.shape.identity(key), cell.count, table.shape)
    for earlier in past:
        for cid, past_cell in earlier.cells.items():
            add(system, earlier.id, cid, past_cell.exact, None)
    shapes = {NOW: [table.shape for table in tables], UNRELEASED: [table.shape for table in unreleased]}
    shapes |= {earlier.id: [table.shape for table in earlier.tables] for earlier in past}
    for release, of in shapes.items():
        _join(system, rows, release, of)
    released = {cid for release, cid in system.variables if release != UNRELEASED}
    for table in unreleased:
        for key, cell in table.cells.items():
            if (cid := table.shape.identity(key)) not in released:
                at = system.index[UNRELEASED, cid]
                words = (
                    f"{table.shape.label(key)} in “{table.shape.title}” for {spoken(cid.period)}, which no report shows"
                )
                system.unreleased.setdefault(at, Unreleased(table.shape, key, cell, words))
    tie(system, rows, shapes, threshold)
    system.rows = list(rows)
    system = _reachable(system)
    system.essential = essential(system.rows, {at for at, other in system.unreleased.items() if other.change})
    return system


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


def _join(system: System, rows: dict[Row, None], release: str, shapes: Iterable[Shape]) -> None:
    for shape in shapes:
        for whole, parts, adds_up in margins(shape):
            try:
                total = system.index[release, shape.identity(whole)]
                below = tuple(system.index[release, shape.identity(part)] for part in parts)
            except KeyError:
                raise contradiction(shape, "an earlier release of it is not wholly known") from None
            if adds_up and release == NOW and total not in below:
                system.sums.setdefault(total, below)
            lines = [*line(total, below, adds_up)]
            if not adds_up and shape.measure in COUNTED_ONCE:
                lines += _none_or_some(total, whole, dict(zip(parts, below, strict=True)))
            for row in lines:
                if not holds(system, row):
                    raise contradiction(shape, "its parts do not add up to its totals")
                rows[row] = None


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


def _none_or_some(total: int, whole: Key, parts: dict[Key, int]) -> Iterator[Row]:
    """Say that what is in no category is in none of them: no category is greater than the total without it."""
    blank = [part for part in parts if any(a == NONE != b for a, b in zip(part, whole, strict=True))]
    for none in blank:
        for part in [part for part in parts if part != none]:
            yield Row(difference(total, (parts[none], parts[part])), 0, None)


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


def _reachable(system: System) -> System:
    """Keep only what is tied to the release being made, directly or through other figures."""
    parent = list(range(len(system.variables)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for row in system.rows:
        first = root(row.terms[0][0])
        for variable, _ in row.terms[1:]:
            parent[root(variable)] = first
    wanted = {root(at) for at, (release, _) in enumerate(system.variables) if release == NOW}
    kept = [at for at in range(len(system.variables)) if root(at) in wanted]
    new = {old: at for at, old in enumerate(kept)}
    return System(
        variables=[system.variables[at] for at in kept],
        truth=[system.truth[at] for at in kept],
        rows=[
            Row(tuple((new[v], factor) for v, factor in row.terms), row.low, row.high)
            for row in system.rows
            if row.terms[0][0] in new
        ],
        index={system.variables[at]: new[at] for at in kept},
        sums={new[total]: tuple(new[p] for p in parts) for total, parts in system.sums.items()},
        unreleased={new[at]: what for at, what in system.unreleased.items() if at in new},
    )
