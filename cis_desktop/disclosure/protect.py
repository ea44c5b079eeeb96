"""Make exact tables safe to publish: the one way out for figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from . import faults
from .attacker import Attacker
from .conflicts import in_the_way
from .controlled import draw_all, round_all
from .joined import build
from .ladder import Step, ladder
from .optimum import EFFORTS, improve
from .primary import whole_lines
from .problem import Mask, Problem, pose, release_cells
from .programme import Clock, OutOfTime, SolverFailed, matrix_of
from .proofs import Exposed, Move
from .reasons import by_rule, name, past_names, reasons
from .relations import NOW, System
from .repair import Repairer
from .tables import (
    Audit,
    CellId,
    PastRelease,
    Policy,
    Refusal,
    Release,
    ReleasedTable,
    Table,
)
from .weights import Draw, Weigh, draws, public_weights
from .witness import all_proven, told

_TURNS = 5
"""So often rounding that adds up is tried anew with what had to be hidden beside it."""


@dataclass(frozen=True, slots=True)
class _Lost:
    """What a rung cannot protect, by name; `torn` between the rule that hides it and the agreement that shows it."""

    cells: tuple[tuple[CellId, str], ...]
    torn: bool = False
    problem: Problem | None = None
    exposed: tuple[Exposed, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trial:
    """One release being tried: everything that stays the same from rung to rung."""

    system: System
    tables: Sequence[Table]
    past: tuple[PastRelease, ...]
    weigh: Weigh
    draw: Draw
    clock: Clock

    def pose(self, step: Step, values: Mapping[int, int] | None = None) -> Problem:
        """State the problem of a rung."""
        return pose(
            self.system, self.tables, self.past, step.policy, self.weigh, exact_lines=step.exact_lines, values=values
        )


def protect(
    tables: Sequence[Table],
    policy: Policy,
    past: Sequence[PastRelease],
    secret: bytes,
    budget: float,
    *,
    unreleased: Sequence[Table] = (),
    weigh: Weigh | None = None,
    check: Callable[[], object] = lambda: None,
) -> Release | Refusal:
    """Hide and round until nobody can work out a small figure, or refuse.

    `past` holds every release still out, oldest first. `unreleased` are tables of the periods that no release is about
    and that readers can work out (see `overlaps.left_over`). `budget` is in seconds of an ordinary laptop's work,
    counted and not timed; running out of it is a refusal, never a release. `weigh` replaces the costs of hiding, for
    tests and trials only: costs that depend on figures leak. `check` is called before each run of the solver, and may
    raise to stop. Raises CisError when tables, policy or ledger contradict themselves. Method: Fischetti and
    Salazar-Gonzalez, complementary cell suppression; see docs/decisions/0010, 0025 and 0028.
    """
    clock = Clock.start(budget, check)
    faults.check(tables, policy)
    system = build(tables, past, policy.threshold, unreleased)
    trial = _Trial(system, tables, tuple(past), weigh or public_weights(secret), draws(secret, "rounding"), clock)
    lost = _Lost(())
    try:
        for step in ladder(policy, any(table.shape.accountability for table in tables)):
            answer = _attempt(trial, step)
            if isinstance(answer, Release):
                return answer
            lost = lost if lost.cells else answer
        held_by = in_the_way(lost.problem, lost.exposed, clock) if lost.problem and past else ()
    except OutOfTime:
        return Refusal(
            "There was not enough time to check this release",
            "The checks would take longer than is allowed, so nothing was released. The records are unchanged. Trying "
            "again would end the same way: ask for fewer or broader categories, or for fewer tables.",
        )
    except SolverFailed as trouble:
        return Refusal(
            "This release could not be checked",
            f"The solver that checks it stopped ({trouble}), so nothing was released. The records are unchanged. "
            "Try again; if it happens again, please report it.",
        )
    return _refuse(lost, held_by)


def _attempt(trial: _Trial, step: Step) -> Release | _Lost:
    """Try one rung; give the release, or what could not be protected."""
    problem = trial.pose(step)
    torn = [at for at, figure in problem.figures.items() if figure.required and problem.must_hide[at]]
    if torn:
        cells = ((problem.system.variables[at][1], name(problem.figures[at])) for at in torn)
        return _Lost(tuple(dict(cells).items()), torn=True)
    if step.policy.method == "controlled":
        return _rounded(trial, step, problem)
    if step.policy.method == "small":
        problem = trial.pose(step, draw_all(problem, trial.draw))
    safe = _hide(trial, problem, problem.must_hide)
    if isinstance(safe, _Lost):
        return safe
    if (safe.proofs.hidden & ~problem.must_hide).any():
        safe = _cheaper(problem, safe, trial.clock)
    return _release(trial, step, problem, safe)


def _rounded(trial: _Trial, step: Step, problem: Problem) -> Release | _Lost:
    """Round so that what is shown adds up. What must be hidden beside that need not add up, so it is rounded anew."""
    hidden = problem.must_hide
    for _ in range(_TURNS):
        values = round_all(problem, hidden, trial.draw, trial.past, trial.clock)
        if values is None:
            break
        problem = trial.pose(step, values)
        safe = _hide(trial, problem, hidden)
        if isinstance(safe, _Lost):
            return safe
        if np.array_equal(safe.proofs.hidden, hidden):
            return _release(trial, step, problem, safe)
        hidden = safe.proofs.hidden
    return _Lost(())


def _hide(trial: _Trial, problem: Problem, start: Mask) -> Repairer | _Lost:
    """Hide more than `start` until nothing is exposed."""
    known: list[Move] = []
    if trial.past:
        attacker = Attacker(problem, trial.clock)
        if hopeless := _hopeless(problem, attacker, trial.clock):
            return _named(trial, problem, hopeless)
        # Blanks of earlier releases are many and mostly safe still: pushed together, few tables prove that of most.
        attacker.hide(start)
        attacker.exposed(start)
        known = attacker.moves()
    safe = Repairer(problem, matrix_of(problem), trial.clock, known)
    lost = safe.protect(start)
    return _named(trial, problem, lost) if lost else safe


def _cheaper(problem: Problem, safe: Repairer, clock: Clock) -> Repairer:
    """Leave out what need not be hidden after all; for small packs, look for the cheapest set."""
    if problem.can_hide.sum() <= max(EFFORTS):
        return improve(problem, safe, clock)
    safe.prune()
    return safe


def _hopeless(problem: Problem, attacker: Attacker, clock: Clock) -> list[Exposed]:
    """Give what cannot be protected even with everything hidden, and set aside what earlier releases gave away."""
    everything = problem.can_hide | problem.must_hide
    attacker.hide(everything)
    exposed = attacker.exposed(everything)
    if any(e.target not in problem.figures for e in exposed):
        unsaid = problem.with_nothing_said()
        nothing = np.zeros_like(everything)
        # Outer bounds only: a proof that was not found must never pass for a figure that was given away.
        before = Attacker(unsaid, clock)
        before.hide(nothing)
        for early in before.exposed(nothing):
            problem.spent[early.target] = True
            now = problem.system.index.get((NOW, problem.system.variables[early.target][1]), early.target)
            problem.spent[now] |= problem.system.truth[now] == problem.system.truth[early.target]
    sensitive = (problem.must_hide | problem.always) & ~problem.spent
    return [e for e in exposed if sensitive[e.target]]


def _named(trial: _Trial, problem: Problem, lost: Sequence[Exposed]) -> _Lost:
    names: dict[CellId, str] = {}
    before = past_names(trial.past)
    for exposed in lost:
        at = problem.system.variables[exposed.target]
        figure, other = problem.figures.get(exposed.target), problem.system.unreleased.get(exposed.target)
        names[at[1]] = name(figure) if figure else other.words if other else before[at]
    return _Lost(tuple(names.items()), problem=problem, exposed=tuple(lost))


def _release(trial: _Trial, step: Step, problem: Problem, safe: Repairer) -> Release | _Lost:
    """Give the release, when in plain whole numbers the proof of every blank holds."""
    tables, past, clock = trial.tables, trial.past, trial.clock
    hidden = safe.proofs.hidden
    if open_still := safe.proofs.unmet():
        return _named(trial, problem, open_still)
    clock.left()
    cells = release_cells(problem, hidden)
    whole, pairs = safe.witnesses()
    system = problem.system
    needs = {int(t): (int(problem.width[t]), system.truth[t] + int(problem.reach[t])) for t in problem.targets(hidden)}
    failed = list(all_proven(system, told(system, cells, past), whole, pairs, needs))
    if failed:
        return _named(trial, problem, [Exposed(at, None) for at in failed])
    now = [(at, cid) for at, (release, cid) in enumerate(system.variables) if release == NOW]
    truth = {cid: system.truth[at] for at, cid in now}
    as_cells = [truth | {cid: point[at] for at, cid in now if point[at] != system.truth[at]} for point in whole]
    blank = frozenset(cid for cid, cell in cells.items() if cell.status == "hidden")
    widths = [whole[high][at] - whole[low][at] for at, (low, high) in pairs.items()]
    spent = int(((hidden | problem.always) & problem.spent).sum())
    audit = Audit(
        hidden=len(blank),
        rounded=sum(cell.status == "rounded" for cell in cells.values()),
        published=sum(cell.status == "value" for cell in cells.values()),
        attacked=safe.mover.runs,
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
        reasons=reasons(problem, hidden, past, _shower(problem, safe, clock)),
        primary=frozenset(system.variables[at][1] for at in problem.figures if hidden[at] and by_rule(problem, at)),
        witnesses={
            system.variables[at][1]: (as_cells[low], as_cells[high])
            for at, (low, high) in pairs.items()
            if system.variables[at][0] == NOW
        },
    )


def _shower(problem: Problem, safe: Repairer, clock: Clock) -> Callable[[int], Exposed | None]:
    """Give a way to ask what would be exposed if a figure were shown: only what its blank helps to prove can be."""
    attacker = Attacker(problem, clock)

    def shown(figure: int) -> Exposed | None:
        return attacker.first_exposed(*safe.proofs.without(figure))

    return shown


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


def _refuse(lost: _Lost, held_by: tuple[str, ...]) -> Refusal:
    few = "; ".join(what for _, what in lost.cells[:3])
    more = f" and {len(lost.cells) - 3} more" if len(lost.cells) > 3 else ""
    if lost.torn:
        return Refusal(
            "Too few people are behind figures that must be shown",
            f"By the agreement these must be shown, and they rest on too few people: {few}{more}. Nothing was released "
            "and the records are unchanged. Use broader categories or a longer period, or agree that they may be "
            "hidden.",
            lost.cells,
        )
    if held_by:
        return Refusal(
            "This release is held back by earlier ones",
            f"Whoever also has {' and '.join(held_by)} could work these out, however much is hidden here: {few}{more}. "
            "Nothing was released and the records are unchanged. Use broader categories or a longer period, or keep "
            "this release until more has been written down.",
            lost.cells,
            held_by,
        )
    return Refusal(
        "This release would give hidden figures away",
        f"Even with more hidden and more rounded, these could be worked out: {few}{more}. Nothing was "
        "released and the records are unchanged. Use broader categories or a longer period, or hold this release.",
        lost.cells,
    )
