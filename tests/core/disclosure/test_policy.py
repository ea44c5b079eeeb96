"""What is hidden, rounded or shown for itself, and what is said about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.rounding import interval, published
from cis_desktop.disclosure.tables import TOTAL, Cell, Policy, Refusal, Release, Table
from cis_desktop.errors import CisError

from .made import SECRET, dimension, filled, grid, random_table, shape

NHS = PROFILES["nhs-1to7-round5"]
LT5 = PROFILES["lt5-suppress"]
TABLE = grid([[3, 20, 9, 0], [12, 16, 30, 22], [18, 11, 15, 40]])


def released(tables: list[Table], policy: Policy, budget: float = 10) -> Release:
    release = protect(tables, policy, (), SECRET, budget)
    assert isinstance(release, Release), release
    return release


def test_the_default_profile_hides_1_to_7_and_rounds_the_rest_to_5() -> None:
    release = released([TABLE], NHS)
    for key, cell in release.tables[0].cells.items():
        count = TABLE.cells[key].count
        if 0 < count < 8:
            assert cell.status == "hidden"
        if cell.status != "hidden":
            assert cell.status == "rounded"
            assert cell.value is not None
            assert cell.value % 5 == 0
            assert abs(cell.value - count) <= 2
            assert cell.at_least <= count <= (cell.at_most or count)


def test_every_blank_of_a_release_looks_the_same() -> None:
    for policy in PROFILES.values():
        blanks = {cell for cell in released([TABLE], policy).tables[0].cells.values() if cell.status == "hidden"}
        assert len(blanks) <= 1, policy.profile


def test_noughts_are_shown_and_never_hidden_where_the_policy_shows_them() -> None:
    cells = released([TABLE], LT5).tables[0].cells
    assert (cells["r0", "c3"].status, cells["r0", "c3"].value) == ("value", 0)
    assert {c.at_least for c in cells.values() if c.status == "hidden"} == {1}


def test_noughts_are_hidden_and_cannot_be_worked_out_where_the_policy_protects_them() -> None:
    release = released([TABLE], replace(LT5, zeros="protect"))
    cells = release.tables[0].cells
    assert cells["r0", "c3"].status == "hidden"
    assert {c.at_least for c in cells.values() if c.status == "hidden"} == {0}
    nought = TABLE.shape.identity(("r0", "c3"))
    low, high = release.witnesses[nought]
    assert high[nought] - low[nought] >= 4


def test_parcels_are_judged_on_the_persons_behind_them() -> None:
    of = shape([dimension("kind", ["a", "b", "c"])], counts_people=False, measure="parcels")
    cells = {("a",): Cell(40, 2, 2), ("b",): Cell(300, 90, 50), ("c",): Cell(5, 5, 5), (TOTAL,): Cell(345, 95, 55)}
    release = released([Table(of, cells)], replace(LT5, min_households=2))
    status = {key[0]: cell.status for key, cell in release.tables[0].cells.items()}
    assert status["a"] == "hidden"
    assert release.primary == {of.identity(("a",))}
    assert "people" in release.reasons[of.identity(("a",))]


def test_a_hidden_amount_is_not_known_to_within_a_fifth() -> None:
    of = shape([dimension("kind", ["a", "b", "c", "d"])], counts_people=False, measure="pounds", unit="pence")
    amounts = {
        ("a",): (50_000, 3),
        ("b",): (9, 30),
        ("c",): (80_000, 90),
        ("d",): (70_000, 20),
        (TOTAL,): (200_009, 143),
    }
    table = Table(of, {key: Cell(pence, people, people) for key, (pence, people) in amounts.items()})
    release = released([table], LT5)
    about = of.identity(("a",))
    low, high = release.witnesses[about]
    assert high[about] - low[about] >= 10_000


@pytest.mark.parametrize(("households", "status"), [(10, "value"), (9, "rounded")])
def test_a_headline_line_is_exact_when_ten_households_stand_behind_it(households: int, status: str) -> None:
    of = shape([], accountability=True)
    release = released([Table(of, {(): Cell(48, 48, households)})], NHS)
    assert release.tables[0].cells[()].status == status


def test_a_breakdown_is_not_exact_because_its_table_is_a_headline_one() -> None:
    of = replace(TABLE.shape, accountability=True)
    cells = released([Table(of, TABLE.cells)], NHS).tables[0].cells
    assert cells[TOTAL, TOTAL].status == "value"
    assert cells["r1", "c1"].status == "rounded"


def test_a_headline_line_that_would_give_a_hidden_figure_away_is_not_exact_and_the_release_says_so() -> None:
    ages = filled(shape([dimension("age", ["child", "adult"])], accountability=True), {("child",): 3, ("adult",): 7})
    release = released([ages], PROFILES["ons-10-5"])
    cells = release.tables[0].cells
    assert [cells[key].status for key in (("child",), ("adult",))] == ["hidden", "hidden"]
    assert cells[(TOTAL,)].status != "value"
    assert [said for said in release.beyond if "not exact here" in said]
    assert not released([TABLE], NHS).beyond


def test_totals_of_the_opensafely_profile_are_the_sums_of_what_is_released() -> None:
    cells = released([TABLE], PROFILES["opensafely-7-round5"]).tables[0].cells
    for row in ("r0", "r1", "r2"):
        assert cells[row, TOTAL].value == sum(cells[row, f"c{at}"].value or 0 for at in range(4))
    assert cells[TOTAL, TOTAL].value == sum(cells[row, TOTAL].value or 0 for row in ("r0", "r1", "r2"))


def test_a_line_with_everybody_in_one_category_is_said_to_be_a_risk() -> None:
    table = grid([[0, 20, 0], [12, 16, 30]])
    said = released([table], LT5).audit.statements
    assert any("r0, c1" in statement for statement in said)
    cells = released([table], replace(LT5, zeros="protect")).tables[0].cells
    assert cells["r0", "c1"].status == "hidden"


def test_every_blank_has_a_reason_in_words() -> None:
    release = released([TABLE], LT5)
    blanks = {TABLE.shape.identity(key) for key, c in release.tables[0].cells.items() if c.status == "hidden"}
    assert set(release.reasons) == blanks
    assert release.reasons[TABLE.shape.identity(("r0", "c0"))] == "hidden because it is a small number (1 to 4)"
    assert any(reason.startswith("hidden so that r0, c0 cannot be worked out") for reason in release.reasons.values())


def test_the_same_data_and_secret_give_the_same_blanks_and_another_secret_gives_others() -> None:
    table = random_table(5, (6, 6), 12)
    first, again = (protect([table], LT5, (), SECRET, 10) for _ in range(2))
    assert isinstance(first, Release)
    assert isinstance(again, Release)
    assert first.tables == again.tables
    others = [protect([table], LT5, (), bytes([n]) * 16, 10) for n in range(6)]
    assert any(isinstance(other, Release) and other.tables != first.tables for other in others)


def test_the_cost_of_hiding_a_cell_does_not_depend_on_its_figure() -> None:
    from cis_desktop.disclosure.joined import build
    from cis_desktop.disclosure.problem import pose
    from cis_desktop.disclosure.weights import public_weights

    costs = []
    for numbers in ([[3, 20], [9, 11]], [[30, 2], [0, 17]]):
        tables = [grid(numbers)]
        system = build(tables, (), 5)
        weight = pose(system, tables, (), LT5, public_weights(SECRET)).weight
        costs.append({system.variables[at][1]: weight[at] for at in range(len(weight))})
    assert costs[0] == costs[1]


def test_the_one_person_in_a_cell_cannot_work_out_the_other_small_cell_on_the_line() -> None:
    policy = replace(LT5, zeros="protect")
    release = released([grid([[1, 4, 30, 25], [12, 16, 30, 22], [18, 11, 15, 40]])], policy)
    row = [key for key, c in release.tables[0].cells.items() if c.status == "hidden" and key[0] == "r0"]
    assert len(row) > 2, "two blanks that sum to 5 are 0 to 5 to a stranger, and 4 to the one in the other"


def test_people_in_several_categories_are_protected_by_what_is_left_to_know() -> None:
    needs = dimension("need", ["food", "debt", "home"], adds_up=False)
    of = shape([needs])
    cells = {("food",): 50, ("debt",): 2, ("home",): 20, (TOTAL,): 60}
    release = released([Table(of, {key: Cell(n, n, n) for key, n in cells.items()})], LT5)
    assert [k for k, c in release.tables[0].cells.items() if c.status == "hidden"] == [("debt",)]
    tight = cells | {(TOTAL,): 72}
    release = released([Table(of, {key: Cell(n, n, n) for key, n in tight.items()})], LT5)
    _, high = release.witnesses[of.identity(("debt",))]
    assert high[of.identity(("debt",))] >= 5


def test_tables_that_contradict_themselves_are_refused() -> None:
    cells = dict(TABLE.cells)
    cells["r0", TOTAL] = Cell(99, 99, 99)
    with pytest.raises(CisError, match="do not add up"):
        protect([Table(TABLE.shape, cells)], LT5, (), SECRET, 10)
    del cells["r0", TOTAL]
    with pytest.raises(CisError, match="lacks some of its cells"):
        protect([Table(TABLE.shape, cells)], LT5, (), SECRET, 10)
    other = filled(shape([dimension("row", ["r0", "r1"])], id="other"), {("r0",): 5, ("r1",): 9})
    with pytest.raises(CisError, match="another value in another table"):
        protect([TABLE, other], LT5, (), SECRET, 10)


def test_running_out_of_time_is_a_refusal_and_never_a_release() -> None:
    answer = protect([random_table(1, (10, 10), 12)], LT5, (), SECRET, 0.001)
    assert isinstance(answer, Refusal)
    assert "nothing was released" in answer.sentence


@pytest.mark.parametrize(
    ("method", "base", "smallest"), [("nearest", 5, 1), ("nearest", 5, 8), ("nearest", 500, 1), ("midpoint", 6, 1)]
)
def test_a_rounded_figure_tells_exactly_the_counts_that_round_to_it(method: str, base: int, smallest: int) -> None:
    shown = [0, *range(smallest, 3 * base + 9)]
    for value in {published(count, base, method) for count in shown if count <= 2 * base}:
        behind = [count for count in shown if published(count, base, method) == value]
        assert interval(value, base, method, smallest) == (min(behind), max(behind))


def test_what_is_in_no_category_and_the_total_leave_the_rest_between_them_unknown() -> None:
    """60 things noticed, 58 of them under no theme: the other two are known to be few unless one of the two goes."""
    theme = dimension("theme", ["housing", "health", "unknown"], adds_up=False)
    noticed = shape([theme], measure="observations", unit="observations", counts_people=False)
    counts = {("housing",): 2, ("health",): 0, ("unknown",): 58, (TOTAL,): 60}
    release = released([Table(noticed, {key: Cell(count, 0, 0) for key, count in counts.items()})], NHS)
    cells = release.tables[0].cells
    assert cells["housing",].status == "hidden"
    assert "hidden" in (cells["unknown",].status, cells[TOTAL,].status)
