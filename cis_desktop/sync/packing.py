"""Many change sets in few bytes: what they have in common is written once, column by column, and then compressed.

A set's hash is left out: whoever reads it makes it anew from what the set holds.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

import msgspec

from cis_desktop.decoding import from_msgpack
from cis_desktop.vault.chunks import LARGEST_CHUNK, hashes_of, squeeze
from cis_desktop.vault.sets import ChangeSet, Vector, set_hash

LARGEST = 1 << 30
"""Bytes that what is packed may become."""


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """Change sets as columns of one length. `texts` has each different text once; columns of texts are places in it."""

    devices: list[bytes]
    texts: list[str]
    device: list[int]
    seq: list[int]
    device_name: list[int]
    device_tag: list[int]
    who: list[int]
    at: list[int]
    words: list[int]
    lamport: list[int]
    schema: list[int]
    vectors: list[list[int]]
    parts: list[int]
    sizes: list[int]
    chunks: bytes


def pack(sets: Sequence[ChangeSet]) -> bytes:
    """Give change sets as compressed bytes, in the order given."""
    devices: dict[bytes, int] = {}
    texts: dict[str, int] = {}

    def of(known: dict[bytes, int], one: bytes) -> int:
        return known.setdefault(one, len(known))

    def text(one: str) -> int:
        return texts.setdefault(one, len(texts))

    vectors, before = [], dict[int, int]()
    for one in sets:
        vector = {of(devices, device): seq for device, seq in one.vector.items()}
        # What differs from the vector before; 0 for a device that is no longer in it.
        changed = [each for each in vector.items() if before.get(each[0]) != each[1]]
        gone = [(device, 0) for device in before if device not in vector]
        vectors.append([number for pair in (*changed, *gone) for number in pair])
        before = vector
    raw = [[zlib.decompress(chunk) for chunk in one.chunks] for one in sets]
    packed = Packed(
        device=[of(devices, one.device) for one in sets],
        seq=_steps(one.seq for one in sets),
        device_name=[text(one.device_name) for one in sets],
        device_tag=[text(one.device_tag) for one in sets],
        who=[text(one.who) for one in sets],
        at=[text(one.at) for one in sets],
        words=[text(one.words) for one in sets],
        lamport=_steps(one.lamport for one in sets),
        schema=_steps(one.schema for one in sets),
        vectors=vectors,
        parts=[len(each) for each in raw],
        sizes=[len(chunk) for each in raw for chunk in each],
        chunks=b"".join(chunk for each in raw for chunk in each),
        devices=list(devices),
        texts=list(texts),
    )
    return zlib.compress(msgspec.msgpack.encode(packed), 6)


def unpack(raw: bytes) -> list[ChangeSet]:
    """Give the change sets in what `pack` made. Raises ValueError for anything else, and for too much."""
    try:
        reader = zlib.decompressobj()
        inside = reader.decompress(raw, LARGEST)
        if reader.unconsumed_tail or not reader.eof or reader.unused_data:
            raise ValueError("too large, or cut short")
        packed = from_msgpack(inside, Packed)
        return list(_sets(packed))
    except (zlib.error, msgspec.MsgspecError, IndexError) as error:
        raise ValueError(str(error)) from error


def _sets(packed: Packed) -> Iterable[ChangeSet]:
    count = len(packed.device)
    columns = (
        packed.device, packed.seq, packed.device_name, packed.device_tag, packed.who, packed.at, packed.words,
        packed.lamport, packed.schema, packed.vectors, packed.parts,
    )  # fmt: skip
    if any(len(column) != count for column in columns) or sum(packed.parts) != len(packed.sizes):
        raise ValueError("columns of different lengths")
    if sum(packed.sizes) != len(packed.chunks) or any(not 0 <= size <= LARGEST_CHUNK for size in packed.sizes):
        raise ValueError("chunks of another size")
    if any(part < 0 for part in packed.parts) or any(len(each) % 2 for each in packed.vectors):
        raise ValueError("half a pair")
    seqs, lamports, schemas = (list(accumulate(each)) for each in (packed.seq, packed.lamport, packed.schema))
    bounds = [0, *accumulate(packed.sizes)]
    vector: Vector = {}
    part = 0
    for at in range(count):
        changed = packed.vectors[at]
        vector = {
            **vector,
            **{packed.devices[_place(d)]: seq for d, seq in zip(changed[::2], changed[1::2], strict=True)},
        }
        vector = {device: seq for device, seq in vector.items() if seq}
        chunks = tuple(
            squeeze(packed.chunks[bounds[each] : bounds[each + 1]]) for each in range(part, part + packed.parts[at])
        )
        part += packed.parts[at]
        made = ChangeSet(
            device=packed.devices[_place(packed.device[at])],
            seq=seqs[at],
            device_name=packed.texts[_place(packed.device_name[at])],
            device_tag=packed.texts[_place(packed.device_tag[at])],
            who=packed.texts[_place(packed.who[at])],
            at=packed.texts[_place(packed.at[at])],
            words=packed.texts[_place(packed.words[at])],
            lamport=lamports[at],
            schema=schemas[at],
            vector=vector,
            hash=b"",
            chunks=chunks,
        )
        yield replace(made, hash=set_hash(made, hashes_of(chunks)))


def _place(at: int) -> int:
    if at < 0:
        raise ValueError("a place before the first")
    return at


def _steps(numbers: Iterable[int]) -> list[int]:
    """Give each number as its difference from the one before, which is mostly one and the same."""
    before, steps = 0, []
    for number in numbers:
        steps.append(number - before)
        before = number
    return steps
