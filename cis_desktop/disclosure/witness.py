"""Check the proof that a hidden cell cannot be worked out: two whole tables, in plain whole-number arithmetic.

Nothing here knows how a witness was found. It checks, from what is published, that both tables could be the
true one and that they differ enough at the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .relations import NOW, UNRELEASED, System
from .tables import CellId, PastRelease, ReleasedCell

_WHOLE = np.iinfo(np.int64)

Known = Sequence[tuple[int | None, int | None]]
"""The least and greatest value of each variable that a reader is told; None where there is none."""


def told(system: System, cells: Mapping[CellId, ReleasedCell], past: Sequence[PastRelease]) -> Known:
    """Give what every reader knows of each variable, from the published `cells` and earlier releases alone."""
    seen = {(release.id, cid): cell.released for release in past for cid, cell in release.cells.items()}
    seen |= {(NOW, cid): cell for cid, cell in cells.items()}
    known = list[tuple[int | None, int | None]]()
    for at, variable in enumerate(system.variables):
        if variable[0] == UNRELEASED:
            change = at in system.unreleased and system.unreleased[at].change
            known.append((None if change else 0, None))
        else:
            known.append((seen[variable].at_least, seen[variable].at_most))
    return known


def possible(system: System, known: Known, points: Sequence[Sequence[int]]) -> list[bool]:
    """Tell which tables (one value per variable) could be the truth: within what is known, keeping every relation."""
    tables = np.array(points, dtype=np.int64).reshape(len(points), len(known))
    least, most = (_bounds([pair[side] for pair in known], side) for side in (0, 1))
    fine = np.all((tables >= least) & (tables <= most), axis=1)
    rows = [row for row in system.rows if row.terms]
    if rows:
        variables = np.array([variable for row in rows for variable, _ in row.terms])
        factors = np.array([factor for row in rows for _, factor in row.terms], dtype=np.int64)
        starts = np.cumsum([0, *(len(row.terms) for row in rows[:-1])])
        sums = np.add.reduceat(tables[:, variables] * factors, starts, axis=1)
        fine &= np.all(
            (sums >= _bounds([r.low for r in rows], 0)) & (sums <= _bounds([r.high for r in rows], 1)), axis=1
        )
    return [bool(one) for one in fine]


def _bounds(values: Sequence[int | None], side: int) -> NDArray[np.int64]:
    none = (_WHOLE.min, _WHOLE.max)[side]
    return np.array([none if value is None else value for value in values], dtype=np.int64)


def differ_enough(low: int, high: int, width: int, at_least: int) -> bool:
    """Tell whether two possible values of a cell are `width` apart, the greater of them `at_least` or more."""
    return high - low >= width and high >= at_least


def all_proven(
    system: System,
    known: Known,
    points: Sequence[Sequence[int]],
    pairs: Mapping[int, tuple[int, int]],
    needs: Mapping[int, tuple[int, int]],
) -> Iterable[int]:
    """Give the variables whose pair of points (by number) does not prove them safe.

    `needs` gives, for each variable that must be protected, the width and the value to reach.
    """
    fine = possible(system, known, points)
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
