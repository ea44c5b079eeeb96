"""How unknown a figure must stay that this release does not show: one that none does, or one of an earlier release."""

from __future__ import annotations

from .primary import sensitive, threshold_of
from .relations import Unreleased
from .rounding import DRAWN, tells_small_apart
from .tables import PastCell, Policy


def needed(other: Unreleased, policy: Policy) -> tuple[int, int] | None:
    """Give how wide such a figure must stay, and how far above the truth it must reach.

    None when it may be known: it could be shown itself, and exactly if it is a headline line.
    """
    cell, shape = other.cell, other.shape
    if other.change:
        return -cell.count, -cell.count
    threshold = threshold_of(shape, other.key, policy)
    why = sensitive(cell, shape, policy, threshold)
    if why is None or why == "zero":
        thin = cell.count and shape.accountability and cell.households < policy.accountability_households
        return (policy.rounding - 1, 0) if thin and policy.rounding else None
    if why == "count" and policy.rounding and not tells_small_apart(policy.method, policy.rounding, threshold):
        return (policy.rounding if policy.method == "midpoint" else min(threshold, policy.rounding)) - 1, 0
    width = threshold - 1
    return width if shape.counts_people else max(width, -(-cell.count // 5)), max(threshold - cell.count, 0)


def promised(cell: PastCell, policy: Policy) -> tuple[int, int] | None:
    """Give how wide a figure of an earlier release must stay, and how far above the truth it must reach.

    That is what its readers were promised by the `policy` it was made under: of every blank, since they cannot tell
    small ones from others, and of what rounding alone keeps unknown. None when it may be known.
    """
    seen, threshold = cell.released, policy.threshold
    if seen.status == "hidden":
        return threshold - 1, max(threshold - cell.exact, 0)
    if seen.status == "value" or seen.at_most is None:
        return None
    band = seen.at_most - seen.at_least
    if policy.method in DRAWN:
        return (min(threshold - 1, band), 0) if seen.at_least < threshold else None
    return (band, 0) if seen.at_least > 0 and seen.at_most < threshold else None
