"""An attacker for tests: tries every whole-number table, and shares nothing with the code under test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from cis_desktop.disclosure.tables import TOTAL, Key, Policy, Release, ReleasedCell, Table


@dataclass(frozen=True, slots=True)
class Range:
    """The least and greatest value of a cell over all tables that could be the truth."""

    low: int
    high: int


ENDLESS = 10**9


def known(cell: ReleasedCell, policy: Policy) -> tuple[int, int]:
    """Give what a reader knows of a cell."""
    if cell.status == "hidden":
        return (1 if policy.zeros == "show" else 0), ENDLESS
    assert cell.value is not None
    if cell.status == "value":
        return cell.value, cell.value
    if cell.value == 0:
        return 0, 0
    half = policy.rounding // 2
    return max(cell.value - half, policy.threshold), cell.value + half


def every_table(
    release: Release, cap: int, fixed: Mapping[Key, int] | None = None
) -> dict[Key, Range]:
    """Try all tables that fit a released two-way table; give the range of every cell, margins included.

    No inner cell above `cap` is tried, which only makes the attacker surer.
    """
    table = release.tables[0]
    bounds = {key: known(cell, release.policy) for key, cell in table.cells.items()}
    bounds |= {key: (value, value) for key, value in (fixed or {}).items()}
    rows, columns = ([c.key for c in d.categories] for d in table.shape.dimensions)
    options = []
    for row in rows:
        ranges = [range(bounds[row, column][0], min(bounds[row, column][1], cap) + 1) for column in columns]
        low, high = bounds[row, TOTAL]
        options.append([cells for cells in product(*ranges) if low <= sum(cells) <= high])
    above = [{(0,) * len(columns)}]
    for choices in options:
        above.append({_plus(sums, cells) for sums in above[-1] for cells in choices})

    def fits(sums: tuple[int, ...]) -> bool:
        marks = zip((*sums, sum(sums)), (*columns, TOTAL), strict=True)
        return all(bounds[TOTAL, c][0] <= value <= bounds[TOTAL, c][1] for value, c in marks)

    ends = {sums for sums in above[-1] if fits(sums)}
    seen: dict[Key, Range] = {}
    for sums in ends:
        for column, value in zip((*columns, TOTAL), (*sums, sum(sums)), strict=True):
            _see(seen, (TOTAL, column), value)
    below = ends
    for at in range(len(rows) - 1, -1, -1):
        earlier = set()
        for sums in below:
            for cells in options[at]:
                before = tuple(s - c for s, c in zip(sums, cells, strict=True))
                if before in above[at]:
                    earlier.add(before)
                    for column, value in zip((*columns, TOTAL), (*cells, sum(cells)), strict=True):
                        _see(seen, (rows[at], column), value)
        below = earlier
    return seen


def exposed(truth: Table, release: Release, cap: int) -> list[str]:
    """Give every small cell that anybody, or the one person in a hidden 1, can prove small or too narrow."""
    threshold = release.policy.threshold
    hidden = {key for key, cell in release.tables[0].cells.items() if cell.status == "hidden"}
    counts = {key: cell.count for key, cell in truth.cells.items()}
    small = {key for key in hidden if 0 < counts[key] < threshold}
    found = []
    outside = every_table(release, cap)
    for key in sorted(hidden):
        if outside[key].high - outside[key].low < threshold - 1 or outside[key].high < threshold:
            found.append(f"{key} is {counts[key]}, known to be in {outside[key]}")
    for insider in sorted(key for key in hidden if counts[key] == 1):
        inside = every_table(release, cap, {insider: 1})
        for key in sorted(small - {insider}):
            same_line = key[0] == insider[0] or key[1] == insider[1]
            holds = counts[key] == 1 and all(TOTAL in (a, b) or a == b for a, b in zip(key, insider, strict=True))
            narrow = inside[key].high - inside[key].low < threshold - 1 or inside[key].high < threshold
            if same_line and not holds and narrow:
                found.append(f"the one in {insider} knows {key} is in {inside[key]}")
    return found


def _plus(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(x + y for x, y in zip(a, b, strict=True))


def _see(seen: dict[Key, Range], key: Key, value: int) -> None:
    old = seen.get(key, Range(value, value))
    seen[key] = Range(min(old.low, value), max(old.high, value))
