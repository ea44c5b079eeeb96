"""Protecting tables: whole runs of `protect`, with rounding, patterns, attacks and witnesses.

The goals are seconds on two cores; how many cells are hidden is printed beside them, because speed that hides more is
no gain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import Policy, Release, Table
from tests.core.disclosure.made import SECRET, random_table
from tests.core.disclosure.quarter import pack

LT5 = Policy("lt5", threshold=5, min_households=0)


def protected(tables: Sequence[Table], policy: Policy) -> Callable[[], Release]:
    def run() -> Release:
        release = protect(tables, policy, (), SECRET, 600)
        assert isinstance(release, Release), release
        return release

    return run


def cost(compare: Any, what: str, run: Callable[[], Release]) -> None:
    """Say how many cells the last run hid besides the sensitive ones."""
    release = run()
    compare.amount(
        f"{what}: hidden besides", ours=release.audit.hidden - len(release.primary), reference=None, unit="cells"
    )


@pytest.mark.parametrize(
    ("sizes", "mean", "zeros", "limit"), [((10, 10), 12, 0.0, 0.1), ((10, 8, 5), 9, 0.0, 10.0)], ids=["10x10", "10x8x5"]
)
def test_a_table_is_protected(compare: Any, sizes: tuple[int, ...], mean: float, zeros: float, limit: float) -> None:
    run = protected([random_table(3, sizes, mean, zeros)], LT5)
    what = "protect " + "x".join(map(str, sizes))
    cost(compare, what, run)
    compare(what, run, limit=limit, rounds=1 if len(sizes) > 2 else 5)


@pytest.mark.parametrize("people", [150, 500, 2000])
@pytest.mark.parametrize("profile", ["nhs-1to7-round5", "lt5-suppress"])
def test_a_quarterly_pack_is_protected(compare: Any, people: int, profile: str) -> None:
    run = protected(pack(people, 20170), PROFILES[profile])
    compare(f"protect a quarter of {people}, {profile}", run, limit=1.5, rounds=3)
