"""Laptops that meet by a folder have one record, whatever the folder does to the files."""

from __future__ import annotations

import random
import shutil
import zlib
from pathlib import Path

import msgspec
import pyrage
import pytest

from cis_desktop.errors import CisError
from cis_desktop.sync import files, laptops
from cis_desktop.sync.conflicts import Disagreement, choose, disagreements
from cis_desktop.sync.exchange import exchange
from cis_desktop.sync.files import ENDING, Page
from cis_desktop.sync.folder import NOT_THERE, WHOLE
from cis_desktop.sync.standing import in_words, standing, waiting_for
from cis_desktop.vault.sets import sets_since
from cis_desktop.workspace import Workspace
from tests.core.sync.group import Group, add, names, rename


def unsettled(who: Workspace) -> list[Disagreement]:
    return disagreements(who.read, who.vault.tables)


def same(one: Workspace, other: Workspace) -> bool:
    return one.vault.held() == other.vault.held() and names(one) == names(other)


def test_what_either_writes_reaches_the_other_and_nothing_is_written_twice(group: Group) -> None:
    back = group.invite("back")
    add(group.front, "Amina")
    add(back, "Bo")
    sent = group.meet(group.front, back, group.front)
    assert [(each.sent, each.received) for each in sent] == [(1, 0), (1, 1), (0, 1)]
    assert names(group.front) == names(back) == ["Amina", "Bo"]
    quiet = group.meet(back, group.front, back, group.front)
    assert not any(each.written for each in quiet[1:])
    assert all(each.received == 0 for each in quiet)


def test_files_that_everybody_has_are_taken_away(group: Group) -> None:
    back = group.invite("back")
    for at in range(6):
        add(group.front, f"Name {at}")
        group.meet(group.front, back)
    group.meet(group.front, back)
    assert len(group.files()) == 2


def test_a_laptop_away_for_long_catches_up_in_one_exchange(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third)
    for at in range(9):
        add(group.front, f"Name {at}")
        group.meet(group.front, back)
    (caught_up,) = group.meet(third)
    assert caught_up.received == 9
    assert same(third, back)


def test_any_laptop_passes_on_what_another_wrote_so_a_dead_one_strands_nothing(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third)
    add(group.front, "Amina")
    group.meet(group.front, back)
    shutil.rmtree(group.stick)
    group.stick.mkdir()
    group.meet(back, third)
    assert names(third) == ["Amina"]


