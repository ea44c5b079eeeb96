"""Protecting tables: whole runs of `protect`, with rounding, patterns, attacks and witnesses.

The goals are seconds on two cores; what is hidden besides the small figures is printed beside them, and how that
compares with the least possible, because speed that hides more is no gain. Generator and seeds are those written here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import TOTAL, PastCell, PastRelease, Policy, Release, Table
from cis_desktop.disclosure.weights import public_weights
from tests.core.disclosure.made import SECRET, random_table
from tests.core.disclosure.quarter import pack

LT5 = Policy("lt5", threshold=5, min_households=0)


def protected(tables: Sequence[Table], policy: Policy, past: Sequence[PastRelease] = ()) -> Callable[[], Release]:
    def run() -> Release:
        release = protect(tables, policy, past, SECRET, 600)
        assert isinstance(release, Release), release
        return release

    return run


@dataclass(frozen=True, slots=True)
class Row:
    """A drawn table of skewed counts, what may be asked of it, and the least that any safe pattern of it costs.

    `least` is over the figures hidden besides the small ones, in the costs of `public_weights(SECRET)`: proven by
    Benders' cuts, down to the last one or as a linear programme (which no pattern need reach). None: not known.
    """

    name: str
    seed: int
    sizes: tuple[int, ...]
    mean: float
    seconds: float
    least: float | None = None
    ratio: float | None = None


ROWS = [
    Row("10x10, 25 small", 3, (10, 10), 12, 0.1, 6.46, 1.01),
    Row("10x10, 32 small", 4, (10, 10), 12, 0.1, 7.43, 1.01),
    Row("10x8x5", 3, (10, 8, 5), 9, 10.0, 86.46, 1.054),
    Row("20x20x5 dense", 3, (20, 20, 5), 8, 5.0),
    Row("20x20x5 sparse", 4, (20, 20, 5), 2.2, 8.0),
    Row("30x20x12", 3, (30, 20, 12), 6.5, 90.0),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_table_is_protected(compare: Any, row: Row) -> None:
    table = random_table(row.seed, row.sizes, row.mean)
    run = protected([table], LT5)
    release = run()
    weigh = public_weights(SECRET)
    small = {key for key in table.cells if table.shape.identity(key) in release.primary}
    besides = [key for key, cell in release.tables[0].cells.items() if cell.status == "hidden" and key not in small]
    cost = sum(weigh(table.shape.identity(key), table.shape, key, None) for key in besides)
    compare.amount(f"{row.name}: small ones", ours=len(small), unit="cells")
    compare.amount(f"{row.name}: hidden besides", ours=len(besides), unit="cells")
    compare.amount(f"{row.name}: cost of these", ours=cost, reference=row.least, goal=row.ratio, unit="by weight")
    compare(f"protect {row.name}", run, limit=row.seconds, rounds=1 if len(row.sizes) > 2 else 5)


@pytest.mark.parametrize("people", [150, 500, 2000])
@pytest.mark.parametrize("profile", PROFILES)
def test_a_quarterly_pack_is_protected(compare: Any, people: int, profile: str) -> None:
    run = protected(pack(people, 20170), PROFILES[profile])
    compare(f"protect a quarter of {people}, {profile}", run, limit=1.0, rounds=3)


@pytest.mark.parametrize("profile", ["nhs-1to7-round5", "lt5-suppress"])
def test_a_quarterly_pack_is_protected_after_two_years_of_others(compare: Any, profile: str) -> None:
    past: list[PastRelease] = []
    for quarter in range(8):
        tables = moved(pack(500, 20160 + quarter), quarter)
        release = protect(tables, PROFILES[profile], past, SECRET, 600)
        assert isinstance(release, Release), release
        past.append(kept(str(quarter), tables, release))
    tables = moved(pack(500, 20170), 8)
    run = protected(tables, PROFILES[profile], past)
    compare(f"protect a quarter after eight, {profile}", run, limit=1.0, rounds=3)


def moved(tables: Sequence[Table], quarters: int) -> list[Table]:
    """Give the same figures for a later quarter."""
    year, quarter = 2018 + quarters // 4, quarters % 4

    def later(period: str) -> str:
        return f"{year}-Q{quarter + 1}" if "Q" in period else f"{year}-{int(period[-2:]) + 3 * quarter:02d}"

    found = []
    for table in tables:
        shape = replace(table.shape, period=later(table.shape.period))
        names = [
            {c.key: later(c.key) if d.kind == "period" else c.key for c in d.categories} | {TOTAL: TOTAL}
            for d in shape.dimensions
        ]
        shape = replace(shape, dimensions=tuple(
            replace(d, categories=tuple(replace(c, key=name[c.key]) for c in d.categories))
            for d, name in zip(shape.dimensions, names, strict=True)
        ))  # fmt: skip
        cells = {tuple(n[k] for n, k in zip(names, key, strict=True)): cell for key, cell in table.cells.items()}
        found.append(Table(shape, cells))
    return found


def kept(name: str, tables: Sequence[Table], release: Release) -> PastRelease:
    """Give a release as the ledger keeps it."""
    cells = {
        of.shape.identity(key): PastCell(table.cells[key].count, cell)
        for table, of in zip(tables, release.tables, strict=True)
        for key, cell in of.cells.items()
    }
    return PastRelease(name, release.tables, cells)
