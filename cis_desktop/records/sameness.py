"""Whether two records are of the same person: pairs that look alike, and the answers people gave.

An answer is a setting named after the two records' uids (hashed, as an erasure keeps them), so that it is part of the
history, can be undone, and says nothing of anybody who was erased.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import Literal

from cis_desktop.vault.erasure import uid_hash
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import set_setting

Answer = Literal["same", "two"]
Reason = Literal["name", "spelling", "birth year", "phone", "email", "postcode", "number"]

ALIKE = 0.8
"""How alike two spellings must be: the share of letters in common, in order (Ratcliff and Obershelp)."""
DIFFERENT = 5
"""Letters that only one of two spellings has, at most: counting them is quicker than comparing."""
ENOUGH = 4
CROWD = 60
"""A postcode or year with more people than this is no sign; a name so common says nothing by itself either."""
MOST = 300
NUMBERS = 7
"""Digits that a phone number has at least."""
_ANSWER = "same_person"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may be one, the one written down first first, and why it looks so."""

    first: int
    second: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    name: str
    birth_year: int | None
    postcode: str | None
    phone: str
    email: str
    number: str


def candidates(connection: Connection, tell: Callable[[int, int], object] = lambda done, total: None) -> list[Pair]:
    """List pairs who look like one person and are not answered for, the likeliest first, at most 300.

    Takes about as long as reading everybody once; `tell(done, total)` may raise to stop it.
    """
    everybody = _everybody(connection)
    answered = _answered(connection)
    uids = dict(connection.execute("select id, uid from people where gone = 0"))
    found: dict[tuple[int, int], tuple[int, Pair]] = {}
    groups = list(_groups(everybody))
    for at, group in enumerate(groups):
        if at % 500 == 0:
            tell(at, len(groups))
        for one, other in combinations(group, 2):
            key = (one.id, other.id)
            if key in found:
                continue
            points, reasons = _compare(one, other)
            if points >= ENOUGH and key_of(uids[one.id], uids[other.id]) not in answered:
                found[key] = points, Pair(one.id, other.id, reasons)
    ranked = sorted(found.values(), key=lambda each: (-each[0], -each[1].second))
    return [pair for _, pair in ranked[:MOST]]


def answer(change: Change, first: int, second: int, said: Answer) -> None:
    """Remember what somebody answered about two people."""
    set_setting(change, key_of(*_uids(change.connection, first, second)), said)


def joined_with(connection: Connection, person_id: int) -> list[int]:
    """List the people who were joined into this one, or into one of those, gone as they are."""
    pairs = [name.split(":")[1:] for name, said in _answers(connection) if said == "same"]
    if not pairs:
        return []
    gone = {
        uid_hash(uid).hex()[:32]: row for row, uid in connection.execute("select id, uid from people where gone = 1")
    }
    (own,) = connection.execute("select uid from people where id = ?", (person_id,)).fetchone()
    found: dict[str, None] = {}
    pending = [uid_hash(own).hex()[:32]]
    while pending:
        at = pending.pop()
        for pair in pairs:
            for other in pair:
                if at in pair and other != at and other in gone and other not in found:
                    found[other] = None
                    pending.append(other)
    return [gone[each] for each in found]


def lives_on_in(connection: Connection, person_id: int) -> list[int]:
    """List the people, still there, whom somebody who is gone was joined into: more than one where laptops differ."""
    joined: dict[str, set[str]] = defaultdict(set)
    for name, said in _answers(connection):
        if said == "same":
            one, other = name.split(":")[1:]
            joined[one].add(other)
            joined[other].add(one)
    (own,) = connection.execute("select uid from people where id = ?", (person_id,)).fetchone()
    at = uid_hash(own).hex()[:32]
    if at not in joined:
        return []
    everybody = {uid_hash(uid).hex()[:32]: (row, gone) for row, uid, gone in _all(connection)}
    met, pending = {at}, [at]
    while pending:
        for other in joined[pending.pop()] - met:
            met.add(other)
            # Whoever is there is an end: two of them are two people, until somebody says otherwise.
            if not everybody.get(other, (0, 0))[1]:
                continue
            pending.append(other)
    return sorted(everybody[each][0] for each in met - {at} if each in everybody and not everybody[each][1])


