"""A new workspace with all it starts from: the code lists and the first themes."""

from __future__ import annotations

from pathlib import Path

from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.workspace import Workspace


def found(folder: Path, name: str, person: str, passphrase: str, kit_file: Path | None = None) -> Workspace:
    """Create a workspace, put the shipped code lists into it, and open it. See `Workspace.create`."""
    workspace = Workspace.create(folder, name, person, passphrase, kit_file)
    with workspace.change("Added the lists of categories") as change:
        load_code_lists(change)
    return workspace
