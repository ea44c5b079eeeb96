"""Key slots: who can open the vault, and how.

The vault key is 32 random bytes. A slot is an age identity; the vault key is sealed to every slot's recipient, so the
list can change without anyone else's passphrase. A person's identity is wrapped under their passphrase (Argon2id,
RFC 9106, then AES-256-GCM); the recovery identity is on paper only; a computer's own is in the key store of its
system. The list carries a seal under the vault key: without it, whoever can write to the folder could add a recipient
of their own and wait for the next backup. Whose a slot is, is known inside the vault only (`vault/slots.py`).
"""

from __future__ import annotations

import base64
import os
import secrets
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec
import pyrage
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cis_desktop.decoding import from_json
from cis_desktop.errors import CisError
from cis_desktop.saving import save

FILE_NAME = "vault.keys"
LEAST_MEMORY_KIB = 64 * 1024
LEAST_PASSES = 3
MOST_PASSES = 40
MOST_MEMORY_KIB = 1024 * 1024
MOST_WORK_KIB = 40 * 64 * 1024
"""Passes times memory. This is what a slot may ask of this computer at each try."""
MOST_SLOTS = 64
LONGEST = 1024 * 1024
TARGET_SECONDS = 0.7
PURPOSE = b"cis-vault-keys"


class Wrapping(msgspec.Struct, frozen=True):
    """How a passphrase becomes the key that wraps an identity. Bytes are base64."""

    salt: str
    passes: int
    memory_kib: int
    lanes: int
    nonce: str
    wrapped: str


class Slot(msgspec.Struct, frozen=True):
    """One way in. `sealed` is the vault key, age-encrypted to `recipient`. `name` is empty in files."""

    id: str
    kind: Literal["person", "recovery", "computer"]
    name: str
    recipient: str
    sealed: str
    wrapping: Wrapping | None = None


class KeyFile(msgspec.Struct, frozen=True):
    """The file `vault.keys`. `seal` is HMAC-SHA256 over generation and slots under a key made from the vault key.

    `generation` counts the lists of this vault. `following` is there only while the vault key is being changed: the
    list under the new key, to which the copy in `vault.db.new` belongs.
    """

    slots: tuple[Slot, ...]
    seal: str = ""
    generation: int = 0
    following: KeyFile | None = None
    format: Literal["cis-vault-keys"] = "cis-vault-keys"
    version: int = 1


def calibrate() -> int:
    """Give the number of Argon2id passes over 64 MiB that take about 0.7 s here; never fewer than 3."""
    # The thread's own time: what else the computer does meanwhile says nothing of how fast it is.
    seconds = []
    for _ in range(2):  # the first run also pays for the memory it is given
        started = time.thread_time()
        _derive("calibration", b"0" * 16, LEAST_PASSES, LEAST_MEMORY_KIB)
        seconds.append(time.thread_time() - started)
    one_pass = min(seconds) / LEAST_PASSES
    return max(LEAST_PASSES, min(MOST_PASSES, round(TARGET_SECONDS / one_pass)))


def person_slot(name: str, passphrase: str, key: bytes, passes: int | None = None, identity: str | None = None) -> Slot:
    """Make a slot that this passphrase opens, with a new identity or with this one of `new_identity`."""
    identity = identity or new_identity()
    recipient = recipient_of(identity)
    wrapping = _wrapped(identity, passphrase, passes)
    return Slot(secrets.token_hex(8), "person", name, recipient, _seal(key, recipient), wrapping)


def recipient_of(identity: str) -> str:
    """Give the age recipient, `age1…`, of an age identity."""
    return str(pyrage.x25519.Identity.from_str(identity).to_public())


def new_identity() -> str:
    """Make an age identity, `AGE-SECRET-KEY-1...`: 74 letters and digits, of which the last six are a check."""
    return str(pyrage.x25519.Identity.generate())


def recovery_slot(key: bytes, identity: str | None = None) -> tuple[Slot, str]:
    """Make the recovery slot and give its identity, `AGE-SECRET-KEY-1...`, which is kept nowhere else."""
    identity = identity or new_identity()
    recipient = recipient_of(identity)
    return Slot(secrets.token_hex(8), "recovery", "Recovery kit", recipient, _seal(key, recipient)), identity


