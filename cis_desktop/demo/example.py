"""The example to try things out with: a made-up group in a folder of its own, ready in some seconds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from cis_desktop.agreements import accept
from cis_desktop.demo.writing import populate
from cis_desktop.errors import CisError
from cis_desktop.health import last_whole
from cis_desktop.paths import EXAMPLE_SIGN
from cis_desktop.saving import save
from cis_desktop.workspace import Workspace

NAME = "Camden Kitchen Table (example)"
WHO = "Example Volunteer"
PASSPHRASE = "this is only an example"
"""No secret: nobody in the example exists."""
AGREEMENT = "food-support-quarterly-return"
PEOPLE = 300
RELEASED = 2
"""Quarters before the last whole one, which is left for whoever tries it to send."""
REVIEWS = (-3, 2, 9)
"""Days from today on which example cases are to be looked at again."""
CHEAP = 3
"""Passes of Argon2id: its passphrase is told to everybody."""


def example(home: Path, tell: Callable[[int, int], object] = lambda done, total: None) -> Workspace:
    """Open the example that is in `home`, or make one there; `tell(done, total)` may raise to stop it.

    It lies in a new folder `example` of `home` (`example 2`, if another thing has that name). Nothing is left of one
    that was stopped.
    """
    folders = [home / "example", *(home / f"example {number}" for number in range(2, 100))]
    for folder in folders:
        if (folder / EXAMPLE_SIGN).is_file():
            return Workspace.open(folder, PASSPHRASE)
    folder = next(each for each in folders if not each.exists())
    steps = 3 + RELEASED
    tell(0, steps)
    workspace = None
    try:
        workspace = Workspace.create(folder, NAME, WHO, PASSPHRASE, passes=CHEAP)
        tell(1, steps)
        populate(workspace, PEOPLE)
        _plan_reviews(workspace)
        accept(workspace, AGREEMENT, WHO)
        for at in range(RELEASED):
            tell(2 + at, steps)
            _release(workspace, RELEASED - at)
        tell(steps, steps)
        # Last, so that a folder with this file in it holds a whole example.
        save(folder / EXAMPLE_SIGN, f"{PASSPHRASE}\n\nThe passphrase of this example. Nobody in it exists.\n".encode())
    except BaseException:
        if workspace is not None:
            workspace.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return workspace


def _plan_reviews(workspace: Workspace) -> None:
    """Let a few open cases be due, as they are in a group at work."""
    with workspace.change("Planned example reviews") as change:
        rows = change.connection.execute(
            "select id from cases where gone = 0 and closed is null order by id desc limit ?", (len(REVIEWS),)
        ).fetchall()
        for (case,), days in zip(rows, REVIEWS, strict=False):
            change.update("cases", case, review_on=(date.today() + timedelta(days=days)).isoformat())


def _release(workspace: Workspace, back: int) -> None:
    """Make the report of the quarter so many before the last whole one, into the example's own folder."""
    from cis_desktop.packs.release import release

    quarter = last_whole("quarter", date.today())
    for _ in range(back):
        quarter = last_whole("quarter", quarter.first + timedelta(days=1))
    try:
        release(workspace, AGREEMENT, quarter.key, workspace.folder / "reports", WHO)
    except CisError as error:
        # A quarter too small to be released safely is simply not among those sent.
        if error.code in ("disk_full", "cannot_write"):
            raise
