"""Long work that says how far it is, and can be stopped wherever it says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import sqlcipher3

from cis_desktop.vault.tables import Connection

Tell: TypeAlias = Callable[[int, int], object]
"""Hears how far something is: so many done, of so many. What it raises ends the work."""
LOOK_EVERY = 100_000
"""Steps of SQLite (about a millisecond) between two looks at whether a statement is to stop."""
FINE = 1000


def untold(done: int, total: int) -> None:
    """Let nobody hear how far something is."""


def part(tell: Tell, begin: float, end: float) -> Tell:
    """Give what a part of the work tells, which reaches from `begin` to `end` (0 to 1) of the whole.

    It never tells of more than that, or the next part would go back: what is done may be more than was foreseen.
    """
    return lambda done, total: tell(int(FINE * min(begin + (end - begin) * (done / total if total else 0), end)), FINE)


@contextmanager
def stoppable(connection: Connection, tell: Tell) -> Iterator[None]:
    """Inside, a statement that is under way ends soon after `tell` raises, and what that raised is raised."""
    raised: list[BaseException] = []

    def look() -> int:
        try:
            tell(0, 1)
        except BaseException as error:  # noqa: BLE001 - SQLite would swallow it: raised again below
            raised.append(error)
        return len(raised)

    connection.set_progress_handler(look, LOOK_EVERY)
    try:
        yield
    except sqlcipher3.DatabaseError as error:
        if raised:
            raise raised[0] from error
        raise
    finally:
        connection.set_progress_handler(None, 0)
