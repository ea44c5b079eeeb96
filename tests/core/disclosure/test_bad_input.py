"""Tables, rules and ledgers that cannot be what they say they are: a sentence each, and no release."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import EVERY, TOTAL, Category, Cell, Cells, Dimension, PastRelease, Table
from cis_desktop.errors import CisError

from .made import SECRET, cell, dimension, filled, grid, shape

LT5 = PROFILES["lt5-suppress"]
TABLE = grid([[3, 20, 9], [12, 16, 30]])


def fault(table: Table, policy: Any = LT5, past: tuple[PastRelease, ...] = ()) -> CisError:
    with pytest.raises(CisError) as caught:
        protect([table], policy, past, SECRET, 10)
    assert "othing was released" in caught.value.sentence
    return caught.value


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Cell(-3, 0, 0), "below nought"),
        (Cell(3, -1, 0), "below nought"),
        (Cell(3, 3, 3, (-1, 0)), "below nought"),
        (Cell(3.0, 3, 3), "not a whole number"),  # type: ignore[arg-type]
        (Cell(float("nan"), 3, 3), "not a whole number"),  # type: ignore[arg-type]
        (Cell(True, 3, 3), "not a whole number"),
        (Cell(3, 3, None), "not a whole number"),  # type: ignore[arg-type]
        (Cell("3", 3, 3), "not a whole number"),  # type: ignore[arg-type]
    ],
)
def test_a_figure_that_is_no_count_is_refused(bad: Cell, said: str) -> None:
    cells = dict(TABLE.cells)
    cells["r0", "c0"] = bad
    error = fault(Table(TABLE.shape, cells))
    assert (error.code, said in error.sentence) == ("tables_disagree", True)


def test_totals_that_do_not_add_up_are_refused() -> None:
    cells = dict(TABLE.cells)
    cells["r0", TOTAL] = cell(31)
    assert "do not add up" in fault(Table(TABLE.shape, cells)).sentence


def test_a_table_that_lacks_a_cell_or_has_one_too_many_is_refused() -> None:
    cells = dict(TABLE.cells)
    del cells["r0", "c1"]
    assert "lacks some of its cells" in fault(Table(TABLE.shape, cells)).sentence
    cells = {**TABLE.cells, ("r9", "c1"): cell(4)}
    assert "its labels do not name" in fault(Table(TABLE.shape, cells)).sentence


@pytest.mark.parametrize(
    ("categories", "said"),
    [
        ((Category("a", "A"), Category("b", "B", "gone")), "“B” belongs to a broader row that is not there"),
        ((Category("a", "A", "b"), Category("b", "B", "a")), "“A” belongs to itself"),
        ((Category("a", "A", "a"), Category("b", "B")), "“A” belongs to itself"),
        ((Category("a", "A"), Category("a", "B")), "two of its rows under “kind” have the same name"),
        ((Category("a", "A"), Category(TOTAL, "B")), "two of its rows under “kind” have the same name"),
    ],
)
def test_a_hierarchy_with_a_hole_is_refused(categories: tuple[Category, ...], said: str) -> None:
    of = shape([Dimension("kind", "kind", categories)])
    cells = {(key,): cell(10) for key in [*(category.key for category in categories), TOTAL]}
    assert said in fault(Table(of, cells)).sentence


def test_a_nought_that_can_be_nothing_else_and_is_something_is_refused() -> None:
    of = replace(TABLE.shape, structural=frozenset({("r0", "c0")}))
    assert "where there can only be a nought" in fault(Table(of, TABLE.cells)).sentence
    of = replace(TABLE.shape, structural=frozenset({("r7", "c0")}))
    assert "its labels do not name" in fault(Table(of, TABLE.cells)).sentence


def test_a_figure_that_must_be_shown_and_must_never_be_is_refused() -> None:
    here = Cells((("row", "r0"), ("column", "c1")))
    policy = replace(LT5, must_publish=(here,), never_publish=(Cells((("column", EVERY),)),))
    error = fault(TABLE, policy)
    assert (error.code, "r0, c1 in “People” must be shown, and must never be" in error.sentence) == (
        "rules_contradict", True,
    )  # fmt: skip


def test_a_figure_that_must_be_shown_and_is_not_in_its_table_is_refused() -> None:
    policy = replace(LT5, must_publish=(Cells((("row", "r7"),), ("people",)),))
    assert "row r7 must be shown, and “People” has no such figure" in fault(TABLE, policy).sentence
    elsewhere = replace(LT5, must_publish=(Cells((("row", "r7"),), ("another",)),))
    protect([TABLE], elsewhere, (), SECRET, 10)


def test_tables_that_disagree_about_the_same_figure_are_refused() -> None:
    other = filled(shape([dimension("row", ["r0", "r1"])], id="other"), {("r0",): 5, ("r1",): 9})
    with pytest.raises(CisError, match="another value in another table"):
        protect([TABLE, other], LT5, (), SECRET, 10)
