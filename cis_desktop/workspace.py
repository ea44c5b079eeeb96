"""A workspace: one group's whole record, opened once and passed down.

A folder with the encrypted vault (`vault.db`), its key slots (`vault.keys`) and its backups. Nothing in it is
readable without a passphrase or the recovery kit.
"""

from __future__ import annotations

import errno
import os
import platform
import secrets
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path

from cis_desktop.errors import CisError
from cis_desktop.incarnation import settle_device
from cis_desktop.passphrases import refuse_weak
from cis_desktop.paths import networked, synced
from cis_desktop.saving import make_folder
from cis_desktop.saving import settle as settle_names
from cis_desktop.unlocking import open_vault
from cis_desktop.vault import forgotten, keys
from cis_desktop.vault.backup import VAULT_FILE, back_up, not_written, restore, tidy, tidy_restores
from cis_desktop.vault.database import disk_full
from cis_desktop.vault.history import Change, derived_uid, now
from cis_desktop.vault.integrity import damage
from cis_desktop.vault.lockfile import FILE_NAME as LOCK_FILE
from cis_desktop.vault.lockfile import FolderLock
from cis_desktop.vault.log import Logged, log
from cis_desktop.vault.progress import Tell, part, untold
from cis_desktop.vault.rehearsal import differences
from cis_desktop.vault.rekey import settle, unlock
from cis_desktop.vault.slots import announce, begun, current, differ, name_of, reconcile
from cis_desktop.vault.slots import keep as keep_slots
from cis_desktop.vault.store import Undone, Vault
from cis_desktop.vault.tables import Connection
from cis_desktop.words import harmless

BACKUPS = "backups"
"""The folder of backups, in the workspace's own."""
REHEARSALS = 3


