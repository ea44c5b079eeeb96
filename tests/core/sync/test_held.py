"""What a laptop writes after it was taken away: a person sees it in words, and accepts or leaves it for all."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import structs

from cis_desktop import concerns, ways_in
from cis_desktop.errors import CisError
from cis_desktop.sync import held, laptops
from cis_desktop.sync.files import Page, Read
from cis_desktop.sync.standing import in_words, standing
from cis_desktop.vault.chunks import INSERT, Section, hashes_of, seal
from cis_desktop.vault.merge import waiting_sets
from cis_desktop.vault.sets import set_hash
from cis_desktop.vault.tables import APPLYING
from cis_desktop.workspace import Workspace
from tests.core.sync.group import Group, add, names, rename


def waiting(who: Workspace) -> list[held.HeldBack]:
    (laptop,) = [each for each in laptops.laptops(who.read) if each.removed]
    return held.held_back(who.read, laptop)


def said_of_back(who: Workspace) -> str:
    return next(in_words(each) for each in standing(who.read) if each.name == "back")


@pytest.fixture
def apart(group: Group) -> Group:
    """Give a group of three of which `back` was taken away, and wrote two things after that."""
    back, third = group.invite("back"), group.invite("third")
    add(group.front, "Anna")
    group.meet(group.front, back, third)
    laptops.remove(group.front, "back")
    add(back, "Late")
    rename(back, "Anna", "Hanna")
    group.meet(back, group.front, third)
    return group


def test_it_is_shown_in_words_and_is_in_no_record(apart: Group) -> None:
    for who in (apart.front, apart.open[2]):
        first, second = waiting(who)
        assert first.words == "Added a person"
        assert first.who == "back"
        assert [line for line in first.lines if "first name Late" in line]
        assert second.lines == ("person Anna: first name: Hanna",)
        assert names(who) == ["Anna"]
        assert said_of_back(who) == "back: taken away. 2 later changes of it wait to be judged."
        assert who.problems() == []


def test_what_is_accepted_counts_on_every_laptop_and_no_more_than_that(apart: Group) -> None:
    front, back, third = apart.open
    first, second = waiting(front)
    assert held.accept(front, "back", first.number) == 1
    assert names(front) == ["Anna", "Late"]
    apart.meet(front, third)
    assert names(third) == ["Anna", "Late"]
    assert [each.number for each in waiting(front)] == [each.number for each in waiting(third)] == [second.number]
    add(back, "Later still")
    apart.meet(back, front, third)
    assert len(waiting(third)) == 2, "it stays taken away"
    assert held.accept(third, "back") == 2
    apart.meet(third, front)
    assert names(front) == names(third) == ["Hanna", "Late", "Later still"]
    assert said_of_back(front) == "back: taken away."
    with pytest.raises(CisError) as told:
        held.accept(front, "back")
    assert told.value.code == "nothing_held"


def test_what_is_left_is_left_on_every_laptop_until_it_is_taken_back_in(apart: Group) -> None:
    front, back, third = apart.open
    assert held.leave(third, "back") == 2
    apart.meet(third, front)
    for who in (front, third):
        assert waiting(who) == []
        assert names(who) == ["Anna"]
    add(back, "Later still")
    apart.meet(back, front)
    assert len(waiting(front)) == 1, "what came after the choice waits again"
    laptops.take_back(front, "back")
    apart.meet(front, back, third, front)
    assert names(front) == names(third) == names(back) == ["Hanna", "Late", "Later still"]


def test_a_concern_in_it_looks_like_any_change_without_words(group: Group) -> None:
    back = group.invite("back")
    concerns.appoint(group.front, group.front.slot, "lead")
    group.meet(group.front, back)
    laptops.remove(group.front, "back")
    concerns.write(back, "Bruises on both arms")
    ways_in.change_lock(back)
    group.meet(back, group.front)
    one, other = waiting(group.front)
    assert (one.who, one.words, one.lines) == (other.who, other.words, other.lines)


def test_a_laptop_that_was_taken_away_can_write_only_in_its_own_name(apart: Group) -> None:
    front, back, third = apart.open
    # More than `back` ever wrote, whose numbers are not looked at again.
    for _ in range(9):
        add(third, "Of third")
    passed_on = list(third.vault.sets_since(front.vault.held()))
    me = laptops.own(back.read)
    page = Page("changes", "group", me.device, me.name, me.recipient, 99, "2026-11-23T15:00:00Z", {})
    assert held.keep(front, Read(page, me.public), passed_on)
    assert {one.device.hex() for one in waiting_sets(front.read)} == {back.device}
    in_the_name_of_third = structs.replace(page, device=bytes.fromhex(third.device))
    assert not held.keep(front, Read(in_the_name_of_third, me.public), passed_on)


def test_what_cannot_be_applied_is_not_accepted_and_stops_no_exchange(apart: Group) -> None:
    front, _, third = apart.open
    first = waiting_sets(front.read)[0]
    # A person without a number, which no app of ours writes.
    chunks = tuple(seal([Section("people", INSERT, ("given_name",), [[bytes(16), "Nobody"]])])[0])
    wrong = structs.replace(first, chunks=chunks, hash=set_hash(first, hashes_of(chunks)))
    with front.vault.transaction(APPLYING) as connection:
        connection.execute("update waiting set body = ? where seq = ?", (msgspec.msgpack.encode(wrong), first.seq))
    with pytest.raises(CisError) as told:
        held.accept(front, "back")
    assert told.value.code == "held_not_whole"
    add(third, "Amina")
    apart.meet(third, front)
    assert names(front) == ["Amina", "Anna"]
