"""How changes are packed: the same bytes are this vault's history and what other laptops receive.

A chunk is a zlib-compressed msgpack array of sections, each `[[table, op, columns], [entry, ...]]`. An entry is one
change: `[uid, value, ...]` for a new row, `[uid, value, old, parents]` for one field of an older row, `[uid hash]` for
an erasure. An erased change is replaced by a `Scar`: its hash, so that the set it belongs to stays the same set, and
the hash of its row's uid, so that others learn which row is to be forgotten.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from cis_desktop.errors import CisError

INSERT, UPDATE, ERASE = 0, 1, 2
ROWS_PER_CHUNK = 500
TINY = 256
"""Bytes of a chunk in which zlib finds nothing: that of one visit is mostly uids, and would not be shorter."""
SMALL = 4096
"""Bytes of a chunk that one edit makes, and zlib's window for it; `SMALL_MEMORY` is zlib's level of memory."""
SMALL_MEMORY = 5
BYTES_PER_CHUNK = 16 << 20
"""Bytes after which a chunk is closed, too: the files that a council sent are in the history whole."""
LARGEST_CHUNK = 96 << 20
"""Bytes of a chunk: one file that a council sent, of 64 MiB at most, and what else was begun in it."""

Value: TypeAlias = Any
"""None, int, float, str or bytes: whatever SQLite holds; a reference is the uid it points at."""


@dataclass(frozen=True, slots=True)
class Scar:
    """What is left of an erased change: its hash, and the hash of its row's uid. 64 bytes in the chunk."""

    change: bytes
    uid_hash: bytes


pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder().decode


class Section(msgspec.Struct, frozen=True):
    """Changes of one kind to one table. For updates `columns` is the one field that changed."""

    table: str
    op: int
    columns: tuple[str, ...]
    entries: list[Any]


def header(section: Section) -> bytes:
    """Give the packed head of a section, which is part of the hash of each of its changes."""
    return pack((section.table, section.op, section.columns))


def entry_hash(head: bytes, entry: bytes) -> bytes:
    """Hash one packed change. Its row's random uid is in it, so an erased value cannot be guessed back."""
    return hashlib.sha256(head + entry).digest()


def array_head(length: int) -> bytes:
    """Give the msgpack head of an array, so that packed entries can be joined as they are."""
    return bytes([0x90 | length]) if length < 16 else b"\xdc" + length.to_bytes(2, "big")


def squeeze(raw: bytes) -> bytes:
    """Compress a chunk. A small one in a window of its size, since to clear a large one takes ten times as long."""
    if len(raw) >= SMALL:
        return zlib.compress(raw, 1)
    if len(raw) < TINY:
        # What zlib would write when told not to compress, without the memory it first makes ready.
        size = len(raw)
        sizes = size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little")
        return b"\x48\x0d\x01" + sizes + raw + zlib.adler32(raw).to_bytes(4, "big")
    packer = zlib.compressobj(1, zlib.DEFLATED, SMALL.bit_length() - 1, SMALL_MEMORY)
    return packer.compress(raw) + packer.flush()


