"""Keeping the record: a backup with its check, and a change of the key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cis_desktop import ways_in
from cis_desktop.demo import populate
from cis_desktop.vault.database import connect
from cis_desktop.vault.integrity import ROOM
from cis_desktop.workspace import Workspace

WORDS = "four words are enough"
BUSY = 10_000
"""People: the busy centre of `performance`, 100,000 visits."""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Give a busy centre's workspace, opened with a passphrase that costs almost nothing."""
    folder = tmp_path_factory.mktemp("busy") / "group"
    with Workspace.create(folder, "Larder", "Ann", WORDS, passes=1) as workspace:
        populate(workspace, people=BUSY)
        yield workspace


def test_a_backup_and_its_check(compare: Any, busy: Workspace, tmp_path: Path) -> None:
    """Beside a copy of the file and SQLCipher's and SQLite's own checks of that copy, with as much room for pages."""

    def reference() -> None:
        shutil.copyfile(busy.folder / "vault.db", tmp_path / "copy.db")
        copy = connect(tmp_path / "copy.db", busy.vault.key)
        copy.execute(f"pragma cache_size = -{ROOM}")
        assert not copy.execute("pragma cipher_integrity_check").fetchall()
        assert copy.execute("pragma integrity_check").fetchall() == [("ok",)]
        copy.close()

    busy.vault._writer.execute("pragma wal_checkpoint(truncate)")
    compare("backup and its check, 20x", lambda: busy.back_up(tmp_path / "b.cis-backup"), reference, goal=1.5, rounds=3)


def test_a_change_of_the_key(compare: Any, busy: Workspace, tmp_path: Path) -> None:
    """Beside a copy of the file: a change of the key copies, encrypts anew and checks."""
    compare(
        "change of the key, 20x",
        lambda: ways_in.change_lock(busy),
        lambda: shutil.copyfile(busy.folder / "vault.db", tmp_path / "copy.db"),
        rounds=2,
    )
