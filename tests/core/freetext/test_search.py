"""What could point at somebody is found in a text, in whatever way it is written; ordinary sentences pass."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cis_desktop.freetext import Blanks, Names, gather, search
from cis_desktop.freetext.names import index
from cis_desktop.paths import resources
from cis_desktop.records import households, observations, people
from cis_desktop.workspace import Workspace

NAMES = index(
    ["Ibukun", "Ahmed", "Jonathan", "Beverley", "José", "Mohammed", "Rose", "Will", "王小明", "Young", "Brien"],
    team=["Ada", "Lovelace"],
    known=["Kilburn", "Camden"],
)
BLANKS = Blanks(frozenset({3, 18}), {143: 145}, ("St Pancras", "Debt"), 8)


def kinds(text: str, names: Names = NAMES, blanks: Blanks = BLANKS) -> set[tuple[str, str]]:
    return {(each.kind, each.words) for each in search(text, names, blanks)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We saw ibukun at the door.", {("name", "ibukun")}),
        ("IBUKUN came.", {("name", "IBUKUN")}),
        ("It was Jose O’Brien’s turn.", {("name", "Jose"), ("name", "Brien")}),
        ("Jonathan Young left.", {("name", "Jonathan Young")}),
        ("We saw Mohamed and Jonahtan there.", {("spelling", "Mohamed"), ("spelling", "Jonahtan")}),
        ("The Ahmeds moved away.", {("spelling", "Ahmeds")}),
        ("Bev said it was closed.", {("nickname", "Bev")}),
        ("It was open when Ada Lovelace came.", {("team", "Ada Lovelace")}),
        ("Her neighbour Olga fell.", {("called", "Her neighbour Olga")}),
        ("Mrs. Patel and J.S. agreed.", {("called", "Mrs. Patel"), ("called", "J.S.")}),
        ("It is damp in NW6 7XY.", {("postcode", "NW6 7XY")}),
        ("It is damp in nw67xy.", {("postcode", "nw67xy")}),
        ("It is damp in nw 6 7xy, and in NW6-7XY.", {("postcode", "nw 6 7xy"), ("postcode", "NW6-7XY")}),
        ("It is damp in NW6_7 XY.", {("postcode", "NW6_7 XY")}),
        ("Most of NW6 is damp.", {("postcode", "NW6")}),
        ("Ring 020 7946 0123.", {("phone", "020 7946 0123")}),
        ("Ring 07700900123 or +44 7700 900124.", {("phone", "07700900123"), ("phone", "+44 7700 900124")}),
        ("Write to a.b@example.org.", {("email", "a.b@example.org")}),
        ("Write to anna at example dot com.", {("email", "anna at example dot com")}),
        ("See @kilburnmum or www.example.org/me", {("web", "@kilburnmum"), ("web", "www.example.org/me")}),
        ("The NHS number is 943 476 5919.", {("nhs", "943 476 5919")}),
        ("The NHS number is 943 476 5918.", {("nhs", "943 476 5918")}),
        ("A form says 9434765919.", {("nhs", "9434765919")}),
        ("A form says 9434765918.", {("long_number", "9434765918")}),
        ("A form says 943.476.5919.", {("nhs", "943.476.5919")}),
        ("A form says 943–476–5919, or 943/476/5919.", {("nhs", "943-476-5919"), ("nhs", "943/476/5919")}),
        ("A form says ９４３\u2003４７６\u2003５９１９.", {("nhs", "943 476 5919")}),
        ("A form says AB 12 34 56 C.", {("insurance", "AB 12 34 56 C")}),
        ("A form says ab/12/34/56/c.", {("insurance", "ab/12/34/56/c")}),
        ("A car, AB12 CDE, was taken.", {("registration", "AB12 CDE")}),
        ("As in N-0042.", {("reference", "N-0042")}),
        ("Somebody born on 3 May 1931 came.", {("birth", "3 May 1931")}),
        ("Somebody born in 1931 came.", {("birth", "1931")}),
        ("It was 12/03/2018.", {("date", "12/03/2018")}),
        ("It was 12-Mar-2018, not 14Mar18.", {("date", "12-Mar-2018"), ("date", "14Mar18")}),
        ("It was 12–03–2018.", {("date", "12-03-2018")}),
        ("It was the 3rd of March.", {("date", "3rd of March")}),
        ("A man aged 93 waited.", {("age", "aged 93")}),
        ("A ninety-three-year-old waited.", {("age", "ninety-three-year-old")}),
        ("She was 93.", {("age", "was 93")}),
        ("She is 93 and lives alone, and he’s 95.", {("age", "is 93"), ("age", "’s 95")}),
        ("A man, age: 93, or aged about 90.", {("age", "age: 93"), ("age", "aged about 90")}),
        ("He is in his nineties.", {("age", "in his nineties")}),
        ("It rains into Flat 4, 12 Park Road.", {("address", "Flat 4"), ("address", "12 Park Road")}),
        ("The lift in Abbey House is broken.", {("place", "Abbey House")}),
        ("One family in the tower has no heating.", {("few", "One family")}),
        ("Two brothers came.", {("few", "Two brothers")}),
        ("A mother of six came.", {("few", "mother of six")}),
        ("A family of nine came.", {("few", "family of nine")}),
        ("She is the only Somali grandmother here.", {("only", "the only Somali grandmother")}),
        ("The vicar says so.", {("role", "The vicar")}),
        ("王小明來了", {("name", "王小明"), ("script", "王小明來了")}),
        ("Ib ukun and J-o-s-e were cold.", {("name", "Ib ukun"), ("name", "J-o-s-e")}),
        ("J O S É came, with Jonathan_Young.", {("name", "J O S É")}),
        ("IbukunAhmed and ahmedjonathan waited.", {("name", "IbukunAhmed"), ("name", "ahmedjonathan")}),
        ("Ahm3d and J@nathan did not, nor J0nathan.", {("name", "Ahm3d"), ("name", "J0nathan")}),
        (
            "It is damp in nw6, and N.W. six.",
            {("postcode", "nw6"), ("postcode", "N.W. six")},
        ),
        (
            "Ring oh seven seven double oh nine oh oh one two three.",
            {("phone", "oh seven seven double oh nine oh oh one two three")},
        ),
        (
            "Ring 077OO 9OO123 or 07 seven 00 900 one23.",
            {("phone", "077OO 9OO123"), ("phone", "07 seven 00 900 one23")},
        ),
        ("St Pancras had 40 of them.", {("hidden", "40")}),
        ("Half of them came about debt.", {("hidden", "Half")}),
        ("There were 18 on the list.", {("hidden", "18")}),
        ("We helped 143 people.", {("rounded", "143")}),
    ],
)
def test_what_could_point_at_somebody_is_found(text: str, found: set[tuple[str, str]]) -> None:
    assert kinds(text) >= found


@pytest.mark.parametrize(
    "text",
    [
        "Shall we ask? A rose by the will of the council; the young and the old.",
        "People aged 16 to 64, over 65s and under-16s came, and 5-9-year-olds.",
        "It opened at 10 am, for 2 hours, with 12 bags for £5, in 2018.",
        "Kilburn and Camden were cold in January, and 60% said so.",
        "More people came, about 200 people on most days.",
        "The Jo Bus stopped in a month; I am Ed at A level, CO2 and co2 in 2 of 3 rooms, and e-mail.",
        "We saw one, two, three, four, five, six, seven; PlayStation and McDonalds; w8 for us.",
        "She is one of many; there’s 40 chairs, and 1,234,567 tins.",
    ],
)
def test_what_is_ordinary_passes(text: str) -> None:
    assert kinds(text) == set()


def texts(found: Any) -> Iterator[str]:
    """Give every text in a JSON document."""
    if isinstance(found, str):
        yield found
    for each in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from texts(each)


def test_few_ordinary_sentences_are_asked_about_with_four_hundred_names() -> None:
    demo = resources() / "demo"
    named = [
        word for text in texts(json.loads((demo / "names.json").read_bytes())) for word in re.findall(r"\w+", text)
    ]
    names = index({word for word in named if word.isalpha() and word[0].isupper()})
    words = json.loads((demo / "words.json").read_bytes())
    written = [
        text[0].upper() + text[1:].format(when="last week", time="noon", estate="the estate")
        for part in ("observations", "contact_notes", "case_notes", "teller_readings")
        for text in texts(words[part])
        if " " in text
    ]
    # What counts few people by design is no false alarm.
    asked = [text for text in written if any(each.kind != "few" for each in search(text, names))]
    assert len(written) > 70
    assert len(asked) <= len(written) * 0.05, asked


def test_few_notes_of_a_real_charity_are_asked_about(real_data: Path) -> None:
    with (real_data / "charity" / "services.tsv").open(encoding="utf-8", errors="replace", newline="") as file:
        cells = {cell.strip() for row in csv.reader(file, delimiter="\t") for cell in row}
    notes = sorted(cell for cell in cells if cell.count(" ") >= 4)
    asked = [note for note in notes if any(each.kind != "few" for each in search(note, NAMES))]
    assert len(notes) > 200
    assert len(asked) <= len(notes) * 0.03


def test_the_index_holds_everybody_who_is_written_down(workspace: Workspace) -> None:
    with workspace.change("Wrote") as change:
        person = people.add(change, given_name="Zebedee", family_name="van der Quux")
        gone = people.add(change, given_name="Thessaly")
        households.add(change, label="The Okonkwo family")
        observations.add(change, "Cold", "2018-03-01", checked_by="Ottoline", place="Zanzibar Hall")
        people.remove(change, gone)
    assert person
    names = gather(workspace.read, ["Ferdinand Grey"])
    text = "So Zebedee Quux, Thessaly, the Okonkwos, Ottoline, and Ferdinand went to Zanzibar."
    assert kinds(text, names) == {
        ("name", "Zebedee Quux"), ("name", "Thessaly"), ("spelling", "Okonkwos"), ("team", "Ottoline"),
        ("team", "Ferdinand"),
    }  # fmt: skip


def test_a_finding_lies_where_it_says_and_its_key_holds_for_its_sentence_only() -> None:
    one = search("It rained. Ibukun came.", NAMES)
    same = search("It snowed a lot. Ibukun came.", NAMES)
    other = search("It rained. Ibukun left.", NAMES)
    assert one[0].words == "It rained. Ibukun came."[one[0].start : one[0].end]
    assert one[0].key == same[0].key != other[0].key


def test_nothing_is_looked_for_in_a_figure_that_is_inserted() -> None:
    assert kinds("We helped {Different people} people, {Debt: Ibukun 18}.") == set()
