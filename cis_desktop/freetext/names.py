"""Names of the people of a record, looked for in a text: as they are written, nearly so, or cut short.

Words are found with an automaton of all names at once (Aho-Corasick), so that a name is found in scripts without blanks
between words too. Spelling is compared by the optimal string alignment distance: an exchange of neighbours is one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from cis_desktop.paths import resources
from cis_desktop.vault.tables import Connection

from .findings import Finding, finding, sentences

PEOPLE = ("select given_name from people union select family_name from people union select label from households",)
TEAM = (
    "select name from desk_volunteers union select worker from cases union select checked_by from observations"
    " union select signed_off_by from releases union select accepted_by from agreements"
    " union select name from ways_in union select name from concern_readers",
)
PLACES = (
    "select name from areas union select venue from sessions union select place from observations"
    " union select name from organisations union select label from themes",
)
WORD = re.compile(r"[^\W\d_]+")
# Written without blanks between words: Thai, Lao, Burmese, Khmer, Japanese and Chinese.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_PARTICLES = "al and bin bint da de del der di dos du el ibn la le mac mc of the van von y"
PARTICLES = frozenset(_PARTICLES.split())
"""Words in names that name nobody by themselves."""
_KNOWN = (
    "april august britain british christmas council credit december diwali easter england english europe "
    "february friday ireland january july june london march monday november october ramadan saturday "
    "scotland september sunday thursday tuesday universal wales wednesday"
)
KNOWN = frozenset(_KNOWN.split())
"""Capitalised words that are no misspelt names."""
_FUNCTION = "a am an as at be do he her his i if in is it me my no of on or she so the to up us we you"
FUNCTION = frozenset(_FUNCTION.split())
"""Words that are a name only where they have a capital letter inside a sentence."""

IN_RECORDS = "This is a name in your records. Whoever reads it knows who is meant."
IN_TEAM = "This is the name of somebody who works or helps here. Did they agree to be named?"
NEARLY = "This is spelt nearly like a name in your records."
SHORT = "This is how a name in your records begins, so it may be short for it."


@dataclass(frozen=True, slots=True)
class Names:
    """An index of names, each folded to plain small letters. `words` is an automaton; `known` are no names."""

    words: Any
    people: tuple[str, ...]
    team: frozenset[str]
    known: frozenset[str]


def gather(connection: Connection, also: Iterable[str] = (), known: Iterable[str] = ()) -> Names:
    """Index every name that is written down: people (removed ones too), households, the team, and `also` of these.

    `known` are words that everybody knows, such as the labels of an agreement: no misspelling is looked for in them.
    """
    people = set(_parts(_texts(connection, PEOPLE)))
    team = set(_parts([*_texts(connection, TEAM), *also])) - people
    places = set(_parts([*_texts(connection, PLACES), *known]))
    return index(people, team, places)


def index(people: Iterable[str], team: Iterable[str] = (), known: Iterable[str] = ()) -> Names:
    """Make an index of single words."""
    import ahocorasick

    automaton = ahocorasick.Automaton()
    own, others = {fold(each) for each in people}, {fold(each) for each in team}
    for word in own | others:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return Names(automaton, tuple(sorted(own)), frozenset(others - own), KNOWN | {fold(each) for each in known})


def fold(text: str) -> str:
    """Give a text in small letters without accents, letter by letter: it is as long as it was."""
    return "".join(_folded(letter) for letter in text)


def names_in(text: str, names: Names) -> Iterator[Finding]:
    """Find names in a text; those that follow each other are one finding."""
    plain = fold(text)
    first = {m.start() for a, b in sentences(text) if (m := WORD.search(text, a, b))}
    exact = _exact(text, plain, names, first)
    for start, end, team in _joined(text, exact):
        yield finding("team" if team else "name", text, start, end, IN_TEAM if team else IN_RECORDS)
    taken = {at for start, end, _ in exact for at in range(start, end)}
    for match in WORD.finditer(text):
        word = plain[match.start() : match.end()]
        if match.start() in taken or not match[0][0].isupper() or word in names.known:
            continue
        begins = match.start() in first
        if begins and word in ordinary():
            continue
        if _near(word, match[0], names, begins):
            yield finding("spelling", text, match.start(), match.end(), NEARLY)
        elif _begins_a_name(word, match[0], names):
            yield finding("nickname", text, match.start(), match.end(), SHORT)


@cache
def ordinary() -> frozenset[str]:
    """Give some thousand ordinary English words: those that passphrases are suggested of."""
    return common() | frozenset(each for each in _listed("eff-long.txt") if each.isalpha())


@cache
def common() -> frozenset[str]:
    """Give the words that begin sentences, and surnames that are words as well."""
    return frozenset(_listed("ordinary.txt"))


def _listed(file: str) -> list[str]:
    return (resources() / "words" / file).read_text(encoding="utf-8").split()


def _texts(connection: Connection, queries: tuple[str, ...]) -> list[str]:
    return [str(text) for query in queries for (text,) in connection.execute(query) if text]


def _parts(texts: Iterable[str]) -> Iterator[str]:
    """Give the words of names that are worth looking for."""
    for text in texts:
        for word in WORD.findall(unicodedata.normalize("NFC", text)):
            plain = fold(word)
            if (
                plain not in PARTICLES
                and plain not in ("family", "household")
                and (len(plain) > 1 or _UNSPACED.match(plain))
            ):
                yield plain


def _exact(text: str, plain: str, names: Names, first: set[int]) -> list[tuple[int, int, bool]]:
    found: dict[int, tuple[int, int, bool]] = {}
    for last, word in names.words.iter(plain) if len(names.words) else ():
        start, end = last - len(word) + 1, last + 1
        if not _UNSPACED.match(word) and (_letter(text, start - 1) or _letter(text, end)):
            continue
        capital = not text[start].islower()
        named = (capital or word not in ordinary()) and not (start in first and word in FUNCTION)
        if named and (start not in found or found[start][1] < end):
            found[start] = (start, end, word in names.team)
    return [found[start] for start in sorted(found)]


def _joined(text: str, parts: list[tuple[int, int, bool]]) -> Iterator[tuple[int, int, bool]]:
    held: tuple[int, int, bool] | None = None
    for start, end, team in parts:
        if held is not None and text[held[1] : start] in ("", " ", "-", "’", "'"):
            held = (held[0], max(held[1], end), held[2] and team)
            continue
        if held is not None:
            yield held
        held = (start, end, team)
    if held is not None:
        yield held


def _near(word: str, written: str, names: Names, begins: bool) -> bool:
    """Say whether a word is a name but for one letter, or two in a long one."""
    if len(word) < (5 if begins else 4) or written.isupper() or not names.people:
        return False
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = 2 if len(word) > 7 else 1
    near = process.extract(word, names.people, scorer=OSA.distance, score_cutoff=most, limit=5)
    # Of short words, most that differ in the first letter are other words.
    return any(len(name) > 3 and (len(word) > 5 or name[0] == word[0]) for name, *_ in near)


def _begins_a_name(word: str, written: str, names: Names) -> bool:
    if len(word) < 3 or written.isupper() or word in common():
        return False
    at = bisect_left(names.people, word)
    return at < len(names.people) and names.people[at].startswith(word)


def _letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or unicodedata.category(text[at]) == "Mn")


@cache
def _folded(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter).casefold()
    return plain[0] if plain else letter
