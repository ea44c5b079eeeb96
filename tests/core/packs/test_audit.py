"""The audit finds what exported files give away, alone or together, and nothing that they do not."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pytest

from cis_desktop.disclosure.tables import Category, Dimension, Policy, Release, ReleasedCell, ReleasedTable
from cis_desktop.errors import CisError
from cis_desktop.packs import build
from cis_desktop.packs.audit import attack, attack_packs
from cis_desktop.packs.audit.spans import chains
from cis_desktop.packs.reading import FilePack
from tests.core.packs.examples import (
    NEEDS,
    POLICY,
    SIGNER,
    cells,
    details,
    kinds,
    one_line,
    ordinary,
    packed,
    released,
    shape,
    summed,
    table,
)  # fmt: skip

PACKS = Path(__file__).resolve().parents[3] / "cis_desktop" / "packs"


KNOWN = [[30, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]]
HIDDEN = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 1), (2, 3), (3, 1), (3, 3)]


def four_by_four(hidden: list[tuple[int, int]]) -> Release:
    numbers = {(f"a{i}", f"b{j}"): KNOWN[i][j] for i in range(4) for j in range(4)}
    keys = frozenset((f"a{i}", f"b{j}") for i, j in hidden)
    return released(summed(shape("t", "T", (kinds("a", 4), kinds("b", 4))), numbers, keys))


@pytest.mark.parametrize("workbook", [False, True])
def test_the_known_table_gives_its_one_hidden_figure_away(workbook: bool) -> None:
    found = attack_packs([packed(four_by_four(HIDDEN), workbook=workbook)])
    assert cells(found) == {"People, a0, b1, Jan to Mar 2018": (47, 47)}
    assert found.attacked == 9


def test_one_more_hidden_figure_makes_the_known_table_safe() -> None:
    assert not attack_packs([packed(four_by_four([*HIDDEN, (1, 3)]))]).exposed


def test_an_ordinary_pack_passes() -> None:
    found = attack_packs([packed(ordinary())])
    assert not found.exposed
    assert found.attacked == 3


def test_linked_tables_of_one_pack_are_attacked_together() -> None:
    """Each table alone is safe; the linked ones give K away (from the handbook's kind of example)."""
    sizes = {"A": 2, "B": 2, "I": 8, "J": 8, "K": 3, "L": 3, "M": 3, "N": 7}
    hidden = {"A", "B", "K", "L", "M"}

    def linked(hidden: set[str]) -> Release:
        kind = Dimension("k", "K", (
            Category("c1", "c1"), *(Category(n, n, "c1") for n in "ABIJ"),
            Category("c2", "c2"), *(Category(n, n, "c2") for n in "KLMN"),
        ))  # fmt: skip
        size = Dimension("k", "K", (
            Category("small", "small"), *(Category(n, n, "small") for n in "LM"),
            Category("big", "big"), *(Category(n, n, "big") for n in "ABIJKN"),
        ))  # fmt: skip
        groups = {"c1": "ABIJ", "c2": "KLMN", "small": "LM", "big": "ABIJKN", "total": "ABIJKLMN"}

        def cell(key: tuple[str, ...]) -> int | None:
            if key[0] in hidden:
                return None
            return sizes[key[0]] if key[0] in sizes else sum(sizes[n] for n in groups[key[0]])

        first, second = shape("by-kind", "By kind", (kind,)), shape("by-size", "By size", (size,))
        return released(table(first, cell), table(second, cell))

    assert cells(attack_packs([packed(linked(hidden))]))["People, K, Jan to Mar 2018"] == (3, 3)
    together = cells(attack_packs([packed(linked(hidden | {"N"}))]))
    assert "People, K, Jan to Mar 2018" not in together


def test_two_packs_that_hide_different_cells_give_each_other_away() -> None:
    first, second = one_line([3, 4, 20, 30], {0, 2}), one_line([3, 4, 20, 30], {0, 3})
    assert not attack_packs([packed(first)]).exposed
    assert not attack_packs([packed(second)]).exposed
    assert cells(attack_packs([packed(first), packed(second, day=2)]))["People, a0, Jan to Mar 2018"] == (3, 3)


def test_a_corrected_pack_is_not_taken_for_a_contradiction() -> None:
    late = attack_packs([packed(one_line([3, 40, 20, 30], {0, 1})), packed(one_line([3, 40, 20, 31], {0, 1}), day=2)])
    assert late.corrected
    assert not late.exposed


def test_a_correction_that_gives_the_first_pack_away_is_found() -> None:
    """One figure is seen to move by one, so the others will not have moved much further."""
    first = packed(one_line([3, 60, 20, 30], {0, 1}))
    second = packed(one_line([3, 60, 20, 31], {0, 3}), day=2)
    assert not attack_packs([first]).exposed
    assert not attack_packs([second]).exposed
    found = attack_packs([first, second]).exposed
    assert {((first.pack,), 2, 4), ((second.pack,), 3, 5)} <= {(e.packs, e.lowest, e.highest) for e in found}


def test_months_and_their_quarter_are_attacked_across_packs() -> None:
    def visits(period: str, value: int | None, at: str) -> FilePack:
        made = shape("visits", "Visits", measure="visits", unit="visits", counts_people=False, period=period)
        return packed(released(table(made, lambda _: value)), period, int(at))

    months = [visits("2018-01", 40, "1"), visits("2018-02", None, "2"), visits("2018-03", 30, "3")]
    assert not attack_packs(months).exposed
    assert cells(attack_packs([*months, visits("2018-Q1", 73, "4")])) == {"Visits, Camden, Feb 2018": (3, 3)}


def test_people_of_months_do_not_add_up_and_are_not_taken_to() -> None:
    def people(period: str, value: int | None) -> FilePack:
        return packed(released(table(shape("people", "People", period=period), lambda _: value)), period)

    packs = [people("2018-01", 40), people("2018-02", None), people("2018-03", 30), people("2018-Q1", 60)]
    assert not attack_packs(packs).exposed
    # But nobody is in the quarter who was in no month.
    assert cells(attack_packs([*packs[:3], people("2018-Q1", 42)])) == {}
    narrow = [people("2018-01", 2), people("2018-02", None), people("2018-03", 1), people("2018-Q1", 4)]
    assert cells(attack_packs(narrow)) == {"People, Camden, Feb 2018": (1, 4)}


def test_needs_that_overlap_limit_a_hidden_one_by_the_total_only() -> None:
    values = {"food": 90, "housing": 44, "debt": 12, "company": None, "total": 100}
    assert not attack_packs([packed(released(table(shape("n", "N", (NEEDS,)), lambda key: values[key[0]])))]).exposed
    few = {"food": 1, "housing": 2, "debt": 1, "company": None, "total": 3}
    found = attack_packs([packed(released(table(shape("n", "N", (NEEDS,)), lambda key: few[key[0]])))])
    assert cells(found) == {"People, Company, Jan to Mar 2018": (1, 3)}


def rounded(value: int, base: int = 5) -> ReleasedCell:
    near = (value + base // 2) // base * base
    return ReleasedCell("rounded", near, max(near - base // 2, 0), near + base // 2)


@pytest.mark.parametrize(("true", "narrow"), [([3, 18, 30], True), ([3, 40, 12, 33, 21, 18, 26], False)])
def test_rounded_figures_count_as_the_interval_they_came_from(true: list[int], narrow: bool) -> None:
    """A total less rounded parts leaves an interval as wide as their roundings together."""
    made = shape("t", "T", (kinds("a", len(true)),))
    values = {("total",): rounded(sum(true)), ("a0",): ReleasedCell("hidden", None, 1, None)}
    values |= {(f"a{n}",): rounded(v) for n, v in enumerate(true) if n}
    policy = Policy("lt5-round5", threshold=5, rounding=5) if narrow else Policy("t20", threshold=8, rounding=5)
    found = attack_packs([packed(released(ReleasedTable(made, values), policy=policy))])
    low, high = (max(1, 50 - 2 - 20 - 2 - 30 - 2), 50 + 2 - 20 + 2 - 30 + 2)
    assert cells(found) == ({} if not narrow or high - low >= 4 else {"T, a0, Jan to Mar 2018": (low, high)})


def test_wider_printed_limits_do_not_make_a_rounded_figure_safer() -> None:
    made = shape("t", "T", (kinds("a", 2),))
    wide = ReleasedCell("rounded", 20, 0, None)
    values = {
        ("total",): ReleasedCell("value", 24, 24, 24), ("a1",): wide, ("a0",): ReleasedCell("hidden", None, 1, None),
    }  # fmt: skip
    policy = Policy("lt5-round5", threshold=8, rounding=5)
    assert cells(attack_packs([packed(released(ReleasedTable(made, values), policy=policy))])) == {
        "People, a0, Jan to Mar 2018": (2, 6)
    }


def test_random_tables_are_judged_as_by_trying_every_whole_number_table() -> None:
    draw = random.Random(5)
    tables: list[ReleasedTable] = []
    expected: dict[str, tuple[int, int]] = {}
    judged = 0
    for n in range(60):
        rows, columns = draw.choice([(2, 2), (2, 3), (3, 3)])
        numbers = {(f"a{i}", f"b{j}"): draw.randint(1, 5) for i in range(rows) for j in range(columns)}
        hidden = frozenset(key for key in numbers if draw.random() < 0.55)
        both = (kinds("a", rows), kinds("b", columns))
        tables.append(summed(shape(f"t{n}", "T", both, measure=f"m{n}"), numbers, hidden))
        for key, ends in tried(numbers, hidden, rows, columns).items():
            if ends[1] - ends[0] < 2 or ends[1] < 3:
                expected[f"M{n}, {key[0]}, {key[1]}, Jan to Mar 2018"] = ends
        judged += len(hidden)
    found = attack_packs([packed(released(*tables, policy=Policy("t3", threshold=3)))])
    assert cells(found) == expected
    assert judged > 150
    assert len(expected) > 20


Key = tuple[str, str]


def tried(numbers: dict[Key, int], hidden: frozenset[Key], rows: int, columns: int) -> dict[Key, tuple[int, int]]:
    """Give the least and greatest value of each hidden cell over all tables with these margins (hidden >= 1)."""
    left = [sum(v for k, v in numbers.items() if k[0] == f"a{i}" and k in hidden) for i in range(rows)]
    down = [sum(v for k, v in numbers.items() if k[1] == f"b{j}" and k in hidden) for j in range(columns)]
    found: dict[Key, tuple[int, int]] = {}
    choices = []
    for i in range(rows):
        places = [(f"a{i}", f"b{j}") for j in range(columns) if (f"a{i}", f"b{j}") in hidden]
        fits = product(*(range(1, left[i] + 1) for _ in places))
        choices.append([dict(zip(places, values, strict=True)) for values in fits if sum(values) == left[i]])
    for parts in product(*choices):
        whole = {key: value for part in parts for key, value in part.items()}
        if all(sum(v for k, v in whole.items() if k[1] == f"b{j}") == down[j] for j in range(columns)):
            for key, value in whole.items():
                low, high = found.get(key, (value, value))
                found[key] = (min(low, value), max(high, value))
    return found


def test_a_folder_is_read_once_per_pack_and_broken_files_stop_it(tmp_path: Path) -> None:
    made = build(four_by_four(HIDDEN), details(), SIGNER)
    (tmp_path / f"{made.stem}.cis-pack.zip").write_bytes(made.archive)
    (tmp_path / f"{made.stem}.xlsx").write_bytes(made.workbook)
    (tmp_path / "notes.txt").write_text("not a pack")
    found = attack([tmp_path])
    assert found.packs == (made.pack,)
    assert len(found.exposed) == 1
    broken = made.archive.replace(b"report.pdf", b"report.pdg")
    (tmp_path / "z.cis-pack.zip").write_bytes(broken)
    with pytest.raises(CisError, match="cannot be"):
        attack([tmp_path])


def test_a_folder_without_packs_says_so(tmp_path: Path) -> None:
    with pytest.raises(CisError) as refused:
        attack([tmp_path])
    assert refused.value.code == "no_packs"


def test_a_pack_whose_parts_do_not_add_up_is_refused() -> None:
    values = {("a0",): 10, ("a1",): 20, ("total",): 31}
    wrong = released(table(shape("t", "T", (kinds("a", 2),)), lambda key: values[key]))
    with pytest.raises(CisError) as refused:
        attack_packs([packed(wrong)])
    assert refused.value.code == "packs_contradict"
    hidden = {("a0",): None, ("a1",): 20, ("total",): 20}
    impossible = released(table(shape("t", "T", (kinds("a", 2),)), lambda key: hidden[key]))
    with pytest.raises(CisError):
        attack_packs([packed(impossible)])


def test_periods_are_chained_whatever_way_they_are_written() -> None:
    found = dict(chains(["2018", "2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4", "2018-01", "2018-02-01..2018-03-31", "x"]))
    assert found["2018"] == ("2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4") or "2018-01" in found["2018"]
    assert found["2018-Q1"] == ("2018-01", "2018-02-01..2018-03-31")
    assert chains(["2018-Q1", "2018-Q3", "2018"]) == []


def test_many_packs_are_attacked_in_one_go() -> None:
    draw = random.Random(3)
    packs = []
    for n in range(6):
        numbers = {(f"a{i}", f"b{j}"): draw.randint(1, 60) for i in range(9) for j in range(6)}
        small = {key for key, value in numbers.items() if value < POLICY.threshold}
        hidden = frozenset(small | set(draw.sample(sorted(numbers), 20)))
        made = summed(shape("t", "T", (kinds("a", 9), kinds("b", 6)), period=f"201{n}-Q1"), numbers, hidden)
        packs.append(packed(released(made), f"201{n}-Q1", n + 1))
    found = attack_packs(packs)
    assert len(found.packs) == 6
    assert found.attacked > 120


def test_late_records_that_move_hidden_figures_too_are_not_taken_for_broken_files() -> None:
    """In the last pack a hidden figure has moved by hundreds, which no guess of a reader's allows."""
    first = packed(one_line([3, 60, 20, 30], {0, 1}))
    second = packed(one_line([3, 62, 20, 30], {0, 1}), day=2)
    third = packed(one_line([90, 62, 20, 30], {0, 1}), day=3)
    found = attack_packs([first, second, third])
    assert found.corrected
    assert len(found.packs) == 3
    wild = packed(one_line([500, 7, 20, 30], {0, 2}), day=4)
    assert attack_packs([first, second, third, wild]).corrected


def test_what_is_in_no_category_is_taken_from_the_total() -> None:
    theme = Dimension(
        "theme", "Theme", tuple(Category(key, key) for key in ("housing", "health", "unknown")), adds_up=False
    )
    noticed = shape("n", "Noticed", (theme,), measure="observations", unit="observations", counts_people=False)
    counts: dict[str, int | None] = {"housing": None, "health": 0, "unknown": 60, "total": 62}
    found = attack_packs([packed(released(table(noticed, lambda key: counts[key[0]])))])
    assert cells(found) == {"Observations, housing, Jan to Mar 2018": (2, 2)}
