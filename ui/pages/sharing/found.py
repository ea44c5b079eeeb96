"""What the page of laptops shows, read off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cis_desktop import words

if TYPE_CHECKING:
    from cis_desktop.sync.invitations import Invitation, Invited
    from cis_desktop.sync.place import Looked
    from cis_desktop.sync.standing import Standing
    from cis_desktop.vault.tables import Connection
    from cis_desktop.workspace import Workspace

MOST_HELD = 10
"""Changes of a laptop that was taken away that are named one by one."""


@dataclass(frozen=True, slots=True)
class Found:
    """The laptops, who is invited still, what is waited for and held back, and how they meet.

    `held` says for each laptop that was taken away what waits of it; `apart` counts values written on two laptops.
    """

    shared: bool
    here: str
    joining: Invitation | None
    laptops: tuple[Standing, ...]
    invited: tuple[Invited, ...]
    waiting: tuple[str, ...]
    held: dict[str, list[str]]
    apart: int
    folder: Path | None
    last: Looked | None


def find(connection: Connection, workspace: Workspace) -> Found:
    """Read all of it."""
    from cis_desktop.sync import conflicts, invitations, laptops, place, standing
    from cis_desktop.vault.merge import waiting_sets

    stand = standing.standing(connection)
    gone = {each.device for each in stand if each.removed}
    held: dict[str, list[str]] = {device: [] for device in gone}
    for one in waiting_sets(connection) if gone else ():
        if one.device.hex() in gone:
            held[one.device.hex()].append(f"{words.when(one.at)} · {one.who} · {one.words}")
    waits = invitations.joining(connection)
    name = next((each.name for each in stand if each.here), laptops.here(connection)[1])
    return Found(
        place.shared(connection), name, waits[0] if waits else None, tuple(stand),
        tuple(invitations.still_open(connection)), tuple(standing.waiting_for(connection)), held,
        len(conflicts.disagreements(connection, workspace.vault.tables)) if len(stand) > 1 else 0,
        place.chosen(connection), place.last_look(connection),
    )  # fmt: skip
