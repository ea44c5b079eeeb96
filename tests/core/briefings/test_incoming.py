"""What a council sends comes in whole, in one change, and can be found and taken back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cis_desktop.briefings.incoming import Imported, import_briefing
from cis_desktop.briefings.looking import look
from cis_desktop.briefings.parts import SHORT_PIECE
from cis_desktop.briefings.reading import briefing, briefings, file_body, pages
from cis_desktop.briefings.tables import ColumnUse, TableMapping
from cis_desktop.errors import CisError
from cis_desktop.geography import add_areas
from cis_desktop.records.search import search
from cis_desktop.vault import Vault
from cis_desktop.workspace import Workspace
from tests.core.briefings import made


def take(workspace: Workspace, *paths: Path, **given: object) -> Imported:
    return import_briefing(workspace, paths, **given)  # type: ignore[arg-type]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_real_council_s_ward_figures_come_in_as_it_wrote_them(workspace: Workspace, real_data: Path) -> None:
    files = sorted((real_data / "council" / "trafford").glob("*.csv"))
    done = take(workspace, *files, sender="Trafford Council")
    assert (done.files, done.figures, done.indicators) == (27, 630, 23)
    found = briefing(workspace.read, done.briefings[0])
    assert len(found.series) == 30
    assert {len(series.figures) for series in found.series} == {21}
    residents = next(s for s in found.series if s.indicator == "Total resident population")
    assert (residents.period, residents.measure, residents.unit) == ("2022-06-30", "Count", "Persons")
    assert residents.description.startswith("Count of residents living in each ward.")
    assert residents.figures[0].area_code == "E05015239"
    assert residents.figures[0].value == 10972
    assert len(workspace.change_sets()) == 1
    assert workspace.problems() == []


def test_the_whole_of_it_is_undone_and_can_be_taken_in_again(workspace: Workspace, tmp_path: Path) -> None:
    files = [write(tmp_path / "heating.csv", made.TABLE), made.pdf(tmp_path / "letter.pdf", "About the winter")]
    done = take(workspace, *files)
    assert done.change_set is not None
    workspace.undo(done.change_set)
    assert briefings(workspace.read) == []
    assert search(workspace.read, "winter") == []
    assert take(workspace, *files).figures == 2
    assert [hit.kind for hit in search(workspace.read, "winter")] == ["briefing"]


def test_a_file_that_is_here_already_is_left_alone(workspace: Workspace, tmp_path: Path) -> None:
    table = write(tmp_path / "heating.csv", made.TABLE)
    take(workspace, table)
    with pytest.raises(CisError) as caught:
        take(workspace, table)
    assert caught.value.code == "imported_already"
    done = take(workspace, table, write(tmp_path / "b.csv", made.TABLE.replace("120", "121")))
    assert done.files == 1
    assert "heating.csv" in done.notes[0]


def test_hidden_and_missing_figures_are_never_numbers(workspace: Workspace, tmp_path: Path) -> None:
    cells = ("12", "1,234", "[c]", "*", "<5", "", "..", "[z]", "0", "£3.50", "45.5%")
    rows = "".join(f'E050000{at:02d},Ward {at},"{cell}"\n' for at, cell in enumerate(cells))
    done = take(workspace, write(tmp_path / "t.csv", f"ward_code,ward_name,Help given\n{rows}"))
    (series,) = briefing(workspace.read, done.briefings[0]).series[:1]
    every = [figure for s in briefing(workspace.read, done.briefings[0]).series for figure in s.figures]
    by_code = {figure.area_code: figure for figure in every}
    found = [by_code[f"E050000{at:02d}"] for at in range(len(cells))]
    assert [figure.value for figure in found] == [
        Decimal(12), Decimal(1234), None, None, None, None, None, None, Decimal(0), Decimal("3.50"), Decimal("45.5")
    ]  # fmt: skip
    assert [figure.status for figure in found[2:8]] == [*["hidden"] * 3, *["not_available"] * 2, "not_applicable"]
    assert found[10].measure == "Percentage"
    assert series.indicator == "Help given"


def test_a_wide_table_is_an_indicator_for_each_column_of_numbers(workspace: Workspace, tmp_path: Path) -> None:
    text = "ward_code,ward_name,free_school_meals,homes,note\nE05000001,A,10,20,x\nE05000002,B,30,,y\n"
    done = take(workspace, write(tmp_path / "t.csv", text))
    found = briefing(workspace.read, done.briefings[0])
    assert [series.indicator for series in found.series] == ["Free school meals", "Homes"]
    assert [figure.value for figure in found.series[1].figures] == [20, None]


def test_a_table_that_has_only_names_finds_the_codes_and_lists_names_without_one(
    workspace: Workspace, tmp_path: Path
) -> None:
    with workspace.change("Added areas") as change:
        add_areas(change, "ward", [("E05015239", "Altrincham")], "2025", "E08000009")
    done = take(workspace, write(tmp_path / "t.csv", "Ward,Homes\naltrincham,10\nAtlantis,20\n"))
    first, second = briefing(workspace.read, done.briefings[0]).series[0].figures
    assert (first.area_code, second.area_code) == ("E05015239", "")
    assert done.unmatched == ("Atlantis",)


def test_a_name_that_two_wards_share_gets_no_code_and_that_of_an_old_ward_gets_the_new_one(
    workspace: Workspace, tmp_path: Path
) -> None:
    with workspace.change("Added areas") as change:
        add_areas(change, "ward", [("E05000001", "Central"), ("E05000002", "Central")], "2025", None)
        add_areas(change, "ward", [("E05000003", "Hale")], "2021", None)
        add_areas(change, "ward", [("E05000004", "Hale")], "2025", None)
    done = take(workspace, write(tmp_path / "t.csv", "Ward,Homes\nCentral,10\nHale,20\n"))
    found = briefing(workspace.read, done.briefings[0]).series[0].figures
    assert [figure.area_code for figure in found] == ["", "E05000004"]
    assert done.unmatched == ("Central",)


def test_codes_that_match_no_area_are_listed_and_kept(workspace: Workspace, tmp_path: Path) -> None:
    with workspace.change("Added areas") as change:
        add_areas(change, "authority", [("E08000009", "Trafford")], "2025", None)
        add_areas(change, "ward", [("E05015239", "Altrincham")], "2025", "E08000009")
    done = take(workspace, write(tmp_path / "heating.csv", made.TABLE))
    assert done.unmatched == ("Ashton upon Mersey",)
    assert done.figures == 2
    assert briefings(workspace.read)[0].sender == "Trafford"


def test_every_sheet_of_a_workbook_is_read(workspace: Workspace, tmp_path: Path) -> None:
    book = made.workbook(
        tmp_path / "wards.xlsx",
        Notes=[["About", "These are drafts"]],
        Heating=[["ward_code", "ward_name", "No heating"], ["E05000001", "A", 12], ["E05000002", "B", 7.5]],
        Meaning=[["indicator", "description"], ["No heating", "Homes that say they cannot heat a room."]],
    )
    done = take(workspace, book)
    (series,) = briefing(workspace.read, done.briefings[0]).series
    assert [figure.value for figure in series.figures] == [12, Decimal("7.5")]
    assert series.description == "Homes that say they cannot heat a room."
    assert [hit.kind for hit in search(workspace.read, "drafts")] == ["briefing"]


def test_a_file_far_larger_than_a_pipe_comes_in_whole(workspace: Workspace, tmp_path: Path) -> None:
    rows = "".join(f"E05{at:06d},Ward {at},Homes without heating,{at}\n" for at in range(20_000))
    path = write(tmp_path / "large.csv", f"ward_code,ward_name,indicator,value\n{rows}")
    assert path.stat().st_size > 500_000
    done = take(workspace, path)
    assert done.figures == 20_000
    assert file_body(workspace.read, 1)[1] == path.read_bytes()


def test_how_columns_are_read_can_be_changed_and_is_remembered(workspace: Workspace, tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", "Ward Code,Number 1,Number 2\nE05000001,1,2\n")
    (shape,) = look(workspace.read, [first], sender="Trafford").shapes()
    assert not shape.known
    chosen = TableMapping(
        shape.mapping.fingerprint,
        (
            ColumnUse("Ward Code", "area_code"), ColumnUse("Number 1", "ignore"),
            ColumnUse("Number 2", "value", "Cold homes"),
        ),
        period="2024", unit="Homes",
    )  # fmt: skip
    assert take(workspace, first, sender="Trafford", mappings=[chosen]).figures == 1
    second = write(tmp_path / "b.csv", "ward  code,NUMBER 1,Number 2\nE05000001,3,4\n")
    (shape,) = look(workspace.read, [second], sender="Trafford").shapes()
    assert shape.known
    done = take(workspace, second, sender="Trafford")
    assert done.read == (
        "b.csv: Read areas from “ward code”, figures from “Number 2”, period “2024” and unit “Homes”; left out "
        "“NUMBER 1”.",
    )
    (series,) = briefing(workspace.read, done.briefings[0]).series
    assert (series.indicator, series.period, series.unit) == ("Cold homes", "2024", "Homes")
    assert [figure.value for figure in series.figures] == [4]


def test_documents_are_kept_as_they_came_and_found_by_the_page(workspace: Workspace, tmp_path: Path) -> None:
    email = write(tmp_path / "reply.eml", "From: desk@council.example\nSubject: Your return\n\nWe read the parsnips.\n")
    files = [
        made.pdf(tmp_path / "plan.pdf", "Nothing here", "The adviser sits in Sale"),
        made.docx(tmp_path / "letter.docx", "Free swimming in August", table=(("Ward", "Pools"), ("Hale", "2"))),
        email,
        write(tmp_path / "note.txt", "مرحبا بكم في المجلس"),
    ]
    done = take(workspace, *files)
    for words in ("adviser sits", "swimming", "pools", "parsnips", "مرحبا"):
        assert [(hit.kind, hit.id) for hit in search(workspace.read, words)] == [("briefing", done.briefings[0])]
    assert search(workspace.read, "adviser sits")[0].detail.endswith("plan.pdf · page 2")
    kept = briefing(workspace.read, done.briefings[0]).files
    assert [file.kind for file in kept] == ["pdf", "docx", "email", "text"]
    assert file_body(workspace.read, kept[0].id) == ("plan.pdf", files[0].read_bytes())
    assert "Hale\t2" in pages(workspace.read, kept[1].id)[0][1]


def test_a_long_text_is_found_to_its_end_and_read_back_whole(workspace: Workspace, tmp_path: Path) -> None:
    text = " ".join(f"word{at}" for at in range(3_000)) + " 社区厨房" * 400 + "終章"
    done = take(workspace, write(tmp_path / "long.txt", text), made.pdf(tmp_path / "p.pdf", *map(str, range(9))))
    for words in ("word0", "word2999", "社区", "終章"):
        assert [hit.id for hit in search(workspace.read, words)] == list(done.briefings)
    assert pages(workspace.read, 1) == [(1, text)]
    (longest,) = workspace.read.execute("select max(length(words)) from briefing_pages").fetchone()
    assert longest <= SHORT_PIECE
    assert search(workspace.read, "8")[0].detail.endswith("p.pdf · page 9")


def test_a_pdf_of_pictures_is_kept_and_said_to_hold_no_words(workspace: Workspace, tmp_path: Path) -> None:
    done = take(workspace, made.pdf(tmp_path / "scan.pdf", ""))
    assert "No words were found in it" in done.notes[0]
    assert briefings(workspace.read)[0].files == 1


def test_a_briefing_reaches_the_other_laptop_whole(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, write(tmp_path / "heating.csv", made.TABLE), made.pdf(tmp_path / "p.pdf", "parsnips"))
    other = Vault(":memory:", bytes(32))
    other.receive(list(workspace.vault.sets_since({})))
    assert briefings(other.read) == briefings(workspace.read)
    assert briefing(other.read, 1) == briefing(workspace.read, 1)
    assert [hit.kind for hit in search(other.read, "parsnips")] == ["briefing"]
    other.close()
