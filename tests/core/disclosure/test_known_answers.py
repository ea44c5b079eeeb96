"""Answers from the literature and from other programs' tests, which ours must reach too."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cis_desktop.disclosure.attacker import Attacker
from cis_desktop.disclosure.joined import build
from cis_desktop.disclosure.problem import pose
from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.programme import Clock
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.rounding import published
from cis_desktop.disclosure.tables import TOTAL, Category, Cell, Cells, Dimension, Key, Policy, Release, Shape, Table
from cis_desktop.disclosure.weights import Weigh, public_weights

from .made import SECRET, cell, dimension, filled, grid, shape

FOUR = [[30, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]]
FOUR_HIDDEN = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 1), (2, 3), (3, 1), (3, 3)]
SHOW_ZEROS = Policy("test", threshold=2, min_households=0)
HIDE_ZEROS = replace(SHOW_ZEROS, zeros="protect")


def worked_out(tables: list[Table], hidden: set[Key], about: Key, policy: Policy) -> tuple[int, int]:
    """Attack the tables with `hidden` (keys of any table) hidden; give the interval of one cell."""
    system = build(tables, (), policy.threshold)
    problem = pose(system, tables, (), policy, public_weights(SECRET))
    blank = np.zeros(len(system.truth), dtype=bool)
    where = {key: system.now(table.shape.identity(key)) for table in tables for key in table.cells}
    blank[[where[key] for key in hidden]] = True
    attacker = Attacker(problem, Clock.start(10), box=10**6)
    attacker.hide(blank)
    return attacker.interval(where[about])


def by_value(table: Table) -> Weigh:
    counts = {table.shape.identity(key): float(c.count) for key, c in table.cells.items()}
    return lambda cid, shape, key, past: counts[cid]


def hidden_keys(release: Release, table: int = 0) -> set[Key]:
    return {key for key, c in release.tables[table].cells.items() if c.status == "hidden"}


def two_way(file: Path, rows: str, columns: str, amount: str | None) -> Table:
    """Count a file of records by two columns."""
    counts: Counter[Key] = Counter()
    with file.open(encoding="utf-8") as lines:
        for record in csv.DictReader(lines):
            counts[record[rows], record[columns]] += int(float(record[amount])) if amount else 1
    names = [sorted({key[at] for key in counts}) for at in (0, 1)]
    leaves = {(r, c): counts[r, c] for r in names[0] for c in names[1]}
    return filled(shape([dimension(rows, names[0]), dimension(columns, names[1])]), leaves)


def test_nine_blanks_of_a_four_by_four_table_give_one_of_them_away() -> None:
    blanks = {(f"r{r}", f"c{c}") for r, c in FOUR_HIDDEN}
    assert worked_out([grid(FOUR)], blanks, ("r0", "c1"), HIDE_ZEROS) == (47, 47)


@pytest.mark.parametrize(("policy", "interval"), [(HIDE_ZEROS, (0, 78)), (SHOW_ZEROS, (1, 77))])
def test_a_tenth_blank_keeps_it_unknown(policy: Policy, interval: tuple[int, int]) -> None:
    blanks = {(f"r{r}", f"c{c}") for r, c in [*FOUR_HIDDEN, (1, 3)]}
    assert worked_out([grid(FOUR)], blanks, ("r0", "c1"), policy) == interval


def grouped(title: str, groups: dict[str, str], counts: dict[str, int]) -> Table:
    """Make a table of items under groups; both tables of a pair share the items' figures."""
    items = [
        *(Category(name, name) for name in groups),
        *(Category(item, item, parent) for parent, members in groups.items() for item in members),
    ]
    of: Shape = shape([Dimension("item", "item", tuple(items))], id=title, title=title)
    sums = {parent: sum(counts[item] for item in members) for parent, members in groups.items()}
    cells = {(key,): cell(count) for key, count in (counts | sums | {TOTAL: sum(counts.values())}).items()}
    return Table(of, cells)


ITEMS = {"A": 2, "B": 2, "I": 8, "J": 8, "K": 3, "L": 3, "M": 3, "N": 7}
LINKED = [grouped("one", {"c1": "ABIJ", "c2": "KLMN"}, ITEMS), grouped("two", {"small": "LM", "big": "ABIJKN"}, ITEMS)]


def test_two_tables_that_are_safe_alone_give_a_figure_away_together() -> None:
    blanks = {(item,) for item in "ABKLM"}
    for table in LINKED:
        low, high = worked_out([table], blanks, ("K",), HIDE_ZEROS)
        assert high - low >= 3
    assert worked_out(LINKED, blanks, ("K",), HIDE_ZEROS) == (3, 3)


@pytest.mark.parametrize(("policy", "interval"), [(HIDE_ZEROS, (0, 10)), (SHOW_ZEROS, (1, 9))])
def test_one_more_blank_protects_the_linked_tables(policy: Policy, interval: tuple[int, int]) -> None:
    assert worked_out(LINKED, {(item,) for item in "ABKLMN"}, ("K",), policy) == interval


def test_linked_tables_are_protected_together() -> None:
    release = protect(LINKED, Policy("test", threshold=4, min_households=0), (), SECRET, 10)
    assert isinstance(release, Release)
    blanks = hidden_keys(release, 0) | hidden_keys(release, 1)
    assert blanks > {(item,) for item in "ABKLM"}
    low, high = worked_out(LINKED, blanks, ("K",), SHOW_ZEROS)
    assert high - low >= 3
    assert high >= 4


