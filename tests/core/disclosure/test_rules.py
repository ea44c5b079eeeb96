"""What an agreement can ask for beyond its profile: noughts, sensitive matters, figures that must or must never be."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cis_desktop.disclosure.ladder import ladder
from cis_desktop.disclosure.primary import dominated, threshold_of
from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.rates import rate
from cis_desktop.disclosure.tables import (
    EVERY,
    TOTAL,
    Cell,
    Cells,
    Key,
    Policy,
    Refusal,
    Release,
    ReleasedCell,
    Sensitive,
    Table,
)

from .made import SECRET, cell, dimension, filled, grid, shape

LT5 = PROFILES["lt5-suppress"]
TABLE = grid([[3, 20, 9, 0], [12, 16, 30, 22], [18, 11, 15, 40]])


def released(tables: list[Table], policy: Policy) -> Release:
    release = protect(tables, policy, (), SECRET, 10)
    assert isinstance(release, Release), release
    return release


def statuses(release: Release) -> dict[Key, str]:
    return {key: shown.status for key, shown in release.tables[0].cells.items()}


def test_noughts_are_hidden_only_on_lines_where_few_categories_are_filled() -> None:
    table = grid([[0, 20, 0], [12, 16, 0], [18, 11, 15]])
    one, two = (released([table], replace(LT5, zeros="few", few=few)) for few in (1, 2))
    assert [statuses(one)["r0", column] for column in ("c0", "c2")] == ["hidden", "hidden"]
    assert not [said for said in one.audit.statements if "Everybody" in said]
    nought = table.shape.identity(("r0", "c0"))
    low, high = one.witnesses[nought]
    assert high[nought] - low[nought] >= 4, "that nobody in r0 is in c0 must not be certain"
    assert one.reasons[nought].startswith("hidden because everybody on its line is in one category")
    assert statuses(two)["r1", "c2"] == "hidden"
    assert {shown.at_least for shown in one.tables[0].cells.values() if shown.status == "hidden"} == {0}
    scattered = released([grid([[0, 20, 9, 8], [12, 16, 30, 7], [10, 9, 8, 30]])], replace(LT5, zeros="few"))
    assert statuses(scattered)["r0", "c0"] == "value", "noughts on full lines are shown"


def test_noughts_that_can_be_nothing_else_are_shown_and_help_nobody() -> None:
    ages, kinds = dimension("age", ["0-15", "16-64", "65+"]), dimension("kind", ["child", "adult"])
    never = frozenset({("65+", "child"), ("0-15", "adult")})
    leaves = {("0-15", "child"): 30, ("0-15", "adult"): 0, ("16-64", "child"): 9, ("16-64", "adult"): 40,
              ("65+", "child"): 0, ("65+", "adult"): 2}  # fmt: skip
    release = released([filled(shape([ages, kinds], structural=never), leaves)], replace(LT5, zeros="protect"))
    cells = release.tables[0].cells
    assert [(cells[key].status, cells[key].value) for key in sorted(never)] == [("value", 0), ("value", 0)]
    hidden = {key for key, status in statuses(release).items() if status == "hidden"}
    assert {("65+", "adult"), ("65+", TOTAL)} <= hidden, "with the child known to be nought, the row total is the adult"


def test_a_total_of_noughts_that_can_be_nothing_else_is_one_too() -> None:
    never = frozenset({("r0", "c0"), ("r0", "c1")})
    table = grid([[0, 0], [12, 16], [18, 11]], structural=never)
    release = released([table], replace(LT5, zeros="protect"))
    assert {statuses(release)[key] for key in (*never, ("r0", TOTAL))} == {"value"}


def test_the_parts_of_a_total_that_can_only_be_nought_can_only_be_nought() -> None:
    table = grid([[0, 0], [12, 16], [18, 11]], structural=frozenset({("r0", TOTAL)}))
    release = released([table], replace(LT5, zeros="protect"))
    assert all(release.tables[0].cells["r0", column].value == 0 for column in ("c0", "c1", TOTAL))


def test_a_sensitive_matter_needs_more_people_behind_it() -> None:
    groups, wards = dimension("group", ["a", "b", "c"]), dimension("ward", ["w", "x"], kind="area")
    leaves = {(g, w): 15 + 3 * n for n, (g, w) in enumerate((g, w) for g in "abc" for w in "wx")}
    table = filled(shape([groups, wards]), leaves)
    by_ward = Sensitive(Cells((("group", EVERY), ("ward", EVERY))), 20)
    policy = replace(LT5, sensitive=(by_ward, Sensitive(Cells((("group", "c"),)), 70)))
    assert [threshold_of(table.shape, key, policy) for key in (("a", "w"), ("a", TOTAL), ("c", TOTAL), ("c", "w"))] == [
        20, 5, 70, 70,
    ]  # fmt: skip
    release = released([table], policy)
    shown = statuses(release)
    assert shown["a", "w"] == shown["a", "x"] == shown["c", TOTAL] == "hidden"
    for key in (("a", "w"), ("c", TOTAL)):
        about = table.shape.identity(key)
        low, high = release.witnesses[about]
        need = threshold_of(table.shape, key, policy)
        assert high[about] - low[about] >= need - 1
        assert high[about] >= need
    assert release.reasons[table.shape.identity(("a", "w"))] == (
        "hidden because it is a small number (1 to 19) and about something sensitive"
    )


def test_a_sensitive_blank_stays_as_unknown_as_its_own_threshold_asks() -> None:
    """16 and 3 under a shown total are 1 to 18 each: enough for 5 people, and not for a threshold of 20."""
    table = filled(shape([dimension("kind", ["a", "b", "c"])]), {("a",): 16, ("b",): 3, ("c",): 50})
    policy = replace(LT5, sensitive=(Sensitive(Cells((("kind", "a"),)), 20),))
    hidden = {key for key, status in statuses(released([table], policy)).items() if status == "hidden"}
    assert hidden > {("a",), ("b",)}


def test_a_filter_by_a_sensitive_matter_is_as_sensitive_as_a_breakdown() -> None:
    of = shape([], filters=(("need", "immigration"),))
    policy = replace(LT5, sensitive=(Sensitive(Cells((("need", "immigration"),)), 50),))
    assert statuses(released([Table(of, {(): cell(49)})], policy)) == {(): "hidden"}
    assert statuses(released([Table(of, {(): cell(50)})], policy)) == {(): "value"}


def test_a_figure_that_must_be_published_is_never_hidden_beside_others() -> None:
    column = dimension("kind", ["a", "b", "c", "d"])
    table = filled(shape([column]), {("a",): 2, ("b",): 30, ("c",): 40, ("d",): 50})
    for key in ("b", "c", "d"):
        policy = replace(LT5, must_publish=(Cells((("kind", key),)), Cells(())))
        for number in range(5):
            release = protect([table], policy, (), bytes([number]) * 16, 10)
            assert isinstance(release, Release)
            assert not release.beyond
            assert {statuses(release)[each,] for each in (key, TOTAL)} == {"value"}


def test_small_figures_that_must_be_published_are_refused_by_name() -> None:
    every = replace(LT5, must_publish=(Cells((("row", EVERY), ("column", EVERY))),), min_households=0)
    table = grid([[30, 2], [40, 1]], id="t")
    cells = dict(table.cells)
    cells["r0", "c0"] = Cell(30, 3, 1)
    refused = protect([Table(replace(table.shape, counts_people=False), cells)], every, (), SECRET, 10)
    assert isinstance(refused, Refusal)
    assert refused.title == "Too few people are behind figures that must be shown"
    assert "r0, c0" in refused.sentence
    assert table.shape.identity(("r0", "c0")) in {cid for cid, _ in refused.cells}


def test_a_small_count_that_must_be_published_can_only_be_so_rounded() -> None:
    policy = replace(LT5, must_publish=(Cells((("row", "r0"), ("column", "c0"))),))
    release = released([TABLE], policy)
    shown = release.tables[0].cells["r0", "c0"]
    assert shown.status == "rounded"
    assert shown.value in (0, 5)
    assert any("more than was agreed" in said for said in release.beyond)


def test_a_figure_that_is_never_published_is_not_whatever_it_is_and_cannot_be_worked_out() -> None:
    policy = replace(LT5, never_publish=(Cells((("row", "r1"), ("column", "c2"))), Cells((("column", "c3"),))))
    release = released([TABLE], policy)
    cells = release.tables[0].cells
    for key in (("r1", "c2"), ("r0", "c3"), ("r1", "c3"), (TOTAL, "c3")):
        assert cells[key] == ReleasedCell("hidden", None, 0, None, withheld=True)
        about = TABLE.shape.identity(key)
        assert release.reasons[about] == "never released, by the agreement, whatever it is"
        low, high = release.witnesses[about]
        assert high[about] - low[about] >= 4
    assert {cells[key].at_least for key in cells if cells[key].status == "hidden" and not cells[key].withheld} == {1}


@pytest.mark.parametrize(
    ("total", "first", "second", "unsafe"),
    [(10_000, 9_000, 200, True), (10_000, 9_000, 100, False), (100_000, 50_000, 49_000, True), (500, 0, 0, False)],
)
def test_the_p_percent_rule_of_the_handbook(total: int, first: int, second: int, unsafe: bool) -> None:
    """With p of 10: the rest must be a tenth of the largest. The third is the Handbook's own example."""
    assert dominated(Cell(total, 30, 20, (first, second)), LT5) is unsafe
    assert not dominated(Cell(total, 30, 20, (first, second)), replace(LT5, dominance=0))


