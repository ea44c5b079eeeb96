"""Changing the vault key: what opened the vault before, an old copy of `vault.keys` with it, does not any more.

1. The vault is copied to `vault.db.new`, and the copy put under the new key and checked.
2. `vault.keys` is written with both lists: the one under the old key, and the one that follows it.
3. The copy takes the place of `vault.db`.
4. `vault.keys` is written with the new list alone.

Each step is whole or not there. Killed before 2, the old key opens the vault and the copy is rubbish; after it, who
opens the vault next goes on from where it was left (`settle`). At no moment do two vaults take writes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import sqlcipher3

from cis_desktop.errors import CisError
from cis_desktop.saving import settle as settle_names
from cis_desktop.vault import keys, slots
from cis_desktop.vault.backup import DISK_FULL, VAULT_FILE, copy_database
from cis_desktop.vault.database import connect, disk_failing, disk_full, disk_trouble
from cis_desktop.vault.history import Change, record
from cis_desktop.vault.integrity import damage
from cis_desktop.vault.keys import KeyFile, Opened, Slot
from cis_desktop.vault.room import refuse_little_room
from cis_desktop.vault.store import Vault
from cis_desktop.vault.tables import read_tables

NEW_FILE = f"{VAULT_FILE}.new"
ROOM = 1.2
"""Times the size of the vault that must be free: the copy, and what SQLite writes beside it meanwhile."""
LOCK_CHANGED = "lock_changed"
"""The note of the last change set that was here when the lock was changed: which removals it answers."""


def change_key(vault: Vault, folder: Path, who: str, words: str, ways: Callable[[bytes], Sequence[Slot]]) -> None:
    """Put the vault under a new key, opened by the slots that `ways` gives for that key; the history says `words`.

    Waits for whoever reads or writes. Raises CisError `busy`, `little_room`, `disk_full` or `disk_failing` with
    everything as it was.
    """
    file = keys.read_keys(folder)
    keys.check_list(file, vault.key)
    new_key = secrets.token_bytes(32)
    ways_now = ways(new_key)
    following = keys.sealed_list([keys.nameless(slot) for slot in ways_now], new_key, file.generation + 1)
    refuse_little_room(folder, int((folder / VAULT_FILE).stat().st_size * ROOM))
    with vault.alone():
        try:
            _copy(folder, vault.key, new_key)
            _keep_list(folder, new_key, ways_now, who, words, following.generation)
            _check(folder, new_key)
            keys.write_keys(folder, msgspec.structs.replace(file, following=following))
            take_its_place(folder)
        except BaseException as error:
            # The copy goes first: without it, whoever opens the vault next goes back to the old key by themselves.
            with suppress(OSError):
                discard_copy(folder)
                keys.write_keys(folder, file)
            raise of_the_copy(error) from error
        vault.key = new_key
        with suppress(OSError):
            # It opens as it is; otherwise the next opening does this.
            settle_names(folder)
            keys.write_keys(folder, following)
    vault.told(frozenset({"change_sets"}))


@dataclass(frozen=True, slots=True)
class Settled:
    """The vault's key, and the list that is its own."""

    key: bytes
    file: KeyFile


def unlock(file: KeyFile, open_slot: Callable[[KeyFile], Opened]) -> tuple[Opened, bool]:
    """Open a slot, of the list that follows first; says whether it was of that one."""
    if file.following is not None:
        try:
            return open_slot(file.following), True
        except CisError as error:
            if error.code not in ("wrong_passphrase", "wrong_recovery_key", "damaged_keys"):
                raise
    return open_slot(file), False


def settle(folder: Path, file: KeyFile, opened: Opened, follows: bool) -> Settled:
    """Finish, or take back, a change of the key that was cut off. Call with the folder's lock held.

    Raises CisError `wrong_key` when the opened slot leads to neither.
    """
    for left in (f"{keys.FILE_NAME}.new", slots.KEPT_FILE, f"{slots.KEPT_FILE}.new"):
        (folder / left).unlink(missing_ok=True)
    if file.following is None:
        keys.check_list(file, opened.key)
        discard_copy(folder)
        return Settled(opened.key, file)
    if follows:
        keys.check_list(file.following, opened.key)
        if not _opens(folder / VAULT_FILE, opened.key) and _opens(folder / NEW_FILE, opened.key):
            take_its_place(folder)
            settle_names(folder)
        if _opens(folder / VAULT_FILE, opened.key):
            keys.write_keys(folder, file.following)
            return Settled(opened.key, file.following)
        opened = keys.open_with_identity(file, opened.slot.id, opened.identity)
    before = msgspec.structs.replace(file, following=None)
    keys.check_list(before, opened.key)
    connect(folder / VAULT_FILE, opened.key).close()
    discard_copy(folder)
    keys.write_keys(folder, before)
    return Settled(opened.key, before)


