"""The help: pages of plain text that come with the application, and how to find one by words.

A page is a file `resources/help/NAME.md`: a few `name: value` lines between two lines of `---`, then Markdown with
headings, lists, tables, **words on the screen**, `commands` and links to other pages (`[Visits](visits)`).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cis_desktop.paths import resources

FENCE = "---\n"
SHORTEST = 4
"""Letters of a word that may be spelt another way, or looked for by itself: shorter ones are like too many."""
ALIKE = 0.78
"""How like two words are (0 to 1, as difflib measures it) for one to be the other misspelt."""

MEANT = {"password": "passphrase", "passwords": "passphrase"}
"""What people say, and what the pages call it."""


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page. `places` are the places of the window it is about; `covers` the actions and commands it explains."""

    name: str
    title: str
    section: str
    order: int
    places: tuple[str, ...]
    covers: tuple[str, ...]
    body: str

    @property
    def text(self) -> str:
        """The words of the page without the marks of Markdown."""
        bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", self.body)
        bare = re.sub(r"^(#+|\d+\.|[-|]+|\|?[-| ]+\|?$)\s*", "", bare, flags=re.MULTILINE)
        return " ".join(re.sub(r"[*`|]", " ", bare).split())


@dataclass(frozen=True, slots=True)
class _Parts:
    title: list[str]
    heads: list[str]
    text: list[str]


@cache
def pages(folder: Path | None = None) -> tuple[HelpPage, ...]:
    """Give every page in reading order, from `folder` (by default the one that comes with the application).

    Raises ValueError, naming the file, where a page lacks its first lines.
    """
    files = sorted((folder or resources() / "help").glob("*.md"))
    read = [_page(path) for path in files]
    return tuple(sorted(read, key=lambda page: (page.order, page.title)))


def page(name: str) -> HelpPage | None:
    """Give the page of a name, or None."""
    return next((each for each in pages() if each.name == name), None)


def page_for(place: str) -> HelpPage:
    """Give the page about a place of the window; the first page where a place has none."""
    return next((each for each in pages() if place in each.places), pages()[0])


def find(words: str, among: Iterable[HelpPage] | None = None) -> list[HelpPage]:
    """Give the pages that have every word asked for, or the beginning of one, best first.

    A word in the title counts most, then one in a heading or in what the page covers, then one in the text, and
    between equals how often it is there. Capitals and accents do not matter. No words find every page, in order.
    Words that are in no page count as the words that are spelt most like them.
    """
    listed = list(pages() if among is None else among)
    parts = [_Parts(*(_words(part) for part in (each.title, _headings(each), each.text))) for each in listed]
    asked = _words(words)
    best = _ranked([_meant((word,)) for word in asked], parts)
    if not best:
        every = {word for part in parts for word in (*part.title, *part.heads, *part.text)}
        best = _ranked([_meant(_spelt(word, every)) for word in asked], parts)
    return [listed[at] for at in best]


def find_any(words: str) -> list[HelpPage]:
    """Give the pages that have any of the words asked for, best first: for a question that no page answers whole."""
    found: dict[str, tuple[int, HelpPage]] = {}
    for word in dict.fromkeys(each for each in _words(words) if len(each) >= SHORTEST):
        for page in find(word):
            found[page.name] = (found.get(page.name, (0, page))[0] + 1, page)
    return [page for _, page in sorted(found.values(), key=lambda one: -one[0])]


def _ranked(asked: list[tuple[str, ...]], parts: list[_Parts]) -> list[int]:
    """Give the places of the pages that have one way to spell each word asked for, best first."""
    ranked = []
    for at, each in enumerate(parts):
        scores = [max((_score(way, each.title, each.heads, each.text) for way in ways), default=0) for ways in asked]
        if all(scores):
            often = sum(word.startswith(way) for ways in asked for way in ways for word in each.text)
            ranked.append((-sum(scores), -often, at))
    return [at for *_, at in sorted(ranked)]


def _meant(ways: tuple[str, ...]) -> tuple[str, ...]:
    return (*ways, *(MEANT[way] for way in ways if way in MEANT))


def _spelt(word: str, every: set[str]) -> tuple[str, ...]:
    """Give the words that a word may be meant for: itself where a page has it, else those spelt most like it."""
    if any(known.startswith(word) for known in every):
        return (word,)
    if len(word) < SHORTEST:
        return ()
    stems = [known for known in every if len(known) > SHORTEST and word.startswith(known)]
    return (*stems, *difflib.get_close_matches(word, every, 3, ALIKE))


def _page(path: Path) -> HelpPage:
    text = path.read_text(encoding="utf-8")
    _, first, body = text.split(FENCE, 2) if text.startswith(FENCE) and text.count(FENCE) > 1 else ("", "", "")
    lines = (line.partition(":") for line in first.splitlines())
    values = {name.strip(): value.strip() for name, colon, value in lines if colon}
    try:
        return HelpPage(
            path.stem, values["title"], values["section"], int(values["order"]),
            _listed(values.get("places", "")), _listed(values.get("covers", "")), body.strip() + "\n",
        )  # fmt: skip
    except KeyError as error:
        raise ValueError(f"{path.name} has no line for {error.args[0]}") from error


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _headings(page: HelpPage) -> str:
    return " ".join([*re.findall(r"^#+ (.*)$", page.body, re.MULTILINE), *page.covers])


def _plain(text: str) -> str:
    """Take accents and capitals away, letter for letter, so that places in the text stay the same."""
    return "".join((unicodedata.normalize("NFD", letter)[:1] or letter).casefold()[:1] for letter in text)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _plain(text).replace("’", "'"))


def _score(word: str, title: list[str], headings: list[str], text: list[str]) -> int:
    for worth, part in ((100, title), (10, headings), (1, text)):
        if any(each.startswith(word) for each in part):
            return worth
    return 0
