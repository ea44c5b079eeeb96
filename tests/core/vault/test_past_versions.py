"""A vault of every past version of the schema is backed up, brought up to date, and is as it was stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from cis_desktop import backups
from cis_desktop.vault import keys
from cis_desktop.vault.backup import restore_draft
from cis_desktop.vault.database import connect, steps
from cis_desktop.workspace import Workspace

from .past.make import WORDS
from .past.stored import VERSIONS, stored

FIRST = 3
"""Versions 1 and 2 were never the newest: the first code that made vaults made version 3."""


def test_there_is_a_stored_vault_of_every_version_that_ever_was_the_newest() -> None:
    newest = steps()[-1][0]
    missing = set(range(FIRST, newest)) - set(VERSIONS)
    assert not missing, f"make them with tests/core/vault/past/make.py: {missing}"


@pytest.mark.parametrize("version", [each for each in VERSIONS if each < steps()[-1][0]])
def test_a_vault_of_a_past_version_is_backed_up_and_brought_up_to_date_as_it_was(tmp_path: Path, version: int) -> None:
    folder = tmp_path / "group"
    facts = stored(version, folder)
    with Workspace.open(folder, WORDS) as workspace:
        assert workspace.problems() == []
        assert workspace.read.execute("pragma user_version").fetchone() == (steps()[-1][0],)
        sets = [[one.words, one.rows] for one in workspace.change_sets()]
        # Before there was a list of who can open it, opening it makes that list.
        assert sets[len(sets) - len(facts["sets"]) :] == facts["sets"]
        assert len(sets) - len(facts["sets"]) <= 1
        for table, found in facts["rows"].items():
            assert list(workspace.read.execute(f"select count(*), sum(gone) from {table}").fetchone()) == found, table
        people = "select id, reference, given_name, note from people where gone = 0 order by id"
        assert [list(row) for row in workspace.read.execute(people)] == facts["people"]
        assert workspace.read.execute("select count(*) from found where found match 'zeynep'").fetchone() == (1,)
        (backup,) = backups.made(folder / backups.FOLDER)

        # What was imported by that version can still be undone, and what was erased stays erased.
        imported = next(one.id for one in workspace.change_sets() if one.words == "Imported list.csv")
        workspace.undo(imported)
        left = workspace.read.execute("select given_name from people where gone = 0").fetchall()
        assert left == [("Zeynep",)]
        assert workspace.problems() == []
        assert workspace.read.execute("select count(*) from people where reference = 'P-0002'").fetchone() == (0,)
    kit = facts["kit"].strip().splitlines()[-1]
    (tmp_path / "draft").mkdir()
    opened = restore_draft(backup.path, tmp_path / "draft", lambda file: keys.open_with_recovery(file, kit))
    before = connect(tmp_path / "draft" / "vault.db", opened.key)
    assert before.execute("pragma user_version").fetchone() == (version,)
    before.close()
    with Workspace.restore(backup.path, tmp_path / "restored", kit) as restored:
        assert restored.problems() == []
        assert [list(row) for row in restored.read.execute(people)] == facts["people"]
