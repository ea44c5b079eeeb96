"""Which ward a postcode is in: one row for each district (M33) and local authority, as a dictionary in a blob."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from cis_desktop.decoding import from_msgpack
from cis_desktop.geography.codes import postcode_of
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a postcode is: codes of its ward, LSOA and local authority (or None), and the year of the lookup."""

    ward: str | None
    lsoa: str | None
    authority: str | None
    vintage: str


class _District(msgspec.Struct, array_like=True, frozen=True):
    """Codes once each, and per postcode the places of its ward and LSOA in them (0 is none)."""

    wards: list[str]
    lsoas: list[str]
    places: dict[str, tuple[int, int]]


def add_postcodes(change: Change, rows: Iterable[tuple[str, str, str, str]], vintage: str) -> int:
    """Write postcodes as (postcode, ward, LSOA, authority), "" where unknown; give how many were taken.

    What is no postcode is left out. A district of an authority that is known already in this vintage is replaced.
    """
    districts: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for text, ward, lsoa, authority in rows:
        if found := postcode_of(text):
            districts.setdefault((found[0], authority), {})[found[1]] = (ward, lsoa)
    there = {
        uid: (row, gone, bytes(body))
        for uid, row, gone, body in change.connection.execute(
            "select uid, id, gone, body from postcodes where vintage = ?", (vintage,)
        )
    }
    new = []
    for (district, authority), places in sorted(districts.items()):
        uid, body = derived_uid("postcodes", district, authority, vintage), _packed(places)
        if uid not in there:
            new.append((uid, district, authority, vintage, body))
        elif there[uid][1:] != (0, body):
            change.update("postcodes", there[uid][0], gone=0, body=body)
    change.insert_many("postcodes", ("uid", "district", "authority", "vintage", "body"), new)
    return sum(map(len, districts.values()))


def ward_of(connection: Connection, postcode: str) -> Placed | None:
    """Find where a postcode is, in the newest lookup that has it; None when it is none, or unknown.

    Where the postcode's own lookup names no ward, that of its LSOA is given.
    """
    split = postcode_of(postcode)
    if split is None:
        return None
    rows = connection.execute(
        "select authority, vintage, body from postcodes where district = ? and gone = 0 order by vintage desc, id",
        (split[0],),
    )
    for authority, vintage, body in rows:
        known = from_msgpack(zlib.decompress(body), _District)
        if split[1] in known.places:
            ward, lsoa = known.places[split[1]]
            small = known.lsoas[lsoa] or None
            return Placed(known.wards[ward] or _ward_around(connection, small), small, authority or None, vintage)
    return None


def _ward_around(connection: Connection, lsoa: str | None) -> str | None:
    row = connection.execute(
        "select within from areas where code = ? and kind = 'lsoa' and gone = 0 order by vintage desc, id", (lsoa,)
    ).fetchone()
    return None if row is None else row[0]


def _packed(places: dict[str, tuple[str, str]]) -> bytes:
    wards = ["", *sorted({ward for ward, _ in places.values()} - {""})]
    lsoas = ["", *sorted({lsoa for _, lsoa in places.values()} - {""})]
    ward_at, lsoa_at = ({code: at for at, code in enumerate(codes)} for codes in (wards, lsoas))
    made = _District(wards, lsoas, {p: (ward_at[ward], lsoa_at[lsoa]) for p, (ward, lsoa) in sorted(places.items())})
    return zlib.compress(msgspec.msgpack.encode(made), 6)
