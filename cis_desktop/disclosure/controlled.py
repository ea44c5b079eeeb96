"""Controlled rounding: every figure goes to a multiple of the base next to it, and the rounded tables add up.

Zero-restricted controlled rounding (Cox; Salazar-Gonzalez; Handbook on Statistical Disclosure Control, 2nd ed.,
2024, section 5.5): multiples of the base stay, so noughts do. The Handbook takes the tables nearest to the true ones;
then whoever knows the method reads a 0 where nothing forced it as 0 to 2. Here the direction of each figure is drawn:
it wants to go up with a chance of its remainder over the base, so nearer is likelier, sums are right on average, and
any count within a base of the published figure stays possible. Figures depart from their draws only so that tables
add up, as little as may be. The same figure is drawn alike in every release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .problem import FAR, Mask, Problem
from .programme import Clock, Matrix, load, run_any, solver, values
from .relations import NOW, Row
from .rounding import drawn
from .tables import PastRelease
from .weights import Draw

_NODES, _GAP = 2000, 0.05
_MOST = 3000
"""Up to so many figures, rounded tables are looked for; beyond, that takes longer than anybody waits."""


def draw_all(problem: Problem, draw: Draw) -> dict[int, int]:
    """Give the published value of every figure of the release by the method `small`, each drawn for itself."""
    system = problem.system
    return {
        at: drawn(system.truth[at], figure.base, draw(system.variables[at][1]))
        for at, figure in problem.figures.items()
        if figure.base
    }


def round_all(
    problem: Problem, hidden: Mask, draw: Draw, past: Sequence[PastRelease], clock: Clock
) -> dict[int, int] | None:
    """Give the published value of every figure that is rounded and not hidden; None when no such tables are found.

    What is released already and has not changed keeps its value. Lines with a hidden figure, or one that is exact,
    need not add up: otherwise the rounded value of the only blank on a line could be worked out, which is more than
    its bounds say. Nodes are counted and time is not, so the same figures and draws give the same answer.
    """
    system = problem.system
    rounded = {at: figure.base for at, figure in problem.figures.items() if figure.base and not hidden[at]}
    below = {at: system.truth[at] // base for at, base in rounded.items()}
    free = [at for at, base in rounded.items() if system.truth[at] % base]
    if len(free) > _MOST:
        return None
    place = {at: n for n, at in enumerate(free)}
    low, high = np.zeros(len(free)), np.ones(len(free))
    for at, value in _kept(problem, past).items():
        if at in place and (step := value - rounded[at] * below[at]) in (0, rounded[at]):
            low[place[at]] = high[place[at]] = step // rounded[at]
    cost = np.array([draw(system.variables[at][1]) - system.truth[at] % rounded[at] / rounded[at] for at in free])
    rows = [row for row in system.rows if _adds_up(row, rounded)]
    matrix = _lines(rows, below, place)
    up = dict.fromkeys(free, 0)
    if free:
        highs = solver({"mip_max_nodes": _NODES, "mip_rel_gap": _GAP})
        load(highs, cost, low, high, matrix, whole=True)
        if not run_any(highs, clock):
            return None
        up = dict(zip(free, np.rint(values(highs, len(free))).astype(int).tolist(), strict=True))
    steps = {at: below[at] + up.get(at, 0) for at in rounded}
    if not all(_holds(row, steps) for row in rows):
        return None
    return {at: base * steps[at] for at, base in rounded.items()}


def _kept(problem: Problem, past: Sequence[PastRelease]) -> dict[int, int]:
    """Give the values that figures have in an earlier release and keep, the newest where there are several."""
    found = {}
    for release in past:
        for cid, cell in release.cells.items():
            at = problem.system.index.get((NOW, cid))
            if at is not None and cell.exact == problem.system.truth[at] and cell.released.value is not None:
                found[at] = cell.released.value
    return found


def _adds_up(row: Row, rounded: Mapping[int, int]) -> bool:
    """Tell whether a line can add up when rounded: all of it is shown, on one base."""
    bases = {rounded.get(variable) for variable, _ in row.terms}
    return len(bases) == 1 and None not in bases and {row.low, row.high} <= {0, None}


def _lines(rows: Sequence[Row], below: Mapping[int, int], place: Mapping[int, int]) -> Matrix:
    """Give the lines in steps of the base, over the figures that may go up: those that cannot tell nothing."""
    start, index, factor, low, high = [0], list[int](), list[int](), list[int](), list[int]()
    for row in rows:
        terms = [(place[variable], times) for variable, times in row.terms if variable in place]
        if not terms:
            continue
        given = sum(times * below[variable] for variable, times in row.terms)
        index += [at for at, _ in terms]
        factor += [times for _, times in terms]
        start.append(len(index))
        low.append(-FAR if row.low is None else -given)
        high.append(FAR if row.high is None else -given)
    return Matrix(
        columns=np.arange(len(place)),
        start=np.array(start, dtype=np.int32),
        index=np.array(index, dtype=np.int32),
        factor=np.array(factor, dtype=np.int64),
        low=np.array(low, dtype=np.int64),
        high=np.array(high, dtype=np.int64),
    )


def _holds(row: Row, steps: Mapping[int, int]) -> bool:
    activity = sum(times * steps[variable] for variable, times in row.terms)
    return (row.low is None or activity >= 0) and (row.high is None or activity <= 0)
