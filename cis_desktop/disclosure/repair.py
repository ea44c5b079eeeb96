"""Which further figures to hide so that every figure that must be safe is proven so.

Each open figure is first proven with what is hidden already, if it can be; else the cheapest move that would prove it
says what to hide besides. The look is at a box around the figure, and at everything only when the box holds no move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from .boxes import Boxes
from .moves import Found, Mover
from .problem import Ints, Mask, Problem
from .programme import Clock, Matrix
from .proofs import Exposed, Move, Need, Proofs

_CATEGORIES = 10
"""How many further categories of each breakdown a box takes."""

_EVERYTHING = 1 << 30


class Repairer:
    """Prove figures of one problem safe, hiding more where that is needed."""

    def __init__(self, problem: Problem, matrix: Matrix, clock: Clock, known: Iterable[Move] = ()) -> None:
        self.problem, self.clock = problem, clock
        self.proofs = Proofs(problem, matrix)
        self._known = known
        """Moves found for other sets of figures: those that fit are proofs here too."""
        self.mover = Mover(self.proofs, clock)
        self._boxes = Boxes(problem, matrix.columns)
        self._for: dict[int, int] = {}
        """By figure hidden besides: the number of the need that it was hidden for."""

    def protect(self, start: Mask) -> list[Exposed]:
        """Hide `start` and whatever else it takes; gives what no hiding makes safe."""
        proofs = self.proofs
        proofs.hide(np.flatnonzero(start))
        for move in self._known:
            proofs.add(move)
        lost: dict[int, None] = {}
        while left := sorted(proofs.open.keys() - lost.keys(), key=self._urgency):
            for number in left:
                self.clock.left()
                if number in proofs.open and not self._repair(number, pay=True):
                    lost[number] = None
        return [proofs.needs[number].exposed for number in lost if number in proofs.open]

    def prune(self, needed: Callable[[Mask], Mask] = np.zeros_like) -> None:
        """Show again, dearest first, every figure that is safe to show after all.

        `needed` gives figures that are known to be needed while so much is hidden, so that they are not tried.
        """
        proofs, weight = self.proofs, self.problem.weight
        order = sorted(np.flatnonzero(proofs.hidden & ~self.problem.must_hide), key=lambda v: (-weight[v], v))
        known = needed(proofs.hidden)
        for figure in order:
            self.clock.left()
            if known[figure]:
                continue
            proofs.show(int(figure))
            # What it was hidden for is asked first: where that needs it still, nothing else has to be proven anew.
            first = self._for.get(int(figure), -1)
            while proofs.open and self._repair(first if first in proofs.open else next(iter(proofs.open)), pay=False):
                pass
            if proofs.open:
                proofs.go_back()
            else:
                proofs.keep()
                known = needed(proofs.hidden)

    def witnesses(self) -> tuple[list[list[int]], dict[int, tuple[int, int]]]:
        """Give whole tables (values of all variables), and for each target the numbers of two that prove it safe."""
        moves, pairs = self.proofs.pairs()
        columns = self.proofs.matrix.columns
        points = []
        for move in moves:
            point = list(self.problem.system.truth)
            for at, value in move.items():
                point[columns[at]] += value
            points.append(point)
        return points, pairs

    def _urgency(self, number: int) -> tuple[bool, float, int]:
        need = self.proofs.needs[number]
        return need.exposed.insider is not None, -float(self.problem.weight[need.exposed.target]), number

    def _repair(self, number: int, *, pay: bool) -> bool:
        """Meet a need that is open; tell whether that could be done."""
        need = self.proofs.needs[number]
        if need.met:
            return True
        if need.column < 0:
            return False
        for categories in (_CATEGORIES, _EVERYTHING):
            box = self._boxes.around(need.column, self.proofs.hidden[self.proofs.matrix.columns], categories)
            if self._stretch(number, box, pay=False):
                return True
            if pay:
                found = [self.mover.find(box, need.column, amount, need.fixed) for amount in _amounts(need)]
                best = min((one for one in found if one), key=lambda one: one.cost, default=None)
                if self._take(best, number) and need.met:
                    return True
            if len(box) == len(self.proofs.low):
                break
        return pay and self._stretch(number, np.arange(len(self.proofs.low)), pay=True)

    def _stretch(self, number: int, box: Ints, *, pay: bool) -> bool:
        """Move a target as far up, and then as far down, as is wanted or as can be; tell whether that is enough."""
        need = self.proofs.needs[number]
        for amount in _amounts(need):
            self._take(self.mover.find(box, need.column, amount, need.fixed, pay=pay, part=True), number)
            if need.met:
                return True
        return False

    def _take(self, found: Found | None, number: int) -> bool:
        if found is None:
            return False
        if found.pays:
            self.proofs.hide(found.pays)
            self._for.update(dict.fromkeys(found.pays, number))
        return self.proofs.add(found.move)


def _amounts(need: Need) -> Iterator[int]:
    """Give the moves that would meet a need at once, with the moves found so far."""
    yield max(need.reach, need.width + need.low)
    if need.high >= need.reach:
        yield need.high - need.width
