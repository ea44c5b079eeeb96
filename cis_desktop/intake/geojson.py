"""Read areas on a map out of GeoJSON (RFC 7946): longitude and latitude, polygons with and without holes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from cis_desktop.decoding import from_json
from cis_desktop.intake.asking import Answer, Place, Refused, Request, Ring

MOST_PLACES = 20_000
MOST_CORNERS = 2_000_000
MOST_BRACKETS = 40
LONGEST_TEXT = 1_000

UNITED_KINGDOM = (-9.5, 49.0, 3.0, 61.5)
"""West, south, east, north, in degrees, with some sea around."""

_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[{]}")
_DEGREES = re.compile(r"(?i)crs:?84|epsg:+(4326|4258)|wgs ?84")
_PLAIN_WORDS = {"Topology": "It is a TopoJSON file, which keeps boundaries in another way."}


class _Geometry(msgspec.Struct):
    type: str
    coordinates: msgspec.Raw = msgspec.Raw(b"[]")


class _Feature(msgspec.Struct):
    geometry: _Geometry | None = None
    properties: dict[str, object] | None = None


class _Collection(msgspec.Struct):
    type: str = ""
    features: list[_Feature] = []
    crs: dict[str, object] | None = None


def read_places(data: bytes, request: Request) -> Answer:
    """Read a collection of polygons; raise `Refused` for other projections, other shapes, and too much of any."""
    if _depth(data) > MOST_BRACKETS:
        raise Refused("damaged_file", "Its brackets are nested far deeper than those of any map.")
    try:
        collection = from_json(data.removeprefix(b"\xef\xbb\xbf"), _Collection)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
        raise Refused("not_a_map", "It is not a GeoJSON file, or it is damaged.") from why
    if collection.type != "FeatureCollection":
        said = _PLAIN_WORDS.get(collection.type, "It is not a collection of areas.")
        raise Refused("not_a_map", f"{said} Ask for boundaries as GeoJSON.")
    if len(collection.features) > MOST_PLACES:
        raise Refused("too_large", f"It has more than {MOST_PLACES:,} areas. Ask for those of your own council only.")
    _check_projection(collection.crs)
    corners = 0
    places = []
    for feature in collection.features:
        if feature.geometry is None:
            continue
        place = Place(dict(_texts(feature.properties or {})), _polygons(feature.geometry))
        corners += sum(len(ring) for polygon in place.polygons for ring in polygon)
        if corners > MOST_CORNERS:
            raise Refused("too_large", f"Its boundaries have more than {MOST_CORNERS:,} corners. Ask for simpler ones.")
        for polygon in place.polygons:
            _check_polygon(polygon)
        places.append(place)
    if not places:
        raise Refused("empty_file", "There is no area in it.")
    return Answer(places=places)


def _check_projection(crs: dict[str, object] | None) -> None:
    if crs is None:
        return
    properties = crs.get("properties")
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if not _DEGREES.search(name):
        raise Refused("other_projection", _other_projection(f"It says so itself ({name[:60]}). "))


def _polygons(geometry: _Geometry) -> list[list[Ring]]:
    try:
        # Three numbers in a corner are longitude, latitude and height.
        if geometry.type == "Polygon":
            found = [from_json(geometry.coordinates, list[list[list[float]]])]
        elif geometry.type == "MultiPolygon":
            found = from_json(geometry.coordinates, list[list[list[list[float]]]])
        else:
            raise Refused(
                "not_a_map", f"It has a {geometry.type[:40] or 'nameless shape'} in it; an area must be a polygon."
            )
        return [[[(corner[0], corner[1]) for corner in ring] for ring in polygon] for polygon in found if polygon]
    except (msgspec.DecodeError, IndexError) as why:
        raise Refused("damaged_file", "A corner of a boundary in it is no pair of numbers.") from why


def _check_polygon(polygon: list[Ring]) -> None:
    west, south, east, north = UNITED_KINGDOM
    for ring in polygon:
        if ring and ring[0] != ring[-1]:
            ring.append(ring[0])
        if len(set(ring)) < 3:
            raise Refused("damaged_file", "A boundary in it has fewer than three corners.")
        for longitude, latitude in ring:
            if not (west <= longitude <= east and south <= latitude <= north):
                if west <= latitude <= east and south <= longitude <= north:
                    raise Refused("other_projection", "Its corners have latitude and longitude the wrong way round.")
                if abs(longitude) > 180 or abs(latitude) > 90:
                    raise Refused("other_projection", _other_projection(""))
                raise Refused("other_country", "A boundary in it lies outside the United Kingdom.")


def _other_projection(why: str) -> str:
    return (
        "Its corners are not in degrees of longitude and latitude but in another projection, such as the British "
        f"National Grid. {why}Ask for it as GeoJSON in WGS 84 (EPSG 4326)."
    )


def _texts(properties: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in properties.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            text = " ".join(str(value).split())
            if max(len(text), len(name)) > LONGEST_TEXT:
                raise Refused(
                    "cell_too_long",
                    f"A name in it has more than {LONGEST_TEXT:,} characters, which is no name of an area.",
                )
            yield name, text


def _depth(data: bytes) -> int:
    """Give how deep brackets nest, counting those inside texts too: too careful is good enough."""
    deepest = level = 0
    for byte in data.translate(None, _NOT_BRACKETS):
        if byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        else:
            level -= 1
    return deepest
