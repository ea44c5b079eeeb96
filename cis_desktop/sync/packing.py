"""Many change sets in few bytes: what the reader can work out is left out, the rest goes column by column, compressed.

A set that changes one field of one row, as most do, is taken apart: the row, the field and what it says now. What it
said before, and which change that was, mostly follows from an earlier set of the same file. Other sets go as they are.
No set's hash is sent: the reader makes each anew, and one hash over all of them says whether each is what it was.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

import msgspec
from msgspec.structs import astuple, force_setattr

from cis_desktop.decoding import from_msgpack
from cis_desktop.sync.columns import Column, column, numbers_in, places_in, steps
from cis_desktop.sync.single_edits import EDIT, Taken, Taking, put_together
from cis_desktop.vault.chunks import LARGEST_CHUNK, hashes_of, inflated, squeeze
from cis_desktop.vault.sets import ChangeSet, Vector, set_hash

LARGEST = 1 << 30
"""Bytes that what is packed may become."""
OWN_CODE = 1024
"""Bytes from which a part is worth a Huffman code of its own."""
NO_TIME = -1
"""In the place of the second of a day: what stands for the day is the whole text."""


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """Change sets as columns. `texts` has each different text once; columns of texts are places in it.

    `check` is the SHA-256 over the hashes of all sets. `differing` says in how many places a set's vector is not as
    expected, `apart` which those are: device and number. `parts` is how many chunks a set has, or `EDIT`.
    """

    count: int
    check: bytes
    devices: list[bytes]
    texts: list[str]
    device: Column
    seq: Column
    device_name: Column
    device_tag: Column
    who: Column
    day: Column
    second: Column
    words: Column
    lamport: Column
    schema: Column
    differing: Column
    apart: list[int]
    parts: Column
    sizes: Column
    chunks: bytes
    edits: Taken


def pack(sets: Sequence[ChangeSet]) -> bytes:
    """Give change sets as compressed bytes, in the order given."""
    devices: dict[bytes, int] = {}
    texts: dict[str, int] = {}

    def places(of: Iterable[str]) -> Column:
        return column([texts.setdefault(text, len(texts)) for text in of])

    times = [_split(one.at) for one in sets]
    edits = Taking(devices)
    parts: list[int] = []
    whole: list[bytes] = []
    differing: list[int] = []
    apart: list[int] = []
    vectors: dict[bytes, Vector] = {}
    for one in sets:
        devices.setdefault(one.device, len(devices))
        expected = _expected(vectors, one.device, one.seq)
        other = [] if expected == one.vector else [
            each for each in expected.keys() | one.vector.keys() if expected.get(each) != one.vector.get(each)
        ]  # fmt: skip
        differing.append(len(other))
        apart += [n for each in other for n in (devices.setdefault(each, len(devices)), one.vector.get(each, 0))]
        vectors[one.device] = one.vector
        raw = [inflated(body) for body in one.chunks]
        if len(raw) == 1 and edits.take(raw[0], one.device, one.seq):
            parts.append(EDIT)
        else:
            parts.append(len(raw))
            whole += raw
    packed = Packed(
        count=len(sets),
        check=_check(sets),
        device=column([devices[one.device] for one in sets]),
        seq=column(steps(one.seq for one in sets)),
        device_name=places(one.device_name for one in sets),
        device_tag=places(one.device_tag for one in sets),
        who=places(one.who for one in sets),
        day=places(day for day, _ in times),
        second=column(steps(second for _, second in times)),
        words=places(one.words for one in sets),
        lamport=column(steps(one.lamport for one in sets)),
        schema=column([one.schema for one in sets]),
        differing=column(differing),
        apart=apart,
        parts=column(parts),
        sizes=column([len(each) for each in whole]),
        chunks=b"".join(whole),
        edits=edits.taken(),
        devices=list(devices),
        texts=list(texts),
    )
    return _compressed(packed)


def unpack(raw: bytes) -> list[ChangeSet]:
    """Give the change sets in what `pack` made, with their hashes.

    Raises ValueError for anything else, and for too much; CisError for a chunk that is damaged.
    """
    try:
        reader = zlib.decompressobj()
        inside = reader.decompress(raw, LARGEST)
        if reader.unconsumed_tail or not reader.eof or reader.unused_data:
            raise ValueError("too large, or cut short")
        packed = from_msgpack(inside, Packed)
        sets = _sets(packed)
    except (zlib.error, msgspec.MsgspecError, LookupError, TypeError, OverflowError, StopIteration) as error:
        raise ValueError(str(error)) from error
    if _check(sets) != packed.check:
        raise ValueError("not the sets that were packed")
    return sets


def _sets(packed: Packed) -> list[ChangeSet]:
    count, texts = packed.count, packed.texts
    device = places_in(packed.device, count, len(packed.devices))
    names, tags, whose, words, days = (
        places_in(each, count, len(texts))
        for each in (packed.device_name, packed.device_tag, packed.who, packed.words, packed.day)
    )
    seqs, seconds, lamports = (
        list(accumulate(numbers_in(each, count))) for each in (packed.seq, packed.second, packed.lamport)
    )
    schemas, differing, parts = (
        numbers_in(each, count) for each in (packed.schema, packed.differing, packed.parts)
    )  # fmt: skip
    if min(parts, default=0) < EDIT:
        raise ValueError("fewer chunks than none")
    sizes = places_in(packed.sizes, sum(part for part in parts if part != EDIT), LARGEST_CHUNK + 1)
    if sum(sizes) != len(packed.chunks):
        raise ValueError("chunks of another size")
    whole = (packed.chunks[start:end] for start, end in pairwise(accumulate(sizes, initial=0)))
    edited = [(packed.devices[device[at]], seqs[at]) for at in range(count) if parts[at] == EDIT]
    edits = put_together(packed.edits, edited, packed.devices)
    apart = iter(packed.apart)
    vectors: dict[bytes, Vector] = {}
    made: list[ChangeSet] = []
    room = LARGEST
    for at in range(count):
        by, seq = packed.devices[device[at]], seqs[at]
        vector = _expected(vectors, by, seq)
        for _ in range(differing[at]):
            each = packed.devices[next(apart)]
            vector[each] = next(apart)
        if differing[at]:
            vector = {each: number for each, number in vector.items() if number}
        vectors[by] = vector
        if parts[at] == EDIT:
            chunk, digest = next(edits)
            # What few bytes stand for may be said time and again.
            room -= len(chunk)
            if room < 0:
                raise ValueError("too large")
            bodies: tuple[bytes, ...] = (squeeze(chunk),)
            hashes = [digest]
        else:
            bodies = tuple(squeeze(next(whole)) for _ in range(parts[at]))
            hashes = list(hashes_of(bodies))
        one = ChangeSet(
            by, seq, texts[names[at]], texts[tags[at]], texts[whose[at]], _joined(texts[days[at]], seconds[at]),
            texts[words[at]], lamports[at], schemas[at], vector, b"", bodies,
        )  # fmt: skip
        force_setattr(one, "hash", set_hash(one, hashes))
        made.append(one)
    return made


def _expected(vectors: dict[bytes, Vector], device: bytes, seq: int) -> Vector:
    """Give the vector of a set whose device heard of nothing since its last one in this file."""
    vector = {**vectors.get(device, {}), device: seq - 1}
    if seq == 1:
        del vector[device]
    return vector


def _check(sets: Iterable[ChangeSet]) -> bytes:
    return hashlib.sha256(b"".join(one.hash for one in sets)).digest()


def _compressed(packed: Packed) -> bytes:
    packer = zlib.compressobj()
    fields = astuple(packed)
    pieces = [packer.compress(b"\xdc" + len(fields).to_bytes(2, "big"))]
    for part in map(msgspec.msgpack.encode, fields):
        if len(part) > OWN_CODE:
            pieces.append(packer.flush(zlib.Z_BLOCK))
        pieces.append(packer.compress(part))
    return b"".join([*pieces, packer.flush()])


def _split(at: str) -> tuple[str, int]:
    """Give a moment as its day and its second."""
    day, clock = at[:11], at[11:]
    try:
        second = int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:8])
    except ValueError:
        return at, NO_TIME
    return (day, second) if _joined(day, second) == at else (at, NO_TIME)


def _joined(day: str, second: int) -> str:
    if second == NO_TIME:
        return day
    return f"{day}{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
