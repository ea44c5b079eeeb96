"""What a council would see, from invented figures: for a group that has nothing written down yet.

A record of people who do not exist is made in a temporary folder, counted and protected as a real one is, and thrown
away. The group's own record is not touched.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from cis_desktop.agreements import Agreement
from cis_desktop.demo.writing import populate
from cis_desktop.disclosure.tables import Refusal
from cis_desktop.errors import CisError
from cis_desktop.figures import filled, tables
from cis_desktop.figures.periods import Period
from cis_desktop.health import last_whole
from cis_desktop.packs.details import Details
from cis_desktop.packs.leaving import details_of, put_in_words
from cis_desktop.packs.preview import BUDGET
from cis_desktop.packs.watching import Watch
from cis_desktop.packs.wording import Account
from cis_desktop.vault.history import now
from cis_desktop.workspace import Workspace

PEOPLE = 240
GROUP = "An invented group"
SEED = 7
KEY = bytes(32)
"""No secret is needed to protect people who do not exist, and the same one gives the same example."""


def invented(agreement: Agreement, kind: str, today: date, watch: Watch | None = None) -> Account:
    """Put the pack of an invented group into words, for the last whole month, quarter or year before `today`.

    Raises CisError when the agreement asks for other periods, or no file can be written for a moment.
    """
    # Inside, because it loads NumPy, and a window that shows no example has no need of it.
    from cis_desktop.disclosure.protect import protect

    looking = watch or Watch()
    period = last_whole(kind, today)
    looking.at("count")
    with TemporaryDirectory(prefix="cis-invented-", ignore_cleanup_errors=True) as folder:
        record = Workspace.open_raw(Path(folder) / "record", secrets.token_bytes(32), GROUP)
        with closing(record):
            populate(record, PEOPLE, SEED, observations=PEOPLE, until=today)
            _move_to(record, agreement)
            exact, _ = filled(tables(record.read, agreement, period))
    looking.at("protect")
    safe = protect(exact, agreement.policy(), (), KEY, BUDGET, check=looking.check)
    if isinstance(safe, Refusal):
        raise CisError("no_example", "There is no example of this", f"{safe.sentence} This was about invented figures.")
    return put_in_words(safe, _details(agreement, period), KEY.hex())[1]


def _move_to(record: Workspace, agreement: Agreement) -> None:
    """Let everybody invented live in the wards that the agreement names."""
    wards = [ward.code for ward in agreement.area.wards]
    if not wards:
        return
    with record.change("Moved to other wards") as change:
        for table in ("people", "households", "sessions", "observations"):
            rows = change.connection.execute(f"select id from {table} where ward is not null").fetchall()
            for (row,) in rows:
                change.update(table, row, ward=wards[row % len(wards)])


def _details(agreement: Agreement, period: Period) -> Details:
    return details_of(agreement, period, GROUP, "", "", now())
