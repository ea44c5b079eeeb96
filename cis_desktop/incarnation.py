"""A copied folder is another device: two that write under one id would each lose what the other wrote.

This computer keeps, outside every workspace, which devices it has had and a number that is drawn anew at each opening;
the vault has the same number. A vault from elsewhere, an older copy put back, and the second of two copies have another
one. Neither has a copy that is opened while the original is open, but it lies elsewhere: a folder that was only moved
is known by its place, or by its lock file, which moves along. Losing the list is harmless: one more device.
"""

from __future__ import annotations

import hashlib
import platform
import secrets
from pathlib import Path

import msgspec
import platformdirs

from cis_desktop.decoding import from_json
from cis_desktop.local_notes import note, noted
from cis_desktop.saving import save
from cis_desktop.vault.lockfile import FILE_NAME as LOCK_FILE
from cis_desktop.vault.store import Vault
from cis_desktop.vault.tables import APPLYING

NOTE = "incarnation"
"""The note in the vault: the id of the device it is about, a blank, and the number."""
LONGEST = 1024 * 1024


class Known(msgspec.Struct, frozen=True):
    """What this computer knows of one device: the number of its last opening, and where that was (hashed)."""

    number: str
    place: str
    lock: int


def list_file() -> Path:
    """Give the file in which this computer lists its devices; there is nothing personal in it."""
    return platformdirs.user_config_path("community-insights", appauthor=False) / "devices.json"


def settle_device(vault: Vault, folder: Path) -> bool:
    """Become a new device if this vault is not the one that this computer last opened; say whether it did.

    Call with the folder's lock held, before anything is written. Where the list cannot be written, nothing is done.
    """
    (uid,) = vault.read.execute("select d.uid from writing w join devices d on d.id = w.device").fetchone()
    about, _, number = noted(vault.read, NOTE).partition(" ")
    listed = _listed()
    known, lock = listed.get(uid.hex()), (folder / LOCK_FILE).stat().st_ino
    # One that never had a number is of this computer's own making: it was just made, restored, or is of an older app.
    new = about == uid.hex() and (
        known is None or known.number != number or (known.place != _place(number, folder) and known.lock != lock)
    )
    if new:
        uid = secrets.token_bytes(16)
    number = secrets.token_hex(16)
    listed[uid.hex()] = Known(number, _place(number, folder), lock)
    try:
        list_file().parent.mkdir(parents=True, exist_ok=True)
        save(list_file(), msgspec.json.encode(listed))
    except OSError:
        return False
    if new:
        vault.new_incarnation(platform.node() or "This computer", uid)
    with vault.transaction(APPLYING) as connection:
        note(connection, NOTE, f"{uid.hex()} {number}")
    return new


def _listed() -> dict[str, Known]:
    try:
        with list_file().open("rb") as file:
            return from_json(file.read(LONGEST), dict[str, Known])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _place(number: str, folder: Path) -> str:
    return hashlib.sha256(f"{number} {folder.resolve()}".encode()).hexdigest()