class Workspace:
    """One unlocked workspace. Use as a context manager, or `close()` it to lock."""

    def __init__(self, folder: Path, vault: Vault, lock: FolderLock | None, who: str) -> None:
        self.folder = folder
        self.vault = vault
        self.who = who
        self.slot = self.identity = ""
        self.new = False
        """Made a moment ago: whoever is at the keys has just chosen the passphrase."""
        # The act that is to be done once more where no backup could be made before it (`cis_desktop/backups.py`).
        self.unprotected = ""
        self.unlocked_in = 0.0
        self._lock = lock

    @classmethod
    def create(
        cls,
        folder: Path,
        name: str,
        person: str,
        passphrase: str,
        kit_file: Path | None = None,
        passes: int | None = None,
    ) -> Workspace:
        """Make a new workspace in an empty or missing folder, and open it.

        `kit_file`, if given, gets the recovery identity: print it, then delete the file. `passes` sets the Argon2id
        cost (tests only need little of it). Raises CisError and writes nothing if the folder cannot be used.
        """
        if not name.strip():
            raise CisError(
                "no_name", "The group needs a name", "Nothing was made. Give the group's name and try again."
            )
        refuse_weak(passphrase, (name, person))
        refuse_folder(folder)
        if kit_file is not None and kit_file.exists():
            raise CisError(
                "file_exists",
                "That file exists already",
                "The recovery key is never written over another file, so nothing was made. Choose a new file name.",
            )
        made = ExitStack()
        try:
            if not folder.exists():
                make_folder(folder, mode=0o700)
                made.callback(folder.rmdir)
            lock = FolderLock(folder)
            made.callback((folder / LOCK_FILE).unlink)
            made.callback(lock.release)
            key = secrets.token_bytes(32)
            identity = keys.new_identity()
            ways = [keys.person_slot(person, passphrase, key, passes, identity)]
            if kit_file is not None:
                slot, kit = keys.recovery_slot(key)
                ways.append(slot)
                made.callback(kit_file.unlink, missing_ok=True)
                write_kit(kit_file, kit)
            for beside in (VAULT_FILE, f"{VAULT_FILE}-wal", f"{VAULT_FILE}-shm", keys.FILE_NAME):
                made.callback((folder / beside).unlink, missing_ok=True)
            vault = Vault(folder / VAULT_FILE, key, platform.node() or "This computer", new=True)
            made.callback(vault.close)
            workspace = cls(folder, vault, lock, person)
            workspace.slot, workspace.identity, workspace.new = ways[0].id, identity, True
            with workspace.change("Set up the record") as change:
                set_setting(change, "workspace_name", name.strip())
                keep_slots(change.connection, ways, person, 1)
            settle_device(vault, folder)
            # The keys come last: a folder without them is not a workspace yet.
            keys.write_keys(folder, keys.sealed_list([keys.nameless(slot) for slot in ways], key, 1))
        except BaseException as error:
            # What was made in the last moments goes again: nothing can be in it yet, and no key to it is left.
            made.close()
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise disk_full() from error
            raise
        return workspace

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> Workspace:
        """Unlock a workspace with a passphrase, or with the recovery key."""
        return cls.open_slot(folder, lambda file: keys.open_with(file, passphrase))

    @classmethod
    def open_slot(cls, folder: Path, open_slot: Callable[[keys.KeyFile], keys.Opened]) -> Workspace:
        """Unlock a workspace with whatever opens one of its slots, and finish a change of its key that was cut off.

        On a full disk it is opened only to be read (`vault.reading`).
        """
        refuse_place(folder, "it was not opened and nothing was changed. Move the whole folder to this computer first")
        opened, follows = unlock(keys.read_keys(folder), open_slot)
        lock = FolderLock(folder)
        try:
            # Again, now that nobody else can write it.
            tidy(folder / BACKUPS)
            tidy_restores(folder.parent)
            settled = settle(folder, keys.read_keys(folder), opened, follows)
            vault = open_vault(folder, settled, backup_name(folder))
        except BaseException:
            lock.release()
            raise
        workspace = cls(folder, vault, lock, "")
        try:
            if not vault.reading and differ(workspace.read, settled.file):
                opener = opened.slot.name or name_of(workspace.read, opened.slot.id) or "Somebody"
                who, words = begun(vault.read, settled.file) or (
                    opener, "Brought the list of who can open it up to date"
                )  # fmt: skip
                with vault.change(who, words) as change:
                    # First whose they are, in a transaction of its own: only the file of an early version has names,
                    # and it is written without them before what follows is certain.
                    announce(change.connection, settled.file.slots, who, words)
                with vault.change(who, words) as change:
                    # To take in the list of an early version changes nothing of who can open it.
                    change.said = bool(current(change.connection))
                    reconcile(change.connection, folder, settled.file, settled.key, who)
            workspace.slot, workspace.identity = opened.slot.id, opened.identity
            workspace.unlocked_in = opened.seconds
            workspace.who = name_of(workspace.read, opened.slot.id) or "Somebody"
        except BaseException:
            workspace.close()
            raise
        return workspace

    @classmethod
    def open_raw(cls, folder: Path, key: bytes, who: str) -> Workspace:
        """Open a workspace whose vault key is known already. Takes the folder's lock.

        Only in a folder without any file of a vault is a new one made, without key slots.
        """
        folder.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(folder)
        try:
            new = all(path.name == LOCK_FILE for path in folder.glob("vault.*"))
            return cls(folder, Vault(folder / VAULT_FILE, key, new=new), lock, who)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def restore(
        cls, backup: Path, folder: Path, secret: str, agree: Callable[[Connection], object] = lambda _: None
    ) -> Workspace:
        """Restore a backup into a new folder with a passphrase or the recovery key, and open it there.

        `agree` looks at what is in it (`whose.py`) before it is there, and raises if it is not to be.
        """
        refuse_folder(folder)
        opened = restore(backup, folder, secret, platform.node() or "This computer", agree)
        return cls.open_slot(folder, lambda file: keys.open_with_identity(file, opened.slot.id, opened.identity))

    def close(self) -> None:
        """Lock the workspace."""
        self.identity = ""
        self.vault.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def read(self) -> Connection:
        """The connection for reading on the thread that opened the workspace."""
        return self.vault.read

    @property
    def name(self) -> str:
        """The group's name."""
        return harmless(setting(self.read, "workspace_name") or "") or "Workspace"

    @property
    def recipient(self) -> str:
        """The age recipient of whoever has the workspace open, or nothing when it was opened without a slot."""
        return keys.recipient_of(self.identity) if self.identity else ""

    @property
    def device(self) -> str:
        """The id of this device incarnation, in hex."""
        (uid,) = self.read.execute("select d.uid from writing w join devices d on d.id = w.device").fetchone()
        return str(uid.hex())

    def reader(self) -> AbstractContextManager[Connection]:
        """Lend a connection of its own to a job on another thread."""
        return self.vault.reader()

    def change(self, words: str) -> AbstractContextManager[Change]:
        """Open a change named in the user's words, without personal data; it becomes one change set."""
        return self.vault.change(self.who, words)

    def erase(self, words: str, rows: Iterable[tuple[str, int]]) -> Change:
        """Erase rows and everything that reaches them, here and in the history, and note it beside the backups."""
        change = self.vault.erase(self.who, words, rows)
        with suppress(OSError):
            # Every backup writes it again.
            self._list_erased(self.folder / BACKUPS)
        return change

    def undo(self, change_set: str, tell: Tell = untold) -> Undone:
        """Undo a change set, such as a whole import, by a new one; rows worked on since are left and listed.

        `tell` hears how far it is (done, of how many); what it raises ends the undoing, with nothing changed.
        """
        return self.vault.undo(self.who, change_set, tell)

    def change_sets(self, record: tuple[str, int] | None = None, limit: int = 1000) -> list[Logged]:
        """List the history, newest first; with `record` (table, row id) only what touched that row."""
        return log(self.read, record, limit)

    def back_up(self, to: Path | None = None, tell: Tell = untold) -> Path:
        """Write a sealed backup, check it by opening it, and give its path (by default in `backups/`).

        `tell` hears how far it is; what it raises ends it, with nothing left behind.
        """
        to = to or backup_name(self.folder)
        with self.reader() as connection:
            made = back_up(connection, self.vault.key, keys.read_keys(self.folder), to, tell)
        try:
            self._list_erased(made.parent)
        except OSError as error:
            raise not_written(made, error) from error
        return made

    def _list_erased(self, folder: Path) -> None:
        with self.reader() as connection:
            if folder.is_dir():
                forgotten.write(connection, folder)

    def rehearse(self, tell: Tell = untold) -> list[str]:
        """Make a backup, restore it into a temporary vault and compare all of both; give the tables that differ.

        `tell` hears how far it is; what it raises ends it. Raises CisError `no_identity` where the workspace was opened
        without a key slot, and `busy` when it is being written to all the time.
        """
        if not self.identity:
            raise CisError(
                "no_identity",
                "Unlock it with a passphrase first",
                "A backup is opened with a passphrase or the recovery kit, so nothing was rehearsed. Lock the record, "
                "unlock it, and do this again.",
            )
        for _ in range(REHEARSALS):
            backup = self.back_up(tell=part(tell, 0, 0.5))
            with self.reader() as connection:
                found = differences(backup, connection, self.identity, part(tell, 0.5, 1))
            if found is not None:
                return found
        raise CisError(
            "busy",
            "The record is being written to",
            "It was changed each time before the backup could be compared with it. Nothing is wrong; do this again "
            "when nobody is writing.",
        )

    def problems(self, tell: Tell = untold) -> list[str]:
        """Check the whole vault on a fresh connection; give what is wrong with it in plain words.

        `tell` hears how far it is; what it raises ends it.
        """
        return damage(self.folder / VAULT_FILE, self.vault.key, tell=tell, reading=self.vault.reading)

    def subscribe(self, observer: Callable[[frozenset[str]], None]) -> None:
        """Call `observer` with the touched tables after each commit."""
        self.vault.subscribe(observer)


