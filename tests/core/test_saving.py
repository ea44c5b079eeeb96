"""A file is written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from cis_desktop.saving import save


def test_a_file_takes_the_place_of_the_older_one_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    save(path, b"older")
    save(path, b"newer")
    assert path.read_bytes() == b"newer"
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]


def test_what_cannot_get_its_name_leaves_what_was_there_and_no_draft(tmp_path: Path) -> None:
    taken = tmp_path / "list.csv"
    taken.mkdir()
    (taken / "inside").write_bytes(b"here before")
    with pytest.raises(OSError, match=r"list\.csv"):
        save(taken, b"newer")
    assert (taken / "inside").read_bytes() == b"here before"
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]


def test_a_folder_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save(tmp_path / "gone" / "list.csv", b"newer")
    assert not (tmp_path / "gone").exists()
