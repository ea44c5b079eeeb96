"""Whatever services, sticks and people make of the files, what is in them arrives once, and nothing else is stopped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cis_desktop.sync.exchanged import hindered
from tests.core.sync.group import Group, add, names

NAMES = {
    "OneDrive": "000002-DESKTOP-7QK2N1A.cis-sync",
    "Dropbox": "000002 (Ann's conflicted copy 2026-11-23).cis-sync",
    "Google Drive": "000002 (1).cis-sync",
    "Nextcloud": "000002 (conflicted copy 2026-11-23 093612).cis-sync",
    "Syncthing": "000002.sync-conflict-20261123-093612-D4LGQYW.cis-sync",
    "doubled": "000002.cis-sync.cis-sync",
    "lost": "000002",
    "a stick": "000002~1.CIS",
    "shouted": "000002.CIS-SYNC",
    **{ending: f"000002.cis-sync.{ending}" for ending in ("txt", "download", "crdownload", "part", "tmp")},
}
LITTER = ("~$000002.cis-sync", ".stfolder", ".syncthing.000002.cis-sync.tmp", "000002.cis-sync.new")


@pytest.mark.parametrize("by", NAMES)
def test_a_file_is_known_by_its_bytes_under_any_name_and_never_written_again(group: Group, by: str) -> None:
    back = group.invite("back")
    group.meet(back, group.front)
    add(group.front, "Amina")
    (done,) = group.meet(group.front)
    (path,) = done.written
    path.rename(path.with_name(NAMES[by]))
    shutil.copy(path.with_name(NAMES[by]), group.stick / f"copy of {NAMES[by]}")
    (again,) = group.meet(group.front)
    assert (again.sent, again.written) == (0, [])
    (read,) = group.meet(back)
    assert (read.received, read.strange, read.half) == (1, [], [])
    assert names(back) == ["Amina"]


def test_what_services_and_systems_keep_for_themselves_is_left_alone(group: Group) -> None:
    back = group.invite("back")
    group.meet(back, group.front)
    for name in LITTER:
        (group.stick / back.device[:16] / name).write_bytes(b"age-encryption.org/v1\n half")
    (group.stick / "desktop.ini").write_bytes(b"[.ShellClassInfo]")
    (group.stick / ".stversions").mkdir()
    (group.stick / ".stversions" / "000001.cis-sync").write_bytes(b"")
    (done,) = group.meet(group.front)
    assert done.half + done.strange + [one.path for one in done.unreadable] == []


@pytest.mark.parametrize("what", ["a folder", "a dangling link", "a file that fails"])
def test_one_file_that_cannot_be_read_stops_no_other_and_is_named(group: Group, what: str) -> None:
    back = group.invite("back")
    group.meet(back, group.front)
    add(group.front, "Amina")
    group.meet(group.front)
    bad = group.stick / group.front.device[:16] / "000000.cis-sync"
    if what == "a folder":
        bad.mkdir()
    else:
        bad.symlink_to(Path("/proc/self/mem") if what == "a file that fails" else "nowhere")
    add(back, "Bo")
    (done,) = group.meet(back)
    assert (done.sent, done.received) == (1, 1)
    (said,) = hindered(done)
    assert "000000.cis-sync" in said


def test_a_name_that_turns_the_line_round_is_told_without_that(group: Group) -> None:
    back = group.invite("back")
    group.meet(back, group.front)
    (group.stick / back.device[:16] / "0001\u202eslx.cis-sync").mkdir()
    (done,) = group.meet(group.front)
    (said,) = hindered(done)
    assert "“0001slx.cis-sync”" in said


def test_a_file_cut_at_any_length_is_taken_once_it_is_whole(group: Group) -> None:
    back = group.invite("back")
    group.meet(back, group.front)
    add(group.front, "Amina")
    (done,) = group.meet(group.front)
    (path,) = done.written
    raw = path.read_bytes()
    for shown in (b"", raw[:5], bytes(len(raw)), raw[: len(raw) // 2], raw[:-1]):
        path.write_bytes(shown)
        (read,) = group.meet(back)
        assert (read.received, read.half, read.strange) == (0, [path], [])
    path.write_bytes(raw)
    (read,) = group.meet(back)
    assert (read.received, read.half) == (1, [])


def test_a_name_that_something_else_has_is_left_to_it(group: Group) -> None:
    back = group.invite("back")
    group.meet(back, group.front)
    mine = sorted((group.stick / group.front.device[:16]).glob("0*.cis-sync"))[-1]
    taken = mine.with_name(f"{int(mine.stem) + 1:06d}.cis-sync")
    taken.write_bytes(b"")
    add(group.front, "Amina")
    group.meet(group.front, back)
    assert taken.read_bytes() == b""
    assert names(back) == ["Amina"]
