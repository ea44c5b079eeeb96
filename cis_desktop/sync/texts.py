"""Two texts of one field: what only one of them says, and both in one."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_PART = re.compile(r"[^\n.!?]+[.!?]*|\n+|[.!?]+")


def only_in(text: str, others: list[str]) -> str:
    """Give the sentences and lines that none of the other texts has, with "…" for what is left out between."""
    known = {_same(part) for other in others for part in _parts(other)}
    found: list[str] = []
    for part in _parts(text):
        if _same(part) not in known:
            found.append(part.strip())
        elif found and found[-1] != "…":
            found.append("…")
    return " ".join(found).removesuffix(" …")


def both(texts: list[str], between: str) -> str:
    """Put texts into one: what they share stands once, and where they differ each has its say, `between` apart."""
    whole = texts[0]
    for text in texts[1:]:
        whole = _joined(whole, text, between)
    return whole


def _joined(one: str, other: str, between: str) -> str:
    if other.strip() in one:
        return one
    if one.strip() in other:
        return other
    mine, theirs = _parts(one), _parts(other)
    written: list[str] = []
    matcher = SequenceMatcher(None, [_same(part) for part in mine], [_same(part) for part in theirs], autojunk=False)
    for same, first, last, begin, end in matcher.get_opcodes():
        kept = (
            ["".join(mine[first:last])] if same == "equal" else ["".join(mine[first:last]), "".join(theirs[begin:end])]
        )
        written += [part.strip() for part in kept if part.strip()]
    return between.join(written)


def _parts(text: str) -> list[str]:
    """Split a text into sentences and lines."""
    return [part for part in _PART.findall(text) if part.strip()]


def _same(part: str) -> str:
    return " ".join(part.split()).casefold()
