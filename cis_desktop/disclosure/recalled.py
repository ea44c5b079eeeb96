"""An earlier release of which only the published figures are left: exact figures that could have stood behind it.

After a record is restored, packs that were made meanwhile are read back from their files. What a recount gives now need
not be what was counted then; what is nearest to it, and fits all that was published, takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import highspy
import numpy as np

from .programme import Clock, run, solver, values
from .relations import line, margins
from .tables import CellId, ReleasedCell, ReleasedTable

_NODES = 5000


def nearest(
    tables: Sequence[ReleasedTable],
    recount: Mapping[CellId, int],
    budget: float,
    check: Callable[[], object] = lambda: None,
) -> dict[CellId, int] | None:
    """Give whole figures, one per cell, that fit what was published and differ least in sum from `recount`.

    A cell that is not in `recount` starts from its published value, or its least. None where no figures fit, which
    tables of ours never have. Raises OutOfTime or SolverFailed.
    """
    cells: dict[CellId, ReleasedCell] = {t.shape.identity(key): cell for t in tables for key, cell in t.cells.items()}
    at = {cid: number for number, cid in enumerate(cells)}
    # First a column for each figure, then one for how far it is from the recount.
    highs, size = solver({"mip_max_nodes": _NODES}), len(cells)
    for cell in cells.values():
        highs.addVar(cell.at_least, highspy.kHighsInf if cell.at_most is None else cell.at_most)
    for _ in cells:
        highs.addVar(0, highspy.kHighsInf)
    columns = np.arange(size, dtype=np.int32)
    highs.changeColsIntegrality(size, columns, np.array([highspy.HighsVarType.kInteger] * size))
    highs.changeColsCost(size, columns + size, np.ones(size))
    for number, (cid, cell) in enumerate(cells.items()):
        wanted = recount.get(cid, cell.at_least if cell.value is None else cell.value)
        highs.addRow(
            wanted, highspy.kHighsInf, 2, np.array([number, number + size], dtype=np.int32), np.array([1.0, 1.0])
        )
        highs.addRow(
            -highspy.kHighsInf, wanted, 2, np.array([number, number + size], dtype=np.int32), np.array([1.0, -1.0])
        )
    for table in tables:
        for whole, parts, adds_up in margins(table.shape):
            below = tuple(at[table.shape.identity(part)] for part in parts)
            for row in line(at[table.shape.identity(whole)], below, adds_up):
                index = np.array([column for column, _ in row.terms], dtype=np.int32)
                factors = np.array([float(factor) for _, factor in row.terms])
                low, high = (-highspy.kHighsInf if row.low is None else row.low), row.high
                highs.addRow(low, highspy.kHighsInf if high is None else high, len(index), index, factors)
    if not run(highs, Clock.start(budget, check)):
        return None
    found = np.rint(values(highs, size)).astype(int)
    return {cid: int(found[number]) for cid, number in at.items()}