def test_a_sum_that_one_household_has_nearly_all_of_is_hidden_even_as_a_headline() -> None:
    of = shape([dimension("kind", ["a", "b", "c"])], measure="money", unit="pence", counts_people=False)
    cells = {
        ("a",): Cell(60_000, 30, 20, (57_000, 500)), ("b",): Cell(50_000, 30, 20, (5_000, 4_000)),
        ("c",): Cell(40_000, 30, 20, (5_000, 4_000)), (TOTAL,): Cell(150_000, 90, 60, (57_000, 5_000)),
    }  # fmt: skip
    release = released([Table(of, cells)], LT5)
    assert statuses(release)["a",] == "hidden"
    assert release.reasons[of.identity(("a",))] == "hidden because one household has nearly all of it"
    alone = Table(shape([], accountability=True, unit="pence", counts_people=False), {(): cells["a",]})
    assert statuses(released([alone], LT5)) == {(): "hidden"}


def test_what_is_tried_goes_from_what_was_agreed_to_the_whole_area_alone() -> None:
    tried = [
        (step.policy.method, step.policy.rounding, step.exact_lines, step.policy.headlines_only)
        for step in ladder(PROFILES["nhs-1to7-round5"], headlines=True)
    ]
    assert tried == [
        ("nearest", 5, True, False), ("nearest", 5, False, False), ("controlled", 10, False, False),
        ("small", 10, False, False), ("nearest", 5, True, True), ("nearest", 5, False, True),
    ]  # fmt: skip
    said = [step.said for step in ladder(LT5, headlines=False)]
    assert said[0] is None
    assert all(sentence and sentence.endswith("worked out.") for sentence in said[1:])


