"""Maps of wards, shaded by a figure. What is hidden is hatched and says so; what is unknown is grey."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cis_desktop.charts.shapes import Room, hatching, thinned
from cis_desktop.charts.style import AXIS, INK, QUIET, WIDTH, begin, fitted, text, width_of, wrapped
from cis_desktop.geography import Outline

CREDIT = "Boundaries: Office for National Statistics, Open Government Licence v3. Contains OS data © Crown copyright."
SCHEMATIC = "Schematic, not to scale: these shapes are invented, and are not the boundaries of the wards."

# After ColorBrewer's YlGnBu: from light to dark, told apart with any kind of colour blindness and in grey. The fourth
# is a little darker than theirs, so that white words can be read on it.
RAMP = ("#ffffcc", "#a1dab4", "#41b6c4", "#2474ad", "#253494")
NOTHING = "#d4d4d4"
HIDDEN_GROUND = "#fafafa"
HATCH = "#6e6e6e"
EDGE = "#3d3d3d"
# Not the ink of the page, which turns light in the dark: what these stand on stays as it is.
DARK, LIGHT = "#101010", "#ffffff"

_MAP = 350.0
_TALLEST = 430.0
_MARGIN = 1.5
_LEGEND = WIDTH - _MAP - 14
_TITLE = 11.5
_SMALL = 7.5
_KEY = 8.5
_LINE = 1.18


@dataclass(frozen=True, slots=True)
class Shade:
    """What is known of one ward: a number, or that it is hidden, or nothing. `words` is the number for people."""

    value: float | None
    words: str
    status: Literal["value", "hidden", "nothing"] = "value"


@dataclass(frozen=True, slots=True)
class _Class:
    colour: str
    words: str
    lowest: float
    highest: float


def ward_map(drawn: Sequence[Outline], values: Mapping[str, Shade], title: str, legend: str = "") -> Any:
    """Draw wards shaded by `values` (by code): up to five classes with about as many wards in each.

    `title` says the finding, `legend` what is measured. A ward without a value is grey. Wards too small for their
    name have a letter, and their names are listed beside the map. Returns a reportlab drawing 500 points wide.
    """
    from reportlab.graphics.shapes import Drawing

    begin()
    shapes, map_height = _projected(drawn)
    classes = _classes([s for o in drawn if (s := values.get(o.code)) is not None and s.status == "value"])
    heading = wrapped(title, WIDTH, _TITLE, bold=True)
    labels = {o.code: _label(shapes[o.code], o.name, values.get(o.code)) for o in drawn}
    lettered = [o for o in sorted(drawn, key=lambda o: o.name.casefold()) if labels[o.code] is None]
    letters = {o.code: letter(n) for n, o in enumerate(lettered)}
    legend_lines = wrapped(legend, _LEGEND, _KEY, bold=True) if legend else []
    side = (len(legend_lines) + 1) * _KEY * 1.4 + 17 * (len(classes) + 2) + len(letters) * _KEY * 1.45 + 12
    body = max(map_height, side)
    head = len(heading) * _TITLE * 1.35 + 6
    foot = 14.0
    drawing = Drawing(WIDTH, body + head + foot)
    for n, line in enumerate(heading):
        drawing.add(text(0, body + head + foot - (n + 1) * _TITLE * 1.25, line, size=_TITLE, bold=True))
    credit = SCHEMATIC if any(outline.schematic for outline in drawn) else CREDIT
    drawing.add(text(0, 3, fitted(credit, WIDTH, 6.5), QUIET, 6.5))
    up = foot + body - map_height
    for outline in drawn:
        # Half of this wide line stays outside the map, so that dark wards end somewhere on dark paper too.
        drawing.add(_path(_moved(shapes[outline.code], up), None, AXIS, 2.0))
    for outline in drawn:
        _ward(drawing, _moved(shapes[outline.code], up), values.get(outline.code), classes)
    for outline in drawn:
        shade = values.get(outline.code)
        named = labels[outline.code]
        lines, spot = named or ([letters[outline.code]], _inside(shapes[outline.code]))
        ink, hidden = _ink_on(_colour(shade, classes)), _status(shade) == "hidden"
        _words(drawing, lines, (spot[0], spot[1] + up), ink, plate=hidden, bold=named is None)
    _side(drawing, body + foot, legend_lines, classes, _statuses(drawn, values), [o.name for o in lettered])
    return drawing


def letter(at: int) -> str:
    """Give the mark of a ward in the list beside the map, which no figure looks like: a, b … z, aa, ab …"""
    return (letter(at // 26 - 1) if at >= 26 else "") + chr(ord("a") + at % 26)


def _projected(drawn: Sequence[Outline]) -> tuple[dict[str, list[list[tuple[float, float]]]], float]:
    """Lay degrees out flat: true to scale in the middle of the map, which is enough for a county."""
    corners = [corner for outline in drawn for polygon in outline.polygons for ring in polygon for corner in ring]
    if not corners:
        return {outline.code: [] for outline in drawn}, 0.0
    west, south = min(x for x, _ in corners), min(y for _, y in corners)
    east, north = max(x for x, _ in corners), max(y for _, y in corners)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min((_MAP - 2 * _MARGIN) / max((east - west) * squeeze, 1e-9), _TALLEST / max(north - south, 1e-9))
    left = (_MAP - (east - west) * squeeze * scale) / 2

    def flat(corner: tuple[float, float]) -> tuple[float, float]:
        return left + (corner[0] - west) * squeeze * scale, (corner[1] - south) * scale

    shapes = {
        outline.code: [thinned(list(map(flat, ring)), 0.25) for polygon in outline.polygons for ring in polygon]
        for outline in drawn
    }
    return shapes, (north - south) * scale


def _classes(shades: Sequence[Shade]) -> list[_Class]:
    """Part values into classes of about as many wards each; equal values are never parted."""
    known = sorted((shade.value, shade.words) for shade in shades if shade.value is not None)
    rank: dict[float, int] = {}
    for at, (value, _) in enumerate(known):
        rank.setdefault(value, at)
    by_wards = {value: at * len(RAMP) // len(known) for value, at in rank.items()}
    if len(set(by_wards.values())) < len(RAMP):
        # Many wards of one value leave classes empty: then part the different values evenly instead.
        by_wards = {value: n * min(len(RAMP), len(rank)) // len(rank) for n, value in enumerate(rank)}
    groups: dict[int, list[tuple[float, str]]] = {}
    for value, said in known:
        groups.setdefault(by_wards[value], []).append((value, said))
    # Few classes take colours from the whole of the ramp, so that they differ as much as they can.
    last = max(len(groups) - 1, 1)
    return [
        _Class(
            RAMP[round(n * (len(RAMP) - 1) / last) if len(groups) > 1 else 2],
            group[0][1] if group[0][1] == group[-1][1] else f"{group[0][1]} to {group[-1][1]}",
            group[0][0],
            group[-1][0],
        )
        for n, group in enumerate(groups.values())
    ]


def _colour(shade: Shade | None, classes: Sequence[_Class]) -> str:
    if _status(shade) == "hidden":
        return HIDDEN_GROUND
    if shade is None or shade.value is None or shade.status != "value":
        return NOTHING
    value = shade.value
    return next((one.colour for one in classes if one.lowest <= value <= one.highest), NOTHING)


def _status(shade: Shade | None) -> str:
    return "nothing" if shade is None or (shade.status == "value" and shade.value is None) else shade.status


def _statuses(drawn: Sequence[Outline], values: Mapping[str, Shade]) -> set[str]:
    return {_status(values.get(outline.code)) for outline in drawn}


def _label(
    rings: list[list[tuple[float, float]]], name: str, shade: Shade | None
) -> tuple[list[str], tuple[float, float]] | None:
    """Find how a ward can be named on the map: with its figure, without, or (None) not at all."""
    if not rings:
        return None
    figure = [] if shade is None else ["hidden"] if shade.status == "hidden" else [shade.words] if shade.words else []
    short = fitted(name, 120, _SMALL)
    ways = [[short], wrapped(short, 56, _SMALL), wrapped(short, 34, _SMALL, most=4)]
    room = Room(rings)
    for shown in [*([*lines, *figure] for lines in ways), *ways]:
        wide = max(width_of(line, _SMALL) for line in shown) + 3
        spot = None if any(line.endswith("…") for line in shown) else room.place(wide, len(shown) * _SMALL * _LINE + 1)
        if spot:
            return shown, spot
    return None


def _ward(drawing: Any, rings: list[list[tuple[float, float]]], shade: Shade | None, classes: Sequence[_Class]) -> None:
    from reportlab.graphics.shapes import Line
    from reportlab.lib.colors import HexColor

    drawing.add(_path(rings, _colour(shade, classes), EDGE, 0.6))
    if _status(shade) == "hidden":
        for start, end in hatching(rings, 4.5):
            drawing.add(Line(*_short(start), *_short(end), strokeColor=HexColor(HATCH), strokeWidth=0.6))


def _path(rings: list[list[tuple[float, float]]], fill: str | None, edge: str, wide: float) -> Any:
    from reportlab.graphics.shapes import FILL_EVEN_ODD, Path
    from reportlab.lib.colors import HexColor

    path = Path(
        fillColor=HexColor(fill) if fill else None,
        strokeColor=HexColor(edge),
        strokeWidth=wide,
        strokeLineJoin=1,
        fillMode=FILL_EVEN_ODD,
    )
    for ring in rings:
        path.moveTo(*_short(ring[0]))
        for corner in ring[1:-1]:
            path.lineTo(*_short(corner))
        path.closePath()
    return path


def _short(corner: tuple[float, float]) -> tuple[float, float]:
    return round(corner[0], 2), round(corner[1], 2)


def _moved(rings: list[list[tuple[float, float]]], up: float) -> list[list[tuple[float, float]]]:
    return [[(x, y + up) for x, y in ring] for ring in rings]


def _inside(rings: list[list[tuple[float, float]]]) -> tuple[float, float]:
    """Give a point where a letter can stand."""
    if not rings:
        return 0.0, 0.0
    room = Room(rings)
    return room.place(5, _SMALL) or room.place(0.5, 0.5) or rings[0][0]


def _words(drawing: Any, lines: list[str], spot: tuple[float, float], colour: str, plate: bool, bold: bool) -> None:
    """Draw lines around a point; over a hatching they stand on a plate, or the hatching would strike them through."""
    from reportlab.graphics.shapes import Rect
    from reportlab.lib.colors import HexColor

    x, y = spot
    tall = len(lines) * _SMALL * _LINE
    if plate:
        wide = max(width_of(line, _SMALL, bold) for line in lines) + 3
        drawing.add(
            Rect(round(x - wide / 2, 2), round(y - tall / 2, 2), round(wide, 2), round(tall + 1, 2),
                 fillColor=HexColor(HIDDEN_GROUND), strokeColor=None)
        )  # fmt: skip
    for n, line in enumerate(lines):
        at = y + tall / 2 - (n + 0.8) * _SMALL * _LINE
        drawing.add(text(round(x, 2), round(at, 2), line, colour, _SMALL, "middle", bold))


def _side(
    drawing: Any,
    top: float,
    heading: list[str],
    classes: Sequence[_Class],
    statuses: set[str],
    names: list[str],
) -> None:
    """Draw the legend and the names of lettered wards beside the map."""
    left, y = _MAP + 14, top
    for line in heading:
        y -= _KEY * 1.4
        drawing.add(text(left, y, line, size=_KEY, bold=True))
    y -= 4
    for one in reversed(classes):
        y -= 17
        _patch(drawing, left, y, one.colour, False)
        drawing.add(text(left + 24, y + 3, fitted(one.words, _LEGEND - 24, _KEY), size=_KEY))
    for status, colour, words in (("hidden", HIDDEN_GROUND, "hidden"), ("nothing", NOTHING, "no figure")):
        if status in statuses:
            y -= 17
            _patch(drawing, left, y, colour, status == "hidden")
            drawing.add(text(left + 24, y + 3, words, size=_KEY))
    y -= 8
    for at, name in enumerate(names):
        y -= _KEY * 1.45
        drawing.add(text(left + 12, y, letter(at), INK, _KEY, "end", bold=True))
        drawing.add(text(left + 18, y, fitted(name, _LEGEND - 18, _KEY), INK, _KEY))


def _patch(drawing: Any, x: float, y: float, colour: str, hatched: bool) -> None:
    from reportlab.graphics.shapes import Line, Rect
    from reportlab.lib.colors import HexColor

    drawing.add(Rect(x, y, 18, 12, fillColor=HexColor(colour), strokeColor=HexColor(EDGE), strokeWidth=0.6))
    if hatched:
        box = [(x, y), (x + 18, y), (x + 18, y + 12), (x, y + 12), (x, y)]
        for start, end in hatching([box], 4.5):
            drawing.add(Line(*_short(start), *_short(end), strokeColor=HexColor(HATCH), strokeWidth=0.6))


def _ink_on(ground: str) -> str:
    """Give the ink with the greater contrast on a ground (relative luminance as in WCAG 2.2); at least 4.5 to 1."""
    parts = [int(ground[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return DARK if (luminance + 0.05) / 0.055 > 1.05 / (luminance + 0.05) else LIGHT
