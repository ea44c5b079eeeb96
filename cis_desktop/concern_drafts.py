"""What is half written of a safeguarding concern: sealed to whoever writes it, so that the next one finds nothing."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pyrage

from cis_desktop.vault import slots
from cis_desktop.words import same
from cis_desktop.workspace import Workspace


def seal_draft(workspace: Workspace, words: str) -> str:
    """Seal what is half written to whoever is writing it, as text; nothing where the record is open without a slot."""
    own = workspace.recipient
    if not own:
        return ""
    people = (
        slot.recipient
        for slot in slots.current(workspace.read)
        if slot.kind == "person" and same(slot.name, workspace.who)
    )
    # Begun where the computer opened the record by itself, it is gone on with under their passphrase.
    return base64.b64encode(sealed_to(words.encode(), sorted({own, *people}))).decode()


def open_draft(workspace: Workspace, sealed: str) -> str | None:
    """Give what `seal_draft` sealed, or None where it is somebody else's or damaged."""
    if not workspace.identity:
        return None
    try:
        raw = pyrage.decrypt(base64.b64decode(sealed), [pyrage.x25519.Identity.from_str(workspace.identity)])
        return bytes(raw).decode()
    except (pyrage.DecryptError, ValueError):
        return None


def sealed_to(raw: bytes, to: Sequence[str]) -> bytes:
    """Seal bytes with age to these recipients."""
    return bytes(pyrage.encrypt(raw, [pyrage.x25519.Recipient.from_str(each) for each in to]))
