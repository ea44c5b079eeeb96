"""Their figures beside ours: a rate over a hidden cell is for nobody, and exact figures are not for those outside."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

import pytest

from cis_desktop.briefings.beside import LeavingRow, bases, for_leaving, for_own_eyes
from cis_desktop.briefings.model import Figure, Series
from cis_desktop.disclosure.tables import TOTAL, Category, Cell, Dimension, ReleasedCell, ReleasedTable, Shape, Table
from cis_desktop.errors import CisError

WARDS = Dimension("ward", "Ward", (Category("E1", "Ashe"), Category("E2", "Beck"), Category("E3", "Cole")), "area")
SEX = Dimension("sex", "Sex", (Category("f", "Female"),))
SHAPE = Shape("t", "People helped", "people", "people", "", (SEX, WARDS), "E08000009", "Trafford", "2025-Q4")

EXACT = Table(SHAPE, {
    (TOTAL, "E1"): Cell(31, 31, 20), (TOTAL, "E2"): Cell(3, 3, 2), (TOTAL, "E3"): Cell(12, 12, 9),
    (TOTAL, TOTAL): Cell(46, 46, 31), ("f", "E1"): Cell(20, 20, 15),
})  # fmt: skip
RELEASED = ReleasedTable(SHAPE, {
    (TOTAL, "E1"): ReleasedCell("rounded", 30, 28, 32), (TOTAL, "E2"): ReleasedCell("hidden", None, 1, 4),
    (TOTAL, "E3"): ReleasedCell("value", 12, 12, 12), (TOTAL, TOTAL): ReleasedCell("rounded", 45, 43, 47),
    ("f", "E1"): ReleasedCell("value", 20, 20, 20),
})  # fmt: skip


def people(code: str, value: int | None, measure: str = "Count", status: str = "value") -> Figure:
    number = None if value is None else Decimal(value)
    return Figure(code, f"Ward {code}", "Residents", "2024", measure, "Persons", number, status)  # type: ignore[arg-type]


THEIRS = [people("E1", 10_000), people("E2", 8_000), people("E9", 5_000)]


def test_a_rate_that_leaves_is_made_from_released_figures_and_never_over_a_hidden_one() -> None:
    rows = {row.code: row for row in for_leaving(THEIRS, RELEASED)}
    assert (rows["E1"].ours, rows["E1"].rate) == (30, Decimal("3.0"))
    assert (rows["E2"].ours, rows["E2"].ours_status, rows["E2"].rate) == (None, "hidden", None)
    assert (rows["E9"].theirs, rows["E9"].ours_status, rows["E9"].rate) == (5_000, "absent", None)
    assert (rows["E3"].name, rows["E3"].theirs, rows["E3"].ours, rows["E3"].rate) == ("Cole", None, 12, None)


def test_what_leaves_does_not_depend_on_the_exact_figures() -> None:
    other = Table(SHAPE, {key: Cell(cell.count + 1, 1, 1) for key, cell in EXACT.cells.items()})
    one, two = (for_own_eyes(THEIRS, RELEASED, exact) for exact in (EXACT, other))
    assert [row.leaving for row in one] == [row.leaving for row in two] == list(for_leaving(THEIRS, RELEASED))
    assert not {"exact", "exact_rate"} & {field.name for field in fields(LeavingRow)}


def test_rates_over_residents_stand_beside_a_share_and_never_over_a_hidden_cell() -> None:
    share = [people("E1", 12, "Percentage"), people("E2", 30, "Percentage"), people("E3", 7, "Percentage")]
    rows = {row.code: row for row in for_leaving(share, RELEASED, THEIRS)}
    assert (rows["E1"].theirs, rows["E1"].rate) == (12, Decimal("3.0"))
    assert (rows["E2"].ours_status, rows["E2"].rate) == ("hidden", None)
    assert (rows["E3"].ours, rows["E3"].rate) == (12, None)
    own = {row.leaving.code: row for row in for_own_eyes(share, RELEASED, EXACT, THEIRS)}
    assert (own["E2"].leaving.rate, own["E2"].exact_rate) == (None, Decimal("0.4"))


def test_rates_can_be_over_counts_the_newest_of_each_and_those_of_everybody_first() -> None:
    def series(indicator: str, period: str, *figures: Figure) -> Series:
        return Series(indicator, period, figures[0].measure, "", "", figures)

    homes, older = (series("Cold homes", period, people("E1", 9)) for period in ("2025", "2024"))
    everybody = series("Total resident population", "2022", people("E1", 9_000), people("E2", None, status="hidden"))
    share = series("Population aged 0-15 years", "2022", people("E1", 12, "Percentage"))
    twice = series("Visits", "2022", people("E1", 1), people("E1", 2))
    assert bases([older, homes, share, everybody, twice]) == [everybody, homes]


def test_for_our_own_eyes_the_exact_figure_and_its_rate_stand_beside() -> None:
    rows = {row.leaving.code: row for row in for_own_eyes(THEIRS, RELEASED, EXACT)}
    assert (rows["E2"].exact, rows["E2"].exact_rate) == (3, Decimal("0.4"))
    assert (rows["E1"].exact, rows["E1"].exact_rate) == (31, Decimal("3.1"))
    assert (rows["E9"].exact, rows["E9"].exact_rate) == (None, None)


@pytest.mark.parametrize(
    "figure",
    [people("E1", 12, "Percentage"), people("E1", 37, "Median"), people("E1", 0), people("E1", None, status="hidden")],
)
def test_there_is_no_rate_over_a_share_an_average_nothing_or_what_they_hide(figure: Figure) -> None:
    (row,) = [row for row in for_leaving([figure], RELEASED) if row.code == "E1"]
    assert row.rate is None
    assert row.ours == 30


def test_two_figures_for_one_ward_and_a_table_without_wards_are_refused() -> None:
    with pytest.raises(CisError) as caught:
        for_leaving([people("E1", 1), people("E1", 2)], RELEASED)
    assert caught.value.code == "several_figures"
    plain = Shape("other", "People helped", "people", "people", "", (SEX,), "E08000009", "Trafford", "2025-Q4")
    with pytest.raises(CisError) as caught:
        for_leaving(THEIRS, ReleasedTable(plain, {}))
    assert caught.value.code == "no_wards"
