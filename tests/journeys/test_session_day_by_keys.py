"""Journey 2 through the real window, by keys alone: forty come, each in seconds; one is new; what was seen is kept."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

from cis_desktop.records import contacts, households, people
from cis_desktop.records.founding import found

if TYPE_CHECKING:
    from tests.journeys.screen import Screen

PASSPHRASE = "four words that fit"
GIVEN = ("Amina", "Bea", "Chidi", "Dilys", "Emre", "Fatou", "Goran", "Hanna")
FAMILY = ("Khan", "Jones", "Okafor", "Evans", "Kaya")
TEN_SECONDS = 10.0
ONE_MINUTE = 60.0


@pytest.fixture
def pantry(tmp_path: Path) -> Path:
    """Make a record with forty people in households; the first has been three times and must have no peanuts."""
    with (
        found(tmp_path / "record", "Kilburn Kitchen", "Ann", PASSPHRASE) as workspace,
        workspace.change("Made an example") as change,
    ):
        for at in range(40):
            home = households.add(
                change, label=f"Home {at}", adults=1 + at % 3, children=at % 4,
                diet="Halal" if at == 0 else None, allergies="Peanuts" if at == 0 else None,
                delivery="Ring twice" if at == 0 else None,
            )  # fmt: skip
            who = people.add(change, given_name=GIVEN[at % 8], family_name=FAMILY[at // 8], household_id=home)
            for month in (8, 9, 10) if at == 0 else ():
                contacts.add(change, f"2026-{month:02d}-03", person_id=who, kind="visit")
    return tmp_path / "record"


def test_a_session_day_by_keys_alone_takes_seconds_for_each_arrival(screen: Screen, pantry: Path) -> None:
    from tests.journeys.screen import SECONDS_A_KEY

    screen.open(pantry)
    screen.until(lambda: screen.at("Passphrase"))
    screen.write(PASSPHRASE)
    screen.press("Return")
    screen.see("Sessions")
    screen.press("ctrl+3")
    screen.do("Open the desk for people who arrive")
    screen.fill("Where", "St Mary's Hall")
    screen.press("Return")
    screen.until(lambda: screen.at("Who is here?"))
    screen.picture("desk")

    took = []
    for at in range(40):
        before = screen.strokes
        whole = f"{GIVEN[at % 8]} {FAMILY[at // 8]}"
        screen.write(f"{whole[:2].lower()} {FAMILY[at // 8][:2].lower()}")
        screen.read(whole)
        if at == 0:
            screen.read("Allergies: Peanuts")
            screen.read("Diet: Halal")
            screen.read("Ring twice")
            screen.picture("at a glance")
        heard = len(screen.bus.announced())
        screen.press("Return")
        screen.hear(whole, heard)
        took.append((screen.strokes - before) * SECONDS_A_KEY)
    print(f"\nan arrival: {median(took):.1f} s of typing, at most {max(took):.1f} s")
    assert max(took) < TEN_SECONDS
    screen.read("40 visits")
    screen.picture("forty")

    before = screen.strokes
    screen.write("Yara")
    screen.read("Nobody")
    screen.press("Return")
    screen.until(lambda: screen.at("Adults who live there"))
    screen.picture("somebody new")
    screen.write("2")
    screen.press("Return")
    screen.write("3")
    screen.press("Return")
    screen.write("nw1 8ab")
    heard = len(screen.bus.announced())
    screen.press("ctrl+Return")
    screen.hear("Yara", heard)
    new = (screen.strokes - before) * SECONDS_A_KEY
    print(f"somebody new: {new:.1f} s of typing")
    assert new < ONE_MINUTE

    screen.fill("All adults counted", "61")
    screen.fill("All children counted", "22")
    screen.fill("Something noticed", "Meters run out on Fridays")
    screen.press("Return")
    screen.hear("Written down")
    screen.picture("noticed")
    screen.press("ctrl+q")
    assert screen.closed() == 0

    visits = screen.command(PASSPHRASE, "contact", pantry, "list", "--limit", 100)["records"]
    assert len([each for each in visits if each["kind"] == "visit"]) == 44
    (session,) = screen.command(PASSPHRASE, "session", pantry, "list")["records"]
    assert (session["venue"], session["adults"], session["children"]) == ("St Mary's Hall", 61, 22)
    (seen,) = screen.command(PASSPHRASE, "observe", pantry, "list")["records"]
    assert seen["words"] == "Meters run out on Fridays"
