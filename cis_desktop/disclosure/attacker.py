"""The attacker: how far can each hidden figure be worked out from everything that is published?

A linear programme gives the widest interval a figure could lie in. That is only an outer bound, because counts are
whole: what is exposed here is exposed, and what is not still needs its proof (see `proofs.py`). The tables that come up
are kept in a pool, because one shows of many figures that they are not exposed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
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
)
from .proofs import Exposed, Move


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
        self.box = box or problem.box
        size = len(self.columns)
        self.low, self.high = np.zeros(size, np.int64), np.zeros(size, np.int64)
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
        self.low, self.high = self.within(hidden)
        self.bound(self.low.astype(float), self.high.astype(float))
        self._fitting = self._pool.fitting(self.low, self.high)
        self._found = []
        self._reach = Reach(self._fitting.max(axis=0), self._fitting.min(axis=0), -1)

    def within(self, hidden: Mask) -> tuple[Ints, Ints]:
        """Give the least and greatest move of each column when `hidden` is hidden, no further than the box."""
        low, high = self.problem.bounds(hidden)
        return np.maximum(low[self.columns], -self.box), np.minimum(high[self.columns], self.box)

    def bound(self, low: Floats, high: Floats) -> None:
        """Let columns move so far from here on; `hide` says that of figures that are wholly hidden or shown."""
        change_bounds(self._highs, np.arange(len(self.columns)), low, high)

    def moves(self) -> list[Move]:
        """Give the tables found that fit what is published, as moves."""
        tables = self._pool.fitting(self.low, self.high)[1:]
        return [{int(at): int(table[at]) for at in np.flatnonzero(table)} for table in tables]

    def interval(self, variable: int) -> tuple[int, int]:
        """Give the least and greatest value of a figure that fit what is published (outer bounds)."""
        truth = self.problem.system.truth[variable]
        at = int(self.place[variable])
        if at < 0:
            return truth, truth
        up, down = (self.push(np.array([at]), np.array([sign]))[at] for sign in (1.0, -1.0))
        return truth - int(np.floor(1e-6 - down)), truth + int(np.floor(up + 1e-6))

    def exposed(self, hidden: Mask) -> list[Exposed]:
        """Give the targets whose outer bounds are too narrow, and keep the prices that tell why.

        Call `hide` with the same figures first.
        """
        self.prices = {}
        return list(self.each_exposed(hidden))

    def first_exposed(self, hidden: Mask, among: Iterable[Exposed]) -> Exposed | None:
        """Give the first of some targets whose outer bounds are too narrow with `hidden` hidden, if there is one."""
        self.prices = {}
        self.hide(hidden)
        for one in among:
            if found := list(self._scenario(one.insider, np.array([one.target]))):
                return found[0]
        return None

    def each_exposed(self, hidden: Mask) -> Generator[Exposed, None, None]:
        """Give one after another what `exposed` gives."""
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
                self._keep(self.push(at, direction), reach)
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
            if not len(self._open(reach, np.array([target]))):
                return True
            moves = self.push(np.array([at]), np.array([float(sign)]))
            prices.append(self.price(sign * float(moves[at]), self.low, self.high, reach.fixed))
            self._keep(moves, reach)
        up, down = (int(np.floor(price.reached + 1e-6)) for price in prices)
        need, least = int(self.problem.width[target]), int(self.problem.reach[target])
        self.prices[exposed] = prices[0], prices[1]
        return up + down >= need and up >= least

    def price(self, reached: float, low: Floats | Ints, high: Floats | Ints, fixed: int = -1) -> Price:
        """Give the prices of the push just made, which reached so far within these bounds."""
        if fixed >= 0:
            self._dual[fixed] = 0.0
        up, down = np.maximum(-self._dual, 0.0), np.maximum(self._dual, 0.0)
        return Price(reached, up, down, reached - float(up @ high - down @ low))

    def push(self, at: Ints, direction: Floats) -> Floats:
        """Move columns as far as can be in `direction`; gives all moves."""
        change_cost(self._highs, at, -direction)
        if not run(self._highs, self.clock):
            raise SolverFailed("the truth itself does not fit what is published")
        solution = self._highs.getSolution()
        self._dual = np.array(solution.col_dual)
        moves = np.array(solution.col_value)
        change_cost(self._highs, at, np.zeros(len(at)))
        return moves

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
