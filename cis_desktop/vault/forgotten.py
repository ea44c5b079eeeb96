"""Who was erased, kept beside the backups: an older backup must not bring them back.

A file of hashes, without personal data, signed with a key that is inside the vault and so inside every backup of it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cis_desktop.decoding import from_json
from cis_desktop.errors import CisError
from cis_desktop.saving import save
from cis_desktop.vault.tables import Connection

FILE_NAME = "erased.json"
LARGEST = 64 * 1024**2
_NOTE = "erasures_key"


class Forgotten(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file. `erased` has the table and the hash of the uid of each erased row, both sorted; bytes are hex."""

    erased: tuple[tuple[str, str], ...]
    signature: str
    format: Literal["cis-erased"] = "cis-erased"
    version: Literal[1] = 1


def write(connection: Connection, folder: Path) -> None:
    """Write the list of this vault beside its backups, if anybody was ever erased. Raises OSError."""
    erased = tuple((str(table), bytes(digest).hex()) for table, digest in _erased(connection))
    if erased:
        made = Forgotten(erased, _key(connection).sign(_signed(erased)).hex())
        save(folder / FILE_NAME, msgspec.json.encode(made))


def read(connection: Connection, folder: Path) -> dict[str, set[bytes]]:
    """Give the rows that must be erased again in this vault, by table: hashes of uids it does not know as erased.

    Raises CisError `erased_list_damaged` for a list that this vault's key has not signed.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            found = from_json(file.read(LARGEST), Forgotten)
        _key(connection).public_key().verify(bytes.fromhex(found.signature), _signed(found.erased))
        listed = {(table, bytes.fromhex(digest)) for table, digest in found.erased}
    except (msgspec.MsgspecError, ValueError, InvalidSignature) as error:
        raise CisError(
            "erased_list_damaged",
            "The list of erased people is not whole",
            f"The file {FILE_NAME} beside the backup says who was erased since, and it is damaged or of another "
            "record. Nothing was restored. Put the right one there, or move it away and restore without it; whoever "
            "was erased since then comes back and has to be erased again.",
        ) from error
    by_table: dict[str, set[bytes]] = {}
    for table, digest in listed - {(str(table), bytes(digest)) for table, digest in _erased(connection)}:
        by_table.setdefault(table, set()).add(digest)
    return by_table


def mark(connection: Connection) -> str:
    """Give the hash (SHA-256, hex) of the key in this record and its backups; empty where there is none.

    Only who could open the record has that key: a record of somebody else, sealed to open alike, has another mark.
    """
    row = connection.execute("select value from local_notes where name = ?", (_NOTE,)).fetchone()
    return hashlib.sha256(f"cis-record 1\n{row[0]}".encode()).hexdigest() if row and row[0] else ""


def _erased(connection: Connection) -> list[tuple[str, bytes]]:
    return connection.execute("select tbl, uid_hash from erased order by tbl, uid_hash").fetchall()  # type: ignore[no-any-return]


def _key(connection: Connection) -> Ed25519PrivateKey:
    (value,) = connection.execute("select value from local_notes where name = ?", (_NOTE,)).fetchone()
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(value))


def _signed(erased: tuple[tuple[str, str], ...]) -> bytes:
    return b"cis-erased 1\n" + msgspec.json.encode(erased)
