"""Passphrases: six words by chance to offer, and how soon one that somebody made up would be guessed.

The words are the EFF's long list (`resources/words`): 7,776 of them, so six are worth 77 bits. How hard an own
passphrase is to guess is estimated by zxcvbn (Wheeler, USENIX Security 2016), which knows common ones, names, dates
and patterns of the keyboard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cis_desktop.errors import CisError
from cis_desktop.paths import resources

COUNT = 6
FEWEST = 8
"""Characters; fewer can all be tried."""
GUESSES_A_SECOND = 1000
"""A thief with a large rented computer: each try of Argon2id takes 64 MiB and its share of a second."""
DAY = 86400
LONGEST_JUDGED = 72
"""Characters that zxcvbn looks at; what comes after can only make it harder."""

Level = Literal["empty", "short", "weak", "fair", "good", "strong"]
_ENOUGH_FOR: tuple[tuple[float, Level], ...] = ((60 * DAY, "weak"), (3650 * DAY, "fair"), (3.65e6 * DAY, "good"))
"""Guessed within two months, within ten years, within ten thousand years."""


@dataclass(frozen=True, slots=True)
class Strength:
    """How hard a passphrase is to guess. `seconds` is how long a thief would need for about half of the tries."""

    level: Level
    seconds: float

    @property
    def enough(self) -> bool:
        """Say whether a record may be locked with it."""
        return self.level in ("fair", "good", "strong")


@cache
def word_list() -> tuple[str, ...]:
    """Give the words that suggestions are made of."""
    return tuple((resources() / "words" / "eff-long.txt").read_text(encoding="utf-8").split())


def suggest(count: int = COUNT) -> str:
    """Give a new passphrase of so many words, each drawn by the system's own source of chance."""
    # Inside: the first page of the window asks for a passphrase, and offers none.
    import secrets

    return " ".join(secrets.choice(word_list()) for _ in range(count))


def strength(passphrase: str, known: Iterable[str] = ()) -> Strength:
    """Estimate how hard a passphrase is to guess; `known` are words a thief would try first, such as names.

    Takes a few milliseconds, and some tens more the first time.
    """
    if not passphrase:
        return Strength("empty", 0.0)
    if len(passphrase) < FEWEST:
        return Strength("short", 0.0)
    from zxcvbn import zxcvbn

    first = [part for name in known for part in (name, *name.split()) if part]
    judged = zxcvbn(passphrase[:LONGEST_JUDGED], user_inputs=[*first, "community", "insights"])
    seconds = float(judged["guesses"]) / GUESSES_A_SECOND
    return Strength(next((level for most, level in _ENOUGH_FOR if seconds < most), "strong"), seconds)


def refuse_weak(passphrase: str, known: Iterable[str] = ()) -> None:
    """Refuse a passphrase that would soon be guessed. Raises CisError `weak_passphrase`."""
    found = strength(passphrase, known)
    if found.enough:
        return
    why = "It has fewer than 8 characters." if found.level in ("empty", "short") else "It would soon be guessed."
    raise CisError(
        "weak_passphrase",
        "That passphrase is too weak",
        f"{why} Nothing was made. Take six words by chance, as the window suggests them, or four and more of your own "
        "that do not belong together.",
    )
