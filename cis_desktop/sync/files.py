"""A sync file (`*.cis-sync`): sealed to the laptops of the group, signed by the one that wrote it.

Inside the seal (age) are a line that says what it is, the public key and the Ed25519 signature of the writer, and a
MessagePack document, over which the signature goes. So whoever is not of the group reads nothing, and nothing is looked
at before it is known to come from one of them. `docs/formats/sync.md` describes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import msgspec
import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cis_desktop.decoding import from_msgpack
from cis_desktop.sync.believing import DEVICE, are_counts, is_moment
from cis_desktop.vault.sets import Vector

ENDING = ".cis-sync"
MAGIC = b"cis-sync 1\n"
SEALED = b"age-encryption.org/v1\n"
"""What every sealed file begins with."""
LENGTH = 4
"""Bytes before the head of a whole record that say how long it is."""
KEY, SIGNATURE = 32, 64
_NOT_FOR_US = "No matching keys"
"""How pyrage begins to say that a seal is not for us; what else it says is of a file that is cut short or changed."""
MOST_INTRODUCED = 1000
"""Laptops that may lead from a writer to one whom others know: each was a restored record, or invited the next."""
LARGEST = 1 << 29
"""Bytes of a file that is read whole; what is larger is a snapshot, or no file of ours. One change set may hold all
that a council sent at once, 256 MiB."""
Run = tuple[bytes, int, int]
"""A device, and the first and last number of the change sets of it that a file holds."""


class Introduction(msgspec.Struct, frozen=True, array_like=True):
    """That the device with the public key `key` belongs to the group, signed with the key `by` of one that does.

    Of a laptop that was invited, by the one that took it in; of a restored record, by the device that it was before.
    """

    device: bytes
    key: bytes
    by: bytes
    signature: bytes


class Page(msgspec.Struct, frozen=True):
    """What a sync file says. `has` are the change sets its writer holds; `sets` are packed (`packing.py`).

    `to` are the devices that can read it. `kind` is `changes`; `asks`, of a laptop that was invited, whose `token` is
    in the invitation; or `whole`, the head of a snapshot, whose database of `size` bytes follows and opens with `key`.
    `introduced` leads from its writer (in a snapshot: from its reader) to one whom others may know.
    """

    kind: Literal["changes", "asks", "whole"]
    group: str
    device: bytes
    name: str
    recipient: str
    number: int
    at: str
    has: Vector
    to: list[bytes] = []
    runs: list[Run] = []
    sets: bytes = b""
    introduced: list[Introduction] = []
    token: bytes = b""
    key: bytes = b""
    size: int = 0
    sha256: bytes = b""


@dataclass(frozen=True, slots=True)
class Read:
    """A page and the public key (32 bytes) that signed it; whose key that is, the reader has to ask."""

    page: Page
    signer: bytes


class Unread(Enum):
    """Why a sync file was not read.

    It was written by a later version of the app, in another form; it is not all there (a cloud service is still copying
    it, or keeps it away from this computer); it is not for this laptop, or not of the group; it is a whole record,
    which only a laptop that waits for one takes.
    """

    NEWER = 1
    HALF = 2
    STRANGE = 3
    WHOLE = 4


def signed(page: Page, private: bytes) -> bytes:
    """Give a page with its signature, as it lies inside the seal."""
    key = Ed25519PrivateKey.from_private_bytes(private)
    body = MAGIC + msgspec.msgpack.encode(page)
    return MAGIC + key.public_key().public_bytes_raw() + key.sign(body) + body[len(MAGIC) :]


def seal(page: Page, private: bytes, to: Iterable[str]) -> bytes:
    """Give the bytes of a sync file that these age recipients can read."""
    sealed: bytes = pyrage.encrypt(signed(page, private), [pyrage.x25519.Recipient.from_str(each) for each in to])
    return sealed


def read(raw: bytes, identities: Sequence[str]) -> Read | Unread:
    """Read a sync file, or say why it cannot be."""
    try:
        inside = pyrage.decrypt(raw, [pyrage.x25519.Identity.from_str(each) for each in identities])
    except (pyrage.DecryptError, OSError) as error:
        return Unread.STRANGE if str(error).startswith(_NOT_FOR_US) or not _begins(raw) else Unread.HALF
    if inside.startswith(b"cis-sync ") and not inside.startswith(MAGIC):
        return Unread.NEWER
    if inside[LENGTH:].startswith(MAGIC):
        return Unread.WHOLE
    return opened(inside) or Unread.STRANGE


def _begins(raw: bytes) -> bool:
    """Say whether these are the first bytes of a sealed file. Some services show zeros until they have the rest."""
    return raw.startswith(SEALED) or SEALED.startswith(raw) or not raw.strip(b"\0")


def opened(inside: bytes) -> Read | None:
    """Read what was inside the seal; None if it is no page, or not signed by the key in it."""
    head = len(MAGIC) + KEY + SIGNATURE
    if not inside.startswith(MAGIC) or len(inside) < head:
        return None
    signer = inside[len(MAGIC) : len(MAGIC) + KEY]
    try:
        Ed25519PublicKey.from_public_bytes(signer).verify(inside[head - SIGNATURE : head], MAGIC + inside[head:])
        page = from_msgpack(inside[head:], Page)
        return Read(page, signer) if _believable(page) else None
    except (InvalidSignature, ValueError, msgspec.MsgspecError):
        return None


def _believable(page: Page) -> bool:
    """Tell whether a page says what an app of ours could have written."""
    numbers = [page.number, page.size, *page.has.values(), *(number for _, *run in page.runs for number in run)]
    devices = [page.device, *page.has, *page.to, *(device for device, *_ in page.runs)]
    return (
        are_counts(numbers)
        and all(len(device) == DEVICE for device in devices)
        and is_moment(page.at)
        and len(page.introduced) <= MOST_INTRODUCED
    )


def introduce(device: bytes, key: bytes, private: bytes) -> Introduction:
    """Say with a private key that a device, which signs with `key`, belongs to the group."""
    by = Ed25519PrivateKey.from_private_bytes(private)
    return Introduction(device, key, by.public_key().public_bytes_raw(), by.sign(_introducing(device, key)))


def introducers(found: Read) -> list[bytes]:
    """Give the public keys that lead from the signer of a page to others, as far as each is signed by the next."""
    keys = [found.signer]
    device: bytes | None = found.page.device
    for each in found.page.introduced:
        try:
            key = Ed25519PublicKey.from_public_bytes(each.by)
            key.verify(each.signature, _introducing(each.device, each.key))
        except (InvalidSignature, ValueError):
            break
        if each.key != keys[-1] or device not in (None, each.device):
            break
        device = None
        keys.append(each.by)
    return keys


def _introducing(device: bytes, key: bytes) -> bytes:
    return b"cis-sync belongs\n" + device + key


def mark(raw: bytes) -> bytes:
    """Give that by which a file is known again, whatever it is called: its SHA-256."""
    return hashlib.sha256(raw).digest()
