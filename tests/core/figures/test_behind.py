"""The records behind a figure."""

from __future__ import annotations

import pytest

from cis_desktop import figures
from cis_desktop.agreements import Agreement
from cis_desktop.errors import CisError
from cis_desktop.workspace import Workspace

from .conftest import agreement_of

pytestmark = pytest.mark.usefixtures("group")


def behind(workspace: Workspace, asked: Agreement, key: tuple[str, ...]) -> list[tuple[str, str, str]]:
    found = figures.records_behind(workspace.read, asked, "t0", key, figures.period("2018-Q1"))
    return [(each.kind, each.reference, each.label) for each in found]


def test_a_figure_opens_the_people_and_households_it_counts(workspace: Workspace) -> None:
    asked = agreement_of({"measures": "contacts", "dimensions": [{"by": "month"}]})
    assert behind(workspace, asked, ("2018-02",)) == [
        ("household", "H-2", "The Joneses"),
        ("contact", "", "Contacts with nobody named"),
        ("person", "P-1", "Ann Smith"),
    ]
    assert behind(workspace, asked, ("2018-01",)) == [("person", "P-1", "Ann Smith")]


def test_a_broader_row_opens_everyone_below_it(workspace: Workspace) -> None:
    asked = agreement_of({"measures": "unique_people", "dimensions": [{"by": "ethnic_group"}]})
    assert behind(workspace, asked, ("white",)) == behind(workspace, asked, ("roma",)) != []


def test_a_head_count_opens_its_sessions_and_a_theme_its_observations(workspace: Workspace) -> None:
    heads = agreement_of({"measures": "head_count", "dimensions": [{"by": "adult_child"}]})
    assert behind(workspace, heads, ("child",)) == [("session", "S-1", "9 Jan 2018")]
    noticed = agreement_of({"measures": "observations", "dimensions": [{"by": "theme"}]})
    assert behind(workspace, noticed, ("housing",)) == [("observation", "N-1", "20 Jan 2018: Black mould in the hall.")]
    assert behind(workspace, noticed, ("unknown",)) == [("observation", "N-2", "Mar 2018: Fewer buses.")]


def test_as_many_records_are_behind_a_cell_as_it_says(workspace: Workspace) -> None:
    asked = agreement_of({"measures": "unique_people", "dimensions": [{"by": "need"}]})
    (table,) = figures.tables(workspace.read, asked, figures.period("2018-Q1"))
    for key, cell in table.cells.items():
        assert len(behind(workspace, asked, key)) == cell.persons


def test_a_figure_that_does_not_exist_is_refused(workspace: Workspace) -> None:
    asked = agreement_of({"measures": "contacts", "dimensions": [{"by": "month"}]})
    for table, key in (("t0", ("2019-01",)), ("t0", ()), ("nothing", ("2018-01",))):
        with pytest.raises(CisError) as caught:
            figures.records_behind(workspace.read, asked, table, key, figures.period("2018-Q1"))
        assert caught.value.code == "no_such_figure"