def computer_slot(name: str, key: bytes) -> tuple[Slot, str]:
    """Make a slot for a computer and give its identity, to be kept in the key store of its system."""
    identity = new_identity()
    recipient = recipient_of(identity)
    return Slot(secrets.token_hex(8), "computer", name, recipient, _seal(key, recipient)), identity


def rewrapped(slot: Slot, identity: str, passphrase: str, passes: int | None = None) -> Slot:
    """Give a person's slot wrapped under another passphrase, or with the passes that suit this computer now."""
    return msgspec.structs.replace(slot, wrapping=_wrapped(identity, passphrase, passes))


def resealed(slot: Slot, key: bytes) -> Slot:
    """Give a slot that opens another vault key; nobody's passphrase is needed for it."""
    return msgspec.structs.replace(slot, sealed=_seal(key, slot.recipient))


def refuse_many(slots: Sequence[Slot]) -> None:
    """Refuse more slots than a list may have. Raises CisError `too_many_keys`."""
    if len(slots) > MOST_SLOTS:
        raise CisError(
            "too_many_keys",
            "There are too many ways in",
            f"A record has at most {MOST_SLOTS} passphrases and recovery kits together. Nothing was changed.",
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A slot that was opened: its age identity and the vault key; for a passphrase the seconds that trying it took."""

    slot: Slot
    identity: str
    key: bytes
    seconds: float = 0.0


def open_with_passphrase(file: KeyFile, passphrase: str) -> Opened:
    """Open the slot this passphrase belongs to; each that is not takes its share of a second.

    Raises CisError `wrong_passphrase` when it opens none.
    """
    for slot in file.slots:
        started = time.thread_time()
        identity = _unwrapped(slot.wrapping, passphrase) if slot.wrapping else None
        if identity is not None:
            return replace(_opened(slot, identity), seconds=time.thread_time() - started)
    raise CisError(
        "wrong_passphrase",
        "That passphrase does not open it",
        "The passphrase is not right, so it stays locked and nothing was changed. "
        "Check Caps Lock and try again, or use the recovery kit.",
    )


def open_with_recovery(file: KeyFile, identity: str) -> Opened:
    """Open the recovery slot with the identity from the kit, however it is spaced or cased.

    Raises CisError `wrong_recovery_key` when it is not this vault's.
    """
    compact = "".join(identity.split()).upper()
    try:
        recipient = str(pyrage.x25519.Identity.from_str(compact).to_public())
    except (pyrage.IdentityError, UnicodeEncodeError):
        recipient = ""
    for slot in file.slots:
        if slot.kind == "recovery" and slot.recipient == recipient:
            return _opened(slot, compact)
    raise CisError(
        "wrong_recovery_key",
        "That recovery key does not open it",
        "The recovery key is mistyped or belongs to another vault. Nothing was changed. "
        "Compare it with the kit letter by letter and try again.",
    )


def open_with_identity(file: KeyFile, slot_id: str, identity: str) -> Opened:
    """Open one slot with its age identity. Raises CisError `damaged_keys` when it is not in the list or not its own."""
    for slot in file.slots:
        if slot.id == slot_id:
            return _opened(slot, identity)
    raise damaged()


def open_with(file: KeyFile, secret: str) -> Opened:
    """Open with a passphrase, or with a recovery identity if it looks like one."""
    if "".join(secret.split()).upper().startswith("AGE-SECRET-KEY-1"):
        return open_with_recovery(file, secret)
    return open_with_passphrase(file, secret)


def sealed_list(slots: Sequence[Slot], key: bytes, generation: int = 0) -> KeyFile:
    """Give the key file for these slots, sealed under the vault key."""
    refuse_many(slots)
    return KeyFile(tuple(slots), _text(_list_seal(tuple(slots), generation, key).finalize()), generation)


def check_list(file: KeyFile, key: bytes) -> None:
    """Refuse a list of slots that somebody without the vault key has written."""
    try:
        _list_seal(file.slots, file.generation, key).verify(_bytes(file.seal))
    except (InvalidSignature, ValueError) as error:
        raise damaged() from error


def nameless(slot: Slot) -> Slot:
    """Give a slot without the name of whose it is, to lie in the open."""
    return msgspec.structs.replace(slot, name="")


def unsealed(file: KeyFile) -> KeyFile:
    """Give the key file as it lies around a sealed backup: who has no vault key could not check a seal."""
    return KeyFile(tuple(nameless(slot) for slot in file.slots))


def read_keys(folder: Path) -> KeyFile:
    """Read `vault.keys` of a workspace folder."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise CisError(
            "no_workspace",
            "There is no record here",
            "This folder holds no Community Insights record. Nothing was changed. Choose the record’s own folder, "
            "or create a new record.",
        )
    return read_key_file(path)


