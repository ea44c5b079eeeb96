"""A laptop that was taken away, and a record that was restored or copied."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

import pytest

from cis_desktop.errors import CisError
from cis_desktop.sync import files, laptops, packing
from cis_desktop.sync.conflicts import disagreements
from cis_desktop.sync.exchange import exchange
from cis_desktop.sync.standing import in_words, standing
from cis_desktop.workspace import Workspace
from tests.core.sync.group import WORDS, Group, add, names


def said_of(who: Workspace, name: str) -> str:
    (found,) = [in_words(each) for each in standing(who.read) if each.name == name]
    return found


def test_nothing_is_sealed_to_a_laptop_that_was_taken_away_and_what_it_wrote_before_stays(group: Group) -> None:
    back = group.invite("back")
    add(back, "Before")
    group.meet(back, group.front)
    laptops.remove(group.front, "back")
    add(group.front, "After")
    group.meet(group.front, back)
    assert names(group.front) == ["After", "Before"]
    assert names(back) == ["Before"]
    assert said_of(group.front, "back") == "back: taken away."


def test_later_changes_of_it_are_held_on_every_laptop_alike(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third, group.front)
    laptops.remove(group.front, "back")
    add(back, "Late")
    group.meet(back, group.front, third, group.front, third)
    assert names(group.front) == names(third) == []


def test_what_another_laptop_had_before_it_heard_counts_everywhere(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third, group.front)
    laptops.remove(group.front, "back")
    add(back, "Late")
    group.meet(back, third)
    assert names(third) == ["Late"]
    group.meet(group.front, third, group.front, third)
    assert names(group.front) == names(third) == ["Late"]
    assert group.front.vault.held() == third.vault.held()


def test_two_laptops_that_had_more_of_it_before_they_heard_agree_without_a_person(group: Group) -> None:
    back, third, fourth = (group.invite(name) for name in ("back", "third", "fourth"))
    group.meet(group.front, back, third, fourth, group.front, back, third)
    laptops.remove(group.front, "back")
    for who in (third, fourth):
        add(back, f"Late, for {who.folder.name}")
        group.meet(back, who)
        shutil.rmtree(group.stick)
        group.stick.mkdir()
    exchange(group.front, group.stick)
    shutil.copytree(group.stick, group.folder / "other stick")
    for who, stick in ((third, group.stick), (fourth, group.folder / "other stick")):
        exchange(who, stick)
    for _ in range(3):
        group.meet(third, fourth, group.front)
    for who in (group.front, third, fourth):
        assert names(who) == ["Late, for fourth", "Late, for third"]
        assert disagreements(who.read, who.vault.tables) == []


def test_who_takes_it_back_in_decides_and_not_a_laptop_that_had_more_of_it(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third, group.front, back)
    laptops.remove(group.front, "back")
    add(back, "Late")
    group.meet(back, third)
    shutil.rmtree(group.stick)
    group.stick.mkdir()
    group.meet(group.front, third)
    laptops.take_back(group.front, "back")
    for _ in range(3):
        group.meet(group.front, third, back)
    for who in (group.front, third, back):
        assert names(who) == ["Late"]
        assert not any(each.removed for each in laptops.laptops(who.read))
        assert disagreements(who.read, who.vault.tables) == []


def test_a_laptop_taken_back_in_brings_what_it_wrote_meanwhile(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third, group.front)
    laptops.remove(group.front, "back")
    add(back, "Late")
    group.meet(group.front, third, back, group.front, third)
    assert names(group.front) == names(third) == []
    laptops.take_back(third, "back")
    group.meet(third, back, group.front, third, back, group.front)
    assert names(group.front) == names(third) == names(back) == ["Late"]
    assert group.front.vault.held() == third.vault.held() == back.vault.held()


def test_a_laptop_does_not_take_itself_away_and_an_unknown_one_is_asked_for(group: Group) -> None:
    group.invite("back")
    me = laptops.own(group.front.read).name
    with pytest.raises(CisError) as told:
        laptops.remove(group.front, me)
    assert told.value.code == "this_laptop"
    with pytest.raises(CisError) as told:
        laptops.remove(group.front, "nobody")
    assert told.value.code == "which_laptop"


def test_a_restored_record_is_another_laptop_and_is_let_in_by_what_it_was(group: Group, tmp_path: Path) -> None:
    back = group.invite("back")
    add(back, "Early")
    group.meet(back, group.front)
    backup = back.back_up()
    add(back, "Lost")
    group.open.remove(back)
    back.close()
    with Workspace.restore(backup, tmp_path / "restored", f"{WORDS} of back") as restored:
        add(group.front, "Amina")
        for each in (group.front, restored, group.front, restored):
            exchange(each, group.stick)
        assert names(restored) == names(group.front) == ["Amina", "Early"]
        add(restored, "Again")
        for each in (restored, group.front):
            exchange(each, group.stick)
        assert names(group.front) == ["Again", "Amina", "Early"]
        assert restored.device != back.folder.name


def test_what_is_erased_goes_on_every_laptop_and_from_the_files(group: Group) -> None:
    back = group.invite("back")
    row = add(group.front, "Forgetme")
    add(group.front, "Amina")
    group.meet(group.front)
    group.front.erase("Erased somebody", [("people", row)])
    group.meet(group.front, back)
    assert names(back) == names(group.front) == ["Amina"]
    identities = laptops.identities(back.read)
    for path in group.files():
        read = files.read(path.read_bytes(), identities)
        if isinstance(read, files.Read) and read.page.sets:
            for one in packing.unpack(read.page.sets):
                assert not any(b"Forgetme" in zlib.decompress(chunk) for chunk in one.chunks)


def test_an_edit_made_apart_on_somebody_erased_does_not_bring_them_back(group: Group) -> None:
    back = group.invite("back")
    row = add(group.front, "Forgetme")
    group.meet(group.front, back)
    (there,) = back.read.execute("select id from people").fetchone()
    with back.change("Noted") as change:
        change.update("people", there, note="Forgetme came again")
    group.front.erase("Erased somebody", [("people", row)])
    group.meet(back, group.front, back, group.front)
    assert names(back) == names(group.front) == []
    for who in (back, group.front):
        assert who.problems() == []
