"""Opening a vault as the device it is, or only to be read where its disk is full."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import sqlcipher3

from cis_desktop.errors import CisError
from cis_desktop.incarnation import settle_device
from cis_desktop.vault.backup import VAULT_FILE, back_up
from cis_desktop.vault.database import connect, is_older
from cis_desktop.vault.rekey import Settled
from cis_desktop.vault.store import Vault

REFUSED = ("disk_full", "disk_failing")
"""What a disk is told by that does not take what opening writes: SQLite's shared memory, and which device this is."""


def open_vault(folder: Path, settled: Settled, backup: Path) -> Vault:
    """Open the vault of a folder whose lock is held; one of an earlier version is backed up to `backup` first.

    Where the disk refuses to be written to, it is opened only to be read. Raises CisError.
    """
    path = folder / VAULT_FILE
    try:
        _back_up_before_migrating(path, settled, backup)
        vault = Vault(path, settled.key)
        try:
            settle_device(vault, folder)
        except BaseException:
            vault.close()
            raise
    except CisError as error:
        if error.code in REFUSED:
            # One of an earlier version cannot be read as it is, nor on Windows one whose log holds something.
            with suppress(CisError, sqlcipher3.DatabaseError):
                return Vault(path, settled.key, reading=True)
        raise
    return vault


def _back_up_before_migrating(path: Path, settled: Settled, backup: Path) -> None:
    connection = connect(path, settled.key)
    try:
        if is_older(connection):
            back_up(connection, settled.key, settled.file, backup)
    finally:
        connection.close()
