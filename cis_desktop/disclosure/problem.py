"""What readers know of every figure, as bounds, and what must hold of each figure that is to stay unknown.

Everything is measured from the truth: a figure's `move` is how far it could lie from its true value, so that
the truth is the point where every move is nought, and bounds are least and greatest moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .primary import Why, exact_line, sensitive, structural, thin_noughts, threshold_of
from .relations import NOW, System
from .rounding import DRAWN, base_of, interval, published, tells_small_apart
from .tables import TOTAL, CellId, Key, PastRelease, Policy, ReleasedCell, Shape, Table
from .unreleased import needed, promised
from .weights import Weigh

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

FAR = 1 << 40
"""A move so great that it stands for "no bound"."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell of the release being made: where it is shown first, and how it would be published.

    `shown` is the value it has when it is shown (a summed total gets its own afterwards). A `withheld` cell is hidden
    whatever it is, and a `required` one must not be; a `wished` one is hidden where it may be, like any other.
    """

    shape: Shape
    key: Key
    why: Why | None
    threshold: int
    base: int
    smallest: int
    shown: int
    exact: bool
    summed: bool
    withheld: bool
    required: bool
    wished: bool

    def released(self, policy: Policy) -> ReleasedCell:
        """Give the cell as it is published when it is shown."""
        return ReleasedCell("rounded" if self.base else "value", self.shown, *self.known(self.shown, policy))

    def known(self, value: int, policy: Policy) -> tuple[int, int]:
        """Give the bounds that publishing `value` tells."""
        return interval(value, self.base, policy.method, self.smallest)

    def rounded_away(self, policy: Policy) -> bool:
        """Tell whether rounding alone keeps the figure unknown, so that it need not be hidden for itself."""
        softened = self.why == "count" or (self.why == "zero" and policy.method in DRAWN)
        return softened and self.base > 0 and not tells_small_apart(policy.method, self.base, self.threshold)


@dataclass(slots=True)
class Problem:
    """The suppression problem: arrays over the variables of `system`, all in moves from the truth."""

    system: System
    policy: Policy
    figures: dict[int, Figure]
    shown_low: Ints
    shown_high: Ints
    hidden_low: Ints
    hidden_high: Ints
    must_hide: Mask
    can_hide: Mask
    weight: NDArray[np.float64]
    width: Ints
    """How wide the interval of each figure must stay, when it is a target."""
    reach: Ints
    """How far above its true value each figure must be able to lie, when it is a target."""
    always: Mask
    """Figures that are targets even when nothing of this release is hidden: earlier blanks, small rounded ones."""
    spent: Mask
    """Figures that earlier releases gave away, or published themselves: hiding them here protects nothing."""
    insiders: list[tuple[int, Ints]]
    """(a hidden figure that one person knows, the sensitive figures on its lines)."""

    @property
    def box(self) -> int:
        """Give how far it is worth looking: no figure need move further to be proven safe."""
        return 8 * int(self.width.max(initial=1)) + 64

    def bounds(self, hidden: Mask) -> tuple[Ints, Ints]:
        """Give the least and greatest move of each figure when `hidden` is hidden."""
        return (
            np.where(hidden, self.hidden_low, self.shown_low),
            np.where(hidden, self.hidden_high, self.shown_high),
        )

    def with_nothing_said(self) -> Problem:
        """Give the problem as it was before this release: nothing is known of its figures."""
        now = np.zeros(len(self.always), dtype=bool)
        now[list(self.figures)] = True
        return replace(self.unsaid(now), always=self.always & ~now)

    def unsaid(self, which: Mask) -> Problem:
        """Give the problem of a reader who was told nothing of some figures, and is nobody in them."""
        nothing = -np.array(self.system.truth, dtype=np.int64)
        return replace(
            self,
            shown_low=np.where(which, nothing, self.shown_low),
            shown_high=np.where(which, FAR, self.shown_high),
            hidden_low=np.where(which, nothing, self.hidden_low),
            hidden_high=np.where(which, FAR, self.hidden_high),
            insiders=[],
        )

    def targets(self, hidden: Mask) -> Ints:
        """Give the figures that must be protected when `hidden` is hidden."""
        return np.flatnonzero((hidden | self.always) & ~self.spent)


def pose(
    system: System,
    tables: Sequence[Table],
    past: Sequence[PastRelease],
    policy: Policy,
    weigh: Weigh,
    *,
    exact_lines: bool = True,
    values: Mapping[int, int] | None = None,
) -> Problem:
    """State the problem: `exact_lines` tells whether headline lines keep their right to be exact.

    `values` are published values, by variable, where figures alone do not decide them.
    """
    size = len(system.truth)
    truth = np.array(system.truth, dtype=np.int64)
    figures = _figures(system, tables, policy, exact_lines, values or {})
    at_least = blank_from(policy)
    low, high, least = np.zeros(size, np.int64), np.full(size, FAR), np.full(size, at_least)
    must, can = np.zeros(size, bool), np.zeros(size, bool)
    always, small, spent = np.zeros(size, bool), np.zeros(size, bool), np.zeros(size, bool)
    weight = np.ones(size)
    threshold = np.full(size, policy.threshold)
    for at, figure in figures.items():
        threshold[at] = figure.threshold
    width, reach = threshold - 1, np.maximum(threshold - truth, 0)
    out = {
        (cid, cell.exact) for release in past for cid, cell in release.cells.items() if cell.released.status != "hidden"
    }
    before = {cid: cell for release in past for cid, cell in release.cells.items()}
    for at, figure in figures.items():
        cid, count = system.variables[at][1], int(truth[at])
        earlier = before.get(cid)
        weight[at] = weigh(cid, figure.shape, figure.key, None if earlier is None else earlier.released.status)
        frozen = earlier is not None and earlier.exact == count
        blank = earlier is not None and earlier.released.status == "hidden"
        if not figure.summed:
            low[at], high[at] = figure.known(figure.shown, policy)
        spent[at] = (cid, count) in out
        small[at] = count > 0 and figure.why is not None and not spent[at]
        away = figure.rounded_away(policy)
        hideable = count > 0 or at_least == 0
        must[at] = figure.withheld or (
            not figure.exact and ((figure.why is not None and not away) or (frozen and blank and hideable))
        )
        drawn = policy.method in DRAWN and figure.base > 0 and low[at] < figure.threshold
        alone = not figure.summed and not must[at] and (away or drawn)
        if alone:
            # Rounding alone has to keep these unknown: to within a step of it. As blanks they would be known no better
            # than that, which is less than a blank promises, so they are not hidden beside others.
            always[at] = True
            width[at] = figure.base - 1 if policy.method == "midpoint" else min(figure.threshold, figure.base) - 1
            reach[at] = 0
        free = not figure.exact and not figure.summed and not figure.required
        can[at] = must[at] or (hideable and free and not alone and not (frozen and not blank))
        must[at] |= figure.wished and can[at]
        if figure.withheld:
            least[at] = 0
        if small[at] and not figure.shape.counts_people:
            width[at] = max(width[at], -(-count // 5))
    hidden_low, hidden_high = np.where(can, least, low), np.where(can, FAR, high)
    for release in past:
        for cid, cell in release.cells.items():
            if (at := system.index.get((release.id, cid), -1)) >= 0:
                low[at] = hidden_low[at] = cell.released.at_least
                high[at] = hidden_high[at] = FAR if cell.released.at_most is None else cell.released.at_most
                if (need := promised(cell, release.policy or policy)) is not None:
                    always[at], (width[at], reach[at]) = True, need
    for at, other in system.unreleased.items():
        if (need := needed(other, policy)) is not None:
            always[at], (width[at], reach[at]) = True, need
        if other.change:
            low[at] = hidden_low[at] = -FAR
    return Problem(
        system, policy, figures, low - truth, high - truth, hidden_low - truth, hidden_high - truth,
        must, can, weight, width, reach, always, spent, _insiders(system, tables, must & small),
    )  # fmt: skip


def blank_from(policy: Policy) -> int:
    """Give the least that a blank stands for: where noughts are shown, no blank is one."""
    return 1 if policy.zeros == "show" else 0


def _figures(
    system: System, tables: Sequence[Table], policy: Policy, exact_lines: bool, values: Mapping[int, int]
) -> dict[int, Figure]:
    exact, thin, whole = set[CellId](), set[CellId](), set[CellId]()
    for table in tables:
        shape = table.shape
        nought = structural(table)
        exact.update(map(shape.identity, nought))
        if policy.zeros == "few":
            thin.update(map(shape.identity, thin_noughts(table, policy.few)))
        for key, cell in table.cells.items():
            if exact_lines and exact_line(cell, key, shape, policy):
                exact.add(shape.identity(key))
            if all(part == TOTAL for part in key) or any(cells.are(shape, key) for cells in policy.must_publish):
                whole.add(shape.identity(key))
    figures: dict[int, Figure] = {}
    for table in tables:
        shape, base = table.shape, base_of(table.shape, policy)
        for key, cell in table.cells.items():
            cid = shape.identity(key)
            at = system.now(cid)
            threshold = threshold_of(shape, key, policy)
            why = sensitive(cell, shape, policy, threshold) or ("zero" if cid in thin else None)
            there = figures.get(at)
            required = any(cells.are(shape, key) for cells in policy.must_publish)
            never = any(cells.include(shape, key) for cells in policy.never_publish)
            wished = any(cells.are(shape, key) for cells in policy.also_hide)
            withheld = never or (policy.headlines_only and cid not in whole)
            if there is not None:
                # The same figure in another table: the stricter of the two holds.
                required, withheld = required or there.required, withheld or there.withheld
                wished = wished or there.wished
                if there.why and (there.threshold >= threshold or not why):
                    figures[at] = replace(there, required=required, withheld=withheld, wished=wished)
                    continue
            plain = cid in exact
            step = 0 if plain else base
            figures[at] = Figure(
                shape, key, None if plain else why, threshold, step, threshold if shape.counts_people else 1,
                values.get(at, published(cell.count, step, policy.method)), plain,
                policy.totals == "summed" and at in system.sums and not plain,
                withheld and not (plain and not cell.count), required, wished,
            )  # fmt: skip
    return figures


def _insiders(system: System, tables: Sequence[Table], small: Mask) -> list[tuple[int, Ints]]:
    alone = {
        system.now(table.shape.identity(key))
        for table in tables
        for key, cell in table.cells.items()
        if cell.persons == 1 or (cell.count == 1 and table.shape.counts_people)
    }
    near: dict[int, set[int]] = {}
    for row in system.rows:
        secret = [(variable, factor) for variable, factor in row.terms if small[variable]]
        for variable, factor in secret:
            if variable in alone:
                # A total that is the same one person, or that person's own part of it, is nothing new to them.
                others = {v for v, f in secret if v != variable and not (v in alone and f != factor)}
                near.setdefault(variable, set()).update(others)
    return [(variable, np.array(sorted(others), dtype=np.int64)) for variable, others in sorted(near.items()) if others]


def release_cells(problem: Problem, hidden: Mask) -> dict[CellId, ReleasedCell]:
    """Give every cell of the release as published."""
    system, policy = problem.system, problem.policy
    blank, withheld = (
        ReleasedCell("hidden", None, least, None, out) for least, out in ((blank_from(policy), False), (0, True))
    )
    cells: dict[int, ReleasedCell] = {}

    def value(at: int, seen: Callable[[int], ReleasedCell]) -> ReleasedCell:
        total = sum(cell.value or 0 for cell in map(seen, system.sums[at]))
        return ReleasedCell("rounded", total, 0, None)

    def give(at: int) -> ReleasedCell:
        if at not in cells:
            figure = problem.figures[at]
            if hidden[at]:
                cells[at] = withheld if figure.withheld else blank
            elif figure.summed:
                cells[at] = value(at, give)
            else:
                cells[at] = figure.released(policy)
        return cells[at]

    return {cid: give(at) for at, (release, cid) in enumerate(system.variables) if release == NOW}
