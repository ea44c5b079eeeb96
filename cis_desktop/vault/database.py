"""The encrypted database: opening it with a raw key, and bringing its schema up to date."""

from __future__ import annotations

from pathlib import Path

import sqlcipher3

from cis_desktop.errors import CisError
from cis_desktop.vault.tables import Connection, drop_triggers, install_triggers, read_tables

MIGRATIONS = Path(__file__).parent / "migrations"

STATEMENTS = 1000
"""Statements a connection keeps ready. The driver keeps no new one where its room is full of older ones used more."""

DAMAGE = ("malformed", "not a database", "vtable constructor failed")
"""What SQLite says when it reads pages that are not as they were written."""


def connect(path: Path | str, key: bytes, new: bool = False, reading: bool = False) -> Connection:
    """Open a database file under a 32-byte raw key; make it only if it is to be `new`.

    With `reading` nothing is written beside it, so that a full disk does not matter; nobody may write it meanwhile. The
    connection is in autocommit mode and may be handed from thread to thread, but not shared. Raises CisError
    `vault_missing` when there is no file or nothing in it, `wrong_key` when it is not a database under this key, and
    `disk_full`; the file is left as it is.
    """
    # An empty file would open under any key as a new vault, and hide that everything is lost.
    file = Path(path)
    if str(path) != ":memory:" and not new and (not file.is_file() or file.stat().st_size == 0):
        raise CisError(
            "vault_missing",
            "The record is not there",
            f"The file {file.name} is missing or empty, so there is nothing to open, and no new one was made in its "
            "place. Put the file back if it was moved, or restore the last good backup into a new folder.",
        )
    try:
        connection = sqlcipher3.connect(
            _without_writing(file) if reading else str(path), uri=reading, isolation_level=None,
            check_same_thread=False, timeout=30, cached_statements=STATEMENTS,
        )  # fmt: skip
    except sqlcipher3.OperationalError as error:
        raise not_opened(error) or error from error
    try:
        connection.execute(f"pragma key = \"x'{key.hex()}'\"")
        connection.execute("select count(*) from sqlite_master").fetchone()
        for setting in (
            "journal_mode = wal", "synchronous = full", "foreign_keys = on", "temp_store = memory",
            "secure_delete = on", "recursive_triggers = on", "trusted_schema = off", "cache_size = -8192",
        ):  # fmt: skip
            connection.execute(f"pragma {setting}")
    except sqlcipher3.DatabaseError as error:
        connection.close()
        if trouble := not_opened(error):
            raise trouble from error
        raise CisError(
            "wrong_key",
            "The record does not open",
            "Its file is damaged or belongs to other keys. Nothing was changed. Restore the last good backup.",
        ) from error
    return connection


def _without_writing(file: Path) -> str:
    """Give the address under which SQLite reads a database and makes no file for the memory that connections share.

    Where the write-ahead log holds something, it has to be read too: then that memory is this process's own, which
    SQLite cannot do on Windows.
    """
    log = file.with_name(f"{file.name}-wal")
    held = log.is_file() and log.stat().st_size > 0
    return f"{file.absolute().as_uri()}?{'vfs=unix-excl' if held else 'immutable=1'}"


def only_to_read() -> CisError:
    """Say that the record was opened only to be read, and what to do."""
    return CisError(
        "disk_full",
        "The record can only be read now",
        "Its disk was full, or refused to save, when the record was opened. Everything can be read, and nothing new is "
        "saved; what was saved before is safe. Delete something else from that disk, such as old downloads, then close "
        "the record and open it again.",
    )


def not_opened(error: BaseException) -> CisError | None:
    """Say in plain words that the disk is why the vault cannot even be opened; None if it was not the disk."""
    trouble = disk_trouble(error)
    return trouble and CisError(
        trouble.code,
        "There is no room to open the record",
        "Opening it needs a little room on its disk, and the disk gave an error, most likely because it is full. "
        "Nothing is lost, and nothing was changed. Delete something else from that disk, such as old downloads, then "
        "open the record again. If there is room, copy its whole folder to another disk and have this one looked at.",
    )


