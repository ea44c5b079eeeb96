"""Controlled rounding: tables of multiples that add up, without blanks, and nothing small to be read off them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest

from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.relations import margins
from cis_desktop.disclosure.tables import TOTAL, Category, Cell, Dimension, Policy, Release, ReleasedTable, Table

from .attack import every_table
from .made import SECRET, cell, dimension, filled, grid, random_table, shape

CONTROLLED = PROFILES["controlled-round5"]


def released(tables: list[Table], policy: Policy = CONTROLLED, secret: bytes = SECRET) -> Release:
    release = protect(tables, policy, (), secret, 30)
    assert isinstance(release, Release), release
    assert release.policy.method == policy.method, release.beyond
    return release


def check_adds_up(table: ReleasedTable) -> None:
    for whole, parts, adds_up in margins(table.shape):
        values = [table.cells[part].value or 0 for part in parts]
        total = table.cells[whole].value
        assert total is not None
        assert total == sum(values) if adds_up else max(values) <= total <= sum(values)


@pytest.mark.parametrize("seed", range(6))
def test_rounded_tables_add_up_and_no_figure_is_a_base_away_from_its_true_one(seed: int) -> None:
    sizes = [(4, 5), (6, 3), (3, 3, 2)][seed % 3]
    table = random_table(seed, sizes, 9, zeros=0.2)
    release = released([table])
    made = release.tables[0]
    check_adds_up(made)
    assert (release.audit.narrowest or 0) >= 4
    for key, exact in table.cells.items():
        shown = made.cells[key]
        assert shown.status == "rounded"
        assert shown.value is not None
        assert shown.value % 5 == 0
        assert abs(shown.value - exact.count) < 5
        assert shown.at_least <= exact.count <= (shown.at_most or 0)
        if exact.count % 5 == 0:
            assert shown.value == exact.count, "noughts and other multiples stay"


def test_linked_tables_and_hierarchies_add_up_to_the_same_totals() -> None:
    narrow = {"0-9": "young", "10-17": "young", "18-64": "old", "65+": "old"}
    rows = [Category(key, key) for key in ("young", "old")] + [
        Category(key, key, above) for key, above in narrow.items()
    ]
    ages = Dimension("age", "age", tuple(rows))
    counts = {"0-9": 3, "10-17": 4, "18-64": 11, "65+": 2}
    sums = {"young": 7, "old": 13, TOTAL: 20}
    one = Table(shape([ages]), {(key,): cell(n) for key, n in (counts | sums).items()})
    sexes = dimension("sex", ["f", "m"])
    two = filled(shape([sexes], id="sexes"), {("f",): 9, ("m",): 11})
    release = released([one, two])
    for table in release.tables:
        check_adds_up(table)
    assert release.tables[0].cells[TOTAL,] == release.tables[1].cells[TOTAL,]


def test_people_in_several_categories_keep_their_total_between_the_greatest_and_the_sum() -> None:
    needs = dimension("need", ["food", "debt", "home"], adds_up=False)
    cells = {("food",): 8, ("debt",): 2, ("home",): 3, (TOTAL,): 9}
    check_adds_up(released([Table(shape([needs]), {key: cell(n) for key, n in cells.items()})]).tables[0])


def test_a_large_figure_that_is_one_family_is_hidden_all_the_same_and_its_lines_need_not_add_up() -> None:
    table = grid([[12, 20, 9], [12, 16, 30], [18, 11, 15]])
    cells = dict(table.cells)
    cells["r0", "c0"] = Cell(12, 12, 1)
    release = released([Table(table.shape, cells)])
    assert release.tables[0].cells["r0", "c0"].status == "hidden"
    assert release.reasons[table.shape.identity(("r0", "c0"))] == "hidden because fewer than 2 households are behind it"


def test_what_is_left_of_a_line_does_not_give_the_rounded_figure_of_its_blank() -> None:
    """If the line had to add up, the rest would always be 10 or 15, and so tell that the blank is 6 to 19."""
    table = grid([[12, 21, 8, 33], [12, 16, 30, 22]])
    cells = dict(table.cells)
    cells["r0", "c0"] = Cell(12, 12, 1)
    rest = set()
    for number in range(30):
        made = released([Table(table.shape, cells)], secret=bytes([number]) * 8).tables[0].cells
        shown = [made["r0", column].value or 0 for column in ("c1", "c2", "c3")]
        rest.add((made["r0", TOTAL].value or 0) - sum(shown))
    assert rest - {10, 15}


@pytest.mark.parametrize("method", ["controlled", "small"])
def test_whoever_tries_every_table_cannot_tell_which_rounded_figures_are_small(method: str) -> None:
    """Base 3, so that all tables can be tried: of each figure that may be small, three values stay possible."""
    draw = random.Random(20240731)
    totals = "summed" if method == "small" else "own"
    policy = Policy("test", threshold=3, rounding=3, min_households=0, method=method, totals=totals)  # type: ignore[arg-type]
    for number in range(40):
        rows, columns = draw.choice([(2, 2), (2, 3), (3, 2), (3, 3)])
        table = grid([[min(int(draw.expovariate(1 / 2.5)), 7) for _ in range(columns)] for _ in range(rows)])
        release = released([table], policy, draw.randbytes(16))
        if method == "small":
            # What a reader knows of a total that is a sum of others is those others, and nothing else.
            inner = {key: c for key, c in release.tables[0].cells.items() if TOTAL not in key}
            seen = {key: (c.at_least, c.at_most or 0) for key, c in inner.items()}
        else:
            seen = {key: (found.low, found.high) for key, found in every_table(release, 12).items()}
        for key, (low, high) in seen.items():
            shown = release.tables[0].cells[key]
            assert low <= table.cells[key].count <= high
            if shown.at_least < 3:
                assert high - low >= 2, f"table {number}, {key}: {shown} can only be {low} to {high}"


def test_who_knows_the_method_can_rule_no_small_count_out_behind_any_figure() -> None:
    """For every true count from 1 to 4 there are secrets that show 0 and secrets that show 5, the nearer more often."""
    shown: Counter[tuple[int, int | None]] = Counter()
    for count, number in product(range(1, 5), range(60)):
        table = filled(shape([dimension("kind", ["a", "b"])]), {("a",): count, ("b",): 10})
        made = released([table], secret=bytes([number, 7]) * 8).tables[0]
        shown[count, made.cells["a",].value] += 1
    for count in range(1, 5):
        assert shown[count, 0] > 0
        assert shown[count, 5] > 0
        assert abs(shown[count, 5] / 60 - count / 5) < 0.2


def test_a_figure_is_rounded_alike_in_every_release_so_that_many_of_them_tell_no_more_than_one() -> None:
    table = grid([[3, 7, 9, 1], [12, 16, 4, 22]])
    first = released([table])
    assert first.tables == released([table]).tables
    wider = filled(
        shape([dimension("place", ["here", "there"])], id="other", measure="visits"), {("here",): 6, ("there",): 8}
    )
    assert released([table, wider]).tables[0].cells["r0", "c0"] == first.tables[0].cells["r0", "c0"]


def test_an_exact_headline_total_stays_exact_and_its_line_need_not_add_up() -> None:
    ages = filled(shape([dimension("age", ["child", "adult"])], accountability=True), {("child",): 13, ("adult",): 28})
    made = released([ages]).tables[0].cells
    assert (made[TOTAL,].status, made[TOTAL,].value) == ("value", 41)
    assert {made[key,].status for key in ("child", "adult")} == {"rounded"}


def test_money_is_rounded_to_the_base_in_pounds() -> None:
    of = shape([dimension("kind", ["a", "b"])], measure="pounds", unit="pence", counts_people=False)
    cells = {("a",): Cell(12_345, 20, 20), ("b",): Cell(99_999, 20, 20), (TOTAL,): Cell(112_344, 40, 40)}
    made = released([Table(of, cells)]).tables[0]
    check_adds_up(made)
    assert all(shown.value is not None and shown.value % 500 == 0 for shown in made.cells.values())


def test_a_noughts_place_is_not_told_where_noughts_are_protected() -> None:
    release = released([grid([[0, 20, 9], [12, 16, 30]])], replace(CONTROLLED, zeros="protect"))
    shown = release.tables[0].cells["r0", "c0"]
    assert (shown.status, shown.at_least, shown.at_most) == ("rounded", 0, 4)
