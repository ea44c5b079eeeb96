"""Linear programmes over a problem's moves, solved by HiGHS.

Every solver in the process runs on one thread, and every return value and model status is looked at: a run
that failed would otherwise leave the answer of the run before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from .problem import FAR, Ints, Problem

Floats = NDArray[np.float64]

_BASE_OPTIONS: dict[str, bool | int | float | str] = {"output_flag": False, "threads": 1, "random_seed": 0}
PRIMAL: dict[str, bool | int | float | str] = {"solver": "simplex", "simplex_strategy": 4, "presolve": "off"}
DUAL: dict[str, bool | int | float | str] = {"solver": "simplex", "simplex_strategy": 1, "presolve": "off"}

_FEASIBLE = 2  # HiGHS's kSolutionStatusFeasible

_RUN, _SIZE, _ITERATION, _NODE = 1e-3, 5e-7, 1.6e-8, 1e-4
"""Seconds that an ordinary laptop needs for a run, and by the rows and columns of its programme, each of them once,
once for each iteration, and once for each node where numbers have to be whole."""
_LAST_RESORT = 1800.0
"""Seconds of waiting after which a single run is given up."""


class OutOfTime(Exception):
    """The work that was allowed is done; nothing found so far may be used."""


class SolverFailed(Exception):
    """The solver gave neither an answer nor a proof that there is none."""


@dataclass(slots=True)
class Clock:
    """The work left for one release, in seconds of an ordinary laptop: counted, not timed.

    `check` is called each time the clock is looked at, and may raise to stop the work.
    """

    started: float
    seconds: float
    check: Callable[[], object] = lambda: None
    done: float = 0.0

    @classmethod
    def start(cls, seconds: float, check: Callable[[], object] = lambda: None) -> Clock:
        """Give a clock at nought."""
        return cls(time.perf_counter(), seconds, check)

    def left(self) -> float:
        """Give what is left; raises OutOfTime when nothing is."""
        self.check()
        if self.done >= self.seconds:
            raise OutOfTime
        return self.seconds - self.done

    def count(self, highs: highspy.Highs) -> None:
        """Add what the run just made would take an ordinary laptop."""
        info, size = highs.getInfo(), highs.getNumRow() + highs.getNumCol()
        nodes = max(info.mip_node_count, -1) + 1
        self.done += _RUN + size * (_SIZE + _ITERATION * max(info.simplex_iteration_count, 0) + _NODE * nodes)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The relations of a problem over the figures that can move, as sparse rows."""

    columns: Ints
    """The variables that can move at all; the rest are known exactly and stay where they are."""
    start: NDArray[np.int32]
    index: NDArray[np.int32]
    factor: Ints
    low: Ints
    high: Ints

    def keeps(self, moves: Ints) -> bool:
        """Tell, in whole numbers, whether moves (one per column) keep every relation."""
        if not len(self.low):
            return True
        activity = np.add.reduceat(self.factor * moves[self.index], self.start[:-1])
        return bool(np.all((activity >= self.low) & (activity <= self.high)))


def matrix_of(problem: Problem) -> Matrix:
    """Give the relations among the figures that can move, with bounds on moves."""
    least = np.minimum(problem.shown_low, problem.hidden_low)
    most = np.maximum(problem.shown_high, problem.hidden_high)
    columns = np.flatnonzero((least < 0) | (most > 0))
    place = np.full(len(least), -1)
    place[columns] = np.arange(len(columns))
    truth = problem.system.truth
    seen: dict[tuple[tuple[tuple[int, int], ...], int, int], None] = {}
    for row in problem.system.essential:
        terms = tuple((int(place[v]), factor) for v, factor in row.terms if place[v] >= 0)
        if not terms:
            continue
        activity = sum(factor * truth[v] for v, factor in row.terms)
        low = -FAR if row.low is None else row.low - activity
        high = FAR if row.high is None else row.high - activity
        seen[terms, low, high] = None
    sizes = [len(terms) for terms, _, _ in seen]
    return Matrix(
        columns=columns,
        start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32),
        index=np.array([v for terms, _, _ in seen for v, _ in terms], dtype=np.int32),
        factor=np.array([f for terms, _, _ in seen for _, f in terms], dtype=np.int64),
        low=np.array([low for _, low, _ in seen], dtype=np.int64),
        high=np.array([high for _, _, high in seen], dtype=np.int64),
    )


