"""What is proven so far: whole tables that could be the truth, and which figures they show to be safe.

A proof is a *move*: a few figures, and by how much each would differ from the truth, such that every relation holds
and nothing published changes. The truth and one move, or two moves, prove a figure safe that lies far enough apart in
them. Short moves are kept rather than whole tables, because a short move outlives most changes of what is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from .problem import Ints, Mask, Problem
from .programme import Matrix

Move = dict[int, int]
"""By column of the matrix: how far it lies from the truth; columns that stay are left out."""

TRUTH = 0
"""The number of the move that moves nothing."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A target that is not safe: `insider` is the figure that the attacker knows besides, if any."""

    target: int
    insider: int | None


@dataclass(slots=True)
class Need:
    """What must be proven of one target, before one attacker, and the two moves that go furthest so far."""

    exposed: Exposed
    column: int
    fixed: int
    """The column that an insider knows, or -1."""
    width: int
    reach: int
    high: int = 0
    low: int = 0
    high_by: int = TRUTH
    low_by: int = TRUTH

    @property
    def met(self) -> bool:
        """Tell whether the two moves prove the target safe."""
        return self.high - self.low >= self.width and self.high >= self.reach


@dataclass(slots=True)
class Mark:
    """How things were before figures were shown again, to go back to."""

    hidden: Mask
    low: Ints
    high: Ints
    lost: list[int]
    changed: dict[int, tuple[int, int, int, int]]
    open: dict[int, None]


