"""A period is closed when it is released: its figures stand until a correction is large enough to be shown.

Late records and erasures go on moving the truth of a period. A pack that shows a figure one greater than an earlier
pack did shows one person, with everything that the tables say of them. So released figures are taken again as they
were, until every one that has moved has moved by the threshold or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .overlaps import Family, adds_over_time, over_time
from .periods import partitions
from .tables import Cell, CellId, PastRelease, Table


def as_released(tables: Sequence[Table], past: Sequence[PastRelease], threshold: int) -> tuple[Table, ...]:
    """Give tables with the figures they were released with, where anything has moved since by less than `threshold`.

    Tables that share figures are taken together, since they have to agree; those with figures that were never released
    are left as they are. `past` is oldest first.
    """
    then = _released(tables, past)
    now = {table.shape.identity(key): cell.count for table in tables for key, cell in table.cells.items()}
    if not any(0 < abs(now[cid] - count) < threshold for cid, count in then.items()):
        return tuple(tables)
    open_still = {
        table.shape
        for group in _sharing(tables)
        for table in group
        if not all(other.shape.identity(key) in then for other in group for key in other.cells)
    }
    return tuple(table if table.shape in open_still else _as_then(table, then) for table in tables)


def _released(tables: Sequence[Table], past: Sequence[PastRelease]) -> dict[CellId, int]:
    """Give the figures as they were released last, themselves or as the periods that make them up."""
    newest = {cid: cell.exact for release in past for cid, cell in release.cells.items()}
    additive = over_time([t.shape for t in tables] + [t.shape for release in past for t in release.tables])
    by_period: dict[Family, dict[str, int]] = {}
    for cid, count in newest.items():
        by_period.setdefault((cid.measure, cid.area, cid.categories), {})[cid.period] = count
    found: dict[CellId, int] = {}
    chains: dict[tuple[str, frozenset[str]], tuple[str, ...]] = {}
    for cid in {table.shape.identity(key): None for table in tables for key in table.cells}:
        family = (cid.measure, cid.area, cid.categories)
        periods = by_period.get(family, {})
        if cid in newest:
            found[cid] = newest[cid]
        elif periods and adds_over_time(family, additive):
            asked = (cid.period, frozenset(periods))
            if asked not in chains:
                fills = [parts for whole, parts in partitions([*periods, cid.period]) if whole == cid.period]
                chains[asked] = fills[0] if fills else ()
            if chains[asked]:
                found[cid] = sum(periods[part] for part in chains[asked])
    return found


def _sharing(tables: Sequence[Table]) -> list[list[Table]]:
    """Part tables into groups that share figures, directly or through others."""
    groups: list[tuple[set[CellId], list[Table]]] = []
    for table in tables:
        cells = {table.shape.identity(key) for key in table.cells}
        touching = [group for group in groups if group[0] & cells]
        groups = [group for group in groups if not group[0] & cells]
        groups.append((cells.union(*(of for of, _ in touching)), [t for _, of in touching for t in of] + [table]))
    return [of for _, of in groups]


def _as_then(table: Table, then: Mapping[CellId, int]) -> Table:
    return Table(
        table.shape, {key: _counted(cell, then[table.shape.identity(key)]) for key, cell in table.cells.items()}
    )


def _counted(cell: Cell, count: int) -> Cell:
    persons = count if cell.persons == cell.count else cell.persons
    return replace(cell, count=count, persons=persons) if cell.count != count else cell
