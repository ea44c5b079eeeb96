"""A quarterly return of a very busy centre, beside DuckDB with the same rows in memory, unencrypted."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from cis_desktop import figures
from cis_desktop.agreements import Agreement, library
from cis_desktop.disclosure.tables import TOTAL
from cis_desktop.records.code_lists import load_code_lists, shipped
from cis_desktop.workspace import Workspace

PEOPLE, CONTACTS, SESSIONS, OBSERVATIONS = 100_000, 1_000_000, 2_000, 50_000
FIRST, DAYS = date(2025, 1, 1), 730
QUARTER, BOTH_YEARS = "2026-Q2", "2025-01-01..2026-12-31"

Rows = dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]


def busy_rows(seed: int) -> Rows:
    """Make the rows of two years at a centre with 100,000 people: contacts in the order of their days."""
    draw = random.Random(seed)
    wards = [f"E0500{n}" for n in range(9600, 9620)]
    groups = [code.key for code in shipped()["ethnic_group", 1].codes if code.broader]
    needs = [code.key for code in shipped()["need", 1].codes]
    items = ["food", "clothing", "hygiene", "nappies", "school", "travel", "furniture"]
    homes = PEOPLE * 2 // 5
    days = [(FIRST + timedelta(days=n)).isoformat() for n in range(DAYS)]
    when = sorted(draw.randrange(DAYS) for _ in range(CONTACTS))
    given: list[tuple[Any, ...]] = []
    for contact in range(1, CONTACTS + 1):
        at = draw.random()
        if at < 0.5:
            given.append((contact, "food_parcel", 1, None, None, 3))
        elif at < 0.7:
            given.append((contact, draw.choice(items), draw.randint(1, 9), "item", None, None))
        elif at < 0.8:
            given.append((contact, "food", draw.randint(2, 30), "kg", None, None))
        elif at < 0.83:
            given.append((contact, "money", None, None, draw.randint(500, 9000), None))
    return {
        "households": (
            ("reference", "ward"),
            [(f"H-{n}", draw.choice(wards) if draw.random() < 0.9 else None) for n in range(homes)],
        ),
        "people": (
            ("reference", "household_id", "birth_year"),
            [
                (f"P-{n}", draw.randint(1, homes), draw.randint(1940, 2025) if draw.random() < 0.8 else None)
                for n in range(PEOPLE)
            ],
        ),
        "described_values": (
            ("person_id", "trait", "value", "status"),
            [(n, "ethnic_group", draw.choice(groups), "answered") for n in range(1, PEOPLE + 1) if draw.random() < 0.7],
        ),
        "contacts": (
            ("person_id", "on_date", "kind", "adults", "children"),
            [
                (draw.randint(1, PEOPLE), days[day], "visit", draw.randint(1, 2), draw.randint(0, 3))
                for day in when
            ],
        ),
        "given": (("contact_id", "item", "quantity", "unit", "pence", "parcel_days"), given),
        "needs": (
            ("contact_id", "need"),
            [(n, draw.choice(needs)) for n in range(1, CONTACTS + 1) if draw.random() < 0.3],
        ),
        "sessions": (
            ("reference", "on_date", "adults", "children"),
            [(f"S-{n}", draw.choice(days), draw.randint(0, 40), draw.randint(0, 20)) for n in range(SESSIONS)],
        ),
        "observations": (
            ("reference", "noticed_on", "words"),
            [(f"N-{n}", draw.choice(days), "More people than last week.") for n in range(OBSERVATIONS)],
        ),
        "observation_themes": (
            ("observation_id", "theme_id"),
            [(n, draw.randint(1, len(shipped()["theme", 1].codes))) for n in range(1, OBSERVATIONS + 1)],
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> Rows:
    return busy_rows(7)


@pytest.fixture(scope="module")
def busy(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """An encrypted vault on disk, every row written through one change."""
    with Workspace.open_raw(tmp_path_factory.mktemp("busy") / "workspace", bytes(range(32)), "Ann") as workspace:
        with workspace.change("Set up") as change:
            load_code_lists(change)
        with workspace.change("Brought in two years") as change:
            for table, (columns, values) in rows.items():
                # Binding `None` is slow in the database's Python module; an empty text stands for it.
                marks = ", ".join("nullif(?, '')" for _ in columns)
                change.connection.executemany(
                    f"insert into {table} ({', '.join(columns)}) values ({marks})",
                    (tuple("" if value is None else value for value in row) for row in values),
                )
        yield workspace


@pytest.fixture(scope="module")
def duck(rows: Rows) -> duckdb.DuckDBPyConnection:
    """The same rows in DuckDB's memory, with codes put into their groups beforehand."""
    import pandas

    connection = duckdb.connect(":memory:")
    for table, (columns, values) in rows.items():
        frame = pandas.DataFrame(values, columns=list(columns))
        frame.insert(0, "id", range(1, len(frame) + 1))
        for column in frame.columns.intersection(["quantity", "pence", "parcel_days", "birth_year"]):
            frame[column] = frame[column].astype("Int64")
        connection.register("frame", frame)
        days = [column for column in ("on_date", "noticed_on") if column in columns]
        typed = "".join(f" replace (cast({day} as date) as {day})" for day in days)
        connection.execute(f"create table {table} as select *{typed} from frame")
        connection.unregister("frame")
    themes = [(n, c.key, c.broader or c.key) for n, c in enumerate(shipped()["theme", 1].codes, 1)]
    for name, lead in {**leads(), "theme": [(n, broad) for n, _, broad in themes]}.items():
        connection.execute(f"create table lead_{name} (raw {'int' if name == 'theme' else 'text'}, place text)")
        connection.executemany(f"insert into lead_{name} values (?, ?)", lead)
    return connection


