"""A list that comes again, longer or with more columns filled: what is here stays single, what is new comes in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cis_desktop.intake import reading
from cis_desktop.intake.commit import ImportResult, commit
from cis_desktop.intake.draft import Draft, draft
from cis_desktop.intake.guessing import Guess, guess
from cis_desktop.intake.met import met
from cis_desktop.intake.remembering import again, remembered
from cis_desktop.records import people
from cis_desktop.workspace import Workspace
from tests.core.intake import files

HEAD = "Date,Client ID,First name,Food parcels,Notes\n"
NAMED = "Date,First name,Surname,Notes\n"


def read_again(workspace: Workspace, path: Path) -> tuple[Guess, Draft]:
    sheet = reading.read(path)
    guessed, before = guess(sheet), remembered(workspace.read, sheet)
    guessed = again(before, guessed, sheet) if before else guessed
    return guessed, draft(sheet, guessed.mapping)


def imported(workspace: Workspace, folder: Path, text: str, **how: Any) -> ImportResult:
    _, drafted = read_again(workspace, files.write(folder / "list.csv", text))
    return commit(workspace, drafted, **how)


def count(workspace: Workspace, table: str) -> int:
    return int(workspace.read.execute(f"select count(*) from {table} where gone = 0").fetchone()[0])


def test_a_list_that_has_grown_brings_only_its_new_rows(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, tmp_path, files.VISITS)
    grown = files.VISITS + "30/01/2024,17,Ada,1,\n30/01/2024,44,Cy,1,\n"
    _, drafted = read_again(workspace, files.write(tmp_path / "grown.csv", grown))
    assert met(workspace.read, drafted).here == {0, 1, 2}, "it is known before anything is written"
    assert count(workspace, "contacts") == 3
    result = commit(workspace, drafted)
    assert (result.rows, result.imported, result.already, result.rejected) == (5, 2, 3, 0)
    assert (count(workspace, "contacts"), count(workspace, "people")) == (5, 3)
    assert count(workspace, "given") == 6
    assert "3 rows were here already, word for word, and left out." in result.notes
    assert result.change_set is not None
    workspace.undo(result.change_set)
    assert (count(workspace, "contacts"), count(workspace, "people")) == (3, 2)


def test_visits_that_are_here_come_in_twice_only_when_that_is_said(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, tmp_path, files.VISITS)
    result = imported(workspace, tmp_path, files.VISITS + "30/01/2024,17,Ada,1,\n", twice=True)
    assert (result.imported, result.already) == (4, 0)
    assert count(workspace, "contacts") == 7


def test_two_like_rows_of_one_list_are_two_visits_and_stay_two(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, tmp_path, f"{HEAD}22/01/2024,17,Ada,1,\n22/01/2024,17,Ada,1,\n")
    assert count(workspace, "contacts") == 2
    result = imported(workspace, tmp_path, HEAD + "22/01/2024,17,Ada,1,\n" * 3)
    assert (result.imported, result.already) == (1, 2)
    assert count(workspace, "contacts") == 3


@pytest.mark.parametrize("row", ["22/01/2024,17,Ada,2,", "22/01/2024,17,Ada,1,came late", "22/01/2024,17,Ada,,"])
def test_a_row_that_says_something_else_comes_in_and_the_day_is_pointed_out(
    workspace: Workspace, tmp_path: Path, row: str
) -> None:
    imported(workspace, tmp_path, f"{HEAD}22/01/2024,17,Ada,1,\n")
    result = imported(workspace, tmp_path, f"{HEAD}{row}\n")
    assert (result.imported, result.already) == (1, 0)
    assert any(note.startswith("Of these visits 1 fall") for note in result.notes)


def test_people_without_numbers_are_not_made_again_by_a_list_that_has_grown(
    workspace: Workspace, tmp_path: Path
) -> None:
    imported(workspace, tmp_path, f"{NAMED}22/01/2024,Ada,Byron,rang\n23/01/2024,Ben,Ali,\n")
    grown = f"{NAMED}22/01/2024,Ada,Byron,rang\n30/01/2024,Ada,Byron,\n23/01/2024,Ben,Ali,\n"
    result = imported(workspace, tmp_path, grown)
    assert (result.imported, result.already) == (1, 2)
    assert count(workspace, "people") == 2
    ada = next(one for one in people.page(workspace.read) if one.given_name == "Ada")
    visits = workspace.read.execute("select on_date from contacts where person_id = ? order by 1", (ada.id,)).fetchall()
    assert visits == [("2024-01-22",), ("2024-01-30",)]


def test_nobodys_visits_are_compared_too_and_a_stranger_of_that_name_is_another(
    workspace: Workspace, tmp_path: Path
) -> None:
    imported(workspace, tmp_path, f"{NAMED}22/01/2024,,,rang\n23/01/2024,Ben,Ali,\n")
    result = imported(workspace, tmp_path, f"{NAMED}22/01/2024,,,rang\n24/01/2024,Ben,Ali,\n")
    assert (result.imported, result.already) == (1, 1)
    assert count(workspace, "people") == 2, "no visit in common says that it is the same Ben"


def test_a_column_that_was_blank_is_guessed_anew_once_it_is_filled(workspace: Workspace, tmp_path: Path) -> None:
    head = "Date,Client ID,Postcode,Notes,Phone\n"
    imported(workspace, tmp_path, f"{head}22/01/2024,17,,,\n")
    guessed, _ = read_again(workspace, files.write(tmp_path / "more.csv", f"{head}29/01/2024,17,NW1 8AB,,020\n"))
    meant = {column.header: column.target for column in guessed.mapping.columns}
    assert (meant["Postcode"], meant["Phone"], meant["Notes"]) == ("postcode", "phone", "ignore")
    assert "“Postcode”, “Phone”" in guessed.evidence[0]
    assert guessed.mapping.blank == ("Notes",)


def test_a_column_that_was_left_out_with_something_in_it_stays_left_out(workspace: Workspace, tmp_path: Path) -> None:
    sheet = reading.read(files.write(tmp_path / "a.csv", "Date,Client ID,Phone\n22/01/2024,17,020\n"))
    mapping = guess(sheet).mapping
    private = tuple(replace(each, target="ignore") if each.header == "Phone" else each for each in mapping.columns)
    commit(workspace, draft(sheet, replace(mapping, columns=private)))
    guessed, _ = read_again(workspace, files.write(tmp_path / "b.csv", "Date,Client ID,Phone\n23/01/2024,17,021\n"))
    assert guessed.mapping.columns[2].target == "ignore"
    assert not guessed.evidence


def test_weights_with_a_part_after_the_point_are_kept_to_the_gram(workspace: Workspace, tmp_path: Path) -> None:
    text = "Date,Client ID,Food (kg),Clothes (lbs)\n22/01/2024,17,12.35,3\n23/01/2024,17,0.4,\n24/01/2024,17,7,2\n"
    result = imported(workspace, tmp_path, text)
    assert result.rejected == 0
    assert workspace.read.execute("select item, quantity, unit from given order by contact_id, item").fetchall() == [
        ("clothing", 3, "lb"), ("food", 12_350, "g"), ("food", 400, "g"), ("clothing", 2, "lb"), ("food", 7_000, "g"),
    ]  # fmt: skip


def test_the_name_of_a_file_is_kept_nowhere(workspace: Workspace, tmp_path: Path) -> None:
    path = files.write(tmp_path / "Ada Byron of 5 High Street.csv", files.VISITS)
    commit(workspace, read_again(workspace, path)[1])
    assert not any("Byron" in one.words for one in workspace.change_sets())
    for sql in ("select name || document from import_mappings", "select value from settings"):
        assert not any("Byron" in str(value) for (value,) in workspace.read.execute(sql))
