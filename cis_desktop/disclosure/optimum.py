"""The cheapest set of figures to hide, proven so, for packs that are small enough.

Benders' method after Fischetti and Salazar: a master programme proposes a set, the attacker's programmes
price why a target is still exposed, and each price becomes a cut that any safe set must obey. Rounds and
nodes are counted, and time is not, so that the same pack gives the same pattern on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from .attacker import Attacker, Price
from .problem import Mask, Problem
from .programme import Clock, run_any, solver, values
from .proofs import Exposed
from .repair import Repairer


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look: rounds, nodes of each master programme, and the share above the cheapest that will do."""

    rounds: int
    nodes: int
    gap: float


SMALL, LARGE = Effort(30, 2000, 1e-6), Effort(3, 100, 0.01)
_SMALL_CHOICES = 150
_NEARLY = 12
"""A proposal with no more exposed than this is worth mending."""


class Master:
    """The master programme: one yes-or-no per figure that may be hidden."""

    def __init__(self, problem: Problem, attacker: Attacker) -> None:
        self.problem, self.attacker = problem, attacker
        self.choices = np.flatnonzero(problem.can_hide)
        self.place = np.full(len(problem.can_hide), -1)
        self.place[self.choices] = np.arange(len(self.choices))
        self.effort = SMALL if len(self.choices) <= _SMALL_CHOICES else LARGE
        self.highs = solver({"mip_max_nodes": self.effort.nodes, "mip_rel_gap": self.effort.gap})
        self.cuts = 0
        for variable in self.choices:
            least = 1.0 if problem.must_hide[variable] else 0.0
            self.highs.addVar(least, 1.0)
        count = len(self.choices)
        everything = np.arange(count, dtype=np.int32)
        self.highs.changeColsCost(count, everything, problem.weight[self.choices])
        kinds = np.array([highspy.HighsVarType.kInteger] * count)
        self.highs.changeColsIntegrality(count, everything, kinds)

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
        problem, attacker = self.problem, self.attacker
        columns = attacker.columns
        shown_low = np.maximum(problem.shown_low[columns], -attacker.box)
        shown_high = np.minimum(problem.shown_high[columns], attacker.box)
        hidden_low = np.maximum(problem.hidden_low[columns], -attacker.box)
        hidden_high = np.minimum(problem.hidden_high[columns], attacker.box)
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
        self.highs.addRow(rhs, highspy.kHighsInf, len(at), at, np.array([terms[int(i)] for i in at]))
        self.cuts += 1


def improve(problem: Problem, attacker: Attacker, clock: Clock, incumbent: Mask) -> Mask:
    """Give the cheapest safe set, or the best one found when its rounds do not prove that.

    `incumbent` is a safe set. Larger packs are content with a set within 1 % of the cheapest.
    """
    master = Master(problem, attacker)
    enough = 1 - master.effort.gap
    for turn in range(master.effort.rounds):
        proposed = master.propose(clock)
        if proposed is None:
            return incumbent
        proposal, least = proposed
        if least >= _cost(problem, incumbent) * enough:
            return incumbent
        attacker.hide(proposal)
        exposed = attacker.exposed(proposal)
        if len(exposed) <= _NEARLY or turn >= 2:
            repairer = Repairer(problem, attacker.matrix, clock)
            lost = repairer.protect(proposal)
            if not lost and _cost(problem, repairer.proofs.hidden) < _cost(problem, incumbent):
                incumbent = repairer.proofs.hidden
            if least >= _cost(problem, incumbent) * enough:
                return incumbent
        before = master.cuts
        for one in exposed:
            master.cut(one)
        if master.cuts == before:
            break
    return incumbent


def _cost(problem: Problem, hidden: Mask) -> float:
    return float(problem.weight[hidden].sum())
