"""Files outside the database, written whole or not at all, and certain on the disk before a stick is pulled out."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}
"""What a file system says that does not sync folders."""


def save(path: Path, data: bytes) -> None:
    """Write a file in the place of an older one, if any. Raises OSError, with the older one as it was."""
    draft = path.with_name(path.name + ".new")
    try:
        with draft.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    settle(path.parent)


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
