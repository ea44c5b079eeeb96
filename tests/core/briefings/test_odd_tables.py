"""Tables as councils write them: words above, sums below, marks among the numbers. None of it becomes a figure."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cis_desktop.briefings.incoming import Imported, import_briefing
from cis_desktop.briefings.model import Figure
from cis_desktop.briefings.reading import briefing
from cis_desktop.errors import CisError
from cis_desktop.geography import add_areas
from cis_desktop.workspace import Workspace
from tests.core.briefings import made


def take(workspace: Workspace, path: Path, text: str) -> tuple[Imported, list[Figure]]:
    path.write_text(text, encoding="utf-8")
    done = import_briefing(workspace, [path])
    found = briefing(workspace.read, done.briefings[0])
    return done, [figure for series in found.series for figure in series.figures]


def test_lines_of_words_above_the_headings_are_passed_over(workspace: Workspace, tmp_path: Path) -> None:
    _, found = take(
        workspace,
        tmp_path / "t.csv",
        "Ward profile,,\nProduced by,Research team,\n,,\nWard code,Ward,Cold homes\nE05000001,A,12\nE05000002,B,c\n",
    )
    assert [(f.area_name, f.indicator, f.value, f.status) for f in found] == [
        ("A", "Cold homes", 12, "value"), ("B", "Cold homes", None, "hidden")
    ]  # fmt: skip


def test_sums_wider_areas_and_remarks_are_left_out_and_named(workspace: Workspace, tmp_path: Path) -> None:
    done, found = take(
        workspace,
        tmp_path / "t.csv",
        "Ward code,Ward,Cold homes\nE05000001,A,12\nE05000002,B,30\n,Total,42\nE08000009,Trafford,42\n"
        "E92000001,England,90000\nSource: a survey,,\n",
    )
    assert [f.area_name for f in found] == ["A", "B"]
    assert done.notes == ("t.csv: Left out, as sums or areas wider than the others: “Total”, “Trafford”, “England”.",)


def test_a_table_of_whole_councils_keeps_them(workspace: Workspace, tmp_path: Path) -> None:
    _, found = take(
        workspace, tmp_path / "t.csv", "Code,Area,Cold homes\nE08000009,Trafford,4\nE08000003,Manchester,5\n"
    )
    assert [f.area_name for f in found] == ["Trafford", "Manchester"]


@pytest.mark.parametrize(
    ("cell", "value", "status"),
    [
        ("-3.5", "-3.5", "value"), ("−2", "-2", "value"), ("12.5%", "12.5", "value"), ("0", "0", "value"),
        ("1,204", "1204", "value"), ("12 [p]", "12", "value"), ("c", None, "hidden"), ("*", None, "hidden"),
        ("<5", None, "hidden"), ("< 5%", None, "hidden"), ("≤5", None, "hidden"), ("fewer than five", None, "hidden"),
        ("5 or fewer", None, "hidden"), ("~", None, "hidden"), ("-", None, "not_available"),
        ("", None, "not_available"), ("[low]", None, "not_available"), ("#N/A", None, "not_available"),
        ("#DIV/0!", None, "not_available"), ("[z]", None, "not_applicable"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_never_one_and_never_nought(
    workspace: Workspace, tmp_path: Path, cell: str, value: str | None, status: str
) -> None:
    text = f'Ward code,Ward,indicator,value\nE05000001,A,Cold,"{cell}"\nE05000002,B,Cold,7\n'
    _, found = take(workspace, tmp_path / "t.csv", text)
    (first,) = [f for f in found if f.area_name == "A"]
    assert (first.value, first.status) == (None if value is None else Decimal(value), status)


def test_a_number_that_is_marked_as_hidden_beside_it_is_hidden(workspace: Workspace, tmp_path: Path) -> None:
    rows = "E05000001,A,Cold,0,c\nE05000002,B,Cold,3,-\nE05000003,C,Cold,4,suppressed\nE05000004,D,Cold,5,p\n"
    _, found = take(workspace, tmp_path / "t.csv", f"Ward code,Ward,indicator,value,status\n{rows}")
    assert [(f.value, f.status) for f in found] == [
        (None, "hidden"), (3, "value"), (None, "hidden"), (5, "value")
    ]  # fmt: skip


def test_what_is_hidden_in_a_column_of_percentages_stays_beside_them(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ward code,Ward,Cold homes\nE05000001,A,12%\nE05000002,B,c\n", encoding="utf-8")
    done = import_briefing(workspace, [path])
    (series,) = briefing(workspace.read, done.briefings[0]).series
    assert (series.measure, len(series.figures)) == ("Percentage", 2)


def test_groups_such_as_ages_tell_figures_of_a_ward_apart(workspace: Workspace, tmp_path: Path) -> None:
    text = "Ward code,Ward,Age,Cold homes\n" + "".join(
        f"E0500000{n},{name},{age},{n}\n" for n, name in ((1, "A"), (2, "B")) for age in ("0-15", "16 and over")
    )
    _, found = take(workspace, tmp_path / "t.csv", text)
    assert [f.indicator for f in found] == ["Cold homes: 0-15"] * 2 + ["Cold homes: 16 and over"] * 2


def test_one_ward_twice_with_different_figures_is_refused_and_named(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(CisError) as caught:
        take(workspace, tmp_path / "t.csv", "Ward code,Ward,Cold homes\nE05000001,Hale,1\nE05000001,Hale,2\n")
    assert caught.value.code == "several_figures"
    assert "Rows 2 and 3" in caught.value.sentence
    assert "“Hale”" in caught.value.sentence
    assert workspace.change_sets() == []


def test_one_ward_twice_with_the_same_figures_comes_in_once_and_is_named(workspace: Workspace, tmp_path: Path) -> None:
    done, found = take(workspace, tmp_path / "t.csv", "Ward code,Ward,Cold homes\n" + "E05000001,Hale,1\n" * 2)
    assert len(found) == 1
    assert "“Hale”" in done.notes[0]


def test_the_year_in_a_name_is_the_period_where_no_column_or_heading_says_one(
    workspace: Workspace, tmp_path: Path
) -> None:
    _, found = take(workspace, tmp_path / "homes_2023-24.csv", "Ward code,Ward,Cold,Damp 2021\nE05000001,A,1,2\n")
    assert [(f.indicator, f.period) for f in found] == [("Cold", "2023-24"), ("Damp 2021", "")]


def test_every_sheet_may_have_headings_of_its_own_and_its_year_in_its_name(
    workspace: Workspace, tmp_path: Path
) -> None:
    sheets = {
        year: [["Ward profile", None, None], ["Ward code", "Ward", "Cold homes"], ["E05000001", "A", at]]
        for at, year in enumerate(("2023", "2024"))
    }
    done = import_briefing(workspace, [made.workbook(tmp_path / "t.xlsx", **sheets)])
    found = briefing(workspace.read, done.briefings[0]).series
    assert [(series.period, series.figures[0].value) for series in found] == [("2023", 0), ("2024", 1)]


def test_wards_of_another_year_are_told_from_wards_nobody_knows(workspace: Workspace, tmp_path: Path) -> None:
    with workspace.change("Added areas") as change:
        add_areas(change, "ward", [("E05015239", "Altrincham")], "2025", "E08000009")
    done, _ = take(
        workspace,
        tmp_path / "t.csv",
        "Ward code,Ward,Cold homes\nE05000819,Altrincham,1\nE05000999,Atlantis,2\nE05015239,Altrincham,3\n",
    )
    assert (done.unmatched, done.older) == (("Altrincham", "Atlantis"), ("Altrincham",))
