"""Columns of whole numbers, laid out so that zlib finds what they have in common."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence

import msgspec

MOST = 1 << 22
"""Numbers in one column at most: a column of one number takes no room, however many it says there are."""
TYPES = {1: "B", 2: "H", 4: "I", 8: "Q"}


class Column(msgspec.Struct, frozen=True, array_like=True):
    """The least number; how many bytes each takes above it; and of all first the lowest byte, then the next."""

    least: int
    width: int
    planes: bytes


def column(numbers: Sequence[int]) -> Column:
    """Lay out numbers. Raises OverflowError for those that are 2^64 or more apart."""
    least = min(numbers, default=0)
    span = max(numbers, default=0) - least
    if not span:
        return Column(least, 0, b"")
    width = next((width for width in TYPES if span < 1 << 8 * width), 8)
    laid = array(TYPES[width], [number - least for number in numbers])
    if sys.byteorder == "big":
        laid.byteswap()
    raw = laid.tobytes()
    return Column(least, width, b"".join(raw[plane::width] for plane in range(width)))


def numbers_in(found: Column, count: int) -> list[int]:
    """Give the numbers of a column. Raises ValueError if it is none of so many."""
    if not 0 <= count <= MOST or len(found.planes) != count * found.width or found.width not in (0, *TYPES):
        raise ValueError("a column of another length")
    if not found.width:
        return [found.least] * count
    raw = bytearray(len(found.planes))
    for plane in range(found.width):
        raw[plane :: found.width] = found.planes[plane * count : (plane + 1) * count]
    laid = array(TYPES[found.width], bytes(raw))
    if sys.byteorder == "big":
        laid.byteswap()
    least = found.least
    return [least + number for number in laid]


def places_in(found: Column, count: int, below: int) -> list[int]:
    """Give the numbers of a column which are places in a list of that length. Raises ValueError if they are not."""
    numbers = numbers_in(found, count)
    if numbers and not 0 <= min(numbers) <= max(numbers) < below:
        raise ValueError("a place where nothing is")
    return numbers


def steps(numbers: Iterable[int]) -> list[int]:
    """Give each number as its difference from the one before, which is mostly one and the same."""
    before, found = 0, []
    for number in numbers:
        found.append(number - before)
        before = number
    return found
