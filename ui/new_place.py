"""Where a new record may go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from cis_desktop.paths import synced


def is_taken(folder: Path) -> bool:
    """Say whether something is in a folder already; one that cannot be looked into counts."""
    try:
        return folder.is_dir() and any(folder.iterdir())
    except OSError:
        return True


def new_place() -> Path:
    """Give a folder for a new record that is not taken, and that no cloud service copies where that can be told."""
    where = QStandardPaths.StandardLocation
    documents = Path(QStandardPaths.writableLocation(where.DocumentsLocation))
    home = Path(QStandardPaths.writableLocation(where.HomeLocation)) if synced(documents) else documents
    names = ["Community Insights", *(f"Community Insights {number}" for number in range(2, 100))]
    return next((home / name for name in names if not (home / name).exists()), home / names[0])
