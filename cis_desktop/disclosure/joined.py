"""Join all tables of a release, and all earlier releases, into one system of unknowns and relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .implied import essential
from .overlaps import tie
from .periods import spoken
from .relations import (
    NOW,
    UNRELEASED,
    Row,
    System,
    Unreleased,
    add,
    check_figures,
    contradiction,
    difference,
    holds,
    line,
    margins,
)
from .tables import Key, PastRelease, Shape, Table

NONE = "unknown"
"""The category of what is in no other."""

COUNTED_ONCE = ("contacts", "observations")
"""Measures of things that are in some categories or in none, never both, as people are who come more than once."""


def build(
    tables: Sequence[Table], past: Sequence[PastRelease], threshold: int, unreleased: Sequence[Table] = ()
) -> System:
    """Join tables and earlier releases into one system. `unreleased` are tables of periods that no release is about.

    Raises CisError when the tables contradict themselves or each other, because then no check of them means
    anything, and when an earlier release is not wholly known.
    """
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


def _none_or_some(total: int, whole: Key, parts: dict[Key, int]) -> Iterator[Row]:
    """Say that what is in no category is in none of them: no category is greater than the total without it."""
    blank = [part for part in parts if any(a == NONE != b for a, b in zip(part, whole, strict=True))]
    for none in blank:
        for part in [part for part in parts if part != none]:
            yield Row(difference(total, (parts[none], parts[part])), 0, None)


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
