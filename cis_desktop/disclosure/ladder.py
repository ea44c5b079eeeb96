"""The ladder: what is tried, from what was agreed down to the whole-area figures alone, and how the pack says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .tables import Policy

_BECAUSE = "because otherwise a hidden figure could be worked out."


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder: how the policy is tightened, and what everybody who reads the tables is told."""

    policy: Policy
    exact_lines: bool
    said: str | None = None


def ladder(policy: Policy, headlines: bool) -> Iterator[Step]:
    """Give what to try, in order; after the last there is only a refusal. `headlines`: some lines may be exact.

    As agreed; without exact headline lines; rounded so that tables add up; rounded with totals that are sums; only
    the figures for the whole area.
    """
    yield Step(policy, True)
    if headlines:
        yield Step(policy, False, f"Headline lines are not exact here, {_BECAUSE}")
    if policy.headlines_only:
        return
    base = coarser(policy)
    if policy.method != "controlled":
        yield Step(
            replace(policy, method="controlled", rounding=base, totals="own"),
            False,
            f"Figures are rounded to a multiple of {base} above or below, more than was agreed, {_BECAUSE}",
        )
    yield Step(
        replace(policy, method="small", rounding=base, totals="summed"),
        False,
        f"Figures are rounded to multiples of {base} and totals are sums of rounded figures, more than was agreed, "
        f"{_BECAUSE}",
    )
    only = replace(policy, headlines_only=True)
    said = f"Only figures for the whole area are released; those marked [x] are not, {_BECAUSE}"
    if headlines:
        yield Step(only, True, said)
    yield Step(only, False, said)


def coarser(policy: Policy) -> int:
    """Give the least base that is a multiple of the policy's (or of 5) and keeps every small count unknown."""
    step = policy.rounding or 5
    return -(-policy.threshold // step) * step
