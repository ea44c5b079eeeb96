"""The whole record for a laptop that is new to the group: a copy of the vault, without what belongs to one laptop.

On its way it is under a key of its own, inside a file that is sealed to the new laptop alone. There it takes the place
of the vault that was made for it; what was written in that one meanwhile is brought along.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import pyrage
import sqlcipher3
from msgspec.structs import replace

from cis_desktop.errors import CisError
from cis_desktop.local_notes import note
from cis_desktop.saving import make_folder, refuse_other, settle
from cis_desktop.sync.files import ENDING, LENGTH, Page, Read, introduce, opened, signed
from cis_desktop.sync.folder import WHOLE, Lying, not_reached
from cis_desktop.sync.known import remember
from cis_desktop.sync.laptops import Laptop, Own, note_introduced
from cis_desktop.sync.place import GROUP, JOINING
from cis_desktop.vault.backup import DISK_FULL, VAULT_FILE, copy_database, size_of
from cis_desktop.vault.database import connect, disk_full, disk_trouble
from cis_desktop.vault.history import now
from cis_desktop.vault.integrity import damage, unlike_ours
from cis_desktop.vault.merge import NOT_OURS
from cis_desktop.vault.progress import Tell, part, untold
from cis_desktop.vault.rekey import LOCK_CHANGED, NEW_FILE, discard_copy, of_the_copy, put_under, take_its_place
from cis_desktop.vault.room import refuse_little_room
from cis_desktop.vault.sealing import LUMP, Pieces, through
from cis_desktop.vault.sets import held, sets_since
from cis_desktop.vault.store import Vault
from cis_desktop.vault.tables import APPLYING
from cis_desktop.workspace import BACKUPS, Workspace, setting

LOCAL = (
    "local_notes", "ways_in", "ways_in_generation", "files_outside", "kept_originals", "invitations", "sync_files",
)  # fmt: skip
"""Tables of what belongs to one laptop: its keys, its passphrases, its drafts, its files. None of it travels."""
ROOM = 2.5
"""Times the size of the vault that must be free where a snapshot is made or taken."""
LARGEST_HEAD = 1 << 24
KEY = 32
"""Bytes of the key that a vault is under."""


def path_for(folder: Path, me: Own, laptop: Laptop) -> Path:
    """Give where the snapshot for a laptop lies."""
    return folder / me.device.hex()[:16] / f"{WHOLE}{laptop.device[:16]}{ENDING}"


def make(workspace: Workspace, me: Own, laptop: Laptop, folder: Path, tell: Tell = untold) -> Path:
    """Write the whole record for one laptop into a shared folder; give its path. Raises CisError.

    `tell` hears how far it is; what it raises ends it, with nothing left behind.
    """
    to = path_for(folder, me, laptop)
    draft = to.with_name(to.name + ".new")
    backups = workspace.folder / BACKUPS
    try:
        make_folder(to.parent)
        make_folder(backups)
        with workspace.reader() as connection, tempfile.TemporaryDirectory(dir=backups, prefix=".backup-") as name:
            refuse_little_room(backups, int(size_of(connection) * ROOM))
            copy, key = Path(name) / VAULT_FILE, secrets.token_bytes(KEY)
            try:
                copy_database(connection, copy, key, part(tell, 0, 0.3))
                has = _without_what_is_local(copy, key)
                with copy.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").digest()
            except (CisError, OSError, sqlcipher3.DatabaseError) as error:
                raise of_the_copy(error) from error
            said = introduce(bytes.fromhex(laptop.device), bytes.fromhex(laptop.public_key), me.private)
            page = Page(
                "whole", setting(connection, GROUP) or "", me.device, me.name, me.recipient, 0, now(), has,
                introduced=[said, *me.introduced], key=key, size=copy.stat().st_size, sha256=digest,
            )  # fmt: skip
            refuse_little_room(to.parent, page.size)
            with draft.open("wb") as out:
                pieces = Pieces(_inside(signed(page, me.private), copy))
                recipient = pyrage.x25519.Recipient.from_str(laptop.recipient)
                sealed = _Hashing(out)
                through(pyrage.encrypt_io, pieces, sealed, [recipient], part(tell, 0.5, 1), page.size)
                out.flush()
                os.fsync(out.fileno())
            refuse_other(draft, sealed.sha256.digest())
        draft.replace(to)
        settle(to.parent)
        with workspace.vault.transaction(APPLYING) as connection:
            # What it will hold, until it says so itself.
            remember(connection, page.sha256, replace(page, device=bytes.fromhex(laptop.device)), 0)
    except OSError as error:
        raise not_reached(error) from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return to


def _without_what_is_local(copy: Path, key: bytes) -> dict[bytes, int]:
    """Take out of a copy of the vault what belongs to this laptop; give the sets that it holds."""
    connection = connect(copy, key)
    try:
        connection.execute("begin immediate")
        for table in LOCAL:
            connection.execute(f"delete from {table}")
        connection.execute("commit")
        connection.execute("pragma wal_checkpoint(truncate)")
        connection.execute("pragma journal_mode = delete")
        return held(connection)
    finally:
        connection.close()


def _inside(head: bytes, copy: Path) -> Iterator[bytes]:
    yield len(head).to_bytes(LENGTH, "big") + head
    with copy.open("rb") as file:
        while piece := file.read(LUMP):
            yield piece


class _Hashing:
    """Takes what goes into a file, and keeps the SHA-256 of it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()

    def write(self, raw: bytes, /) -> int:
        """Take the next bytes."""
        self.sha256.update(raw)
        return self.file.write(raw)


