"""Laptops of one group that only meet by a folder: real vaults on disk, under a raw key."""

from __future__ import annotations

from pathlib import Path

from cis_desktop.records import people
from cis_desktop.sync import invitations
from cis_desktop.sync.exchange import exchange
from cis_desktop.sync.exchanged import Exchanged
from cis_desktop.vault.tables import APPLYING
from cis_desktop.workspace import Workspace

WORDS = "correct horse battery staple"


class Group:
    """A first laptop, a folder that all reach, and whoever is invited."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.front = Workspace.create(folder / "front", "Larder", "Ann", WORDS, passes=1)
        self.open = [self.front]

    def invite(self, name: str, by: Workspace | None = None) -> Workspace:
        """Let a laptop come in, by an invitation and three exchanges; give it."""
        made = self.joining(name, by)
        for each in (made, by or self.front, made):
            exchange(each, self.stick)
        return made

    def joining(self, name: str, by: Workspace | None = None) -> Workspace:
        """Give a laptop that waits for the record. Its invitation is in no file: to seal and open one takes seconds."""
        host = by or self.front
        invitation = invitations.new_invitation(host, name)
        with host.vault.transaction(APPLYING) as connection:
            invitations.note_open(connection, invitation)
        made = invitations.join(self.folder / name, invitation, name, f"{WORDS} of {name}", passes=1)
        self.open.append(made)
        return made

    def meet(self, *who: Workspace) -> list[Exchanged]:
        """Let these exchange, one after the other."""
        return [exchange(each, self.stick) for each in who]

    def files(self, pattern: str = "*/*") -> list[Path]:
        """Give the files in the folder that all reach."""
        return sorted(self.stick.glob(pattern))

    def close(self) -> None:
        """Lock all of them."""
        for each in self.open:
            each.close()


def add(who: Workspace, name: str) -> int:
    """Add a person."""
    with who.change("Added a person") as change:
        return people.add(change, given_name=name)


def names(who: Workspace) -> list[str]:
    """Give the first names in the record."""
    return sorted(name for (name,) in who.read.execute("select given_name from people where gone = 0"))


def rename(who: Workspace, before: str, after: str) -> None:
    """Correct a first name."""
    (row,) = who.read.execute("select id from people where given_name = ?", (before,)).fetchone()
    with who.change("Corrected a name") as change:
        people.edit(change, row, given_name=after)
