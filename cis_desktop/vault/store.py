"""An open vault: the one place where transactions begin and end."""

from __future__ import annotations

import gc
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlcipher3

from cis_desktop.errors import CisError
from cis_desktop.vault import merge as merging
from cis_desktop.vault.database import MIGRATIONS, connect, disk_trouble, migrate, only_to_read
from cis_desktop.vault.erasure import Erasure, uid_hash
from cis_desktop.vault.history import Change, record
from cis_desktop.vault.progress import Tell, untold
from cis_desktop.vault.sets import ChangeSet, Vector, held, sets_since
from cis_desktop.vault.tables import APPLYING, CLOSED, RECORDING, Connection, read_tables
from cis_desktop.vault.turns import Readers, Turns
from cis_desktop.vault.undo import Kept, find_set, undo
from cis_desktop.vault.upcasters import UPCASTERS, Upcasters

LOOK_EVERY = 1000
"""Steps of SQLite between two looks at whether somebody wants to stop; ending a transaction takes far fewer."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off the collection of cyclic garbage: it walks all that was just read, time and again.

    That would be a tenth of an import's time, a fifth of an exchange's, and stop the window for a third of a second.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


Observer = Callable[[frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class Undone:
    """The change set that undid another (None if nothing was left to undo), and the rows left as they are."""

    change_set: str | None
    undone: str
    kept: tuple[Kept, ...]


class Vault:
    """The encrypted database of one workspace on this device, unlocked.

    `read` is for the thread that opened the vault; jobs take a `reader()` of their own. Everything is written through
    `change()`, which waits its turn: the connection that writes is lent to nobody outside a turn.
    """

    def __init__(
        self,
        path: Path | str,
        key: bytes,
        device_name: str = "This computer",
        migrations: Path = MIGRATIONS,
        upcasters: Upcasters = UPCASTERS,
        new: bool = False,
        reading: bool = False,
    ) -> None:
        """Open the database; with `reading` on a disk that has no room for what is written at every opening.

        Then nothing can be changed: each change raises CisError `disk_full`.
        """
        self.reading = reading
        self.path = path
        self.key = key
        self.upcasters = upcasters
        self._unforgotten = False
        self._asked: dict[int, Callable[[], bool]] = {}
        self._turns = Turns()
        self._readers = Readers()
        self._observers: list[Observer] = []
        self._writer = connect(path, key, new, reading)
        self.read: Connection = self._writer
        try:
            migrate(self._writer, migrations)
            self.tables = read_tables(self._writer)
            self._make_ready()
            if self._writer.execute("select device from writing").fetchone()[0] is None:
                self.new_incarnation(device_name)
            elif not reading and self._writer.execute("select exists (select 1 from waiting)").fetchone()[0]:
                self.receive([])
        except BaseException as error:
            # Both, or Windows would not let go of the file.
            self.read.close()
            self._writer.close()
            if trouble := disk_trouble(error):
                raise trouble from error
            raise

    def _make_ready(self) -> None:
        # Twice the room of a reader, for imports; more than that and the window outgrows a small laptop.
        self._writer.execute("pragma cache_size = -16384")
        if self.path != ":memory:":
            self.read = connect(self.path, self.key, reading=self.reading)
        self.read.execute("pragma query_only = on")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the writer's turn with nobody reading and the file let go of; afterwards open it under `self.key`.

        Raises CisError `busy` where somebody does not stop reading, and what `connect` raises: then it is locked.
        """
        self._refuse_reading()
        with self._turns.turn(), self._readers.none():
            self.read.close()
            self._writer.close()
            try:
                yield
            finally:
                try:
                    self._writer = connect(self.path, self.key)
                    self._make_ready()
                except BaseException:
                    self.key = b""
                    raise

    def close(self) -> None:
        """Lock the vault: let whoever is writing finish, close both connections and forget the key."""
        with self._turns.turn():
            if self.read is not self._writer:
                self.read.close()
            self._writer.close()
            self.key = b""

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        """Lend a connection of its own to a job that only reads."""
        with self._readers.one():
            if self.path == ":memory:":
                # In memory there is only one.
                yield self.read
                return
            connection = connect(self.path, self.key, reading=self.reading)
            try:
                connection.execute("pragma query_only = on")
                yield connection
            finally:
                connection.close()

    @contextmanager
    def transaction(self, mode: int) -> Iterator[Connection]:
        """Hold the writer's turn and one transaction; what raises inside is undone whole."""
        self._refuse_reading()
        with self._turns.turn(), uncollected():
            connection = self._writer
            self._only_reads("off")
            # By whoever has the turn: while another thread writes, setting it waits for that one with Python held, and
            # that one for Python.
            asked = self._asked.get(threading.get_ident())
            if asked is not None:
                connection.set_progress_handler(lambda: int(asked()), LOOK_EVERY)
            try:
                connection.execute("begin immediate")
                connection.execute("update writing set mode = ?", (mode,))
                yield connection
                connection.execute("update writing set mode = ?", (CLOSED,))
                connection.execute("commit")
            except BaseException as error:
                if connection.in_transaction:
                    connection.execute("rollback")
                if trouble := disk_trouble(error):
                    raise trouble from error
                raise
            finally:
                if asked is not None:
                    connection.set_progress_handler(None, 0)
                self._only_reads("on")
            if self._unforgotten:
                self._forget()

    def _refuse_reading(self) -> None:
        if self.reading:
            raise only_to_read()

    def _only_reads(self, state: str) -> None:
        # Only a vault in memory, whose one connection both reads and writes: each time, SQLite makes all statements
        # ready anew, which is a third of what saving a visit costs.
        if self.read is self._writer:
            self.read.execute(f"pragma query_only = {state}")

    def _forget(self) -> None:
        """Empty the write-ahead log, in which what was erased is still readable.

        While somebody else reads from it, or the disk is full, this does not succeed; the next transaction tries again.
        """
        self._writer.execute("pragma busy_timeout = 1000")
        try:
            (busy, _, _) = self._writer.execute("pragma wal_checkpoint(truncate)").fetchone()
            self._unforgotten = bool(busy)
        except sqlcipher3.OperationalError as error:
            if disk_trouble(error) is None:
                raise
        finally:
            self._writer.execute("pragma busy_timeout = 30000")

    @contextmanager
    def change(self, who: str, words: str) -> Iterator[Change]:
        """Open one change; leaving the block makes it one change set, an error leaves the vault as it was."""
        with self.transaction(RECORDING) as connection:
            change = Change(connection, self.tables, who, words)
            try:
                yield change
                made = record(change)
            finally:
                # Whoever keeps the change can only read with it: what is written outside one would have no history.
                change.connection = self.read
            if made is not None and change.erased:
                connection.execute("update writing set mode = ?", (APPLYING,))
                for table, digest in change.erased:
                    for name, count in Erasure(connection, self.tables).run(table, {digest}).items():
                        change.erased_rows[name] = change.erased_rows.get(name, 0) + count
                change.touched = frozenset(self.tables)
                self._unforgotten = True
        self.told(change.touched)

    def erase(self, who: str, words: str, rows: Iterable[tuple[str, int]]) -> Change:
        """Erase rows and all that reaches them, here and in the history; give the change with what was erased."""
        with self.change(who, words) as change:
            for table, row in rows:
                (uid,) = change.connection.execute(f"select uid from {table} where id = ?", (row,)).fetchone()
                change.erased.append((table, uid_hash(uid)))
        return change

    def erase_again(self, erased: Mapping[str, set[bytes]]) -> int:
        """Erase rows by the hashes of their uids, as a list says that was kept elsewhere; give how many went."""
        count = 0
        if erased:
            with self.transaction(APPLYING) as connection:
                for table, hashes in erased.items():
                    if table in self.tables:
                        count += sum(Erasure(connection, self.tables).run(table, hashes).values())
                self._unforgotten = True
        return count

    def undo(self, who: str, set_ref: str, tell: Tell = untold) -> Undone:
        """Undo one change set by a new one; give what was left because somebody has worked on it since.

        `tell` hears how far it is; what it raises ends the undoing, and leaves the vault as it was.
        """
        with self.change(who, "Undid a change") as change:
            kept = undo(change, find_set(change.connection, set_ref), self.tables, self.upcasters, tell)
        return Undone(change.id, set_ref, tuple(kept))

    def receive(self, sets: Iterable[ChangeSet], hashed: bool = False) -> merging.Merged:
        """Merge change sets from elsewhere, and those that were waiting; for `hashed` see `merge`.

        One that waited and cannot be applied is dropped. Raises `Unbelievable` for one of `sets`, and merges none.
        """
        sets = list(sets)
        while True:
            try:
                return self._receive(sets, hashed)
            except merging.Unbelievable as error:
                if any((one.device, one.seq) == (error.device, error.seq) for one in sets):
                    raise
                with self.transaction(APPLYING) as connection:
                    connection.execute("delete from waiting where device = ? and seq = ?", (error.device, error.seq))

    def _receive(self, sets: list[ChangeSet], hashed: bool) -> merging.Merged:
        with self.transaction(APPLYING) as connection:
            done = merging.merge(connection, self.tables, sets, self.upcasters, hashed)
            if done.touched and connection.execute("select exists (select 1 from erased)").fetchone()[0]:
                self._unforgotten = True
        self.told(frozenset(done.touched))
        return done

    def sets_since(self, vector: Vector) -> Iterator[ChangeSet]:
        """Give the change sets this vault holds and `vector` does not."""
        return sets_since(self.read, vector)

    def held(self) -> Vector:
        """Give the version vector of this vault."""
        return held(self.read)

    @contextmanager
    def stoppable(self, asked: Callable[[], bool]) -> Iterator[None]:
        """Inside, what this thread writes ends soon after `asked()` is true: its change is undone whole, and raises."""
        self._asked[threading.get_ident()] = asked
        try:
            yield
        finally:
            del self._asked[threading.get_ident()]

    def subscribe(self, observer: Observer) -> None:
        """Call `observer` after each commit, on the thread that wrote, with the names of the touched tables."""
        self._observers.append(observer)

    def told(self, touched: frozenset[str]) -> None:
        """Tell whoever subscribed that these tables were touched."""
        if touched:
            for observer in self._observers:
                observer(touched)

    def new_incarnation(self, device_name: str, uid: bytes | None = None) -> bytes:
        """Become a new device from here on: after creating or joining. Give its id (random by default)."""
        with self.transaction(APPLYING) as connection:
            return _become(connection, device_name, uid or secrets.token_bytes(16))

    def new_copy(self, device_name: str, uid: bytes | None = None) -> bytes:
        """Become a new device after restoring or copying, and note what this record was: it lacks its later packs."""
        with self.transaction(APPLYING) as connection:
            connection.execute(
                "insert or replace into local_notes (name, value)"
                " select 'copied_from', lower(hex(d.uid)) from writing w join devices d on d.id = w.device"
            )
            return _become(connection, device_name, uid or secrets.token_bytes(16))


def _become(connection: Connection, device_name: str, uid: bytes) -> bytes:
    taken = {tag for (tag,) in connection.execute("select tag from devices")}
    tag = next(t for t in tags(uid) if t not in taken) if taken else ""
    device = connection.execute(
        "insert into devices (uid, name, tag) values (?, ?, ?)", (uid, device_name, tag)
    ).lastrowid
    connection.execute("update writing set device = ?", (device,))
    connection.execute("delete from counters")
    return uid


def tags(uid: bytes) -> Iterator[str]:
    """Give short letters to tell one incarnation's references from another's: `C-K7-0042`."""
    letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
    for first in uid:
        for second in uid:
            yield f"{letters[first % 30]}{letters[second % 30]}-"
    raise CisError("too_many_devices", "Too many computers", "This record has been on too many computers to name.")
