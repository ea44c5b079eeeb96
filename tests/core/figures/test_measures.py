"""Every measure and every breakdown, on a record small enough to count by looking."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cis_desktop import figures
from cis_desktop.disclosure.tables import Cell
from cis_desktop.errors import CisError
from cis_desktop.figures.amounts import WEIGHTS, in_wholes
from cis_desktop.workspace import Workspace

from .conftest import Count, agreement_of

pytestmark = pytest.mark.usefixtures("group")

AGES = {
    "by": "age_band",
    "groups": [{"label": "0-15", "from_age": 0, "to_age": 15}, {"label": "16-64", "from_age": 16, "to_age": 64}],
}


@pytest.mark.parametrize(
    ("measure", "cell"),
    [
        ("unique_people", (3, 3, 2)),
        ("unique_households", (3, 4, 3)),
        ("contacts", (6, 5, 4)),
        ("people_helped", (17, 5, 4)),
        ("parcels", (3, 1, 1)),
        ("parcel_days", (11, 1, 1)),
        ("items", (9, 2, 1)),
        ("money", (1250, 1, 1)),
        ("needs", (4, 3, 2)),
        ("sessions", (3, 20, 20)),
        ("head_count", (20, 20, 20)),
        ("observations", (2, 2, 2)),
    ],
)
def test_a_total_counts_what_was_written_down_and_who_is_behind_it(
    count: Count, measure: str, cell: tuple[int, int, int]
) -> None:
    """Neither deleted rows, nor a deleted person's visit, nor the next quarter, are in any of them."""
    assert count(measure) == {"total": cell}


@pytest.mark.parametrize(("unit", "weight"), [("kg", 9 + 7), ("lb", 20 + 15)])
def test_weight_is_given_in_the_unit_agreed_each_entry_turned_into_whole_numbers(
    count: Count, unit: str, weight: int
) -> None:
    assert count("weight", counted={"unit": unit}) == {"total": (weight, 1, 1)}


def test_many_small_weights_add_up_to_what_they_weigh_and_every_part_to_the_whole() -> None:
    tins = np.full(1_000, 200 * WEIGHTS["g"])
    kg = in_wholes("weight_kg", tins)
    assert kg.sum() == 200
    assert set(kg) == {0, 1}
    pounds = in_wholes("weight_kg", np.full(7, 10 * WEIGHTS["lb"]))
    assert (pounds.sum(), set(pounds)) == (round(7 * 10 * 0.45359237), {4, 5})
    assert in_wholes("weight_lb", np.full(3, 10 * WEIGHTS["lb"])).tolist() == [10, 10, 10]
    assert in_wholes("items", np.array([3, 4])).tolist() == [3, 4]


