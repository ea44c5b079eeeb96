"""Areas: the wards and other places that figures are broken down by, under their official codes."""

from __future__ import annotations

from collections.abc import Iterable

from cis_desktop.vault.history import Change, derived_uid


def add_areas(change: Change, kind: str, named: Iterable[tuple[str, str]], vintage: str, within: str | None) -> int:
    """Write areas as (GSS code, name), all of one kind, such as `ward`; give how many were new.

    `vintage` is the year of the lookup, `within` the code of the wider area. The same area of the same vintage is the
    same row on every laptop.
    """
    rows = [
        (derived_uid("areas", kind, code, vintage), kind, code, name, vintage, within)
        for code, name in dict(named).items()
    ]
    held = {uid for (uid,) in change.connection.execute("select uid from areas where kind = ?", (kind,))}
    new = [row for row in rows if row[0] not in held]
    change.insert_many("areas", ("uid", "kind", "code", "name", "vintage", "within"), new)
    return len(new)
