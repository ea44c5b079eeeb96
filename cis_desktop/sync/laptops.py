"""The laptops that share a record: who they are, and which of their change sets still count."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cis_desktop.decoding import from_msgpack
from cis_desktop.errors import CisError
from cis_desktop.local_notes import note, noted
from cis_desktop.sync.believing import DEVICE, is_count
from cis_desktop.sync.files import KEY, Introduction, introduce
from cis_desktop.sync.place import GROUP
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.keys import new_identity, recipient_of
from cis_desktop.vault.sets import held
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace, set_setting, setting

KEYS = "sync_keys:"
"""The note that holds a device's keys goes by this and its id: a restored record has those of the earlier one too."""
INTRODUCED = "sync_introduced:"
"""The note of who says that a device belongs to the group goes by this and its id."""


HEX = re.compile("[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Laptop:
    """One laptop of the group. `device` is the id of its incarnation, in hex, as are its keys."""

    device: str
    name: str
    recipient: str
    public_key: str
    removed_after: int | None = None

    @property
    def removed(self) -> bool:
        """Say whether it was taken away."""
        return self.removed_after is not None


@dataclass(frozen=True, slots=True)
class Own:
    """This laptop, with the keys that only it has: an age identity and an Ed25519 key of 32 bytes."""

    device: bytes
    name: str
    identity: str = field(repr=False)
    private: bytes = field(repr=False)
    introduced: tuple[Introduction, ...] = ()

    @property
    def recipient(self) -> str:
        """Give what files for it are sealed to."""
        return recipient_of(self.identity)

    @property
    def public(self) -> bytes:
        """Give the key that its files are signed with, 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    @property
    def row(self) -> Laptop:
        """Give it as the others see it."""
        return Laptop(self.device.hex(), self.name, self.recipient, self.public.hex())


def laptops(connection: Connection) -> list[Laptop]:
    """List the laptops of the group, those taken away as well, in the order they came."""
    rows = connection.execute(
        "select uid, device, name, recipient, public_key, removed_after from laptops where gone = 0 order by id"
    )
    return [Laptop(*row) for uid, *row in rows if _well_formed(uid, *row)]


def _well_formed(
    uid: bytes, device: object, name: object, recipient: object, public_key: object, after: object
) -> bool:
    """Tell whether files can be sealed to what a row says, and told by it. Any laptop can write any row."""
    told = _is_hex(device, DEVICE) and _is_hex(public_key, KEY)
    named = isinstance(name, str) and isinstance(recipient, str) and _is_recipient(recipient)
    return told and named and (after is None or is_count(after)) and uid == uid_of(str(device))


def _is_hex(said: object, size: int) -> bool:
    return isinstance(said, str) and len(said) == 2 * size and bool(HEX.fullmatch(said))


@cache
def _is_recipient(recipient: str) -> bool:
    try:
        return bool(pyrage.x25519.Recipient.from_str(recipient))
    except pyrage.RecipientError:
        return False


def uid_of(device: str) -> bytes:
    """Give the uid of a laptop's row: the same on every laptop."""
    return derived_uid("laptops", device)


def here(connection: Connection) -> tuple[bytes, str]:
    """Give this device's id and name."""
    uid, name = connection.execute("select d.uid, d.name from writing w join devices d on d.id = w.device").fetchone()
    return uid, name


def keys_of(connection: Connection, device: str) -> tuple[str, bytes] | None:
    """Give the age identity and the signing key of a device that this record is or was; None for any other."""
    kept = noted(connection, f"{KEYS}{device}")
    if not kept:
        return None
    identity, _, private = kept.partition(" ")
    return identity, bytes.fromhex(private)


def identities(connection: Connection) -> list[str]:
    """Give the age identities of all devices that this record is or was."""
    rows = connection.execute("select value from local_notes where name like ?", (f"{KEYS}%",))
    return [value.partition(" ")[0] for (value,) in rows]


def begin(workspace: Workspace) -> Own:
    """Give this laptop as one that shares the record, making its keys and its place in the list the first time."""
    with workspace.reader() as connection:
        device, _ = here(connection)
        if keys_of(connection, device.hex()) is not None and any(
            each.device == device.hex() for each in laptops(connection)
        ):
            return own(connection)
    with workspace.change("Made this laptop ready to share") as change:
        if keys_of(change.connection, device.hex()) is None:
            _make_own_keys(change.connection, device)
        if not setting(change.connection, GROUP):
            set_setting(change, GROUP, secrets.token_hex(16))
        add(change, own(change.connection).row)
    with workspace.reader() as connection:
        return own(connection)


def make_keys(connection: Connection, device: bytes) -> Own:
    """Draw the keys of a device that this record is, or will be. Call inside a transaction."""
    made = Own(device, "", new_identity(), secrets.token_bytes(32))
    note(connection, f"{KEYS}{device.hex()}", f"{made.identity} {made.private.hex()}")
    return made


def _make_own_keys(connection: Connection, device: bytes) -> None:
    """Draw the keys of this device; what it was before says that it belongs."""
    made = make_keys(connection, device)
    before = _earlier(connection, device.hex())
    if before is not None:
        keys = keys_of(connection, before)
        assert keys is not None
        chain = (introduce(device, made.public, keys[1]), *introduced(connection, before))
        note_introduced(connection, device.hex(), chain)


def own(connection: Connection) -> Own:
    """Give this laptop with its keys."""
    device, name = here(connection)
    kept = keys_of(connection, device.hex())
    if kept is None:
        raise not_shared()
    identity, private = kept
    named = next((each.name for each in laptops(connection) if each.device == device.hex()), name)
    return Own(device, named, identity, private, introduced(connection, device.hex()))


def introduced(connection: Connection, device: str) -> tuple[Introduction, ...]:
    """Give who says that a device belongs to the group, and who says so of that one; nothing for the first of all."""
    kept = noted(connection, f"{INTRODUCED}{device}")
    return tuple(from_msgpack(bytes.fromhex(kept), list[Introduction])) if kept else ()


def note_introduced(connection: Connection, device: str, chain: Sequence[Introduction]) -> None:
    """Keep who says that a device belongs to the group. Call inside a transaction."""
    note(connection, f"{INTRODUCED}{device}", msgspec.msgpack.encode(list(chain)).hex())


def not_shared() -> CisError:
    """Say that there is nobody to exchange with."""
    return CisError(
        "not_shared",
        "This record is not shared",
        "No other laptop has a copy of it yet, so there is nobody to exchange with and nothing was done. Invite the "
        "other laptop first.",
    )


def _earlier(connection: Connection, device: str) -> str | None:
    """Give the device that this record was before, if it was restored or copied."""
    known = [each.device for each in laptops(connection) if each.device != device and not each.removed]
    return next((each for each in reversed(known) if keys_of(connection, each)), None)


def add(change: Change, laptop: Laptop) -> None:
    """Put a laptop on the list, if it is not there. Call inside a change."""
    found = change.connection.execute("select id from laptops where uid = ?", (uid_of(laptop.device),)).fetchone()
    if found is None:
        change.insert(
            "laptops", uid=uid_of(laptop.device), device=laptop.device, name=laptop.name,
            recipient=laptop.recipient, public_key=laptop.public_key,
        )  # fmt: skip


def find(connection: Connection, which: str, removed: bool = False) -> Laptop:
    """Find a laptop that takes part (or was taken away) by its name or the first letters of its id.

    Raises CisError `which_laptop`.
    """
    there = [each for each in laptops(connection) if each.removed == removed]
    named = [each for each in there if each.name == which or (len(which) >= 4 and each.device.startswith(which))]
    if len(named) != 1:
        raise CisError(
            "which_laptop",
            "Which laptop?",
            f"{'Several laptops are' if named else 'No laptop is'} called “{which}”, so nothing was changed. Give its "
            "name or the first letters of its id as the list shows them.",
        )
    return named[0]


def rename(workspace: Workspace, which: str, name: str) -> None:
    """Give a laptop another name, on every laptop of the group. Raises CisError."""
    with workspace.change("Named a laptop") as change:
        give_name(change, find(change.connection, which).device, name)


def give_name(change: Change, device: str, name: str) -> None:
    """Give the laptop with this id another name. Raises CisError `no_name`."""
    if not name.strip():
        raise CisError("no_name", "A laptop needs a name", "Nothing was changed. Give the name people call it by.")
    change.update("laptops", _row(change.connection, device), name=name.strip())


def remove(workspace: Workspace, which: str) -> Laptop:
    """Take a laptop away: nothing is sealed to it from now on, and its later changes wait for a person to judge them.

    What it wrote and is here by now counts. Raises CisError `this_laptop` for the one this is done on.
    """
    with workspace.change("Took a laptop away") as change:
        connection = change.connection
        found = find(connection, which)
        if found.device == here(connection)[0].hex():
            raise CisError(
                "this_laptop",
                "That is this laptop",
                "A laptop is taken away by another one, which goes on without it. Nothing was changed. Do it there.",
            )
        last = held(connection).get(bytes.fromhex(found.device), 0)
        change.update("laptops", _row(connection, found.device), removed_after=last)
        for (row,) in connection.execute(
            "select id from receipts where kind = 'lock' and about = ? and gone = 0", (found.device,)
        ).fetchall():
            # It was away before, and came back: each laptop has to change its lock once more.
            change.delete("receipts", row)
    return found


def take_back(workspace: Workspace, which: str) -> Laptop:
    """Let a laptop take part again, and all that it wrote meanwhile count. Raises CisError `which_laptop`."""
    with workspace.change("Took a laptop back in") as change:
        found = find(change.connection, which, removed=True)
        change.choose("laptops", _row(change.connection, found.device), "removed_after", None)
    # What waited of it counts now.
    workspace.vault.receive([])
    return found


def _row(connection: Connection, device: str) -> int:
    (row,) = connection.execute("select id from laptops where uid = ?", (uid_of(device),)).fetchone()
    return int(row)
