"""A copied workspace is another device before its first change; one that was moved, or opened again, is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlcipher3

from cis_desktop import incarnation
from cis_desktop.local_notes import noted
from cis_desktop.packs.role import COPIED_FROM
from cis_desktop.workspace import Workspace

ANN = "correct horse battery staple"


@pytest.fixture(autouse=True)
def this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this computer files of its own."""
    monkeypatch.setattr(incarnation, "files", lambda: tmp_path / "config" / "devices")


@pytest.fixture
def group(tmp_path: Path) -> Path:
    """Make a workspace with a person in it."""
    folder = tmp_path / "group"
    with Workspace.create(folder, "Larder", "Ann", ANN, passes=1) as workspace:
        write(workspace)
    return folder


def write(workspace: Workspace) -> str:
    """Add a person; give the device and the number of the change."""
    with workspace.change("Added a person") as change:
        change.insert("people", reference=change.next_reference("P"), given_name="Zehra")
    return change.id


def device(folder: Path) -> str:
    with Workspace.open(folder, ANN) as workspace:
        assert workspace.problems() == []
        found = workspace.device
        # What is written is written under that device, and never under a number that is taken.
        assert write(workspace).startswith(found[:8])
        return found


def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incarnation, "files", lambda: tmp_path / "other computer" / "devices")


def test_a_workspace_stays_the_same_device_when_it_is_opened_again_and_when_it_is_moved(group: Path) -> None:
    first = device(group)
    assert device(group) == first
    moved = group.rename(group.parent / "moved")
    assert device(moved) == first
    assert device(moved) == first


def test_a_copy_on_another_computer_is_another_device(
    group: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = device(group)
    copy = Path(shutil.copytree(group, tmp_path / "stick" / "group"))
    elsewhere(tmp_path, monkeypatch)
    second = device(copy)
    assert second != first
    assert device(copy) == second


@pytest.mark.parametrize("while_open", [False, True])
def test_a_copy_beside_it_is_another_device_and_the_first_stays_what_it_was(
    group: Path, tmp_path: Path, while_open: bool
) -> None:
    first = device(group)
    if while_open:
        with Workspace.open(group, ANN) as workspace:
            copy = Path(shutil.copytree(group, tmp_path / "copy"))
            other = device(copy)
            assert workspace.device == first
    else:
        copy = Path(shutil.copytree(group, tmp_path / "copy"))
        other = device(copy)
    assert other != first
    assert device(group) == first
    assert device(copy) == other


def test_an_older_copy_put_back_in_its_place_is_another_device(group: Path, tmp_path: Path) -> None:
    shutil.copytree(group, tmp_path / "older")
    first = device(group)
    shutil.rmtree(group)
    shutil.copytree(tmp_path / "older", group)
    assert device(group) != first


def test_a_restored_backup_is_one_other_device(group: Path, tmp_path: Path) -> None:
    with Workspace.open(group, ANN) as workspace:
        backup, first = workspace.back_up(), workspace.device
        (before,) = workspace.read.execute("select count(*) from devices").fetchone()
    with Workspace.restore(backup, tmp_path / "restored", ANN) as restored:
        assert restored.device != first
        assert restored.read.execute("select count(*) from devices").fetchone() == (before + 1,)
        other = restored.device
    assert device(tmp_path / "restored") == other


def test_a_copy_becomes_another_device_and_notes_which_it_was_or_does_neither(group: Path) -> None:
    with Workspace.open(group, ANN) as workspace:
        first, writer = workspace.device, workspace.vault._writer
        for table in ("devices", "local_notes"):
            writer.execute(
                f"create temp trigger cut before insert on main.{table} begin select raise(abort, 'cut off'); end"
            )
            with pytest.raises(sqlcipher3.IntegrityError, match="cut off"):
                workspace.vault.new_copy("Spare laptop")
            assert (workspace.device, noted(workspace.read, COPIED_FROM)) == (first, "")
            writer.execute("drop trigger temp.cut")
        workspace.vault.new_copy("Spare laptop")
        assert workspace.device != first
        assert noted(workspace.read, COPIED_FROM) == first


@pytest.mark.parametrize("what", ["gone", "garbage"])
def test_a_lost_or_damaged_file_makes_one_more_device_and_nothing_worse(group: Path, what: str) -> None:
    first = device(group)
    file = incarnation.files() / f"{first}.json"
    file.unlink() if what == "gone" else file.write_bytes(b"\xff{")
    second = device(group)
    assert second != first
    assert device(group) == second


def test_where_the_file_cannot_be_written_it_opens_as_the_device_it_was(
    group: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = device(group)
    (tmp_path / "a file").write_bytes(b"")
    monkeypatch.setattr(incarnation, "files", lambda: tmp_path / "a file" / "devices")
    assert device(group) == first


def test_the_file_says_nothing_of_the_group_nor_where_its_folder_is(group: Path) -> None:
    raw = (incarnation.files() / f"{device(group)}.json").read_bytes()
    for said in (b"Larder", b"Ann", b"group", str(group).encode()):
        assert said not in raw
