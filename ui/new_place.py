"""Where a new record may go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from cis_desktop.paths import synced

FOLDER_REFUSED = ("cloud_folder", "network_folder", "folder_taken", "folder_not_empty", "not_allowed")
"""The codes of the errors that are about the folder of a new record."""


def is_taken(folder: Path) -> bool:
    """Say whether something is in a folder already; one that cannot be looked into counts."""
    try:
        return folder.is_dir() and any(folder.iterdir())
    except OSError:
        return True


def free_place(name: str, ending: str = "") -> Path:
    """Give a file or folder among the documents that is not there yet, or an empty folder."""
    where = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    names = [f"{name}{ending}", *(f"{name}-{number}{ending}" for number in range(2, 100))]
    free = (where / each for each in names if not (where / each).is_file() and not is_taken(where / each))
    return next(free, where / names[0])


def new_place() -> Path:
    """Give a folder for a new record that is not taken, and that no cloud service copies where that can be told."""
    where = QStandardPaths.StandardLocation
    documents = Path(QStandardPaths.writableLocation(where.DocumentsLocation))
    home = Path(QStandardPaths.writableLocation(where.HomeLocation)) if synced(documents) else documents
    names = ["Community Insights", *(f"Community Insights {number}" for number in range(2, 100))]
    return next((home / name for name in names if not (home / name).exists()), home / names[0])
