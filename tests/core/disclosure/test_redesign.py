"""What a coarser way of asking keeps is measured, and the ways are tried in a fixed order under a number of tries."""

from __future__ import annotations

import pytest

from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.redesign import Effect, Rungs, asked, effect, search
from cis_desktop.disclosure.tables import Policy, Release, ReleasedCell, ReleasedTable, Table
from tests.core.disclosure.made import SECRET, dimension, filled, shape

HIDDEN = ReleasedCell("hidden", None, 1, None)
GROUPS = [f"g{n}" for n in range(19)]
FEW = [12, 11, 10, 9, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]
"""Sixty people in nineteen groups."""


def in_groups(counts: list[int]) -> Table:
    names = GROUPS[: len(counts)]
    return filled(shape([dimension("group", names)]), {(name,): n for name, n in zip(names, counts, strict=True)})


def shown(table: Table, *hidden: str) -> ReleasedTable:
    cells = {
        key: HIDDEN if key[0] in hidden else ReleasedCell("value", cell.count, cell.count, cell.count)
        for key, cell in table.cells.items()
    }
    return ReleasedTable(table.shape, cells)


def kept(table: Table, out: ReleasedTable, whole: float, reports: int = 1) -> Effect:
    return effect([table], [out], whole, reports)


def test_everything_is_kept_where_everything_is_seen() -> None:
    table = in_groups([25, 25, 25, 25])
    assert asked([table]) == pytest.approx(1 + 2), "one bit for the total, and two for one group in four"
    found = kept(table, shown(table), asked([table]))
    assert (found.cells, found.hidden, found.unplaced, found.kept) == (5, 0, 0.0, 1.0)


def test_a_blank_tells_nothing_of_those_in_it_and_a_report_for_the_year_a_quarter_of_what_four_would() -> None:
    table = in_groups([25, 25, 25, 25])
    found = kept(table, shown(table, "g0", "g1"), 3.0)
    assert (found.hidden, found.blank, found.unplaced) == (2, 0.4, 0.5)
    assert found.kept == pytest.approx((1 + 1) / 3)
    assert kept(table, shown(table), 3.0, reports=4).kept == pytest.approx(1 / 4)


def test_of_a_rounded_figure_only_what_a_reader_can_be_sure_of_counts() -> None:
    table = in_groups([25, 25, 25, 25])
    cells = {key: ReleasedCell("rounded", 25, 20, 30) for key in table.cells} | {
        ("total",): ReleasedCell("value", 100, 100, 100)
    }
    assert kept(table, ReleasedTable(table.shape, cells), 3.0).kept == pytest.approx((1 + 0.8 * 2) / 3)


def test_a_hidden_leaf_still_tells_what_the_row_over_it_does() -> None:
    both = filled(
        shape([dimension("a", ["x", "y"]), dimension("b", ["p", "q"])]),
        {("x", "p"): 25, ("x", "q"): 25, ("y", "p"): 25, ("y", "q"): 25},
    )
    cells = {
        key: HIDDEN if "total" not in key else ReleasedCell("value", cell.count, cell.count, cell.count)
        for key, cell in both.cells.items()
    }
    found = kept(both, ReleasedTable(both.shape, cells), asked([both]))
    assert found.unplaced == 1.0
    assert found.kept == pytest.approx((1 + 1) / 3), "each is known to be in one half, and not in which quarter"


def test_nineteen_groups_of_sixty_people_keep_less_than_four_wide_ones() -> None:
    policy = Policy("nhs", threshold=8, rounding=5)
    fine, wide = in_groups(FEW), in_groups([23, 19, 10, 8])
    whole = asked([fine])
    effects = []
    for table in (fine, wide):
        answer = protect([table], policy, (), SECRET, 20.0)
        assert isinstance(answer, Release)
        effects.append(effect([table], answer.tables, whole))
    assert effects[0].blank > 0.5
    assert effects[0].unplaced > 0.2
    assert effects[1].hidden == 0
    assert effects[1].kept > effects[0].kept


def test_all_ways_are_tried_where_they_are_few() -> None:
    tried = [way for way, _ in search({"a": 2, "b": 1}, lambda way: (0.0, None), tries=6)]
    assert len(tried) == len(set(tried)) == 6
    assert tried[0] == ()


def test_where_ways_are_many_what_helps_alone_is_tried_together_and_no_more_than_was_allowed() -> None:
    gains = {"a": 0.3, "b": -0.2, "c": 0.2, "d": 0.1, "e": 0.0}

    def worth(way: Rungs) -> tuple[float, None]:
        return 0.5 + sum(gains[name] for name, _ in way), None

    rungs = dict.fromkeys(gains, 1)
    tried = [way for way, _ in search(rungs, worth, tries=20)]
    assert (("a", 1), ("c", 1), ("d", 1)) in tried
    assert not any(len(way) == 2 and ("b", 1) in way for way in tried)
    assert tried == [way for way, _ in search(rungs, worth, tries=20)]
    assert len([*search(rungs, worth, tries=4)]) == 4
