"""What a list is read as is guessed from its headings and cells, with the evidence; what cannot be told is asked."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from cis_desktop.intake import reading
from cis_desktop.intake.guessing import Guess, guess
from cis_desktop.intake.mapping import MANY, SINGLE
from cis_desktop.paths import resources
from cis_desktop.records.code_lists import shipped
from tests.core.intake import files

TODAY = datetime.date(2026, 1, 31)


def guessed(tmp_path: Path, text: str) -> Guess:
    return guess(reading.read(files.write(tmp_path / "list.csv", text)), TODAY)


def targets(found: Guess) -> dict[str, str]:
    return {column.header: column.target for column in found.mapping.columns}


def test_the_real_list_of_services_is_understood_untouched(real_data: Path) -> None:
    found = guess(reading.read(real_data / "charity" / "services.tsv"), TODAY)
    assert not found.needs_answer
    assert found.mapping.date_order == "us"
    assert targets(found) == {
        "Date": "date",
        "Client File Number": "reference",
        "Client File Merge": "second_reference",
        "Bus Tickets (Number of)": "item:travel",
        "Notes of Service": "items",
        "Food Provided for": "helped",
        "Food Pounds": "item:food",
        "Clothing Items": "item:clothing",
        "Diapers": "item:nappies",
        "School Kits": "item:school",
        "Hygiene Kits": "item:hygiene",
        "Referrals": "referral_note",
        "Financial Support": "money",
        "Type of Bill Paid": "needs",
        "Payer of Support": "payer",
        "Field1": "ignore",
        "Field2": "ignore",
        "Field3": "ignore",
    }
    units = {column.header: column.unit for column in found.mapping.columns if column.unit}
    assert units["Food Pounds"] == "lb"
    assert units["Clothing Items"] == "item"
    said = " ".join(found.evidence)
    assert "month first (US): of 4,608 different dates 2,767 can only be so" in said
    assert "44 rows are outside" in said
    assert "after a year with nothing there are 6 in 2021 and 1 in 2022" in said


def test_drifting_spellings_of_the_real_list_come_to_one_kind_of_need(real_data: Path) -> None:
    found = guess(reading.read(real_data / "charity" / "services.tsv"), TODAY)
    bills = found.mapping.column("needs")
    assert bills is not None
    assert {bills.values[word] for word in ("rent", "rent assistance", "rent deposit")} == {"housing"}
    assert {bills.values[word] for word in ("duke power", "duke power bill", "water bill")} == {"utilities"}


def test_a_list_of_people_with_ages_asks_when_the_ages_were_right(real_data: Path) -> None:
    found = guess(reading.read(real_data / "charity" / "shelter_clients.tsv"), TODAY)
    assert [question.field for question in found.needs_answer] == ["reference_date"]
    assert targets(found)["Client ID"] == "reference"
    assert targets(found)["Client Age at Entry"] == "age"
    assert targets(found)["Client Gender"] == "gender"
    races = found.mapping.column("ethnic_group")
    assert races is not None
    assert races.values["client refused (hud)"] == "prefer_not"
    assert races.values["data not collected (hud)"] == "not_asked"


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (("22/01/2024", "01/02/2024"), "uk"),
        (("01/22/2024", "01/02/2024"), "us"),
        (("2024-01-22", "2024-02-01"), "iso"),
        (("22 Jan 2024", "1 Feb 2024"), "iso"),
    ],
)
def test_the_order_of_dates_is_read_off_days_that_can_be_no_month(
    tmp_path: Path, dates: tuple[str, ...], order: str
) -> None:
    found = guessed(tmp_path, "Date,ID\n" + "".join(f"{date},1\n" for date in dates))
    assert found.mapping.date_order == order
    assert not found.needs_answer


@pytest.mark.parametrize("dates", [("01/02/2024", "03/04/2024"), ("22/01/2024", "01/22/2024")])
def test_dates_that_could_be_either_way_round_are_asked_about_and_never_guessed(
    tmp_path: Path, dates: tuple[str, ...]
) -> None:
    found = guessed(tmp_path, "Date,ID\n" + "".join(f"{date},1\n" for date in dates))
    assert found.mapping.date_order is None
    assert [question.field for question in found.needs_answer] == ["date_order"]


def test_a_british_food_banks_list_is_understood(tmp_path: Path) -> None:
    header = (
        "Date of visit,Client ref,Surname,Forename,Date of birth,Postcode,Adults,No. of children,Food parcels,"
        "Weight of food (kg),Reason for crisis,Referred by,Volunteer,Ethnic group,Sex,Household number,Comments"
    )
    row = "22/01/2024,A17,Lovelace,Ada,10/12/1990,nw1 8ab,2,1,1,12,debt,Council,Sam,White Irish,F,H3,came with a friend"
    found = guessed(tmp_path, f"{header}\n{row}\n")
    assert list(targets(found).values()) == [
        "date", "reference", "family_name", "given_name", "birth_date", "postcode", "adults", "children",
        "item:food_parcel", "item:food", "needs", "referral_note", "worker", "ethnic_group", "sex", "household", "note",
    ]  # fmt: skip
    ethnic, sex = found.mapping.column("ethnic_group"), found.mapping.column("sex")
    assert ethnic is not None
    assert sex is not None
    assert (ethnic.values, sex.values) == ({"white irish": "irish"}, {"f": "female"})


def test_a_column_whose_cells_belie_its_heading_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    found = guessed(tmp_path, "Date,ID,Children\n22/01/2024,1,two\n23/01/2024,2,none\n24/01/2024,3,many\n")
    assert targets(found)["Children"] == "ignore"
    assert any("“Children” is left out" in line for line in found.evidence)


def test_every_code_that_words_are_read_as_is_on_its_list() -> None:
    words = json.loads((resources() / "intake" / "synonyms.json").read_bytes())
    keys = {name: {code.key for code in each.codes} for (name, _), each in shipped().items()}
    assert {item["item"] for item in words["items"]} | set(words["things"]) <= keys["item"]
    assert set(words["needs"]) <= keys["need"]
    for trait, codes in words["described"].items():
        assert set(codes) <= keys[trait], trait
    assert {entry["target"] for entry in words["targets"]} <= SINGLE | MANY


def test_kinds_of_contact_and_descriptions_are_read_by_the_labels_of_their_lists(tmp_path: Path) -> None:
    text = "Date,ID,Type of contact,Ethnic group\n22/01/2024,1,Phone call,Bangladeshi\n23/01/2024,2,coffee,Refused\n"
    found = guessed(tmp_path, text)
    kind, ethnic = found.mapping.column("kind"), found.mapping.column("ethnic_group")
    assert kind is not None
    assert ethnic is not None
    assert kind.values == {"phone call": "call"}
    assert ethnic.values == {"bangladeshi": "bangladeshi", "refused": "prefer_not"}