@pytest.mark.parametrize(
    ("measure", "by", "cells"),
    [
        ("unique_people", "ward", {"E05013661": (2, 2, 1), "gospel oak": (1, 1, 1)}),
        ("unique_households", "ward", {"E05013661": (1, 2, 1), "gospel oak": (1, 1, 1), "unknown": (1, 1, 1)}),
        ("unique_people", AGES, {"0-15": (1, 1, 1), "16-64": (1, 1, 1), "other_ages_43edf6": (1, 1, 1)}),
        ("unique_people", "adult_child", {"adult": (2, 2, 2), "child": (1, 1, 1)}),
        ("unique_people", "standing", {"new": (2, 2, 1), "returning": (1, 1, 1)}),
        ("unique_people", {"by": "standing", "new_after_months": 2}, {"new_2_months": (3, 3, 2)}),
        (
            "unique_people",
            {"by": "standing", "new_after_months": 3},
            {"new_3_months": (2, 2, 1), "returning_3_months": (1, 1, 1)},
        ),
        ("unique_people", "sex", {"female": (1, 1, 1), "not_asked": (2, 2, 2)}),
        ("unique_people", "disability", {"unknown": (1, 1, 1), "not_asked": (2, 2, 1)}),
        ("unique_people", "tenure", {"rents_council": (2, 2, 1), "unknown": (1, 1, 1)}),
        (
            "unique_people",
            {"by": "ethnic_group", "broad": True},
            {"white": (1, 1, 1), "prefer_not": (1, 1, 1), "not_asked": (1, 1, 1)},
        ),
        (
            "unique_people",
            "ethnic_group",
            {"white": (1, 1, 1), "roma": (1, 1, 1), "prefer_not": (1, 1, 1), "not_asked": (1, 1, 1)},
        ),
        ("unique_people", "month", {"2018-01": (1, 1, 1), "2018-02": (1, 1, 1), "2018-03": (2, 2, 2)}),
        ("contacts", "month", {"2018-01": (1, 1, 1), "2018-02": (3, 3, 3), "2018-03": (2, 2, 2)}),
        ("contacts", "contact_kind", {"visit": (4, 4, 3), "call": (1, 1, 1), "delivery": (1, 1, 1)}),
        (
            "unique_people",
            "need",
            {"food": (1, 1, 1), "debt": (1, 1, 1), "housing": (1, 1, 1), "other": (1, 1, 1), "unknown": (1, 1, 1)},
        ),
        (
            "contacts",
            "need",
            {"food": (1, 1, 1), "debt": (1, 1, 1), "housing": (1, 1, 1), "other": (1, 1, 1), "unknown": (3, 3, 3)},
        ),
        ("needs", "need", {"food": (1, 1, 1), "debt": (1, 1, 1), "housing": (1, 1, 1), "other": (1, 1, 1)}),
        ("people_helped", "adult_child", {"adult": (4, 2, 2), "child": (3, 2, 2), "unknown": (10, 5, 4)}),
        ("items", "item", {"food_parcel": (2, 1, 1), "clothing": (7, 2, 1)}),
        (
            "unique_people",
            "item",
            {
                "food_parcel": (1, 1, 1),
                "food": (1, 1, 1),
                "clothing": (2, 2, 1),
                "nappies": (1, 1, 1),
                "money": (1, 1, 1),
                "unknown": (2, 2, 2),
            },
        ),
        ("money", "ward", {"E05013661": (1250, 1, 1)}),
        ("sessions", "ward", {"E05013661": (1, 17, 17), "unknown": (2, 3, 3)}),
        ("head_count", "month", {"2018-01": (17, 17, 17), "2018-03": (3, 3, 3)}),
        ("head_count", "adult_child", {"adult": (15, 15, 15), "child": (5, 5, 5)}),
        ("observations", "month", {"2018-01": (1, 1, 1), "2018-03": (1, 1, 1)}),
        ("observations", "ward", {"E05013661": (1, 1, 1), "unknown": (1, 1, 1)}),
        (
            "observations",
            "theme",
            {
                "housing": (1, 1, 1),
                "damp_and_repairs": (1, 1, 1),
                "health": (1, 1, 1),
                "health_unspecified": (1, 1, 1),
                "unknown": (1, 1, 1),
            },
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_breakdown_puts_everyone_where_they_belong(
    count: Count, measure: str, by: Any, cells: dict[str, tuple[int, int, int]]
) -> None:
    found = count(measure, by)
    del found["total"]
    assert found == cells


def test_every_row_is_there_also_where_nobody_is_in_it(workspace: Workspace) -> None:
    asked = agreement_of({"measures": "unique_people", "dimensions": [{"by": "ethnic_group"}]})
    (table,) = figures.tables(workspace.read, asked, figures.period("2018-Q1"))
    keys = [category.key for category in table.shape.dimensions[0].categories]
    assert set(table.cells) == {("total",), *((key,) for key in keys)}
    assert {"roma", "arab", "white", "unknown", "prefer_not", "not_asked"} <= set(keys)
    assert table.cells["arab",] == Cell(0, 0, 0)


def test_two_breakdowns_cross_and_their_totals_count_everyone_once(count: Count) -> None:
    assert count("unique_people", "adult_child", "month") == {
        "total+total": (3, 3, 2),
        "adult+total": (2, 2, 2),
        "child+total": (1, 1, 1),
        "total+2018-01": (1, 1, 1),
        "total+2018-02": (1, 1, 1),
        "total+2018-03": (2, 2, 2),
        "adult+2018-01": (1, 1, 1),
        "adult+2018-02": (1, 1, 1),
        "adult+2018-03": (1, 1, 1),
        "child+2018-03": (1, 1, 1),
    }


def test_own_groups_and_a_crosswalk_put_local_words_where_the_agreement_says(count: Count) -> None:
    groups = [{"label": "Money", "key": "money", "includes": ["benefits", "debt"]}]
    need = {"by": "need", "groups": groups, "crosswalk": {"A need of our OWN": "benefits"}}
    found = {key.split("_")[0]: cell for key, cell in count("unique_people", need).items()}
    assert found == {"total": (3, 3, 2), "money": (2, 2, 1), "all": (2, 2, 2), "unknown": (1, 1, 1)}


def test_two_groupings_never_share_the_name_of_a_row_that_means_something_else(workspace: Workspace) -> None:
    def keys(*includes: str) -> set[str]:
        groups = [{"label": "Money", "key": "money", "includes": list(includes)}]
        asked = agreement_of({"measures": "needs", "dimensions": [{"by": "need", "groups": groups}]})
        (table,) = figures.tables(workspace.read, asked, figures.period("2018-Q1"))
        return {category.key for category in table.shape.dimensions[0].categories}

    assert not keys("debt", "benefits") & keys("debt", "tax")


def test_a_filter_counts_only_what_is_in_its_category(count: Count) -> None:
    assert count("unique_people", filters=[{"by": "item", "category": "clothing"}]) == {"total": (2, 2, 1)}
    assert count("contacts", "month", filters=[{"by": "ward", "category": "E05013661"}]) == {
        "total": (3, 2, 1),
        "2018-01": (1, 1, 1),
        "2018-02": (1, 1, 1),
        "2018-03": (1, 1, 1),
    }
    assert count("unique_people", filters=[{"by": "ethnic_group", "category": "white"}]) == {"total": (1, 1, 1)}
    assert count("unique_people", filters=[{"by": "ethnic_group", "category": "irish"}]) == {}


def test_with_wards_agreed_everyone_else_is_elsewhere(count: Count) -> None:
    area = {"label": "Kilburn area", "code": "E09000007", "wards": [{"code": "E05013661", "label": "Kilburn"}]}
    found = count("unique_people", "ward", area=area)
    assert found == {"total": (3, 3, 2), "E05013661": (2, 2, 1), "elsewhere_6443b5": (1, 1, 1)}


@pytest.mark.parametrize(
    ("measure", "by", "adds"),
    [
        ("unique_people", "month", False),
        ("unique_people", "need", False),
        ("unique_people", "ward", True),
        ("unique_people", "standing", True),
        ("unique_households", "sex", False),
        ("unique_households", "ward", True),
        ("contacts", "month", True),
        ("contacts", "item", False),
        ("items", "item", True),
        ("needs", "need", True),
        ("head_count", "adult_child", True),
        ("observations", "theme", False),
    ],
)
def test_a_table_says_whether_its_rows_add_up(workspace: Workspace, measure: str, by: str, adds: bool) -> None:
    asked = agreement_of({"measures": measure, "dimensions": [{"by": by}]})
    (table,) = figures.tables(workspace.read, asked, figures.period("2018-Q1"))
    (dimension,) = table.shape.dimensions
    assert dimension.adds_up is adds
    assert dimension.kind == {"ward": "area", "month": "period"}.get(by, "category")


def test_a_figure_has_one_identity_whichever_table_shows_it(workspace: Workspace) -> None:
    asked = agreement_of(
        {"measures": "contacts"},
        {"measures": "contacts", "dimensions": [{"by": "month"}]},
        area={"label": "Us", "code": "A"},
    )
    plain, by_month = figures.tables(workspace.read, asked, figures.period("2018-01-01..2018-03-31"))
    assert plain.shape.identity(()) == by_month.shape.identity(("total",))
    (january,) = figures.tables(
        workspace.read,
        agreement_of({"measures": "contacts"}, area={"label": "Us", "code": "A"}),
        figures.period("2018-01"),
    )
    assert january.shape.identity(()) == by_month.shape.identity(("2018-01",))
    assert january.cells[()] == by_month.cells["2018-01",]


def test_each_table_says_how_it_was_counted(workspace: Workspace) -> None:
    asked = agreement_of(
        {"measures": [{"measure": "unique_people", "how_counted": "As we said on the phone."}], "dimensions": [AGES]}
    )
    (table,) = figures.tables(workspace.read, asked, figures.period("2018-Q1"))
    assert table.shape.how_counted.startswith("As we said on the phone. Different people")
    assert "the year in which the period ends" in table.shape.how_counted


def test_tables_of_another_kind_of_period_are_left_out_and_none_at_all_is_refused(workspace: Workspace) -> None:
    asked = agreement_of({"measures": "contacts", "period": "year"}, {"measures": "money", "period": "quarter"})
    assert [t.shape.measure for t in figures.tables(workspace.read, asked, figures.period("2018-Q1"))] == ["money"]
    with pytest.raises(CisError, match="asks for figures for a quarter or a year"):
        figures.tables(workspace.read, asked, figures.period("2018-01"))


def test_a_period_without_records_is_empty_and_any_other_is_not(workspace: Workspace) -> None:
    asked = agreement_of({"measures": "contacts", "dimensions": [{"by": "month"}]})
    assert figures.is_empty(figures.tables(workspace.read, asked, figures.period("2001")))
    assert not figures.is_empty(figures.tables(workspace.read, asked, figures.period("2018")))


def test_counting_changes_nothing_and_leaves_the_connection_for_reading_only(workspace: Workspace) -> None:
    asked = agreement_of({"measures": "contacts"})
    figures.tables(workspace.read, asked, figures.period("2018"))
    assert workspace.read.execute("pragma query_only").fetchone() == (1,)
    assert workspace.read.execute("select count(*) from temp.sqlite_master").fetchone() == (0,)
    assert not workspace.read.in_transaction
    with workspace.reader() as connection:
        assert not figures.is_empty(figures.tables(connection, asked, figures.period("2018")))


def test_the_two_largest_shares_of_a_sum_of_money_are_those_of_households(
    workspace: Workspace, group: dict[str, int]
) -> None:
    """Ann's 40 pounds and Bo's 12.50 are of one household; Cy, without one, is a household of one."""
    with workspace.change("Gave money") as change:
        for person, day, pence in (("ann", "2018-01-09", 4000), ("cy", "2018-02-09", 2000), ("cy", "2018-02-10", 500)):
            contact = change.insert("contacts", person_id=group[person], on_date=day, kind="visit")
            change.insert("given", contact_id=contact, item="money", pence=pence)
    asked = agreement_of(
        {"measures": "money", "dimensions": [{"by": "month"}]}, {"measures": "items", "dimensions": [{"by": "month"}]}
    )
    money, items = figures.tables(workspace.read, asked, figures.period("2018-Q1"))
    assert {key[0]: cell.largest for key, cell in money.cells.items()} == {
        "total": (5250, 2500), "2018-01": (4000, 0), "2018-02": (2500, 0), "2018-03": (1250, 0),
    }  # fmt: skip
    assert {cell.largest for cell in items.cells.values()} == {(0, 0)}
