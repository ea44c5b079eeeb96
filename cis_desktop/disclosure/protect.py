"""Make exact tables safe to publish: the one way out for figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .attacker import Attacker, Exposed
from .optimum import improve
from .primary import whole_lines
from .problem import Mask, Problem, pose, release_cells
from .programme import Clock, OutOfTime, SolverFailed
from .reasons import name, reasons
from .relations import NOW, build
from .repair import protect_all, prune
from .tables import (
    Audit,
    CellId,
    PastRelease,
    Policy,
    Refusal,
    Release,
    ReleasedCell,
    ReleasedTable,
    Table,
)
from .weights import Weigh, public_weights
from .witness import all_proven

SMALL_PACK = 700
"""Up to so many figures that may be hidden, the cheapest set is looked for."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A rung of the ladder: how the policy is tightened, and how the pack says so."""

    policy: Policy
    exact_lines: bool
    said: str | None


def protect(
    tables: Sequence[Table],
    policy: Policy,
    past: Sequence[PastRelease],
    secret: bytes,
    budget: float,
    *,
    weigh: Weigh | None = None,
    check: Callable[[], object] = lambda: None,
) -> Release | Refusal:
    """Hide and round until nobody can work out a small figure, or refuse.

    `past` holds every release still out, oldest first. `budget` is in seconds; running out of it is a
    refusal, never a release. `weigh` replaces the costs of hiding, for tests and trials only: costs that
    depend on figures leak. `check` is called before each run of the solver, and may raise to stop. Raises
    CisError when the tables contradict themselves. Method: Fischetti and Salazar-Gonzalez, complementary
    cell suppression; see docs/decisions/0010.
    """
    clock = Clock.start(budget, check)
    system = build(tables, past, policy.threshold)
    lost: list[tuple[CellId, str]] = []
    try:
        for step in _ladder(policy, any(table.shape.accountability for table in tables)):
            problem = pose(
                system, tables, past, step.policy, weigh or public_weights(secret), exact_lines=step.exact_lines
            )
            answer = _attempt(problem, tables, tuple(past), clock, step)
            if isinstance(answer, Release):
                return answer
            lost = lost or answer
    except OutOfTime:
        return Refusal(
            "There was not enough time to check this release",
            f"The checks did not finish within {budget:g} seconds, so nothing was released. The records are unchanged. "
            "Try again, or ask for fewer or broader categories.",
        )
    except SolverFailed as trouble:
        return Refusal(
            "This release could not be checked",
            f"The solver that checks it stopped ({trouble}), so nothing was released. The records are unchanged. "
            "Try again; if it happens again, please report it.",
        )
    return _refuse(lost)


def _ladder(policy: Policy, headlines: bool) -> list[_Step]:
    steps = [_Step(policy, True, None)]
    if headlines:
        said = "Headline lines are not exact here, because exact ones would give a hidden figure back."
        steps.append(_Step(policy, False, said))
    if policy.method == "nearest" and policy.totals == "own":
        base = 2 * policy.rounding or 5
        why = "more than was agreed, because less would give a hidden figure back."
        steps.append(_Step(replace(policy, rounding=base), False, f"Figures are rounded to the nearest {base}, {why}"))
    return steps


def _attempt(
    problem: Problem, tables: Sequence[Table], past: tuple[PastRelease, ...], clock: Clock, step: _Step
) -> Release | list[tuple[CellId, str]]:
    attacker = Attacker(problem, clock)
    lost = _hopeless(problem, attacker, clock) if past else []
    if lost:
        return _named(problem, lost)
    hidden, lost = protect_all(problem, attacker, clock)
    if lost:
        return _named(problem, lost)
    secondary = np.flatnonzero(hidden & ~problem.must_hide)
    if len(secondary):
        proven = False
        if problem.can_hide.sum() <= SMALL_PACK:
            hidden, proven = improve(problem, attacker, clock, hidden)
        if not proven:
            order = sorted(np.flatnonzero(hidden & ~problem.must_hide), key=lambda v: -problem.weight[v])
            hidden = prune(problem, attacker, hidden, np.array(order, dtype=np.int64))
    attacker.hide(hidden)
    lost = attacker.unproven(hidden)
    if lost:
        return _named(problem, lost)
    return _release(problem, attacker, hidden, tables, past, clock, step)


