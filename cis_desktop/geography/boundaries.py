"""Where areas lie: outlines in degrees, kept as they came to a millionth of a degree (some ten centimetres)."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec

from cis_desktop.decoding import from_msgpack
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.tables import Connection

_SCALE = 1_000_000

SCHEMATIC = "(schematic)"

Ring = tuple[tuple[float, float], ...]
"""Corners as (longitude, latitude); the last is the first again."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The polygons of one area, each an outer ring and then its holes; `schematic` where they are no real boundary."""

    code: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]
    schematic: bool = False


def schematic_vintage(year: str) -> str:
    """Give the vintage of a schematic map; it sorts before every year, so that real boundaries take its place."""
    return f"{SCHEMATIC} {year}".rstrip()


def add_outlines(change: Change, kind: str, vintage: str, drawn: Iterable[Outline]) -> int:
    """Write where areas of a kind lie; give how many were new or are drawn in another way now."""
    there = {
        uid: (row, gone, bytes(shape))
        for uid, row, gone, shape in change.connection.execute(
            "select uid, id, gone, shape from boundaries where kind = ? and vintage = ?", (kind, vintage)
        )
    }
    new = []
    redrawn = 0
    for outline in drawn:
        uid, shape = derived_uid("boundaries", kind, outline.code, vintage), packed(outline.polygons)
        if uid not in there:
            new.append((uid, kind, outline.code, vintage, shape))
        elif there[uid][1:] != (0, shape):
            change.update("boundaries", there[uid][0], gone=0, shape=shape)
            redrawn += 1
    change.insert_many("boundaries", ("uid", "kind", "code", "vintage", "shape"), new)
    return len(new) + redrawn


def outlines(
    connection: Connection, codes: Collection[str] | None = None, kind: str = "ward", vintage: str | None = None
) -> list[Outline]:
    """Give outlines by code, each in its newest vintage, or in the one asked for; all of a kind without `codes`."""
    rows = connection.execute(
        "select b.code, coalesce(a.name, b.code), b.shape, b.vintage from boundaries b left join areas a"
        "  on a.kind = b.kind and a.code = b.code and a.vintage = b.vintage and a.gone = 0"
        " where b.kind = ? and b.gone = 0 and (? is null or b.vintage = ?) order by b.vintage, b.id",
        (kind, vintage, vintage),
    )
    newest = {code: said for code, *said in rows if codes is None or code in codes}
    return [
        Outline(code, name, unpacked(bytes(shape)), of.startswith(SCHEMATIC))
        for code, (name, shape, of) in sorted(newest.items())
    ]


def packed(polygons: Iterable[Iterable[Iterable[tuple[float, float]]]]) -> bytes:
    """Pack polygons: each corner as its distance from the one before, in whole millionths of a degree, deflated."""
    made: list[list[list[int]]] = []
    for polygon in polygons:
        made.append([])
        for ring in polygon:
            steps: list[int] = []
            x = y = 0
            for longitude, latitude in ring:
                east, north = round(longitude * _SCALE), round(latitude * _SCALE)
                steps += (east - x, north - y)
                x, y = east, north
            made[-1].append(steps)
    return zlib.compress(msgspec.msgpack.encode(made), 9)


def unpacked(shape: bytes) -> tuple[tuple[Ring, ...], ...]:
    """Give the polygons that `packed` packed."""
    made = from_msgpack(zlib.decompress(shape), list[list[list[int]]])
    return tuple(tuple(_ring(steps) for steps in polygon) for polygon in made)


def _ring(steps: list[int]) -> Ring:
    x = y = 0
    corners = []
    for east, north in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + east, y + north
        corners.append((x / _SCALE, y / _SCALE))
    return tuple(corners)
