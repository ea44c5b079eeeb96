"""The example of what a council sends can be seen on a map, and real boundaries take that map's place."""

from __future__ import annotations

from pathlib import Path

from cis_desktop.briefings.area_files import import_areas
from cis_desktop.briefings.incoming import import_briefing
from cis_desktop.briefings.reading import briefing
from cis_desktop.charts import ward_map
from cis_desktop.charts.maps import CREDIT, SCHEMATIC
from cis_desktop.demo import write_briefing
from cis_desktop.geography import held, outlines
from cis_desktop.workspace import Workspace


def words(drawing: object) -> list[str]:
    return [item.text for item in drawing.contents if hasattr(item, "text")]  # type: ignore[attr-defined]


def test_every_ward_of_the_example_is_on_a_map_that_says_it_is_a_sketch(workspace: Workspace, tmp_path: Path) -> None:
    done = import_briefing(workspace, write_briefing(tmp_path))
    assert (done.unmatched, len(workspace.change_sets())) == ((), 1)
    found = briefing(workspace.read, done.briefings[0])
    assert (found.summary.title, found.summary.sender) == ("2 files from Camden", "Camden")
    drawn = outlines(workspace.read)
    assert {one.code for one in drawn} == {figure.area_code for figure in found.series[0].figures}
    assert [series.indicator for series in found.series][:2] == ["Residents", "Households in temporary accommodation"]
    assert sum(figure.status == "hidden" for figure in found.series[1].figures) == 2
    assert SCHEMATIC in words(ward_map(drawn, {}, "A map"))
    assert CREDIT not in words(ward_map(drawn, {}, "A map"))


def test_real_boundaries_take_the_place_of_the_sketch(workspace: Workspace, tmp_path: Path, real_data: Path) -> None:
    import_areas(workspace, [real_data / "geography" / "wards_2025_camden.geojson"])
    before = outlines(workspace.read)
    import_briefing(workspace, write_briefing(tmp_path))
    assert outlines(workspace.read) == before
    assert {one.vintage for one in held(workspace.read)} == {"2025", "(schematic) 2025"}
    assert CREDIT in words(ward_map(before, {}, "A map"))
