"""Where the files that come with the application are, from a checkout, installed, or frozen."""

from __future__ import annotations

import sys
from pathlib import Path

CLOUD_FOLDERS = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "mobile documents", "syncthing")
EXAMPLE_SIGN = "EXAMPLE.txt"
"""In the folder of the example only: its passphrase, for whoever opens it again."""


def resources() -> Path:
    """Give the folder of icons, fonts, code lists and the rest."""
    frozen = getattr(sys, "_MEIPASS", None)
    home = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return home / "resources"


def synced(folder: Path) -> bool:
    """Say whether a cloud service copies what is in a folder, by the folder's name."""
    lowered = str(folder).lower()
    return any(cloud in lowered for cloud in CLOUD_FOLDERS)
