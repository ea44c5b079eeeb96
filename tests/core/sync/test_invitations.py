"""A laptop comes in with a file and six words, once and in time, and gets the record and nothing of anybody's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cis_desktop.errors import CisError
from cis_desktop.local_notes import note, noted
from cis_desktop.sync import invitations, laptops
from cis_desktop.sync.exchange import exchange
from cis_desktop.vault.slots import ways_in
from cis_desktop.vault.tables import APPLYING
from cis_desktop.workspace import Workspace
from tests.core.sync.group import WORDS, Group, add, names


def refused(path: Path, code: str) -> str:
    with pytest.raises(CisError) as told:
        invitations.read(path, code)
    return told.value.code


def test_the_new_laptop_has_the_record_and_opens_with_its_own_passphrase(group: Group) -> None:
    add(group.front, "Amina")
    back = group.invite("back")
    assert names(back) == ["Amina"]
    assert back.problems() == []
    back.close()
    with Workspace.open(back.folder, f"{WORDS} of back") as again:
        assert again.who == "back"
        assert names(again) == ["Amina"]
    with pytest.raises(CisError) as told:
        Workspace.open(back.folder, WORDS)
    assert told.value.code == "wrong_passphrase"


def test_nothing_that_belongs_to_one_laptop_travels(group: Group) -> None:
    with group.front.vault.transaction(APPLYING) as connection:
        note(connection, "drafts", "half a thought")
        note(connection, "disclosure_secret", "ab" * 32)
        connection.execute(
            "insert into files_outside (path, kind, at, who) values ('/home/ann/list.csv', 'import', '2026', 'Ann')"
        )
    back = group.invite("back")
    assert noted(back.read, "drafts") == noted(back.read, "disclosure_secret") == ""
    assert back.read.execute("select count(*) from files_outside").fetchone() == (0,)
    assert [way.name for way in ways_in(back.read)] == ["back"]
    assert laptops.keys_of(back.read, group.front.device) is None


def test_references_of_two_laptops_never_clash(group: Group) -> None:
    add(group.front, "Amina")
    back = group.invite("back")
    add(back, "Bo")
    add(group.front, "Mei")
    group.meet(back, group.front, back)
    found = [reference for (reference,) in back.read.execute("select reference from people")]
    assert len(set(found)) == 3


def test_an_invitation_holds_no_record_and_is_read_with_its_words_only(group: Group, tmp_path: Path) -> None:
    add(group.front, "Zebracanary")
    file = tmp_path / "x.cis-invite"
    code = invitations.invite(group.front, "back", file)
    assert re.fullmatch(r"[a-z]+(-?[a-z]+)*( [a-z-]+){5}", code)
    found = invitations.read(file, f"  {code.upper()} ")
    assert "Zebracanary" not in str(found)
    assert b"Larder" not in file.read_bytes()
    assert refused(file, "six words that are not it") == "wrong_code"
    raw = file.read_bytes()
    for harmed in (raw[:-1], raw[: len(raw) // 2], b"", b"hello", raw[:-1] + bytes([raw[-1] ^ 1])):
        file.write_bytes(harmed)
        assert refused(file, code) in ("wrong_code", "not_an_invitation")


def test_an_invitation_is_never_written_over_a_file(group: Group, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("keep me")
    with pytest.raises(CisError, match="never written over"):
        invitations.invite(group.front, "back", file)
    assert file.read_text() == "keep me"
    assert invitations.invited(group.front.read) == []


def test_an_invitation_lets_one_laptop_in_and_no_second(group: Group, tmp_path: Path) -> None:
    file = tmp_path / "x.cis-invite"
    code = invitations.invite(group.front, "back", file)
    found = invitations.read(file, code)
    first = invitations.join(tmp_path / "one", found, "Bo", f"{WORDS} one", passes=1)
    second = invitations.join(tmp_path / "two", found, "Eve", f"{WORDS} two", passes=1)
    for each in (first, second, group.front, first, second, group.front, second):
        exchange(each, group.stick)
    there = {each.device for each in laptops.laptops(group.front.read)}
    assert len(there & {first.device, second.device}) == 1
    (outside,) = [each for each in (first, second) if each.device not in there]
    assert invitations.joining(outside.read) is not None
    assert outside.read.execute("select count(*) from laptops").fetchone() == (0,)
    first.close()
    second.close()


def test_an_old_invitation_is_refused_on_both_sides(
    group: Group, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.cis-invite"
    code = invitations.invite(group.front, "back", file)
    found = invitations.read(file, code)
    late = datetime.now(UTC) + timedelta(days=invitations.DAYS + 1)

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return late

    with invitations.join(tmp_path / "back", found, "Bo", f"{WORDS} back", passes=1) as back:
        exchange(back, group.stick)
        monkeypatch.setattr(invitations, "datetime", Later)
        assert refused(file, code) == "invitation_over"
        done = exchange(group.front, group.stick)
        assert done.joined == []
    assert [each.device for each in laptops.laptops(group.front.read)] == [group.front.device]


def test_what_was_written_while_waiting_for_the_record_is_brought_along(group: Group) -> None:
    add(group.front, "Amina")
    back = group.joining("back")
    add(back, "Early")
    for each in (back, group.front, back, group.front):
        exchange(each, group.stick)
    assert names(back) == names(group.front) == ["Amina", "Early"]
    assert back.problems() == []


def test_a_laptop_whose_asking_was_ended_before_it_was_noted_comes_in_all_the_same(group: Group) -> None:
    back = group.joining("back")
    exchange(back, group.stick)
    with back.vault.transaction(APPLYING) as connection:
        connection.execute("delete from sync_files")
    assert exchange(back, group.stick).asked
    group.meet(group.front, back)
    assert invitations.joining(back.read) is None


@pytest.mark.parametrize("harm", ["cut short", "changed", "of somebody else"])
def test_a_harmed_snapshot_changes_nothing_and_a_whole_one_is_taken_later(group: Group, harm: str) -> None:
    add(group.front, "Amina")
    back = group.joining("back")
    for each in (back, group.front):
        exchange(each, group.stick)
    (path,) = group.files("*/whole-*")
    raw = path.read_bytes()
    path.write_bytes(
        {"cut short": raw[: len(raw) // 2], "changed": raw[:-9] + b"x" + raw[-8:], "of somebody else": raw[:300] * 9}[
            harm
        ]
    )
    done = exchange(back, group.stick)
    assert done.asked
    assert names(back) == []
    assert not (back.folder / "vault.db.new").exists()
    path.write_bytes(raw)
    exchange(back, group.stick)
    assert names(back) == ["Amina"]
