"""The cheapest set of figures to hide, or one near it and how near, for packs that are small enough.

Benders' method after Fischetti and Salazar: a master programme proposes a set, the attacker's programmes price why a
target is still exposed, and each price becomes a cut that any safe set must obey. The master is first a linear
programme, which hides figures in part: its cuts are quickly found, and tell what is worth hiding and which figures are
needed. Rounds and nodes are counted, and time is not, so that the same pack gives the same pattern on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from .attacker import Attacker, Price
from .problem import Mask, Problem
from .programme import Clock, Floats, SolverFailed, run, run_any, solver, values
from .proofs import Exposed
from .repair import Repairer


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look: rounds, nodes of each master programme, and the share above the cheapest that will do."""

    rounds: int
    nodes: int
    gap: float


EFFORTS = {150: Effort(30, 2000, 1e-6), 600: Effort(3, 100, 0.01)}
"""By how many figures may be hidden at most."""
_NEARLY = 12
"""A proposal with no more exposed than this is worth mending."""
_PARTLY = 30
"""Rounds of the linear master."""
_SLOW = 0.003
"""A round that brings no more than this share is the last."""
_HINT = 0.05
"""The share of its weight that a figure keeps which the linear master hides wholly."""
_KEPT = 400
"""So many moves of earlier rounds are tried at the next one."""
_SLIGHT = 1e-4


class Master:
    """The master programme: one yes-or-no per figure that may be hidden."""

    def __init__(self, problem: Problem, attacker: Attacker) -> None:
        self.problem, self.attacker = problem, attacker
        self.choices = np.flatnonzero(problem.can_hide)
        self.place = np.full(len(problem.can_hide), -1)
        self.place[self.choices] = np.arange(len(self.choices))
        self.effort = next(effort for most, effort in EFFORTS.items() if len(self.choices) <= most)
        self.highs = solver({"mip_max_nodes": self.effort.nodes, "mip_rel_gap": self.effort.gap})
        self._ends = attacker.within(np.zeros_like(problem.can_hide)), attacker.within(np.ones_like(problem.can_hide))
        self._cuts: list[tuple[NDArray[np.int32], Floats, float]] = []
        self._dense = np.zeros((0, len(self.choices))), np.zeros(0)
        for variable in self.choices:
            least = 1.0 if problem.must_hide[variable] else 0.0
            self.highs.addVar(least, 1.0)
        everything = np.arange(len(self.choices), dtype=np.int32)
        self.highs.changeColsCost(len(everything), everything, problem.weight[self.choices])

    @property
    def cuts(self) -> int:
        """Give how many cuts there are."""
        return len(self._cuts)

    def relax(self, clock: Clock) -> tuple[Floats, float]:
        """Cut while figures may be hidden in part; give the share of each that is, and the least that any set costs."""
        share, least, last = np.zeros(len(self.place)), 0.0, -1.0
        fixed = _cost(self.problem, self.problem.must_hide)
        partly = _Partly(self.problem, self.attacker)
        for _ in range(_PARTLY):
            if not run(self.highs, clock):
                raise SolverFailed("no set at all obeys the cuts")
            share[self.choices] = values(self.highs, len(self.choices))
            least = float(self.highs.getInfo().objective_function_value)
            before = self.cuts
            for exposed in partly.exposed(share):
                self.cut(exposed)
            if self.cuts == before or (last > 0 and least - last < _SLOW * (least - fixed)):
                break
            last = least
        kinds = np.array([highspy.HighsVarType.kInteger] * len(self.choices))
        self.highs.changeColsIntegrality(len(kinds), np.arange(len(kinds), dtype=np.int32), kinds)
        return share, least

    def needed(self, hidden: Mask) -> Mask:
        """Give the figures that some cut says cannot be shown, each by itself, with nothing but `hidden` hidden."""
        if len(self._dense[1]) < self.cuts:
            terms = np.zeros((self.cuts, len(self.choices)))
            for row, (at, by, _) in enumerate(self._cuts):
                terms[row, at] = by
            self._dense = terms, np.array([rhs for _, _, rhs in self._cuts])
        terms, rhs = self._dense
        spare = terms @ hidden[self.choices] - rhs + 1e-6
        found = np.zeros_like(hidden)
        found[self.choices] = np.any(terms > spare[:, None], axis=0)
        return found

    def propose(self, clock: Clock) -> tuple[Mask, float] | None:
        """Give a cheap set that obeys the cuts so far and the least that the cheapest can cost; None if none found."""
        if not run_any(self.highs, clock):
            return None
        hidden = np.zeros(len(self.place), dtype=bool)
        hidden[self.choices[values(self.highs, len(self.choices)) > 0.5]] = True
        return hidden, float(self.highs.getInfo().mip_dual_bound)

    def cut(self, exposed: Exposed) -> None:
        """Add what the attacker's prices say about an exposed target."""
        problem, target = self.problem, exposed.target
        if exposed not in self.attacker.prices:
            return
        up, down = self.attacker.prices[exposed]
        need, reach = float(problem.width[target]), float(problem.reach[target])
        if up.reached < reach - 1e-6:
            self._add([up], reach, target)
        if up.reached + down.reached < need - 1e-6:
            self._add([up, down], need, target)

    def _add(self, prices: list[Price], need: float, target: int) -> None:
        problem, columns = self.problem, self.attacker.columns
        (shown_low, shown_high), (hidden_low, hidden_high) = self._ends
        up, down = sum(price.up for price in prices), sum(price.down for price in prices)
        given = float(up @ shown_high - down @ shown_low) + sum(p.slack for p in prices)
        gain = up * (hidden_high - shown_high) + down * (shown_low - hidden_low)
        rhs = need - given
        if rhs <= 1e-6:
            return
        gain = np.minimum(gain, rhs)
        terms = {
            int(self.place[c]): float(g) for c, g in zip(columns, gain, strict=True) if g > 1e-7 and self.place[c] >= 0
        }
        if not problem.must_hide[target] and not problem.always[target]:
            mine = int(self.place[target])
            terms[mine] = terms.get(mine, 0.0) - rhs
            rhs = 0.0
        at = np.array(sorted(terms), dtype=np.int32)
        by = np.array([terms[int(i)] for i in at])
        self.highs.addRow(rhs, highspy.kHighsInf, len(at), at, by)
        self._cuts.append((at, by, rhs))


