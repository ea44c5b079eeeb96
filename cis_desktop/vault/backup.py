"""Backups: the vault and its key slots in one file sealed to every slot, opened and checked after writing.

A plain tar of `keys.json` (the slots without names: wrapped under their passphrases) and `vault.age` (age-encrypted
to every slot: a tar of `vault.db` and `vault.keys`). So a passphrase opens it on any computer, and with the recovery
key, `tar`, `age` and `sqlcipher` alone do.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import Path

import msgspec
import pyrage
import sqlcipher3

from cis_desktop.errors import CisError
from cis_desktop.saving import make_folder, settle
from cis_desktop.vault import forgotten, keys
from cis_desktop.vault.database import connect, disk_full, disk_trouble
from cis_desktop.vault.integrity import damage, unlike_ours
from cis_desktop.vault.lockfile import FolderLock
from cis_desktop.vault.progress import Tell, part, untold
from cis_desktop.vault.room import refuse_little_room
from cis_desktop.vault.sealing import Digest, is_whole, seal, system_number, through, write_tar
from cis_desktop.vault.store import Vault
from cis_desktop.vault.tables import Connection

VAULT_FILE = "vault.db"
SEALED_FILE = "vault.age"
SLOTS_FILE = "keys.json"
LARGEST = 8 * 1024**3
WRITING, UNPACKING = 3, 2
"""Times the size of the vault, or of the backup, that must be free: what lies in the folder at the worst moment, and
what SQLite needs beside it."""
PAGES = 2048
"""Copied between two looks at whether to stop."""
RESTORING = ".cis-restore-"
"""How the folder is called in which a backup is restored before it gets its name."""
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, 112}
"""What systems call it; 112 is Windows' own number."""


def size_of(connection: Connection) -> int:
    """Give the size of a vault in bytes."""
    (pages,), (size,) = (connection.execute(f"pragma {name}").fetchone() for name in ("page_count", "page_size"))
    return int(pages) * int(size)


def copy_database(source: Connection, path: Path, key: bytes, tell: Tell = untold) -> None:
    """Write a consistent copy of an open vault, under this key, without stopping its writer."""
    target = connect(path, key, new=True)
    try:
        # Nothing is lost with half a copy, so that it needs no journal; it is synced all the same.
        target.execute("pragma journal_mode = off")
        # In one transaction: what is written meanwhile would make it begin anew.
        source.execute("begin")
        source.execute("select count(*) from sqlite_master").fetchone()
        source.backup(target, pages=PAGES, progress=lambda _, left, total: tell(total - left, total))
        target.execute("pragma journal_mode = delete")
    finally:
        target.close()
        if source.in_transaction:
            source.execute("rollback")


def _opened_of_its_day(file: keys.KeyFile, secret: str) -> keys.Opened:
    """Open the keys in a backup. Raises CisError of the same codes, which say that they are those of its day."""
    try:
        return keys.open_with(file, secret)
    except CisError as error:
        if error.code not in ("wrong_passphrase", "wrong_recovery_key"):
            raise
        raise CisError(
            error.code,
            error.title,
            "A backup opens with the passphrase of the day it was made, or with the recovery kit of that day. Nothing "
            "was restored. If it was changed since, try the one you had then; else check Caps Lock and type it again.",
        ) from error


