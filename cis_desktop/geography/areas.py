"""Areas: the wards and other places that figures are broken down by, under their official codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.tables import Connection


@dataclass(frozen=True, slots=True)
class Area:
    """An area of a kind (ward, lsoa, authority) as it was in a year; `within` is the code of the wider one."""

    kind: str
    code: str
    name: str
    vintage: str
    within: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """How much of one kind and vintage the workspace has: areas, those with a boundary; for postcodes, districts."""

    kind: str
    vintage: str
    count: int
    mapped: int


def add_areas(
    change: Change,
    kind: str,
    named: Iterable[tuple[str, str]],
    vintage: str,
    within: Mapping[str, str | None] | str | None,
) -> int:
    """Write areas as (GSS code, name), all of one kind, such as `ward`; give how many were new.

    `vintage` is the year of the lookup, `within` the code of the wider area, for all or by the code of each. The same
    area of the same vintage is the same row on every laptop; one that was taken back comes back.
    """
    names = dict(named)
    inside_of = within if isinstance(within, Mapping) else dict.fromkeys(names, within)
    rows = {
        derived_uid("areas", kind, code, vintage): (kind, code, name, vintage, inside_of.get(code))
        for code, name in names.items()
    }
    there = {
        uid: (row, gone, known, called)
        for uid, row, gone, known, called in change.connection.execute(
            "select uid, id, gone, within, name from areas where kind = ? and vintage is ?", (kind, vintage)
        )
    }
    for uid, (_, code, name, _, inside) in rows.items():
        if uid in there and there[uid][1]:
            change.update("areas", there[uid][0], gone=0, name=name, within=inside)
        elif uid in there and there[uid][2] is None and inside is not None:
            change.update("areas", there[uid][0], within=inside)
        if uid in there and there[uid][3] == code != name:
            # A list without names came first.
            change.update("areas", there[uid][0], name=name)
    new = [(uid, *row) for uid, row in rows.items() if uid not in there]
    change.insert_many("areas", ("uid", "kind", "code", "name", "vintage", "within"), new)
    return len(new) + sum(1 for uid in rows if uid in there and there[uid][1])


def areas(connection: Connection, kind: str = "ward") -> list[Area]:
    """List the areas of a kind, each code once, as its newest vintage has it, by name."""
    rows = connection.execute(
        "select kind, code, name, coalesce(vintage, ''), within from areas where kind = ? and gone = 0"
        " order by vintage, id",
        (kind,),
    )
    newest = {row[1]: Area(*row) for row in rows}
    return sorted(newest.values(), key=lambda area: (area.name.casefold(), area.code))


def of_vintage(connection: Connection, code: str) -> list[Area]:
    """Give an area as each vintage has it, newest first."""
    rows = connection.execute(
        "select kind, code, name, coalesce(vintage, ''), within from areas where code = ? and gone = 0"
        " order by vintage desc, id",
        (code,),
    )
    return [Area(*row) for row in rows]


def held(connection: Connection) -> list[Held]:
    """Say what the workspace knows of areas: each kind and vintage once, and the districts of postcodes."""
    rows = connection.execute(
        "select kind, coalesce(vintage, ''), count(*), (select count(*) from boundaries b"
        "  where b.kind = a.kind and b.vintage = a.vintage and b.gone = 0)"
        " from areas a where gone = 0 group by kind, vintage"
        " union all select 'postcode', vintage, count(distinct district), 0 from postcodes where gone = 0"
        " group by vintage order by 1, 2"
    )
    return [Held(*row) for row in rows]
