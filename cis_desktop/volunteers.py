"""Volunteers at the desk: a name and a short PIN, with which they write visits while somebody else has unlocked.

A PIN keeps people apart at a desk; it keeps no secret. What is kept of it is a slow hash (Argon2id, RFC 9106) in the
vault, so that every laptop of the group knows it; whoever can read the vault could still try all PINs.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from itertools import pairwise

import msgspec
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from cis_desktop.decoding import from_json
from cis_desktop.errors import CisError
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.words import same

FEWEST, MOST = 4, 8
"""Digits of a PIN."""
MOST_NAME = 80
WRONG = 5
"""So many wrong PINs for one name, and a passphrase is needed."""
WAIT = 2
"""Seconds to wait after the first wrong PIN; each time twice as many."""
_MEMORY_KIB, _PASSES = 64 * 1024, 3
_MOST_MEMORY_KIB, _MOST_PASSES = 256 * 1024, 10
"""More than that is no hash of ours, and would keep the desk waiting."""


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who may write at the desk."""

    id: int
    name: str

    @property
    def signature(self) -> str:
        """The name under which the history keeps what they write: a PIN does not make it that of a passphrase."""
        return f"{self.name} (desk)"


class _Hash(msgspec.Struct, frozen=True):
    """A PIN as it is kept. Bytes are base64."""

    salt: str
    passes: int
    memory_kib: int
    hash: str


def listed(connection: Connection) -> list[Volunteer]:
    """List the volunteers, by name."""
    rows = connection.execute("select id, name from desk_volunteers where gone = 0 order by name collate nocase, id")
    return [Volunteer(*row) for row in rows]


def add(change: Change, name: str, pin: str) -> int:
    """Add a volunteer and give their id. Raises CisError `no_name`, `name_taken` or `weak_pin`."""
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME:
        raise CisError(
            "no_name",
            "A name is needed",
            f"Give the name that they choose at the desk, of at most {MOST_NAME} letters. Nothing was saved.",
        )
    if any(same(each.name, name) for each in listed(change.connection)):
        raise CisError(
            "name_taken",
            "A volunteer of that name is there already",
            f"{name} has a PIN here. Nothing was saved. Give that one a new PIN, or write the name with a surname.",
        )
    return change.insert("desk_volunteers", name=name, pin=_hashed(pin))


def new_pin(change: Change, volunteer_id: int, pin: str) -> None:
    """Give a volunteer another PIN. Raises CisError `weak_pin`."""
    change.update("desk_volunteers", volunteer_id, pin=_hashed(pin))


def retire(change: Change, volunteer_id: int) -> None:
    """Let a volunteer write at the desk no longer, on any laptop. What they wrote keeps their name."""
    change.update("desk_volunteers", volunteer_id, pin="", gone=1)


def right(connection: Connection, volunteer_id: int, pin: str) -> bool:
    """Say whether a PIN is that of a volunteer. Takes a good part of a second, on purpose."""
    row = connection.execute("select pin from desk_volunteers where id = ? and gone = 0", (volunteer_id,)).fetchone()
    if row is None or not row[0]:
        return False
    try:
        kept = from_json(row[0], _Hash)
        if kept.passes > _MOST_PASSES or kept.memory_kib > _MOST_MEMORY_KIB:
            return False
        _argon(base64.b64decode(kept.salt), kept.passes, kept.memory_kib).verify(
            pin.encode(), base64.b64decode(kept.hash)
        )
    except (InvalidKey, msgspec.DecodeError, ValueError):
        # One that is damaged is nobody's: a new PIN helps.
        return False
    return True


class Tries:
    """Counts wrong PINs while volunteers have the desk. A right PIN of one does not help another."""

    def __init__(self) -> None:
        self._wrong: dict[int, int] = {}

    def was_right(self, volunteer_id: int) -> None:
        """Forget what this volunteer got wrong."""
        self._wrong.pop(volunteer_id, None)

    def was_wrong(self, volunteer_id: int) -> int:
        """Count one more for this volunteer; give the seconds to wait until anybody may try again."""
        count = self._wrong[volunteer_id] = self._wrong.get(volunteer_id, 0) + 1
        return int(WAIT * 2 ** (count - 1))

    @property
    def used_up(self) -> bool:
        """Say whether somebody got it wrong too often: only a passphrase helps then."""
        return any(count >= WRONG for count in self._wrong.values())


def _hashed(pin: str) -> str:
    _refuse_weak(pin)
    salt = os.urandom(16)
    made = _Hash(
        base64.b64encode(salt).decode(),
        _PASSES,
        _MEMORY_KIB,
        base64.b64encode(_argon(salt, _PASSES, _MEMORY_KIB).derive(pin.encode())).decode(),
    )
    return msgspec.json.encode(made).decode()


def _argon(salt: bytes, passes: int, memory_kib: int) -> Argon2id:
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=1, memory_cost=memory_kib)


def _refuse_weak(pin: str) -> None:
    if not (FEWEST <= len(pin) <= MOST and pin.isascii() and pin.isdigit()):
        raise CisError(
            "weak_pin", "A PIN is 4 to 8 digits", "That one is not, so nothing was saved. Choose 4 to 8 digits."
        )
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise CisError(
            "weak_pin",
            "That PIN is the first that anybody would try",
            "Digits that are all the same or in a row are soon guessed, so nothing was saved. Choose others.",
        )
