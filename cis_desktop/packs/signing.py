"""The key that signs packs: Ed25519 (RFC 8032) over canonical JSON (`strict_json`), in which there are no fractions."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cis_desktop.errors import CisError
from cis_desktop.local_notes import note, noted
from cis_desktop.vault.tables import Connection
from cis_desktop.words import fingerprint
from cis_desktop.workspace import Workspace

SIGNING = "pack_signing_key:"
"""The note that holds it goes by this and the id of the laptop it belongs to: a copy of the record has it as well."""
_DRAWING = "disclosure_secret"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key of 32 bytes that signs packs. It is never written outside the vault.

    `follows` are the signed statements by which it follows from earlier keys, oldest first (see `role.lineage`).
    """

    private: bytes
    follows: tuple[dict[str, Any], ...] = ()

    def __repr__(self) -> str:
        return f"Signer({fingerprint(self.public)})"

    @property
    def public(self) -> str:
        """Give the public key: 64 hexadecimal digits."""
        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw().hex()

    def sign(self, data: bytes) -> str:
        """Return the signature over `data`: 128 hexadecimal digits."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(data).hex()


def signing_key(workspace: Workspace) -> Signer:
    """Give this laptop's key that signs packs, making one inside the vault the first time."""
    with workspace.reader() as connection:
        (uid,) = connection.execute("select d.uid from writing w join devices d on d.id = w.device").fetchone()
    return Signer(_secret(workspace, f"{SIGNING}{uid.hex()}", "Made the key that signs packs"))


def key_of(connection: Connection, device: str) -> Signer | None:
    """Give the key of a laptop that this record was restored or copied from, or of this one; None for any other."""
    found = _stored(connection, f"{SIGNING}{device}")
    return Signer(found) if found else None


def drawing_key(workspace: Workspace) -> bytes:
    """Give the secret that decides which figures are hidden beside the small ones, making it the first time."""
    return _secret(workspace, _DRAWING, "Made the secret of the disclosure checks")


def _secret(workspace: Workspace, name: str, words: str) -> bytes:
    """Give 32 secret bytes kept on this computer, in the vault. An Ed25519 key is any 32 random bytes (RFC 8032)."""
    with workspace.reader() as connection:
        found = _stored(connection, name)
    if found is None:
        with workspace.change(words) as change:
            # Another job may have made it while this one waited for its turn to write.
            found = _stored(change.connection, name)
            if found is None:
                found = secrets.token_bytes(32)
                note(change.connection, name, found.hex())
    return found


def _stored(connection: Connection, name: str) -> bytes | None:
    kept = noted(connection, name)
    if not kept:
        return None
    try:
        key = bytes.fromhex(kept)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise CisError(
            "signing_key_unreadable",
            "The signing key cannot be read",
            "The key that signs packs is in the record but cannot be read. Nothing was released and your records are "
            "unchanged. Restore the newest backup, or tell the council that a new key will sign from now on.",
        )
    return key


def genuine(public: str, signature: str, data: bytes) -> bool:
    """Say whether `signature` (hex) over `data` was made with the private half of `public` (hex)."""
    try:
        key, mark = bytes.fromhex(public), bytes.fromhex(signature)
        if (key.hex(), mark.hex()) != (public, signature):
            # One way of writing it only, or a byte of the file could change and nobody would notice.
            return False
        Ed25519PublicKey.from_public_bytes(key).verify(mark, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
