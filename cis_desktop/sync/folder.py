"""A folder as the way between laptops: a stick, a shared folder, one that a cloud service copies.

Each laptop writes into a subfolder of its own, each file once and whole; nothing is ever edited in place. What others
make of the names does not matter (conflict copies, files half there): what is inside says what a file is.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cis_desktop.errors import CisError
from cis_desktop.sync.files import ENDING, LARGEST, SEALED

WHOLE = "whole-"
"""How the name of a snapshot begins."""
NOT_THERE = "no_sync_folder"
"""The code of the error for a folder that is not there, as when its stick is not plugged in."""
MOST = 100_000
"""Files that are looked at; more than that is no folder of ours."""
ASIDE = (".", "~")
"""How names begin that a service or system keeps for itself: what it has not finished copying, and old versions. They
are on this computer only, so what lies there reaches nobody."""
DRAFT = ".new"
"""How the name of a file ends that is being written."""
_OF_A_LAPTOP = re.compile(r"[0-9a-f]{16}", re.IGNORECASE)
_NOT_HERE = 0x00441000
"""Windows: the file is only in the cloud, and to read any of it has all of it downloaded."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LOCKED = {errno.EROFS, errno.EACCES, errno.EPERM}


@dataclass(frozen=True, slots=True)
class Lying:
    """A file in the folder, and its SHA-256, by which it is known again (none of a snapshot).

    `trouble` says why it could not be read, where it could not.
    """

    path: Path
    size: int
    mark: bytes
    trouble: str = ""


def lying(folder: Path) -> list[Lying]:
    """List the sync files in a folder and its subfolders, by name. Raises CisError `no_sync_folder`, `sync_folder`.

    They are told by their bytes; where a name says that it is one, by that too. One that cannot be read says so.
    """
    try:
        found = list(_lying(folder)) if folder.is_dir() else []
        # One that cannot be read may be the first sign that the stick is gone.
        if (not found or any(one.trouble for one in found)) and not folder.is_dir():
            raise CisError(
                NOT_THERE,
                "The shared folder is not there",
                "The folder or stick was not found, so nothing came and nothing went; the record is as it was. Put the "
                "stick in or choose the folder, then do this again.",
            )
    except OSError as error:
        raise not_reached(error) from error
    return found


def _lying(folder: Path) -> Iterator[Lying]:
    top = [path for path in sorted(folder.iterdir()) if not path.name.startswith(ASIDE)]
    there = [(path, _named(path) or not path.is_dir()) for path in top]
    for path in top:
        if path.is_dir() and not _named(path):
            try:
                inside = [each for each in path.iterdir() if not each.name.startswith(ASIDE)]
            except OSError as error:
                if _OF_A_LAPTOP.match(path.name):
                    yield Lying(path, 0, b"", why(error))
                continue
            # A folder of somebody's own may hold anything, and much of it: there the name has to say what is ours.
            there += [(each, _OF_A_LAPTOP.match(path.name) is not None or _named(each)) for each in inside]
    for path, ours in sorted(there)[:MOST]:
        if ours and not path.name.endswith(DRAFT) and (one := _looked_at(path, _named(path))):
            yield one


def _named(path: Path) -> bool:
    return ENDING in path.name.lower()


def _looked_at(path: Path, named: bool) -> Lying | None:
    """Look at one file; None if it is not one of ours, or was taken away meanwhile."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            return Lying(path, 0, b"", "it is not a file") if named else None
        if not named and getattr(found, "st_file_attributes", 0) & _NOT_HERE:
            return None
        with path.open("rb") as file:
            if not named and file.read(len(SEALED)) != SEALED:
                return None
            file.seek(0)
            size = os.fstat(file.fileno()).st_size
            # A snapshot may be larger than the memory, and is known by its name.
            read_whole = size <= LARGEST and WHOLE not in path.name
            return Lying(path, size, hashlib.file_digest(file, "sha256").digest() if read_whole else b"")
    except FileNotFoundError:
        return None
    except OSError as error:
        return Lying(path, 0, b"", why(error))


def why(error: OSError) -> str:
    """Give in the system's words why something could not be done."""
    return error.strerror or type(error).__name__


def not_reached(error: OSError) -> CisError:
    """Say that the folder cannot be used, though it was there: it is full, only to be read, failing or taken out."""
    if error.errno in _FULL:
        what, then = "is full", "Make room there or use another one"
    elif error.errno in _LOCKED:
        what, then = f"is locked: nothing can be written to it ({why(error)})", "Unlock it or use another one"
    else:
        what = f"refused ({why(error)})"
        then = "Look whether it is taken out, failing or cut off, or use another one"
    return CisError(
        "sync_folder",
        "The shared folder cannot be used",
        f"The folder or stick {what}. What was read before is in the record, and nothing else was changed. {then}; "
        "then do this again.",
    )