def test_the_cheapest_pattern_of_microdata1_costs_40(real_data: Path) -> None:
    table = two_way(real_data / "disclosure" / "microdata1.csv", "region", "gender", None)
    release = protect([table], Policy("t", 3, min_households=0), (), SECRET, 10, weigh=by_value(table))
    assert isinstance(release, Release)
    extra = hidden_keys(release) - {("A", "female")}
    assert extra == {("A", "male"), ("C", "male"), ("C", "female")}
    assert sum(table.cells[key].count for key in extra) == 40


def test_the_cheapest_pattern_of_z1_has_six_cells(real_data: Path) -> None:
    table = two_way(real_data / "disclosure" / "z1.csv", "region", "hovedint", "ant")
    release = protect([table], Policy("t", 4, min_households=0), (), SECRET, 10, weigh=by_value(table))
    assert isinstance(release, Release)
    assert hidden_keys(release) == {(r, h) for r in "BDH" for h in ("annet", "arbeid")}


def test_two_blanks_that_sum_to_18_are_each_from_1_to_17() -> None:
    table = grid([[4, 14, 9]])
    blanks = {("r0", "c0"), ("r0", "c1"), (TOTAL, "c0"), (TOTAL, "c1")}
    for column in ("c0", "c1"):
        assert worked_out([table], blanks, ("r0", column), SHOW_ZEROS) == (1, 17)


def test_a_single_small_figure_under_a_shown_total_takes_another_with_it() -> None:
    table = filled(shape([dimension("kind", ["a", "b", "c", "d"])]), {("a",): 1, ("b",): 10, ("c",): 15, ("d",): 25})
    release = protect([table], PROFILES["lt5-suppress"], (), SECRET, 10)
    assert isinstance(release, Release)
    assert len(hidden_keys(release)) >= 2
    released = release.tables[0].cells
    left = (released[TOTAL,].value or 0) - sum(c.value or 0 for key, c in released.items() if key != (TOTAL,))
    assert left != 1


def test_midpoint_6_is_as_opensafely_defines_it() -> None:
    rounded = [published(count, 6, "midpoint") for count in (0, 1, 6, 7, 12, 13, 18)]
    assert rounded == [0, 3, 3, 9, 9, 15, 15]


def test_one_way_tables_beside_their_two_way_table_do_not_give_a_blank_back() -> None:
    two = grid([[3, 20, 9], [12, 6, 30], [8, 11, 5]])
    rows = filled(shape([two.shape.dimensions[0]], id="rows"), {(f"r{at}",): n for at, n in enumerate((32, 48, 24))})
    columns = filled(shape([two.shape.dimensions[1]], id="cols"), {(f"c{at}",): n for at, n in enumerate((23, 37, 44))})
    release = protect([rows, two, columns], PROFILES["lt5-suppress"], (), SECRET, 10)
    assert isinstance(release, Release)
    blanks = hidden_keys(release, 1)
    low, high = worked_out([two], blanks, ("r0", "c0"), SHOW_ZEROS)
    assert high - low >= 4
    assert high >= 5


def test_every_profile_protects_a_cell_of_one_person() -> None:
    table = grid([[1, 20, 9], [12, 16, 30], [18, 11, 15]])
    for policy in PROFILES.values():
        release = protect([table], policy, (), SECRET, 10)
        assert isinstance(release, Release), policy.profile
        one = release.tables[0].cells["r0", "c0"]
        if policy.method == "nearest":
            assert one.status == "hidden"
        else:
            assert one.at_most is not None
            assert one.at_most - one.at_least >= policy.threshold - 2, "1 to 6 by midpoints, or 0 to 4, or 1 to 9"


def test_a_large_count_that_is_one_family_is_hidden() -> None:
    leaves = {("a",): 12, ("b",): 30, ("c",): 40}
    table = filled(shape([dimension("kind", ["a", "b", "c"])]), leaves)
    cells = dict(table.cells)
    cells["a",] = Cell(12, 12, 1)
    release = protect([Table(table.shape, cells)], PROFILES["lt5-suppress"], (), SECRET, 10)
    assert isinstance(release, Release)
    assert release.tables[0].cells["a",].status == "hidden"
    assert "households" in release.reasons[table.shape.identity(("a",))]


def test_two_people_alone_on_a_line_take_a_third_figure_with_them() -> None:
    """sdcTable's own case for singletons: 1, 2, 1 and 0. Two blanks that sum to 2 would each know the other."""
    leaves = {("a",): 1, ("b",): 2, ("c",): 1, ("d",): 0}
    table = filled(shape([dimension("region", "abcd")]), leaves)
    for number in range(5):
        release = protect([table], SHOW_ZEROS, (), bytes([number]) * 16, 10)
        assert isinstance(release, Release)
        assert hidden_keys(release) > {("a",), ("c",)}


def test_nine_sensitive_figures_of_a_four_by_four_table_take_a_tenth_with_them() -> None:
    """sdcTable's own case: each line has two blanks, and still one of them is exactly 47."""
    never = tuple(Cells((("row", f"r{r}"), ("column", f"c{c}"))) for r, c in FOUR_HIDDEN)
    release = protect([grid(FOUR)], replace(HIDE_ZEROS, never_publish=never), (), SECRET, 10)
    assert isinstance(release, Release)
    assert len(hidden_keys(release)) > len(FOUR_HIDDEN)
    low, high = worked_out([grid(FOUR)], hidden_keys(release), ("r0", "c1"), HIDE_ZEROS)
    assert high - low >= 1
