"""Who looks on while a release is made: told each stage, and free to stop it until it is noted in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from cis_desktop.vault.tables import Connection

Stage = Literal["count", "protect", "build", "attack", "write", "note"]
STAGES: tuple[Stage, ...] = get_args(Stage)
LOOK_EVERY = 100_000
"""Steps of SQLite (about a millisecond) between two looks at whether a query is to stop."""


class Stopped(Exception):
    """The work was stopped because somebody asked for that; nothing of it is left."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is called on the thread that does the work: `tell` at each stage, `stopped` often.

    After the last stage, "note", has begun, nothing is stopped any more.
    """

    tell: Callable[[Stage], object] = lambda stage: None
    stopped: Callable[[], bool] = lambda: False

    def at(self, stage: Stage) -> None:
        """Say that a stage begins; raise `Stopped` if it should not."""
        self.tell(stage)
        self.check()

    def check(self) -> None:
        """Raise `Stopped` if somebody has asked for that."""
        if self.stopped():
            raise Stopped

    def over(self, connection: Connection) -> None:
        """Let the queries of a connection end as soon as they are to stop."""
        connection.set_progress_handler(lambda: int(self.stopped()), LOOK_EVERY)