class Proofs:
    """The moves found for one problem, under what is hidden at the moment."""

    def __init__(self, problem: Problem, matrix: Matrix) -> None:
        self.problem, self.matrix, self.box = problem, matrix, problem.box
        size = len(problem.system.truth)
        self.place = np.full(size, -1)
        self.place[matrix.columns] = np.arange(len(matrix.columns))
        self.needs: list[Need] = []
        self.open: dict[int, None] = {}
        """Numbers of the needs that are not met, in the order they came up."""
        self._of: dict[int, list[int]] = {}
        self._moves: list[Move] = [{}]
        self._alive = [True]
        self._through: list[list[int]] = [[] for _ in matrix.columns]
        self._used: list[list[int]] = [[]]
        self._mark: Mark | None = None
        for target in np.flatnonzero((problem.can_hide | problem.must_hide | problem.always) & ~problem.spent):
            self._need(Exposed(int(target), None))
        for insider, targets in problem.insiders:
            for target in targets:
                self._need(Exposed(int(target), int(insider)))
        self.hidden = np.zeros(size, dtype=bool)
        self.low, self.high = self._bounds()
        for variable in np.flatnonzero(problem.always):
            self._look_again(int(variable))

    def hide(self, more: Iterable[int]) -> None:
        """Hide more figures."""
        new = [int(variable) for variable in more if not self.hidden[variable]]
        self.hidden[new] = True
        self.low, self.high = self._bounds()
        for variable in new:
            self._look_again(variable)

    def show(self, figure: int) -> None:
        """Show a figure again; `keep` or `go_back` must follow before the next."""
        self._mark = Mark(self.hidden, self.low, self.high, [], {}, dict(self.open))
        self.hidden = self.hidden.copy()
        self.hidden[figure] = False
        self.low, self.high = self._bounds()
        for number in self._of.get(figure, ()):
            if not self.problem.always[figure]:
                self.open.pop(number, None)
        if (at := int(self.place[figure])) >= 0:
            low, high = int(self.low[at]), int(self.high[at])
            for number in self._through[at]:
                if self._alive[number] and not low <= self._moves[number][at] <= high:
                    self._alive[number] = False
                    self._mark.lost.append(number)
            for number in self._mark.lost:
                for need in self._used[number]:
                    if number in (self.needs[need].high_by, self.needs[need].low_by):
                        self._search(need)

    def keep(self) -> None:
        """Stay with what was shown and hidden since `show`."""
        self._mark = None

    def go_back(self) -> None:
        """Take back what was shown and hidden since `show`. Moves found since are kept where they still fit."""
        mark = self._mark
        assert mark is not None
        self._mark = None
        added = np.flatnonzero(self.hidden & ~mark.hidden)
        self.hidden, self.low, self.high = mark.hidden, mark.low, mark.high
        for variable in added:
            if (at := int(self.place[variable])) < 0:
                continue
            low, high = int(self.low[at]), int(self.high[at])
            for number in self._through[at]:
                if self._alive[number] and not low <= self._moves[number][at] <= high:
                    self._alive[number] = False
        for number in mark.lost:
            self._alive[number] = True
        for number, (high, low, high_by, low_by) in mark.changed.items():
            need = self.needs[number]
            need.high, need.low, need.high_by, need.low_by = high, low, high_by, low_by
        self.open = mark.open

    def without(self, figure: int) -> tuple[Mask, list[Exposed]]:
        """Give what is hidden beside a figure, and what the moves found so far do not prove with that alone."""
        self.show(figure)
        hidden, unmet = self.hidden, self.unmet()
        self.go_back()
        return hidden, unmet

    def add(self, move: Mapping[int, int]) -> bool:
        """Keep a move that fits what is published; tell whether it did fit."""
        if any(not self.low[at] <= value <= self.high[at] for at, value in move.items()):
            return False
        number = len(self._moves)
        self._moves.append(dict(move))
        self._alive.append(True)
        self._used.append([])
        for at, value in move.items():
            self._through[at].append(number)
            for index in self._of.get(int(self.matrix.columns[at]), ()):
                if index in self.open:
                    self._use(index, number, value)
                    if self.needs[index].met:
                        del self.open[index]
        return True

    def active(self, exposed: Exposed) -> bool:
        """Tell whether a target must be protected as things are."""
        return bool(self.hidden[exposed.target] or self.problem.always[exposed.target])

    def unmet(self) -> list[Exposed]:
        """Give what is not proven."""
        return [self.needs[number].exposed for number in self.open]

    def moves(self) -> list[Move]:
        """Give all moves found, those that do not fit any more too."""
        return self._moves[1:]

    def pairs(self) -> tuple[list[Move], dict[int, tuple[int, int]]]:
        """Give whole tables as moves, the truth first, and for each target the numbers of two that prove it safe.

        Moves that touch nothing in common are told as one table, so that there are few. Insiders are left out: what
        they need is a stricter form of the same.
        """
        wanted: dict[int, int] = {TRUTH: 0}
        tables: list[Move] = [{}]
        pairs: dict[int, tuple[int, int]] = {}
        for need in self.needs:
            if need.exposed.insider is not None or not need.met or not self.active(need.exposed):
                continue
            for number in (need.low_by, need.high_by):
                if number not in wanted:
                    wanted[number] = self._told(tables, self._moves[number])
            pairs[need.exposed.target] = wanted[need.low_by], wanted[need.high_by]
        return tables, pairs

    def _told(self, tables: list[Move], move: Move) -> int:
        for at in range(1, len(tables)):
            if tables[at].keys().isdisjoint(move) and self.keeps(tables[at] | move):
                tables[at] |= move
                return at
        tables.append(dict(move))
        return len(tables) - 1

    def keeps(self, move: Mapping[int, int]) -> bool:
        """Tell, in whole numbers, whether a move keeps every relation."""
        whole = np.zeros(len(self.matrix.columns), dtype=np.int64)
        whole[list(move)] = list(move.values())
        return self.matrix.keeps(whole)

    def _need(self, exposed: Exposed) -> None:
        fixed = -1 if exposed.insider is None else int(self.place[exposed.insider])
        width, reach = int(self.problem.width[exposed.target]), int(self.problem.reach[exposed.target])
        self._of.setdefault(exposed.target, []).append(len(self.needs))
        self.needs.append(Need(exposed, int(self.place[exposed.target]), fixed, width, reach))

    def _bounds(self) -> tuple[Ints, Ints]:
        low, high = self.problem.bounds(self.hidden)
        columns = self.matrix.columns
        return np.maximum(low[columns], -self.box), np.minimum(high[columns], self.box)

    def _look_again(self, variable: int) -> None:
        for number in self._of.get(variable, ()):
            self._search(number)

    def _search(self, number: int) -> None:
        """Look for the moves that go furthest among all that fit."""
        need = self.needs[number]
        if self._mark is not None and number not in self._mark.changed:
            self._mark.changed[number] = need.high, need.low, need.high_by, need.low_by
        need.high = need.low = 0
        need.high_by = need.low_by = TRUTH
        if not self.active(need.exposed):
            self.open.pop(number, None)
            return
        if need.column >= 0:
            for at in self._through[need.column]:
                if self._alive[at]:
                    self._use(number, at, self._moves[at][need.column])
                    if need.met:
                        break
        if need.met:
            self.open.pop(number, None)
        else:
            self.open[number] = None

    def _use(self, number: int, move: int, value: int) -> None:
        need = self.needs[number]
        if need.fixed >= 0 and need.fixed in self._moves[move]:
            return
        if not need.low <= value <= need.high:
            if self._mark is not None and number not in self._mark.changed:
                self._mark.changed[number] = need.high, need.low, need.high_by, need.low_by
            if value > need.high:
                need.high, need.high_by = value, move
            else:
                need.low, need.low_by = value, move
            self._used[move].append(number)
