"""All tables of a release, and all earlier releases, as one set of unknowns and whole-number relations.

Every distinct figure of a release is one variable, whichever tables show it. A relation is a row: a sum of
variables with whole-number factors that lies between two bounds. Margins and hierarchies are rows that equal
nought; where a person can be in several categories the total lies between the greatest category and their
sum. The same figure in two releases is two variables whose difference is bounded, because late records and
erasures move the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from cis_desktop.errors import CisError

from .periods import partitions
from .tables import TOTAL, CellId, Key, PastRelease, Shape, Table

NONE = "unknown"
"""The category of what is in no other."""

COUNTED_ONCE = ("contacts", "observations")
"""Measures of things that are in some categories or in none, never both, as people are who come more than once."""

NOW = ""
"""The release being made; earlier ones go by their ids."""


@dataclass(frozen=True, slots=True)
class Row:
    """A relation: the sum of `factor * variable` lies in `low..high` (None: no bound on that side)."""

    terms: tuple[tuple[int, int], ...]
    low: int | None
    high: int | None


@dataclass(slots=True)
class System:
    """The variables (release, cell), their true values, and the relations between them."""

    variables: list[tuple[str, CellId]] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    index: dict[tuple[str, CellId], int] = field(default_factory=dict)
    sums: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """For a total of this release, the cells that add up to it (the first such line found)."""

    def now(self, cell: CellId) -> int:
        """Give the variable of a cell of the release being made."""
        return self.index[NOW, cell]


def margins(shape: Shape) -> Iterator[tuple[Key, tuple[Key, ...], bool]]:
    """Give every line of a table: the whole, its parts, and whether the parts add up to it."""
    keys = [(TOTAL, *(category.key for category in d.categories)) for d in shape.dimensions]
    for at, dimension in enumerate(shape.dimensions):
        groups: dict[str, list[str]] = {}
        for category in dimension.categories:
            groups.setdefault(category.parent or TOTAL, []).append(category.key)
        for before in product(*keys[:at]):
            for after in product(*keys[at + 1 :]):
                for whole, parts in groups.items():
                    yield (
                        (*before, whole, *after),
                        tuple((*before, part, *after) for part in parts),
                        dimension.adds_up,
                    )


def build(tables: Sequence[Table], past: Sequence[PastRelease], threshold: int) -> System:
    """Join tables and earlier releases into one system.

    Raises CisError when the tables contradict themselves or each other, because then no check of them means
    anything, and when an earlier release is not wholly known.
    """
    system = System()
    rows: dict[Row, None] = {}
    for table in tables:
        _check_complete(table)
        for key, cell in table.cells.items():
            _add(system, NOW, table.shape.identity(key), cell.count, table.shape)
    for release in past:
        for cid, past_cell in release.cells.items():
            _add(system, release.id, cid, past_cell.exact, None)
    _join(system, rows, NOW, [table.shape for table in tables])
    for release in past:
        _join(system, rows, release.id, [table.shape for table in release.tables])
    _link_releases(system, rows, [*(release.id for release in past), NOW], threshold)
    shapes = [t.shape for t in tables] + [t.shape for release in past for t in release.tables]
    _link_periods(system, rows, shapes, [NOW, *(release.id for release in reversed(past))])
    system.rows = list(rows)
    return _reachable(system)


def _check_complete(table: Table) -> None:
    shape = table.shape
    keys = set(product(*((TOTAL, *(c.key for c in d.categories)) for d in shape.dimensions)))
    if keys != set(table.cells):
        raise _contradiction(shape, "it lacks some of its cells, or has cells that its labels do not name")
    if any(cell.count < 0 for cell in table.cells.values()):
        raise _contradiction(shape, "it has a figure below nought")


def _contradiction(shape: Shape, what: str) -> CisError:
    return CisError(
        "tables_disagree",
        "The tables do not agree",
        f"The table “{shape.title}” cannot be checked, because {what}. Nothing was released and nothing was changed; "
        "please report this, with the name of the table.",
    )


def _add(system: System, release: str, cid: CellId, value: int, shape: Shape | None) -> None:
    at = system.index.setdefault((release, cid), len(system.variables))
    if at == len(system.variables):
        system.variables.append((release, cid))
        system.truth.append(value)
    elif system.truth[at] != value and shape:
        raise _contradiction(shape, "the same figure has another value in another table")


def _join(system: System, rows: dict[Row, None], release: str, shapes: Iterable[Shape]) -> None:
    for shape in shapes:
        for whole, parts, adds_up in margins(shape):
            try:
                total = system.index[release, shape.identity(whole)]
                below = tuple(system.index[release, shape.identity(part)] for part in parts)
            except KeyError:
                raise _contradiction(shape, "an earlier release of it is not wholly known") from None
            if adds_up and release == NOW and total not in below:
                system.sums.setdefault(total, below)
            lines = [*_line(total, below, adds_up)]
            if not adds_up and shape.measure in COUNTED_ONCE:
                lines += _none_or_some(total, whole, dict(zip(parts, below, strict=True)))
            for row in lines:
                if not _holds(system, row):
                    raise _contradiction(shape, "its parts do not add up to its totals")
                rows[row] = None


def _line(total: int, parts: tuple[int, ...], adds_up: bool) -> Iterator[Row]:
    terms = _difference(total, parts)
    if not terms:
        return
    if adds_up:
        yield Row(terms, 0, 0)
        return
    yield Row(terms, None, 0)
    for part in parts:
        if part != total:
            yield Row(_difference(total, (part,)), 0, None)


def _none_or_some(total: int, whole: Key, parts: dict[Key, int]) -> Iterator[Row]:
    """Say that what is in no category is in none of them: no category is greater than the total without it."""
    blank = [part for part in parts if any(a == NONE != b for a, b in zip(part, whole, strict=True))]
    for none in blank:
        for part in [part for part in parts if part != none]:
            yield Row(_difference(total, (parts[none], parts[part])), 0, None)


def _difference(total: int, parts: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    factors = {total: 1}
    for part in parts:
        factors[part] = factors.get(part, 0) - 1
    return tuple(sorted((variable, factor) for variable, factor in factors.items() if factor))


def _activity(system: System, row: Row) -> int:
    return sum(factor * system.truth[variable] for variable, factor in row.terms)


def _holds(system: System, row: Row) -> bool:
    activity = _activity(system, row)
    return (row.low is None or row.low <= activity) and (row.high is None or activity <= row.high)


def _link_releases(system: System, rows: dict[Row, None], order: list[str], threshold: int) -> None:
    """Bound how far a figure moved between two releases.

    The attacker is given that no figure moved by `threshold` or more, except those that did, by no more than
    they did; and nothing moved at all where nothing did.
    """
    held: dict[str, dict[CellId, int]] = {release: {} for release in order}
    for at, (release, cid) in enumerate(system.variables):
        held[release][cid] = at
    pairs = [(a, NOW) for a in order[:-1]] + list(pairwise(order[:-1]))
    for earlier, later in pairs:
        shared = held[earlier].keys() & held[later].keys()
        moves = {
            cid: system.truth[held[later][cid]] - system.truth[held[earlier][cid]]
            for cid in held[later]
            if cid in shared
        }
        common = min(max((abs(move) for move in moves.values()), default=0), threshold - 1)
        for cid, move in moves.items():
            bound = max(abs(move), common)
            rows[Row(_difference(held[later][cid], (held[earlier][cid],)), -bound, bound)] = None


def _link_periods(system: System, rows: dict[Row, None], shapes: Iterable[Shape], newest_first: list[str]) -> None:
    additive: set[str] = set()
    for shape in shapes:
        over_time = not shape.counts_people if shape.adds_over_periods is None else shape.adds_over_periods
        if over_time or any(d.kind == "period" and d.adds_up for d in shape.dimensions):
            additive.add(shape.measure)
    families: dict[tuple[object, ...], dict[str, dict[str, int]]] = {}
    for at, (release, cid) in enumerate(system.variables):
        family = families.setdefault((cid.measure, cid.filters, cid.area, cid.categories), {})
        family.setdefault(cid.period, {})[release] = at
    chains: dict[frozenset[str], list[tuple[str, tuple[str, ...]]]] = {}
    for (measure, *_), by_period in families.items():
        if len(by_period) < 2:
            continue
        periods = frozenset(by_period)
        if periods not in chains:
            chains[periods] = partitions(periods)
        for whole, parts in chains[periods]:
            for release, total in by_period[whole].items():
                preferred = [release, *newest_first]
                below = tuple(next(by_period[part][r] for r in preferred if r in by_period[part]) for part in parts)
                for row in _line(total, below, measure in additive):
                    moved = _activity(system, row)
                    low = None if row.low is None else min(row.low, -abs(moved))
                    high = None if row.high is None else max(row.high, abs(moved))
                    if row.low == row.high or not _holds(system, row):
                        row = Row(row.terms, low, high)
                    rows[row] = None


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
    )