def leads() -> dict[str, list[tuple[Any, str]]]:
    """Give, for each list that the return breaks down by, the group of the agreement that each code belongs to."""
    found: dict[str, list[tuple[Any, str]]] = {
        "ethnic": [(c.key, c.broader) for c in shipped()["ethnic_group", 1].codes if c.broader]
    }
    for table in food_return().tables:
        for dimension in table.dimensions:
            if dimension.by in ("need", "item"):
                groups = {code: group.label for group in dimension.groups for code in group.includes}
                codes = shipped()[dimension.by, 1].codes
                found[dimension.by] = [(c.key, groups.get(c.key, "All others")) for c in codes]
    return found


def food_return() -> Agreement:
    return next(each for each in library() if each.key == "food-support-quarterly-return")


def ask_duck(connection: duckdb.DuckDBPyConnection, period: figures.Period) -> dict[str, dict[str, tuple[int, ...]]]:
    """Count the same tables the way an analyst would: one query per table, with a total, people and households."""
    first, last = period.first.isoformat(), period.last.isoformat()
    year = period.last.year
    seen = (
        "select c.*, p.household_id home, h.ward, p.birth_year from contacts c join people p on p.id = c.person_id"
        f" left join households h on h.id = p.household_id where c.on_date between '{first}' and '{last}'"
    )
    gifts = (
        f"select s.*, g.item, g.quantity, g.unit, g.pence, g.parcel_days from ({seen}) s"
        " join given g on g.contact_id = s.id"
    )
    parcels = f"select * from ({gifts}) where item = 'food_parcel'"
    people, homes = "count(distinct person_id)", "count(distinct home)"
    standing = (
        "select s.*, case when exists (select 1 from contacts b where b.person_id = s.person_id"
        f" and b.on_date < '{first}') then 'Returning' else 'New' end place from ({seen}) s"
    )
    age = (
        f"case when birth_year is null then 'Not known' when {year} - birth_year <= 15 then '0 to 15'"
        f" when {year} - birth_year <= 24 then '16 to 24' when {year} - birth_year <= 44 then '25 to 44'"
        f" when {year} - birth_year <= 64 then '45 to 64' else '65 and over' end"
    )
    ethnic = (
        "select s.*, coalesce(l.place, 'not_asked') place from"
        f" ({seen}) s left join described_values d on d.person_id = s.person_id"
        " left join lead_ethnic l on l.raw = d.value"
    )
    need = (
        f"select s.*, coalesce(l.place, 'Not written down') place from ({seen}) s"
        " left join needs n on n.contact_id = s.id left join lead_need l on l.raw = n.need"
    )
    thing = (
        f"select s.*, g.quantity, g.unit, coalesce(l.place, 'Not written down') place from ({seen}) s"
        " left join given g on g.contact_id = s.id left join lead_item l on l.raw = g.item"
    )
    things = f"select * from ({thing}) where quantity is not null and (unit is null or unit <> 'kg')"
    sessions = f"select *, adults + children heads from sessions where on_date between '{first}' and '{last}'"
    noticed = (
        "select o.*, l.place from observations o join observation_themes t on t.observation_id = o.id"
        f" join lead_theme l on l.raw = t.theme_id where noticed_on between '{first}' and '{last}'"
    )
    month = "strftime(on_date, '%Y-%m')"
    behind = f"{people}, {homes}"
    heads = "coalesce(sum(heads), 0), coalesce(sum(heads), 0)"
    asked = {
        "headline-unique-people": (None, people, seen, behind),
        "headline-unique-households": (None, homes, seen, behind),
        "headline-parcels": (None, "sum(quantity)", parcels, behind),
        "headline-money": (None, "sum(pence)", f"select * from ({gifts}) where pence > 0", behind),
        "activity-contacts": (None, "count(*)", seen, behind),
        "activity-people-helped": (None, "sum(adults + children)", seen, behind),
        "activity-parcel-days": (None, "sum(quantity * parcel_days)", parcels, behind),
        "activity-weight": (None, "sum(quantity)", f"select * from ({gifts}) where unit = 'kg'", behind),
        "new-returning": ("place", people, standing, behind),
        "months-contacts": (month, "count(*)", seen, behind),
        "months-unique-people": (month, people, seen, behind),
        "months-parcels": (month, "sum(quantity)", parcels, behind),
        "wards-unique-people": ("coalesce(ward, 'unknown')", people, seen, behind),
        "wards-unique-households": ("coalesce(ward, 'unknown')", homes, seen, behind),
        "ages": (age, people, seen, behind),
        "ethnic-groups": ("place", people, ethnic, behind),
        "needs": ("place", people, need, behind),
        "items-items": ("place", "sum(quantity)", things, behind),
        "items-unique-people": ("place", people, thing, behind),
        "sessions-sessions": (month, "count(*)", sessions, heads),
        "sessions-head-count": (month, "sum(heads)", sessions, heads),
        "head-count": (None, "sum(heads)", sessions, heads),
        "noticed": ("place", "count(distinct id)", noticed, "count(distinct id), count(distinct id)"),
    }
    found = {}
    for name, (place, count, source, counted) in asked.items():
        sets = f" group by grouping sets (({place}), ())" if place else ""
        sql = f"select {place or 'null'}, {count}, {counted} from ({source}){sets}"
        found[name] = {row[0] or TOTAL: tuple(int(v) for v in row[1:]) for row in connection.execute(sql).fetchall()}
    return found


