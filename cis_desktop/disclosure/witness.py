"""Check the proof that a hidden cell cannot be worked out: two whole tables, in plain whole-number arithmetic.

Nothing here knows how a witness was found. It checks, from what is published, that both tables could be the
true one and that they differ enough at the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .relations import System


def possible(system: System, known: Sequence[tuple[int, int | None]], values: Sequence[int]) -> bool:
    """Tell whether `values`, one per variable, could be the truth: within what is known, keeping every relation."""
    for value, (low, high) in zip(values, known, strict=True):
        if value < low or (high is not None and value > high):
            return False
    for row in system.rows:
        activity = sum(factor * values[variable] for variable, factor in row.terms)
        if (row.low is not None and activity < row.low) or (row.high is not None and activity > row.high):
            return False
    return True


def differ_enough(low: int, high: int, width: int, at_least: int) -> bool:
    """Tell whether two possible values of a cell are `width` apart, the greater of them `at_least` or more."""
    return high - low >= width and high >= at_least


def all_proven(
    system: System,
    known: Sequence[tuple[int, int | None]],
    points: Sequence[Sequence[int]],
    pairs: Mapping[int, tuple[int, int]],
    needs: Mapping[int, tuple[int, int]],
) -> Iterable[int]:
    """Give the variables whose pair of points (by number) does not prove them safe.

    `needs` gives, for each variable that must be protected, the width and the value to reach.
    """
    fine = [possible(system, known, point) for point in points]
    for variable, (width, reach) in needs.items():
        low, high = pairs.get(variable, (-1, -1))
        proven = (
            min(low, high) >= 0
            and fine[low]
            and fine[high]
            and differ_enough(points[low][variable], points[high][variable], width, reach)
        )
        if not proven:
            yield variable
