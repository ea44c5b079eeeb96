"""Two records of one person are found, answered for, and made one without anything being lost or counted twice."""

from __future__ import annotations

import pytest

from cis_desktop.records import cases, contacts, described, observations, people, sameness
from cis_desktop.records.erasing import rows_of
from cis_desktop.records.joining import join, who_stays
from cis_desktop.vault.tables import read_tables
from cis_desktop.workspace import Workspace


def add(workspace: Workspace, **given: object) -> int:
    with workspace.change("Added a person") as change:
        return people.add(change, **given)


def pairs(workspace: Workspace) -> list[tuple[int, int]]:
    return [(each.first, each.second) for each in sameness.candidates(workspace.read)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"given_name": "Amina", "family_name": "Khan", "birth_year": 1980},
         {"given_name": "amina", "family_name": "KHAN", "birth_year": 1980}),
        ({"given_name": "José", "family_name": "García", "postcode": "NW1 8AB"},
         {"given_name": "Jose", "family_name": "Garcia", "postcode": "NW1 8AB"}),
        ({"given_name": "Mohammed", "family_name": "Ali", "birth_year": 1971},
         {"given_name": "Mohamed", "family_name": "Ali", "birth_year": 1971}),
        ({"given_name": "Mei", "family_name": "Chen", "phone": "020 7946 0000"},
         {"given_name": "Chen", "family_name": "Mei", "phone": "+44 20 7946 0000"}),
        ({"given_name": "Olu", "email": "olu@example.org"}, {"email": "OLU@example.org"}),
    ],
)  # fmt: skip
def test_people_who_look_alike_are_found(workspace: Workspace, one: dict, other: dict) -> None:
    assert pairs(workspace) == []
    ids = add(workspace, **one), add(workspace, **other)
    assert pairs(workspace) == [ids]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # A parent and a child of the same name, a family at one address and phone, and nothing but a common name.
        ({"given_name": "Tom", "family_name": "Hall", "birth_year": 1960, "postcode": "NW1 8AB"},
         {"given_name": "Tom", "family_name": "Hall", "birth_year": 1990, "postcode": "NW1 8AB"}),
        ({"given_name": "Amina", "family_name": "Khan", "phone": "020 7946 0000", "postcode": "NW1 8AB"},
         {"given_name": "Omar", "family_name": "Khan", "phone": "020 7946 0000", "postcode": "NW1 8AB"}),
        ({"given_name": "Ann", "family_name": "Smith"}, {"given_name": "Ann", "family_name": "Smith"}),
        ({}, {}),
    ],
)  # fmt: skip
def test_relations_and_people_of_whom_nothing_is_known_are_not(workspace: Workspace, one: dict, other: dict) -> None:
    add(workspace, **one)
    add(workspace, **other)
    assert pairs(workspace) == []


def twice(workspace: Workspace) -> tuple[int, int]:
    """Write Amina down twice, the second time with a case, visits and more about her."""
    first = add(workspace, given_name="Amina", family_name="Khan", birth_year=1980, own_number="17")
    second = add(
        workspace, given_name="Aminah", family_name="Khan", birth_year=1980, own_number="203", phone="020 7946 0000"
    )
    with workspace.change("Added what happened") as change:
        contacts.add(change, "2026-05-01", [contacts.Given("food_parcel", 1, parcel_days=3)], person_id=first)
        case = cases.open_case(change, "debt", ["housing"], person_id=second, note="Bailiffs", opened="2026-05-02")
        contacts.add(
            change, "2026-05-03", [contacts.Given("travel", pence=450)], ["debt"], 1, person_id=second, case_id=case
        )
        somebody = people.add(change, given_name="Her worker")
        contacts.add(change, "2026-05-04", person_id=somebody, case_id=case, note="Rang the bailiffs")
        observations.add(change, "Bailiffs come at night", "2026-05-05", person_id=second)
        described.describe(change, second, "ethnic_group", "white_british")
    return first, second


def everything(workspace: Workspace) -> list[tuple[object, ...]]:
    """Give every row that is there, but for what only says who it is about."""
    found: list[tuple[object, ...]] = []
    for name, table in read_tables(workspace.read).items():
        fields = ", ".join(table.fields)
        found += [(name, *row) for row in workspace.read.execute(f"select id, {fields} from {name} where gone = 0")]
    return sorted(found, key=repr)


