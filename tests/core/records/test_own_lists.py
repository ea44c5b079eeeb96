"""A group's own words in the lists: offered, counted as something shared, renamed, retired, and never lost."""

from __future__ import annotations

import pytest

from cis_desktop.errors import CisError
from cis_desktop.records import own_lists
from cis_desktop.records.code_lists import held, load_code_lists
from cis_desktop.workspace import Workspace


@pytest.fixture
def lists(workspace: Workspace) -> Workspace:
    with workspace.change("Put in the starter lists") as change:
        load_code_lists(change)
    return workspace


def labels(workspace: Workspace, name: str = "item") -> list[str]:
    return [each.label for each in own_lists.entries(workspace.read, name)]


def test_an_own_entry_is_offered_and_says_what_it_counts_as(lists: Workspace) -> None:
    before = labels(lists)
    with lists.change("Added to a list") as change:
        key = own_lists.add(change, "item", "  Slow  cooker ", "furniture")
    assert key == "own_slow_cooker"
    (own,) = [each for each in own_lists.entries(lists.read, "item") if each.own]
    shared = dict(own_lists.shared_entries(lists.read, "item"))
    assert (own.label, own.counts_as) == ("Slow cooker", shared["furniture"])
    assert set(labels(lists)) == {*before, "Slow cooker"}
    assert labels(lists)[-1] == before[-1] if before[-1] == shared.get("other") else True


def test_a_changed_list_is_a_new_version_and_the_old_one_stays_as_it_was(lists: Workspace) -> None:
    old = held(lists.read, "need")
    with lists.change("Renamed") as change:
        own_lists.rename(change, "need", old[1][0].key, "Another name")
    version, codes = held(lists.read, "need")
    assert version is not None
    assert version > (old[0] or 0)
    assert codes[0].label == "Another name"
    kept = lists.read.execute(
        "select c.label from codes c join code_lists l on l.id = c.list_id where l.name = 'need' and l.version = ?"
        " order by c.position", (old[0],),
    ).fetchall()  # fmt: skip
    assert [label for (label,) in kept] == [code.label for code in old[1]]


def test_what_is_retired_is_offered_no_longer_but_still_has_its_name_and_comes_back(lists: Workspace) -> None:
    with lists.change("Added") as change:
        key = own_lists.add(change, "item", "Slow cooker", None)
    with lists.change("Took off") as change:
        own_lists.retire(change, "item", key)
    assert "Slow cooker" not in labels(lists)
    assert own_lists.label_of(lists.read, "item", key) == "Slow cooker"
    with lists.change("Added") as change:
        assert own_lists.add(change, "item", "Slow cooker", None) == key
    assert labels(lists).count("Slow cooker") == 1


def test_every_change_can_be_undone(lists: Workspace) -> None:
    before = labels(lists)
    with lists.change("Added") as change:
        own_lists.add(change, "item", "Slow cooker", None)
    assert change.id is not None
    lists.undo(change.id)
    assert labels(lists) == before
    with lists.change("Added again") as change:
        own_lists.add(change, "item", "Toaster", None)
    assert set(labels(lists)) == {*before, "Toaster"}


@pytest.mark.parametrize(("label", "code"), [("", "bad_label"), ("x" * 81, "bad_label"), ("NAPPIES", "known_label")])
def test_no_words_too_many_or_known_ones_are_refused(lists: Workspace, label: str, code: str) -> None:
    with pytest.raises(CisError) as caught, lists.change("Added") as change:
        own_lists.add(change, "item", label, None)
    assert caught.value.code == code


def test_names_in_any_script_have_a_key_of_their_own(lists: Workspace) -> None:
    with lists.change("Added") as change:
        keys = [own_lists.add(change, "item", label, None) for label in ("حليب", "奶粉", "Café", "Cafe")]
    assert len(set(keys)) == 4
    assert keys[2:] == ["own_cafe", "own_cafe_2"]


def test_what_the_app_writes_itself_stays(lists: Workspace) -> None:
    with pytest.raises(CisError, match="stays on the list"), lists.change("Took off") as change:
        own_lists.retire(change, "contact_kind", "visit")
