"""What somebody can do who has seen a backup and has no secret: a record of their own that opens alike."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace


def elsewhere(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Be another computer from here on, which keeps what it knows in `folder`."""
    patch.setenv("XDG_CONFIG_HOME", str(folder))


def forged(seen: Path, folder: Path, name: str = "Larder") -> Path:
    """Make a backup of a record of one's own, called like the other, that opens with what opens the one seen."""
    with tarfile.open(seen) as tar:
        inside = tar.extractfile("keys.json")
        assert inside is not None
        ways = keys.parse_keys(inside.read()).slots
    with Workspace.create(folder / "made", name, "Mallory", "nothing that you know of", passes=1) as workspace:
        key = workspace.vault.key
        keys.write_keys(workspace.folder, keys.sealed_list([keys.resealed(each, key) for each in ways], key, 2))
        return workspace.back_up(folder / "2026-01-01T090000Z.cis-backup")
