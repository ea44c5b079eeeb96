"""Why each cell is hidden, in one sentence for the group that makes the pack. No file carries these.

A sentence that names another figure is only said where it is true: this one alone, if it were shown, would give that
one away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor

from .periods import spoken
from .problem import FAR, Figure, Ints, Mask, Problem
from .proofs import Exposed
from .relations import NOW, UNRELEASED, Row
from .tables import TOTAL, CellId, PastRelease

_OWN = {
    "persons": "because fewer than {threshold} people are behind it",
    "households": "because fewer than {households} households are behind it",
    "dominance": "because one household has nearly all of it",
}
_SEARCHED = 700
"""Up to so many figures that may be hidden, what each protects is looked for beyond its own lines."""


def reasons(
    problem: Problem, hidden: Mask, past: Sequence[PastRelease], exposed_by: Callable[[int], Exposed | None]
) -> dict[CellId, str]:
    """Give the reason for every hidden cell of the release. `exposed_by` tells what showing a figure would expose."""
    lines: dict[int, list[Row]] = {at: [] for at in problem.figures if hidden[at]}
    for row in problem.system.rows:
        for variable, _ in row.terms:
            if variable in lines:
                lines[variable].append(row)
    names = past_names(past)
    found = {}
    for at, on in lines.items():
        said = _for_itself(problem, at)
        if said is None:
            without = hidden.copy()
            without[at] = False
            said = _beside(problem, at, on, without) or _searched(problem, at, exposed_by, without, names)
        found[problem.system.variables[at][1]] = f"hidden {said}" if said.startswith(("because", "so")) else said
    return found


def name(figure: Figure) -> str:
    """Give a cell's name for people: its labels and its table."""
    return f"{figure.shape.label(figure.key)} in “{figure.shape.title}”"


def by_rule(problem: Problem, at: int) -> bool:
    """Tell whether a rule alone hides a figure, whatever else is shown."""
    figure = problem.figures[at]
    return bool(problem.must_hide[at]) and figure.why is not None and not figure.rounded_away(problem.policy)


def _for_itself(problem: Problem, at: int) -> str | None:
    """Say why a figure is hidden whatever else is shown; None when it is hidden to protect another."""
    figure, policy = problem.figures[at], problem.policy
    if figure.withheld:
        if any(cells.include(figure.shape, figure.key) for cells in policy.never_publish):
            return "never released, by the agreement, whatever it is"
        return "not released, whatever it is, because only figures for the whole area are"
    if not problem.must_hide[at]:
        return None
    if by_rule(problem, at) and figure.why is not None:
        more = " and about something sensitive" if figure.threshold > policy.threshold else ""
        if figure.why == "count":
            return f"because it is a small number (1 to {figure.threshold - 1}){more}"
        if figure.why == "zero":
            return _nought(problem)
        return _OWN[figure.why].format(threshold=figure.threshold, households=policy.min_households) + more
    if figure.wished:
        return "because you asked for it in this report"
    return "because an earlier report hid it, and it has not changed since"


def _nought(problem: Problem) -> str:
    if problem.policy.zeros == "protect":
        return "because this agreement does not show noughts"
    few = problem.policy.few
    where = "one category" if few == 1 else f"{few} categories or fewer"
    return f"because everybody on its line is in {where}, and this nought would say so"


def _beside(problem: Problem, at: int, lines: Sequence[Row], without: Mask) -> str | None:
    """Name a figure that one line would give away if this one were shown: plain arithmetic on the line."""
    bounds = problem.bounds(without)
    for row in lines:
        for other, _ in row.terms:
            if other != at and other in problem.figures and without[other] and _given_away(problem, other, row, bounds):
                what = _name(problem.figures[other], problem.figures[at])
                return f"so that {what} cannot be worked out from {_from(problem, row, at, other)}"
    return None


def _given_away(problem: Problem, other: int, row: Row, bounds: tuple[Ints, Ints]) -> bool:
    """Tell whether a line and what is known of the other figures on it leave too few values to one."""
    if problem.spent[other]:
        return False
    low, high = bounds
    terms = dict(row.terms)
    activity = sum(factor * problem.system.truth[v] for v, factor in terms.items())
    factor = terms.pop(other)
    least = sum(f * int(low[v] if f > 0 else high[v]) for v, f in terms.items())
    most = sum(f * int(high[v] if f > 0 else low[v]) for v, f in terms.items())
    ends = (
        -FAR if row.low is None else (row.low - activity - most) / factor,
        FAR if row.high is None else (row.high - activity - least) / factor,
    )
    down, up = ends if factor > 0 else (-FAR if row.high is None else ends[1], FAR if row.low is None else ends[0])
    down, up = max(int(low[other]), ceil(down)), min(int(high[other]), floor(up))
    return up - down < int(problem.width[other]) or up < int(problem.reach[other])


def _searched(
    problem: Problem,
    at: int,
    exposed_by: Callable[[int], Exposed | None],
    without: Mask,
    names: Mapping[tuple[str, CellId], str],
) -> str:
    """Name what the attacker finds when this one is shown, where that is quickly found."""
    found = exposed_by(at) if problem.can_hide.sum() <= _SEARCHED else None
    if found is None:
        return "so that, with the others, no hidden figure can be worked out"
    figure, here = problem.figures.get(found.target), problem.figures[at]
    if figure is None:
        other = problem.system.unreleased.get(found.target)
        what = other.words if other else f"{names[problem.system.variables[found.target]]},"
        return f"so that {what} cannot be worked out"
    what = _name(figure, here)
    if found.insider is not None:
        alone = _name(problem.figures[found.insider], here)
        return f"so that whoever is the only person in {alone} cannot work out {what}"
    if not without[found.target]:
        return f"so that {what}, which is rounded, cannot be told more closely"
    earlier = " and in earlier reports" if names else ""
    return f"so that {what} cannot be worked out from all that is shown here{earlier}"


def past_names(past: Sequence[PastRelease]) -> dict[tuple[str, CellId], str]:
    """Name the figures of earlier releases, those in another table of the same release once."""
    found: dict[tuple[str, CellId], str] = {}
    for release in past:
        for table in release.tables:
            for key in table.cells:
                cid = table.shape.identity(key)
                said = (
                    f"{table.shape.label(key)} in “{table.shape.title}” for {spoken(cid.period)}, in an earlier report"
                )
                found.setdefault((release.id, cid), said)
    return found


def _name(other: Figure, figure: Figure) -> str:
    # A total of everything is often in several tables, so that the reader of its reason may look at another one.
    here = other.shape.id == figure.shape.id and figure.key.count(TOTAL) < len(figure.key)
    return other.shape.label(other.key) if here else name(other)


def _from(problem: Problem, row: Row, at: int, other: int) -> str:
    """Name what the two share: their total, or the figure itself when it is the total."""
    releases = {problem.system.variables[v][0] for v, _ in row.terms}
    if releases - {NOW, UNRELEASED}:
        return "this report and an earlier one"
    for variable, _ in row.terms:
        figure = problem.figures.get(variable)
        if figure is None or variable in (at, other):
            continue
        levels = figure.key.count(TOTAL)
        if levels > problem.figures[other].key.count(TOTAL):
            return f"the total for {figure.shape.label(figure.key)}" if levels < len(figure.key) else "the total"
    if problem.figures[at].key.count(TOTAL) > problem.figures[other].key.count(TOTAL):
        return "this total"
    return "this figure and the others on its line"
