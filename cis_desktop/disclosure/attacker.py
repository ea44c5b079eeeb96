"""The attacker: how far can each hidden figure be worked out from everything that is published?

A linear programme gives the widest interval a figure could lie in. That is only an outer bound, because
counts are whole, so a figure counts as safe only when two whole tables are at hand that both could be true
and differ enough there. Such tables are kept in a pool: one table is a witness for many figures.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
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


@dataclass(slots=True)
class Reach:
    """How high and low each column goes over the tables found so far; `fixed` is a column an insider knows, or -1."""

    highest: Ints
    lowest: Ints
    fixed: int


class Pool:
    """Whole tables, as moves from the truth, that keep every relation. The truth itself is the first."""

    def __init__(self, size: int) -> None:
        self._tables = np.zeros((64, size), dtype=np.int64)
        self._count = 1

    def add(self, moves: Ints) -> None:
        """Keep one more table."""
        if self._count == len(self._tables):
            self._tables = np.concatenate([self._tables, np.zeros_like(self._tables)])
        self._tables[self._count] = moves
        self._count += 1

    def fitting(self, low: Ints, high: Ints) -> Ints:
        """Give the tables within bounds."""
        tables = self._tables[: self._count]
        return np.asarray(tables[np.all((tables >= low) & (tables <= high), axis=1)])


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
        self.low, self.high = np.zeros(size, np.int64), np.zeros(size, np.int64)
        self.attacked = 0
        self.prices: dict[Exposed, tuple[Price, Price]] = {}
        """What held each exposed target back, upwards and downwards, when last looked for."""
        self._pool = Pool(size)
        self._fitting = self._pool.fitting(self.low, self.high)
        self._found: list[Ints] = []
        self._reach = Reach(self._fitting[0], self._fitting[0], -1)
        self._dual = np.zeros(size)
        self._highs = solver(PRIMAL)
        load(self._highs, np.zeros(size), np.zeros(size), np.zeros(size), self.matrix)

    def hide(self, hidden: Mask) -> None:
        """Publish everything except `hidden`."""
        low, high = self.problem.bounds(hidden)
        self.low = np.maximum(low[self.columns], -self.box)
        self.high = np.minimum(high[self.columns], self.box)
        everything = np.arange(len(self.columns))
        change_bounds(self._highs, everything, self.low.astype(float), self.high.astype(float))
        self._fitting = self._pool.fitting(self.low, self.high)
        self._found = []
        self._reach = Reach(self._fitting.max(axis=0), self._fitting.min(axis=0), -1)

    def interval(self, variable: int) -> tuple[int, int]:
        """Give the least and greatest value of a figure that fit what is published (outer bounds)."""
        truth = self.problem.system.truth[variable]
        at = int(self.place[variable])
        if at < 0:
            return truth, truth
        up, down = (self._push(np.array([at]), np.array([sign]))[at] for sign in (1.0, -1.0))
        return truth - int(np.floor(1e-6 - down)), truth + int(np.floor(up + 1e-6))

    def unproven(self, hidden: Mask) -> list[Exposed]:
        """Give the targets for which no two whole tables show that they are safe, having looked for them.

        Call `hide` with the same figures first.
        """
        self.prices = {}
        return list(self._all_unproven(hidden))

    def proven(self, hidden: Mask) -> bool:
        """Tell whether every target is safe: as `unproven`, but stops at the first that is not."""
        return self.first_unproven(hidden) is None

    def first_unproven(self, hidden: Mask) -> Exposed | None:
        """Give the first target that is not safe, if there is one. Call `hide` with the same figures first."""
        self.prices = {}
        with closing(self._all_unproven(hidden)) as exposed:
            return next(exposed, None)

    def still_open(self, exposed: Exposed) -> bool:
        """Tell whether the tables found so far still do not prove a target safe."""
        target = np.array([exposed.target])
        return len(self._open(self._reach_of(exposed.insider, target), target)) > 0

    def witnesses(self, hidden: Mask) -> tuple[Ints, dict[int, tuple[int, int]]]:
        """Give whole tables (values of all variables), and for each target the numbers of two that differ most.

        Insiders are left out: what they need is a stricter form of the same.
        """
        moves = self._pool.fitting(self.low, self.high)
        targets = [int(t) for t in self.problem.targets(hidden) if self.place[t] >= 0]
        pairs = {t: (int(np.argmin(moves[:, self.place[t]])), int(np.argmax(moves[:, self.place[t]]))) for t in targets}
        used = sorted({number for pair in pairs.values() for number in pair})
        new = {number: at for at, number in enumerate(used)}
        points = np.tile(np.array(self.problem.system.truth, dtype=np.int64), (len(used), 1))
        points[:, self.columns] += moves[used]
        return points, {t: (new[low], new[high]) for t, (low, high) in pairs.items()}

    def _all_unproven(self, hidden: Mask) -> Generator[Exposed, None, None]:
        yield from self._scenario(None, self.problem.targets(hidden))
        for insider, targets in self.problem.insiders:
            yield from self._scenario(insider, targets)

    def _scenario(self, insider: int | None, targets: Ints) -> Generator[Exposed, None, None]:
        reach = self._reach_of(insider, targets)
        left = self._open(reach, targets)
        if not len(left):
            return
        fixed = reach.fixed
        if fixed >= 0:
            change_bounds(self._highs, [fixed], np.zeros(1), np.zeros(1))
        try:
            for target in self._in_bundles(reach, left):
                if not self._alone(reach, exposed := Exposed(int(target), insider)):
                    yield exposed
        finally:
            if fixed >= 0:
                low, high = self.low[[fixed]].astype(float), self.high[[fixed]].astype(float)
                change_bounds(self._highs, [fixed], low, high)

    def _reach_of(self, insider: int | None, targets: Ints) -> Reach:
        """Give how far the tables found so far go; for an insider, at the targets only."""
        if insider is None or (fixed := int(self.place[insider])) < 0:
            return self._reach
        at = self.place[targets]
        if self._found:
            self._fitting = np.vstack([self._fitting, *self._found])
            self._found = []
        tables = self._fitting[self._fitting[:, fixed] == 0][:, at]
        reach = Reach(np.zeros(len(self.columns), np.int64), np.zeros(len(self.columns), np.int64), fixed)
        reach.highest[at], reach.lowest[at] = tables.max(axis=0), tables.min(axis=0)
        return reach

    def _open(self, reach: Reach, targets: Ints) -> Ints:
        """Give the targets that the tables found so far do not prove safe."""
        at = self.place[targets]
        highest, lowest = reach.highest[at], reach.lowest[at]
        safe = (highest - lowest >= self.problem.width[targets]) & (highest >= self.problem.reach[targets])
        return np.asarray(targets[~(safe & (at >= 0))])

    def _in_bundles(self, reach: Reach, left: Ints) -> Ints:
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
                self._keep(self._push(at, direction), reach)
                left = self._open(reach, left)
            turn += 1
            if before - len(left) < 4:
                break
        return left

    def _alone(self, reach: Reach, exposed: Exposed) -> bool:
        target = exposed.target
        at = int(self.place[target])
        if at < 0:
            return False
        prices = []
        for sign in (1, -1):
            moves = self._push(np.array([at]), np.array([float(sign)]))
            prices.append(self._price(sign * float(moves[at]), reach.fixed))
            self._keep(moves, reach)
            if not len(self._open(reach, np.array([target]))):
                return True
        up, down = (int(np.floor(price.reached + 1e-6)) for price in prices)
        need, least = int(self.problem.width[target]), int(self.problem.reach[target])
        self.prices[exposed] = prices[0], prices[1]
        if up + down < need or up < least:
            return False
        for sign in (1, -1):
            self._keep(self._whole(at, sign, reach.fixed), reach)
        return not len(self._open(reach, np.array([target])))

    def _price(self, reached: float, fixed: int) -> Price:
        if fixed >= 0:
            self._dual[fixed] = 0.0
        up, down = np.maximum(-self._dual, 0.0), np.maximum(self._dual, 0.0)
        return Price(reached, up, down, reached - float(up @ self.high - down @ self.low))

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

    def _whole(self, at: int, sign: int, fixed: int) -> Floats:
        """Push one column in whole numbers: for the rare programme whose corners are not whole."""
        highs = solver({"mip_max_nodes": 2000})
        low, high = self.low.astype(float), self.high.astype(float)
        if fixed >= 0:
            low[fixed] = high[fixed] = 0.0
        cost = np.zeros(len(self.columns))
        cost[at] = -float(sign)
        load(highs, cost, low, high, self.matrix, whole=True)
        self.attacked += 1
        return values(highs, len(cost)) if run(highs, self.clock) else np.zeros(len(cost))

    def _keep(self, moves: Floats, reach: Reach) -> None:
        """Keep a table if, in whole numbers, it could be the truth."""
        whole = np.rint(moves).astype(np.int64)
        fits = np.all(whole >= self.low) and np.all(whole <= self.high) and self.matrix.keeps(whole)
        if fits and (reach.fixed < 0 or whole[reach.fixed] == 0):
            self._pool.add(whole)
            self._found.append(whole)
            for known in (reach, self._reach):
                np.maximum(known.highest, whole, out=known.highest)
                np.minimum(known.lowest, whole, out=known.lowest)