def back_up(source: Connection, key: bytes, file: keys.KeyFile, to: Path, tell: Tell = untold) -> Path:
    """Write a sealed backup of an open vault to `to`, open it again and check it; give its path.

    It is sealed to every key slot, and to one identity made for the check and then forgotten. Raises CisError
    `backup_failed` or `disk_full`, leaving no half-written file and any older backup of that name as it was; so does
    what `tell` raises, which hears how far it is.
    """
    keys.check_list(file, key)
    check = pyrage.x25519.Identity.generate()
    recipients = [pyrage.x25519.Recipient.from_str(slot.recipient) for slot in file.slots] + [check.to_public()]
    draft = to.with_name(to.name + ".new")
    try:
        make_folder(to.parent)
        refuse_little_room(to.parent, size_of(source) * WRITING)
        # What lies in the folder meanwhile is encrypted pages under the vault key: nothing for a finder.
        with tempfile.TemporaryDirectory(dir=to.parent, prefix=".backup-") as name:
            folder = Path(name)
            copy_database(source, folder / VAULT_FILE, key, part(tell, 0, 0.3))
            keys.write_keys(folder, file)
            members = {each: folder / each for each in (VAULT_FILE, keys.FILE_NAME)}
            open_part = SLOTS_FILE, outer_slots(file)
            sealed = seal(draft, open_part, SEALED_FILE, members, recipients, part(tell, 0.3, 0.45))
            problems = ["it does not open again"]
            if is_whole(draft, sealed, check, part(tell, 0.45, 0.6)):
                # It holds this copy to the byte. Not the rules of the history: one bad record must block no backup.
                # `check` tells of it, before and after.
                problems = damage(folder / VAULT_FILE, key, False, part(tell, 0.6, 1))
        if problems:
            raise CisError(
                "backup_failed",
                "The backup is not good",
                f"The backup was written and did not pass its check ({problems[0]}), so it was removed. Your records "
                "are as they were. Check the record, then try again, perhaps on another disk.",
            )
        draft.replace(to)
        settle(to.parent)
    except (OSError, sqlcipher3.DatabaseError, pyrage.EncryptError) as error:
        raise not_written(to, error) from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return to


def tidy(folder: Path) -> None:
    """Remove what a process that was killed left in a folder of backups; call with the workspace's lock held."""
    for left in (each for prefix in (".backup-", ".check-", ".rehearsal-") for each in folder.glob(f"{prefix}*")):
        shutil.rmtree(left, ignore_errors=True)
    for draft in folder.glob("*.new"):
        if draft.name.endswith(".cis-backup.new") or draft.name == f"{forgotten.FILE_NAME}.new":
            draft.unlink(missing_ok=True)


def tidy_restores(parent: Path) -> None:
    """Remove what a process that was killed left when it restored into a folder of `parent`."""
    for left in parent.glob(f"{RESTORING}*"):
        try:
            FolderLock(left).release()
        except (CisError, OSError):
            # It is being restored right now, or is nothing of ours.
            continue
        shutil.rmtree(left, ignore_errors=True)


