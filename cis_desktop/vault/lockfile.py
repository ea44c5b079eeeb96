"""One process per workspace: a lock the operating system drops when its holder dies, however it dies."""

from __future__ import annotations

import errno
import os
import platform
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from cis_desktop.errors import CisError

FILE_NAME = "vault.lock"
NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS}


class FolderLock:
    """Holds the lock file of one workspace folder until released."""

    def __init__(self, folder: Path) -> None:
        """Take the lock, or raise CisError `in_use`, naming computer and process, or `not_writable`.

        The file lies in the open, so it does not say whose window it is.
        """
        try:
            self._file: IO[bytes] = (folder / FILE_NAME).open("ab+", buffering=0)
        except OSError as error:
            if error.errno not in NOT_WRITABLE:
                raise
            raise CisError(
                "not_writable",
                "This folder cannot be written to",
                f"Nobody may write in “{folder.name}” ({error.strerror}), so the record was not opened. Nothing was "
                "changed. Copy the whole folder to a disk that can be written to, and open it there.",
            ) from error
        try:
            _take(self._file)
        except OSError as error:
            self._file.seek(0)
            other = self._file.read(200).decode(errors="replace").strip() or "another window"
            self._file.close()
            raise CisError(
                "in_use",
                "This record is open already",
                f"It is in use by {other}. Nothing was changed. Close it there, then try again.",
            ) from error
        # The lock holds without the name in it, and a full disk must not keep anybody from their records.
        with suppress(OSError):
            self._file.truncate(0)
            self._file.write(f"a window on {platform.node() or 'this computer'} (process {os.getpid()})".encode())

    def release(self) -> None:
        """Let go. The file stays: removing it could remove somebody else's lock."""
        self._file.truncate(0)
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        # A byte far past the text, so that others can still read who holds the lock.
        file.seek(4096)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
