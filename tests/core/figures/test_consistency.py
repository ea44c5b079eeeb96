"""Whatever is written down, the figures agree with themselves and with a count one by one."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cis_desktop import figures
from cis_desktop.disclosure.tables import TOTAL, Table
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.workspace import Workspace

from .conftest import agreement_of

WARDS = [None, "Kilburn", "KILBURN ", "Gospel Oak"]
NEEDS = ["food", "debt", "benefits", "something else"]

person = st.tuples(st.none() | st.integers(0, 2), st.none() | st.integers(1930, 2018), st.sampled_from(WARDS))
contact = st.tuples(
    st.none() | st.integers(0, 5),
    st.none() | st.integers(0, 2),
    st.integers(1, 12),
    st.integers(0, 3) | st.none(),
    st.lists(st.sampled_from(NEEDS), max_size=3, unique=True),
    st.lists(st.tuples(st.sampled_from(["food", "clothing", "odd"]), st.integers(0, 9) | st.none()), max_size=2),
)
worlds = st.tuples(
    st.lists(person, min_size=6, max_size=6), st.lists(contact, max_size=12), st.sets(st.integers(0, 5), max_size=2)
)

BY: list[tuple[str, list[str]]] = [
    ("unique_people", ["ward"]),
    ("unique_people", ["month"]),
    ("unique_people", ["need"]),
    ("unique_people", ["standing", "month"]),
    ("unique_people", ["ward", "adult_child"]),
    ("unique_households", ["ward"]),
    ("unique_households", ["adult_child"]),
    ("unique_households", ["standing"]),
    ("contacts", ["month", "ward"]),
    ("contacts", ["item"]),
    ("contacts", ["need", "month"]),
    ("people_helped", ["adult_child", "month"]),
    ("people_helped", ["need", "adult_child"]),
    ("items", ["item", "month"]),
    ("needs", ["need", "standing"]),
]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds)
def test_totals_and_rows_agree_whatever_is_written_down(tmp_path_factory: Any, world: Any) -> None:
    people, contacts, deleted = world
    folder: Path = tmp_path_factory.mktemp("world")
    with Workspace.open_raw(folder / "workspace", bytes(range(32)), "Ann") as workspace:
        write(workspace, people, contacts, deleted)
        asked = agreement_of(*({"measures": m, "dimensions": [{"by": each} for each in by]} for m, by in BY))
        tables = figures.tables(workspace.read, asked, figures.period("2018"))
        for table in tables:
            rows_agree_with_totals(table)
        cells = {(t.shape.measure, *(d.id for d in t.shape.dimensions)): t.cells for t in tables}
        lived = [c for c in contacts if is_counted(c, deleted)]
        homes = {home_of(c, people, lived) for c in lived} - {0}
        assert cells["unique_people", "ward"][TOTAL,].count == len({c[0] for c in lived if c[0] is not None})
        assert cells["unique_households", "ward"][TOTAL,].count == len(homes)
        assert cells["contacts", "month", "ward"][TOTAL, TOTAL].count == len(lived)
        assert cells["needs", "need", "standing"][TOTAL, TOTAL].count == sum(len(c[4]) for c in lived)
        assert cells["items", "item", "month"][TOTAL, TOTAL].count == sum(n or 0 for c in lived for _, n in c[5])
        by_month: dict[str, set[int]] = defaultdict(set)
        for c in lived:
            if c[0] is not None:
                by_month[f"2018-{c[2]:02d}"].add(c[0])
        found = cells["unique_people", "month"]
        assert {key[0]: cell.count for key, cell in found.items() if cell.count and key != (TOTAL,)} == {
            month: len(who) for month, who in by_month.items()
        }
        for table in tables[::5]:
            whole = tuple(TOTAL for _ in table.shape.dimensions)
            behind = figures.records_behind(workspace.read, asked, table.shape.id, whole, figures.period("2018"))
            assert len(behind) == table.cells[whole].persons


def write(workspace: Workspace, people: Any, contacts: Any, deleted: set[int]) -> None:
    with workspace.change("Wrote a world down") as change:
        load_code_lists(change)
        for at in range(3):
            change.insert("households", reference=f"H-{at}")
        for at, (home, born, ward) in enumerate(people):
            household = None if home is None else home + 1
            change.insert("people", reference=f"P-{at}", household_id=household, birth_year=born, ward=ward)
        for who, home, month, helped, needs, things in contacts:
            row = change.insert(
                "contacts",
                person_id=None if who is None else who + 1,
                household_id=None if home is None else home + 1,
                on_date=f"2018-{month:02d}-15",
                helped=helped,
                adults=None if helped is None else helped // 2,
            )
            for need in needs:
                change.insert("needs", contact_id=row, need=need)
            for item, number in things:
                change.insert("given", contact_id=row, item=item, quantity=number)
    with workspace.change("Deleted some people") as change:
        for at in deleted:
            change.delete("people", at + 1)


def is_counted(contact: Any, deleted: set[int]) -> bool:
    return contact[0] is None or contact[0] not in deleted


def home_of(contact: Any, people: Any, lived: list[Any]) -> int:
    """A person's household; one that a contact of theirs was written under; or else a home of their own."""
    who, home = contact[0], contact[1]
    if who is None:
        return 0 if home is None else home + 1
    if people[who][0] is not None:
        return people[who][0] + 1
    return max((c[1] + 1 for c in lived if c[0] == who and c[1] is not None), default=-who - 1)


def rows_agree_with_totals(table: Table) -> None:
    for at, dimension in enumerate(table.shape.dimensions):
        top = [category.key for category in dimension.categories if category.parent is None]
        for key, cell in table.cells.items():
            if key[at] != TOTAL:
                continue
            rows = [table.cells[*key[:at], each, *key[at + 1 :]] for each in top]
            total = sum(row.count for row in rows)
            if dimension.adds_up:
                assert total == cell.count, (table.shape.id, key)
            else:
                assert max((row.count for row in rows), default=0) <= cell.count <= total, (table.shape.id, key)
            assert all(row.persons <= cell.persons and row.households <= cell.households for row in rows)
            assert sum(row.persons for row in rows) >= cell.persons
