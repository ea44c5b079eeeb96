"""A disk without room for what SQLite writes beside the vault: the record is read all the same, and nothing changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cis_desktop.cli import main
from cis_desktop.errors import CisError
from cis_desktop.health import check
from cis_desktop.vault.database import only_to_read
from cis_desktop.workspace import Workspace
from tests.core.vault.past.make import WORDS
from tests.core.vault.past.stored import VERSIONS, stored

ANN = "correct horse battery staple"


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file grow beyond a few bytes: to SQLite that is a full disk."""
    resource = pytest.importorskip("resource", reason="only where files can be kept small")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def group(tmp_path: Path) -> Path:
    """Give the folder of a record with one person."""
    with Workspace.create(tmp_path / "group", "Larder", "Ann", ANN, passes=1) as workspace:
        save(workspace, "Zehra")
    return tmp_path / "group"


def save(workspace: Workspace, name: str) -> None:
    with workspace.change("Added a person") as change:
        change.insert("people", reference=change.next_reference("P"), given_name=name)


def names(workspace: Workspace) -> list[str]:
    with workspace.reader() as connection:
        beside = connection.execute("select given_name from people order by id").fetchall()
    found = workspace.read.execute("select given_name from people order by id").fetchall()
    assert found == beside
    return [name for (name,) in found]


def test_a_record_that_finds_no_room_to_open_is_read_and_refuses_each_change_in_words(group: Path) -> None:
    before = (group / "vault.db").read_bytes()
    with no_room(), Workspace.open(group, ANN) as workspace:
        assert workspace.vault.reading
        assert (workspace.who, names(workspace)) == ("Ann", ["Zehra"])
        assert check(workspace) == []
        for act in (lambda: save(workspace, "Yusuf"), workspace.vault.alone().__enter__):
            with pytest.raises(CisError) as refused:
                act()
            assert (refused.value.code, refused.value.title) == ("disk_full", "The record can only be read now")
        assert "Delete something else" in refused.value.sentence
    assert (group / "vault.db").read_bytes() == before
    with Workspace.open(group, ANN) as workspace:
        assert not workspace.vault.reading
        save(workspace, "Yusuf")
        assert names(workspace) == ["Zehra", "Yusuf"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork, nor memory of its own for a log")
def test_what_was_saved_before_a_crash_and_lies_in_the_log_is_read_too(group: Path) -> None:
    if (child := os.fork()) == 0:
        # Ends without closing anything: what it saved is in the log alone.
        workspace = Workspace.open(group, ANN)
        save(workspace, "Yusuf")
        os._exit(0)
    os.waitpid(child, 0)
    assert (group / "vault.db-wal").stat().st_size
    with no_room(), Workspace.open(group, ANN) as workspace:
        assert workspace.vault.reading
        assert names(workspace) == ["Zehra", "Yusuf"]
    with Workspace.open(group, ANN) as workspace:
        assert names(workspace) == ["Zehra", "Yusuf"]
        assert workspace.problems() == []


def test_a_record_of_an_earlier_version_needs_room_to_open_and_says_so(tmp_path: Path) -> None:
    stored(max(VERSIONS), tmp_path / "group")
    with no_room(), pytest.raises(CisError) as refused:
        Workspace.open(tmp_path / "group", WORDS)
    assert refused.value.title == "There is no room to open the record"
    assert "Nothing is lost" in refused.value.sentence
    Workspace.open(tmp_path / "group", WORDS).close()


def test_a_command_reads_it_and_says_that_nothing_can_be_saved(
    group: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "words"
    words.write_text(ANN)
    with no_room():
        assert main(["history", str(group), "--passphrase-file", str(words)]) == 0
        read = capsys.readouterr()
        assert main(["check", str(group), "--passphrase-file", str(words)]) == 0
        checked = capsys.readouterr()
        assert main(["rekey", str(group), "--passphrase-file", str(words)]) == 1
        refused = capsys.readouterr()
    assert "Added a person" in read.out
    assert read.err.strip() == checked.err.strip() == refused.err.strip() == only_to_read().sentence
