"""The cheapest further figures to hide so that one exposed figure becomes safe.

A figure is safe when the tables that fit include one where it lies higher (and one where it lies lower). The
repair looks for such a table at least cost, where what is hidden already may move freely and anything else
pays to move.
"""

from __future__ import annotations

import numpy as np

from .attacker import Attacker, Exposed
from .problem import Ints, Mask, Problem
from .programme import DUAL, Clock, Floats, change_bounds, load, run, solver, values

_LEAST = 0.5
_THOROUGH = 1000
"""Up to so many figures, two ways to make each target safe are compared."""


class Repairer:
    """Find repairs for one problem. Its columns: free moves, then paid moves up, then paid moves down."""

    def __init__(self, problem: Problem, attacker: Attacker, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self.rows, self.columns, self.place = attacker.matrix, attacker.columns, attacker.place
        self.box = attacker.box
        self.hidden = np.zeros(len(problem.must_hide), dtype=bool)
        self._highs = solver(DUAL)
        size = len(self.columns)
        # Each relation speaks of the free and both paid moves of a figure, so its terms come three times.
        rows = self.rows
        sizes = np.diff(rows.start)
        owner = np.repeat(np.arange(len(sizes)), sizes)
        order = np.argsort(np.concatenate([owner, owner, owner]), kind="stable")
        index = np.concatenate([rows.index, rows.index + size, rows.index + 2 * size])[order]
        factor = np.concatenate([rows.factor, rows.factor, -rows.factor])[order]
        tripled = type(rows)(
            rows.columns, (3 * rows.start).astype(np.int32), index.astype(np.int32), factor, rows.low, rows.high
        )
        weight = problem.weight[self.columns]
        zero = np.zeros(size)
        load(self._highs, np.concatenate([zero, weight, weight]), np.zeros(3 * size), np.zeros(3 * size), tripled)

    def repair(self, hidden: Mask, exposed: Exposed) -> Mask | None:
        """Give `hidden` with more hidden so that the target is safe; None when nothing would make it so."""
        target = exposed.target
        need, reach = int(self.problem.width[target]), int(self.problem.reach[target])
        # An unhidden target must keep its figure: it can only move within what its rounding allows.
        down = min(need, max(0, -int(self._bound(target, low=True))))
        best: Mask | None = None
        least = max(reach, need - down)
        choices = (need, least) if len(self.columns) <= _THOROUGH else (least,)
        for up in dict.fromkeys((*choices, *range(least + 1, need + 1))):
            if best is not None and up not in choices:
                break
            more = self._moves(hidden, exposed, up)
            if more is not None and need > up:
                more = self._moves(more, exposed, up - need)
            if more is not None and (best is None or self._cost(more) < self._cost(best)):
                best = more
        return best

    def _bound(self, variable: int, *, low: bool) -> int:
        side = self.problem.hidden_low if low else self.problem.hidden_high
        return int(side[variable])

    def _cost(self, hidden: Mask) -> float:
        return float(self.problem.weight[hidden].sum())

    def _moves(self, hidden: Mask, exposed: Exposed, move: int) -> Mask | None:
        """Give the cheapest set with which the target can move by exactly `move`."""
        at = int(self.place[exposed.target])
        if at < 0:
            return None
        size = len(self.columns)
        low, high = (side[self.columns] for side in self.problem.bounds(hidden))
        free_low, free_high = np.maximum(low, -self.box), np.minimum(high, self.box)
        payable = self.problem.can_hide[self.columns] & ~hidden[self.columns]
        up = np.where(payable, np.minimum(self.problem.hidden_high[self.columns], self.box) - free_high, 0)
        down = np.where(payable, free_low - np.maximum(self.problem.hidden_low[self.columns], -self.box), 0)
        if not free_low[at] <= move <= free_high[at]:
            return None
        free_low[at] = free_high[at] = move
        if exposed.insider is not None and (insider := int(self.place[exposed.insider])) >= 0:
            free_low[insider] = free_high[insider] = up[insider] = down[insider] = 0
        lows = np.concatenate([free_low, np.zeros(2 * size)]).astype(float)
        highs = np.concatenate([free_high, np.maximum(up, 0), np.maximum(down, 0)]).astype(float)
        change_bounds(self._highs, np.arange(3 * size), lows, highs)
        if not run(self._highs, self.clock):
            return None
        solution = values(self._highs, 3 * size)
        return self._with_moved(hidden, solution[size : 2 * size] + solution[2 * size :])

    def _with_moved(self, hidden: Mask, paid: Floats) -> Mask:
        more = hidden.copy()
        more[self.columns[np.flatnonzero(paid > _LEAST / self.box)]] = True
        return more


def protect_all(
    problem: Problem, attacker: Attacker, clock: Clock, start: Mask | None = None
) -> tuple[Mask, list[Exposed]]:
    """Hide figures, beyond `start`, until every target is safe; the second answer is what no hiding makes safe."""
    repairer = Repairer(problem, attacker, clock)
    hidden = (problem.must_hide if start is None else start).copy()
    lost: dict[Exposed, None] = {}
    while True:
        attacker.hide(hidden)
        open_now = [e for e in attacker.unproven(hidden) if e not in lost]
        if not open_now:
            return hidden, list(lost)
        before = hidden
        for exposed in sorted(open_now, key=lambda e: (e.insider is not None, -problem.weight[e.target], e.target)):
            if not attacker.still_open(exposed):
                continue
            more = repairer.repair(hidden, exposed)
            if more is None:
                lost[exposed] = None
            elif not np.array_equal(more, hidden):
                hidden = more
                attacker.hide(hidden)
        if np.array_equal(hidden, before):
            lost.update(dict.fromkeys(open_now))


def prune(problem: Problem, attacker: Attacker, hidden: Mask, order: Ints) -> Mask:
    """Show again, dearest first, every figure that is safe to show after all."""
    for figure in order:
        without = hidden.copy()
        without[figure] = False
        attacker.hide(without)
        if attacker.proven(without):
            hidden = without
    attacker.hide(hidden)
    return hidden
