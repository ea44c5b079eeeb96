"""The list of ways in that is kept inside the vault: whose each slot is, since when, and who added or removed it.

The file `vault.keys` holds the same slots without names. It is written first, inside the transaction that changes the
list, and both are counted: after a crash in between the file is one ahead, and is believed because its seal is the
vault's own; a file that is behind was put there by somebody, or came from an old copy, and is written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cis_desktop.decoding import from_json
from cis_desktop.saving import save
from cis_desktop.vault import keys
from cis_desktop.vault.history import now
from cis_desktop.vault.keys import KeyFile, Slot
from cis_desktop.vault.tables import Connection

KEPT_FILE = f"{keys.FILE_NAME}.kept"
"""The file as it was, while another takes its place."""
BEGUN = "ways_in_begun"
"""The note of this device that says who is about to change the list and how: a name, a line's end, and words."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """Somebody or something that can open the vault, or could until `gone_at` (UTC)."""

    id: str
    kind: str
    name: str
    added_at: str
    added_by: str
    gone_at: str | None
    gone_by: str | None


def ways_in(connection: Connection, gone: bool = False) -> list[WayIn]:
    """List the ways in, in the order they were added; with `gone` those that were removed as well."""
    rows = connection.execute(
        "select id, kind, name, added_at, added_by, gone_at, gone_by from ways_in"
        " where ? or gone_at is null order by rowid",
        (gone,),
    )
    return [WayIn(*row) for row in rows]


def current(connection: Connection) -> tuple[Slot, ...]:
    """Give the slots that open the vault, with their names."""
    rows = connection.execute("select slot, name from ways_in where gone_at is null order by rowid")
    return tuple(msgspec.structs.replace(from_json(raw, Slot), name=name) for raw, name in rows)


def name_of(connection: Connection, slot_id: str) -> str | None:
    """Give whose a slot is, or None where the list does not know it."""
    row = connection.execute("select name from ways_in where id = ? and name <> ''", (slot_id,)).fetchone()
    return None if row is None else row[0]


def generation(connection: Connection) -> int:
    """Give how many lists this vault has had."""
    (count,) = connection.execute("select generation from ways_in_generation").fetchone()
    return int(count)


def keep(connection: Connection, slots: Sequence[Slot], who: str, count: int) -> None:
    """Make these the ways in. Call inside a transaction. A slot without a name keeps the one it has."""
    at = now()
    ids = {slot.id for slot in slots}
    for way in ways_in(connection):
        if way.id not in ids:
            connection.execute("update ways_in set gone_at = ?, gone_by = ? where id = ?", (at, who, way.id))
    for slot in slots:
        connection.execute(
            "insert into ways_in (id, kind, name, slot, added_at, added_by) values (?, ?, ?, ?, ?, ?)"
            " on conflict (id) do update set slot = excluded.slot, gone_at = null, gone_by = null,"
            " name = case excluded.name when '' then name else excluded.name end",
            (slot.id, slot.kind, slot.name, msgspec.json.encode(keys.nameless(slot)), at, who),
        )
    connection.execute("update ways_in_generation set generation = ?", (count,))
    connection.execute("delete from local_notes where name = ?", (BEGUN,))


def announce(connection: Connection, slots: Sequence[Slot], who: str, words: str) -> None:
    """Note whose the new ones of these slots are, before they open anything, and what is done in which words.

    Call inside a transaction.
    """
    at = now()
    connection.execute("insert or replace into local_notes (name, value) values (?, ?)", (BEGUN, f"{who}\n{words}"))
    for slot in slots:
        connection.execute(
            "insert or ignore into ways_in (id, kind, name, slot, added_at, added_by, gone_at, gone_by)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (slot.id, slot.kind, slot.name, msgspec.json.encode(keys.nameless(slot)), at, who, at, who),
        )


@contextmanager
def restored(folder: Path) -> Iterator[None]:
    """Put the file back as it was when what is done inside fails: even on a full disk, by one renaming.

    Raises OSError, with nothing done, where there is no room for that.
    """
    kept = folder / KEPT_FILE
    save(kept, (folder / keys.FILE_NAME).read_bytes())
    try:
        yield
    except BaseException:
        kept.replace(folder / keys.FILE_NAME)
        raise
    with suppress(OSError):
        # Otherwise the next opening does it.
        kept.unlink()


def change(connection: Connection, folder: Path, slots: Sequence[Slot], key: bytes, who: str) -> None:
    """Make these the ways in, in the file and in the vault. Call inside a transaction.

    Raises OSError with both as they were, and CisError `too_many_keys`.
    """
    count = generation(connection) + 1
    file = keys.sealed_list([keys.nameless(slot) for slot in slots], key, count)
    keep(connection, slots, who, count)
    keys.write_keys(folder, file)


def differ(connection: Connection, file: KeyFile) -> bool:
    """Say whether the file is not what the list would make of it."""
    named = any(slot.name for slot in file.slots)
    return named or file.generation != generation(connection) or not current(connection)


def begun(connection: Connection, file: KeyFile) -> tuple[str, str] | None:
    """Give who changed the list and in which words, where the file is one ahead because that was cut off."""
    row = connection.execute("select value from local_notes where name = ?", (BEGUN,)).fetchone()
    if row is None or file.generation != generation(connection) + 1:
        return None
    who, _, words = row[0].partition("\n")
    return who, words


def reconcile(connection: Connection, folder: Path, file: KeyFile, key: bytes, who: str) -> None:
    """Bring the list and the file, whose seal has been checked, to one. Call inside a transaction."""
    own = generation(connection)
    if file.generation > own or not current(connection):
        keep(connection, file.slots, who, file.generation)
    if file.generation < own or any(slot.name for slot in file.slots):
        change(connection, folder, current(connection), key, who)
