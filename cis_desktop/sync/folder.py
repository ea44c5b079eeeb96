"""A folder as the way between laptops: a stick, a shared folder, one that a cloud service copies.

Each laptop writes into a subfolder of its own, each file once and whole; nothing is ever edited in place. What others
make of the names does not matter (conflict copies, files half there): what is inside says what a file is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cis_desktop.errors import CisError
from cis_desktop.sync.files import ENDING

WHOLE = "whole-"
"""How the name of a snapshot begins."""
NOT_THERE = "no_sync_folder"
"""The code of the error for a folder that is not there, as when its stick is not plugged in."""
MOST = 100_000
"""Files that are looked at; more than that is no folder of ours."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A file in the folder, and its SHA-256, by which it is known again (none of a snapshot)."""

    path: Path
    size: int
    mark: bytes


def lying(folder: Path) -> list[Lying]:
    """List the sync files in a folder and its subfolders, by name. Raises CisError `no_sync_folder`, `sync_folder`."""
    try:
        if not folder.is_dir():
            raise CisError(
                NOT_THERE,
                "The shared folder is not there",
                "The folder or stick was not found, so nothing came and nothing went; the record is as it was. Put the "
                "stick in or choose the folder, then do this again.",
            )
        return list(_lying(folder))
    except OSError as error:
        raise not_reached(error) from error


def _lying(folder: Path) -> Iterator[Lying]:
    paths = sorted([*folder.glob(f"*{ENDING}"), *folder.glob(f"*/*{ENDING}")])
    for path in paths[:MOST]:
        try:
            if not path.is_file() or path.is_symlink():
                continue
            with path.open("rb") as file:
                # A snapshot may be larger than the memory, and is known by its name.
                found = b"" if WHOLE in path.name else hashlib.file_digest(file, "sha256").digest()
                size = os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            # Its laptop, or the cloud service, has taken it away meanwhile.
            continue
        yield Lying(path, size, found)


def bytes_of(path: Path) -> bytes:
    """Give what is in a file; nothing where its laptop has taken it away meanwhile. Raises CisError `sync_folder`."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise not_reached(error) from error


def not_reached(error: OSError) -> CisError:
    """Say that the folder cannot be used, though it was there: it is full, only to be read, failing or taken out."""
    return CisError(
        "sync_folder",
        "The shared folder cannot be used",
        f"The folder or stick refused ({error.strerror or type(error).__name__}). What was read before is in the "
        "record, and nothing else was changed. Look whether it is full, locked or taken out, or use another one; then "
        "do this again.",
    )
