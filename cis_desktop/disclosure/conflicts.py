"""Which earlier releases stand in the way of a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .problem import FAR, Problem
from .programme import Clock, matrix_of
from .proofs import Exposed
from .relations import NOW, UNRELEASED
from .repair import Repairer


def in_the_way(problem: Problem, lost: Sequence[Exposed], clock: Clock) -> tuple[str, ...]:
    """Give the earlier releases (by id, oldest first) without any one of which the lost figures would be safe.

    Releases are forgotten one by one, oldest first, as long as a reader of the others can still work something out.
    None are given when the new release gives the figures away by itself.
    """
    ids = list(dict.fromkeys(release for release, _ in problem.system.variables if release not in (NOW, UNRELEASED)))
    release_of = np.array([release for release, _ in problem.system.variables])
    truth = np.array(problem.system.truth, dtype=np.int64)
    wanted = np.ones(len(truth), dtype=bool)
    wanted[[exposed.target for exposed in lost if exposed.insider is None]] = False
    everything = problem.can_hide | problem.must_hide
    always = problem.always | ~(wanted | np.isin(np.arange(len(truth)), list(problem.figures)))

    def exposed_with(said: list[str]) -> bool:
        unsaid = np.isin(release_of, [release for release in ids if release not in said])
        low, high = np.where(unsaid, -truth, problem.shown_low), np.where(unsaid, FAR, problem.shown_high)
        hidden_low = np.where(unsaid, -truth, problem.hidden_low)
        hidden_high = np.where(unsaid, FAR, problem.hidden_high)
        told = replace(
            problem, shown_low=low, shown_high=high, hidden_low=hidden_low, hidden_high=hidden_high,
            always=always, spent=wanted | problem.spent, insiders=[],
        )  # fmt: skip
        return bool(Repairer(told, matrix_of(told), clock).unproven(everything))

    said = list(ids)
    if not lost or not exposed_with(said):
        return ()
    for release in ids:
        without = [other for other in said if other != release]
        if exposed_with(without):
            said = without
    return tuple(said)
