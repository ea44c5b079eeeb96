"""Small notes of this device, in its vault: no part of the history, and never on another laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # For its name only: the window keeps its drafts here, and starts without the vault.
    from cis_desktop.vault.tables import Connection


def noted(connection: Connection, name: str) -> str:
    """Give a note, or nothing."""
    row = connection.execute("select value from local_notes where name = ?", (name,)).fetchone()
    return (row[0] or "") if row else ""


def note(connection: Connection, name: str, value: str) -> None:
    """Keep a note in place of the earlier one of that name."""
    connection.execute(
        "insert into local_notes (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
        (name, value),
    )
