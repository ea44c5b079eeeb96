"""Change sets: what one is, its identity, and how a vault lists those it holds."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

import msgspec

from cis_desktop.vault.chunks import hashes_of, pack, unpack
from cis_desktop.vault.tables import Connection

Vector: TypeAlias = dict[bytes, int]
"""For each device incarnation, how many of its change sets are meant (they are numbered from 1 without gaps)."""


class ChangeSet(msgspec.Struct, frozen=True):
    """One transaction in a workspace's history, as it travels. `hash` is over the hashes of its changes."""

    device: bytes
    seq: int
    device_name: str
    device_tag: str
    who: str
    at: str
    words: str
    lamport: int
    schema: int
    vector: Vector
    hash: bytes
    chunks: tuple[bytes, ...]

    @property
    def ref(self) -> str:
        """Give the name people and commands use for it: device and number."""
        return f"{self.device.hex()[:8]}:{self.seq}"


def set_hash(change_set: ChangeSet, change_hashes: Iterable[bytes]) -> bytes:
    """Give a set's identity. It stays the same when some of its changes are replaced by their hashes."""
    digest = hashlib.sha256(
        pack(
            (
                change_set.device,
                change_set.seq,
                change_set.device_name,
                change_set.device_tag,
                change_set.who,
                change_set.at,
                change_set.words,
                change_set.lamport,
                change_set.schema,
                sorted(change_set.vector.items()),
            )
        )
    )
    for one in change_hashes:
        digest.update(one)
    return digest.digest()


def is_genuine(change_set: ChangeSet) -> bool:
    """Tell whether a set's identity follows from what it holds."""
    return set_hash(change_set, hashes_of(change_set.chunks)) == change_set.hash


def held(connection: Connection) -> Vector:
    """Give the version vector of this vault: the sets it has applied."""
    return dict(connection.execute("select uid, seq from devices where seq > 0").fetchall())


def sets_since(connection: Connection, vector: Vector) -> Iterator[ChangeSet]:
    """Give every set this vault holds and `vector` does not, in an order in which they can be applied."""
    devices = connection.execute("select id, uid, name, tag from devices where seq > 0").fetchall()
    found = [_since(connection, vector.get(uid, 0), device, uid, name, tag) for device, uid, name, tag in devices]
    # Each device's in their order, and all by the number they got here.
    return (one for _, one in heapq.merge(*found, key=itemgetter(0)))


def _since(
    connection: Connection, after: int, device: int, uid: bytes, name: str, tag: str
) -> Iterator[tuple[int, ChangeSet]]:
    rows = connection.execute(
        "select s.id, s.seq, s.who, s.at, s.words, s.lamport, s.schema, s.vector, s.hash, c.body from change_sets s"
        " left join chunks c on c.set_id = s.id where s.device = ? and s.seq > ? order by s.seq, c.part",
        (device, after),
    )
    for (set_id, seq, who, at, words, lamport, schema, packed, digest), parts in groupby(rows, itemgetter(slice(9))):
        chunks = tuple(part[9] for part in parts if part[9] is not None)
        vector = dict(unpack(packed))
        yield set_id, ChangeSet(uid, seq, name, tag, who, at, words, lamport, schema, vector, digest, chunks)


def store(connection: Connection, sets: Sequence[ChangeSet]) -> int:
    """Write sets and their chunks as they are, and count them as held; give the local number of the first.

    The others follow it one by one. Those of one device have to be in order.
    """
    connection.executemany(
        "insert into devices (uid, name, tag) values (?, ?, ?) on conflict (uid) do nothing",
        {one.device: (one.device, one.device_name, one.device_tag) for one in reversed(sets)}.values(),
    )
    named = connection.execute("select uid, name, tag, id from devices").fetchall()
    known = {uid: (name, tag) for uid, name, tag, _ in named}
    if any(known[one.device] != (one.device_name, one.device_tag) for one in sets):
        raise ValueError("a device under another name: its sets would not be what they were")
    places = {uid: place for uid, _, _, place in named}
    (first,) = connection.execute("select coalesce(max(id), 0) + 1 from change_sets").fetchone()
    _write(connection, [(set_id, places[one.device], one) for set_id, one in enumerate(sets, first)])
    return int(first)


def write(connection: Connection, device: int, change_set: ChangeSet) -> int:
    """Write a set of a device whose local number is known, as `store` does; give the set's own."""
    (set_id,) = connection.execute("select coalesce(max(id), 0) + 1 from change_sets").fetchone()
    _write(connection, [(set_id, device, change_set)])
    return int(set_id)


def _write(connection: Connection, sets: Sequence[tuple[int, int, ChangeSet]]) -> None:
    connection.executemany(
        "insert into change_sets (id, device, seq, who, at, words, lamport, schema, vector, hash)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                set_id, device, one.seq, one.who, one.at, one.words, one.lamport, one.schema,
                pack(sorted(one.vector.items())), one.hash,
            )
            for set_id, device, one in sets
        ],
    )  # fmt: skip
    connection.executemany(
        "insert into chunks (set_id, part, body) values (?, ?, ?)",
        [(set_id, part, body) for set_id, _, one in sets for part, body in enumerate(one.chunks)],
    )
    last = {device: one.seq for _, device, one in sets}
    connection.executemany("update devices set seq = ? where id = ?", [(seq, device) for device, seq in last.items()])
    connection.execute("update writing set lamport = max(lamport, ?)", (max(one.lamport for _, _, one in sets),))
