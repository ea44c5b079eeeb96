"""Between which values a hidden figure must lie, given everything that is known around it.

Linear programmes give an interval that is never too narrow; where a solution is not in whole numbers, a mixed-integer
programme settles it, because figures are whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .published import Figure, Known, Relation

NEAR = 1e-6
SECONDS = 5.0
"""The most time a mixed-integer programme gets; what it has not settled then counts as exposed."""
FRACTIONS_FROM = 8
"""Intervals of fractions wider than so many thresholds are taken as they are."""


class Contradiction(Exception):
    """No figures fit what the files say."""


@dataclass(slots=True)
class Interval:
    """The least and greatest value of a figure."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Solved:
    """An end of a figure's interval, and whether it was reached in whole numbers that fit everything."""

    value: float
    whole: bool


class Component:
    """Figures that are tied together, and the programme over them. Attack it with `narrow()`."""

    def __init__(self, figures: list[Figure], relations: list[Relation], known: dict[Figure, Known]) -> None:
        self.figures = figures
        self.known = known
        self.at = {figure: n for n, figure in enumerate(figures)}
        self.relations = relations
        # Nothing limits some hidden figures from above; this is beyond anything that the others could tell.
        numbers = [abs(b) for r in relations for b in (r.low, r.high) if b is not None]
        numbers += [b for f in figures for b in (known[f].low, known[f].high) if b is not None]
        self.far = 4 * sum(sorted(numbers)[-8:]) + 1000 * max(known[f].threshold for f in figures)
        self.seen = [Interval(1 << 62, -1) for _ in figures]

    def narrow(self) -> Iterator[tuple[Figure, Interval]]:
        """Give each hidden (or small and rounded) figure with its interval, or one wide enough to be safe."""
        if not self.relations:
            for figure in self.figures:
                known = self.known[figure]
                yield figure, Interval(known.low, self.far if known.high is None else known.high)
            return
        programme = self._programme(whole=False)
        self._solve(programme, 0, 0)
        for n, figure in enumerate(self.figures):
            known = self.known[figure]
            if not known.hidden_in and not known.small_band:
                continue
            ends: list[Solved] = []
            for sign in (1, -1):
                if not self._wide_enough(n):
                    ends.append(self._solve(programme, n, sign))
            yield figure, self.seen[n] if self._wide_enough(n) else self._settled(n, ends)

    def _wide_enough(self, n: int) -> bool:
        """Say whether whole-number solutions seen so far show already that figure `n` is safe."""
        known, seen = self.known[self.figures[n]], self.seen[n]
        if known.small_band and not known.hidden_in:
            return seen.high - seen.low >= known.small_band[1] - known.small_band[0]
        return seen.high - seen.low >= known.threshold - 1 and seen.high >= known.threshold

    def _settled(self, n: int, ends: list[Solved]) -> Interval:
        """Give the interval of figure `n` from its two ends, in whole numbers where that can matter."""
        interval = Interval(math.ceil(ends[0].value - NEAR), math.floor(ends[1].value + NEAR))
        wide = interval.high - interval.low >= FRACTIONS_FROM * self.known[self.figures[n]].threshold
        if wide or all(end.whole for end in ends):
            return interval
        strict = self._programme(whole=True)
        for sign in (1, -1):
            self._solve(strict, n, sign)
        return self.seen[n]

    def _programme(self, whole: bool) -> Any:
        import highspy
        import numpy as np

        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.figures), len(self.relations)
        model.col_cost_ = np.zeros(model.num_col_)
        model.col_lower_ = np.array([self.known[f].low for f in self.figures], dtype=float)
        model.col_upper_ = np.array(
            [self.far if (high := self.known[f].high) is None else high for f in self.figures], dtype=float
        )
        free = highspy.kHighsInf
        model.row_lower_ = np.array([-free if r.low is None else r.low for r in self.relations], dtype=float)
        model.row_upper_ = np.array([free if r.high is None else r.high for r in self.relations], dtype=float)
        starts, index, factors = [0], [], []
        for relation in self.relations:
            index += [self.at[figure] for figure, _ in relation.terms]
            factors += [float(factor) for _, factor in relation.terms]
            starts.append(len(index))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_ = np.array(starts), np.array(index)
        model.a_matrix_.value_ = np.array(factors)
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
        programme = highspy.Highs()
        # One thread everywhere: programmes of one process with different settings make `run()` fail.
        for option, value in (("output_flag", False), ("threads", 1), ("simplex_strategy", 4)):
            programme.setOptionValue(option, value)
        programme.setOptionValue("presolve", "on" if whole else "off")
        if whole:
            programme.setOptionValue("time_limit", SECONDS)
        if programme.passModel(model) == highspy.HighsStatus.kError:
            raise Contradiction("a programme could not be made of what the files say")
        return programme

    def _solve(self, programme: Any, n: int, sign: int) -> Solved:
        """Solve for the least (sign 1) or greatest (-1) value of figure `n` (0: for any); note whole solutions."""
        import highspy

        programme.changeColCost(n, float(sign))
        status, outcome = programme.run(), programme.getModelStatus()
        values = list(programme.getSolution().col_value)
        programme.changeColCost(n, 0.0)
        if outcome in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            raise Contradiction(f"no figures fit what is said around “{self.known[self.figures[n]].words}”")
        late = outcome == highspy.HighsModelStatus.kTimeLimit
        if status == highspy.HighsStatus.kError or not (late or outcome == highspy.HighsModelStatus.kOptimal):
            raise Contradiction(f"the solver gave up ({outcome})")
        rounded = [round(value) for value in values]
        whole = all(abs(a - b) < NEAR for a, b in zip(values, rounded, strict=True)) and self._fits(rounded)
        if whole:
            for seen, number in zip(self.seen, rounded, strict=True):
                seen.low, seen.high = min(seen.low, number), max(seen.high, number)
        return Solved(values[n] if values else math.nan, whole)

    def _fits(self, numbers: list[int]) -> bool:
        """Check a solution in plain whole-number arithmetic."""
        for figure, number in zip(self.figures, numbers, strict=True):
            known = self.known[figure]
            if number < known.low or (known.high is not None and number > known.high):
                return False
        for relation in self.relations:
            total = sum(factor * numbers[self.at[figure]] for figure, factor in relation.terms)
            if (relation.low is not None and total < relation.low) or (
                relation.high is not None and total > relation.high
            ):
                return False
        return True
