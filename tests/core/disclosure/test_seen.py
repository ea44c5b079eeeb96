"""What a reader could work out of each figure is what trying every whole-number table gives."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from cis_desktop.disclosure.programme import OutOfTime
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.seen import Span, work_out
from cis_desktop.disclosure.tables import PastCell, PastRelease, Policy, Release, Table

from .attack import every_table
from .made import SECRET, dimension, filled, grid, shape

LT3 = Policy("test-lt3", threshold=3, min_households=0)
POLICIES = [LT3, replace(LT3, zeros="protect"), replace(LT3, rounding=3)]


def spans(table: Table, policy: Policy, *past: PastRelease) -> tuple[Release, dict[str, Span]]:
    release = protect([table], policy, past, SECRET, 30)
    assert isinstance(release, Release)
    found = work_out([table], release, past, budget=30)
    return release, {table.shape.label(key): found[table.shape.identity(key)] for key in table.cells}


def test_it_is_what_trying_every_table_gives() -> None:
    draw = random.Random(20180314)
    narrow = 0
    for number in range(45):
        policy = POLICIES[number % len(POLICIES)]
        rows, columns = draw.choice([(2, 2), (2, 3), (3, 2)])
        table = grid([[min(int(draw.expovariate(1 / 3)), 6) for _ in range(columns)] for _ in range(rows)])
        release, found = spans(table, policy)
        cap = 14
        tried = every_table(release, cap)
        for key, reach in tried.items():
            span = found[table.shape.label(key)]
            assert span.least <= reach.low
            assert span.most is None or reach.high <= span.most
            if reach.high < cap:
                assert (span.least, span.most) == (reach.low, reach.high), f"{key} of {release.tables[0].cells}"
                narrow += release.tables[0].cells[key].status == "hidden"
            assert span.least <= table.cells[key].count
            assert span.most is None or table.cells[key].count <= span.most
    assert narrow > 60


def test_a_figure_without_an_upper_limit_has_none() -> None:
    table = Table(shape([]), {(): grid([[2, 0], [0, 0]]).cells["total", "total"]})
    release, found = spans(table, LT3)
    assert release.audit.hidden == 1
    assert found == {"the total": Span(1, None)}


def test_an_earlier_release_narrows_it() -> None:
    wards = shape([dimension("ward", ["a", "b", "c"])])
    table = filled(wards, {("a",): 2, ("b",): 30, ("c",): 40})
    release, alone = spans(table, LT3)
    hidden = {table.shape.label(k) for k, cell in release.tables[0].cells.items() if cell.status == "hidden"}
    # An earlier release, made under other rules, said that the two blanks are no more than 4 and 60.
    told = {
        wards.identity(key): PastCell(cell.count, replace(released, at_most=60 if cell.count > 3 else 4))
        for (key, cell), released in zip(table.cells.items(), release.tables[0].cells.values(), strict=True)
        if released.status == "hidden"
    }
    told |= {
        wards.identity(key): PastCell(table.cells[key].count, released)
        for key, released in release.tables[0].cells.items()
        if released.status != "hidden"
    }
    past = PastRelease("before", release.tables, told)
    found = work_out([table], release, [past], budget=30)
    both = {table.shape.label(key): found[wards.identity(key)] for key in table.cells}
    assert len(hidden) == 2
    assert "a" in hidden
    assert alone["a"].most is not None
    assert alone["a"].most > 4
    assert both["a"] == Span(1, 4)


def test_it_can_be_stopped_and_does_not_go_on_for_ever() -> None:
    table = grid([[2, 20], [30, 40]])
    release, _ = spans(table, LT3)

    class Enough(Exception):
        pass

    def stop() -> None:
        raise Enough

    with pytest.raises(Enough):
        work_out([table], release, (), budget=30, check=stop)
    with pytest.raises(OutOfTime):
        work_out([table], release, (), budget=0)
