"""The quarters of 2017 and 2018 of a real charity, against a count of the same file by pandas and nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas
import pytest

from cis_desktop import figures
from cis_desktop.agreements import library
from cis_desktop.disclosure.tables import Table
from cis_desktop.intake.commit import commit
from cis_desktop.intake.draft import draft
from cis_desktop.intake.guessing import guess
from cis_desktop.intake.reading import read
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.workspace import Workspace

QUARTERS = [f"{year}-Q{quarter}" for year in (2017, 2018) for quarter in (1, 2, 3, 4)]


@pytest.fixture(scope="module")
def charity(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The real list imported the way its reader guesses it."""
    folder = tmp_path_factory.mktemp("charity")
    with Workspace.open_raw(folder / "workspace", bytes(range(32)), "Ann") as workspace:
        with workspace.change("Set up") as change:
            load_code_lists(change)
        sheet = read(real_data / "charity" / "services.tsv")
        commit(workspace, draft(sheet, guess(sheet).mapping))
        yield workspace


@pytest.fixture(scope="module")
def services(real_data: Path) -> pandas.DataFrame:
    """The file as pandas reads it, with a date and whole numbers; what is blank is nought."""
    frame = pandas.read_csv(real_data / "charity" / "services.tsv", sep="\t", dtype=str, encoding="latin-1")
    found = pandas.DataFrame({"client": frame["Client File Number"].str.strip()})
    found["date"] = pandas.to_datetime(frame["Date"], format="%m/%d/%Y", errors="coerce")
    for name, column in {
        "helped": "Food Provided for",
        "pounds": "Food Pounds",
        "clothing": "Clothing Items",
        "nappies": "Diapers",
        "school": "School Kits",
        "hygiene": "Hygiene Kits",
        "tickets": "Bus Tickets (Number of)",
    }.items():
        found[f"{name}_known"] = pandas.to_numeric(frame[column], errors="coerce").notna()
        found[name] = pandas.to_numeric(frame[column], errors="coerce").fillna(0).astype(int)
    found["pence"] = (
        (pandas.to_numeric(frame["Financial Support"], errors="coerce").fillna(0) * 100).round().astype(int)
    )
    # The import sends back what is implausible: dates, and one entry of 450,121 pounds of food.
    plausible = (found["date"] >= "1990-01-01") & (found["date"] < "2026-01-01") & (found["pounds"] <= 100_000)
    return found[plausible]


def tables_of(charity: Workspace, period: str) -> dict[str, Table]:
    (food,) = [each for each in library() if each.key == "food-support-quarterly-return"]
    return {t.shape.id: t for t in figures.tables(charity.read, food, figures.period(period))}


def quarter_of(services: pandas.DataFrame, period: str) -> pandas.DataFrame:
    return services[services["date"].dt.to_period("Q").astype(str) == period.replace("-", "")]


def counts(table: Table) -> dict[str, int]:
    return {key[0]: cell.count for key, cell in table.cells.items() if cell.count}


@pytest.mark.parametrize("period", QUARTERS)
def test_headline_figures_of_a_real_quarter(charity: Workspace, services: pandas.DataFrame, period: str) -> None:
    tables, quarter = tables_of(charity, period), quarter_of(services, period)
    people = quarter["client"].nunique()
    # A contact that does not say how many it was for was for one.
    helped = quarter["helped"].where(quarter["helped_known"], 1)
    kilograms = round(quarter["pounds"].sum() * 0.45359237)
    expected: dict[str, Any] = {
        "headline-unique-people": (people, people),
        "headline-unique-households": (people, people),
        "headline-money": (quarter["pence"].sum(), quarter.loc[quarter["pence"] > 0, "client"].nunique()),
        "headline-parcels": (0, 0),
        "activity-contacts": (len(quarter), people),
        "activity-people-helped": (helped.sum(), people),
    }
    found = {name: (tables[name].cells[()].count, tables[name].cells[()].persons) for name in expected}
    assert found == expected
    weight = tables["activity-weight"].cells[()]
    assert weight.count == kilograms
    # Whoever got less than a whole one may be behind none of them.
    pounds = quarter.groupby("client")["pounds"].sum()
    assert (pounds >= 3).sum() <= weight.persons <= (pounds > 0).sum()


@pytest.mark.parametrize("period", QUARTERS)
def test_new_and_returning_people_of_a_real_quarter(
    charity: Workspace, services: pandas.DataFrame, period: str
) -> None:
    quarter = quarter_of(services, period)
    before = set(services.loc[services["date"] < quarter["date"].dt.to_period("Q").dt.start_time.min(), "client"])
    clients = set(quarter["client"])
    new, returning = len(clients - before), len(clients & before)
    expected = {"total": new + returning, "new": new, "returning": returning}
    assert counts(tables_of(charity, period)["new-returning"]) == expected


@pytest.mark.parametrize("period", QUARTERS)
def test_months_and_kinds_of_help_of_a_real_quarter(
    charity: Workspace, services: pandas.DataFrame, period: str
) -> None:
    tables, quarter = tables_of(charity, period), quarter_of(services, period)
    months = quarter.groupby(quarter["date"].dt.to_period("M").astype(str))
    assert counts(tables["months-contacts"]) == {"total": len(quarter), **months.size().to_dict()}
    assert counts(tables["months-unique-people"]) == {
        "total": quarter["client"].nunique(),
        **months["client"].nunique().to_dict(),
    }
    given = {
        "clothing": quarter["clothing"],
        "hygiene_d41edd": quarter["nappies"] + quarter["hygiene"],
        "school_be1044": quarter["school"],
        "travel": quarter["tickets"],
    }
    things = {kind: int(number.sum()) for kind, number in given.items() if number.sum()}
    assert counts(tables["items-items"]) == {"total": sum(things.values()), **things}
    helped_with = {kind: quarter.loc[number > 0, "client"].nunique() for kind, number in given.items()}
    helped_with["food_e0cf0f"] = quarter.loc[quarter["pounds"] > 0, "client"].nunique()
    found = counts(tables["items-unique-people"])
    assert {kind: found.get(kind, 0) for kind in helped_with} == helped_with


def test_the_first_quarter_of_2018_is_what_a_line_of_awk_counts(charity: Workspace) -> None:
    """So that a fault both counts share would be seen: rows dated January to March 2018, and their client numbers."""
    cells = tables_of(charity, "2018-Q1")
    assert [cells[name].cells[()].count for name in ("headline-unique-people", "activity-contacts")] == [959, 1522]


def test_what_nobody_asked_is_in_a_row_of_its_own(charity: Workspace) -> None:
    tables = tables_of(charity, "2018-Q1")
    assert counts(tables["ethnic-groups"]) == {"total": 959, "not_asked": 959}
    assert counts(tables["wards-unique-people"]) == counts(tables["ages"]) == {"total": 959, "unknown": 959}
