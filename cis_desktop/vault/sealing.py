"""The file of a backup: sealed while it is written, and read back to see that it holds what went in.

Nothing of it lies anywhere in between: what is packed goes straight through the seal into the file.
"""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyrage

from cis_desktop.vault.progress import Tell, untold

LUMP = 1 << 16
END = 2 * tarfile.BLOCKSIZE


class Readable(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Give the next bytes, no more than `size`, and none at the end."""


class Writable(Protocol):
    """What takes one piece after the other."""

    def write(self, raw: bytes, /) -> int:
        """Take the next bytes."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a file must hold: the bytes before and after the seal, and the SHA-256 of what is in it."""

    head: bytes
    tail: bytes
    inside: bytes


class Stream:
    """A file as pyrage reads and writes it; it keeps what was raised, which pyrage only quotes."""

    def __init__(self, file: Any, tell: Tell = untold, size: int = 0) -> None:
        self.file, self.tell, self.size = file, tell, size
        self.done = 0
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes."""
        try:
            self.tell(self.done, self.size)
            raw: bytes = self.file.read(size)
        except Exception as error:
            self.error = error
            raise
        self.done += len(raw)
        return raw

    def write(self, raw: bytes) -> int:
        """Take the next bytes."""
        try:
            return int(self.file.write(raw))
        except Exception as error:
            self.error = error
            raise

    def flush(self) -> None:
        """Let whoever opened the file see to it."""


class Digest:
    """Takes what is written to it and keeps only its SHA-256."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, raw: bytes, /) -> int:
        """Take the next bytes."""
        self.sha256.update(raw)
        return len(raw)


class Pieces:
    """Pieces of bytes, read as one file; it keeps the SHA-256 of what was read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.left = memoryview(b"")
        self.sha256 = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        """Give the next bytes."""
        while not self.left:
            piece = next(self.pieces, None)
            if piece is None:
                return b""
            self.sha256.update(piece)
            self.left = memoryview(piece)
        raw, self.left = self.left[:size], self.left[size:]
        return bytes(raw)


class Region:
    """The next so many bytes of a file, read as a file of their own."""

    def __init__(self, file: Readable, left: int) -> None:
        self.file, self.left = file, left

    def read(self, size: int, /) -> bytes:
        """Give the next bytes."""
        raw = self.file.read(min(size, self.left))
        self.left -= len(raw)
        return raw


def through(
    work: Callable[[Stream, Stream, list[Any]], None],
    inside: Readable,
    outside: Writable,
    keys_: list[Any],
    tell: Tell = untold,
    size: int = 0,
) -> None:
    """Encrypt or decrypt what is read into what is written; `tell` hears how far of `size` bytes it is.

    Through streams of our own: pyrage's calls for whole files keep every other thread of Python waiting to their end.
    """
    streams = Stream(inside, tell, size), Stream(outside)
    try:
        work(*streams, keys_)
    except Exception as error:
        for stream in streams:
            if stream.error is not None:
                raise stream.error from error
        raise


def system_number(error: OSError) -> int | None:
    """Give the system's number of an error, which pyrage only has in its text."""
    found = re.search(r"os error (\d+)", str(error))
    return int(found[1]) if found else error.errno


def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave the names and times of this computer out of a backup."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    member.mode = 0o600
    return member


def head_of(name: str, size: int) -> bytes:
    """Give what a tar has before the bytes of a file."""
    member = anonymous(tarfile.TarInfo(name))
    member.size = size
    return member.tobuf(tarfile.PAX_FORMAT)


def filled(size: int, block: int = tarfile.BLOCKSIZE) -> bytes:
    """Give the zeros with which a tar fills its last block."""
    return bytes(-size % block)


def tar_of(members: dict[str, Path]) -> Iterator[bytes]:
    """Give a tar of these files, piece by piece; the same files make the same bytes."""
    size = 0
    for name, path in members.items():
        with path.open("rb") as file:
            length = os.fstat(file.fileno()).st_size
            around = head_of(name, length), filled(length)
            yield around[0]
            while piece := file.read(LUMP):
                yield piece
            yield around[1]
        size += len(around[0]) + length + len(around[1])
    yield bytes(END) + filled(size + END, tarfile.RECORDSIZE)


def write_tar(out: Writable, members: dict[str, Path]) -> None:
    """Write a tar of these files to anything with `write`."""
    for piece in tar_of(members):
        out.write(piece)


def seal(
    path: Path, first: tuple[str, bytes], name: str, members: dict[str, Path], to: list[Any], tell: Tell
) -> Sealed:
    """Write a tar of one open file (its name and bytes) and, called `name`, one sealed tar of `members`; sync it."""
    opened = head_of(first[0], len(first[1])) + first[1] + filled(len(first[1]))
    pieces = Pieces(tar_of(members))
    with path.open("wb") as out:
        # How long it gets is known only afterwards.
        begin = out.write(opened + bytes(tarfile.BLOCKSIZE))
        through(pyrage.encrypt_io, pieces, out, to, tell, sum(each.stat().st_size for each in members.values()))
        size = out.tell() - begin
        tail = filled(size) + bytes(END)
        tail += filled(begin + size + len(tail), tarfile.RECORDSIZE)
        out.write(tail)
        head = opened + head_of(name, size)
        out.seek(0)
        out.write(head)
        out.flush()
        os.fsync(out.fileno())
    return Sealed(head, tail, pieces.sha256.digest())


def is_whole(path: Path, sealed: Sealed, identity: pyrage.x25519.Identity, tell: Tell) -> bool:
    """Read all of a sealed file back, open its seal, and say whether it is to the byte what was sealed."""
    digest = Digest()
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size - len(sealed.head) - len(sealed.tail)
        region = Region(file, size)
        if file.read(len(sealed.head)) != sealed.head:
            return False
        try:
            through(pyrage.decrypt_io, region, digest, [identity], tell, size)
        except pyrage.DecryptError:
            return False
        except OSError as error:
            # pyrage calls a failed seal further in an OSError too, one without a number of the system.
            if system_number(error) is None:
                return False
            raise
        return region.left == 0 and file.read() == sealed.tail and digest.sha256.digest() == sealed.inside