def backup_name(folder: Path) -> Path:
    """Give where a backup made now goes."""
    return folder / BACKUPS / f"{now().replace(':', '')}.cis-backup"


def setting(connection: Connection, name: str) -> str | None:
    """Give a setting of the workspace (shared by all its laptops), or None."""
    row = connection.execute(
        "select value from settings where uid = ? and gone = 0", (derived_uid("settings", name),)
    ).fetchone()
    return None if row is None else row[0]


def set_setting(change: Change, name: str, value: str) -> None:
    """Write a setting of the workspace."""
    uid = derived_uid("settings", name)
    row = change.connection.execute("select id from settings where uid = ?", (uid,)).fetchone()
    if row is None:
        change.insert("settings", uid=uid, name=name, value=value)
    else:
        change.update("settings", row[0], value=value, gone=0)


def refuse_folder(folder: Path) -> None:
    """Refuse a folder that is taken, that a cloud service copies away, or that is in another computer."""
    refuse_place(folder, "nothing was made there. Choose a folder on this computer; backups may go to that one")
    if (folder / keys.FILE_NAME).exists() or (folder / VAULT_FILE).exists():
        raise CisError(
            "folder_taken",
            "There is a record here already",
            "A new record is never made over another one, so nothing was changed. Choose an empty folder, "
            "or open the one that is here.",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CisError(
            "folder_not_empty",
            "That folder is not empty",
            "A record needs a folder of its own, so nothing was changed. Choose a new folder.",
        )


def refuse_place(folder: Path, so: str) -> None:
    """Refuse a folder where a live vault would be damaged: one that is synced or on a network.

    Raises CisError `cloud_folder` or `network_folder`; `so` ends its sentence.
    """
    if synced(folder):
        raise CisError(
            "cloud_folder",
            "That folder is copied to the internet",
            f"A live vault in a synced folder can be damaged by the syncing, so {so}.",
        )
    if networked(folder):
        raise CisError(
            "network_folder",
            "That folder is in another computer",
            f"A live vault on a network can be damaged when the connection drops, so {so}.",
        )


def write_kit(path: Path, identity: str) -> None:
    """Write the recovery identity for printing, readable by this user only. Raises OSError, leaving no half of it."""
    make_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(
                "Community Insights recovery kit\n\nWhoever holds this key can open the vault. Print this page, "
                f"keep it in a safe place, delete the file.\n\n{identity}\n"
            )
            out.flush()
            # Before it opens anything: it may soon be the only way in.
            os.fsync(out.fileno())
        settle_names(path.parent)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise
