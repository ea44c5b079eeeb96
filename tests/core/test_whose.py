"""Somebody else's record in the place of a backup opens with your passphrase, and is not taken for yours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cis_desktop import ways_in, whose
from cis_desktop.cli import main
from cis_desktop.errors import CisError
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace

from .forging import elsewhere, forged
from .vault.past.make import WORDS
from .vault.past.stored import stored

ANN = "correct horse battery staple"


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Give the record of the Larder, open on Ann's computer."""
    elsewhere(monkeypatch, tmp_path / "Ann's")
    with Workspace.create(tmp_path / "group", "Larder", "Ann", ANN, tmp_path / "kit.txt", passes=1) as workspace:
        yield workspace


def restored(backup: Path, folder: Path, agreed: str = "") -> whose.Whose:
    """Restore as the window does; give whose record it was."""
    found: list[whose.Whose] = []

    def look(connection: Connection) -> None:
        found.append(whose.whose(connection))
        whose.refuse_unknown(found[0], agreed)

    Workspace.restore(backup, folder, ANN, look).close()
    return found[0]


def test_a_backup_of_a_record_that_this_computer_had_open_is_restored_without_a_question(
    group: Workspace, tmp_path: Path
) -> None:
    before = group.back_up(tmp_path / "before.cis-backup")
    ways_in.change_lock(group)
    after = group.back_up(tmp_path / "after.cis-backup")
    assert restored(before, tmp_path / "one").known
    assert restored(after, tmp_path / "two").known
    # And that of a restored record, which is another device.
    with Workspace.open(tmp_path / "two", ANN) as again:
        assert restored(again.back_up(tmp_path / "third.cis-backup"), tmp_path / "three").known


def test_a_record_of_somebody_who_only_saw_a_backup_is_refused_until_it_is_agreed_to(
    group: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = group.back_up(tmp_path / "seen.cis-backup")
    with monkeypatch.context() as patch:
        elsewhere(patch, tmp_path / "Mallory's")
        false = forged(seen, tmp_path / "forger")
    with pytest.raises(CisError) as refused:
        restored(false, tmp_path / "restored")
    assert refused.value.code == "not_known_here"
    assert "the record of “Larder”, last changed on" in refused.value.sentence
    assert "by Mallory on the computer" in refused.value.sentence
    assert "Nothing was restored yet." in refused.value.sentence
    assert not (tmp_path / "restored").exists()
    # To have agreed to another record is not to have agreed to this one.
    with pytest.raises(CisError):
        restored(false, tmp_path / "restored", agreed="0" * 64)


def test_a_new_computer_says_whose_record_it_is_and_knows_it_from_then_on(
    group: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = group.back_up(tmp_path / "b.cis-backup")
    elsewhere(monkeypatch, tmp_path / "new")
    with pytest.raises(CisError) as refused:
        restored(backup, tmp_path / "one")
    assert "“Larder”" in refused.value.sentence
    found: list[whose.Whose] = []
    Workspace.restore(backup, tmp_path / "looked", ANN, lambda read: found.append(whose.whose(read))).close()
    assert not found[0].known
    assert restored(backup, tmp_path / "two").known


def test_a_backup_of_an_early_version_is_restored_once_it_is_agreed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere(monkeypatch, tmp_path / "Ann's")
    stored(4, tmp_path / "old")
    Workspace.open(tmp_path / "old", WORDS).close()
    (backup,) = (tmp_path / "old" / "backups").glob("*.cis-backup")
    found: list[whose.Whose] = []
    Workspace.restore(backup, tmp_path / "again", WORDS, lambda read: found.append(whose.whose(read))).close()
    assert not found[0].known
    assert "or only in an early version" in found[0].doubt


def test_the_command_warns_of_a_record_that_this_computer_does_not_know(
    group: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    backup, words = group.back_up(tmp_path / "b.cis-backup"), tmp_path / "words"
    words.write_text(ANN)
    given = ["restore", str(backup), str(tmp_path / "known"), "--passphrase-file", str(words)]
    assert main(given) == 0
    assert capsys.readouterr().err == ""
    elsewhere(monkeypatch, tmp_path / "new")
    assert main([*given[:2], str(tmp_path / "unknown"), *given[3:]]) == 0
    assert "It says that it is the record of “Larder”" in capsys.readouterr().err
