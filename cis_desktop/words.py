"""How dates, periods, numbers, money and keys are written for people."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date, datetime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | str) -> str:
    """Write a day as `22 Nov 2026`. Takes a date or ISO text; raises ValueError for other text."""
    when = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def minute(value: str) -> str:
    """Write a moment, ISO text in UTC, as `22 Nov 2026, 14:05` by this computer's clock."""
    when = datetime.fromisoformat(value).astimezone()
    return f"{day(when.date())}, {when:%H:%M}"


def month(value: str) -> str:
    """Write `2026-11` as `Nov 2026`."""
    year, number = value.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def period(key: str) -> str:
    """Write a period from its key for people: `2018`, `Jan to Mar 2018`, `Mar 2018`, or its first day and its last.

    Other text is given as it is.
    """
    if quarter := re.fullmatch(r"(\d{4})-Q([1-4])", key):
        last = 3 * int(quarter[2])
        return f"{MONTHS[last - 3]} to {MONTHS[last - 1]} {quarter[1]}"
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", key):
        return month(key)
    first, _, last_day = key.partition("..")
    try:
        if first == last_day:
            return day(first)
        return f"{day(first)} to {day(last_day)}" if last_day else key
    except ValueError:
        return key


def when(value: str) -> str:
    """Write a day, or a month where only that is known: ISO text, `2026-11-22` or `2026-11`."""
    return day(value) if len(value) > 7 else month(value)


def number(value: int) -> str:
    """Write a whole number in groups of three: `79,838`."""
    return f"{value:,}"


def pounds(pence: int) -> str:
    """Write an amount of pence as pounds: `£1,234.50`, and `£1,234` when there are no pence."""
    sign, amount = ("-" if pence < 0 else ""), abs(pence)
    return f"{sign}£{amount // 100:,}" + (f".{amount % 100:02d}" if amount % 100 else "")


def amount(value: int, unit: str) -> str:
    """Write a figure in its unit: money as pounds, everything else as a grouped number."""
    return pounds(value) if unit == "pence" else number(value)


def count(value: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun: `1 visit`, `1,204 visits`, `2 people`."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def listed(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Join words as in a sentence: `food, housing and debt`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def file_size(size: int) -> str:
    """Write a number of bytes as people say it: `812 bytes`, `34 kB`, `2.4 MB`."""
    if size < 1000:
        return count(size, "byte")
    if size < 1_000_000:
        return f"{size // 1000} kB"
    return f"{size / 1_000_000:.1f} MB"


def fingerprint(public: str) -> str:
    """Return a public key (hex) as people compare it: eight groups of four digits of its SHA-256."""
    digest = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


_MARKS = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that only steer the direction of writing."""
_BACKWARDS = frozenset({"R", "AL", "AN"})
_UNSEEN = dict.fromkeys(
    [
        *range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F),
        *range(0x2060, 0x2070), 0xFEFF,
    ]
)  # fmt: skip
"""What is not seen but steers: a terminal, or which way round a line is read. What joins letters and emoji is none."""
_LONG_WORD = re.compile(r"\S{16}(?=\S)")


def same(one: str, other: str) -> bool:
    """Say whether two names are the same to a reader."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def harmless(text: str) -> str:
    """Give text without the characters that nobody sees and that turn a line round, or steer a terminal."""
    return text if text.isprintable() else text.translate(_UNSEEN)


def harmless_json(text: str) -> str:
    """Give JSON with the same characters written as escapes, so that it says the same and steers nothing."""
    return text.translate({each: f"\\u{each:04x}" for each in _UNSEEN})


def within(text: str) -> str:
    """Give what people wrote as it can stand within a sentence or a line of facts.

    Right-to-left text is isolated (Unicode FSI and PDI, UAX 9), so that numbers beside it stay in their place, and
    marks in it that steer the direction are taken out. A word with no end gets places where a line can break.
    """
    if any(unicodedata.bidirectional(letter) in _BACKWARDS or ord(letter) in _MARKS for letter in text):
        return f"\u2068{breakable(text.translate(_MARKS))}\u2069"
    return breakable(text)


def breakable(text: str) -> str:
    """Give text in which a word with no end has places where a line can break, so that it fits any page."""
    return _LONG_WORD.sub("\\g<0>\u200b", text)


def shortened(text: str, most: int = 80) -> str:
    """Give the beginning of a text in one line, with "…" where it goes on; no accent is parted from its letter."""
    line = " ".join(text[: 4 * most].split())
    if len(line) <= most and len(text) <= 4 * most:
        return line
    end = most - 1
    while end and unicodedata.combining(line[end : end + 1] or " "):
        end -= 1
    return line[:end].rstrip() + "…"
