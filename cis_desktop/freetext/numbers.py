"""Numbers in a text, in digits or in words, and what they are numbers of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_UNITS, _TENS = _COUNTED.split(), ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_OTHER = {"a single": 1, "both": 2, "a couple of": 2, "half a dozen": 6, "a dozen": 12, "a hundred": 100}
WORDS = {word: n for n, word in enumerate(_UNITS, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)} | _OTHER
_NAMED = "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True))
NUMBER = rf"\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}|(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_UNITS[:9])})|{_NAMED}"
_NUMBER = re.compile(rf"(?<![\w.,£$€:/#-])({NUMBER})(?![\w:/#]|[.,]\d|-\d)", re.IGNORECASE)
# Hours, prices, lengths and years are counts of nobody.
_OF_SOMETHING_ELSE = re.compile(
    r"\s*-?\s*(?:am|pm|a\.m|p\.m|o[’']clock|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|years?-old|"
    r"pounds?|quid|p|pence|kg|kilos?|grams?|litres?|miles?|km|metres?|degrees|times?|st|nd|rd|th|bags?|tins?|boxes|loaves|buses|"
    r"floors?)\b",
    re.IGNORECASE,
)
PERSONS = (
    r"(?:people|persons?|famil(?:y|ies)|households?|child(?:ren)?|kids?|bab(?:y|ies)|clients?|members?|residents?|"
    r"visitors?|m[ae]n|wom[ae]n|lad(?:y|ies)|gentlem[ae]n|m(?:other|um)s?|fathers?|dads?|girls?|boys?|parents?|"
    r"grandparents?|grandmothers?|grandfathers?|brothers?|sisters?|siblings|twins|sons?|daughters?|cousins?|"
    r"neighbours?|pensioners?|tenants?|refugees?|asylum[- ]seekers?|students?|pupils?|teenagers?|carers?|couples?|"
    r"widow(?:er)?s?|veterans?|patients?|users?|regulars?|newcomers?|adults?|volunteers?|worshippers?|learners?)"
)
_PERSONS = re.compile(rf"(?:\s+(?:of\s+(?:our|the|my)\s+)?[a-z’'-]+){{0,2}}?\s+{PERSONS}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `start` to `end` of a text. `persons_end` is where the people end that it counts, else None."""

    value: int
    start: int
    end: int
    persons_end: int | None
    of_something_else: bool


def value_of(text: str) -> int:
    """Read a number as `NUMBER` matches it."""
    plain = text.lower().replace(",", "")
    if plain.isdigit():
        return int(plain)
    if plain in WORDS:
        return WORDS[plain]
    tens, _, unit = plain.replace("-", " ").partition(" ")
    return WORDS[tens] + WORDS[unit]


def numbers_in(text: str) -> Iterator[Number]:
    """Give the numbers of a text that stand by themselves."""
    for match in _NUMBER.finditer(text):
        value = value_of(match[1])
        people = _PERSONS.match(text, match.end())
        year = match[1].isdigit() and 1900 <= value <= 2100 and people is None
        other = year or bool(_OF_SOMETHING_ELSE.match(text, match.end()))
        yield Number(value, match.start(), match.end(), people.end() if people else None, other)
