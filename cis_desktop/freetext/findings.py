"""What was found in a text, and where its sentences begin and end."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "name", "team", "spelling", "nickname", "called", "postcode", "place", "address", "phone", "email", "web", "nhs",
    "insurance", "long_number", "registration", "reference", "birth", "date", "age", "few", "only", "role", "hidden",
    "rounded", "script", "about",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

_END = re.compile(r"[.!?…]+[\"'”’)]*\s+|\n+")
_SHORTENED = re.compile(r"\b(?:mr|mrs|ms|dr|st|no|rev|[a-z])\.\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something at `start` to `end` (characters) of a text that could point at somebody, and why, in a sentence.

    `key` stands for the finding and the sentence it is in: an answer to it holds as long as that sentence stays.
    """

    kind: Kind
    start: int
    end: int
    words: str
    why: str
    key: str


def finding(kind: Kind, text: str, start: int, end: int, why: str) -> Finding:
    """Make the finding at `start` to `end` of a text."""
    first, last = next(((a, b) for a, b in sentences(text) if a <= start < b), (0, len(text)))
    said = "\n".join((kind, text[start:end], text[first:last].strip()))
    return Finding(kind, start, end, text[start:end], why, hashlib.sha256(said.encode()).hexdigest()[:10])


def sentences(text: str) -> list[tuple[int, int]]:
    """Give where each sentence begins and ends, in order."""
    found, first = [], 0
    for end in _END.finditer(text):
        # "Mr. Khan" is no end of a sentence.
        if not _SHORTENED.search(text[first : end.end()]):
            found.append((first, end.end()))
            first = end.end()
    return [*found, (first, len(text))] if first < len(text) or not found else found
