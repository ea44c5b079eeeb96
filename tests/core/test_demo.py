"""The example is the same each time, adds up, is believable, and says that it is invented."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cis_desktop.demo import populate, write_briefing
from cis_desktop.demo.shape import read_facts
from cis_desktop.health import is_example
from cis_desktop.records.code_lists import shipped
from cis_desktop.records.search import search
from cis_desktop.workspace import Workspace

UNTIL = date(2026, 10, 1)
TABLES = (
    "people", "households", "described_values", "cases", "contacts", "given", "needs", "sessions", "observations",
    "observation_themes", "organisations",
)  # fmt: skip


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open_raw(tmp_path_factory.mktemp("example"), bytes(32), "Ann") as workspace:
        populate(workspace, 500, 1, until=UNTIL)
        yield workspace


def one(workspace: Workspace, query: str) -> int:
    return int(workspace.read.execute(query).fetchone()[0])


def everything(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    connection = workspace.read
    found = {}
    for table in TABLES:
        names = [row[1] for row in connection.execute(f"pragma table_info({table})") if row[1] != "uid"]
        found[table] = connection.execute(f"select {', '.join(names)} from {table} order by id").fetchall()
    return found


def test_it_is_as_large_as_asked(tmp_path: Path) -> None:
    with Workspace.open_raw(tmp_path, bytes(32), "Ann") as workspace:
        made = populate(workspace, 83, 4, contacts=711, observations=31, until=UNTIL)
        counted = [one(workspace, f"select count(*) from {table} where gone = 0") for table in (
            "people", "contacts", "observations", "households", "cases", "sessions", "change_sets",
        ) if table != "change_sets"]  # fmt: skip
        assert counted[:3] == [83, 711, 31]
        assert counted == [
            made.people, made.contacts, made.observations, made.households, made.cases, made.sessions
        ]  # fmt: skip
        assert one(workspace, "select count(*) from change_sets") == made.change_sets


def test_it_is_the_same_for_the_same_seed_and_another_for_another(tmp_path: Path) -> None:
    made = []
    for number, seed in enumerate((1, 1, 2)):
        with Workspace.open_raw(tmp_path / str(number), bytes(32), "Bea") as workspace:
            populate(workspace, 60, seed, until=UNTIL)
            made.append(everything(workspace))
    assert made[0] == made[1]
    assert made[0]["people"] != made[2]["people"]


def test_a_larger_one_is_written_in_several_parts_that_belong_together(tmp_path: Path) -> None:
    with Workspace.open_raw(tmp_path, bytes(32), "Ann") as workspace:
        made = populate(workspace, 2500, 1, contacts=5000, observations=10, until=UNTIL)
        assert made.change_sets == 2 + 2 + 1
        assert one(workspace, "select count(*) from people") == 2500
        assert one(workspace, "select count(distinct reference) from people") == 2500
        assert workspace.read.execute("pragma foreign_key_check").fetchall() == []


def test_whatever_is_filled_with_the_example_is_marked_as_one(example: Workspace, workspace: Workspace) -> None:
    assert is_example(example.read)
    assert not is_example(workspace.read)


def test_every_code_is_on_its_list_and_every_ward_is_in_camden(example: Workspace) -> None:
    wards = {ward["code"] for ward in read_facts("camden.json")["wards"]}
    assert len(wards) == 20
    for table in ("people", "households", "sessions", "observations"):
        used = {row[0] for row in example.read.execute(f"select distinct ward from {table} where ward is not null")}
        assert used <= wards
        assert used
    for name, query in {
        "ethnic_group": "select value from described_values where trait = 'ethnic_group' and value is not null",
        "sex": "select value from described_values where trait = 'sex' and value is not null",
        "disability": "select value from described_values where trait = 'disability' and value is not null",
        "item": "select item from given",
        "need": "select need from needs",
        "contact_kind": "select kind from contacts",
        "tenure": "select tenure from households where tenure is not null",
        "how_came": "select how_came from cases",
        "theme": "select t.key from themes t join observation_themes o on o.theme_id = t.id",
    }.items():
        codes = {code.key for code in shipped()[name, 1].codes}
        assert {row[0] for row in example.read.execute(query)} <= codes, name


def test_visits_belong_to_sessions_of_their_day_and_nothing_happens_after_the_end(example: Workspace) -> None:
    wrong_day = "select count(*) from contacts c join sessions s on s.id = c.session_id where s.on_date <> c.on_date"
    assert one(example, wrong_day) == 0
    assert one(example, "select count(*) from contacts where session_id is not null") > 3500
    for table, field in (("contacts", "on_date"), ("sessions", "on_date"), ("observations", "noticed_on")):
        first, last = example.read.execute(f"select min({field}), max({field}) from {table}").fetchone()
        assert "2024-10" <= first <= "2024-11"
        assert "2026-09" <= last < "2026-10-01"
    assert one(example, "select count(*) from cases where closed < opened") == 0


def test_a_head_count_is_no_less_than_the_people_known_to_have_come(example: Workspace) -> None:
    short = (
        "select count(*) from sessions s where s.adults < (select count(*) from contacts c where c.session_id = s.id)"
    )
    assert one(example, short) == 0
    assert one(example, "select count(*) from sessions where adults is null") > 0


def test_winter_is_busier_than_early_summer_and_christmas_is_closed(example: Workspace) -> None:
    def visits(months: str) -> int:
        return one(example, f"select count(*) from contacts where on_date like '2025-%' and {months}")

    assert visits("substr(on_date, 6, 2) in ('01', '11', '12')") > 1.1 * visits(
        "substr(on_date, 6, 2) in ('04', '05', '06')"
    )
    assert visits("on_date between '2025-12-24' and '2025-12-31'") == 0


def test_some_things_were_not_asked_or_not_answered_and_some_people_have_no_name(example: Workspace) -> None:
    for trait in ("ethnic_group", "sex", "disability"):
        shares = dict(
            example.read.execute(
                "select status, count(*) from described_values where trait = ? group by status", (trait,)
            ).fetchall()
        )
        assert set(shares) == {"answered", "prefer_not", "not_asked"}
        assert sum(shares.values()) < 500
    assert one(example, "select count(*) from people where ward is null") > 10
    assert one(example, "select count(*) from people where birth_year is null") > 10
    assert one(example, "select count(*) from people where given_name is null and family_name is null") > 5


def test_a_few_people_come_often_and_many_seldom(example: Workspace) -> None:
    often = "select count(*) from (select 1 from contacts group by person_id having count(*) {})"
    assert one(example, often.format(">= 20")) > 20
    assert one(example, often.format("<= 5")) > 80


def test_its_telephone_numbers_and_addresses_lead_nowhere(example: Workspace) -> None:
    for (phone,) in example.read.execute("select phone from people where phone is not null"):
        assert re.fullmatch(r"07700 900\d{3}", phone), "the numbers Ofcom keeps for drama"
    for (email,) in example.read.execute("select email from people where email is not null"):
        assert email.endswith("@example.org")


def test_its_people_can_be_searched_for_in_their_own_scripts(example: Workspace) -> None:
    for script in ("[一-鿿]", "[ঀ-৿]", "[A-Z]", "[؀-ۿ]"):
        person, name = example.read.execute(
            "select id, family_name from people where given_name glob ? and family_name is not null limit 1",
            (script + "*",),
        ).fetchone()
        assert person in [hit.id for hit in search(example.read, name, limit=500)]


def test_spans_of_themes_lie_within_the_words(example: Workspace) -> None:
    spans = example.read.execute(
        "select o.words, t.span_start, t.span_end from observation_themes t join observations o"
        " on o.id = t.observation_id where t.span_start is not null"
    ).fetchall()
    assert spans
    assert all(0 <= start < end <= len(words) for words, start, end in spans)


def test_the_wards_are_those_of_the_published_boundaries(real_data: Path) -> None:
    published = json.loads((real_data / "geography/wards_2025_camden.geojson").read_text(encoding="utf-8"))
    facts = {(f["properties"]["WD25CD"], f["properties"]["WD25NM"]) for f in published["features"]}
    assert {(ward["code"], ward["name"]) for ward in read_facts("camden.json")["wards"]} == facts


def test_the_briefing_is_an_ordinary_letter_table_and_map_that_say_they_are_invented(tmp_path: Path) -> None:
    table, letter, plan = write_briefing(tmp_path / "briefing")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    assert {row["note"] for row in rows} == {"invented for the example"}
    assert letter.read_text(encoding="utf-8").startswith("EXAMPLE")
    said = json.loads(plan.read_text(encoding="utf-8"))
    assert "invented, not to scale" in said["title"]
    assert [feature["properties"]["WD25CD"] for feature in said["features"]] == [row["ward_code"] for row in rows]
