"""An attacker for tests: tries every whole-number table, and shares nothing with the code under test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from cis_desktop.disclosure.tables import TOTAL, Key, Policy, Release, ReleasedCell, Table


@dataclass(frozen=True, slots=True)
class Range:
    """The least and greatest value of a cell over all tables that could be the truth."""

    low: int
    high: int


ENDLESS = 10**9
BASE = 256
"""Above any column total here, so that column totals pack into one number."""


def known(cell: ReleasedCell, policy: Policy) -> tuple[int, int]:
    """Give what a reader knows of a cell."""
    if cell.status == "hidden":
        return (1 if policy.zeros == "show" else 0), ENDLESS
    assert cell.value is not None
    if cell.status == "value":
        return cell.value, cell.value
    if policy.method == "controlled":
        return max(cell.value - policy.rounding + 1, 1 if cell.value else 0), cell.value + policy.rounding - 1
    if policy.method == "small" and cell.value <= policy.rounding:
        return (1, cell.value + policy.rounding // 2) if cell.value else (0, policy.rounding - 1)
    if cell.value == 0:
        return 0, 0
    half = policy.rounding // 2
    return max(cell.value - half, policy.threshold), cell.value + half


def every_table(release: Release, cap: int, fixed: Mapping[Key, int] | None = None) -> dict[Key, Range]:
    """Try all tables that fit a released two-way table; give the range of every cell, margins included.

    No inner cell above `cap` is tried, which only makes the attacker surer.
    """
    table = release.tables[0]
    bounds = {key: known(cell, release.policy) for key, cell in table.cells.items()}
    bounds |= {key: (value, value) for key, value in (fixed or {}).items()}
    rows, columns = ([c.key for c in d.categories] for d in table.shape.dimensions)
    shown = [TOTAL, *columns]
    powers = np.array([BASE**at for at in range(len(columns))], dtype=np.int64)
    seen: dict[Key, Range] = {}
    options, codes = [], []
    for row in rows:
        ranges = [range(bounds[row, c][0], min(bounds[row, c][1], cap) + 1) for c in columns]
        cells = np.array(list(product(*ranges)), dtype=np.int64)
        cells = np.column_stack([cells.sum(axis=1), cells])
        low, high = bounds[row, TOTAL]
        options.append(cells[(cells[:, 0] >= low) & (cells[:, 0] <= high)])
        codes.append(options[-1][:, 1:] @ powers)
    above = [np.zeros(1, dtype=np.int64)]
    for code in codes:
        above.append(np.unique(above[-1][:, None] + code[None, :]))
    sums = (above[-1][:, None] // powers) % BASE
    sums = np.column_stack([sums.sum(axis=1), sums])
    lows, highs = (np.array([bounds[TOTAL, c][side] for c in shown]) for side in (0, 1))
    fits = np.all((sums >= lows) & (sums <= highs), axis=1)
    for at, column in enumerate(shown):
        seen[TOTAL, column] = Range(int(sums[fits, at].min()), int(sums[fits, at].max()))
    below = above[-1][fits]
    for at in range(len(rows) - 1, -1, -1):
        before = below[:, None] - codes[at][None, :]
        possible = np.isin(before, above[at])
        used = options[at][possible.any(axis=0)]
        for place, column in enumerate(shown):
            seen[rows[at], column] = Range(int(used[:, place].min()), int(used[:, place].max()))
        below = np.unique(before[possible])
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
