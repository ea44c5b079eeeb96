"""Which earlier releases stand in the way of a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .problem import Problem
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
    others = np.ones(len(release_of), dtype=bool)
    others[[exposed.target for exposed in lost if exposed.insider is None]] = False
    everything = problem.can_hide | problem.must_hide
    always = problem.always | ~(others | (release_of == NOW))

    def exposed_with(said: list[str]) -> bool:
        unsaid = np.isin(release_of, [release for release in ids if release not in said])
        told = replace(problem.unsaid(unsaid), always=always, spent=others | problem.spent)
        return bool(Repairer(told, matrix_of(told), clock).unproven(everything))

    said = list(ids)
    if not lost or not exposed_with(said):
        return ()
    for release in ids:
        without = [other for other in said if other != release]
        if exposed_with(without):
            said = without
    return tuple(said)
