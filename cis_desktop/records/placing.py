"""Where a postcode is: its ward is written beside it, with the vintage of the lookup that says so."""

from __future__ import annotations

from typing import Any

from cis_desktop.geography import ward_of
from cis_desktop.vault.tables import Connection


def placed(connection: Connection, written: dict[str, Any]) -> dict[str, Any]:
    """Add `ward` and `ward_vintage` to what is written of a place, where its postcode is known and no ward is given."""
    if not written.get("postcode") or written.get("ward"):
        return written
    found = ward_of(connection, written["postcode"])
    if found is None or found.ward is None:
        return written
    return {**written, "ward": found.ward, "ward_vintage": found.vintage}


def placed_all(connection: Connection, columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Do the same for many new rows, given as columns."""
    if "postcode" not in columns or connection.execute("select 1 from postcodes limit 1").fetchone() is None:
        return columns
    nowhere: tuple[str | None, str | None] = (None, None)
    known = {}
    for postcode in set(columns["postcode"]) - {None}:
        found = ward_of(connection, postcode)
        known[postcode] = (found.ward, found.vintage) if found and found.ward else nowhere
    given = columns.get("ward") or [None] * len(columns["postcode"])
    filled = [
        known.get(postcode, nowhere) if ward is None else (ward, None)
        for postcode, ward in zip(columns["postcode"], given, strict=True)
    ]
    return {**columns, "ward": [ward for ward, _ in filled], "ward_vintage": [vintage for _, vintage in filled]}