class _Parting:
    """Takes what was inside the seal: the head apart, and what follows into a file, unless `judge` refuses the head."""

    def __init__(self, path: Path, judge: Callable[[bytes], object]) -> None:
        self.file = path.open("wb")
        self.judge = judge
        self.head = b""
        self.left = LENGTH
        self.sized = False
        self.sha256 = hashlib.sha256()

    def write(self, raw: bytes, /) -> int:
        """Take the next bytes. Raises ValueError for a head that is too long, and what `judge` raises."""
        size = len(raw)
        while raw and self.left:
            piece, raw = raw[: self.left], raw[self.left :]
            self.head += piece
            self.left -= len(piece)
            if not self.left and not self.sized:
                self.sized, self.left, self.head = True, int.from_bytes(self.head, "big"), b""
                if not 0 < self.left <= LARGEST_HEAD:
                    raise ValueError("no head of a snapshot")
            elif not self.left:
                self.judge(self.head)
        self.sha256.update(raw)
        self.file.write(raw)
        return size


def take(workspace: Workspace, one: Lying, me: Own, group: str, signer: bytes, tell: Tell = untold) -> Read | None:
    """Let the record in a snapshot take the place of the one that waits for it; None if it is not for this laptop.

    It must be whole, of this group and signed with this key. Killed at any moment, the waiting one is as it was.
    Raises CisError; so does what `tell` raises, and nothing is changed.
    """
    folder, draft = workspace.folder, workspace.folder / NEW_FILE

    def judge(head: bytes) -> None:
        """Ask what is soon known before anything large is written."""
        said = opened(head)
        ours = said is not None and said.signer == signer and len(said.page.key) == KEY
        if said is None or not ours or said.page.kind != "whole" or said.page.group != group:
            raise ValueError("not the record that this laptop waits for")
        refuse_little_room(folder, int(one.size * ROOM))

    discard_copy(folder)
    try:
        found = _unsealed(one.path, draft, me.identity, judge, part(tell, 0, 0.4))
        if found is None:
            return None
        try:
            put_under(draft, found.page.key, workspace.vault.key)
            _make_own(workspace, me, draft, found, one.mark)
            problems = damage(draft, workspace.vault.key, tell=part(tell, 0.5, 1))
            if problems:
                raise _damaged(problems[0])
            with workspace.vault.alone():
                take_its_place(folder)
                settle(folder)
        except (CisError, OSError) as error:
            raise of_the_copy(error) from error
    except (sqlcipher3.DatabaseError, *NOT_OURS) as error:
        # What cannot be read of it, no app of ours has written.
        raise disk_trouble(error) or _damaged(type(error).__name__) from error
    except OSError as error:
        raise disk_full() if error.errno in DISK_FULL else not_reached(error) from error
    finally:
        with suppress(OSError):
            discard_copy(folder)
    workspace.vault.told(frozenset(workspace.vault.tables))
    return found


def _damaged(why: str) -> CisError:
    return CisError(
        "snapshot_damaged",
        "What came from the other laptop is not whole",
        f"The group’s record was received and did not pass its check ({why}), so it was not taken. Nothing was "
        "changed. Have it written again on the other laptop.",
    )


def _unsealed(
    path: Path, draft: Path, identity: str, judge: Callable[[bytes], object], tell: Tell
) -> Read | None:  # fmt: skip
    parting = _Parting(draft, judge)
    try:
        with path.open("rb") as file:
            through(
                pyrage.decrypt_io, file, parting, [pyrage.x25519.Identity.from_str(identity)], tell,
                path.stat().st_size,
            )  # fmt: skip
        parting.file.flush()
        os.fsync(parting.file.fileno())
    except (pyrage.DecryptError, ValueError):
        return None
    except OSError as error:
        # pyrage calls a failed seal further in an OSError too, one without a number of the system.
        if error.errno is None:
            return None
        raise
    finally:
        parting.file.close()
    found = opened(parting.head)
    if found is None or parting.sha256.digest() != found.page.sha256:
        return None
    return found


def _make_own(workspace: Workspace, me: Own, draft: Path, found: Read, mark: bytes) -> None:
    """Make the received vault this laptop's own: its device, its notes, its ways in, and what it wrote meanwhile."""
    with workspace.reader() as before:
        kept = {table: before.execute(f"select * from {table}").fetchall() for table in LOCAL}
        own_sets = list(sets_since(before, {}))
    made = Vault(draft, workspace.vault.key)
    try:
        if problems := unlike_ours(made.read):
            raise _damaged(problems[0])
        made.new_incarnation(me.name, me.device)
        with made.transaction(APPLYING) as connection:
            for table, rows in kept.items():
                connection.execute(f"delete from {table}")
                for row in rows:
                    connection.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)
            note(connection, JOINING, "")
            (last,) = connection.execute("select max(id) from change_sets").fetchone()
            # Its key was never on a laptop that was taken away before.
            note(connection, LOCK_CHANGED, str(last))
            note_introduced(connection, me.device.hex(), found.page.introduced)
            remember(connection, mark or found.page.sha256, found.page, 0)
        if len(own_sets) > 1:
            # Somebody has already written in it: more than its name.
            made.receive(own_sets)
    finally:
        made.close()
