"""What each laptop says that it has done: applied an erasure, changed its lock after a laptop was taken away.

A receipt is a row of the record, signed with the key that the laptop's files are signed with, so that every laptop can
tell which of the others have done it. None is written by hand: each exchange writes those that are due.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cis_desktop import words
from cis_desktop.local_notes import noted
from cis_desktop.sync.believing import is_moment
from cis_desktop.sync.laptops import Laptop, Own, here, laptops
from cis_desktop.vault.chunks import ERASE, open_chunk, pack
from cis_desktop.vault.history import Change, derived_uid, now
from cis_desktop.vault.rekey import LOCK_CHANGED
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace

ERASED, LOCK, LEFT = "erased", "lock", "left"
OUT_OF_REACH = (
    "Out of reach are laptops that never come back and the files they wrote (delete their folders), backups made "
    "before, copies that a cloud service keeps of files it had, emails and packs that were sent, and safeguarding "
    "concerns."
)
"""What no laptop can erase from."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a laptop (its device, hex) did something at a moment (UTC)."""

    kind: str
    about: str
    device: str
    at: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Something every laptop is to do: which have said that they did, with when (UTC), and those not heard from.

    `away` are those that were taken away and never said so.
    """

    done: tuple[tuple[Laptop, str], ...]
    missing: tuple[Laptop, ...]
    away: tuple[Laptop, ...]

    def in_words(self, done: str) -> str:
        """Say it, with `done` for what was done."""
        said = [f"{laptop.name} {words.day(at[:10])}" for laptop, at in self.done]
        lines = [f"{done} on: {words.listed(said, 'and')}" if said else f"{done} on no laptop yet"]
        if self.missing:
            lines.append(f"not heard from: {words.listed([each.name for each in self.missing], 'and')}")
        if self.away:
            lines.append(f"out of reach: {words.listed([each.name for each in self.away], 'and')}")
        return f"{'; '.join(lines)}."


@dataclass(frozen=True, slots=True)
class Erased:
    """A change that erased somebody: its name, who made it and when (UTC), and where it was applied."""

    change_set: str
    who: str
    at: str
    applied: Answered


def erasures(connection: Connection) -> list[Erased]:
    """List the erasures, the newest first. No row and no word says who was erased."""
    given = receipts(connection, ERASED)
    there = laptops(connection)
    return [
        Erased(f"{about[:8]}:{about.partition(':')[2]}", who, at, _answered(there, given, about))
        for about, who, at in reversed(_erasing(connection))
    ]


def locks(connection: Connection, device: str) -> Answered:
    """Give which laptops have changed their lock since a laptop was taken away."""
    return _answered(laptops(connection), receipts(connection, LOCK), device)


def lock_due(connection: Connection) -> list[Laptop]:
    """List the laptops that were taken away since the lock was last changed here."""
    own = here(connection)[0].hex()
    said = {each.about for each in receipts(connection, LOCK) if each.device == own}
    changed = int(noted(connection, LOCK_CHANGED) or 0)
    taken = dict(
        connection.execute(
            "select l.device, max(e.set_id) from edits e join laptops l on l.id = e.row where e.tbl = 'laptops'"
            " and e.field = 'removed_after' and e.superseded = 0 group by l.device"
        ).fetchall()
    )
    return [
        each
        for each in laptops(connection)
        if each.removed and each.device != own and each.device not in said and taken.get(each.device, 0) > changed
    ]


def write_due(workspace: Workspace, me: Own) -> None:
    """Say what was done on this laptop and not said yet."""
    own = me.device.hex()
    with workspace.reader() as connection:
        said = set(
            connection.execute("select kind, about from receipts where gone = 0 and device = ?", (own,)).fetchall()
        )
        open_locks = {each.device for each in lock_due(connection)}
        done = [(ERASED, about) for about, _, _ in _erasing(connection)]
        done += [(LOCK, each.device) for each in laptops(connection) if each.removed and each.device not in open_locks]
    due = [(kind, about) for kind, about in done if (kind, about) not in said and about != own]
    if due:
        with workspace.change("Confirmed what was done on this laptop") as change:
            for kind, about in due:
                give(change, me, kind, about)


def give(change: Change, me: Own, kind: str, about: str) -> None:
    """Write a receipt of this laptop, in place of an earlier one. Call inside a change."""
    device, at = me.device.hex(), now()
    uid = derived_uid("receipts", kind, about, device)
    signature = Ed25519PrivateKey.from_private_bytes(me.private).sign(_said(kind, about, device, at)).hex()
    row = change.connection.execute("select id from receipts where uid = ?", (uid,)).fetchone()
    if row is None:
        change.insert("receipts", uid=uid, kind=kind, about=about, device=device, at=at, signature=signature)
    else:
        change.update("receipts", row[0], gone=0, at=at, signature=signature)


def receipts(connection: Connection, kind: str) -> list[Receipt]:
    """List the receipts of a kind that the laptops of the group really signed."""
    keys = {each.device: bytes.fromhex(each.public_key) for each in laptops(connection)}
    rows = connection.execute(
        "select kind, about, device, at, signature from receipts where gone = 0 and kind = ? order by at, uid", (kind,)
    )
    return [
        Receipt(kind, about, device, at)
        for kind, about, device, at, signature in rows
        if device in keys and is_moment(at) and _genuine(keys[device], _said(kind, about, device, at), signature)
    ]


def _answered(there: Iterable[Laptop], given: Iterable[Receipt], about: str) -> Answered:
    at = {each.device: each.at for each in given if each.about == about}
    done = [(each, at[each.device]) for each in there if each.device in at]
    others = [each for each in there if each.device not in at]
    missing = tuple(each for each in others if not each.removed)
    return Answered(tuple(done), missing, tuple(each for each in others if each.removed))


def _erasing(connection: Connection) -> list[tuple[str, str, str]]:
    """Give the change sets that erased (device and number), with who made them and when, in the order they came."""
    if not connection.execute("select exists (select 1 from erased)").fetchone()[0]:
        return []
    # An erasure does nothing else.
    rows = connection.execute(
        "select d.uid, s.seq, s.who, s.at, c.body from change_sets s join devices d on d.id = s.device"
        " join chunks c on c.set_id = s.id and c.part = 0"
        " where not exists (select 1 from made m where m.set_id = s.id)"
        " and not exists (select 1 from edits e where e.set_id = s.id) order by s.id"
    ).fetchall()
    return [
        (f"{uid.hex()}:{seq}", who, at)
        for uid, seq, who, at, body in rows
        if any(section.op == ERASE for section in open_chunk(body))
    ]


def _said(kind: str, about: str, device: str, at: str) -> bytes:
    return b"cis-receipt\n" + pack([kind, about, device, at])


def _genuine(key: bytes, said: bytes, signature: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(signature), said)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
