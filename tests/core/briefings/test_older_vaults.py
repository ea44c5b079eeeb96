"""A vault from before there were briefings opens, and takes them in."""

from __future__ import annotations

import shutil
from pathlib import Path

from cis_desktop.briefings.incoming import import_briefing
from cis_desktop.briefings.reading import briefings
from cis_desktop.records.search import search
from cis_desktop.vault import Vault
from cis_desktop.vault.database import MIGRATIONS
from cis_desktop.workspace import VAULT_FILE, Workspace
from tests.core.briefings import made

KEY = bytes(range(32))


def test_an_older_vault_is_brought_up_to_date_with_all_that_is_in_it(tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()
    for step in MIGRATIONS.glob("000[123]_*.sql"):
        shutil.copy(step, older)
    folder = tmp_path / "group"
    folder.mkdir()
    vault = Vault(folder / VAULT_FILE, KEY, "laptop", older, new=True)
    with vault.change("Ann", "Added a person") as change:
        change.insert("people", reference="P-0001", given_name="Zehra")
    vault.close()
    table = tmp_path / "heating.csv"
    table.write_text(made.TABLE, encoding="utf-8")
    with Workspace.open_raw(folder, KEY, "Ann") as workspace:
        done = import_briefing(workspace, [table])
        assert [hit.label for hit in search(workspace.read, "Zehra")] == ["Zehra"]
        assert [one.id for one in briefings(workspace.read)] == list(done.briefings)
        workspace.undo(workspace.change_sets()[-1].id)
        assert search(workspace.read, "Zehra") == []
        assert workspace.problems() == []
