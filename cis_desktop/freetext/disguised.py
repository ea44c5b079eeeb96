"""Names and telephone numbers that are split, run together or spelt with other signs to hide them.

Only what comes out as a whole name or a whole number is told: half a disguise is an ordinary slip of the keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .findings import Finding, finding
from .names import FUNCTION, WORD, Names, fold, ordinary

READ_TOGETHER = "Read together, this is a name in your records."
LIKE_LETTERS = str.maketrans("@4310$5", "aaeioss")
_SHORTEST, _LONGEST = 4, 12
_CAPITAL_INSIDE = re.compile(r"(?<=[^\W\d_])(?=[A-Z][a-z])")
_WITH_SIGNS = re.compile(r"(?<!\w)[A-Za-z][A-Za-z@$\d]*[@$\d][A-Za-z]+(?![\w@$])")
_DIGIT = r"(?:\d|o(?![a-np-z])|zero|oh|nought|one|two|three|four|five|six|seven|eight|nine)"
_NOUGHT = r"(?:0|o(?![a-np-z])|zero|oh|nought)"
_SPELT_OUT = re.compile(
    rf"(?<![\w£.,])(?:\+?44|{_NOUGHT})(?:[ ().,-]{{0,2}}(?:(?:double|triple)[ -])?{_DIGIT}){{8,11}}(?![\w])", re.I
)


def disguised_in(text: str, names: Names) -> Iterator[Finding]:
    """Find names and telephone numbers in a text that are not written as such."""
    known = set(names.people)
    words = list(WORD.finditer(text))
    for at, word in enumerate(words):
        yield from _run_together(text, word, known, names)
        yield from _split(text, words, at, known)
    for match in _WITH_SIGNS.finditer(text):
        if fold(match[0].translate(LIKE_LETTERS)) in known and not match[0].isalpha():
            yield finding("name", text, match.start(), match.end(), READ_TOGETHER)
    for match in _SPELT_OUT.finditer(text):
        # In plain digits it is found as what it is.
        if re.search(r"[a-z]", match[0], re.I):
            yield finding("phone", text, match.start(), match.end(), "This can be a telephone number.")


def _run_together(text: str, word: re.Match[str], known: set[str], names: Names) -> Iterator[Finding]:
    plain = fold(word[0])
    if len(plain) < 2 * _SHORTEST - 2 or plain in known or plain in names.known or plain in ordinary():
        return
    inside = _CAPITAL_INSIDE.split(word[0])
    two = any({plain[:cut], plain[cut:]} <= known for cut in range(3, len(plain) - 2))
    if two or (len(inside) > 1 and any(fold(part) in known and len(part) > 2 for part in inside)):
        yield finding("name", text, word.start(), word.end(), READ_TOGETHER)


def _split(text: str, words: list[re.Match[str]], at: int, known: set[str]) -> Iterator[Finding]:
    """Find the longest run of pieces from here, one sign apart from each other, that is a name."""
    if not words[at][0][0].isupper():
        return
    together, last, odd, found = fold(words[at][0]), words[at].end(), _odd(words[at][0]), None
    for word in words[at + 1 :]:
        if word.start() - last != 1 or text[last] not in " .-_'’*·" or len(together) + len(word[0]) > _LONGEST:
            break
        together, last, odd = together + fold(word[0]), word.end(), odd or _odd(word[0])
        if odd and len(together) >= _SHORTEST and together in known:
            found = last
    if found is not None:
        yield finding("name", text, words[at].start(), found, READ_TOGETHER)


def _odd(piece: str) -> bool:
    """Say whether a piece is no word, so that it begs to be put to its neighbour."""
    plain = fold(piece)
    return plain not in FUNCTION and (len(plain) == 1 or (len(plain) < 7 and plain not in ordinary()))
