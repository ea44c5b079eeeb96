"""Reading concerns on one more laptop: somebody asks there, and whoever reads them already agrees.

A passphrase is of one laptop. Nobody else can name the key that is under it, and nobody lets themselves in.
"""

from __future__ import annotations

from cis_desktop.concern_readers import ASKED, Role, asking, readers
from cis_desktop.concerns import may_read, not_for_you, seal_anew
from cis_desktop.errors import CisError
from cis_desktop.vault import slots
from cis_desktop.workspace import Workspace


def may_ask(workspace: Workspace) -> bool:
    """Say whether whoever is here can ask: under their own passphrase, where others read concerns and they do not."""
    person = any(each.id == workspace.slot and each.kind == "person" for each in slots.current(workspace.read))
    there = readers(workspace.read)
    known = {each.recipient for each in there} | {each.recipient for each in asking(workspace.read)}
    return person and bool(there) and workspace.recipient not in known


def ask(workspace: Workspace) -> None:
    """Ask to read concerns under the passphrase of whoever is here.

    Raises CisError `cannot_ask` where nobody reads them yet, for a reader, and without a passphrase of their own.
    """
    if not may_ask(workspace):
        raise CisError(
            "cannot_ask",
            "There is nothing to ask for",
            "Somebody asks who opened the record with a passphrase of their own, where others read concerns and they "
            "do not, and once is enough. Nothing was changed.",
        )
    with workspace.change("Asked to read concerns") as change:
        change.insert("concern_readers", name=workspace.who, role=ASKED, recipient=workspace.recipient)


def let(workspace: Workspace, asking_id: int, role: Role) -> None:
    """Agree that somebody who asked on another laptop reads concerns, those that can be read here as well.

    Raises CisError `not_for_you` for whoever reads none, and `nobody_asked`.
    """
    if not may_read(workspace):
        raise not_for_you()
    found = next((each for each in asking(workspace.read) if each.id == asking_id), None)
    if found is None:
        raise CisError(
            "nobody_asked",
            "They have not asked",
            "Nobody of that name asks to read concerns, so nothing was changed. Ask on their laptop, then exchange.",
        )
    with workspace.change("Named who reads concerns") as change:
        # The same row: it belongs to the laptop that they asked on.
        change.update("concern_readers", found.id, role=role)
        seal_anew(workspace, change)
