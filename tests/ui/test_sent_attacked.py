"""Everything that was sent is tested from the list of what was sent, and what that gives away is said there."""

from __future__ import annotations

from collections.abc import Callable

from cis_desktop import ledger
from cis_desktop.disclosure.tables import Cell, Table
from cis_desktop.workspace import Workspace
from tests.core.packs.examples import one_line
from tests.ui.reporting import opened
from ui.window import Window


def note(group: Workspace, pack: str, hidden: set[int], day: int) -> None:
    """Note a release of one line of figures in the ledger, as if it had been made by a careless program."""
    release = one_line([3, 4, 20, 30], hidden)
    exact = tuple(Table(t.shape, {key: Cell(1, 1, 1) for key in t.cells}) for t in release.tables)
    entry = ledger.Entry(
        pack=pack, group="", agreement_title="A return", agreement_hash=bytes(32), period="2018-Q1",
        recipient="Camden Council", made_at=f"2018-05-{day:02d}T10:00:00Z", signed_off_by="Ann", sha256="ab" * 32,
        counts={"cells": 5, "exact": 3, "rounded": 0, "hidden": 2}, supersedes=None,
    )  # fmt: skip
    with group.change("Released") as change:
        ledger.record(change, entry, release.policy, release.tables, exact)


def test_reports_that_give_a_figure_away_together_are_said_to(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    note(group, "1" * 16, {0, 2}, 1)
    sent = opened(window, group).sent
    sent.reload()
    sent.test_all.click()
    settled()
    assert sent.notice.title.text() == "Nothing is given away"
    note(group, "2" * 16, {0, 3}, 2)
    sent.reload()
    sent.test_all.click()
    settled()
    assert "can be worked out" in sent.notice.title.text()
    assert "People, a0, Jan to Mar 2018: exactly 3" in sent.notice.sentence.text()
    ledger.mark(group, "2" * 16, "never-left")
    sent.test_all.click()
    settled()
    assert sent.notice.title.text() == "Nothing is given away"
