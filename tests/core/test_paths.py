"""Where a live vault may not be: folders that are copied away, and disks of other computers."""

from __future__ import annotations

from pathlib import Path

import pytest

from cis_desktop.errors import CisError
from cis_desktop.paths import networked, synced
from cis_desktop.workspace import Workspace

ANN = "correct horse battery staple"


@pytest.mark.parametrize("name", ["OneDrive - Larder", "My Dropbox", "Google Drive", "Mobile Documents", "Syncthing"])
def test_a_synced_folder_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    assert synced(tmp_path / name / "group")
    assert not synced(tmp_path / "Documents" / "group")


@pytest.mark.parametrize(
    "name",
    [
        "Nextcloud", "ownCloud", "Box", "Box Sync", "MEGA", "MEGAsync", "Proton Drive", "ProtonDrive", "pCloudDrive",
        "Tresorit", "SpiderOak", "SpiderOak Hive", "Seafile", "Insync", "Sync", "Library/CloudStorage/Box-Box",
        "Library/CloudStorage/ProtonDrive-ann@example.org-folder",
    ],
)  # fmt: skip
def test_an_empty_folder_that_a_service_has_named_is_known(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir(parents=True)
    assert synced(tmp_path / name)
    assert synced(tmp_path / name / "group")


@pytest.mark.parametrize("name", ["Inbox", "box of files", "Boxes", "Omega", "Mega sale", "Sync notes", "Seafile.txt"])
def test_a_folder_whose_name_only_looks_like_one_is_used(tmp_path: Path, name: str) -> None:
    assert not synced(tmp_path / name / "group")


def test_a_link_to_another_place_goes_by_the_name_of_the_link_as_well(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "Nextcloud").symlink_to(tmp_path / "data")
    assert synced(tmp_path / "Nextcloud" / "group")
    assert not synced(tmp_path / "data" / "group")


@pytest.mark.parametrize("sign", [".stfolder", ".dropbox.cache", ".sync_3f2a.db", ".tmp.driveupload"])
def test_a_synced_folder_is_known_by_what_the_service_leaves_in_it(tmp_path: Path, sign: str) -> None:
    (tmp_path / "shared").mkdir()
    assert not synced(tmp_path / "shared" / "group")
    (tmp_path / "shared" / sign).touch()
    assert synced(tmp_path / "shared" / "group")


def test_the_folder_that_windows_calls_onedrive_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "Work files"))
    assert synced(tmp_path / "Work files" / "group")
    assert not synced(tmp_path / "Other files" / "group")


def test_a_disk_of_another_computer_is_known_by_its_file_system(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n//server/files /mnt/our\\040server cifs rw 0 0\n"
        "server:/home /home nfs4 rw 0 0\n/dev/sdb1 /home/stick vfat rw 0 0\n"
    )
    there = {
        "/mnt/our server/group": True, "/home/ann/group": True, "/home/stick/group": False, "/srv/group": False,
    }  # fmt: skip
    assert {place: networked(Path(place), mounts) for place in there} == there
    assert not networked(tmp_path, tmp_path / "no such file")


def test_a_record_that_was_moved_into_a_synced_folder_is_not_opened_there(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "group", "Larder", "Ann", ANN, passes=1).close()
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "group").rename(tmp_path / "Dropbox" / "group")
    with pytest.raises(CisError) as refused:
        Workspace.open(tmp_path / "Dropbox" / "group", ANN)
    assert refused.value.code == "cloud_folder"
    assert "Move the whole folder" in refused.value.sentence
    (tmp_path / "Dropbox" / "group").rename(tmp_path / "group")
    Workspace.open(tmp_path / "group", ANN).close()
