"""What is half written, kept inside the vault so that locking, closing or a crash loses no word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cis_desktop.local_notes import note, noted

if TYPE_CHECKING:
    from cis_desktop.vault.history import Change
    from cis_desktop.vault.tables import Connection

NAME = "drafts"


def read(connection: Connection) -> dict[str, Any]:
    """Give the drafts by place, as they were when last kept."""
    # Inside, here and below: a window that is locked has no drafts, and every start would wait for it.
    import json

    kept = noted(connection, NAME)
    return json.loads(kept) if kept else {}


def as_kept(written: dict[str, Any]) -> str:
    """Write drafts as they are kept."""
    import json

    return json.dumps(written, ensure_ascii=False, sort_keys=True)


def keep(change: Change, kept: str) -> None:
    """Keep these drafts in place of the earlier ones."""
    note(change.connection, NAME, kept)
