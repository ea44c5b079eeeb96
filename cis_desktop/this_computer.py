"""This computer as a way in: it opens the record by itself, with a secret in the key store of its system.

Windows Credential Manager, macOS Keychain or the Secret Service of Linux, through `keyring`. A store that keeps what it
is given readable is refused; the vault key itself is never given to any.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cis_desktop.errors import CisError
from cis_desktop.vault import keys
from cis_desktop.vault.slots import WayIn
from cis_desktop.ways_in import changing, place, slot_of, way_of
from cis_desktop.workspace import Workspace

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Community Insights"
"""What the key store calls our entries."""
STORES = {
    "keyring.backends.Windows", "keyring.backends.macOS", "keyring.backends.SecretService",
    "keyring.backends.libsecret", "keyring.backends.kwallet",
}  # fmt: skip
"""The only ones that will do: never `null`, `fail`, or the plain-text ones of `keyrings.alt`."""


def remember(workspace: Workspace) -> WayIn:
    """Let this computer open the record by itself, under the name of whoever has it open now.

    Raises CisError `no_key_store` where there is none or it keeps secrets readable, and `key_store_failed`.
    """
    from keyring.errors import KeyringError

    refuse_unsafe_store()
    slot, identity = keys.computer_slot(workspace.who, workspace.vault.key)
    try:
        _store().set_password(SERVICE, slot.id, identity)
    except KeyringError as error:
        raise CisError(
            "key_store_failed",
            "The key store did not take it",
            "The key store of this computer is locked or refused it. Nothing was remembered and nothing was changed. "
            "Unlock the key store and try again, or go on with your passphrase.",
        ) from error
    try:
        with changing(workspace, "Let this computer open the record by itself") as ways:
            ways.append(slot)
    except BaseException:
        _forget_secret(slot.id)
        raise
    return way_of(workspace, slot.id)


def open_remembered(folder: Path) -> Workspace | None:
    """Open a workspace that this computer may open by itself; None where it may not, or its secret is out of reach."""
    file = keys.read_keys(folder)
    for slot in (file.following or file).slots:
        identity = _secret(slot.id) if slot.kind == "computer" else None
        if identity is not None:
            return _open(folder, slot.id, identity)
    return None


def holds(slot_id: str) -> bool:
    """Say whether it is this computer that a slot belongs to."""
    return _secret(slot_id) is not None


def forget(workspace: Workspace, slot_id: str) -> None:
    """Let a computer no longer open the record by itself. Its secret is gone, so the vault key may stay."""
    slot = slot_of(workspace, slot_id)
    _forget_secret(slot.id)
    with changing(workspace, "Let a computer no longer open the record by itself") as ways:
        del ways[place(ways, slot_id)]


def refuse_unsafe_store() -> None:
    """Refuse a computer without a key store that encrypts what it keeps. Raises CisError `no_key_store`."""
    from keyring.backends import chainer

    found = _store()
    stores = list(found.backends) if isinstance(found, chainer.ChainerBackend) else [found]
    if not stores or not all(type(each).__module__ in STORES and each.priority > 0 for each in stores):
        raise CisError(
            "no_key_store",
            "This computer has no safe place for it",
            "There is no key store of the system here that keeps secrets encrypted, so nothing was remembered and "
            "nothing was changed. Go on with your passphrase.",
        )


def _open(folder: Path, slot_id: str, identity: str) -> Workspace:
    return Workspace.open_slot(folder, lambda file: keys.open_with_identity(file, slot_id, identity))


def _store() -> KeyringBackend:
    import keyring

    return keyring.get_keyring()


def _secret(name: str) -> str | None:
    from keyring.errors import KeyringError

    try:
        refuse_unsafe_store()
        return _store().get_password(SERVICE, name)
    except (KeyringError, CisError):
        # A store that is locked or not there today: the passphrase still opens the record.
        return None


def _forget_secret(name: str) -> None:
    from keyring.errors import KeyringError

    with suppress(KeyringError):
        # What is left there opens nothing once its slot is gone.
        _store().delete_password(SERVICE, name)