@pytest.mark.parametrize("harm", ["lost", "cut short", "changed", "empty"])
def test_a_file_that_was_harmed_on_its_way_is_written_again(group: Group, harm: str) -> None:
    back = group.invite("back")
    group.meet(back, group.front)
    add(group.front, "Amina")
    (done,) = group.meet(group.front)
    (path,) = done.written
    raw = path.read_bytes()
    if harm == "lost":
        path.unlink()
    else:
        changed = raw[:-1] + bytes([raw[-1] ^ 1])
        path.write_bytes({"cut short": raw[: len(raw) // 2], "changed": changed, "empty": b""}[harm])
    (first,) = group.meet(back)
    assert first.received == 0
    assert len(first.half) == (harm != "lost")
    group.meet(group.front, back)
    assert names(back) == ["Amina"]


def test_a_change_waits_for_those_before_it_and_says_for_which(group: Group, tmp_path: Path) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third, group.front, back, third)
    add(group.front, "Amina")
    (first,) = group.meet(group.front)
    kept = first.written[0].read_bytes()
    first.written[0].unlink()
    group.meet(back)
    first.written[0].write_bytes(kept)
    group.meet(third)
    rename(third, "Amina", "Zehra")
    first.written[0].unlink()
    shutil.rmtree(group.stick / group.front.device[:16])
    kept_by_third = add(third, "Bo")
    assert kept_by_third
    for path in group.files(f"{third.device[:16]}/*"):
        path.unlink()
    # Only the later of two: by hand, as a stick that lost a file would bring it.
    later = [each for each in sets_since(third.read, back.vault.held()) if each.device.hex() == third.device][-1:]
    back.vault.receive(later)
    (said,) = [each for each in waiting_for(back.read) if "third" in each]
    assert said.startswith("Waiting for change")
    group.meet(third, back)
    assert waiting_for(back.read) == []
    assert same(back, third)


def test_two_values_of_one_field_are_kept_on_both_until_somebody_chooses(group: Group) -> None:
    back = group.invite("back")
    add(group.front, "Amina")
    group.meet(group.front, back)
    rename(group.front, "Amina", "Aminata")
    rename(back, "Amina", "Amena")
    group.meet(group.front, back, group.front)
    here, there = unsettled(group.front), unsettled(back)
    assert [each.id for each in here] == [each.id for each in there]
    (one,) = here
    assert {(side.words, side.who) for side in one.sides} == {("Aminata", "Ann"), ("Amena", "back")}
    assert one.what == "first name"
    choose(back, one.id, "Amena")
    group.meet(back, group.front)
    assert unsettled(group.front) == unsettled(back) == []
    assert names(group.front) == names(back) == ["Amena"]
    with pytest.raises(CisError, match="nothing was changed"):
        choose(back, one.id, "Amena")


def test_removed_on_one_and_worked_on_at_another_is_a_choice_too(group: Group) -> None:
    back = group.invite("back")
    row = add(group.front, "Amina")
    group.meet(group.front, back)
    with group.front.change("Removed a person") as change:
        change.delete("people", row)
    rename(back, "Amina", "Zehra")
    group.meet(group.front, back, group.front)
    for who in (group.front, back):
        (one,) = unsettled(who)
        assert [side.words for side in one.sides] == ["removed", "kept"]
    choose(group.front, one.id, "kept")
    group.meet(group.front, back)
    assert names(group.front) == names(back) == ["Zehra"]


def test_a_folder_that_is_not_there_is_said_and_nothing_is_changed(group: Group) -> None:
    group.invite("back")
    with pytest.raises(CisError) as told:
        exchange(group.front, group.folder / "no stick")
    assert told.value.code == NOT_THERE


def test_a_folder_that_refuses_is_not_said_to_be_missing(group: Group) -> None:
    group.invite("back")
    # It refuses as a locked stick does: permissions stop nobody who may do everything, as the tests often may.
    mine = group.stick / laptops.own(group.front.read).device.hex()[:16]
    shutil.rmtree(mine)
    mine.write_bytes(b"no folder")
    add(group.front, "Amina")
    with pytest.raises(CisError) as told:
        exchange(group.front, group.stick)
    assert told.value.code == "sync_folder"


def test_a_record_that_is_not_shared_exchanges_with_nobody(group: Group) -> None:
    with pytest.raises(CisError) as told:
        exchange(group.front, group.stick)
    assert told.value.code == "not_shared"
    assert group.files() == []


def test_files_of_another_group_in_the_same_folder_are_left_alone(group: Group, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Group(tmp_path / "other")
    other.stick = group.stick
    theirs, back = other.invite("theirs"), group.invite("back")
    add(other.front, "Stranger")
    add(group.front, "Amina")
    done = [exchange(each, group.stick) for each in (other.front, group.front, back, theirs, group.front)]
    assert names(back) == ["Amina"]
    assert names(theirs) == ["Stranger"]
    assert done[2].strange
    other.close()


def test_how_each_laptop_stands_is_said_in_words(group: Group) -> None:
    back = group.invite("back")
    group.meet(group.front, back, group.front)
    (said,) = [in_words(each) for each in standing(group.front.read) if not each.here]
    assert said == "back: up to date, just now."
    add(group.front, "Amina")
    (said,) = [in_words(each) for each in standing(group.front.read) if not each.here]
    assert said == "back: 1 change behind when it last wrote, just now."


def test_a_file_of_a_newer_version_is_kept_unread_and_said(group: Group) -> None:
    back = group.invite("back")
    me = laptops.own(back.read)
    inside = files.signed(
        Page("changes", "g", me.device, me.name, me.recipient, 9, "2026-11-23T10:00:00Z", {}), me.private
    )
    to = [pyrage.x25519.Recipient.from_str(laptops.own(group.front.read).recipient)]
    path = group.stick / "later.cis-sync"
    path.write_bytes(pyrage.encrypt(inside.replace(b"cis-sync 1", b"cis-sync 2"), to))
    (done,) = group.meet(group.front)
    assert done.newer == [path]
    assert path.exists()


def test_a_file_in_the_name_of_another_laptop_than_signed_it_is_left(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third, group.front)
    add(back, "Amina")
    (done,) = group.meet(back)
    me = laptops.own(back.read)
    read = files.read(done.written[0].read_bytes(), [me.identity])
    assert isinstance(read, files.Read)
    page = msgspec.structs.replace(read.page, device=bytes.fromhex(third.device))
    done.written[0].write_bytes(files.seal(page, me.private, [laptops.own(group.front.read).recipient]))
    (met,) = group.meet(group.front)
    assert (met.received, met.strange) == (0, done.written)


@pytest.mark.parametrize("seed", range(2))
def test_a_file_that_a_member_signed_and_no_app_of_ours_wrote_keeps_no_other_out(group: Group, seed: int) -> None:
    print(f"seed {seed}")
    drawn = random.Random(seed)
    back = group.invite("back")
    group.meet(group.front, back)
    add(back, "Amina")
    me = laptops.own(back.read)
    (sent,) = group.meet(back)
    good = files.read(sent.written[0].read_bytes(), [me.identity])
    assert isinstance(good, files.Read)
    inside = zlib.decompress(good.page.sets)
    for number in range(40):
        at = drawn.randrange(len(inside))
        changed = inside[:at] + drawn.randbytes(drawn.randint(1, 3)) + inside[at + drawn.randint(0, 3) :]
        page = msgspec.structs.replace(good.page, number=100 + number, sets=zlib.compress(changed))
        (group.stick / f"a{number:03d}.cis-sync").write_bytes(
            files.seal(page, me.private, [laptops.own(group.front.read).recipient])
        )
    # The good one is read first: a set of the same number with other contents is refused afterwards.
    sent.written[0].rename(group.stick / "a.cis-sync")
    (done,) = group.meet(group.front)
    assert done.received >= 1
    assert group.front.problems() == []


def test_a_record_that_cannot_be_written_for_a_new_laptop_keeps_nothing_from_the_others(group: Group) -> None:
    back = group.invite("back")
    third = group.joining("third")
    (asked,) = group.meet(third)
    # Where its record would be written, something else lies.
    mine = group.stick / laptops.own(group.front.read).device.hex()[:16]
    other = mine / f"{WHOLE}{asked.written[0].parent.name}{ENDING}.new"
    other.mkdir()
    add(group.front, "Amina")
    with pytest.raises(CisError) as told:
        group.meet(group.front)
    assert told.value.code == "sync_folder"
    group.meet(back)
    assert names(back) == ["Amina"]
    other.rmdir()
    group.meet(group.front, third)
    assert names(third) == ["Amina"]
