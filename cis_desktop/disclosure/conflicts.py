"""Which earlier releases stand in the way of a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .attacker import Attacker
from .problem import FAR, Problem, blank_from
from .programme import Clock
from .proofs import Exposed
from .relations import NOW, UNRELEASED


def in_the_way(problem: Problem, lost: Sequence[Exposed], clock: Clock) -> tuple[str, ...]:
    """Give the earlier releases (by id, oldest first) without any one of which the lost figures would be safe.

    Releases are forgotten one by one, oldest first, as long as a reader of the others can still work something out.
    None are given when the new release gives the figures away by itself.
    """
    ids = list(dict.fromkeys(release for release, _ in problem.system.variables if release not in (NOW, UNRELEASED)))
    release_of = np.array([release for release, _ in problem.system.variables])
    others = np.ones(len(release_of), dtype=bool)
    others[[exposed.target for exposed in lost]] = False
    # Whoever is alone in a figure of this release knows it, and can be the one reader who works the others out.
    insiders = [(e.insider, np.array([e.target], dtype=np.int64)) for e in lost if e.insider is not None]
    always = problem.always | ~(others | (release_of == NOW))
    free = _free(problem)
    everything = free.can_hide | free.must_hide

    def exposed_with(said: list[str]) -> bool:
        unsaid = np.isin(release_of, [release for release in ids if release not in said])
        told = replace(free.unsaid(unsaid), always=always, spent=others | problem.spent, insiders=insiders)
        attacker = Attacker(told, clock)
        attacker.hide(everything)
        return any(attacker.each_exposed(everything))

    said = list(ids)
    if not lost or not exposed_with(said):
        return ()
    for release in ids:
        without = [other for other in said if other != release]
        if exposed_with(without):
            said = without
    return tuple(said)


def _free(problem: Problem) -> Problem:
    """Give the problem in which what must be shown only because it was shown before can be hidden as well.

    Where an earlier release still says it, hiding it here changes nothing: that is one that stands in the way.
    """
    least = blank_from(problem.policy)
    truth = np.array(problem.system.truth, dtype=np.int64)
    frozen = np.zeros(len(truth), dtype=bool)
    for at, figure in problem.figures.items():
        frozen[at] = not (figure.exact or figure.summed or figure.required)
    frozen &= problem.spent & ~problem.can_hide & ~problem.always & (truth >= least)
    return replace(
        problem,
        can_hide=problem.can_hide | frozen,
        hidden_low=np.where(frozen, least - truth, problem.hidden_low),
        hidden_high=np.where(frozen, FAR, problem.hidden_high),
    )
