"""One writer: whoever wants to write waits for a turn, first come, first served.

SQLite answers a second writer with "database is locked"; a queue in front of it makes that impossible inside one
process, and the lock file keeps other processes out.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


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
