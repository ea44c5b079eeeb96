"""Tables, letters and maps that come together come in as one act, which can be stopped at any moment."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from cis_desktop.briefings import incoming, looking
from cis_desktop.briefings.incoming import import_briefing
from cis_desktop.briefings.reading import briefings
from cis_desktop.errors import CisError
from cis_desktop.geography import areas, held, outlines, ward_of
from cis_desktop.workspace import Workspace
from tests.core.briefings import made
from tests.core.geography.files import boundaries, feature

WARD, OTHER = "E05015239", "E05015240"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_with_names_a_letter_and_a_map_are_one_change_and_one_undo(
    workspace: Workspace, tmp_path: Path
) -> None:
    # The table first: the codes of its wards stand in the map after it.
    table = write(tmp_path / "a.csv", "Ward,Cold homes\nAltrincham,3\n")
    letter = made.docx(tmp_path / "b.docx", "We heard you.")
    plan = boundaries(tmp_path / "wards_2025.geojson", feature(WARD, "Altrincham"))
    done = import_briefing(workspace, [table, letter, plan])
    assert (done.files, done.figures, done.unmatched) == (2, 1, ())
    assert [(one.outlines, one.vintage) for one in done.areas] == [(1, "2025")]
    assert [(one.title, one.sender) for one in briefings(workspace.read)] == [("2 files from Trafford", "Trafford")]
    assert len(workspace.change_sets()) == 1
    assert done.change_set is not None
    workspace.undo(done.change_set)
    assert (briefings(workspace.read), held(workspace.read), outlines(workspace.read)) == ([], [], [])


def test_lists_of_places_in_a_workbook_are_areas_with_their_year(workspace: Workspace, tmp_path: Path) -> None:
    book = made.workbook(
        tmp_path / "lookups.xlsx",
        Notes=[["About these lists"]],
        LSOAs=[
            ["LSOA21CD", "LSOA21NM", "WD24CD", "WD24NM", "LAD24CD", "LAD24NM", "ObjectId"],
            ["E01006094", "Trafford 001A", WARD, "Altrincham", "E08000009", "Trafford", 1],
        ],
        Postcodes=[["pcds", "lsoa21cd", "wd24cd", "lad24cd"], ["M33 7XX", "E01006094", WARD, "E08000009"]],
    )
    done = import_briefing(workspace, [book])
    assert (done.briefings, done.files) == ((), 0)
    assert [(one.is_a, one.vintage) for one in done.areas] == [("lookup", "2024"), ("postcodes", "2024")]
    assert {(one.kind, one.vintage): one.count for one in held(workspace.read)} == {
        ("authority", "2024"): 1, ("lsoa", "2024"): 1, ("ward", "2024"): 1, ("postcode", "2024"): 1
    }  # fmt: skip
    found = ward_of(workspace.read, "M33 7XX")
    assert found is not None
    assert found.ward == WARD


def test_a_real_lookup_and_real_tables_are_told_apart(workspace: Workspace, real_data: Path) -> None:
    files = [*sorted((real_data / "council" / "trafford").glob("*.csv")), *sorted((real_data / "geography").iterdir())]
    done = import_briefing(workspace, files)
    assert (done.files, done.figures, len(done.areas)) == (27, 630, 4)
    assert (done.unmatched, len(done.read), len(workspace.change_sets())) == ((), 1, 1)
    assert briefings(workspace.read)[0].sender == "Trafford"


def test_figures_by_small_area_and_lists_of_venues_are_no_lists_of_places(workspace: Workspace, tmp_path: Path) -> None:
    small = write(tmp_path / "a.csv", f"LSOA21CD,WD25CD,Cold homes\nE01006094,{WARD},3\n")
    venues = write(tmp_path / "b.csv", f"Venue,Postcode,Ward code\nThe old hall,M33 7XX,{WARD}\n")
    done = import_briefing(workspace, [small, venues])
    assert (done.files, done.figures, done.areas) == (2, 1, ())


def test_a_council_known_by_its_code_alone_gets_its_name_once_a_map_says_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    lookup = write(tmp_path / "wards25.csv", f"WD25CD,WD25NM,LAD25CD\n{WARD},Altrincham,E08000009\n")
    import_briefing(workspace, [lookup])
    table = write(tmp_path / "a.csv", f"Ward code,Cold homes\n{WARD},3\n")
    import_briefing(workspace, [table, made.docx(tmp_path / "b.docx", "Dear all")])
    (found,) = briefings(workspace.read)
    assert (found.title, found.sender) == ("2 files from a council", "a council (E08000009)")
    import_briefing(workspace, [boundaries(tmp_path / "wards_2025.geojson", feature(WARD, "Altrincham"))])
    assert briefings(workspace.read)[0].sender == "Trafford"


def test_what_a_person_says_of_the_sender_counts(workspace: Workspace, tmp_path: Path) -> None:
    import_briefing(workspace, [write(tmp_path / "heating.csv", made.TABLE)], sender="The health trust")
    assert briefings(workspace.read)[0].sender == "The health trust"
    import_briefing(workspace, [made.docx(tmp_path / "b.docx", "Dear all")])
    assert "a council" in {one.sender for one in briefings(workspace.read)}


def test_files_that_are_here_already_change_nothing(workspace: Workspace, tmp_path: Path) -> None:
    plan = boundaries(tmp_path / "wards_2025.geojson", feature(WARD, "Altrincham"))
    import_briefing(workspace, [plan])
    assert import_briefing(workspace, [plan]).change_set is None
    assert len(workspace.change_sets()) == 1


@pytest.mark.parametrize("at", [0, 1, 3, -1])
def test_it_can_be_stopped_at_any_moment_and_leaves_nothing(workspace: Workspace, tmp_path: Path, at: int) -> None:
    rows = "".join(f"E05{n:06d},Ward {n},Cold,{n}\n" for n in range(12_000))
    table = write(tmp_path / "a.csv", f"ward_code,ward_name,indicator,value\n{rows}")
    plan = boundaries(tmp_path / "wards_2025.geojson", feature(WARD, "Altrincham"))
    looked = looking.look(workspace.read, [table, plan])
    told: list[tuple[int, int]] = []
    incoming.take_in(workspace, looked, tell=lambda done, total: told.append((done, total)))
    parts = [done / total for done, total in told]
    assert parts == sorted(parts)
    assert 0.5 < parts[-1] < 1
    workspace.undo(workspace.change_sets()[0].id)
    made_before = workspace.change_sets()
    stop = len(told) - 1 if at < 0 else at
    count = iter(range(len(told)))

    def tell(done: int, total: int) -> None:
        if next(count) == stop:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        incoming.take_in(workspace, looked, tell=tell)
    assert workspace.change_sets() == made_before
    assert (briefings(workspace.read), areas(workspace.read), workspace.problems()) == ([], [], [])


def test_looking_can_be_stopped(workspace: Workspace, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(CisError) as caught:
        looking.look(workspace.read, [write(tmp_path / "a.csv", made.TABLE)], cancel=stop)
    assert caught.value.code == "cancelled"
