"""What a published figure looks like, and what it tells about the figure behind it.

Midpoint rounding after OpenSAFELY's statistical disclosure control rules: `ceil(x / 6) * 6 - 3`, and 0 stays
0.
"""

from __future__ import annotations

from .tables import Policy, Shape


def base_of(shape: Shape, policy: Policy) -> int:
    """Give the rounding base in the table's own unit: money is kept in pence and rounded in pounds."""
    return policy.rounding * (100 if shape.unit == "pence" else 1)


def published(count: int, base: int, method: str) -> int:
    """Give the figure that is published for `count`: itself when the base is 0, else rounded."""
    if base == 0:
        return count
    if method == "midpoint":
        return -(-count // base) * base - base // 2 if count else 0
    return (count + base // 2) // base * base


def interval(value: int, base: int, method: str, smallest: int) -> tuple[int, int]:
    """Give the least and greatest count that is published as `value`.

    `smallest` is the least count above nought that is shown at all: a reader who sees a figure knows that it
    is 0 or at least that.
    """
    if base == 0:
        return value, value
    if method == "midpoint":
        if value == 0:
            return 0, 0
        low = value + base // 2 - base + 1
        return low, low + base - 1
    low = max(0, value - base // 2)
    high = value - base // 2 + base - 1
    if value == 0:
        return 0, (high if smallest <= high else 0)
    return max(low, smallest), high
