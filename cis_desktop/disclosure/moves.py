"""The cheapest whole move of one figure among a few others: where nothing need be paid, it is a proof.

Hidden figures move almost freely, and a shown one pays its weight for every unit that it moves beyond what is
published of it. Short moves come out, because even free moves cost a little.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import highspy
import numpy as np

from .problem import Ints
from .programme import DUAL, Clock, Floats, SolverFailed, bounds, run, solver, values
from .proofs import Move, Proofs

_FREE = 0.01
_AT_ALL_COSTS = 1e4
_SLIGHT = 1e-6
_TRIES = 6
_NODES = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A whole move, and the figures that would have to be hidden for it."""

    move: Move
    pays: tuple[int, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of a small programme: which figure each moves, in which direction, at what cost, how far."""

    columns: Ints
    sign: Floats
    cost: Floats
    low: Floats
    high: Floats


class Mover:
    """Find moves for one problem, given what its proofs say is hidden."""

    def __init__(self, proofs: Proofs, clock: Clock) -> None:
        self.proofs, self.clock = proofs, clock
        matrix, problem = proofs.matrix, proofs.problem
        columns = matrix.columns
        rows = np.repeat(np.arange(len(matrix.low)), np.diff(matrix.start))
        order = np.argsort(matrix.index, kind="stable")
        self._row, self._factor = rows[order], matrix.factor[order]
        self._start = np.searchsorted(matrix.index[order], np.arange(len(columns) + 1))
        self._payable = problem.can_hide[columns]
        self._most_low = np.maximum(np.minimum(problem.hidden_low[columns], problem.shown_low[columns]), -proofs.box)
        self._most_high = np.minimum(np.maximum(problem.hidden_high[columns], problem.shown_high[columns]), proofs.box)
        self._weight = problem.weight[columns]
        draw = random.Random(0)
        self._draws = np.array([[draw.uniform(1.0, 4.0) for _ in columns] for _ in range(_TRIES)])
        self._highs = solver(DUAL)
        self._whole = solver({"mip_max_nodes": _NODES, "presolve": "off"})
        self.runs = 0

    def find(
        self, box: Ints, column: int, amount: int, fixed: int = -1, *, pay: bool = True, part: bool = False
    ) -> Found | None:
        """Move `column` by `amount`, within `box`, while `fixed` stays; None when that is not possible.

        With `part`, move it as far towards `amount` as can be. Without `pay`, only what is hidden moves.
        """
        proofs = self.proofs
        amount = max(min(amount, int(proofs.high[column])), int(proofs.low[column])) if part else amount
        if amount == 0 or not proofs.low[column] <= amount <= proofs.high[column]:
            return None
        box = box[(box != column) & (box != fixed)]
        low, high = proofs.low[box], proofs.high[box]
        hidden = proofs.hidden[proofs.matrix.columns[box]]
        payable = self._payable[box] & ~hidden & pay
        up = np.where(hidden, high, np.where(payable, self._most_high[box] - high, 0))
        down = np.where(hidden, -low, np.where(payable, low - self._most_low[box], 0))
        rises, falls = np.flatnonzero(up > 0), np.flatnonzero(down > 0)
        slides = np.flatnonzero(~hidden & ((low < 0) | (high > 0)))
        which = np.concatenate([rises, falls, slides])
        dear = len(rises) + len(falls)
        sign = np.concatenate([np.ones(len(rises)), -np.ones(len(falls)), np.ones(len(slides))])
        cost = np.where(hidden, _FREE, self._weight[box])[which]
        cost[dear:] = 0.0
        lows = np.concatenate([np.zeros(dear), low[slides]])
        highs = np.concatenate([up[rises], down[falls], high[slides]]).astype(float)
        # The target itself comes last: it moves by the whole amount, or is well paid for each unit.
        programme = _Part(
            columns=np.append(box[which], column),
            sign=np.append(sign, np.sign(amount)),
            cost=np.append(cost, -_AT_ALL_COSTS if part else 0.0),
            low=np.append(lows, 0.0 if part else abs(amount)),
            high=np.append(highs, abs(amount)),
        )
        solution = self._solve(programme)
        if solution is None:
            return None
        whole = np.rint(solution).astype(np.int64)
        moved = np.zeros(len(box), dtype=np.int64)
        np.add.at(moved, which, whole[:-1] * sign.astype(np.int64))
        pays = np.unique(which[:dear][(whole[:dear] > 0) & payable[which[:dear]]])
        move = {int(box[at]): int(moved[at]) for at in np.flatnonzero(moved)}
        move[column] = int(whole[-1]) * (1 if amount > 0 else -1)
        hide = tuple(int(variable) for variable in proofs.matrix.columns[box[pays]])
        return Found(move, hide, float(self._weight[box[pays]].sum())) if move[column] else None

    def _solve(self, part: _Part) -> Floats | None:
        """Solve a small programme; gives whole numbers only, or None."""
        programme = self._programme(part)
        solution = self._run(self._highs, programme)
        if solution is None or _is_whole(solution):
            return solution
        # Corners need not be whole: look at others first, then among whole moves, and pay for nothing new.
        programme.col_upper_ = np.where((solution > _SLIGHT) | (part.cost <= _FREE), part.high, part.low)
        for draw in self._draws:
            programme.col_cost_ = np.where(part.cost < 0, part.cost, (part.cost + _FREE) * draw[part.columns])
            other = self._run(self._highs, programme)
            if other is not None and _is_whole(other):
                return other
        programme.col_cost_ = part.cost
        programme.integrality_ = [highspy.HighsVarType.kInteger] * len(part.columns)
        return self._run(self._whole, programme)

    def _run(self, highs: highspy.Highs, programme: highspy.HighsLp) -> Floats | None:
        if highs.passModel(programme) == highspy.HighsStatus.kError:
            raise SolverFailed("model")
        self.runs += 1
        return values(highs, programme.num_col_) if run(highs, self.clock) else None

    def _programme(self, part: _Part) -> highspy.HighsLp:
        matrix = self.proofs.matrix
        sizes = self._start[part.columns + 1] - self._start[part.columns]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        entries = np.arange(starts[-1]) + np.repeat(self._start[part.columns] - starts[:-1], sizes)
        entry_rows = self._row[entries]
        used = np.zeros(len(matrix.low), dtype=bool)
        used[entry_rows] = True
        rows = np.flatnonzero(used)
        place = np.zeros(len(matrix.low), dtype=np.int32)
        place[rows] = np.arange(len(rows))
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = len(part.columns), len(rows)
        programme.col_cost_, programme.col_lower_, programme.col_upper_ = part.cost, part.low, part.high
        programme.row_lower_, programme.row_upper_ = bounds(matrix.low[rows]), bounds(matrix.high[rows])
        programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        programme.a_matrix_.start_ = starts.astype(np.int32)
        programme.a_matrix_.index_ = place[entry_rows]
        programme.a_matrix_.value_ = self._factor[entries] * np.repeat(part.sign, sizes)
        return programme


def _is_whole(solution: Floats) -> bool:
    return bool(np.all(np.abs(solution - np.rint(solution)) < _SLIGHT))
