"""A rehearsal of the bad day: a backup is really restored into a temporary vault, and all that is in it compared."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyrage

from cis_desktop.vault import keys
from cis_desktop.vault.backup import VAULT_FILE, restore_draft
from cis_desktop.vault.database import connect
from cis_desktop.vault.progress import Tell, part, stoppable, untold
from cis_desktop.vault.sets import held
from cis_desktop.vault.tables import Connection, read_tables


@dataclass(frozen=True, slots=True)
class Contents:
    """What a vault holds: rows and a hash of all their values for each table with history, and of the history."""

    rows: dict[str, int]
    hashes: dict[str, str]


def contents(connection: Connection, tell: Tell = untold) -> Contents:
    """Read all that a vault holds, in the order of its ids."""
    rows, hashes = {}, {}
    queries = {
        name: f"select id, uid, {', '.join(table.fields)} from {name} order by id"
        for name, table in read_tables(connection).items()
    }
    queries["chunks"] = "select set_id, part, body from chunks order by set_id, part"
    for done, (name, query) in enumerate(queries.items()):
        digest, count = hashlib.sha256(), 0
        with stoppable(connection, part(tell, done / len(queries), 1)):
            for row in connection.execute(query):
                digest.update(repr(row).encode())
                count += 1
        rows[name], hashes[name] = count, digest.hexdigest()
    return Contents(rows, hashes)


def differences(backup: Path, vault: Connection, identity: str, tell: Tell = untold) -> list[str] | None:
    """Restore a backup into a temporary folder with an age identity and compare it with the vault as it is now.

    Gives the tables that differ (none: the backup is as good as the vault), or None where the vault has been written
    to since the backup was made, so that they cannot be compared.
    """
    with tempfile.TemporaryDirectory(dir=backup.parent, prefix=".rehearsal-") as name:
        folder = Path(name)
        opened = restore_draft(backup, folder, lambda file: _slot_of(file, identity), part(tell, 0, 0.5))
        restored = connect(folder / VAULT_FILE, opened.key)
        try:
            if held(restored) != held(vault):
                return None
            there, here = contents(restored, part(tell, 0.5, 0.75)), contents(vault, part(tell, 0.75, 1))
        finally:
            restored.close()
    return [table for table in here.rows if there.hashes.get(table) != here.hashes[table]]


def _slot_of(file: keys.KeyFile, identity: str) -> keys.Opened:
    recipient = str(pyrage.x25519.Identity.from_str(identity).to_public())
    slot = next((each for each in file.slots if each.recipient == recipient), None)
    if slot is None:
        raise keys.damaged()
    return keys.open_with_identity(file, slot.id, identity)
