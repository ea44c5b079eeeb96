"""Two laptops that were apart come to one record; what cannot be decided is kept and listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from cis_desktop.errors import CisError
from cis_desktop.vault.merge import Conflict, Merged, conflicts
from cis_desktop.vault.sets import ChangeSet, is_genuine, set_hash
from cis_desktop.workspace import Workspace

from .conftest import add_person

Give = Callable[[Workspace, Workspace], Merged]
Two = tuple[Workspace, Workspace]


def open_conflicts(workspace: Workspace) -> list[Conflict]:
    return conflicts(workspace.read, workspace.vault.tables)


def row_of(workspace: Workspace, name: str) -> int:
    (row,) = workspace.read.execute("select id from people where given_name = ?", (name,)).fetchone()
    return int(row)


def edit(workspace: Workspace, row: int, **values: object) -> None:
    with workspace.change("Edited") as change:
        change.update("people", row, **values)


def shared_person(laptops: Two, give: Give) -> tuple[Workspace, Workspace, int, int]:
    """Give both laptops one person, whose row has another number on each."""
    front, back = laptops
    add_person(back, "Somebody else")
    here = add_person(front)
    assert give(front, back).applied == 1
    there = row_of(back, "Zehra")
    assert here != there
    return front, back, here, there


def test_edits_of_different_fields_both_stand(laptops: Two, give: Give) -> None:
    front, back, here, there = shared_person(laptops, give)
    edit(front, here, given_name="Zeynep")
    edit(back, there, phone="0161 496 0000")
    give(front, back), give(back, front)
    for workspace, row in ((front, here), (back, there)):
        found = workspace.read.execute("select given_name, phone from people where id = ?", (row,)).fetchone()
        assert found == ("Zeynep", "0161 496 0000")
        assert open_conflicts(workspace) == []
        assert workspace.problems() == []


def test_edits_of_one_field_show_the_same_value_everywhere_and_keep_both(laptops: Two, give: Give) -> None:
    front, back, here, there = shared_person(laptops, give)
    edit(front, here, given_name="Zeynep")
    edit(back, there, given_name="Zara")
    give(front, back), give(back, front)
    shown = set()
    for workspace, row in ((front, here), (back, there)):
        (one,) = open_conflicts(workspace)
        assert (one.table, one.row, one.field) == ("people", row, "given_name")
        assert {head.value for head in one.heads} == {"Zeynep", "Zara"}
        (value,) = workspace.read.execute("select given_name from people where id = ?", (row,)).fetchone()
        assert value == one.heads[0].value
        shown.add(value)
    assert len(shown) == 1


def test_the_same_edit_made_twice_is_no_conflict(laptops: Two, give: Give) -> None:
    front, back, here, there = shared_person(laptops, give)
    edit(front, here, given_name="Zeynep")
    edit(back, there, given_name="Zeynep")
    give(front, back), give(back, front)
    assert open_conflicts(front) == open_conflicts(back) == []


@pytest.mark.parametrize("which", [0, 1])
def test_a_choice_settles_it_everywhere_also_for_the_value_already_shown(laptops: Two, give: Give, which: int) -> None:
    front, back, here, there = shared_person(laptops, give)
    edit(front, here, given_name="Zeynep")
    edit(back, there, given_name="Zara")
    give(back, front)
    (one,) = open_conflicts(front)
    chosen = one.heads[which].value
    with front.change("Chose a name") as change:
        change.choose("people", here, "given_name", chosen)
    give(front, back)
    for workspace, row in ((front, here), (back, there)):
        assert open_conflicts(workspace) == []
        assert workspace.read.execute("select given_name from people where id = ?", (row,)).fetchone() == (chosen,)
        assert workspace.problems() == []


def test_an_edit_that_chooses_nothing_leaves_the_other_value_listed(laptops: Two, give: Give) -> None:
    front, back, here, there = shared_person(laptops, give)
    edit(front, here, given_name="Zeynep")
    edit(back, there, given_name="Zara")
    give(back, front)
    hidden = open_conflicts(front)[0].heads[1].value
    edit(front, here, given_name="Zed")
    (one,) = open_conflicts(front)
    assert [head.value for head in one.heads] == ["Zed", hidden]


def test_a_row_deleted_here_and_edited_there_is_a_conflict(laptops: Two, give: Give) -> None:
    front, back, here, there = shared_person(laptops, give)
    with front.change("Removed a person") as change:
        change.delete("people", here)
    edit(back, there, phone="0161 496 0000")
    give(front, back), give(back, front)
    for workspace, row in ((front, here), (back, there)):
        (one,) = open_conflicts(workspace)
        assert (one.table, one.row, one.field) == ("people", row, "gone")
    # Whoever has seen the edit and deletes has decided.
    with front.change("Keep") as change:
        change.update("people", here, gone=0)
    with front.change("Removed after all") as change:
        change.delete("people", here)
    give(front, back)
    assert open_conflicts(front) == open_conflicts(back) == []


def test_sets_wait_for_what_they_depend_on_and_come_in_any_order_any_number_of_times(laptops: Two, give: Give) -> None:
    front, back = laptops
    person = add_person(front)
    edit(front, person, given_name="Zeynep")
    edit(front, person, given_name="Zed")
    first, second, third = front.vault.sets_since({})
    assert back.vault.receive([third, second, third]).waiting == [second.ref, third.ref]
    assert back.read.execute("select count(*) from people").fetchone() == (0,)
    done = back.vault.receive([first])
    assert (done.applied, done.waiting) == (3, [])
    assert back.read.execute("select given_name from people").fetchall() == [("Zed",)]
    assert back.vault.receive([second, first]).known == 2
    assert back.vault.held() == front.vault.held()
    assert back.problems() == []


def test_waiting_sets_survive_closing(laptops: Two) -> None:
    front, back = laptops
    person = add_person(front)
    edit(front, person, given_name="Zeynep")
    first, second = front.vault.sets_since({})
    back.vault.receive([second])
    back.close()
    with Workspace.open_raw(back.folder, bytes(range(32)), "Bo") as again:
        again.vault.receive([first])
        assert again.read.execute("select given_name from people").fetchall() == [("Zeynep",)]


def forged(one: ChangeSet, genuine: bool) -> ChangeSet:
    other = replace(one, words="Something else")
    return replace(other, hash=set_hash(other, ())) if genuine else other


def test_the_same_id_with_other_content_is_refused_and_named(laptops: Two) -> None:
    front, back = laptops
    add_person(front)
    (one,) = front.vault.sets_since({})
    # A folder copied by hand: the same device and number, another content, honest in itself.
    rival = forged(replace(one, chunks=()), genuine=True)
    assert is_genuine(rival)
    for sets in ([one, rival], [rival], [forged(one, genuine=False)]):
        done = back.vault.receive(sets)
        assert done.refused == [one.ref]
    assert [found.words for found in back.change_sets()] == ["Added a person"]
    assert back.problems() == []


def test_a_garbled_set_changes_nothing(laptops: Two) -> None:
    front, back = laptops
    add_person(front)
    (one,) = front.vault.sets_since({})
    for bad in (b"", b"\x00" * 40, one.chunks[0][:-3]):
        with pytest.raises(CisError) as refused:
            back.vault.receive([replace(one, chunks=(bad,))])
        assert refused.value.code == "damaged_history"
    assert back.change_sets() == []


def test_a_set_from_a_newer_app_is_kept_unread_until_the_update(laptops: Two) -> None:
    front, back = laptops
    person = add_person(front)
    (first,) = front.vault.sets_since({})
    edit(front, person, given_name="Zeynep")
    front.vault._writer.execute("pragma user_version = 50")
    edit(front, person, given_name="Zed")
    sets = list(front.vault.sets_since({}))
    assert [one.schema for one in sets] == [first.schema, first.schema, 50]
    done = back.vault.receive(sets)
    assert (done.applied, done.waiting) == (2, [sets[2].ref])
    assert back.read.execute("select given_name from people").fetchall() == [("Zeynep",)]
    back.vault._writer.execute("pragma user_version = 50")
    assert back.vault.receive([]).applied == 1
    assert back.read.execute("select given_name from people").fetchall() == [("Zed",)]


def test_what_arrives_can_be_found_and_told_to_observers(laptops: Two, give: Give) -> None:
    front, back = laptops
    told: list[frozenset[str]] = []
    back.subscribe(told.append)
    add_person(front, "Wilhelmina")
    give(front, back)
    assert told == [frozenset({"people"})]
    assert back.read.execute("select count(*) from found where found match 'wilhelmina'").fetchone() == (1,)
    assert [one.who for one in back.change_sets()] == ["Ann"]
    with back.change("Built on it") as change:
        change.insert("contacts", person_id=row_of(back, "Wilhelmina"), on_date="2018-01-02")
    assert front.vault.receive(list(back.vault.sets_since(front.vault.held()))).applied == 1


def test_a_forwarded_set_is_the_same_set(tmp_path: Path, laptops: Two, give: Give) -> None:
    front, back = laptops
    add_person(front)
    give(front, back)
    with Workspace.open_raw(tmp_path / "third", bytes(range(32)), "Cy") as third:
        give(back, third)
        assert list(third.vault.sets_since({})) == list(front.vault.sets_since({}))
        assert third.vault.held() == front.vault.held()
