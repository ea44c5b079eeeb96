"""A small group's record, written by hand so that every figure can be counted by looking."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cis_desktop import figures
from cis_desktop.agreements import Agreement, read
from cis_desktop.disclosure.tables import Table
from cis_desktop.paths import resources
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.workspace import Workspace


def agreement_of(*tables: dict[str, Any], **changes: Any) -> Agreement:
    """An agreement that asks for these tables; `id` and `title` may be left out."""
    source = resources() / "agreements" / "small-group-return.cis-agreement"
    found = json.loads(source.read_text(encoding="utf-8"))
    found["tables"] = [
        {"id": f"t{at}", "title": f"Table {at}", **table, "measures": [{"measure": table["measures"]}]}
        if isinstance(table["measures"], str)
        else {"id": f"t{at}", "title": f"Table {at}", **table}
        for at, table in enumerate(tables)
    ]
    return read(json.dumps({**found, **changes}).encode())


def shown(table: Table) -> dict[str, tuple[int, int, int]]:
    """The cells of a table of one dimension that anyone stands behind: count, persons, households by key."""
    return {
        "+".join(key) or "total": (cell.count, cell.persons, cell.households)
        for key, cell in table.cells.items()
        if cell.count or cell.persons
    }


Count = Callable[..., dict[str, tuple[int, int, int]]]


@pytest.fixture
def count(workspace: Workspace) -> Count:
    """Count one measure by some dimensions in a period, and give the cells that are not empty."""

    def counted(measure: str, *by: Any, period: str = "2018-Q1", **changes: Any) -> dict[str, tuple[int, int, int]]:
        dimensions = [each if isinstance(each, dict) else {"by": each} for each in by]
        table: dict[str, Any] = {"measures": [{"measure": measure, **changes.pop("counted", {})}]}
        table |= {"dimensions": dimensions, "filters": changes.pop("filters", [])}
        asked = agreement_of(table, **changes)
        (found,) = figures.tables(workspace.read, asked, figures.period(period))
        return shown(found)

    return counted


@pytest.fixture
def group(workspace: Workspace) -> dict[str, int]:
    """Five people, two of them gone from the record, in two households; the first quarter of 2018.

    Ann (37) and her child Bo (2) live in Kilburn; Cy (67) lives alone, without a household written down, in Gospel
    Oak. Dee was deleted. A household of nobody by name and one nameless visitor came too.
    """
    with workspace.change("Set up") as change:
        load_code_lists(change)
        insert = change.insert
        insert("areas", kind="ward", code="E05013661", name="Kilburn")
        smith = insert("households", reference="H-1", ward="Kilburn", tenure="rents_council")
        other = insert("households", reference="H-2", label="The Joneses")
        ann = insert(
            "people", reference="P-1", given_name="Ann", family_name="Smith", household_id=smith, birth_year=1981
        )
        bo = insert("people", reference="P-2", initials="B", household_id=smith, birth_year=2016, ward="E05013661")
        cy = insert("people", reference="P-3", birth_year=1951, ward="Gospel Oak")
        dee = insert("people", reference="P-4", birth_year=1990, household_id=smith)
        for person, trait, value, status in (
            (ann, "ethnic_group", "roma", "answered"),
            (bo, "ethnic_group", None, "prefer_not"),
            (ann, "sex", "Female", "answered"),
            (cy, "sex", None, "not_asked"),
            (cy, "disability", "something else", "answered"),
        ):
            insert("described_values", person_id=person, trait=trait, value=value, status=status)
        case = insert("cases", reference="C-1", person_id=cy)
        insert("needs", case_id=case, need="housing", main=1)
        first = insert("contacts", person_id=ann, on_date="2018-01-05", kind="visit", adults=2, children=1)
        insert("contacts", person_id=ann, on_date="2018-02-10", kind="call", helped=5)
        bos = insert("contacts", person_id=bo, on_date="2018-03-31", kind="visit")
        insert("contacts", person_id=cy, on_date="2018-03-01", kind="visit", case_id=case)
        insert("contacts", household_id=other, on_date="2018-02-01", kind="delivery", adults=2, children=2, helped=6)
        insert("contacts", on_date="2018-02-14", kind="visit")
        insert("contacts", person_id=dee, on_date="2018-02-14", kind="visit")
        deleted = insert("contacts", person_id=cy, on_date="2018-01-01", kind="visit")
        insert("contacts", person_id=cy, on_date="2017-10-20", kind="visit")
        insert("contacts", person_id=ann, on_date="2018-04-01", kind="visit")
        insert("needs", contact_id=first, need="food")
        insert("needs", contact_id=first, need="Debt")
        insert("needs", contact_id=bos, need="a need of our own")
        insert("given", contact_id=first, item="food_parcel", quantity=2, parcel_days=3)
        insert("given", contact_id=first, item="food", quantity=20, unit="lb", parcel_days=5)
        insert("given", contact_id=first, item="food", quantity=7, unit="kg")
        insert("given", contact_id=first, item="clothing", quantity=4, unit="item")
        insert("given", contact_id=bos, item="clothing", quantity=3)
        insert("given", contact_id=bos, item="nappies")
        insert("given", contact_id=bos, item="money", pence=1250)
        gone = insert("given", contact_id=bos, item="clothing", quantity=100)
        insert("sessions", reference="S-1", on_date="2018-01-09", ward="Kilburn", adults=12, children=5)
        insert("sessions", reference="S-2", on_date="2018-03-09", adults=3)
        insert("sessions", reference="S-3", on_date="2018-03-10")
        themes = dict(change.connection.execute("select key, id from themes").fetchall())
        damp = insert("observations", reference="N-1", noticed_on="2018-01-20", words="Black mould in the hall.")
        insert("observations", reference="N-2", noticed_on="2018-03", words="Fewer buses.", ward="Kilburn")
        insert("observation_themes", observation_id=damp, theme_id=themes["damp_and_repairs"])
        insert("observation_themes", observation_id=damp, theme_id=themes["health"])
        own = insert("themes", key="mould", label="Mould", broader="damp_and_repairs")
        insert("observation_themes", observation_id=damp, theme_id=own)
    with workspace.change("Deleted what was wrong") as change:
        change.delete("people", dee)
        change.delete("contacts", deleted)
        change.delete("given", gone)
    return {"ann": ann, "bo": bo, "cy": cy}
