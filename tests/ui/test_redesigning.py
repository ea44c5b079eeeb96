"""When much is hidden, the window finds ways to show more, and one click takes one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from cis_desktop import ledger
from cis_desktop.agreements import read_file
from cis_desktop.workspace import Workspace
from tests.ui.keys import press
from tests.ui.reporting import at, opened
from ui.window import Window


def test_a_way_that_shows_more_is_found_taken_and_said_by_keyboard(
    window: Window, group: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    guide = opened(window, group).guide
    guide.choose.accept()
    settled()
    assert guide.choose.redesign.isVisibleTo(guide), "it is offered as soon as the agreement is accepted"
    at(guide, "figures", settled)
    card = guide.figures.redesign
    assert "of these figures would be hidden" in card.said.text()
    card.look.setFocus()
    press(window, Qt.Key.Key_Return)
    settled()
    assert card.table.hasFocus()
    ways = [card.table.rows.record(n) for n in range(card.table.rows.rowCount())]
    before = guide.release().audit.hidden
    best = min((each for each in ways if each.coarser), key=lambda each: each.hidden)
    assert best.hidden < before
    card.table.selectRow(ways.index(best))
    card.write_proposal(tmp_path / "ours.cis-agreement")
    settled()
    assert read_file(tmp_path / "ours.cis-agreement").version == 2
    assert "nothing changes here until they agree" in card.said.text()
    press(window, Qt.Key.Key_Return)
    assert card.use.hasFocus()
    press(window, Qt.Key.Key_Return)
    settled()
    assert guide.found.coarser == best.coarser
    assert guide.release().audit.hidden == best.hidden
    guide.signing.out.path.setText(str(tmp_path / "out"))
    at(guide, "signing", settled)
    assert best.words[0] in guide.signing.known.text()
    guide.signing.release()
    settled()
    assert ledger.releases(group.read)[0].coarser == best.coarser


def test_what_was_taken_can_be_put_back_and_is_forgotten_with_another_period(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    guide = opened(window, group).guide
    guide.choose.accept()
    settled()
    guide.coarser = (("age_band", 2),)
    at(guide, "figures", settled)
    assert guide.found.coarser == (("age_band", 2),)
    assert guide.drafts()["coarser"] == (("age_band", 2),)
    guide.figures.redesign.agreed.click()
    settled()
    assert guide.found.coarser == ()
    guide.coarser = (("age_band", 2),)
    guide.choose.choose(guide.choose.which.key(), "2026")
    assert guide.coarser == ()


def test_a_search_that_is_cancelled_leaves_everything_as_it_was(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    guide = opened(window, group).guide
    guide.choose.accept()
    settled()
    at(guide, "figures", settled)
    card = guide.figures.redesign
    card.look.click()
    card.job.cancel()
    settled()
    assert card.advice is None
    assert card.look.isEnabled()
    assert not card.table.isVisibleTo(card)