class _Partly:
    """The attacker where figures are hidden in part, and may move so far in part."""

    def __init__(self, problem: Problem, attacker: Attacker) -> None:
        self.problem, self.attacker = problem, attacker
        self._shown = [end.astype(np.float64) for end in attacker.within(np.zeros_like(problem.can_hide))]
        self._hidden = [end.astype(np.float64) for end in attacker.within(np.ones_like(problem.can_hide))]
        self._moves: list[Floats] = []

    def exposed(self, share: Floats) -> list[Exposed]:
        """Give the targets that are not as wide as their share asks, and keep the prices that tell why.

        Moves that proved a target in an earlier round, as far as they fit in this one, spare most of the pushes.
        """
        problem, attacker = self.problem, self.attacker
        part = share[attacker.columns]
        low, high = (shown + part * (hidden - shown) for shown, hidden in zip(self._shown, self._hidden, strict=True))
        attacker.bound(low, high)
        attacker.prices = {}
        rise, fall = self._reached(low, high)
        asked = np.where(problem.must_hide | problem.always, 1.0, share)
        found = []
        for target in np.flatnonzero((asked > _SLIGHT) & ~problem.spent):
            if (at := int(attacker.place[target])) < 0:
                continue
            width, reach = asked[target] * problem.width[target], asked[target] * problem.reach[target]
            prices = []
            for sign in (1.0, -1.0):
                if rise[at] >= reach - _SLIGHT and rise[at] + fall[at] >= width - _SLIGHT:
                    break
                moves = attacker.push(np.array([at]), np.array([sign]))
                prices.append(attacker.price(sign * float(moves[at]), low, high))
                rise, fall = np.maximum(rise, moves), np.maximum(fall, -moves)
                self._moves.append(moves)
            if len(prices) == 2 and (rise[at] < reach - _SLIGHT or rise[at] + fall[at] < width - _SLIGHT):
                found.append(Exposed(int(target), None))
                attacker.prices[found[-1]] = prices[0], prices[1]
        self._moves = self._moves[-_KEPT:]
        return found

    def _reached(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Give how far up and down each column goes in the moves kept, each cut short so that it fits."""
        moves = np.array([np.zeros(len(low)), *self._moves])
        with np.errstate(divide="ignore", invalid="ignore"):
            fits = np.where(moves > 1e-9, high / moves, np.where(moves < -1e-9, low / moves, 1.0)).min(axis=1)
        moves *= np.minimum(fits, 1.0)[:, None]
        return moves.max(axis=0), -moves.min(axis=0)


def improve(problem: Problem, safe: Repairer, clock: Clock) -> Repairer:
    """Give the cheapest safe set, or the best one found when its rounds do not prove that.

    `safe` holds a safe set, and is pruned. Larger packs are content with a set within 1 % of the cheapest.
    """
    attacker = Attacker(problem, clock)
    master = Master(problem, attacker)
    enough = 1 - master.effort.gap
    share, least = master.relax(clock)
    hinted = replace(problem, weight=problem.weight * np.maximum(1 - share, _HINT))
    guided = Repairer(hinted, attacker.matrix, clock, safe.proofs.moves())
    best = _better(problem, safe, guided, problem.must_hide, master)
    if best is safe:
        safe.prune(master.needed)
    for turn in range(master.effort.rounds):
        if least >= _cost(problem, best.proofs.hidden) * enough:
            break
        proposed = master.propose(clock)
        if proposed is None:
            break
        proposal, least = proposed
        if least >= _cost(problem, best.proofs.hidden) * enough:
            break
        attacker.hide(proposal)
        exposed = attacker.exposed(proposal)
        before = master.cuts
        for one in exposed:
            master.cut(one)
        last = master.cuts == before or turn + 1 == master.effort.rounds
        if len(exposed) <= _NEARLY or last:
            best = _better(
                problem, best, Repairer(problem, attacker.matrix, clock, best.proofs.moves()), proposal, master
            )
        if last:
            break
    return best


def _better(problem: Problem, best: Repairer, other: Repairer, start: Mask, master: Master) -> Repairer:
    """Give the cheaper of a safe set and of what another repair makes of `start`."""
    if other.protect(start):
        return best
    other.prune(master.needed)
    return other if _cost(problem, other.proofs.hidden) < _cost(problem, best.proofs.hidden) else best


def _cost(problem: Problem, hidden: Mask) -> float:
    return float(problem.weight[hidden].sum())
