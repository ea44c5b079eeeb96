"""Relations that say nothing new, because others say it already: solvers are spared them.

A month is no more than its quarter, and a quarter no more than its year: that a month is no more than its year follows.
Of the relations of many overlapping releases a third to a half are of that kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from .relations import Row

_Above = dict[int, dict[int, bool]]
"""By variable, those it is no less than; whether a relation says so that is kept whatever happens."""


def essential(rows: Sequence[Row], below_nought: Collection[int]) -> list[Row]:
    """Give relations from which all others follow. `below_nought` are the variables that can be less than nought."""
    above: _Above = {}
    plain: dict[tuple[int, int], Row] = {}
    gone = set()
    for row in rows:
        alone = len(row.terms) == 2 and None in (row.low, row.high)
        for whole, parts in _wholes(row):
            if not {whole, *parts}.isdisjoint(below_nought):
                continue
            if alone and plain.setdefault((whole, parts[0]), row) is not row:
                gone.add(row)
            for part in parts:
                below = above.setdefault(whole, {})
                below[part] = below.get(part, False) or not alone
    for (whole, part), row in plain.items():
        if above[whole][part]:
            gone.add(row)
        elif _by_others(above, whole, part):
            gone.add(row)
            del above[whole][part]
    return [row for row in rows if row not in gone]


def _wholes(row: Row) -> Iterator[tuple[int, list[int]]]:
    """Give which variable a relation says is no less than the sum of which others."""
    for sign, least in ((1, row.low), (-1, None if row.high is None else -row.high)):
        over = [variable for variable, factor in row.terms if factor == sign]
        under = [variable for variable, factor in row.terms if factor == -sign]
        if least == 0 and len(over) == 1 and under and len(under) + 1 == len(row.terms):
            yield over[0], under


def _by_others(above: _Above, whole: int, part: int) -> bool:
    """Tell whether a variable is no less than another for some between them."""
    seen, left = {whole}, [other for other in above[whole] if other != part]
    while left:
        at = left.pop()
        if at == part:
            return True
        if at not in seen:
            seen.add(at)
            left += above.get(at, ())
    return False
