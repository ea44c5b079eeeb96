"""The attacker: how far can each hidden figure be worked out from everything that is published?

A linear programme gives the widest interval a figure could lie in. That is only an outer bound, because counts are
whole, so a figure counts as safe only when two whole tables are at hand that both could be true and differ enough
there. Such tables are kept in a pool: one table is a witness for many figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .problem import Ints, Mask, Problem
from .programme import (
    PRIMAL,
    Clock,
    Floats,
    Matrix,
    SolverFailed,
    change_bounds,
    change_cost,
    load,
    matrix_of,
    run,
    solver,
    values,
)


@dataclass(frozen=True, slots=True)
class Exposed:
    """A target that is not safe: `insider` is the figure that the attacker knows besides, if any."""

    target: int
    insider: int | None


@dataclass(frozen=True, slots=True)
class Price:
    """Why a target cannot move further, as prices: moving a column's bounds by one moves the target that much."""

    reached: float
    up: Floats
    """Per column: gain when its upper bound rises by one."""
    down: Floats
    """Per column: gain when its lower bound falls by one."""
    slack: float
    """What the relations themselves allow."""


class Attacker:
    """Attack one problem, with any set of figures hidden. Works in moves over the columns that can move."""

    def __init__(self, problem: Problem, clock: Clock, box: int | None = None) -> None:
        self.problem = problem
        self.clock = clock
        self.matrix: Matrix = matrix_of(problem)
        self.columns = self.matrix.columns
        self.place = np.full(len(problem.system.truth), -1)
        self.place[self.columns] = np.arange(len(self.columns))
        self.box = box or 8 * int(problem.width.max(initial=1)) + 64
        size = len(self.columns)
        self.pool = np.zeros((1, size), dtype=np.int64)
        self._highs = solver(PRIMAL)
        self.low, self.high = np.zeros(size, np.int64), np.zeros(size, np.int64)
        self.attacked = 0
        self._dual = np.zeros(size)
        load(self._highs, np.zeros(size), np.zeros(size), np.zeros(size), self.matrix)

    def hide(self, hidden: Mask) -> None:
        """Publish everything except `hidden`."""
        low, high = self.problem.bounds(hidden)
        self.low = np.maximum(low[self.columns], -self.box)
        self.high = np.minimum(high[self.columns], self.box)
        everything = np.arange(len(self.columns))
        change_bounds(self._highs, everything, self.low.astype(float), self.high.astype(float))

    def interval(self, variable: int) -> tuple[int, int]:
        """Give the least and greatest value of a figure that fit what is published (outer bounds)."""
        truth = self.problem.system.truth[variable]
        at = int(self.place[variable])
        if at < 0:
            return truth, truth
        ends = [sign * self._push(np.array([at]), np.array([float(sign)]))[at] for sign in (1, -1)]
        return truth - int(np.floor(ends[1] + 1e-6)), truth + int(np.floor(ends[0] + 1e-6))

    def price(self, exposed: Exposed, sign: int) -> Price:
        """Push a target one way and give how far it went, and what held it back."""
        at = np.array([self.place[exposed.target]])
        low, high = self.low.astype(float), self.high.astype(float)
        with self._insider(exposed.insider):
            moves = self._push(at, np.array([float(sign)]))
        if exposed.insider is not None:
            self._dual[self.place[exposed.insider]] = 0.0
        up, down = np.maximum(-self._dual, 0.0), np.maximum(self._dual, 0.0)
        reached = sign * float(moves[at[0]])
        return Price(reached, up, down, reached - float(up @ high - down @ low))

    def still_open(self, exposed: Exposed) -> bool:
        """Tell whether the pool still does not prove a target safe."""
        return len(self._open(exposed.insider, np.array([exposed.target]))) > 0

    def unproven(self, hidden: Mask) -> list[Exposed]:
        """Give the targets for which no two whole tables show that they are safe, having looked for them.

        Call `hide` with the same figures first.
        """
        found = []
        for insider, targets in self._scenarios(hidden):
            left = self._open(insider, targets)
            if not len(left):
                continue
            with self._insider(insider):
                left = self._in_bundles(insider, left)
                for target in left:
                    if not self._alone(insider, int(target)):
                        found.append(Exposed(int(target), insider))
        return found

    def witnesses(self, hidden: Mask) -> tuple[Ints, dict[int, tuple[int, int]]]:
        """Give the pool's tables (values of all variables) and for each target the numbers of two that differ most.

        Insiders are left out: what they need is a stricter form of the same.
        """
        alive = np.flatnonzero(self._possible(None))
        moves = self.pool[alive]
        targets = [int(t) for t in self.problem.targets(hidden) if self.place[t] >= 0]
        pairs = {
            t: (int(np.argmin(moves[:, self.place[t]])), int(np.argmax(moves[:, self.place[t]])))
            for t in targets
        }
        used = sorted({number for pair in pairs.values() for number in pair})
        new = {number: at for at, number in enumerate(used)}
        points = np.tile(np.array(self.problem.system.truth, dtype=np.int64), (len(used), 1))
        points[:, self.columns] += moves[used]
        return points, {t: (new[low], new[high]) for t, (low, high) in pairs.items()}

    def _scenarios(self, hidden: Mask) -> Iterator[tuple[int | None, Ints]]:
        yield None, self.problem.targets(hidden)
        for insider, targets in self.problem.insiders:
            yield insider, targets

    def _possible(self, insider: int | None) -> Mask:
        fine = np.all((self.pool >= self.low) & (self.pool <= self.high), axis=1)
        if insider is not None and (at := self.place[insider]) >= 0:
            fine &= self.pool[:, at] == 0
        return np.asarray(fine, dtype=bool)

    def _open(self, insider: int | None, targets: Ints) -> Ints:
        """Give the targets that the pool does not prove safe."""
        moving = targets[self.place[targets] >= 0]
        stuck = targets[self.place[targets] < 0]
        points = self.pool[self._possible(insider)][:, self.place[moving]]
        highest, lowest = points.max(axis=0, initial=0), points.min(axis=0, initial=0)
        safe = (highest - lowest >= self.problem.width[moving]) & (highest >= self.problem.reach[moving])
        return np.concatenate([stuck, moving[~safe]])

    def _insider(self, insider: int | None) -> _Fixed:
        return _Fixed(self, None if insider is None else int(self.place[insider]))

    def _in_bundles(self, insider: int | None, left: Ints) -> Ints:
        """Push many targets at once, while that proves more of them than pushing each alone would."""
        turn = 0
        while len(left) > 2:
            before = len(left)
            for sign in (1.0, -1.0):
                at = self.place[left]
                at = at[at >= 0]
                direction = np.full(len(at), sign)
                if turn % 2:  # figures on one line cannot all go the same way
                    direction[1::2] *= -1
                self._keep(self._push(at, direction), insider)
                left = self._open(insider, left)
            turn += 1
            if before - len(left) < 4:
                break
        return left

    def _alone(self, insider: int | None, target: int) -> bool:
        at = int(self.place[target])
        if at < 0:
            return False
        reached = []
        for sign in (1, -1):
            moves = self._push(np.array([at]), np.array([float(sign)]))
            reached.append(sign * moves[at])
            self._keep(moves, insider)
            if not len(self._open(insider, np.array([target]))):
                return True
        up, down = (int(np.floor(r + 1e-6)) for r in reached)
        need, reach = int(self.problem.width[target]), int(self.problem.reach[target])
        if up + down < need or up < reach:
            return False
        for sign, go in ((1, min(up, max(reach, need))), (-1, min(down, need - min(up, need)))):
            if go > 0:
                self._keep(self._whole(at, sign, insider), insider)
        return not len(self._open(insider, np.array([target])))

    def _push(self, at: Ints, direction: Floats) -> Floats:
        """Move columns as far as can be in `direction`; gives all moves."""
        self.attacked += len(at)
        change_cost(self._highs, at, -direction)
        if not run(self._highs, self.clock):
            raise SolverFailed("the truth itself does not fit what is published")
        solution = self._highs.getSolution()
        self._dual = np.array(solution.col_dual)
        moves = np.array(solution.col_value)
        change_cost(self._highs, at, np.zeros(len(at)))
        return moves

    def _whole(self, at: int, sign: int, insider: int | None) -> Floats:
        """Push one column in whole numbers: for the rare programme whose corners are not whole."""
        highs = solver({"mip_max_nodes": 2000})
        low, high = self.low.astype(float), self.high.astype(float)
        if insider is not None:
            low[self.place[insider]] = high[self.place[insider]] = 0.0
        cost = np.zeros(len(self.columns))
        cost[at] = -float(sign)
        load(highs, cost, low, high, self.matrix, whole=True)
        self.attacked += 1
        return values(highs, len(cost)) if run(highs, self.clock) else np.zeros(len(cost))

    def _keep(self, moves: Floats, insider: int | None) -> None:
        """Put a table in the pool if, in whole numbers, it could be the truth."""
        whole = np.rint(moves).astype(np.int64)
        fits = np.all(whole >= self.low) and np.all(whole <= self.high) and self.matrix.keeps(whole)
        if fits and (insider is None or whole[self.place[insider]] == 0):
            self.pool = np.vstack([self.pool, whole])


class _Fixed:
    """Hold one column at its true value, for an attacker who knows it."""

    def __init__(self, attacker: Attacker, at: int | None) -> None:
        self.attacker, self.at = attacker, at

    def __enter__(self) -> None:
        if self.at is not None and self.at >= 0:
            change_bounds(self.attacker._highs, [self.at], np.zeros(1), np.zeros(1))

    def __exit__(self, *_: object) -> None:
        if self.at is not None and self.at >= 0:
            low, high = self.attacker.low[[self.at]], self.attacker.high[[self.at]]
            change_bounds(self.attacker._highs, [self.at], low.astype(float), high.astype(float))
