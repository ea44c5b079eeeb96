"""The key of the recovery kit as people write it: in groups, and what can be told about one that was mistyped."""

from __future__ import annotations

import pyrage

PREFIX = "AGE-SECRET-KEY-1"
"""What all begin with."""
GROUP = 4
LETTERS = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
"""All that the rest is made of (Bech32, BIP 173): no B, I or O, and no 1."""
LENGTH = 58
"""Letters after the beginning; the last six are a check."""
GROUPS = -(-LENGTH // GROUP)


def groups(identity: str) -> list[str]:
    """Split an identity, after its beginning that all have, into groups to be copied one by one."""
    rest = compact(identity).removeprefix(PREFIX)
    return [rest[at : at + GROUP] for at in range(0, len(rest), GROUP)]


def compact(text: str) -> str:
    """Give what was typed without spaces, in capitals; an O, which no key has, can only be a 0."""
    return "".join(text.split()).upper().replace("O", "0")


def looks_like_one(text: str) -> bool:
    """Say whether what was typed begins as the key of a kit does."""
    return compact(text).startswith(PREFIX)


def wrong_letters(group: str) -> str:
    """Give the letters of a group that no key has."""
    return "".join(letter for letter in compact(group) if letter not in LETTERS)


def is_whole(identity: str) -> bool:
    """Say whether an identity passes its own check."""
    try:
        pyrage.x25519.Identity.from_str(identity)
    except pyrage.IdentityError:
        return False
    return True


def suspected(identity: str) -> int | None:
    """Give the number, from 1, of the group in which one other letter would make an identity whole; None if in no one.

    The check finds any mistake; only a single one can be placed. Tries each letter at each place: 1,798 in all.
    """
    rest = identity.removeprefix(PREFIX)
    for at in range(len(rest)):
        for letter in LETTERS:
            if letter != rest[at] and is_whole(f"{PREFIX}{rest[:at]}{letter}{rest[at + 1 :]}"):
                return at // GROUP + 1
    return None