def disk_trouble(error: BaseException) -> CisError | None:
    """Say in plain words that the disk, and not the vault, is what failed; None if it was not the disk."""
    if isinstance(error, sqlcipher3.OperationalError):
        if "disk is full" in str(error):
            return disk_full()
        if any(sign in str(error) for sign in ("disk I/O error", "readonly", "unable to open database file")):
            return disk_failing()
    return None


def disk_failing(why: str = "") -> CisError:
    """Say that the disk gave an error; `why` in the words of the system."""
    said = f" ({why})" if why else ""
    return CisError(
        "disk_failing",
        "The disk refused to save this",
        f"The disk gave an error{said}, most likely because it is full, so nothing of this was saved; everything "
        "saved before is still there. Make some room and try again. If there is room, make a backup to "
        "another disk and have this one looked at.",
    )


def file_trouble(error: BaseException) -> CisError | None:
    """Say in plain words that the disk, the vault's file or a folder is what failed; None if it was the app itself."""
    if trouble := disk_trouble(error):
        return trouble
    if isinstance(error, sqlcipher3.DatabaseError) and any(sign in str(error) for sign in DAMAGE):
        return CisError(
            "vault_damaged",
            "The record’s file is damaged",
            f"A part of the record could not be read ({error}), so this was not done and nothing was changed. Restore "
            "the last good backup into a new folder, and keep this one as it is until the records are back.",
        )
    if isinstance(error, OSError):
        where = Path(error.filename).name if isinstance(error.filename, str) else "a file or folder"
        return CisError(
            "not_allowed",
            "A file or folder could not be used",
            f"The computer did not let {where or 'a folder'} be used ({error.strerror or error}), so this was not "
            "done. Everything saved before is safe. Choose another folder, or ask for the right to use this one.",
        )
    return None


def disk_full() -> CisError:
    """Say that the disk is full."""
    return CisError(
        "disk_full",
        "The disk is full",
        "There was no room to save this, so nothing of it was saved; everything saved before is safe. "
        "Make some room on the disk and do it again.",
    )


def steps(folder: Path = MIGRATIONS) -> list[tuple[int, Path]]:
    """Give the numbered migrations, in order. The vault's own tables are always the first."""
    found = {int(path.name.split("_")[0]): path for path in MIGRATIONS.glob("0001_*.sql")}
    found |= {int(path.name.split("_")[0]): path for path in folder.glob("[0-9]*_*.sql")}
    return sorted(found.items())


def is_older(connection: Connection) -> bool:
    """Say whether a vault has a schema of an earlier version of the app."""
    (version,) = connection.execute("pragma user_version").fetchone()
    return 0 < int(version) < steps()[-1][0]


def migrate(connection: Connection, folder: Path = MIGRATIONS) -> None:
    """Bring the schema up to date, and the triggers with it.

    Each migration is one transaction of its own. Raises CisError `newer_version` for a vault from a later version.
    """
    (version,) = connection.execute("pragma user_version").fetchone()
    available = steps(folder)
    newest = available[-1][0]
    if version > newest:
        raise CisError(
            "newer_version",
            "Made by a newer version",
            "This record was last used with a newer version of Community Insights. Nothing was changed. "
            "Update the app on this computer, then open it again.",
        )
    if 0 < version < newest:
        # What a migration rewrites is not a change, and a trigger on a renamed column would stop it.
        connection.execute("begin immediate")
        drop_triggers(connection)
        connection.execute("update writing set triggers_for = 0")
        connection.execute("commit")
    for number, path in available:
        if number > version:
            connection.executescript(path.read_text(encoding="utf-8"))
    (ready,) = connection.execute("select triggers_for from writing").fetchone()
    if ready != newest:
        connection.execute("begin immediate")
        drop_triggers(connection)
        install_triggers(connection, read_tables(connection))
        connection.execute("update writing set triggers_for = ?", (newest,))
        connection.execute("commit")
