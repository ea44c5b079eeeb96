"""Small parts of a large problem: the figures around one figure, between which most moves can be made.

A box takes a few categories of every breakdown, and always the totals, so that its lines are whole lines cut short. It
is chosen from labels and from which figures are hidden, never from the figures themselves.
"""

from __future__ import annotations

import numpy as np

from .problem import Ints, Mask, Problem

_NEAR = 8.0


class Boxes:
    """The places of a problem's columns: by breakdown, the number of each column's category (0: not broken down)."""

    def __init__(self, problem: Problem, columns: Ints) -> None:
        whole = {("area", f.shape.area) for f in problem.figures.values()}
        whole |= {("period", f.shape.period) for f in problem.figures.values()}
        parents = {
            (d.id, c.key): (d.id, c.parent)
            for f in {id(f.shape): f for f in problem.figures.values()}.values()
            for d in f.shape.dimensions
            for c in d.categories
            if c.parent is not None
        }
        numbers: dict[str, dict[str, int]] = {}
        at: dict[str, list[tuple[int, int]]] = {}
        for column, variable in enumerate(columns):
            cell = problem.system.variables[variable][1]
            for name, key in (("area", cell.area), ("period", cell.period), *cell.categories):
                if (name, key) not in whole:
                    known = numbers.setdefault(name, {})
                    at.setdefault(name, []).append((column, known.setdefault(key, len(known) + 1)))
        self.size = len(columns)
        self.codes = np.zeros((len(numbers), self.size), dtype=np.int64)
        self.counts = [len(known) + 1 for known in numbers.values()]
        for row, name in enumerate(numbers):
            places = np.array(at[name])
            self.codes[row, places[:, 0]] = places[:, 1]
        self._parents = [
            np.array([0, *(known.get(parents.get((name, key), ("", ""))[1] or "", 0) for key in known)])
            for name, known in numbers.items()
        ]

    def around(self, column: int, hidden: Mask, categories: int) -> Ints:
        """Give the columns around one: of each breakdown its own category, the total, and the `categories` nearest.

        Nearest are those with most hidden figures that differ from it in few breakdowns.
        """
        if all(count <= categories + 2 for count in self.counts):
            return np.arange(self.size)
        same = self.codes == self.codes[:, [column]]
        apart = len(self.codes) - same.sum(axis=0)
        inside = np.ones(self.size, dtype=bool)
        for row, count in enumerate(self.counts):
            codes = self.codes[row]
            allowed = np.zeros(count, dtype=bool)
            if count <= categories + 2:
                continue
            nearness = np.where(hidden, _NEAR ** -(apart - ~same[row]), 0.0)
            order = np.argsort(-np.bincount(codes, nearness, count), kind="stable")
            allowed[order[: categories + 1]] = True
            allowed[[0, codes[column]]] = True
            allowed[self._parents[row][allowed]] = True
            inside &= allowed[codes]
        return np.flatnonzero(inside)
