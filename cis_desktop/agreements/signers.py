"""The keys of those who send agreements and answers: remembered at first sight, asked about when another comes.

A signature proves only that one hand made two files. Who that hand is, is asked of the sender by telephone, once.
"""

from __future__ import annotations

from datetime import date

from cis_desktop.errors import CisError
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.words import fingerprint, same


def check_key(connection: Connection, file: str, sender: str, public_key: str) -> None:
    """Refuse a file whose sender is known to have signed with another key before. Raises CisError."""
    rows = connection.execute("select sender, public_key from sender_keys where gone = 0 order by id").fetchall()
    mine = [key for name, key in rows if same(name, sender)]
    if not mine or public_key in mine:
        return
    raise CisError(
        "other_key",
        "Signed with another key than before",
        f"“{file}” says that it is from {sender}, but its key ({fingerprint(public_key)}) is not the one they signed "
        f"with before ({fingerprint(mine[-1])}). Nothing was taken from it. Ask them by telephone, not by a reply, "
        "whether the key is theirs; then take the file in again and say that it is.",
    )


def remember_key(change: Change, sender: str, public_key: str) -> None:
    """Keep the key a sender signed with, where it is new."""
    known = change.connection.execute("select sender, public_key from sender_keys where gone = 0").fetchall()
    if not any(same(name, sender) and key == public_key for name, key in known):
        change.insert("sender_keys", sender=sender, public_key=public_key, seen_on=date.today().isoformat())
