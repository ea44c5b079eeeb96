"""The file of an import is kept inside, and deleted outside only when what is inside is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from cis_desktop import outside
from cis_desktop.errors import CisError
from cis_desktop.intake import originals
from cis_desktop.intake.commit import ImportResult, commit
from cis_desktop.intake.draft import draft
from cis_desktop.intake.guessing import guess
from cis_desktop.intake.reading import read
from cis_desktop.workspace import Workspace

CANARY = b"zebracanary"


def imported(workspace: Workspace, path: Path, *rows: str) -> tuple[str, ImportResult]:
    """Bring in a list of these rows; give its fingerprint and what came of it."""
    path.write_text("\n".join(["Date,Client ID,First name", *rows, ""]))
    sheet = read(path)
    return sheet.sha256, commit(workspace, draft(sheet, guess(sheet).mapping))


def test_a_kept_original_is_the_file_to_the_byte_and_can_be_saved_out_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    sha256, result = imported(workspace, path, "1/13/2018,1,Mei", "1/14/2018,2,Zebracanary")
    before, sets = path.read_bytes(), len(workspace.change_sets())
    kept = originals.keep(workspace, path, sha256, result)
    assert (kept.name, kept.size, kept.kept_by) == ("list.csv", len(before), "Ann")
    assert originals.delete_outside(workspace, path, sha256)
    assert not path.exists()
    originals.save_out(workspace, kept.id, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == before
    assert [(each.path.name, each.kind, each.there) for each in outside.listed(workspace.read)] == [
        ("again.csv", "original", True)
    ]
    # Kept on this laptop, and no part of the history.
    assert len(workspace.change_sets()) == sets
    assert workspace.problems() == []
    assert CANARY not in (workspace.folder / "vault.db").read_bytes()


def test_a_file_is_deleted_only_when_the_same_is_kept_inside(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    sha256, result = imported(workspace, path, "1/13/2018,1,Mei")
    with pytest.raises(CisError) as told:
        originals.delete_outside(workspace, path, sha256)
    assert told.value.code == "not_kept"
    originals.keep(workspace, path, sha256, result)
    path.write_text("something that was written meanwhile")
    with pytest.raises(CisError) as told:
        originals.delete_outside(workspace, path, sha256)
    assert told.value.code == "changed_file"
    assert path.read_text() == "something that was written meanwhile"


def test_what_is_kept_is_read_back_before_anything_is_deleted(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    sha256, result = imported(workspace, path, "1/13/2018,1,Mei")
    kept = originals.keep(workspace, path, sha256, result)
    with workspace.change("Spoilt it") as change:
        change.connection.execute("update kept_originals set body = zeroblob(40) where id = ?", (kept.id,))
    with pytest.raises(CisError) as told:
        originals.delete_outside(workspace, path, sha256)
    assert told.value.code == "damaged_original"
    assert path.exists()


def test_a_file_that_changed_since_it_was_read_or_is_too_large_is_not_kept(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.csv"
    sha256, result = imported(workspace, path, "1/13/2018,1,Mei")
    monkeypatch.setattr(originals, "MOST", 10)
    with pytest.raises(CisError) as told:
        originals.keep(workspace, path, sha256, result)
    assert told.value.code == "too_large"
    monkeypatch.undo()
    path.write_text("other")
    with pytest.raises(CisError) as told:
        originals.keep(workspace, path, sha256, result)
    assert told.value.code == "changed_file"
    assert originals.listed(workspace.read) == []


def test_an_undone_import_leaves_its_original_kept(workspace: Workspace, tmp_path: Path) -> None:
    sha256, result = imported(workspace, tmp_path / "list.csv", "1/13/2018,1,Mei")
    originals.keep(workspace, tmp_path / "list.csv", sha256, result)
    assert result.change_set is not None
    workspace.undo(result.change_set)
    assert originals.find(workspace.read, sha256) is not None


def test_whoever_is_erased_is_in_no_kept_original(workspace: Workspace, tmp_path: Path) -> None:
    one, first = imported(workspace, tmp_path / "one.csv", "1/13/2018,1,Mei")
    two, second = imported(workspace, tmp_path / "two.csv", "2/13/2018,7,Tom")
    both, third = imported(workspace, tmp_path / "both.csv", "3/13/2018,1,Mei", "4/13/2018,8,Olu")
    for name, sha256, result in (("one", one, first), ("two", two, second), ("both", both, third)):
        originals.keep(workspace, tmp_path / f"{name}.csv", sha256, result)
    (mei,) = workspace.read.execute("select id from people where given_name = 'Mei'").fetchone()
    workspace.erase("Erased somebody", [("people", mei)])
    assert [each.name for each in originals.listed(workspace.read)] == ["two.csv"]


def test_files_outside_are_listed_once_each_with_whether_they_are_there(workspace: Workspace, tmp_path: Path) -> None:
    here, gone = tmp_path / "a.csv", tmp_path / "b.csv"
    here.write_text("a")
    for path, kind in ((here, "import"), (gone, "rejects"), (here, "rejects")):
        with workspace.change("Listed a file outside") as change:
            outside.note(change, path, kind)
    found = {each.path.name: (each.kind, each.there, each.who) for each in outside.listed(workspace.read)}
    assert found == {"a.csv": ("rejects", True, "Ann"), "b.csv": ("rejects", False, "Ann")}
    assert outside.delete(here)
    assert not outside.delete(here)
    with workspace.change("Took it off the list") as change:
        outside.forget(change, here)
    assert [each.path.name for each in outside.listed(workspace.read)] == ["b.csv"]


def test_a_file_that_cannot_be_deleted_is_said_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(CisError) as told:
        outside.delete(tmp_path / "folder")
    assert told.value.code == "not_deleted"
