"""Files outside the database, written whole or not at all, and certain on the disk before a stick is pulled out."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}
"""What a file system says that does not sync folders."""


def save(path: Path, data: bytes, *, read_back: bool = False) -> None:
    """Write a file in the place of an older one, if any. Raises OSError, with the older one as it was.

    With `read_back`, it gets its name only once what was written there is what can be read.
    """
    draft = path.with_name(path.name + ".new")
    try:
        with draft.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if read_back:
            refuse_other(draft, hashlib.sha256(data).digest())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    settle(path.parent)


def refuse_other(path: Path, sha256: bytes) -> None:
    """Read a file that was synced, from the disk where the system lets one ask for that. Raises OSError if it differs.

    A stick that is failing is noticed now, and not at the other laptop.
    """
    with path.open("rb", buffering=0) as file:
        _past_the_memory(file)
        if hashlib.file_digest(file, "sha256").digest() != sha256:
            raise OSError(errno.EIO, "what was written there is not what can be read")


def _past_the_memory(file: BinaryIO) -> None:
    """Let what the system keeps of a synced file in memory go. Where it cannot, what is read may come from there."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    elif sys.platform == "darwin":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(file.fileno(), fcntl.F_NOCACHE, 1)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder, and those it lies in, certain on the disk. Raises OSError, with none of them left."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode, parents=True, exist_ok=True)
    try:
        for each in reversed(missing):
            settle(each.parent)
    except OSError:
        for each in missing:
            with suppress(OSError):
                each.rmdir()
        raise


def settle(folder: Path) -> None:
    """Make the names that files in a folder were just given certain on the disk. Windows does so by itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(handle)
