"""Why each cell is hidden, in one sentence for the group that makes the pack. No file carries these."""

from __future__ import annotations

from .problem import Figure, Mask, Problem
from .relations import NOW
from .tables import TOTAL, CellId, PastRelease

_OWN = {
    "persons": "hidden because fewer than {threshold} people are behind it",
    "households": "hidden because fewer than {households} households are behind it",
    "dominance": "hidden because one household has nearly all of it",
    "zero": "hidden because this agreement does not show such a nought",
}


def reasons(problem: Problem, hidden: Mask, past: tuple[PastRelease, ...]) -> dict[CellId, str]:
    """Give the reason for every hidden cell of the release."""
    return {problem.system.variables[at][1]: _reason(problem, at, past) for at in problem.figures if hidden[at]}


def name(figure: Figure) -> str:
    """Give a cell's name for people: its labels and its table."""
    return f"{figure.shape.label(figure.key)} in “{figure.shape.title}”"


def _reason(problem: Problem, at: int, past: tuple[PastRelease, ...]) -> str:
    figure, policy = problem.figures[at], problem.policy
    if figure.withheld:
        return "not released, whatever it is"
    if figure.why == "count":
        return f"hidden because it is a small number (1 to {figure.threshold - 1})"
    if figure.why is not None:
        return _OWN[figure.why].format(threshold=figure.threshold, households=policy.min_households)
    if problem.must_hide[at]:
        return "hidden because it was hidden in an earlier release and has not changed since"
    for row in problem.system.rows:
        on_line = [variable for variable, _ in row.terms]
        if at not in on_line:
            continue
        for other in on_line:
            if other != at and other in problem.figures and problem.figures[other].why not in (None, "zero"):
                what = _name(problem.figures[other], figure)
                return f"hidden so that {what} cannot be worked out from {_from(problem, on_line, at, other)}"
    if any(problem.system.variables[v][0] != NOW for row in _lines(problem, at) for v, _ in row):
        return "hidden so that a figure cannot be worked out from this release and an earlier one"
    return "hidden so that other hidden figures cannot be worked out from the totals they share"


def _lines(problem: Problem, at: int) -> list[tuple[tuple[int, int], ...]]:
    return [row.terms for row in problem.system.rows if any(v == at for v, _ in row.terms)]


def _name(other: Figure, figure: Figure) -> str:
    return other.shape.label(other.key) if other.shape.id == figure.shape.id else name(other)


def _from(problem: Problem, on_line: list[int], at: int, other: int) -> str:
    """Name what the two share: their total, or the figure itself when it is the total."""
    if any(problem.system.variables[v][0] != NOW for v in on_line):
        return "an earlier release"
    for variable in on_line:
        figure = problem.figures[variable]
        levels = figure.key.count(TOTAL)
        if variable not in (at, other) and levels > problem.figures[other].key.count(TOTAL):
            return f"the total for {figure.shape.label(figure.key)}" if levels < len(figure.key) else "the total"
    return "this figure and the others on its line"
