"""Laptops that only meet by email have one record, whatever is lost, doubled or comes late."""

from __future__ import annotations

import base64
import email
import hashlib
import os
import random
import shutil
import struct
import tracemalloc
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest

from cis_desktop.errors import CisError
from cis_desktop.sync.attachments import PART, _in, take, write_drafts
from cis_desktop.sync.files import SEALED
from cis_desktop.sync.standing import in_words, standing
from cis_desktop.vault.backup import size_of
from cis_desktop.workspace import Workspace
from tests.core.sync.group import Group, add, names


def post(group: Group, *who: Workspace) -> None:
    """Let these write emails, each to all that are open, who save them into one folder of downloads."""
    downloads = group.folder / "downloads"
    for each in who:
        write_drafts(each, downloads)
        for other in group.open:
            if other is not each:
                take(other, [downloads])


@pytest.fixture
def mailed(group: Group) -> tuple[Group, Workspace]:
    """Give a group of two that only ever met by email."""
    back = group.joining("Hallcanary")
    post(group, back, group.front, back)
    return group, back


def test_a_laptop_joins_and_both_exchange_by_email_alone(mailed: tuple[Group, Workspace]) -> None:
    group, back = mailed
    add(group.front, "Amina")
    add(back, "Bo")
    post(group, group.front, back, group.front)
    assert names(group.front) == names(back) == ["Amina", "Bo"]
    said = [in_words(each) for who in (group.front, back) for each in standing(who.read) if not each.here]
    assert all(each.endswith(": up to date, just now.") for each in said)
    assert group.front.problems() == back.problems() == []


def test_what_was_in_an_email_that_is_lost_is_in_the_next_one(mailed: tuple[Group, Workspace], tmp_path: Path) -> None:
    group, back = mailed
    add(group.front, "Amina")
    assert write_drafts(group.front, tmp_path / "lost").sent == 1
    add(group.front, "Bo")
    assert write_drafts(group.front, tmp_path / "arrives").sent == 2
    assert take(back, [tmp_path / "arrives"]).received == 2
    assert take(back, [tmp_path / "lost", tmp_path / "arrives"]).received == 0
    write_drafts(back, tmp_path / "answer")
    take(group.front, [tmp_path / "answer"])
    assert write_drafts(group.front, tmp_path / "quiet").sent == 0


def test_emails_are_taken_in_in_any_order_and_any_number_of_times(
    mailed: tuple[Group, Workspace], tmp_path: Path
) -> None:
    group, back = mailed
    drafts = []
    for name in ("Amina", "Bo", "Chi"):
        add(group.front, name)
        drafts += write_drafts(group.front, tmp_path / "out").written
    seed = random.randrange(1000)
    print(f"seed {seed}")
    random.Random(seed).shuffle(drafts)
    for draft in drafts + drafts:
        take(back, [draft])
    assert names(back) == ["Amina", "Bo", "Chi"]


def test_a_draft_says_nothing_about_anybody_and_has_no_address(mailed: tuple[Group, Workspace], tmp_path: Path) -> None:
    group, back = mailed
    add(group.front, "Zebracanary")
    (path,) = write_drafts(group.front, tmp_path / "out").written
    raw = path.read_bytes()
    found = cast(EmailMessage, email.message_from_bytes(raw, policy=default))
    assert sorted(found.keys()) == ["Content-Type", "MIME-Version", "Subject", "X-Unsent"]
    for word in (b"Zebracanary", b"Ann", b"Larder", back.who.encode(), group.front.device.encode()):
        assert word not in raw, word
    (attached,) = found.iter_attachments()
    assert (attached.get_filename() or "").endswith(".cis-sync")


