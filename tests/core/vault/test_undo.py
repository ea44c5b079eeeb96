"""Undo is a new change that puts back what one change did, and leaves what was built on it since."""

from __future__ import annotations

import pytest

from cis_desktop.errors import CisError
from cis_desktop.vault.undo import Kept
from cis_desktop.workspace import Workspace

from .conftest import add_person


def standing(workspace: Workspace, table: str) -> set[int]:
    return {row for (row,) in workspace.read.execute(f"select id from {table} where gone = 0")}


def import_people(workspace: Workspace, count: int) -> tuple[str, range, range]:
    """Import people with a visit and something given each; give the set and both runs of ids."""
    with workspace.change("Imported people.csv") as change:
        references = change.next_references("P", count)
        people = change.insert_many("people", ("reference", "given_name"), [(r, f"N{r}") for r in references])
        visits = change.insert_many("contacts", ("person_id", "on_date"), [(p, "2018-03-01") for p in people])
        change.insert_many("given", ("contact_id", "item"), [(v, "parcel") for v in visits])
    assert change.id is not None
    return change.id, people, visits


def test_an_edit_is_put_back_and_only_that_edit(workspace: Workspace) -> None:
    person = add_person(workspace)
    with workspace.change("Mended a name") as change:
        change.update("people", person, given_name="Zeynep", phone="0161 496 0000")
    with workspace.change("Mended a phone") as later:
        later.update("people", person, phone="0161 496 0999")
    undone = workspace.undo(str(change.id))
    assert workspace.read.execute("select given_name, phone from people").fetchall() == [("Zehra", "0161 496 0999")]
    assert undone.kept == (Kept("people", person),)
    assert workspace.problems() == []


def test_an_edited_reference_is_put_back(workspace: Workspace) -> None:
    with workspace.change("Two households") as change:
        first = change.insert("households", reference="H-1")
        second = change.insert("households", reference="H-2")
        person = change.insert("people", reference="P-1", household_id=first)
    with workspace.change("Moved house") as change:
        change.update("people", person, household_id=second)
    workspace.undo(str(change.id))
    assert workspace.read.execute("select household_id from people").fetchone() == (first,)


def test_an_import_goes_all_but_what_somebody_has_worked_on_since(workspace: Workspace) -> None:
    before = add_person(workspace)
    imported, people, visits = import_people(workspace, 700)
    with workspace.change("Mended a name") as change:
        change.update("people", people[3], given_name="Mended")
    with workspace.change("Added a visit") as change:
        change.insert("contacts", person_id=people[10], on_date="2018-04-01")
    with workspace.change("Noted a visit") as change:
        change.update("contacts", visits[20], note="brought a friend")
    undone = workspace.undo(imported)
    assert {(k.table, k.row) for k in undone.kept if k.table == "people"} == {
        ("people", people[3]), ("people", people[10]), ("people", people[20]),
    }  # fmt: skip
    assert standing(workspace, "people") == {before, people[3], people[10], people[20]}
    # What belongs to a kept row stays with it, and nothing that stays points at a row that went.
    assert visits[20] in standing(workspace, "contacts")
    for table, column, target in (("contacts", "person_id", "people"), ("given", "contact_id", "contacts")):
        assert workspace.read.execute(
            f"select count(*) from {table} t join {target} x on x.id = t.{column} where t.gone = 0 and x.gone = 1"
        ).fetchone() == (0,)
    assert undone.change_set is not None
    assert workspace.problems() == []


def test_an_import_nobody_touched_goes_whole_and_undoing_the_undo_brings_it_back(workspace: Workspace) -> None:
    imported, people, visits = import_people(workspace, 700)
    undone = workspace.undo(imported)
    assert undone.kept == ()
    assert standing(workspace, "people") == standing(workspace, "contacts") == standing(workspace, "given") == set()
    again = workspace.undo(str(undone.change_set))
    assert again.kept == ()
    assert standing(workspace, "people") == set(people)
    assert standing(workspace, "contacts") == set(visits)
    assert len(standing(workspace, "given")) == 700
    assert [one.words for one in workspace.change_sets()] == ["Undid a change", "Undid a change", "Imported people.csv"]
    assert workspace.problems() == []


def test_undoing_twice_does_nothing_the_second_time(workspace: Workspace) -> None:
    imported, _, _ = import_people(workspace, 5)
    workspace.undo(imported)
    second = workspace.undo(imported)
    assert (second.change_set, standing(workspace, "people")) == (None, set())
    assert workspace.problems() == []


def test_a_deleted_row_comes_back(workspace: Workspace) -> None:
    person = add_person(workspace)
    with workspace.change("Removed a person") as change:
        change.delete("people", person)
    assert standing(workspace, "people") == set()
    workspace.undo(str(change.id))
    assert standing(workspace, "people") == {person}


def test_a_visit_that_was_told_whose_it_is_stays_theirs(workspace: Workspace) -> None:
    person = add_person(workspace)
    with workspace.change("A visit by someone") as change:
        visit = change.insert("contacts", on_date="2018-01-02")
    with workspace.change("It was Zehra") as change:
        change.update("contacts", visit, person_id=person)
    assert workspace.undo(str(change.id)).kept == (Kept("contacts", visit),)
    assert workspace.read.execute("select person_id from contacts").fetchone() == (person,)


@pytest.mark.parametrize("ref", ["", "nonsense", "abc:1", "00000000:1", ":1", "ffffffff:99999999999999999999"])
def test_a_change_that_is_not_there_is_refused(workspace: Workspace, ref: str) -> None:
    add_person(workspace)
    with pytest.raises(CisError) as refused:
        workspace.undo(ref)
    assert refused.value.code == "no_such_change"
    assert len(workspace.change_sets()) == 1


def test_an_erasure_cannot_be_undone(workspace: Workspace) -> None:
    person = add_person(workspace)
    erasure = workspace.erase("Erased a person", [("people", person)])
    with pytest.raises(CisError) as refused:
        workspace.undo(str(erasure.id))
    assert refused.value.code == "cannot_undo_erasure"
