"""A laptop that was taken away: what it wrote later waits for a person to judge it.

The change that took it away names the last of its sets that counts, so every laptop decides alike. A later one counts
all the same once somebody else wrote on top of it: they had it before they heard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cis_desktop.vault.chunks import INSERT, UPDATE, inflated, open_chunk
from cis_desktop.vault.history import derived_uid
from cis_desktop.vault.sets import ChangeSet, Vector
from cis_desktop.vault.tables import Connection, Tables

TABLE, FIELD = "laptops", "removed_after"


def removed(connection: Connection, tables: Tables, incoming: Collection[ChangeSet] = ()) -> Vector:
    """Give the last set that counts of each device that was taken away, as held here or said in arriving sets."""
    if TABLE not in tables:
        return {}
    found = {
        bytes.fromhex(device): int(last)
        for device, last in connection.execute(
            f"select device, {FIELD} from {TABLE} where gone = 0 and typeof({FIELD}) = 'integer'"
            # Any laptop can write any row: what names no device takes none away.
            " and length(device) = 32 and device not glob '*[^0-9a-f]*'"
        )
    }
    said = dict(said_in(incoming))
    if said:
        devices = {device for (device,) in connection.execute("select uid from devices")}
        devices |= {one.device for one in incoming}
        for device in devices:
            last = said.get(derived_uid(TABLE, device.hex()))
            if last is not None:
                found[device] = max(last, found.get(device, 0))
    return found


def said_in(sets: Iterable[ChangeSet]) -> Iterable[tuple[bytes, int]]:
    """Yield the uid of a laptop's row and the last set that counts, wherever one of these sets takes one away.

    Raises what `merge.NOT_OURS` lists, or CisError `damaged_history`, for a set that no app of ours writes.
    """
    for one in sets:
        for chunk in one.chunks:
            if TABLE.encode() not in inflated(chunk):
                # Few speak of laptops; to take the others apart would take as long as to merge them.
                continue
            for section in open_chunk(chunk):
                if section.table == TABLE and section.op in (INSERT, UPDATE) and FIELD in section.columns:
                    place = section.columns.index(FIELD) + 1
                    for entry in section.entries:
                        if isinstance(entry, bytes) or entry[place] is None:
                            continue
                        if not isinstance(entry[place], int):
                            raise ValueError("not the number of a change set")
                        if isinstance(entry[0], bytes):
                            yield entry[0], entry[place]


def counting(incoming: Collection[ChangeSet], last: Vector) -> Vector:
    """Give the last set that counts of each device taken away, when what others wrote on top of it is among these."""
    found = dict(last)
    for one in incoming:
        if one.device not in last:
            for device in last.keys() & one.vector.keys():
                found[device] = max(found[device], one.vector[device])
    return found
