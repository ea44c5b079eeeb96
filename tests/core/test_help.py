"""The help says what there is, in plain words, and finds it."""

from __future__ import annotations

import argparse
import ast
import re
from functools import cache
from pathlib import Path

import pytest

from cis_desktop import help as texts
from cis_desktop.cli import parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = texts.pages()
LONGEST = 450
"""Words on a page."""
BANNED = (
    "simply", "just", "easily", "obviously", "leverage", "utilise", "utilize", "in order to", "via", "please note",
    "seamless", "robust", "user-friendly", "functionality", "etc", "color", "organize", "center", "license",
)  # fmt: skip
NAMES = [page.name for page in PAGES]


@cache
def on_screen() -> set[str]:
    """Give every text of the window and of the errors, as somebody reads it there."""
    found = set()
    for path in [*(ROOT / "ui").rglob("*.py"), *(ROOT / "cis_desktop").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(read_as(node.value))
    return found


def read_as(text: str) -> str:
    return re.sub(r"%\d|&", "", text).strip(" …:")


def commands() -> dict[str, argparse.ArgumentParser]:
    """Give every command of the command line."""
    found = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


def each_page(check: object) -> object:
    return pytest.mark.parametrize("page", PAGES, ids=NAMES)(check)


def test_there_is_a_page_for_every_bad_day_and_about_privacy() -> None:
    assert {"forgot", "stolen", "restore", "wrong", "full-disk"} <= set(NAMES)
    assert {"figures-safe", "what-leaves", "who-can-read", "commands"} <= set(NAMES)
    assert len({page.title for page in PAGES}) == len(PAGES)
    assert len({page.order for page in PAGES}) == len(PAGES)


@each_page
def test_a_page_is_short(page: texts.HelpPage) -> None:
    assert 80 < len(page.body.split()) <= LONGEST


@each_page
def test_a_page_is_in_plain_words(page: texts.HelpPage) -> None:
    words = page.text.casefold()
    assert not [word for word in BANNED if re.search(rf"\b{re.escape(word)}\b", words)]


@each_page
def test_sentences_are_short(page: texts.HelpPage) -> None:
    """A sentence of more than 30 words is hard to follow at the age of 11."""
    lines = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", page.body).splitlines()
    sentences = [one for line in lines if not line.startswith("|") for one in re.split(r"(?<=[.?!:])\s", line)]
    assert not [one for one in sentences if len(one.split()) > 30]


@each_page
def test_every_link_leads_to_another_page_and_nowhere_else(page: texts.HelpPage) -> None:
    links = re.findall(r"\]\(([^)]*)\)", page.body)
    assert set(links) <= set(NAMES)
    assert page.name not in links
    assert "://" not in page.body
    assert "![" not in page.body
    assert not re.search(r"<[a-z/!]", page.body)


def test_every_page_but_those_of_places_is_linked_from_another() -> None:
    linked = {link for page in PAGES for link in re.findall(r"\]\(([^)]*)\)", page.body)}
    assert not {page.name for page in PAGES if not page.places} - linked


@each_page
def test_bold_words_are_words_of_the_window(page: texts.HelpPage) -> None:
    """Bold says: you will read this on the screen. When a button gets another name, its help must too."""
    bold = {read_as(words) for words in re.findall(r"\*\*([^*]+)\*\*", page.body)}
    assert not bold - on_screen()


@each_page
def test_commands_in_a_page_are_commands_with_such_options(page: texts.HelpPage) -> None:
    known = commands()
    for written in re.findall(r"`cis-desktop ([^`]+)`", page.body):
        name, *rest = written.split()
        if name == "COMMAND":
            continue
        assert name in known, written
        options = {text for action in known[name]._actions for text in action.option_strings}
        assert {part for part in rest if part.startswith("--")} <= options, written


def test_every_command_is_explained_on_the_page_of_commands_and_covered() -> None:
    page = texts.page("commands")
    assert page is not None
    written = set(re.findall(r"^\| `cis-desktop ([a-z]+)", page.body, re.MULTILINE))
    assert written == set(commands())
    assert set(commands()) <= {each for one in PAGES for each in one.covers}


@each_page
def test_what_a_page_covers_is_an_action_or_a_command(page: texts.HelpPage) -> None:
    assert not {read_as(each) for each in page.covers} - set(commands()) - on_screen()


def test_words_find_the_pages_that_have_them_all() -> None:
    assert texts.find("forgot passphrase")[0].name == "forgot"
    assert texts.find("STOLEN")[0].name == "stolen"
    assert texts.find("parcel")
    assert not texts.find("parcel aeroplane")
    hits = texts.find("undo import")
    assert hits
    assert all("undo" in page.text.casefold() and "import" in page.text.casefold() for page in hits)


def test_a_word_in_the_title_counts_more_than_one_in_the_text() -> None:
    found = [page.name for page in texts.find("session")]
    assert found[0] == "sessions"
    assert len(found) > 3


def test_the_beginning_of_a_word_will_do_but_not_its_end() -> None:
    assert "forgot" in [page.name for page in texts.find("passph")]
    assert not texts.find("phrase")


def test_words_that_are_spelt_wrong_find_what_they_are_most_like() -> None:
    assert "forgot" in [page.name for page in texts.find("forgoten pasword")]
    assert texts.find("backupp")[0] == texts.find("backup")[0]
    assert not texts.find("zzyzx qwfp")
    # What is spelt right is never taken for another word.
    assert texts.find("session") == [page for page in texts.find("session") if "session" in page.text.casefold()]


def test_where_no_page_has_every_word_those_with_some_can_be_asked_for() -> None:
    assert texts.find_any("parcel zzyzx") == texts.find("parcel")
    both = texts.find_any("parcel passphrase session")
    assert {page.name for page in both} >= {page.name for page in texts.find("passphrase")}
    assert texts.find_any("an of zzyzx") == []


def test_accents_and_capitals_do_not_matter() -> None:
    assert texts.find("vísits") == texts.find("VISITS") == texts.find("visits")


def test_no_words_find_every_page_in_order() -> None:
    assert texts.find("") == texts.find("  ") == list(PAGES)
    assert texts.find("…!") == list(PAGES)


def test_every_heading_finds_its_page() -> None:
    for page in PAGES:
        for heading in [page.title, *re.findall(r"^## (.*)$", page.body, re.MULTILINE)]:
            assert page in texts.find(heading), heading


def test_a_page_without_its_first_lines_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.md").write_text("No first lines.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.md"):
        texts.pages(tmp_path)


def test_a_place_without_a_page_leads_to_the_first() -> None:
    assert texts.page_for("nowhere") == PAGES[0]
    assert texts.page_for("people").name == "people"
    assert texts.page("nothing") is None
