"""Which folder this laptop shares by, and when it last looked there: notes of this laptop, on no other one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cis_desktop.errors import CisError
from cis_desktop.local_notes import note, noted
from cis_desktop.vault.history import now
from cis_desktop.vault.tables import APPLYING, Connection
from cis_desktop.workspace import Workspace, setting

GROUP = "sync_group"
"""The setting by which files of one group are told from those of another."""
JOINING = "sync_joining"
"""The note of the invitation that a new record was made with, until it has received the group's."""
FOLDER = "sync_folder"
LOOKED = "sync_looked"


@dataclass(frozen=True, slots=True)
class Looked:
    """When this laptop last exchanged with the others (UTC), and how many change sets went and came then."""

    at: str
    sent: int
    received: int


def shared(connection: Connection) -> bool:
    """Say whether this record is shared, or waits to be."""
    return bool(setting(connection, GROUP)) or waits(connection)


def waits(connection: Connection) -> bool:
    """Say whether this laptop waits for the group's record."""
    return bool(noted(connection, JOINING))


def chosen(connection: Connection) -> Path | None:
    """Give the folder that was chosen on this laptop."""
    kept = noted(connection, FOLDER)
    return Path(kept) if kept else None


def choose(connection: Connection, folder: Path | None, record: Path) -> None:
    """Remember the folder to share by, or that there is none; `record` is the one that is open. Call inside a change.

    Raises CisError `sync_folder_record`.
    """
    if folder is not None and folder.resolve().is_relative_to(record.resolve()):
        raise CisError(
            "sync_folder_record",
            "That is the folder of the record itself",
            "What laptops exchange needs a folder of its own: on a stick, or one that a cloud service copies. Nothing "
            "was changed. Choose another folder.",
        )
    note(connection, FOLDER, str(folder or ""))


def last_look(connection: Connection) -> Looked | None:
    """Give the last exchange of this laptop, if there was any."""
    at, _, counts = noted(connection, LOOKED).partition(" ")
    sent, _, received = counts.partition(" ")
    return Looked(at, int(sent), int(received)) if at else None


def note_look(workspace: Workspace, sent: int, received: int) -> None:
    """Note that this laptop exchanged with the others just now."""
    with workspace.vault.transaction(APPLYING) as connection:
        note(connection, LOOKED, f"{now()} {sent} {received}")
    # What a laptop is known to have may be more now, even where nothing came.
    workspace.vault.told(frozenset({"receipts"}))
