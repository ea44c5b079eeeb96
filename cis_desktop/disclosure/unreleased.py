"""How unknown a figure must stay that no release shows and that readers may try to work out."""

from __future__ import annotations

from .primary import sensitive, threshold_of
from .relations import Unreleased
from .rounding import tells_small_apart
from .tables import Policy


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
