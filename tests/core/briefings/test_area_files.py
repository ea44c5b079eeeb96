"""Area files are told by their content, taken in whole or not at all, and keep their year."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cis_desktop.briefings.area_files import import_areas
from cis_desktop.charts import Shade, ward_map
from cis_desktop.errors import CisError
from cis_desktop.geography import areas, held, outlines, ward_of
from cis_desktop.workspace import Workspace
from tests.core.geography.files import HOLE, ISLAND, SQUARE, boundaries, feature, onspd

WARD = "E05015239"


def refused(workspace: Workspace, *paths: Path) -> CisError:
    with pytest.raises(CisError) as caught:
        import_areas(workspace, paths)
    assert caught.value.sentence.endswith("Nothing was imported.")
    assert held(workspace.read) == []
    assert workspace.change_sets() == []
    return caught.value


def test_the_boundaries_and_lookups_of_three_councils_come_in_with_their_years(
    workspace: Workspace, real_data: Path
) -> None:
    done = import_areas(workspace, sorted((real_data / "geography").iterdir()))
    assert [(one.is_a, one.vintage) for one in done.files] == [("lookup", "2024"), *[("boundaries", "2025")] * 3]
    known = {(one.kind, one.vintage): (one.count, one.mapped) for one in held(workspace.read)}
    assert known["ward", "2025"] == (72, 72)
    assert known["ward", "2024"] == (72, 0)
    assert known["lsoa", "2024"] == (444, 0)
    wards = {area.code: area for area in areas(workspace.read)}
    assert (wards[WARD].name, wards[WARD].vintage, wards[WARD].within) == ("Altrincham", "2025", "E08000009")
    raw = json.loads((real_data / "geography" / "wards_2025_trafford.geojson").read_text(encoding="utf-8"))
    corners = {f["properties"]["WD25CD"]: f["geometry"]["coordinates"][0] for f in raw["features"]}
    (drawn,) = outlines(workspace.read, [WARD])
    assert len(drawn.polygons[0][0]) == len(corners[WARD])
    assert drawn.polygons[0][0][7] == pytest.approx(corners[WARD][7], abs=1e-6)


def test_postcodes_of_the_councils_that_are_known_are_kept_and_others_left_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    wards = boundaries(tmp_path / "wards_2025.geojson", feature(WARD, "Altrincham"))
    here, there = ("M33 7XX", WARD, "E01006094", "E08000009"), ("M1 1AA", "E05011111", "E01005000", "E08000003")
    done = import_areas(workspace, [onspd(tmp_path / "ONSPD_MAY_2025_UK_M.csv", here, there), wards])
    assert done.files[1].postcodes == 1
    assert done.files[1].notes == ("1 postcode of other councils left out.",)
    found = ward_of(workspace.read, "M33 7XX")
    assert found is not None
    assert (found.ward, found.lsoa, found.vintage) == (WARD, "E01006094", "2025")
    assert ward_of(workspace.read, "M1 1AA") is None


def test_postcodes_of_another_council_only_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    import_areas(workspace, [boundaries(tmp_path / "wards.geojson", feature(WARD, "Altrincham"))])
    before = workspace.change_sets()
    with pytest.raises(CisError) as caught:
        import_areas(workspace, [onspd(tmp_path / "x.csv", ("M1 1AA", "E05011111", "E01005000", "E08000003"))])
    assert caught.value.code == "other_authority"
    assert workspace.change_sets() == before


def test_holes_and_wards_in_several_parts_are_kept(workspace: Workspace, tmp_path: Path) -> None:
    several = feature(WARD, "In parts", "MultiPolygon", [[SQUARE, HOLE], [ISLAND]])
    holed, island = (feature("E05015240", "With a hole", corners=c) for c in ([SQUARE, HOLE], [ISLAND]))
    path = boundaries(tmp_path / "wards25.geojson", several, holed, island)
    import_areas(workspace, [path])
    assert [[len(p) for p in one.polygons] for one in outlines(workspace.read)] == [[2, 1], [2, 1]]


def test_a_ward_that_is_there_twice_is_drawn_once_and_two_wards_of_one_code_are_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    twice = boundaries(tmp_path / "a25.geojson", feature(WARD, "Altrincham"), feature(WARD, "Altrincham"))
    two = boundaries(tmp_path / "b25.geojson", feature(WARD, "Altrincham"), feature(WARD, "Bowdon"))
    assert refused(workspace, two).code == "same_code"
    import_areas(workspace, [twice])
    assert len(outlines(workspace.read)[0].polygons) == 1


def test_a_ring_that_crosses_itself_comes_in_and_can_be_drawn(workspace: Workspace, tmp_path: Path) -> None:
    bow = [[-2.34, 53.39], [-2.33, 53.40], [-2.33, 53.39], [-2.34, 53.40], [-2.34, 53.39]]
    import_areas(workspace, [boundaries(tmp_path / "w25.geojson", feature(WARD, "Bow", corners=[bow]))])
    drawn = outlines(workspace.read)
    for status in ("value", "hidden"):
        assert ward_map(drawn, {WARD: Shade(1.0, "1", status)}, "Bow").contents  # type: ignore[arg-type]


def test_names_in_any_script_come_in_as_they_are(workspace: Workspace, tmp_path: Path) -> None:
    names = {"E05000001": "حي السلام", "E05000002": "Ward 🏘️ of\u200fthe Hill", "E05000003": "高街"}
    import_areas(workspace, [boundaries(tmp_path / "w.geojson", *(feature(c, n) for c, n in names.items()))])
    assert {area.code: area.name for area in areas(workspace.read)} == names


@pytest.mark.parametrize(
    ("code", "document"),
    [
        ("other_projection", feature(WARD, "X", corners=[[[377038, 388251], [377138, 388251], [377038, 388351]]])),
        ("other_projection", feature(WARD, "X", corners=[[[y, x] for x, y in SQUARE]])),
        ("other_country", feature(WARD, "X", corners=[[[x + 40, y] for x, y in SQUARE]])),
        ("not_a_map", feature(WARD, "X", "Point", [-2.3, 53.3])),
        ("damaged_file", feature(WARD, "X", corners=[[[-2.3], [-2.2, 53.3], [-2.1, 53.2]]])),
        ("damaged_file", feature(WARD, "X", corners=[[[-2.3, 53.3], [-2.3, 53.3], [-2.3, 53.3]]])),
        ("name_too_long", feature(WARD, "x" * 900)),
        ("cell_too_long", feature(WARD, "x" * 5000)),
        ("no_codes", feature("Altrincham", "Altrincham")),
    ],
)  # fmt: skip
def test_a_boundary_that_cannot_be_used_is_refused_in_a_sentence(
    workspace: Workspace, tmp_path: Path, code: str, document: dict[str, object]
) -> None:
    assert refused(workspace, boundaries(tmp_path / "wards.geojson", document)).code == code


def test_a_ward_without_a_code_among_others_is_named(workspace: Workspace, tmp_path: Path) -> None:
    path = boundaries(tmp_path / "w.geojson", feature(WARD, "Altrincham"), feature("-", "Nowhere in particular"))
    assert "“Nowhere in particular”" in refused(workspace, path).sentence


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("other_projection", json.dumps({
            "type": "FeatureCollection", "features": [feature(WARD, "X")],
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}})),
        ("damaged_file", "[" * 100_000),
        ("not_a_map", '{"type": "FeatureCollection", "features": ['),
        ("not_a_map", '{"type": "Topology", "objects": {}}'),
        ("not_a_map", "\x00\xff nothing"),
        ("empty_file", ""),
        ("empty_file", '{"type": "FeatureCollection", "features": []}'),
    ],
)  # fmt: skip
def test_a_file_that_is_no_map_is_refused_in_a_sentence(
    workspace: Workspace, tmp_path: Path, code: str, text: str
) -> None:
    path = tmp_path / "wards.geojson"
    path.write_text(text, encoding="utf-8")
    assert refused(workspace, path).code == code


def test_one_bad_file_among_good_ones_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    good = boundaries(tmp_path / "a.geojson", feature(WARD, "Altrincham"))
    bad = tmp_path / "b.csv"
    bad.write_text("name,favourite colour\nAnn,green\n", encoding="utf-8")
    assert refused(workspace, good, bad).code == "no_areas"


def test_areas_taken_in_by_mistake_are_undone_and_come_back(workspace: Workspace, tmp_path: Path) -> None:
    path = boundaries(tmp_path / "wards25.geojson", feature(WARD, "Altrincham"))
    done = import_areas(workspace, [path])
    assert done.change_set is not None
    workspace.undo(done.change_set)
    assert held(workspace.read) == []
    assert outlines(workspace.read) == []
    again = import_areas(workspace, [path])
    assert (again.files[0].areas, again.files[0].outlines) == (2, 1)
    assert len(outlines(workspace.read)) == 1
    assert workspace.problems() == []
