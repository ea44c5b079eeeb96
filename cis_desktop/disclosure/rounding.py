"""What a published figure looks like, and what it tells about the figure behind it.

- `nearest`: to the nearest multiple of the base.
- `midpoint`: OpenSAFELY's midpoint rounding, `ceil(x / 6) * 6 - 3`, and 0 stays 0.
- `controlled`: up or down to a multiple of the base so that tables add up (`controlled.py`); multiples stay.
- `small`: what is below the base becomes 0 or the base, other figures go to the nearest multiple. After the small
  count rounding of Langsrud and Heldal (2018), which leaves those as they are.
"""

from __future__ import annotations

from .tables import Method, Policy, Shape

DRAWN = ("controlled", "small")
"""Methods that show a small figure as one of two multiples, so that a nought may be small and the other way round."""


def base_of(shape: Shape, policy: Policy) -> int:
    """Give the rounding base in the table's own unit: money is kept in pence and rounded in pounds."""
    return policy.rounding * (100 if shape.unit == "pence" else 1)


def tells_small_apart(method: Method, base: int, threshold: int) -> bool:
    """Tell whether a rounded figure says too much of a count of `1..threshold-1` for it to be shown at all."""
    if method == "nearest":
        return True
    return threshold > (base + 1 if method == "midpoint" else base)


def published(count: int, base: int, method: Method) -> int:
    """Give the figure that is published for `count` where nothing is drawn: itself when the base is 0, else rounded."""
    if base == 0:
        return count
    if method == "midpoint":
        return -(-count // base) * base - base // 2 if count else 0
    return (count + base // 2) // base * base


def drawn(count: int, base: int, draw: float) -> int:
    """Give the figure of the method `small`: a small count goes up with a chance of its share of the base.

    `draw` is in 0..1. So sums stay right on average, and every count below the base can be behind either figure.
    """
    if 0 < count < base:
        return base if draw * base < count else 0
    return published(count, base, "nearest")


def interval(value: int, base: int, method: Method, smallest: int) -> tuple[int, int]:
    """Give the least and greatest count that is published as `value`.

    `smallest` is the least count above nought that is shown at all by rounding to the nearest: a reader who sees a
    figure knows that it is 0 or at least that.
    """
    if base == 0:
        return value, value
    if method == "midpoint":
        if value == 0:
            return 0, 0
        low = value + base // 2 - base + 1
        return low, low + base - 1
    if method == "controlled":
        return max(value - base + 1, int(value > 0)), value + base - 1
    low = max(0, value - base // 2)
    high = value - base // 2 + base - 1
    if method == "small":
        return (0, base - 1) if value == 0 else (1 if value == base else low, high)
    if value == 0:
        return 0, (high if smallest <= high else 0)
    return max(low, smallest), high
