"""Whose record a backup holds, said before it is restored: a file that opens with your passphrase may not be yours.

A backup is sealed to public keys, which lie in the open around it. Somebody who has seen one can seal a record of their
own so that it opens alike, and put it in the place of a backup. What they cannot know is the key inside the record, and
this computer remembers the hash of it for each record that it had open.
"""

from __future__ import annotations

from dataclasses import dataclass

from cis_desktop.errors import CisError
from cis_desktop.incarnation import knows
from cis_desktop.vault.forgotten import mark
from cis_desktop.vault.log import log
from cis_desktop.vault.tables import Connection
from cis_desktop.words import day, harmless
from cis_desktop.workspace import setting

LONGEST = 80


@dataclass(frozen=True, slots=True)
class Whose:
    """What a record says of itself in a sentence, its mark, and whether this computer has had it open before."""

    words: str
    mark: str
    known: bool

    @property
    def doubt(self) -> str:
        """Say in two sentences what cannot be known of it here, and what it says it is; nothing where it is known."""
        if self.known:
            return ""
        return (
            f"{self.words} This computer has not had that record open before, or only in an early version, so it "
            "cannot tell whether it is yours: whoever has seen one of your backups can make a file that opens with "
            "your passphrase or kit."
        )


def whose(connection: Connection) -> Whose:
    """Look whose record is in a backup."""
    name = _short(setting(connection, "workspace_name") or "")
    said = f"It says that it is the record of “{name}”"
    for last in log(connection, limit=1):
        said += f", last changed on {day(last.at)} by {_short(last.who)} on the computer “{_short(last.device)}”"
    own = mark(connection)
    return Whose(f"{said}.", own, knows(own))


def refuse_unknown(found: Whose, agreed: str = "") -> None:
    """Refuse a record that this computer does not know, unless it is the one of the mark that was agreed to.

    Raises CisError `not_known_here`, which says whose it is.
    """
    if not found.known and (not agreed or found.mark != agreed):
        raise CisError(
            "not_known_here",
            "Is this the record you mean?",
            f"{found.doubt} Nothing was restored yet. If that is what you expect, do the same once more. If not, do "
            "not use this file: take a backup from another place.",
        )


def _short(text: str) -> str:
    return harmless(text)[:LONGEST]