def test_a_record_too_large_for_one_message_comes_in_parts(group: Group, tmp_path: Path) -> None:
    back = group.joining("back")
    add(group.front, "Amina")
    write_drafts(back, tmp_path / "asks")
    take(group.front, [tmp_path / "asks"])
    size = size_of(group.front.read)
    done = write_drafts(group.front, tmp_path / "out", attached=size // 4)
    assert len(done.written) > 3
    assert max(path.stat().st_size for path in done.written) < size // 4 * 1.37 + 2000
    parts = [path for path in done.written if "whole" in path.name]
    kept = parts[1].read_bytes()
    parts[1].unlink()
    missing = take(back, [tmp_path / "out"])
    assert missing.asked
    assert missing.missing == [
        f"Of a file sent in {len(parts)} parts, part 2 is missing. “{parts[0].name}” holds part 1. "
        "Take in all of them at once."
    ]
    parts[1].write_bytes(kept[: len(kept) // 2])
    assert take(back, [tmp_path / "out"]).asked
    # Found in another place, and saved by itself.
    (tmp_path / "desktop").mkdir()
    found = cast(EmailMessage, email.message_from_bytes(kept, policy=default))
    (attached,) = found.iter_attachments()
    (tmp_path / "desktop" / "ATT0001.dat").write_bytes(attached.get_payload(decode=True))  # type: ignore[arg-type]
    again = take(back, [tmp_path / "out", tmp_path / "desktop" / "ATT0001.dat"])
    assert not again.asked
    assert names(back) == ["Amina"]
    assert take(back, [tmp_path / "out"]).strange == []


def test_a_record_that_no_mailbox_takes_is_left_for_a_stick_and_others_get_their_changes(
    mailed: tuple[Group, Workspace], tmp_path: Path
) -> None:
    group, back = mailed
    third = group.joining("third")
    write_drafts(third, tmp_path / "asks")
    take(group.front, [tmp_path / "asks"])
    add(group.front, "Amina")
    done = write_drafts(group.front, tmp_path / "out", attached=10_000)
    assert [each.name for each in done.too_large] == ["third"]
    take(back, [tmp_path / "out"])
    assert names(back) == ["Amina"]
    group.meet(group.front, third)
    assert names(third) == ["Amina"]


def test_a_folder_with_many_other_files_is_no_trouble(mailed: tuple[Group, Workspace], tmp_path: Path) -> None:
    group, back = mailed
    downloads = tmp_path / "more"
    downloads.mkdir()
    (downloads / "letter.pdf").write_bytes(os.urandom(500))
    (downloads / "a folder.eml").mkdir()
    (downloads / "an email.eml").write_bytes(b"Subject: hello\r\n\r\nNothing attached.\r\n")
    (downloads / "rubbish.EML").write_bytes(os.urandom(50_000))
    (downloads / "not there yet.cis-sync").write_bytes(b"")
    add(group.front, "Amina")
    (draft,) = write_drafts(group.front, tmp_path / "out").written
    shutil.copy(draft, downloads / "Fwd For our other laptops (1).eml")
    done = take(back, [downloads])
    assert (done.received, done.strange) == (1, [])
    assert done.half == [downloads / "not there yet.cis-sync"]
    assert take(back, [downloads / "letter.pdf"]).empty == [downloads / "letter.pdf"]
    with pytest.raises(CisError) as told:
        take(back, [downloads / "nothing.eml"])
    assert told.value.code == "not_taken_in"


@pytest.mark.parametrize("how", ["forwarded", "its attachment", "unix lines", "cut"])
def test_a_message_is_read_however_it_was_kept(mailed: tuple[Group, Workspace], tmp_path: Path, how: str) -> None:
    group, back = mailed
    add(group.front, "Amina")
    (draft,) = write_drafts(group.front, tmp_path / "out").written
    raw = draft.read_bytes()
    found = cast(EmailMessage, email.message_from_bytes(raw, policy=default))
    (attached,) = found.iter_attachments()
    kept = tmp_path / "kept"
    if how == "forwarded":
        outer = EmailMessage()
        outer.set_content("See below.")
        outer.add_attachment(found)
        kept.write_bytes(outer.as_bytes())
    elif how == "its attachment":
        kept.write_bytes(attached.get_payload(decode=True))  # type: ignore[arg-type]
    elif how == "unix lines":
        kept.write_bytes(raw.replace(b"\r\n", b"\n"))
    else:
        kept.write_bytes(raw[: len(raw) - 300])
    done = take(back, [kept])
    assert done.received == (how != "cut")
    assert done.half == ([kept] if how == "cut" else [])


def test_drafts_are_never_written_over_another_file(mailed: tuple[Group, Workspace], tmp_path: Path) -> None:
    group, _ = mailed
    third = group.joining("third")
    first = write_drafts(third, tmp_path / "out").written
    second = write_drafts(third, tmp_path / "out").written
    assert [path.name for path in first + second] == ["sync-asks.eml", "sync-asks-1.eml"]
    (tmp_path / "a file").write_text("x")
    with pytest.raises(CisError) as told:
        write_drafts(third, tmp_path / "a file")
    assert told.value.code == "drafts_not_written"


def test_parts_that_are_not_what_they_say_keep_no_file_out(mailed: tuple[Group, Workspace], tmp_path: Path) -> None:
    group, back = mailed
    raws = []
    for name in ("Amina", "Bo"):
        add(group.front, name)
        (draft,) = write_drafts(group.front, tmp_path / name).written
        found = cast(EmailMessage, email.message_from_bytes(draft.read_bytes(), policy=default))
        raws.append(next(found.iter_attachments()).get_payload(decode=True))
    first, second = cast(list[bytes], raws)
    lied = tmp_path / "lied.cis-sync"
    lied.write_bytes(PART + struct.pack(">32sHH", hashlib.sha256(second).digest(), 1, 1) + first)
    short = tmp_path / "short.cis-sync"
    short.write_bytes(PART + b"\1")
    done = take(back, [lied, short])
    assert (done.received, set(done.half), done.strange) == (0, {lied, short}, [])
    kept = tmp_path / "kept.cis-sync"
    kept.write_bytes(second)
    assert take(back, [kept]).received == 2


def test_an_email_of_very_many_lines_takes_little_memory() -> None:
    raw = base64.b64encode(SEALED)[:28] + b"\nA" * 200_000
    tracemalloc.start()
    found = list(_in(raw))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 1
    assert most < 4 * len(raw)