def _copy(folder: Path, key: bytes, new_key: bytes) -> None:
    draft = folder / NEW_FILE
    discard_copy(folder)
    source = connect(folder / VAULT_FILE, key)
    try:
        copy_database(source, draft, key)
    finally:
        source.close()
    put_under(draft, key, new_key)


def put_under(path: Path, key: bytes, new_key: bytes) -> None:
    """Put a vault that nobody has open under another key. Raises OSError when the disk refuses; it is no vault then."""
    copy = sqlcipher3.connect(str(path), isolation_level=None)
    try:
        copy.execute(f"pragma key = \"x'{key.hex()}'\"")
        copy.execute("pragma synchronous = full")
        # Nothing is lost with half of it: it is a copy, and no vault until it takes the place of one.
        copy.execute("pragma journal_mode = off")
        copy.execute(f"pragma rekey = \"x'{new_key.hex()}'\"")
    except sqlcipher3.OperationalError as error:
        # SQLCipher says of a page it could not write that there was no key.
        raise OSError(None, "the disk refused it, most likely because it is full") from error
    finally:
        copy.close()


def _keep_list(folder: Path, key: bytes, ways: Sequence[Slot], who: str, words: str, generation: int) -> None:
    copy = connect(folder / NEW_FILE, key)
    try:
        copy.execute("begin immediate")
        slots.keep(copy, ways, who, generation)
        change = Change(copy, read_tables(copy), who, words)
        change.said = True
        record(change)
        copy.execute(
            "insert or replace into local_notes (name, value) select ?, max(id) from change_sets", (LOCK_CHANGED,)
        )
        copy.execute("commit")
        copy.execute("pragma wal_checkpoint(truncate)")
        copy.execute("pragma journal_mode = delete")
    finally:
        copy.close()


def _check(folder: Path, key: bytes) -> None:
    problems = damage(folder / NEW_FILE, key)
    if problems:
        raise CisError(
            "vault_damaged",
            "The copy under the new key is not good",
            f"It did not pass its check ({problems[0]}), so the lock was not changed and nothing was lost. Run the "
            "check of the whole record, then try again.",
        )


def take_its_place(folder: Path) -> None:
    """Let the copy be the vault from now on. Call while nobody has either open."""
    # The log of a vault that nobody has open is empty; it must not be read as that of the new one.
    for beside in ("-wal", "-shm"):
        (folder / f"{VAULT_FILE}{beside}").unlink(missing_ok=True)
    (folder / NEW_FILE).replace(folder / VAULT_FILE)


def discard_copy(folder: Path) -> None:
    """Take away a copy that did not become the vault."""
    for beside in ("", "-journal", "-wal", "-shm"):
        (folder / f"{NEW_FILE}{beside}").unlink(missing_ok=True)


def _opens(path: Path, key: bytes) -> bool:
    try:
        connect(path, key).close()
    except CisError as error:
        if error.code in ("wrong_key", "vault_missing"):
            return False
        raise
    return True


def of_the_copy(error: BaseException) -> BaseException:
    """Say what went wrong with a copy of the vault, as trouble of the disk where it is that."""
    if isinstance(error, CisError) and error.code == "wrong_key":
        # On a disk that failed: nothing is wrong with the vault.
        return disk_failing()
    if isinstance(error, OSError):
        return disk_full() if error.errno in DISK_FULL else disk_failing(_why(error))
    if isinstance(error, sqlcipher3.OperationalError):
        # What a failed write left of a copy, SQLite may even call a table that is not there.
        return disk_trouble(error) or disk_failing(str(error))
    return error


def _why(error: OSError) -> str:
    """Give in the system's words what it refused, and with which file."""
    said = error.strerror or str(error)
    return f"{Path(error.filename).name}: {said}" if isinstance(error.filename, str) else said
