"""An attacker for tests: tries whole-number tables one after another, and shares nothing with the code under test.

It knows what is published and the rules, and nothing else. Every cell of a table is a sum of unknowns (its innermost
cells); a table fits when each of its cells is one that would have been published so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

import highspy
import numpy as np
from numpy.typing import NDArray

from cis_desktop.disclosure.tables import TOTAL, Cell, Dimension, Key, Policy, Release, ReleasedCell, Shape, Table

Ints = NDArray[np.int64]
ENDLESS = 10**9
LIMIT = 30_000
"""So many tables are listed at once; of more, a random choice. Fewer make the attacker surer, never less sure."""
FIRST = 400
CHUNK, PATIENCE = 128, (60, 600)
"""So many half-made tables are gone on with at a time, and so many times. Where that is not enough, a
solver looks for the table, and what it finds is checked in whole numbers."""


@dataclass(frozen=True, slots=True)
class Range:
    """The least and greatest value of a cell over all tables that could be the truth."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Published:
    """A table as readers hold it: rows over the unknowns, each between two bounds. The first rows are its cells."""

    keys: list[Key]
    unknowns: list[Key]
    rows: Ints
    low: Ints
    high: Ints

    def knowing(self, key: Key, low: int, high: int) -> Published:
        """Give what is held by somebody who knows of one more cell that it lies in `low..high`."""
        at = self.keys.index(key)
        lows, highs = self.low.copy(), self.high.copy()
        lows[at], highs[at] = max(low, lows[at]), min(high, highs[at])
        return replace(self, low=lows, high=highs)


