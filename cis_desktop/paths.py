"""Where the files that come with the application are, from a checkout, installed, or frozen."""

from __future__ import annotations

import sys
from pathlib import Path


def resources() -> Path:
    """Give the folder of icons, fonts, code lists and the rest."""
    frozen = getattr(sys, "_MEIPASS", None)
    home = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return home / "resources"