def restore(
    path: Path, folder: Path, secret: str, device_name: str, agree: Callable[[Connection], object]
) -> keys.Opened:
    """Restore a backup into a new folder, as a new device incarnation; give the slot that opened it.

    `secret` is a passphrase or the recovery identity. `agree` is given what was unpacked, and may raise. Whoever was
    erased since, by the list beside the backup, is erased again. Nothing is left behind if it fails, and nothing is
    ever restored over other files.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CisError(
            "folder_not_empty",
            "That folder is not empty",
            "A backup is never restored over other files, so nothing was changed. Choose a new folder.",
        )
    if not path.is_file():
        raise CisError(
            "no_file", "There is no such file", f"No backup is at {path.name}. Nothing was restored or changed."
        )
    make_folder(folder.parent)
    tidy_restores(folder.parent)
    refuse_little_room(folder.parent, path.stat().st_size * UNPACKING)
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=RESTORING) as name, ExitStack() as held:
            draft = Path(name)
            lock = FolderLock(draft)
            held.callback(lock.release)
            opened = restore_draft(path, draft, lambda file: _opened_of_its_day(file, secret))
            vault = Vault(draft / VAULT_FILE, opened.key)
            try:
                if problems := unlike_ours(vault.read):
                    raise backup_damaged(problems[0])
                agree(vault.read)
                vault.new_copy(device_name)
                vault.erase_again(forgotten.read(vault.read, path.parent))
            finally:
                vault.close()
            held.close()
            (draft / SLOTS_FILE).unlink()
            # All of it certain on the disk before it has its name: what was unpacked is synced by nobody else.
            for each in draft.iterdir():
                with each.open("rb+") as file:
                    os.fsync(file.fileno())
            settle(draft)
            # One renaming: whoever looks finds the whole of it, or nothing.
            if folder.exists():
                folder.rmdir()
            draft.rename(folder)
            settle(folder.parent)
    except OSError as error:
        raise not_written(folder, error) from error
    except (sqlcipher3.DatabaseError, TypeError, ValueError) as error:
        # It was found whole: what cannot be read of it all the same, no app of ours has written.
        raise disk_trouble(error) or backup_damaged(type(error).__name__) from error
    return opened


def restore_draft(
    path: Path, draft: Path, open_slot: Callable[[keys.KeyFile], keys.Opened], tell: Tell = untold
) -> keys.Opened:
    """Unpack a backup into an empty folder, check all of it, and give the slot that opened it.

    Raises CisError `not_a_backup`, `backup_damaged`, or what `open_slot` raises.
    """
    unpack(path, {SLOTS_FILE, SEALED_FILE}, draft)
    opened = open_slot(keys.read_key_file(draft / SLOTS_FILE))
    open_sealed(draft, pyrage.x25519.Identity.from_str(opened.identity), part(tell, 0, 0.4))
    file = keys.read_keys(draft)
    keys.check_list(file, opened.key)
    if (draft / SLOTS_FILE).read_bytes() != outer_slots(file):
        raise not_a_backup()
    problems = damage(draft / VAULT_FILE, opened.key, False, part(tell, 0.4, 1))
    if problems:
        raise backup_damaged(problems[0])
    return opened


def outer_slots(file: keys.KeyFile) -> bytes:
    """Give `keys.json`, which lies in the open around the seal."""
    return msgspec.json.encode(keys.unsealed(file))


def open_sealed(folder: Path, identity: pyrage.x25519.Identity, tell: Tell = untold) -> None:
    """Decrypt `vault.age` in a folder and unpack the vault and its keys beside it."""
    sealed, inner = folder / SEALED_FILE, folder / "inner.tar"
    try:
        with sealed.open("rb") as inside, inner.open("wb") as outside:
            through(pyrage.decrypt_io, inside, outside, [identity], tell, sealed.stat().st_size)
    except pyrage.DecryptError as error:
        raise not_a_backup() from error
    except OSError as error:
        # pyrage calls a failed seal further in an OSError too, one without a number of the system.
        if system_number(error) is None:
            raise not_a_backup() from error
        raise
    sealed.unlink()
    unpack(inner, {VAULT_FILE, keys.FILE_NAME}, folder)
    inner.unlink()


def unpack(path: Path, names: set[str], folder: Path) -> None:
    """Unpack a tar that must hold just these plain files, each of a size that can be."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            # No more than those: a tar can name millions, and say of a sparse one that it is larger than any disk.
            members = list(islice(tar, len(names) + 1))
            if {member.name for member in members} != names or len(members) != len(names):
                raise not_a_backup()
            if not all(m.isfile() and not m.issparse() and m.size <= LARGEST for m in members):
                raise not_a_backup()
            tar.extractall(folder, members, filter="data")
        # A tar has bytes nobody reads. Writing it again must give the very same file.
        again = Digest()
        write_tar(again, {member.name: folder / member.name for member in members})
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").digest() != again.sha256.digest():
                raise not_a_backup()
    except (tarfile.TarError, EOFError, ValueError, IndexError, OverflowError) as error:
        # The last three are tarfile's own, of heads that hold no numbers where numbers belong.
        raise not_a_backup() from error


def not_a_backup() -> CisError:
    """Say that a file is not a backup."""
    return CisError(
        "not_a_backup",
        "That is no backup, or a damaged one",
        "The file is not a Community Insights backup, or it is damaged. Nothing was restored and nothing was "
        "changed. Try an older backup.",
    )


def backup_damaged(problem: str) -> CisError:
    """Say that a backup opens and is not whole."""
    return CisError(
        "backup_damaged",
        "The backup is damaged",
        f"It opens, but its contents are not whole ({problem}). Nothing was restored. Restore it on another disk, in"
        " case this one is failing; if that says the same, use an older backup.",
    )


def not_written(path: Path, error: Exception) -> CisError:
    """Say why a backup or what it restores could not be written: a full disk, or another."""
    if isinstance(error, OSError):
        return disk_full() if system_number(error) in DISK_FULL else cannot_write(path, error)
    return disk_trouble(error) or cannot_write(path, OSError(None, "the disk refused it"))


def cannot_write(path: Path, error: OSError) -> CisError:
    """Say that a file cannot be written."""
    return CisError(
        "cannot_write",
        "The file could not be written",
        f"{path.name} could not be saved there ({error.strerror or error}). Your records are as they were. "
        "Choose another folder and try again.",
    )
