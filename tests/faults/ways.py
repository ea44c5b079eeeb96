"""The secrets that open what lies in a place, and opening it with them."""

from __future__ import annotations

import json
from pathlib import Path

from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace


def write_secrets(place: Path, secrets: dict[str, str]) -> None:
    """Keep the secrets of what is in a place."""
    (place / "secrets.json").write_text(json.dumps(secrets), encoding="utf-8")


def secrets_of(place: Path) -> dict[str, str]:
    """Give the secrets that open what is in a place."""
    found: dict[str, str] = json.loads((place / "secrets.json").read_text(encoding="utf-8"))
    return found


def opened(place: Path, name: str = "") -> Workspace:
    """Open a workspace of a place (Ann's unless named) without the wait for a passphrase."""
    mine = secrets_of(place)
    return Workspace.open_slot(
        place / (name or "group"),
        lambda file: keys.open_with_identity(file, mine[f"{name}slot"], mine[f"{name}identity"]),
    )
