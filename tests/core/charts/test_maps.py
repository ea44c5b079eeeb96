"""Maps and bars: what is hidden is seen to be hidden, and cannot be told from the drawing."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cis_desktop.briefings.area_files import import_areas
from cis_desktop.charts import AXIS, BAR, INK, QUIET, Panel, Shade, panels, screen_svg, svg, ward_map
from cis_desktop.charts.maps import NOTHING, RAMP, letter
from cis_desktop.charts.shapes import Room, hatching, spans, thinned
from cis_desktop.geography import Outline, outlines
from cis_desktop.workspace import Workspace

COLOURS = {INK: "#f0eeea", QUIET: "#bdbab3", BAR: "#8fbdf5", AXIS: "#8a8d94"}


def square(code: str, x: float, y: float, side: float = 0.1) -> Outline:
    corners = ((x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y))
    return Outline(code, f"Ward {code}", ((corners,),))


WARDS = [square(str(n), -2 + 0.1 * (n % 4), 53 + 0.1 * (n // 4)) for n in range(12)]


def shade(value: float) -> Shade:
    return Shade(value, f"{value:g}")


def page(drawing: object) -> str:
    return svg(drawing, "map", "A map", "In words")


def fills(drawing: object) -> list[str]:
    """Give the fill of every ward, in order, as #rrggbb."""
    from reportlab.graphics.shapes import Path as Outlined

    found = (item.fillColor for item in drawing.contents if isinstance(item, Outlined))  # type: ignore[attr-defined]
    return [colour.hexval().replace("0x", "#") for colour in found if colour is not None]


def test_a_hidden_ward_looks_the_same_whatever_its_neighbours_say_and_a_ward_without_a_figure_is_grey() -> None:
    values = {str(n): shade(n) for n in range(10)} | {"10": Shade(None, "", "hidden")}
    colours = fills(ward_map(WARDS, values, "Most live in the north"))
    assert colours[11] == NOTHING
    assert colours[10] not in (*RAMP, NOTHING)
    assert set(colours[:10]) == set(RAMP)
    words = page(ward_map(WARDS, values, "Most live in the north"))
    assert words.count(">hidden<") == 2
    assert words.count(">no figure<") == 1


def test_what_is_under_a_hidden_figure_is_not_in_the_drawing() -> None:
    values = {str(n): shade(n) for n in range(11)}
    one, two = (page(ward_map(WARDS, values | {"11": Shade(under, "4711", "hidden")}, "T")) for under in (None, 4711.0))
    assert one == two
    assert "4711" not in one


def test_equal_figures_have_equal_colours_and_larger_ones_are_darker() -> None:
    values = {str(n): shade(value) for n, value in enumerate([5, 5, 5, 5, 5, 5, 5, 9, 10, 20, 30, 40])}
    colours = fills(ward_map(WARDS, values, "T"))
    assert len(set(colours[:7])) == 1
    places = [RAMP.index(colour) for colour in colours]
    assert places == sorted(places)
    assert len(set(places)) == 5


@pytest.mark.parametrize("count", [0, 1, 2, 12])
def test_a_map_of_few_or_no_figures_is_drawn(count: int) -> None:
    values = {str(n): shade(7) for n in range(count)}
    ElementTree.fromstring(page(ward_map(WARDS, values, "T", "People helped")))
    ElementTree.fromstring(page(ward_map([], {}, "Nothing is known")))


def test_every_ward_is_named_on_the_map_or_beside_it(workspace: Workspace, real_data: Path) -> None:
    import_areas(workspace, sorted((real_data / "geography").glob("*.geojson")))
    for council in ("E09000007", "E06000056", "E08000009"):
        rows = workspace.read.execute("select code from areas where kind = 'ward' and within = ?", (council,))
        drawn = outlines(workspace.read, [code for (code,) in rows])
        values = {o.code: Shade(None, "", "hidden") if n % 5 == 0 else shade(n) for n, o in enumerate(drawn)}
        text = page(ward_map(drawn, values, "T"))
        words = " ".join(re.findall(r">([^<>]+)</text>", text)).replace("&amp;", "&")
        for outline in drawn:
            pieces = outline.name.replace("'", "&#39;").split()
            assert outline.name in words or all(piece.replace("&#39;", "'") in words for piece in pieces), outline.name
        assert len(text) < 200_000


def test_wards_too_small_for_their_name_have_letters_that_no_figure_looks_like() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 52)] == ["a", "z", "aa", "az", "ba"]
    tiny = [square(str(n), -2 + 0.01 * n, 53, 0.008) for n in range(3)]
    drawn = ward_map([*tiny, square("far", -1, 53, 0.1)], {"0": shade(31), "1": shade(2), "2": shade(3)}, "T")
    shown = re.findall(r">([^<>]+)</text>", page(drawn))
    for mark in ("a", "b", "c"):
        # Once on the map, once beside it.
        assert shown.count(mark) == 2
    assert "1" not in shown


def test_names_that_no_font_can_draw_or_that_never_end_leave_the_map_whole() -> None:
    names = ("حي السلام", "Ward 🏘️", "高街", "x" * 5000, "<script>&", "")
    odd = [Outline(one.code, name, one.polygons) for one, name in zip(WARDS, names, strict=False)]
    ElementTree.fromstring(page(ward_map(odd, {"1": shade(3)}, "x" * 5000, "高街" * 500)))


def test_the_hatching_stays_inside_and_out_of_holes() -> None:
    outer = [(0.0, 0.0), (40.0, 0.0), (40.0, 40.0), (0.0, 40.0), (0.0, 0.0)]
    hole = [(10.0, 10.0), (10.0, 30.0), (30.0, 30.0), (30.0, 10.0), (10.0, 10.0)]
    lines = list(hatching([outer, hole], 3.0))
    assert len(lines) > 20
    for (ax, ay), (bx, by) in lines:
        x, y = (ax + bx) / 2, (ay + by) / 2
        assert 0 <= x <= 40
        assert 0 <= y <= 40
        assert not (10.1 < x < 29.9 and 10.1 < y < 29.9)
    assert spans([outer, hole], 20.0) == [(0.0, 10.0), (30.0, 40.0)]
    assert Room([outer, hole]).place(15, 15) is None
    assert Room([outer, hole]).place(30, 5) is not None


def test_thinning_keeps_corners_that_can_be_seen() -> None:
    ring = [(x / 10, 0.0) for x in range(101)] + [(10.0, y / 10) for y in range(1, 101)] + [(0.0, 10.0), (0.0, 0.0)]
    assert thinned(ring, 0.25) == [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]


def test_bars_beside_each_other_say_hidden_where_there_is_no_bar() -> None:
    shown = [Panel("Theirs", ((10.0, "10"), (20.0, "20"))), Panel("Ours", ((None, "hidden"), (3.0, "3")))]
    drawing = panels(["Ashe", "Beck"], shown)
    text = page(drawing)
    assert text.count("<rect") == 3
    assert ">hidden<" in text


def test_the_screen_gets_the_colours_of_its_scheme_and_no_page_s() -> None:
    text = screen_svg(ward_map(WARDS, {"0": shade(1)}, "T"), COLOURS, "Atkinson Hyperlegible").decode()
    ElementTree.fromstring(text)
    assert "#f0eeea" in text
    assert "var(" not in text
