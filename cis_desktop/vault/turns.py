"""One writer: whoever wants to write waits for a turn, first come, first served.

SQLite answers a second writer with "database is locked"; a queue in front of it makes that impossible inside one
process, and the lock file keeps other processes out.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from cis_desktop.errors import CisError

PATIENCE = 30.0
"""Seconds that readers have to finish when somebody needs the file alone."""


class Turns:
    """A queue of writers. A thread that already has the turn must not ask again."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._waiting: deque[int] = deque()
        self._holder: int | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn and hold it; turns are given in the order they were asked for."""
        me = threading.get_ident()
        if self._holder == me:
            raise RuntimeError("a change inside a change")
        with self._free:
            self._waiting.append(me)
            try:
                self._free.wait_for(lambda: self._holder is None and self._waiting[0] == me)
                self._holder = me
            finally:
                # Also when the wait is broken off, or nobody after this one would ever have a turn.
                self._waiting.remove(me)
                self._free.notify_all()
        try:
            yield
        finally:
            with self._free:
                self._holder = None
                self._free.notify_all()


class Readers:
    """Those who read on connections of their own; whoever needs the file alone waits until they are done."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0
        self._alone = False

    @contextmanager
    def one(self) -> Iterator[None]:
        """Be one of the readers; waits while somebody has the file alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    @contextmanager
    def none(self) -> Iterator[None]:
        """Keep readers out. Raises CisError `busy` when those there are do not finish."""
        with self._changed:
            self._alone = True
            if not self._changed.wait_for(lambda: not self._count, PATIENCE):
                self._alone = False
                self._changed.notify_all()
                raise CisError(
                    "busy",
                    "The record is in use",
                    "Something is still being read, so this was not begun and nothing was changed. Wait until it is "
                    "done, then do this again.",
                )
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()
