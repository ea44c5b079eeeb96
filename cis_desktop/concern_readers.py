"""Who may read safeguarding concerns: the lead, the deputy, and the recovery kits that they agreed to.

A passphrase is of one laptop, so a reader is named on the one where theirs is. On another laptop somebody asks, and a
reader agrees wherever the record is open under their passphrase. While a laptop is taken away, nothing is sealed to
those who were named or asked there.

Anybody with a passphrase can make a kit, so a kit by itself opens no concern. A reader who makes one agrees to it, and
any other waits until a reader does. It then opens what one of those who agreed may read: a kit of a lead who is the
subject of a concern does not open that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from cis_desktop.errors import CisError
from cis_desktop.vault import slots
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.words import same

Role = Literal["lead", "deputy"]
KIT = "kit"
"""The role of the rows that say who agreed (`name`) to which kit (`recipient`)."""
ASKED = "asked"
"""The role of whoever asks to read them with a passphrase of another laptop, until a reader agrees."""
# One that is being written in this very change has no maker yet.
_THERE = """
    select r.id, r.name, r.role, r.recipient, coalesce(l.name, d.name, ''), l.removed_after is not null
    from concern_readers r left join made m on m.tbl = 'concern_readers' and r.id between m.first and m.last
    left join change_sets s on s.id = m.set_id left join devices d on d.id = s.device
    left join laptops l on l.device = lower(hex(d.uid)) and l.gone = 0
    where r.gone = 0 and r.role <> 'kit' order by r.role desc, r.name, r.id
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read concerns."""

    id: int
    name: str
    role: Role
    recipient: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asks to read concerns, and the laptop that they ask on."""

    id: int
    name: str
    laptop: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Kit:
    """A recovery kit: who made it and when (UTC), and the readers of now who agreed that it opens concerns."""

    id: str
    recipient: str
    made_by: str
    made_at: str
    agreed: tuple[str, ...]

    def opens_for(self, names: Collection[str]) -> bool:
        """Say whether one of these readers agreed to it."""
        return any(same(name, each) for name in names for each in self.agreed)


def readers(connection: Connection) -> list[Reader]:
    """List who may read concerns, the lead first."""
    return [
        Reader(row, name, role, recipient)
        for row, name, role, recipient, _, away in connection.execute(_THERE)
        if role != ASKED and not away
    ]


def asking(connection: Connection) -> list[Asking]:
    """List who asks to read concerns on another laptop, and nobody has agreed to yet."""
    reading = {each.recipient for each in readers(connection)}
    return [
        Asking(row, name, laptop, recipient)
        for row, name, role, recipient, laptop, away in connection.execute(_THERE)
        if role == ASKED and not away and recipient not in reading
    ]


def only_away(connection: Connection) -> bool:
    """Say whether all who read concerns did so on laptops that were taken away: nobody reads a new one."""
    return not readers(connection) and any(row[2] != ASKED for row in connection.execute(_THERE))


def kits(connection: Connection) -> list[Kit]:
    """List the recovery kits, in the order they were made."""
    made = {way.id: way for way in slots.ways_in(connection)}
    reading = [each.name for each in readers(connection)]
    agreed: dict[str, list[str]] = {}
    for name, recipient in connection.execute(
        "select name, recipient from concern_readers where gone = 0 and role = ? order by id", (KIT,)
    ):
        if any(same(name, each) for each in reading):
            agreed.setdefault(recipient, []).append(name)
    return [
        Kit(
            slot.id,
            slot.recipient,
            made[slot.id].added_by,
            made[slot.id].added_at,
            tuple(agreed.get(slot.recipient, ())),
        )
        for slot in slots.current(connection)
        if slot.kind == "recovery"
    ]


def agree(change: Change, recipient: str, name: str) -> None:
    """Note that a reader agrees to the kit of this recipient. Call inside a change."""
    there = change.connection.execute(
        "select name from concern_readers where gone = 0 and role = ? and recipient = ?", (KIT, recipient)
    )
    if not any(same(each, name) for (each,) in there):
        change.insert("concern_readers", name=name, role=KIT, recipient=recipient)


def refuse_place(connection: Connection, name: str, recipient: str) -> None:
    """Refuse that a kit takes the place of a reader who did not agree to it. Raises CisError `kit_not_agreed`."""
    if not any(same(each.name, name) for each in readers(connection)):
        return
    if not any(kit.recipient == recipient and kit.opens_for((name,)) for kit in kits(connection)):
        raise CisError(
            "kit_not_agreed",
            "That kit cannot take their place",
            f"{name} reads safeguarding concerns and did not agree that this kit opens them, so nothing was changed. "
            f"Give another name, and take the passphrase of {name} away after that, or use a kit that they agreed to.",
        )