def known(
    cell: ReleasedCell, policy: Policy, *, people: bool = True, threshold: int = 0, summed: bool = False
) -> Range:
    """Give what a reader knows of a cell; `summed` cells are sums of other published ones and tell nothing more."""
    base, value = policy.rounding, cell.value
    if cell.status == "hidden":
        return Range(0 if cell.withheld or policy.zeros != "show" else 1, ENDLESS)
    assert value is not None
    if cell.status == "value":
        return Range(value, value)
    if summed:
        return Range(0, ENDLESS)
    if policy.method == "controlled":
        return Range(max(value - base + 1, 1 if value else 0), value + base - 1)
    least = (threshold or policy.threshold) if people else 1
    if policy.method == "midpoint":
        behind = [x for x in range(value + base) if (-(-x // base) * base - base // 2 if x else 0) == value]
    elif policy.method == "small":
        behind = [x for x in range(value + base) if _nearest(x, base) == value and (x >= base or x == 0)]
        behind += range(1, base) if value in (0, base) else ()
    else:
        behind = [x for x in range(value + base) if _nearest(x, base) == value and (x == 0 or x >= least)]
    return Range(min(behind), max(behind))


def _nearest(count: int, base: int) -> int:
    return (count + base // 2) // base * base


def innermost(dimension: Dimension, category: str) -> list[str]:
    """Give the narrowest categories that make up a category; where nothing adds up, itself."""
    if not dimension.adds_up:
        return [category]
    below = [c.key for c in dimension.categories if (c.parent or TOTAL) == category]
    return [leaf for key in below for leaf in innermost(dimension, key)] or [category]


def is_sum(shape: Shape, key: Key) -> bool:
    """Tell whether a cell is the sum of others."""
    return any(innermost(d, part) != [part] for d, part in zip(shape.dimensions, key, strict=True))


def threshold_of(shape: Shape, key: Key, policy: Policy) -> int:
    """Give the threshold of a cell, read off the policy."""
    found = [policy.threshold]
    for sensitive in policy.sensitive:
        by = {d.id: part for d, part in zip(shape.dimensions, key, strict=True) if part != TOTAL}
        if all(name in by and part in ("*", by[name]) for name, part in sensitive.cells.where):
            found.append(sensitive.threshold)
    return max(found)


def too_small(cell: Cell, shape: Shape, threshold: int, policy: Policy) -> bool:
    """Tell whether too few are behind a figure for it to be shown."""
    few = 0 < cell.count < threshold and shape.counts_people
    return few or 0 < cell.persons < threshold or (cell.count > 0 and cell.households < policy.min_households)


def read(shape: Shape, cells: Mapping[Key, ReleasedCell], policy: Policy) -> Published:
    """State a released table as rows over its unknowns."""
    sides = [
        [*([] if d.adds_up else [TOTAL]), *(c.key for c in d.categories if innermost(d, c.key) == [c.key])]
        for d in shape.dimensions
    ]
    unknowns = {leaf: at for at, leaf in enumerate(product(*sides))}
    rows, low, high = [], [], []
    for key, cell in cells.items():
        inside = product(*(innermost(d, part) for d, part in zip(shape.dimensions, key, strict=True)))
        rows.append({unknowns[leaf]: 1 for leaf in inside})
        told = known(cell, policy, people=shape.counts_people, threshold=threshold_of(shape, key, policy),
                     summed=policy.totals == "summed" and is_sum(shape, key))  # fmt: skip
        low.append(told.low)
        high.append(told.high)
    for axis, dimension in enumerate(shape.dimensions):
        if dimension.adds_up:
            continue
        for whole in [leaf for leaf in unknowns if leaf[axis] == TOTAL]:
            parts = [unknowns[(*whole[:axis], c.key, *whole[axis + 1 :])] for c in dimension.categories]
            lines = [{unknowns[whole]: 1, part: -1} for part in parts]
            for row in (*lines, {unknowns[whole]: -1, **dict.fromkeys(parts, 1)}):
                rows.append(row)
                low.append(0)
                high.append(ENDLESS)
    matrix = np.zeros((len(rows), len(unknowns)), dtype=np.int64)
    for at, row in enumerate(rows):
        matrix[at, list(row)] = list(row.values())
    return Published(list(cells), list(unknowns), matrix, np.array(low), np.array(high))


@dataclass(frozen=True, slots=True)
class Steps:
    """Unknowns one after another: what each may be, and what the rows must be by then for a table still to fit."""

    options: list[Ints]
    least: list[Ints]
    most: list[Ints]
    told: list[Ints]
    """The rows that an unknown is in."""


def steps(held: Published, cap: int) -> Steps | None:
    """Work out between which values each unknown must lie, none above `cap`; None when nothing fits."""
    rows, size = held.rows, held.rows.shape[1]
    plus, minus = np.maximum(rows, 0), np.minimum(rows, 0)
    least, most = np.zeros(size, np.int64), np.full(size, cap)
    for _ in range(size):
        lows, highs = plus @ least + minus @ most, plus @ most + minus @ least
        before = least.copy(), most.copy()
        for at in range(size):
            more, less = rows[:, at] == 1, rows[:, at] == -1
            lower = [held.low[more] - highs[more] + before[1][at], lows[less] + before[1][at] - held.high[less]]
            upper = [held.high[more] - lows[more] + before[0][at], highs[less] + before[0][at] - held.low[less]]
            least[at] = max(least[at], np.concatenate(lower).max())
            most[at] = min(most[at], np.concatenate(upper).min())
        if (least > most).any():
            return None
        if (before[0] == least).all() and (before[1] == most).all():
            break
    found = Steps([], [], [], [])
    for at in range(size):
        told = np.flatnonzero(rows[:, at])
        later = slice(at + 1, size)
        found.options.append(np.arange(least[at], most[at] + 1))
        found.told.append(told)
        found.least.append((held.low - plus[:, later] @ most[later] - minus[:, later] @ least[later])[told])
        found.most.append((held.high - plus[:, later] @ least[later] - minus[:, later] @ most[later])[told])
    return found


def go_on(held: Published, by: Steps, at: int, found: Ints) -> Ints:
    """Give every half-made table with one more unknown, where it can still fit; unknowns stand after the rows."""
    size, told, options = len(held.rows), by.told[at], by.options[at]
    near = found[:, None, told] + options[:, None] * held.rows[told, at]
    which, value = np.nonzero(((near >= by.least[at]) & (near <= by.most[at])).all(axis=2))
    more = found[which]
    more[:, :size] += options[value, None] * held.rows[:, at]
    more[:, size + at] = options[value]
    return more


def first_table(held: Published, cap: int, near: Ints, patience: int) -> Ints | None:
    """Try tables up to `cap`, those close to `near` first; give the first that fits."""
    by = steps(held, cap)
    if by is None:
        return None
    size = held.rows.shape[1]
    waiting = [(0, np.zeros((1, sum(held.rows.shape)), np.int64))]
    for _ in range(patience):
        if not waiting:
            return None
        at, found = waiting.pop()
        if at == size:
            return np.asarray(found[0])
        more = go_on(held, by, at, found)
        away = np.abs(more[:, len(held.rows) : len(held.rows) + at + 1] - near[: at + 1]).sum(axis=1)
        more = more[np.argsort(away, kind="stable")]
        chunks = [more[start : start + CHUNK] for start in range(0, len(more), CHUNK)]
        waiting += [(at + 1, chunk) for chunk in reversed(chunks)]
    return None


def some_tables(held: Published, cap: int, limit: int) -> Ints:
    """Give all tables up to `cap` that fit; where they are too many to keep, those that come of a random choice."""
    by, draw = steps(held, cap), np.random.default_rng(1)
    assert by is not None
    found = np.zeros((1, sum(held.rows.shape)), np.int64)
    for at in range(held.rows.shape[1]):
        found = go_on(held, by, at, found)
        found = found[draw.choice(len(found), limit, replace=False)] if len(found) > limit else found
    return found


def solved(held: Published, at: int, sign: int, cap: int) -> Ints:
    """Give the values of all rows in a table up to `cap` where row `at` is least (`sign` 1) or greatest (-1)."""
    highs = highspy.Highs()
    for option, value in {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0}.items():
        highs.setOptionValue(option, value)
    unknowns = np.arange(held.rows.shape[1], dtype=np.int32)
    for _ in unknowns:
        highs.addVar(0, cap)
    highs.changeColsIntegrality(len(unknowns), unknowns, np.array([highspy.HighsVarType.kInteger] * len(unknowns)))
    highs.changeColsCost(len(unknowns), unknowns, (sign * held.rows[at]).astype(float))
    for row, low, high in zip(held.rows, held.low, held.high, strict=True):
        inside = np.flatnonzero(row).astype(np.int32)
        highs.addRow(float(low), float(high), len(inside), inside, row[inside].astype(float))
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    values = held.rows @ np.rint(np.array(highs.getSolution().col_value)).astype(np.int64)
    assert ((values >= held.low) & (values <= held.high)).all(), "it must fit in whole numbers"
    return np.asarray(values)


def every_table(release: Release, cap: int, fixed: Mapping[Key, int] | None = None) -> dict[Key, Range]:
    """Give the range of every cell of a released table over the tables that fit (a choice of them if they are many).

    `fixed` are cells that the reader knows besides.
    """
    table = release.tables[0]
    held = read(table.shape, table.cells, release.policy)
    for key, value in (fixed or {}).items():
        held = held.knowing(key, value, value)
    found = some_tables(held, cap, LIMIT)
    columns = zip(found.min(axis=0).tolist(), found.max(axis=0).tolist(), strict=True)
    return {key: Range(low, high) for key, (low, high) in zip(held.keys, columns, strict=False)}


def need(truth: Table, key: Key, shown: ReleasedCell, policy: Policy) -> tuple[int, int] | None:
    """Give what is promised of a cell: how wide it stays, and what it reaches; None when it is no secret."""
    shape, cell = truth.shape, truth.cells[key]
    threshold = threshold_of(shape, key, policy)
    if shown.status == "hidden":
        amount = not shape.counts_people and cell.count > 0 and too_small(cell, shape, threshold, policy)
        return max(threshold - 1, -(-cell.count // 5) if amount else 0), threshold
    if shown.status == "value" or (policy.totals == "summed" and is_sum(shape, key)):
        return None
    told = known(shown, policy, people=shape.counts_people, threshold=threshold)
    if policy.method == "midpoint" and 0 < cell.count < threshold:
        return policy.rounding - 1, 0
    if policy.method in ("controlled", "small") and told.low < threshold:
        return min(threshold, policy.rounding) - 1, 0
    return None


def exposed(truth: Table, release: Release, number: int = 0) -> list[str]:
    """Give every cell that anybody, or the one person in a hidden figure, knows better than is promised."""
    policy, released = release.policy, release.tables[number]
    held = read(truth.shape, released.cells, policy)
    exact = np.array([truth.cells[key].count for key in held.keys])
    assert (held.low[: len(exact)] <= exact).all(), "the truth itself must fit"
    assert (exact <= held.high[: len(exact)]).all(), "the truth itself must fit"
    found = [
        f"{key} is shown and too small" for key in held.keys if _shown_too_small(truth, key, released.cells, policy)
    ]
    wanted = {key: w for key in held.keys if (w := need(truth, key, released.cells[key], policy))}
    for who, told, targets in ((None, held, wanted), *_insiders(truth, held, released.cells, wanted, policy)):
        for key, seen in _narrow(truth, told, targets):
            found.append(f"{key} is {truth.cells[key].count}, known to be in {seen}" + (f" by {who}" if who else ""))
    return found


def _shown_too_small(truth: Table, key: Key, cells: Mapping[Key, ReleasedCell], policy: Policy) -> bool:
    shown, cell = cells[key], truth.cells[key]
    if shown.status == "hidden" or (
        shown.status == "rounded" and policy.totals == "summed" and is_sum(truth.shape, key)
    ):
        return False
    if cell.count == 0:
        noughts = shown.status == "value" and policy.zeros == "protect"
        return noughts and not truth.shape.structural
    rounded_away = shown.status == "rounded" and policy.method != "nearest" and truth.shape.counts_people
    enough = cell.count >= threshold_of(truth.shape, key, policy) or not rounded_away
    return too_small(cell, truth.shape, threshold_of(truth.shape, key, policy), policy) and enough


def _insiders(
    truth: Table,
    held: Published,
    cells: Mapping[Key, ReleasedCell],
    wanted: Mapping[Key, tuple[int, int]],
    policy: Policy,
) -> Iterator[tuple[Key, Published, dict[Key, tuple[int, int]]]]:
    """Give what the one person in each hidden figure knows, and the small figures on their lines."""
    shape = truth.shape
    small = [
        key for key in held.keys
        if cells[key].status == "hidden" and truth.cells[key].count
        and too_small(truth.cells[key], shape, threshold_of(shape, key, policy), policy)
    ]  # fmt: skip
    alone = {key for key in small if truth.cells[key].persons == 1}
    for insider in sorted(alone):
        others = {
            key: wanted[key] for key in small
            if (side := beside(shape, key, insider)) and not (side == "above" and key in alone)
        }  # fmt: skip
        if others:
            count = truth.cells[insider].count
            yield insider, held.knowing(insider, count, count), others


def beside(shape: Shape, one: Key, other: Key) -> str | None:
    """Tell whether two cells are on one line of a table: "beside" each other, or one "above" the other."""
    apart = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(apart) != 1:
        return None
    above = {c.key: c.parent or TOTAL for c in shape.dimensions[apart[0]].categories}
    a, b = one[apart[0]], other[apart[0]]
    if above.get(a) == b or above.get(b) == a:
        return "above"
    return "beside" if above.get(a) == above.get(b) else None


def _narrow(truth: Table, held: Published, wanted: Mapping[Key, tuple[int, int]]) -> Iterator[tuple[Key, Range]]:
    """Give the cells that are not as unknown as wanted, over all tables that fit.

    Every table found is good for every cell. The truth is one of them, and only says where to look first.
    """
    greatest = max(cell.count for cell in truth.cells.values())
    widest = max((width for width, _ in wanted.values()), default=0)
    near = np.array([truth.cells[key].count for key in held.unknowns])
    low = high = np.array([truth.cells[key].count for key in held.keys])
    cap = greatest + 2 * widest + 1
    if wanted and len(found := some_tables(held, cap, FIRST)):
        low, high = (
            np.minimum(low, found[:, : len(low)].min(axis=0)),
            np.maximum(high, found[:, : len(high)].max(axis=0)),
        )
    for key, (width, reach) in wanted.items():
        at = held.keys.index(key)
        for patience, aim in product(PATIENCE, ("down", "up", "far up")):
            while high[at] - low[at] < width or high[at] < reach:
                goal = {"down": (0, low[at] - 1), "far up": (max(reach, low[at] + width), ENDLESS),
                        "up": (high[at] + 1, ENDLESS)}[aim]  # fmt: skip
                one = first_table(held.knowing(key, *goal), cap, near, patience)
                if one is None:
                    break
                low, high = np.minimum(low, one[: len(low)]), np.maximum(high, one[: len(high)])
        if high[at] - low[at] < width or high[at] < reach:
            for sign in (1, -1):
                furthest = solved(held, at, sign, cap)[: len(low)]
                low, high = np.minimum(low, furthest), np.maximum(high, furthest)
        if high[at] - low[at] < width or high[at] < reach:
            yield key, Range(int(low[at]), int(high[at]))
