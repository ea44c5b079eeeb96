"""What is half written of a safeguarding concern: sealed to whoever writes it, so that the next one finds nothing."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import pyrage

from cis_desktop.local_notes import note, noted
from cis_desktop.vault import keys, slots
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.words import same
from cis_desktop.workspace import Workspace

NOTE = "desk_concern:"
"""How the notes begin that keep what volunteers have half written; the uid of the volunteer comes after, in hex."""


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
    return _as_text(words, sorted({own, *people}))


def open_draft(workspace: Workspace, sealed: str) -> str | None:
    """Give what `seal_draft` sealed, or None where it is somebody else's or damaged."""
    return _opened(sealed, workspace.identity)


class DeskDrafts:
    """What volunteers at the desk have half written: sealed in the vault, each to a key that only this object has.

    A volunteer has no key, and a PIN is too short to make one of. So it comes back after their PIN while the program
    runs, however often it locks; whoever unlocks, opens a backup or reads the vault with other tools has no key to it.
    """

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, str]] = {}

    def keep(self, change: Change, halves: Mapping[int, str]) -> None:
        """Keep what these volunteers, by id, have half written; let go of what nobody can open any more."""
        connection = change.connection
        for volunteer, words in halves.items():
            uid, pin = _known(connection, volunteer)
            identity = keys.new_identity()
            note(connection, NOTE + uid, _as_text(words, [keys.recipient_of(identity)]))
            self._keys[uid] = identity, pin
        for (name,) in connection.execute("select name from local_notes where name glob ?", (f"{NOTE}*",)).fetchall():
            if name.removeprefix(NOTE) not in self._keys:
                connection.execute("delete from local_notes where name = ?", (name,))

    def take(self, connection: Connection, volunteer: int) -> str | None:
        """Give, once, what a volunteer has half written; None where there is nothing.

        Call after their PIN. Whoever gave them another PIN meanwhile may be the one who types it: then it is let go.
        """
        uid, pin = _known(connection, volunteer)
        identity, typed = self._keys.pop(uid, ("", ""))
        return _opened(noted(connection, NOTE + uid), identity) if typed == pin else None


def sealed_to(raw: bytes, to: Sequence[str]) -> bytes:
    """Seal bytes with age to these recipients."""
    return bytes(pyrage.encrypt(raw, [pyrage.x25519.Recipient.from_str(each) for each in to]))


def _known(connection: Connection, volunteer: int) -> tuple[str, str]:
    uid, pin = connection.execute("select uid, pin from desk_volunteers where id = ?", (volunteer,)).fetchone()
    return uid.hex(), pin


def _as_text(words: str, to: Sequence[str]) -> str:
    return base64.b64encode(sealed_to(words.encode(), to)).decode()


def _opened(sealed: str, identity: str) -> str | None:
    if not identity:
        return None
    try:
        raw = pyrage.decrypt(base64.b64decode(sealed), [pyrage.x25519.Identity.from_str(identity)])
        return bytes(raw).decode()
    except (pyrage.DecryptError, ValueError):
        return None
