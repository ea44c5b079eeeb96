"""What the page of laptops shows, read off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cis_desktop.sync.held import HeldBack
    from cis_desktop.sync.invitations import Invitation, Invited
    from cis_desktop.sync.place import Looked
    from cis_desktop.sync.standing import Standing
    from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Found:
    """The laptops, who is invited still, what is waited for and held back, and how they meet.

    `held` is what waits of each laptop that was taken away, by its device; `locks` where the lock was changed since.
    `there` says whether the shared folder is; `asked`, whether the record that is waited for was asked for.
    """

    shared: bool
    here: str
    joining: Invitation | None
    laptops: tuple[Standing, ...]
    invited: tuple[Invited, ...]
    waiting: tuple[str, ...]
    held: dict[str, list[HeldBack]]
    locks: dict[str, str]
    folder: Path | None
    there: bool
    last: Looked | None
    asked: bool


def find(connection: Connection) -> Found:
    """Read all of it."""
    from cis_desktop.sync import held, invitations, known, laptops, place, receipts, standing

    stand, folder = standing.standing(connection), place.chosen(connection)
    gone = [each for each in laptops.laptops(connection) if each.removed]
    waits = invitations.joining(connection)
    name = next((each.name for each in stand if each.here), laptops.here(connection)[1])
    return Found(
        place.shared(connection), name, waits[0] if waits else None, tuple(stand),
        tuple(invitations.still_open(connection)), tuple(standing.waiting_for(connection)),
        {each.device: held.held_back(connection, each) for each in gone},
        {each.device: receipts.locks(connection, each.device).in_words("Lock changed") for each in gone},
        folder, folder is not None and folder.is_dir(), place.last_look(connection),
        waits is not None and known.wrote_any(connection, waits[1].device),
    )  # fmt: skip