def test_the_same_person_keeps_everything_of_both(workspace: Workspace) -> None:
    first, second = twice(workspace)
    with workspace.change("Joined") as change:
        assert join(change, second, first) == first
    assert [each.on_date for each in contacts.of_person(workspace.read, first)] == ["2026-05-03", "2026-05-01"]
    (case,) = cases.of_person(workspace.read, first)
    assert (case.note, case.opened) == ("Bailiffs", "2026-05-02")
    assert {need.need for need in cases.needs_of(workspace.read, case.id)} == {"debt", "housing"}
    in_case = contacts.of_case(workspace.read, case.id)
    assert [each.note for each in in_case] == ["Rang the bailiffs", None]
    assert in_case[1].given[0].pence == 450
    assert in_case[1].needs == ("debt",)
    (noticed,) = workspace.read.execute(
        "select words from observations where person_id = ? and gone = 0", (first,)
    ).fetchall()
    assert noticed == ("Bailiffs come at night",)
    assert described.of_person(workspace.read, first)["ethnic_group"].value == "white_british"
    kept = people.get(workspace.read, first)
    assert (kept.phone, kept.second_number) == ("020 7946 0000", "203")
    assert kept.note is not None
    assert "Aminah" in kept.note
    assert [each.id for each in people.page(workspace.read) if each.family_name == "Khan"] == [first]


def test_one_person_is_counted_where_two_were_and_no_visit_twice(workspace: Workspace) -> None:
    first, second = twice(workspace)
    visits = "select count(*), count(distinct person_id) from contacts where gone = 0"
    assert workspace.read.execute(visits).fetchone() == (3, 3)
    with workspace.change("Joined") as change:
        join(change, first, second)
    assert workspace.read.execute(visits).fetchone() == (3, 2)


def test_undo_brings_both_back_exactly_and_they_can_be_joined_again(workspace: Workspace) -> None:
    first, second = twice(workspace)
    before = everything(workspace)
    for _ in range(2):
        with workspace.change("Joined") as change:
            join(change, first, second)
        assert len(contacts.of_person(workspace.read, first)) == 2
        assert change.id is not None
        assert not workspace.undo(change.id).kept
        assert everything(workspace) == before


def test_two_laptops_that_join_apart_write_the_same_rows(workspace: Workspace) -> None:
    first, second = twice(workspace)
    assert who_stays(workspace.read, second, first) == who_stays(workspace.read, first, second) == (first, second)
    uids = []
    for pair in ((first, second), (second, first)):
        with workspace.change("Joined") as change:
            join(change, *pair)
        uids.append(workspace.read.execute("select uid from contacts where gone = 0 order by uid").fetchall())
        assert change.id is not None
        workspace.undo(change.id)
    assert uids[0] == uids[1]


def test_an_answer_is_remembered_and_undone(workspace: Workspace) -> None:
    first, second = twice(workspace)
    assert pairs(workspace) == [(first, second)]
    with workspace.change("Two people") as change:
        sameness.answer(change, second, first, "two")
    assert pairs(workspace) == []
    assert change.id is not None
    workspace.undo(change.id)
    assert pairs(workspace) == [(first, second)]


def test_erasing_somebody_erases_the_record_that_was_joined_into_theirs(workspace: Workspace) -> None:
    first, second = twice(workspace)
    third = add(workspace, given_name="Ameena", family_name="Khan", birth_year=1980)
    for other in (second, third):
        with workspace.change("Joined") as change:
            join(change, first, other)
    going, _ = rows_of(workspace.read, "people", first)
    assert {row for table, row in going if table == "people"} == {first, second, third}
    workspace.erase("Erased a person", going)
    left = [*workspace.read.execute("select given_name from people"), *workspace.read.execute("select note from cases")]
    assert left == [("Her worker",)]
    assert workspace.read.execute("select count(*) from contacts").fetchone() == (0,)


def test_whatever_points_at_what_is_carried_over_is_carried_too(workspace: Workspace) -> None:
    """A table that refers to a person, a case or a visit otherwise than by its path would be left behind."""
    tables = read_tables(workspace.read)
    carried, growing = {"people"}, True
    while growing:
        more = {
            name for name, table in tables.items() if any(table.references[column] in carried for column in table.path)
        }
        growing = not more <= carried
        carried |= more
    outside = {
        (name, column)
        for name, table in tables.items()
        for column, target in table.references.items()
        if target in carried and column not in table.path
    }
    assert outside == set()


def test_looking_for_pairs_among_many_people_is_quick(workspace: Workspace) -> None:
    import time

    with workspace.change("Added people") as change:
        for at in range(4000):
            people.add(
                change, given_name=("Amina", "José", "Mei", "Tom")[at % 4] + "abcdefghij"[at % 10],
                family_name=("Khan", "García", "Chen")[at % 3] + "klmnopqrst"[at // 10 % 10], birth_year=1940 + at % 70,
            )  # fmt: skip
    begun = time.thread_time()
    sameness.candidates(workspace.read)
    assert time.thread_time() - begun < 5