def seal(sections: Iterable[Section], most: int = BYTES_PER_CHUNK) -> tuple[list[bytes], list[bytes]]:
    """Pack sections into chunks, each closed after 500 changes or `most` bytes; give each change's hash in order."""
    bodies: list[bytes] = []
    hashes: list[bytes] = []
    parts: list[bytes] = []
    room, size = ROWS_PER_CHUNK, 0

    def close() -> None:
        if parts:
            bodies.append(squeeze(array_head(len(parts)) + b"".join(parts)))
            parts.clear()

    for section in sections:
        head = header(section)
        packed = [pack(entry) for entry in section.entries]
        for entry, raw in zip(section.entries, packed, strict=True):
            hashes.append(entry[:32] if isinstance(entry, bytes) else entry_hash(head, raw))
        start = 0
        while start < len(packed):
            piece = packed[start : start + room]
            while (large := sum(map(len, piece))) > most and len(piece) > 1:
                piece = piece[: len(piece) // 2]
            parts.append(b"\x92" + head + array_head(len(piece)) + b"".join(piece))
            start += len(piece)
            room, size = room - len(piece), size + large
            if room == 0 or size >= most:
                close()
                room, size = ROWS_PER_CHUNK, 0
    close()
    return bodies, hashes


def inflated(body: bytes) -> bytes:
    """Give the bytes that a chunk was compressed from. Raises ValueError for anything else, and for too much."""
    reader = zlib.decompressobj()
    try:
        raw = reader.decompress(body, LARGEST_CHUNK)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if reader.unconsumed_tail or not reader.eof:
        raise ValueError("too large or cut short")
    return raw


def open_chunk(body: bytes) -> list[Section]:
    """Unpack one chunk.

    Raises CisError `damaged_history` for bytes that are not a chunk or would unpack to more than 96 MiB.
    """
    try:
        sections = [
            Section(str(table), int(op), tuple(columns), list(entries))
            for (table, op, columns), entries in unpack(inflated(body))
        ]
        count = 0
        for section in sections:
            count += len(section.entries)
            for entry in section.entries:
                if isinstance(entry, bytes) and len(entry) != 64:
                    raise ValueError("a scar of the wrong size")
        if count > ROWS_PER_CHUNK:
            raise ValueError("more changes than a chunk holds")
        return sections
    except (ValueError, TypeError, RecursionError, msgspec.MsgspecError) as error:
        raise CisError(
            "damaged_history",
            "Part of the history is damaged",
            "A piece of history cannot be read, so nothing was changed. Restore the last good backup, or ask the "
            "laptop it came from to send it again.",
        ) from error


def hashes_of(bodies: Iterable[bytes]) -> Iterator[bytes]:
    """Give the hash of every change in these chunks, erased ones included."""
    for body in bodies:
        for section in open_chunk(body):
            head = header(section)
            for entry in section.entries:
                yield entry[:32] if isinstance(entry, bytes) else entry_hash(head, pack(entry))


def scars_in(section: Section) -> list[Scar]:
    """Give the scars of a section."""
    return [Scar(entry[:32], entry[32:]) for entry in section.entries if isinstance(entry, bytes)]


def scarred(bodies: Iterable[bytes], others: Iterable[bytes]) -> tuple[bytes, ...]:
    """Give the chunks of one copy of a set with the scars of another copy added to its own."""
    scars = {
        entry[:32]: entry
        for other in others
        for section in open_chunk(other)
        for entry in section.entries
        if isinstance(entry, bytes)
    }
    return tuple(with_scars(body, scars) if scars else body for body in bodies)


def with_scars(body: bytes, scars: dict[bytes, bytes]) -> bytes:
    """Give a chunk in which every change that has a scar is replaced by it."""
    sections = []
    for section in open_chunk(body):
        head = header(section)
        entries = [
            entry if isinstance(entry, bytes) else scars.get(entry_hash(head, pack(entry)), entry)
            for entry in section.entries
        ]
        sections.append(Section(section.table, section.op, section.columns, entries))
    return seal(sections, LARGEST_CHUNK)[0][0]


def without(body: bytes, uids: set[bytes]) -> bytes | None:
    """Give the chunk with every change to these rows replaced by a scar, or None if it has none."""
    raw = zlib.decompress(body)
    if not any(uid in raw for uid in uids):
        return None
    sections = []
    changed = False
    for section in open_chunk(body):
        head = header(section)
        entries = []
        for entry in section.entries:
            if not isinstance(entry, bytes) and section.op != ERASE and entry[0] in uids:
                entry = entry_hash(head, pack(entry)) + hashlib.sha256(entry[0]).digest()
                changed = True
            entries.append(entry)
        sections.append(Section(section.table, section.op, section.columns, entries))
    return seal(sections, LARGEST_CHUNK)[0][0] if changed else None
