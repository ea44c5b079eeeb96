"""Area files written for tests: boundaries, lookups and postcodes as the statistics office lays them out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SQUARE = [[-2.34, 53.39], [-2.33, 53.39], [-2.33, 53.40], [-2.34, 53.40], [-2.34, 53.39]]
HOLE = [[-2.337, 53.393], [-2.337, 53.397], [-2.333, 53.397], [-2.333, 53.393], [-2.337, 53.393]]
ISLAND = [[-2.32, 53.39], [-2.31, 53.39], [-2.31, 53.40], [-2.32, 53.39]]


def feature(code: str, name: str, kind: str = "Polygon", corners: Any = None) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"WD25CD": code, "WD25NM": name, "LAD25CD": "E08000009", "LAD25NM": "Trafford"},
        "geometry": {"type": kind, "coordinates": [SQUARE] if corners is None else corners},
    }


def boundaries(path: Path, *features: dict[str, Any], crs: str | None = None) -> Path:
    document: dict[str, Any] = {"type": "FeatureCollection", "features": list(features)}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def onspd(path: Path, *rows: tuple[str, str, str, str]) -> Path:
    """Write rows of (postcode, ward, LSOA, authority) among the columns that stand around them in the real file."""
    lines = ["pcd7,pcds,dointr,doterm,lad25cd,wd25cd,lsoa11cd,lsoa21cd,rgn25cd"]
    for postcode, ward, lsoa, authority in rows:
        squeezed = postcode.replace(" ", "")
        lines.append(f"{squeezed},{postcode},198001,,{authority},{ward},E01099999,{lsoa},E12000002")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
