"""A copied folder is another device: two that write under one id would each lose what the other wrote.

This computer keeps, outside every workspace, a small file for each device it has been, with a number that is drawn anew
at each opening; the vault has the same number. A vault from elsewhere, an older copy put back, and the second of two
copies have another one. A copy that is opened while the original is open has the same, but lies elsewhere: a folder
that was only moved is known by its place, or by its lock file, which moves along. Losing the file is harmless: one more
device.
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
from cis_desktop.vault.forgotten import mark
from cis_desktop.vault.lockfile import FILE_NAME as LOCK_FILE
from cis_desktop.vault.store import Vault
from cis_desktop.vault.tables import APPLYING

NOTE = "incarnation"
"""The note in the vault: the id of the device it is about, a blank, and the number."""
LONGEST = 4096


class Known(msgspec.Struct, frozen=True):
    """What this computer knows of one device: the number of its last opening, and where that was (hashed).

    `record` is the mark of its record (`vault/forgotten.py`).
    """

    number: str
    place: str
    lock: int
    record: str = ""


def files() -> Path:
    """Give the folder in which this computer keeps a file for each device; there is nothing personal in them."""
    return platformdirs.user_config_path("community-insights", appauthor=False) / "devices"


def settle_device(vault: Vault, folder: Path) -> bool:
    """Become a new device if this vault is not the one that this computer last opened; say whether it did.

    Call with the folder's lock held, before anything is written. Where the file cannot be written, nothing is done.
    """
    (uid,) = vault.read.execute("select d.uid from writing w join devices d on d.id = w.device").fetchone()
    about, _, number = noted(vault.read, NOTE).partition(" ")
    known, lock = _known(uid), (folder / LOCK_FILE).stat().st_ino
    # One that never had a number is of this computer's own making: it was just made, restored, or is of an older app.
    new = about == uid.hex() and (
        known is None or known.number != number or (known.place != _place(number, folder) and known.lock != lock)
    )
    if new:
        uid = secrets.token_bytes(16)
    number = secrets.token_hex(16)
    try:
        files().mkdir(parents=True, exist_ok=True)
        known = Known(number, _place(number, folder), lock, mark(vault.read))
        save(files() / f"{uid.hex()}.json", msgspec.json.encode(known))
    except OSError:
        return False
    if new:
        vault.new_copy(platform.node() or "This computer", uid)
    with vault.transaction(APPLYING) as connection:
        note(connection, NOTE, f"{uid.hex()} {number}")
    return new


def knows(record: str) -> bool:
    """Say whether this computer has had a record of this mark open."""
    return bool(record) and any(
        known.record == record for path in files().glob("*.json") if (known := _read(path)) is not None
    )


def _known(uid: bytes) -> Known | None:
    return _read(files() / f"{uid.hex()}.json")


def _read(path: Path) -> Known | None:
    try:
        with path.open("rb") as file:
            return from_json(file.read(LONGEST), Known)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _place(number: str, folder: Path) -> str:
    return hashlib.sha256(f"{number} {folder.resolve()}".encode()).hexdigest()
