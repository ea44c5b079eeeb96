"""JSON that others wrote, read strictly; and the one form in which signed JSON is written as bytes."""

from __future__ import annotations

import json
import math
import re
from typing import Any

MOST_DEPTH = 20
MOST_BRACKETS = 200_000
_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")


class TooDeep(ValueError):
    """The document is nested deeper, or has more parts, than any of ours."""


class Twice(ValueError):
    """A name stands twice in one object, so that two readers could read two things; the name is the error's text."""


def read(data: bytes) -> Any:
    """Read UTF-8 JSON, in time that grows with its length only.

    Raises `TooDeep` beyond 20 levels or 200,000 brackets, `Twice`, or another ValueError for what is no JSON (NaN
    and Infinity are none, nor is a number too large to be held, or half a character).
    """
    # Counted first: a list of empty lists takes thirty times its own size to read.
    if data.count(b"[") + data.count(b"{") > MOST_BRACKETS:
        raise TooDeep("too many brackets")
    try:
        found = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_float
        )
    except RecursionError as error:
        raise TooDeep("nested too deeply to be read") from error
    if _deeper(found, MOST_DEPTH):
        raise TooDeep(f"nested deeper than {MOST_DEPTH}")
    if _ESCAPED.search(data):
        # Half of a pair, by its number, is a text that no file, database or signature can hold.
        json.dumps(found, ensure_ascii=False).encode()
    return found


def canonical(value: Any) -> bytes:
    """Return `value` as canonical JSON: UTF-8, keys sorted, no spaces, no escapes but those JSON needs."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Twice(name)
        found[name] = value
    return found


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number too large to be held")
    return number


def _deeper(value: Any, than: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    return than == 0 or any(_deeper(part, than - 1) for part in (value.values() if isinstance(value, dict) else value))
