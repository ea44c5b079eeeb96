"""Random packs one after another, attacked jointly by somebody who knows only what was published.

The attacker here has one unknown per kind of visit and run of days, and shares nothing with the code under test.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import highspy
import pytest

from cis_desktop.disclosure.overlaps import left_over
from cis_desktop.disclosure.periods import days
from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import TOTAL, Key, PastRelease, Policy, Release, Table

from .made import SECRET, dimension, filled, shape
from .test_earlier_releases import as_past, interval

KINDS = ("food", "advice", "clothes", "travel")
CUTS = [date(2018, m, d).toordinal() for m in range(1, 13) for d in (1, 16)] + [date(2019, 1, 1).toordinal()]
PERIODS = (
    *(f"2018-{m:02}" for m in range(1, 13)), *(f"2018-Q{q}" for q in range(1, 5)), "2018",
    *(f"2018-01-01..2018-{m:02}-15" for m in (2, 5, 8, 11)),
    *(f"2018-{m:02}-16..2018-{m + 2:02}-15" for m in (1, 4, 6, 9)),
)  # fmt: skip


@dataclass(frozen=True)
class Year:
    """How many visits of each kind there were in each half of a month."""

    visits: dict[tuple[int, str], int]

    def table(self, period: str) -> Table:
        start, end = days(period) or (0, 0)
        counts = {
            (kind,): sum(n for (day, k), n in self.visits.items() if k == kind and start <= day < end) for kind in KINDS
        }
        return filled(shape([dimension("kind", KINDS)], measure="visits", counts_people=False, period=period), counts)


def drawn(draw: random.Random) -> Year:
    busy = {kind: draw.choice((0.3, 1, 4, 12)) for kind in KINDS}
    return Year({(day, kind): int(draw.expovariate(1 / busy[kind])) for day in CUTS[:-1] for kind in KINDS})


def issue(year: Year, periods: list[str], policy: Policy) -> tuple[list[tuple[Table, Release]], int]:
    """Release the periods one after another; give what was released, and how many were refused."""
    past: list[PastRelease] = []
    issued, refused = [], 0
    for period in periods:
        table = year.table(period)
        others = left_over([table.shape], map(table.shape.identity, table.cells), past)
        answer = protect([table], policy, past, SECRET, 60, unreleased=[year.table(other) for other in others])
        if isinstance(answer, Release):
            assert answer.spent == 0
            issued.append((table, answer))
            past.append(as_past(period, answer, [table]))
        else:
            assert set(answer.held_by) <= {release.id for release in past}
            refused += 1
    return issued, refused


def exposed(year: Year, issued: list[tuple[Table, Release]], threshold: int) -> Iterator[str]:
    """Give the small figures, released or left over, that all releases together narrow to less than the policy asks."""
    highs = highspy.Highs()
    for option, value in {"output_flag": False, "threads": 1}.items():
        highs.setOptionValue(option, value)
    spans = {days(table.shape.period) or (0, 0) for table, _ in issued}
    cuts = sorted({day for span in spans for day in span})
    runs = [(a, b) for a, b in pairwise(cuts) if any(s <= a and b <= e for s, e in spans)]
    place = {(run, kind): at for at, (run, kind) in enumerate((run, kind) for run in runs for kind in KINDS)}
    for _ in place:
        highs.addVar(0, highspy.kHighsInf)
    wanted: dict[tuple[str, ...], list[int]] = {}
    truth: dict[tuple[str, ...], int] = {}

    def columns(start: int, end: int, key: Key) -> list[int]:
        kinds = KINDS if key == (TOTAL,) else key
        return [place[run, kind] for run in runs if start <= run[0] and run[1] <= end for kind in kinds]

    for table, release in issued:
        start, end = days(table.shape.period) or (0, 0)
        for key, cell in release.tables[0].cells.items():
            at = columns(start, end, key)
            highs.addRow(
                cell.at_least, highspy.kHighsInf if cell.at_most is None else cell.at_most, len(at), at, [1.0] * len(at)
            )
            wanted[table.shape.period, *key], truth[table.shape.period, *key] = at, table.cells[key].count
    for start, end in runs:
        for key in (*((kind,) for kind in KINDS), (TOTAL,)):
            name = (date.fromordinal(start).isoformat(), date.fromordinal(end).isoformat(), *key)
            wanted[name] = columns(start, end, key)
            halves = [n for (day, k), n in year.visits.items() if start <= day < end and key in ((k,), (TOTAL,))]
            truth[name] = sum(halves)
    for name, at in wanted.items():
        if 0 < truth[name] < threshold:
            extra = highs.getNumCol()
            highs.addVar(0, highspy.kHighsInf)
            highs.addRow(0, 0, len(at) + 1, [extra, *at], [1.0, *(-1.0 for _ in at)])
            low, high = interval(highs, extra)
            if high - low < threshold - 1 - 1e-3 or high < threshold - 1e-3:
                yield f"{name} is {truth[name]}, known to be in {low:g}..{high:g}"


def attacked(seed: int, policy: Policy, number: int) -> int:
    draw = random.Random(seed)
    year = drawn(draw)
    issued, refused = issue(year, draw.sample(PERIODS, number), policy)
    assert list(exposed(year, issued, policy.threshold)) == [], seed
    return refused


EXACT = replace(PROFILES["lt5-suppress"], min_households=0)


@pytest.mark.parametrize("seed", range(4))
def test_packs_of_overlapping_periods_give_nothing_small_away_together(seed: int) -> None:
    attacked(seed, EXACT, 5)


def test_packs_that_are_not_compared_do_give_small_figures_away() -> None:
    found = 0
    for seed in range(4):
        draw = random.Random(seed)
        year = drawn(draw)
        tables = [year.table(period) for period in draw.sample(PERIODS, 5)]
        alone = [(table, protect([table], EXACT, [], SECRET, 60)) for table in tables]
        found += len(list(exposed(year, [(t, a) for t, a in alone if isinstance(a, Release)], 5)))
    assert found


@pytest.mark.soak
@pytest.mark.parametrize("profile", ["lt5-suppress", "lt5-round5", "nhs-1to7-round5"])
def test_many_sequences_of_overlapping_periods_give_nothing_small_away(profile: str) -> None:
    policy = replace(PROFILES[profile], min_households=0)
    refused = [attacked(seed, policy, 10) for seed in range(100, 200)]
    assert sum(refused) < 50