def same(tables: tuple[figures.Table, ...], duck: dict[str, dict[str, tuple[int, ...]]]) -> None:
    """Assert that both counted alike: every cell that anyone stands behind, by its key or its label."""
    for table in tables:
        if table.shape.id == "head-count":
            continue
        theirs = duck[table.shape.id]
        ours = {}
        for key, cell in table.cells.items():
            if cell.persons:
                place = key[0] if key else TOTAL
                label = table.shape.label(key)
                ours[label if label in theirs else place] = (cell.count, cell.persons, cell.households)
        assert ours == {place: values for place, values in theirs.items() if values[1]}, table.shape.id


@pytest.mark.parametrize("asked", [QUARTER, BOTH_YEARS], ids=["a quarter", "two years"])
def test_tabulating_twelve_tables(compare: Any, busy: Workspace, duck: duckdb.DuckDBPyConnection, asked: str) -> None:
    agreement, period = food_return(), figures.period(asked)
    same(figures.tables(busy.read, agreement, period), ask_duck(duck, period))
    compare(
        f"12 tables of {period.label}, 200x, beside DuckDB",
        lambda: figures.tables(busy.read, agreement, period),
        lambda: ask_duck(duck, period),
        goal=3,
        rounds=3,
    )


@pytest.mark.parametrize("asked", [QUARTER, BOTH_YEARS], ids=["a quarter", "two years"])
def test_tabulating_beside_loading_into_pandas(compare: Any, busy: Workspace, asked: str) -> None:
    """pandas only loads the tables here: its counting would come on top."""
    import pandas

    agreement, period = food_return(), figures.period(asked)

    def load() -> None:
        for sql in (
            "select id, person_id, household_id, on_date, adults, children from contacts where gone = 0",
            "select id, household_id, birth_year, ward from people where gone = 0",
            "select contact_id, item, quantity, unit, pence, parcel_days from given where gone = 0",
            "select contact_id, need from needs where gone = 0",
        ):
            cursor = busy.read.execute(sql)
            pandas.DataFrame(cursor.fetchall(), columns=[column[0] for column in cursor.description])

    compare(
        f"12 tables of {period.label}, 200x, beside loading into pandas",
        lambda: figures.tables(busy.read, agreement, period),
        load,
        goal=1,
        rounds=3,
    )