def asked_about(connection: Connection, name: str) -> list[int]:
    """Give the ids of the two people whom the setting of this name answers about, as far as they are here."""
    wanted = name.split(":")[1:]
    if not name.startswith(f"{_ANSWER}:"):
        return []
    return [row for row, uid, _ in _all(connection) if uid_hash(uid).hex()[:32] in wanted]


def key_of(first: bytes, second: bytes) -> str:
    """Give the name of the setting that holds the answer about two people, by their uids, in either order."""
    return ":".join((_ANSWER, *sorted(uid_hash(uid).hex()[:32] for uid in (first, second))))


def _answers(connection: Connection) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in connection.execute(
            "select name, value from settings where gone = 0 and name between ? and ?", (_ANSWER + ":", _ANSWER + ";")
        )
    ]


def _answered(connection: Connection) -> set[str]:
    return {name for name, _ in _answers(connection)}


def _all(connection: Connection) -> list[tuple[int, bytes, int]]:
    return [(row, uid, gone) for row, uid, gone in connection.execute("select id, uid, gone from people order by id")]


def _uids(connection: Connection, first: int, second: int) -> tuple[bytes, bytes]:
    found = dict(connection.execute("select id, uid from people where id in (?, ?)", (first, second)))
    return found[first], found[second]


def _everybody(connection: Connection) -> list[_Known]:
    return [
        _Known(
            row[0], _folded(f"{row[1] or ''} {row[2] or ''}"), row[3], row[4], _digits(row[5] or ""),
            (row[6] or "").casefold(), (row[7] or "").casefold(),
        )
        for row in connection.execute(
            "select id, given_name, family_name, birth_year, postcode, phone, email, own_number from people"
            " where gone = 0 order by id"
        )
    ]  # fmt: skip


def _groups(everybody: list[_Known]) -> Iterator[list[_Known]]:
    """Give the groups within which people are compared: those who share something."""
    shared: dict[tuple[object, ...], list[_Known]] = defaultdict(list)
    for each in everybody:
        if each.phone:
            shared["phone", each.phone].append(each)
        if each.email:
            shared["email", each.email].append(each)
        if each.number:
            shared["number", each.number].append(each)
        if each.name:
            words = each.name.split()
            shared["name", each.name].append(each)
            if each.postcode:
                shared["postcode", each.postcode].append(each)
            if each.birth_year:
                shared["year", each.birth_year, words[-1][:2]].append(each)
                shared["year", each.birth_year, words[0][:2], words[-1][:1]].append(each)
    for group in shared.values():
        if 1 < len(group) <= CROWD:
            yield group


def _compare(one: _Known, other: _Known) -> tuple[int, tuple[Reason, ...]]:
    """Weigh what speaks for one person; years of birth more than a year apart speak against it.

    Spelling comes last: it takes longest, and most pairs are settled before.
    """
    if one.birth_year and other.birth_year and abs(one.birth_year - other.birth_year) > 1:
        return 0, ()
    points, reasons = 0, list[Reason]()
    shared: tuple[tuple[Reason, object, object, int], ...] = (
        ("birth year", one.birth_year, other.birth_year, 2),
        ("phone", one.phone, other.phone, 3),
        ("email", one.email, other.email, 4),
        ("number", one.number, other.number, 4),
        ("postcode", one.postcode, other.postcode, 2),
    )
    for reason, mine, theirs, worth in shared:
        if mine and mine == theirs:
            points += worth
            reasons.append(reason)
    if one.name and one.name == other.name:
        return points + 3, ("name", *reasons)
    if not (one.name and other.name):
        return points, tuple(reasons)
    # Those who share a phone or an address under other names are a family.
    if points + 2 < ENOUGH or not _alike(one.name, other.name):
        return 0, ()
    return points + 2, ("spelling", *reasons)


def _alike(one: str, other: str) -> bool:
    """Say whether two names are spelt alike."""
    if len(set(one) ^ set(other)) > DIFFERENT:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _folded(name: str) -> str:
    """Give the words of a name in the order of the alphabet, without accents, capitals, hyphens and apostrophes."""
    plain = unicodedata.normalize("NFKD", name[:200]).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(sorted(re.sub(r"[^\w\s]", "", bare.replace("-", " ")).split()))[:100]


def _digits(phone: str) -> str:
    digits = re.sub(r"\D", "", phone.strip().replace("+44", "0", 1))
    return digits if len(digits) >= NUMBERS else ""
