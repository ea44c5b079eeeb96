"""Between which values a hidden figure must lie, given everything that is known around it.

Linear programmes (HiGHS) give limits that are never too narrow, so what they narrow is exposed for certain. A figure
counts as safe only when two tables of whole numbers fit everything that is published, checked in whole-number
arithmetic, and lie far enough apart. What is neither is undecided.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import highspy
import numpy as np
from numpy.typing import NDArray

from .known import Figure, Known, Relation

Ints = NDArray[np.int64]
Finding = Literal["safe", "exposed", "undecided"]

NEAR = 1e-6
NODES = 3000
"""So many nodes a mixed-integer programme gets: counted, because time differs from machine to machine."""
NEARBY = (60, 400)
"""How many figures around one are looked at before all of them are."""
NONE = 1 << 60
"""Stands for a side of a relation that has no limit."""


class Contradiction(Exception):
    """No figures fit what the files say."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of a figure. `low` and `high` are its limits, or what two whole tables show where it is safe."""

    figure: Figure
    low: int
    high: int
    finding: Finding


class Component:
    """Figures that are tied together, and the relations between them. Attack it with `judge()`."""

    def __init__(self, figures: list[Figure], relations: list[Relation], known: dict[Figure, Known]) -> None:
        self.figures, self.relations = figures, relations
        self.known = [known[figure] for figure in figures]
        at = {figure: n for n, figure in enumerate(figures)}
        # Nothing limits some hidden figures from above; this is beyond anything that the others could tell.
        numbers = [abs(b) for r in relations for b in (r.low, r.high) if b is not None]
        numbers += [b for k in self.known for b in (k.low, k.high) if b is not None]
        self.far = 4 * sum(sorted(numbers)[-8:]) + 1000 * max(k.threshold for k in self.known)
        self.box = 8 * max(k.threshold for k in self.known) + 64
        self.low = np.array([k.low for k in self.known], dtype=np.int64)
        self.high = np.array([self.far if k.high is None else k.high for k in self.known], dtype=np.int64)
        self.starts = np.cumsum([0, *(len(r.terms) for r in relations)])[:-1].astype(np.int64)
        self.index = np.array([at[figure] for r in relations for figure, _ in r.terms], dtype=np.int64)
        self.factor = np.array([factor for r in relations for _, factor in r.terms], dtype=np.int64)
        self.least = np.array([-NONE if r.low is None else r.low for r in relations], dtype=np.int64)
        self.most = np.array([NONE if r.high is None else r.high for r in relations], dtype=np.int64)
        self.rows_of: dict[int, list[int]] = defaultdict(list)
        for row, relation in enumerate(relations):
            for figure, _ in relation.terms:
                self.rows_of[at[figure]].append(row)
        self.found_low, self.found_high = np.full(len(figures), NONE), np.full(len(figures), -NONE)
        self.whole: Ints | None = None
        """A table of whole numbers that fits everything."""
        self._full: Any = None

    def judge(self) -> Iterator[Verdict]:
        """Give what can be found out of each figure that is attacked. Raises Contradiction when nothing fits."""
        targets = [n for n, known in enumerate(self.known) if known.attacked]
        if not self.relations:
            for n in targets:
                yield self._verdict(n, int(self.low[n]), int(self.high[n]), exact=True)
            return
        self._begin(targets)
        for n in targets:
            yield self._judged(n)

    def _begin(self, targets: list[int]) -> None:
        """Find one whole table that fits, and try to settle many figures at once."""
        self._full = self._programme(np.arange(len(self.figures)), self.low, self.high)
        self._run(self._full, {})
        for sign in (1.0, -1.0):
            self._run(self._full, dict.fromkeys(targets, sign))
        if self.whole is None:
            strict = self._programme(np.arange(len(self.figures)), self.low, self.high, whole=True)
            self._run(strict, {})

    def _judged(self, n: int) -> Verdict:
        if not self._enough(n, *self._seen(n)):
            self._look_nearby(n, whole=False)
        if self._enough(n, *self._seen(n)):
            return Verdict(self.figures[n], *self._seen(n), "safe")
        low, high = (self._end(self._full, n, sign) for sign in (1.0, -1.0))
        if self.whole is not None and self._enough(n, low, high) and not self._enough(n, *self._seen(n)):
            self._look_nearby(n, whole=True)
            if not self._enough(n, *self._seen(n)):
                strict = self._programme(np.arange(len(self.figures)), self.low, self.high, whole=True)
                low, high = (self._end(strict, n, sign) for sign in (1.0, -1.0))
        return self._verdict(n, low, high)

    def _verdict(self, n: int, low: int, high: int, exact: bool = False) -> Verdict:
        figure = self.figures[n]
        if exact and self._enough(n, low, high):
            return Verdict(figure, low, high, "safe")
        if self._enough(n, *self._seen(n)):
            return Verdict(figure, *self._seen(n), "safe")
        return Verdict(figure, low, high, "undecided" if self._enough(n, low, high) else "exposed")

    def _seen(self, n: int) -> tuple[int, int]:
        return int(self.found_low[n]), int(self.found_high[n])

    def _enough(self, n: int, low: int, high: int) -> bool:
        """Say whether values this far apart keep figure `n` from being found out."""
        known = self.known[n]
        if known.hidden_in:
            return high - low >= known.threshold - 1 and high >= known.threshold
        if known.small_band:
            needed = known.small_band[1] - known.small_band[0]
            return high - low >= (needed if known.openly is None else min(needed, known.openly))
        # What is left over may be nought, or as many as may be shown.
        return low <= 0 or high >= known.threshold

    def _look_nearby(self, n: int, whole: bool) -> None:
        """Move figures around `n` only, from the whole table that is known: a small programme finds what most need."""
        if self.whole is None:
            return
        for size in NEARBY:
            near = self._around(n, size)
            low = np.maximum(self.low[near], self.whole[near] - self.box)
            high = np.minimum(self.high[near], self.whole[near] + self.box)
            programme = self._programme(near, low, high, whole)
            place = int(np.flatnonzero(near == n)[0])
            for sign in (1.0, -1.0):
                self._run(programme, {place: sign}, near)
            if self._enough(n, *self._seen(n)) or len(near) < size:
                return

    def _around(self, n: int, size: int) -> Ints:
        """Give up to `size` figures nearest to `n`, by the relations they share."""
        near, turn = {n: None}, [n]
        while turn and len(near) < size:
            ahead: list[int] = []
            for each in turn:
                for row in self.rows_of[each]:
                    for other in self._of_row(row)[0].tolist():
                        if other not in near and len(near) < size:
                            near[other] = None
                            ahead.append(other)
            turn = ahead
        return np.array(list(near), dtype=np.int64)

    def _of_row(self, row: int) -> tuple[Ints, Ints]:
        start = self.starts[row]
        end = self.starts[row + 1] if row + 1 < len(self.starts) else len(self.index)
        return self.index[start:end], self.factor[start:end]

    def _programme(self, columns: Ints, low: Ints, high: Ints, whole: bool = False) -> Any:
        """State the programme over some figures; the others stay as in the whole table that is known."""
        place = np.full(len(self.figures), -1)
        place[columns] = np.arange(len(columns))
        every = len(columns) == len(self.figures)
        rows = range(len(self.relations)) if every else sorted({r for n in columns.tolist() for r in self.rows_of[n]})
        starts, index, factors, least, most = [0], [], [], [], []
        for row in rows:
            members, factor = self._of_row(row)
            inside = place[members] >= 0
            index.append(place[members[inside]])
            factors.append(factor[inside])
            starts.append(starts[-1] + int(inside.sum()))
            told = 0 if every or self.whole is None else int((factor * self.whole[members])[~inside].sum())
            least.append(-highspy.kHighsInf if self.least[row] == -NONE else float(self.least[row] - told))
            most.append(highspy.kHighsInf if self.most[row] == NONE else float(self.most[row] - told))
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(columns), len(least)
        model.col_cost_ = np.zeros(len(columns))
        model.col_lower_, model.col_upper_ = low.astype(float), high.astype(float)
        model.row_lower_, model.row_upper_ = np.array(least), np.array(most)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts)
        model.a_matrix_.index_ = np.concatenate(index)
        model.a_matrix_.value_ = np.concatenate(factors).astype(float)
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
        programme = highspy.Highs()
        # One thread everywhere: programmes of one process with different settings make `run()` fail.
        settings = {"output_flag": False, "threads": 1, "simplex_strategy": 4, "presolve": "on" if whole else "off"}
        for option, value in {**settings, **({"mip_max_nodes": NODES, "mip_rel_gap": 0.0} if whole else {})}.items():
            programme.setOptionValue(option, value)
        if programme.passModel(model) == highspy.HighsStatus.kError:
            raise Contradiction("a programme could not be made of what the files say")
        return programme

    def _end(self, programme: Any, n: int, sign: float) -> int:
        """Give a limit of figure `n` that holds for certain: the least (sign 1) or the greatest (-1)."""
        reached = self._run(programme, {n: sign}) * sign
        if not math.isfinite(reached):
            return int(self.low[n] if sign > 0 else self.high[n])
        slack = NEAR * max(1.0, abs(reached))
        return math.ceil(reached - slack) if sign > 0 else math.floor(reached + slack)

    def _run(self, programme: Any, cost: dict[int, float], columns: Ints | None = None) -> float:
        """Solve for the least cost; note the solution if it is whole and fits. Gives a bound that no solution beats."""
        at = np.array(list(cost), dtype=np.int32)
        if len(at):
            programme.changeColsCost(len(at), at, np.array(list(cost.values())))
        status, outcome = programme.run(), programme.getModelStatus()
        solution, info = np.array(programme.getSolution().col_value), programme.getInfo()
        if len(at):
            programme.changeColsCost(len(at), at, np.zeros(len(at)))
        if outcome in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            raise Contradiction(f"no figures fit what is said around “{self.known[0].words}”")
        stopped = outcome == highspy.HighsModelStatus.kSolutionLimit
        if status == highspy.HighsStatus.kError or not (stopped or outcome == highspy.HighsModelStatus.kOptimal):
            raise Contradiction(f"the solver gave up ({outcome})")
        if len(solution) and np.isfinite(solution).all():
            self._note(np.rint(solution).astype(np.int64), columns)
        return float(info.mip_dual_bound if programme.getLp().integrality_ else info.objective_function_value)

    def _note(self, numbers: Ints, columns: Ints | None) -> None:
        """Keep a table of whole numbers if it fits everything that is published, in whole-number arithmetic."""
        table = numbers
        if columns is not None and self.whole is not None:
            table = self.whole.copy()
            table[columns] = numbers
        if (table < self.low).any() or (table > self.high).any():
            return
        totals = np.add.reduceat(self.factor * table[self.index], self.starts)
        if (totals < self.least).any() or (totals > self.most).any():
            return
        self.whole = table if self.whole is None else self.whole
        self.found_low, self.found_high = np.minimum(self.found_low, table), np.maximum(self.found_high, table)
