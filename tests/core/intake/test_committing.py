"""An import is one change set of a real encrypted vault: stored whole, undone whole, never counted twice."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from cis_desktop.errors import CisError
from cis_desktop.intake import reading
from cis_desktop.intake.commit import ImportResult, commit
from cis_desktop.intake.draft import Draft, draft
from cis_desktop.intake.guessing import guess
from cis_desktop.intake.remembering import remembered
from cis_desktop.records import people
from cis_desktop.workspace import Workspace
from tests.core.intake import files

TODAY = datetime.date(2026, 1, 31)
COUNTED = ("people", "households", "contacts", "given", "needs", "described_values", "organisations", "import_mappings")


def drafted(path: Path, **said: Any) -> Draft:
    sheet = reading.read(path)
    return draft(sheet, structs.replace(guess(sheet, TODAY).mapping, **said), TODAY)


def imported(workspace: Workspace, folder: Path, text: str, name: str = "visits.csv") -> ImportResult:
    return commit(workspace, drafted(files.write(folder / name, text)))


def rows(workspace: Workspace, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in workspace.read.execute(sql)]


def counts(workspace: Workspace) -> dict[str, int]:
    return {
        table: int(rows(workspace, f"select count(*) from {table} where gone = 0")[0][0]) for table in COUNTED
    }  # fmt: skip


def test_an_import_is_one_change_set_that_names_no_file_and_nobody(workspace: Workspace, tmp_path: Path) -> None:
    before = len(workspace.change_sets())
    result = imported(workspace, tmp_path, files.VISITS)
    assert (result.rows, result.imported, result.rejected) == (3, 3, 0)
    made = workspace.change_sets()
    assert len(made) == before + 1
    assert made[0].words == "Imported a spreadsheet of 3 rows"
    assert result.change_set is not None
    assert rows(
        workspace,
        "select p.own_number, p.given_name, c.on_date, g.item, g.quantity from contacts c"
        " join people p on p.id = c.person_id left join given g on g.contact_id = c.id and g.gone = 0"
        " order by c.id, g.item",
    ) == [
        ("17", "Ada", "2024-01-22", "clothing", None),
        ("17", "Ada", "2024-01-22", "food", None),
        ("17", "Ada", "2024-01-22", "food_parcel", 1),
        ("17", "Ada", "2024-01-29", "food_parcel", 2),
        ("31", "Ben", "2024-01-29", None, None),
    ]
    assert rows(workspace, "select need from needs") == [("housing",)]


def test_everyone_has_a_household_of_their_own_where_the_file_names_none(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, tmp_path, files.VISITS)
    assert rows(workspace, "select count(distinct household_id), count(*) from people") == [(2, 2)]
    assert rows(workspace, "select count(*) from contacts c join people p on p.id = c.person_id"
                           " where c.household_id = p.household_id") == [(3,)]  # fmt: skip


def test_people_of_one_household_number_live_together_in_later_files_too(workspace: Workspace, tmp_path: Path) -> None:
    head = "Date,Client ID,Household number\n"
    imported(workspace, tmp_path, f"{head}2024-01-02,1,H7\n2024-01-02,2,H7\n2024-01-02,3,\n", "a.csv")
    imported(workspace, tmp_path, f"{head}2024-02-02,4,H7\n", "b.csv")
    homes = dict(rows(workspace, "select own_number, household_id from people"))
    assert homes["1"] == homes["2"] == homes["4"] != homes["3"]


def test_people_are_recognised_by_their_own_number_and_only_gaps_are_filled(
    workspace: Workspace, tmp_path: Path
) -> None:
    head = "Date,Client ID,First name,Postcode,Ward\n"
    imported(workspace, tmp_path, f"{head}2024-01-02,1,Ada,,Camden Town\n", "a.csv")
    text = f"{head}2024-02-02,1,Adele,NW1 8AB,Gospel Oak\n2024-02-02,2,Ada,,\n"
    result = imported(workspace, tmp_path, text, "b.csv")
    assert rows(workspace, "select own_number, given_name, postcode from people order by id") == [
        ("1", "Ada", "NW1 8AB"),
        ("2", "Ada", None),
    ]
    assert rows(workspace, "select note from people where own_number = '1'") == [
        ("Ward: Camden Town; Ward: Gospel Oak",)
    ]
    assert "1 detail of people here already is another in the file" in " ".join(result.notes)
    assert counts(workspace)["contacts"] == 3


def test_an_import_undone_and_done_again_is_as_if_done_once(workspace: Workspace, tmp_path: Path) -> None:
    empty = counts(workspace)
    first = imported(workspace, tmp_path, files.VISITS)
    whole = counts(workspace)
    assert first.change_set is not None
    undone = workspace.undo(first.change_set)
    assert not undone.kept
    assert counts(workspace) == empty
    imported(workspace, tmp_path, files.VISITS)
    assert counts(workspace) == whole


def test_undo_leaves_a_person_somebody_has_worked_on_since(workspace: Workspace, tmp_path: Path) -> None:
    result = imported(workspace, tmp_path, files.VISITS)
    ((ada,),) = rows(workspace, "select id from people where own_number = '17'")
    with workspace.change("Corrected a name") as change:
        people.edit(change, ada, given_name="Ada Augusta")
    assert result.change_set is not None
    undone = workspace.undo(result.change_set)
    assert ("people", ada) in {(kept.table, kept.row) for kept in undone.kept}
    assert rows(workspace, "select own_number, given_name from people where gone = 0") == [("17", "Ada Augusta")]
    assert {person for (person,) in rows(workspace, "select person_id from contacts where gone = 0")} <= {ada}


def test_the_same_list_twice_is_refused_and_nothing_counts_double(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, tmp_path, files.VISITS)
    whole = counts(workspace)
    sets = len(workspace.change_sets())
    with pytest.raises(CisError) as caught:
        imported(workspace, tmp_path, files.VISITS, "same-under-another-name.csv")
    assert caught.value.code == "imported_already"
    assert counts(workspace) == whole
    assert len(workspace.change_sets()) == sets


def test_a_draft_without_a_row_to_store_leaves_the_vault_as_it_was(workspace: Workspace, tmp_path: Path) -> None:
    sets = len(workspace.change_sets())
    path = files.write(tmp_path / "old.csv", "Date,Client ID\n1931-01-02,1\n")
    with pytest.raises(CisError) as caught:
        commit(workspace, drafted(path))
    assert caught.value.code == "nothing_to_import"
    assert len(workspace.change_sets()) == sets


def test_a_failure_in_the_middle_leaves_the_vault_as_it_was(workspace: Workspace, tmp_path: Path) -> None:
    whole = drafted(files.write(tmp_path / "visits.csv", files.VISITS))
    whole.needs.append((10**18, "housing"))
    whole.given["item"][-1] = None
    before, sets = counts(workspace), len(workspace.change_sets())
    with pytest.raises(Exception, match="NOT NULL"):
        commit(workspace, whole)
    assert counts(workspace) == before
    assert len(workspace.change_sets()) == sets


def test_how_columns_were_read_is_remembered_by_their_headings(workspace: Workspace, tmp_path: Path) -> None:
    found = drafted(files.write(tmp_path / "jan.csv", files.VISITS), most_people=7)
    commit(workspace, found)
    february = reading.read(
        files.write(tmp_path / "feb.csv", files.VISITS.replace("/01/", "/02/").replace("Date", "DATE"))
    )
    assert remembered(workspace.read, february) == structs.replace(found.mapping, numbering="ours")
    other = reading.read(files.write(tmp_path / "other.csv", "Date,Who\n2024-01-02,1\n"))
    assert remembered(workspace.read, other) is None


def test_the_real_list_goes_in_with_every_row_accounted_for(workspace: Workspace, real_data: Path) -> None:
    found = drafted(real_data / "charity" / "services.tsv")
    result = commit(workspace, found)
    assert result.imported + result.rejected == result.rows == 79_838
    assert counts(workspace)["contacts"] == result.imported
    assert counts(workspace)["people"] == counts(workspace)["households"] == len(found.people)
    assert rows(workspace, "select on_date, count(*) from contacts group by on_date order by on_date") == sorted(
        {date: found.contacts["on_date"].count(date) for date in set(found.contacts["on_date"])}.items()
    )
    assert rows(workspace, "select sum(quantity) from given where item = 'food' and unit = 'lb'") == [
        (sum(q for i, q in zip(found.given["item"], found.given["quantity"], strict=True) if i == "food" and q),)
    ]
    merged = rows(workspace, "select count(*) from people where second_number is not null and second_number <> '0'")
    assert merged[0][0] > 4_000
    assert rows(workspace, "select count(*) from contacts where person_id is null or household_id is null") == [(0,)]
    assert rows(workspace, "pragma foreign_key_check") == []


def test_the_real_list_of_people_goes_in(workspace: Workspace, real_data: Path) -> None:
    path = real_data / "charity" / "shelter_clients.tsv"
    result = commit(workspace, drafted(path, reference_date=datetime.date(2019, 6, 30)))
    assert (result.rows, result.imported, result.rejected) == (5_299, 5_299, 0)
    assert counts(workspace)["people"] == 2_364
    assert rows(workspace, "select distinct trait from described_values order by 1") == [
        ("ethnic_group",),
        ("gender",),
    ]
    assert rows(
        workspace, "select count(*) from described_values where (status = 'answered') <> (value is not null)"
    ) == [(0,)]


def test_two_lists_that_both_have_a_client_7_have_two_people(workspace: Workspace, tmp_path: Path) -> None:
    def bring_in(name: str, text: str, numbering: str | None = None) -> ImportResult:
        (tmp_path / name).write_text(text)
        sheet = reading.read(tmp_path / name)
        mapping = structs.replace(guess(sheet).mapping, numbering=numbering)
        return commit(workspace, draft(sheet, mapping))

    bring_in("food.csv", "Client number,Household,Date\n7,70,2025-01-14\n8,70,2025-01-15\n")
    told = bring_in("shelter.csv", "Client number,Household,Date,Minutes\n7,70,2025-01-20,5\n9,71,2025-01-20,5\n")
    assert rows(workspace, "select count(*), count(distinct household_id) from people where gone = 0") == [(4, 3)]
    assert any("1 number of this list is also in another list" in note for note in told.notes)
    bring_in("food2.csv", "Client number,Household,Date\n7,70,2025-02-14\n")
    bring_in("shelter2.csv", "Client number,Household,Date,Minutes\n9,71,2025-02-20,5\n")
    assert rows(workspace, "select count(*) from people where gone = 0") == [(4,)]
    bring_in("ours.csv", "Client number,Date,Note\n8,2025-03-01,came\n", "ours")
    assert rows(workspace, "select count(*) from people where gone = 0") == [(4,)]