def read_key_file(path: Path) -> KeyFile:
    """Read a key file of any name; one longer than any of ours is damaged."""
    with path.open("rb") as file:
        return parse_keys(file.read(LONGEST))


def parse_keys(raw: bytes) -> KeyFile:
    """Read the bytes of a key file; refuse damaged ones and those of a newer version."""
    try:
        file = from_json(raw, KeyFile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise damaged() from error
    if file.version != 1:
        raise CisError(
            "newer_version",
            "Made by a newer version",
            "The keys of this record were written by a newer version of Community Insights. Nothing was changed. "
            "Update the app on this computer, then open it again.",
        )
    if any(len(each.slots) > MOST_SLOTS for each in (file, file.following) if each):
        raise damaged()
    return file


def write_keys(folder: Path, file: KeyFile) -> None:
    """Write `vault.keys` whole or not at all."""
    save(folder / FILE_NAME, msgspec.json.format(msgspec.json.encode(file), indent=1))


def damaged() -> CisError:
    """Say that the key file is damaged."""
    return CisError(
        "damaged_keys",
        "The key file is damaged",
        "The file vault.keys cannot be read, so the record stays locked; what is in it is untouched. "
        "Restore the last good backup.",
    )


def _opened(slot: Slot, identity: str) -> Opened:
    try:
        key = bytes(pyrage.decrypt(_bytes(slot.sealed), [pyrage.x25519.Identity.from_str(identity)]))
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError) as error:
        raise damaged() from error
    if len(key) != 32:
        raise damaged()
    return Opened(slot, identity, key)


def _wrapped(identity: str, passphrase: str, passes: int | None) -> Wrapping:
    salt, nonce = os.urandom(16), os.urandom(12)
    passes = passes or calibrate()
    wrapped = AESGCM(_derive(_one_form(passphrase), salt, passes, LEAST_MEMORY_KIB)).encrypt(
        nonce, identity.encode(), PURPOSE
    )
    return Wrapping(_text(salt), passes, LEAST_MEMORY_KIB, 1, _text(nonce), _text(wrapped))


def _unwrapped(w: Wrapping, passphrase: str) -> str | None:
    """Give the identity of a slot, or None if the passphrase is not its own."""
    most_passes = min(MOST_PASSES, MOST_WORK_KIB // max(1, w.memory_kib))
    if not (0 < w.passes <= most_passes and 0 < w.memory_kib <= MOST_MEMORY_KIB and w.lanes == 1):
        raise damaged()
    # As it was typed, for slots that were wrapped before there was one form for it.
    for typed in dict.fromkeys((_one_form(passphrase), passphrase)):
        try:
            wrapping_key = _derive(typed, _bytes(w.salt), w.passes, w.memory_kib)
            return AESGCM(wrapping_key).decrypt(_bytes(w.nonce), _bytes(w.wrapped), PURPOSE).decode()
        except InvalidTag:
            continue
        except ValueError as error:
            raise damaged() from error
    return None


def _one_form(passphrase: str) -> str:
    """Give it composed (NFC): keyboards and systems differ in whether an é is one character or two."""
    return unicodedata.normalize("NFC", passphrase)


def _derive(passphrase: str, salt: bytes, passes: int, memory_kib: int) -> bytes:
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=1, memory_cost=memory_kib).derive(
        # Whatever was typed at a terminal of another encoding is only another passphrase.
        passphrase.encode("utf-8", "surrogateescape")
    )


def _seal(key: bytes, recipient: str) -> str:
    return _text(pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(recipient)]))


def _list_seal(slots: tuple[Slot, ...], generation: int, key: bytes) -> HMAC:
    own = HKDF(SHA256(), 32, salt=None, info=b"cis-vault-keys list").derive(key)
    seal = HMAC(own, SHA256())
    # The first lists were not counted.
    seal.update(msgspec.json.encode((generation, slots) if generation else slots))
    return seal


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
