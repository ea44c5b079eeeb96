"""What a reader could work out: the least and greatest value each figure can have by everything that is published.

It takes nothing but the relations and what the published cells say. Each answer is the bound of a linear programme,
rounded to whole numbers: what is outside it is impossible. A reader who knows somebody behind a figure is not meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

import highspy
import numpy as np

from .joined import build
from .problem import Ints
from .programme import PRIMAL, Clock, Floats, SolverFailed, change_cost, run, solver
from .relations import NOW, System
from .tables import CellId, PastRelease, Release, Table
from .witness import told

_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Span:
    """The least and greatest value of a figure; `most` is None where nothing limits it."""

    least: int
    most: int | None


def work_out(
    tables: Sequence[Table],
    release: Release,
    past: Sequence[PastRelease],
    unreleased: Sequence[Table] = (),
    *,
    budget: float,
    check: Callable[[], object] = lambda: None,
) -> dict[CellId, Span]:
    """Give what a reader of a release and of all earlier ones could work out of every cell of it.

    `tables` are the exact ones: they say which relations hold. `budget` is in seconds and `check` may raise to stop.
    Raises OutOfTime or SolverFailed.
    """
    system = build(tables, past, release.policy.threshold, unreleased)
    low, high, box = _known(system, release, past)
    clock = Clock.start(budget, check)
    free = np.flatnonzero(low < high).astype(np.int64)
    place = np.cumsum(low < high).astype(np.int64) - 1
    highs = _programme(system, low, high, free, place)
    least, most = np.full(len(free), np.inf), np.full(len(free), -np.inf)
    wanted = [int(place[at]) for at in free if system.variables[at][0] == NOW]
    for sign, best in ((1.0, least), (-1.0, most)):
        bound = low[free] if sign > 0 else high[free]
        for column in wanted:
            # Another figure's answer may already have this one at its bound.
            if sign * (best[column] - bound[column]) <= _CLOSE:
                continue
            found = _push(highs, column, sign, clock)
            np.minimum(least, found, out=least)
            np.maximum(most, found, out=most)
    answer = {}
    for at, (release_id, cid) in enumerate(system.variables):
        if release_id == NOW:
            column = int(place[at])
            if low[at] == high[at]:
                answer[cid] = Span(int(low[at]), int(high[at]))
            else:
                top = floor(most[column] + _CLOSE)
                answer[cid] = Span(ceil(least[column] - _CLOSE), None if top >= box / 2 else top)
    return answer


def _known(system: System, release: Release, past: Sequence[PastRelease]) -> tuple[Floats, Floats, float]:
    """Give the bounds that publication itself tells of each variable, and how much stands for "no bound"."""
    cells = {table.shape.identity(key): cell for table in release.tables for key, cell in table.cells.items()}
    known = told(system, cells, past)
    box = float(1 << 20) + 64 * max((most or least or 0 for least, most in known), default=0)
    low = np.array([-box if least is None else least for least, _ in known], dtype=np.float64)
    high = np.array([box if most is None else most for _, most in known], dtype=np.float64)
    return low, high, box


def _programme(system: System, low: Floats, high: Floats, free: Ints, place: Ints) -> highspy.Highs:
    highs = solver(PRIMAL)
    for at in free:
        highs.addVar(low[at], high[at])
    for row in system.rows:
        terms = [(int(place[v]), float(f)) for v, f in row.terms if low[v] < high[v]]
        fixed = sum(f * low[v] for v, f in row.terms if low[v] == high[v])
        if terms:
            index = np.array([at for at, _ in terms], dtype=np.int32)
            least = -highspy.kHighsInf if row.low is None else row.low - fixed
            most = highspy.kHighsInf if row.high is None else row.high - fixed
            highs.addRow(least, most, len(terms), index, np.array([factor for _, factor in terms]))
    return highs


def _push(highs: highspy.Highs, column: int, cost: float, clock: Clock) -> Floats:
    """Give the values of all columns where one is least (or greatest, at a cost below nought)."""
    change_cost(highs, [column], np.array([cost]))
    if not run(highs, clock):
        raise SolverFailed("no figures at all fit what is published")
    change_cost(highs, [column], np.zeros(1))
    return np.array(highs.getSolution().col_value)
