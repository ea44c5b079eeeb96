"""Everything that is looked for in a text, in the order in which it is read."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .blanks import NO_BLANKS, Blanks, numbers_beside
from .disguised import disguised_in
from .findings import KINDS, Finding
from .names import Names, names_in
from .patterns import details_in

FIELD = re.compile(r"\{[^{}\n]*\}")
"""A figure that is inserted: it says what the table says, so nothing is looked for in it."""


def search(text: str, names: Names, blanks: Blanks = NO_BLANKS) -> tuple[Finding, ...]:
    """Give what in `text` could point at somebody, by where it is.

    Of findings of one kind that lie within each other, the longest is given. Nothing found is no proof of anything: a
    text can describe somebody in words of no kind that is known here.
    """
    plain = "".join(map(_plain, FIELD.sub(lambda match: "#" * len(match[0]), text)))
    found = [
        *names_in(plain, names),
        *disguised_in(plain, names),
        *details_in(plain, blanks.threshold),
        *numbers_beside(plain, blanks),
    ]
    kept: list[Finding] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end, KINDS.index(one.kind))):
        inside = [one for one in kept if one.start <= each.start and each.end <= one.end]
        if not any(one.kind == each.kind or _covers(one.kind, each.kind) for one in inside):
            kept.append(each)
    return tuple(kept)


@cache
def _plain(letter: str) -> str:
    """Give a digit, a blank or a dash of any width or kind as the ordinary one, so that what is found is as long."""
    if unicodedata.category(letter) == "Pd":
        return "-"
    plain = unicodedata.normalize("NFKC", letter)
    return plain if plain.isascii() and len(plain) == 1 else letter


def _covers(kind: str, other: str) -> bool:
    """Say whether a longer finding of one kind asks what one of another kind inside it would ask again."""
    covered = {
        "name": {"spelling", "nickname", "called"},
        "phone": {"long_number"},
        "nhs": {"long_number", "phone"},
        "email": {"web", "spelling", "nickname"},
        "web": {"email", "spelling", "nickname"},
        "birth": {"long_number", "date"},
        "date": {"long_number"},
        "postcode": {"place", "registration"},
        "insurance": {"long_number", "postcode"},
        "registration": {"postcode"},
        "address": {"place", "spelling", "nickname"},
        "place": {"spelling", "nickname"},
        "called": {"spelling", "nickname"},
        "age": {"few"},
        "few": {"only"},
        "only": {"few"},
    }
    numbers = {"phone", "nhs", "birth", "date", "postcode", "insurance", "registration", "address", "age"}
    return other in covered.get(kind, set()) or (kind in numbers and other in ("hidden", "rounded"))