def solver(options: dict[str, bool | int | float | str]) -> highspy.Highs:
    """Give a quiet, one-threaded solver with these options."""
    highs = highspy.Highs()
    for name, value in (_BASE_OPTIONS | options).items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise SolverFailed(f"option {name}")
    return highs


def load(highs: highspy.Highs, cost: Floats, low: Floats, high: Floats, rows: Matrix, *, whole: bool = False) -> None:
    """Load a programme over the columns of a matrix."""
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(cost), len(rows.low)
    programme.col_cost_, programme.col_lower_, programme.col_upper_ = cost, low, high
    programme.row_lower_, programme.row_upper_ = bounds(rows.low), bounds(rows.high)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = rows.start
    programme.a_matrix_.index_ = rows.index
    programme.a_matrix_.value_ = rows.factor.astype(np.float64)
    if whole:
        programme.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    if highs.passModel(programme) == highspy.HighsStatus.kError:
        raise SolverFailed("model")


def bounds(values: Ints) -> Floats:
    """Give bounds for the solver: the far ones are none."""
    floats = values.astype(np.float64)
    floats[values >= FAR // 2] = highspy.kHighsInf
    floats[values <= -FAR // 2] = -highspy.kHighsInf
    return floats


def run(highs: highspy.Highs, clock: Clock) -> bool:
    """Solve; tell whether there is a solution. Raises OutOfTime or SolverFailed."""
    status = _solve(highs, clock)
    if status == highspy.HighsModelStatus.kUnknown:  # a warm start can go numerically wrong; a cold one has no past
        highs.clearSolver()
        status = _solve(highs, clock)
    if status == highspy.HighsModelStatus.kOptimal:
        return True
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return False
    if status == highspy.HighsModelStatus.kTimeLimit:
        raise OutOfTime
    if status in (highspy.HighsModelStatus.kSolutionLimit, highspy.HighsModelStatus.kIterationLimit):
        return False
    raise SolverFailed(highs.modelStatusToString(status))


def _solve(highs: highspy.Highs, clock: Clock) -> highspy.HighsModelStatus:
    clock.left()
    # HiGHS counts run time over the life of a solver, so the limit is set from what it has used already.
    _check(highs.setOptionValue("time_limit", highs.getRunTime() + _LAST_RESORT))
    _check(highs.run())
    clock.count(highs)
    return highs.getModelStatus()


def run_any(highs: highspy.Highs, clock: Clock) -> bool:
    """Solve a whole-number programme; tell whether there is a solution, even if it is not known to be the best."""
    return run(highs, clock) or highs.getInfo().primal_solution_status == _FEASIBLE


def values(highs: highspy.Highs, count: int) -> Floats:
    """Give the first `count` column values of the solution just found."""
    return np.array(highs.getSolution().col_value[:count])


def change_bounds(highs: highspy.Highs, at: Sequence[int] | Ints, low: Floats, high: Floats) -> None:
    """Set the bounds of columns."""
    if len(at):
        _check(highs.changeColsBounds(len(at), np.asarray(at, dtype=np.int32), low, high))


def change_cost(highs: highspy.Highs, at: Sequence[int] | Ints, cost: Floats) -> None:
    """Set the costs of columns."""
    if len(at):
        _check(highs.changeColsCost(len(at), np.asarray(at, dtype=np.int32), cost))


def _check(status: highspy.HighsStatus) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverFailed("call")
