"""Journey 1 through the real window, by keys alone: from nothing to a record with a way back in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cis_desktop.vault import keys

if TYPE_CHECKING:
    from tests.journeys.screen import Screen

PREFIX = "AGE-SECRET-KEY-1"
FIVE_MINUTES = 300
READING = 90
"""Seconds to read what the five screens say, 250 words a minute, and to copy six words and fifteen groups by hand."""


RAIL = {"Home", "People", "Sessions", "Noticed", "Reports", "Council post", "Settings", "Help"}


@pytest.mark.parametrize(("percent", "scheme"), [(100, "light"), (200, "dark")])
def test_a_first_morning_by_keys_alone_ends_with_a_record_and_a_proven_way_back(
    screen: Screen, percent: int, scheme: str
) -> None:
    screen.open(percent=percent, scheme=scheme)
    screen.picture("nothing")
    assert screen.at("The name of your group"), screen.focus()
    screen.write("Kilburn Kitchen")
    screen.fill("Your name", "Ann")
    screen.do("Suggest six words")
    words = screen.hear("Write these six words on paper now").split(": ")[1].split(".")[0]
    assert len(words.split()) == 6
    assert screen.hear("Strong").startswith("Strong: a thief")
    screen.picture("six words")
    screen.do("Make the record")
    screen.read("Three next steps")
    screen.picture("home")

    screen.do("Make your recovery kit")
    screen.until(lambda: screen.at("I have it on paper"))
    screen.picture("the kit")
    spoken = [each.name for each in screen.shown() if re.match(r"Group \d+: ", each.name)]
    paper = [each.split(": ")[1].replace(" ", "") for each in spoken]
    assert [len(part) for part in paper] == [4] * 14 + [2]
    screen.press("space")
    screen.until(lambda: screen.focus() is not None and screen.focus().role == "text")
    for _ in range(2):
        asked = screen.focus().name
        screen.picture("asked")
        screen.write(paper[int(asked.removeprefix("Group ")) - 1])
        last = len(screen.bus.focused())
        screen.press("Tab")
        screen.until(lambda last=last: len(screen.bus.focused()) > last)
    screen.press("space")
    screen.hear("Your recovery kit works")
    screen.picture("proven")

    screen.do("Add the first person")
    screen.fill("First name", "Amina")
    screen.fill("Family name", "Khan")
    screen.picture("somebody")
    screen.press("ctrl+Return")
    screen.hear("Saved")
    screen.picture("saved")
    screen.until(lambda: screen.focus() is not None and screen.focus().name not in RAIL, what="the focus off the rail")
    record("first morning", screen.strokes, screen)

    screen.press("ctrl+q")
    assert screen.closed() == 0
    folder = screen.home / "Documents" / "Community Insights"
    folder = folder if folder.exists() else screen.home / "Community Insights"
    people = screen.command(words, "person", folder, "list")["records"]
    assert [each["given_name"] for each in people] == ["Amina"]
    identity = PREFIX + "".join(paper)
    assert screen.command(identity, "check", folder)["problems"] == []
    assert all(identity.encode() not in path.read_bytes() for path in files(screen.home))
    assert len(keys.read_keys(folder).slots) == 2


def record(what: str, strokes: int, screen: Screen) -> None:
    """Note how many keys a journey took, and hold it to its time."""
    from tests.journeys.screen import SECONDS_A_KEY

    seconds = strokes * SECONDS_A_KEY
    print(f"\n{what}: {strokes} strokes, {seconds:.0f} s of typing")
    assert seconds + READING < FIVE_MINUTES


def files(folder: Path) -> list[Path]:
    """Give every file of the session except the secret that the test itself wrote."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "secret.txt"]