def _hopeless(problem: Problem, attacker: Attacker, clock: Clock) -> list[Exposed]:
    """Give what cannot be protected even with everything hidden, and set aside what earlier releases gave away."""
    everything = problem.can_hide | problem.must_hide
    attacker.hide(everything)
    exposed = attacker.unproven(everything)
    if any(e.target not in problem.figures for e in exposed):
        unsaid = problem.with_nothing_said()
        before = Attacker(unsaid, clock)
        nothing = np.zeros_like(everything)
        before.hide(nothing)
        for early in before.unproven(nothing):
            problem.spent[early.target] = True
            now = problem.system.index.get((NOW, problem.system.variables[early.target][1]), early.target)
            problem.spent[now] |= problem.system.truth[now] == problem.system.truth[early.target]
    sensitive = (problem.must_hide | problem.always) & ~problem.spent
    return [e for e in exposed if sensitive[e.target]]


def _named(problem: Problem, lost: Sequence[Exposed]) -> list[tuple[CellId, str]]:
    names: dict[CellId, str] = {}
    for exposed in lost:
        release, cid = problem.system.variables[exposed.target]
        figure = problem.figures.get(exposed.target)
        names[cid] = name(figure) if figure else f"a figure hidden in release {release}"
    return list(names.items())


def _release(
    problem: Problem,
    attacker: Attacker,
    hidden: Mask,
    tables: Sequence[Table],
    past: tuple[PastRelease, ...],
    clock: Clock,
    step: _Step,
) -> Release | list[tuple[CellId, str]]:
    cells = release_cells(problem, hidden)
    points, pairs = attacker.witnesses(hidden)
    system = problem.system
    whole = [[int(value) for value in point] for point in points]
    needs = {int(t): (int(problem.width[t]), system.truth[t] + int(problem.reach[t])) for t in problem.targets(hidden)}
    failed = list(all_proven(system, _known(problem, cells, past), whole, pairs, needs))
    if failed:
        return _named(problem, [Exposed(at, None) for at in failed])
    as_cells = [
        {cid: point[at] for at, (release, cid) in enumerate(system.variables) if release == NOW} for point in whole
    ]
    blank = frozenset(cid for cid, cell in cells.items() if cell.status == "hidden")
    widths = [whole[high][at] - whole[low][at] for at, (low, high) in pairs.items()]
    spent = int(((hidden | problem.always) & problem.spent).sum())
    audit = Audit(
        hidden=len(blank),
        rounded=sum(cell.status == "rounded" for cell in cells.values()),
        published=sum(cell.status == "value" for cell in cells.values()),
        attacked=attacker.attacked,
        narrowest=min(widths, default=None),
        seconds=time.perf_counter() - clock.started,
        statements=tuple(_statements(tables, problem, spent)),
    )
    clock.left()
    return Release(
        tables=tuple(ReleasedTable(t.shape, {key: cells[t.shape.identity(key)] for key in t.cells}) for t in tables),
        policy=problem.policy,
        audit=audit,
        beyond=(step.said,) if step.said else (),
        spent=spent,
        reasons=reasons(problem, hidden, past),
        primary=frozenset(
            system.variables[at][1] for at, f in problem.figures.items() if hidden[at] and f.why is not None
        ),
        witnesses={
            system.variables[at][1]: (as_cells[low], as_cells[high])
            for at, (low, high) in pairs.items()
            if system.variables[at][0] == NOW
        },
    )


def _known(
    problem: Problem, cells: dict[CellId, ReleasedCell], past: Sequence[PastRelease]
) -> list[tuple[int, int | None]]:
    """Give what every reader knows of each variable, from what is published and nothing else."""
    earlier = {(release.id, cid): cell.released for release in past for cid, cell in release.cells.items()}
    known: list[tuple[int, int | None]] = []
    for at, (release, cid) in enumerate(problem.system.variables):
        cell = cells[cid] if release == NOW else earlier[release, cid]
        if release == NOW and cell.status != "hidden" and cell.value is not None and not problem.figures[at].summed:
            known.append(problem.figures[at].known(cell.value, problem.policy))
        else:
            known.append((cell.at_least, cell.at_most))
    return known


def _statements(tables: Sequence[Table], problem: Problem, spent: int) -> list[str]:
    said = []
    if spent:
        said.append(f"{spent} hidden figures were published, or could be narrowed, in earlier releases alone.")
    if problem.policy.zeros == "show":
        lines = [
            f"Everybody in {line.shape.label(line.whole)} of “{line.shape.title}” is in {line.shape.label(line.only)}."
            for table in tables
            for line in whole_lines(table)
        ]
        said.extend(dict.fromkeys(lines))
    return said


def _refuse(lost: list[tuple[CellId, str]]) -> Refusal:
    few = [what for _, what in lost[:3]]
    more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
    return Refusal(
        "This release would give hidden figures away",
        f"Even with more hidden and more rounded, these could be worked out: {'; '.join(few)}{more}. Nothing was "
        "released and the records are unchanged. Use broader categories or a longer period, or hold this release.",
        tuple(lost),
    )