def test_headlines_alone_leave_everything_else_marked_and_unknown() -> None:
    must = Cells((("row", "r1"),))
    table = Table(replace(TABLE.shape, accountability=True), TABLE.cells)
    release = released([table], replace(LT5, headlines_only=True, must_publish=(must,)))
    shown = {key for key, status in statuses(release).items() if status != "hidden"}
    assert shown == {(TOTAL, TOTAL), ("r1", TOTAL)}
    assert release.tables[0].cells[TOTAL, TOTAL].value == 196
    for key in statuses(release).keys() - shown:
        assert release.tables[0].cells[key] == ReleasedCell("hidden", None, 0, None, withheld=True)
        about = TABLE.shape.identity(key)
        low, high = release.witnesses[about]
        assert high[about] - low[about] >= 4
        assert high[about] >= 5


def test_a_headline_total_that_is_small_is_hidden_even_when_it_is_all_there_is() -> None:
    release = released([filled(shape([dimension("kind", ["a", "b"])]), {("a",): 1, ("b",): 2})],
                       replace(LT5, headlines_only=True))  # fmt: skip
    assert set(statuses(release).values()) == {"hidden"}


def test_a_rate_is_made_of_what_was_released_and_hidden_with_either_part() -> None:
    visits, homes = ReleasedCell("rounded", 45, 43, 47), ReleasedCell("value", 12, 12, 12)
    blank, nought = ReleasedCell("hidden", None, 1, None), ReleasedCell("value", 0, 0, 0)
    assert rate(visits, homes) == Decimal("3.8")
    assert rate(homes, visits, 100) == Decimal("26.7")
    assert rate(visits, Decimal(12_500), 1_000, 2) == Decimal("3.60")
    assert rate(nought, visits) == Decimal("0.0")
    assert [rate(blank, visits), rate(visits, blank), rate(visits, nought)] == [None, None, None]
    assert rate(ReleasedCell("hidden", 4, 1, None), visits) is None
