"""An agreement's ladders, and the same figures further down them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cis_desktop import figures
from cis_desktop.agreements import Agreement, library
from cis_desktop.agreements.naming import can_be
from cis_desktop.errors import CisError
from cis_desktop.figures.coarser import coarsened, ladders, read_coarser, said
from cis_desktop.workspace import Workspace
from tests.core.figures.conftest import agreement_of

AGES = {
    "by": "age_band",
    "groups": [{"label": "0 to 15", "from_age": 0, "to_age": 15}, {"label": "16 to 64", "from_age": 16, "to_age": 64},
               {"label": "65 and over", "from_age": 65}],
    "ladder": [{"label": "Two age bands", "groups": [{"label": "0 to 64", "from_age": 0, "to_age": 64},
                                                     {"label": "65 and over", "from_age": 65}]}],
}  # fmt: skip
ETHNIC = {"by": "ethnic_group", "ladder": [{"label": "Broad groups", "broad": True}]}


def people(*dimensions: Any, **changes: Any) -> dict[str, Any]:
    return {"measures": "unique_people", "dimensions": list(dimensions), **changes}


def food() -> Agreement:
    return next(each for each in library() if each.key == "food-support-quarterly-return")


def test_every_ladder_ends_in_leaving_the_breakdown_out() -> None:
    found = ladders(agreement_of(people(AGES), people(ETHNIC), people({"by": "standing"})))
    assert found == {
        "age_band": ("Two age bands", "Not broken down"),
        "ethnic_group": ("Broad groups", "Not broken down"),
        "standing": ("Not broken down",),
    }


@pytest.mark.parametrize("starter", library(), ids=lambda each: each.key)
def test_the_ladders_of_the_starters_can_be_climbed_down_to_the_bottom(starter: Agreement) -> None:
    every = tuple((by, rung) for by, labels in ladders(starter).items() for rung in [len(labels)])
    bottom = coarsened(starter, every).tables
    assert not [d for table in bottom for d in table.dimensions]
    totals = [(each.measure, each.unit, t.filters, t.period) for t in bottom for each in t.measures]
    assert len(totals) == len(set(totals)), "a pack with a figure twice fails its own check"
    for by, labels in ladders(starter).items():
        for rung in range(1, len(labels) + 1):
            assert coarsened(starter, ((by, rung),)) != starter
            assert said(starter, ((by, rung),))


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("starter", library(), ids=lambda each: each.key)
def test_a_rule_can_name_every_category_that_figures_are_broken_down_by_at_any_step(
    workspace: Workspace, starter: Agreement
) -> None:
    asked = {d.by: d for table in starter.tables for d in table.dimensions}
    taken = [((by, rung),) for by, labels in ladders(starter).items() for rung in range(1, len(labels))]
    found = set()
    for coarser in ((), *taken):
        for table in figures.tables(workspace.read, coarsened(starter, coarser), figures.period("2018-Q1")):
            found |= {(by.id, category.key) for by in table.shape.dimensions for category in by.categories}
    assert [(by, key) for by, key in sorted(found) if not can_be(asked[by], key)] == []
    assert not [by for by in asked if by not in ("ward", "month") and can_be(asked[by], "nothing of the kind")]


def test_a_table_without_breakdown_goes_where_its_figures_are_in_another() -> None:
    fewer = coarsened(food(), (("month", 1), ("ward", 1)))
    ids = [table.id for table in fewer.tables]
    assert "wards" not in ids
    assert "months" not in ids
    assert "sessions" in ids, "no other table has the number of sessions"
    assert fewer.hash == food().hash


def test_what_is_coarser_is_said_in_words() -> None:
    asked = agreement_of(people(AGES), people(ETHNIC), people({"by": "standing"}))
    assert said(asked, (("age_band", 1), ("ethnic_group", 1), ("standing", 1))) == (
        "Age is given in 2 groups and not in 3, as the agreement allows.",
        "Ethnic group is given in 5 groups and not in 19, as the agreement allows.",
        "Figures are not broken down by new or returning, which the agreement asks for.",
    )
    assert said(food(), (("ward", 1),)) == ("Figures are not broken down by ward, as the agreement allows.",)


def test_coarser_figures_are_counted_as_the_rung_says(workspace: Workspace, group: dict[str, int]) -> None:
    asked = agreement_of(people(AGES))
    (fine,) = figures.tables(workspace.read, asked, figures.period("2018-Q1"))
    (wide,) = figures.tables(workspace.read, coarsened(asked, (("age_band", 1),)), figures.period("2018-Q1"))
    assert wide.cells["total",] == fine.cells["total",]
    assert wide.cells["0-64",].count == fine.cells["0-15",].count + fine.cells["16-64",].count


def test_a_step_is_named_by_its_label_or_its_number_and_nothing_else() -> None:
    asked = agreement_of(people(AGES))
    assert read_coarser(asked, ["age_band=two AGE bands"]) == read_coarser(asked, ["age_band=1"]) == (("age_band", 1),)
    for wrong in ("age_band=3", "age_band", "ward=1", "=1", "age_band=0"):
        with pytest.raises(CisError, match="It has age_band=Two age bands and age_band=Not broken down"):
            read_coarser(asked, [wrong])


def test_rules_about_figures_that_are_gone_go_with_them_and_what_must_be_published_cannot_go() -> None:
    rules = {"profile": "nhs-1to7-round5", "parameters": {"sensitive": [{"by": ["age_band"], "threshold": 20}]}}
    asked = agreement_of(people(AGES), people(), disclosure=rules)
    assert coarsened(asked, (("age_band", 1),)).policy().sensitive == asked.policy().sensitive
    assert not coarsened(asked, (("age_band", 2),)).policy().sensitive
    rules = json.loads(json.dumps(rules).replace("sensitive", "must_publish").replace(', "threshold": 20', ""))
    rules["parameters"]["must_publish"][0]["table"] = "t0"
    asked = agreement_of(people(AGES), people(), disclosure=rules)
    with pytest.raises(CisError, match="must_publish"):
        coarsened(asked, (("age_band", 2),))
