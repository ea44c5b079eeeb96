"""Change sets: what one is, its identity, and how a vault lists those it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cis_desktop.vault.chunks import hashes_of, pack, unpack
from cis_desktop.vault.tables import Connection

Vector: TypeAlias = dict[bytes, int]
"""For each device incarnation, how many of its change sets are meant (they are numbered from 1 without gaps)."""


@dataclass(frozen=True, slots=True)
class ChangeSet:
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
    rows = connection.execute(
        "select s.id, d.uid, s.seq, d.name, d.tag, s.who, s.at, s.words, s.lamport, s.schema, s.vector, s.hash"
        " from change_sets s join devices d on d.id = s.device order by s.id"
    ).fetchall()
    for set_id, uid, seq, name, tag, who, at, words, lamport, schema, packed, digest in rows:
        if seq > vector.get(uid, 0):
            chunks = tuple(
                body
                for (body,) in connection.execute("select body from chunks where set_id = ? order by part", (set_id,))
            )
            yield ChangeSet(uid, seq, name, tag, who, at, words, lamport, schema, dict(unpack(packed)), digest, chunks)


def store(connection: Connection, change_set: ChangeSet) -> int:
    """Write a set and its chunks as they are, and count it as held; give its local number."""
    connection.execute(
        "insert into devices (uid, name, tag) values (?, ?, ?) on conflict (uid) do nothing",
        (change_set.device, change_set.device_name, change_set.device_tag),
    )
    device, name, tag = connection.execute(
        "select id, name, tag from devices where uid = ?", (change_set.device,)
    ).fetchone()
    if (name, tag) != (change_set.device_name, change_set.device_tag):
        raise ValueError("a device under another name: its sets would not be what they were")
    return write(connection, device, change_set)


def write(connection: Connection, device: int, change_set: ChangeSet) -> int:
    """Write a set of a device whose local number is known, as `store` does; give the set's own."""
    set_id = int(
        connection.execute(
            "insert into change_sets (device, seq, who, at, words, lamport, schema, vector, hash)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                device,
                change_set.seq,
                change_set.who,
                change_set.at,
                change_set.words,
                change_set.lamport,
                change_set.schema,
                pack(sorted(change_set.vector.items())),
                change_set.hash,
            ),
        ).lastrowid
    )
    connection.executemany(
        "insert into chunks (set_id, part, body) values (?, ?, ?)",
        [(set_id, part, body) for part, body in enumerate(change_set.chunks)],
    )
    connection.execute("update devices set seq = ? where id = ?", (change_set.seq, device))
    connection.execute("update writing set lamport = max(lamport, ?)", (change_set.lamport,))
    return set_id
