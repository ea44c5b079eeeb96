"""Step 4 of a report: words are chosen, what is found in them is answered, and only then it goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QTextCursor

from cis_desktop import ledger
from cis_desktop.packs.reading import read_pack
from cis_desktop.records import observations, people
from cis_desktop.workspace import Workspace
from tests.ui.reporting import at, opened
from ui.pages.reports.guide import Guide
from ui.pages.reports.speaking import SpeakingPart
from ui.window import Window

NAME = "Zebedee"
SAFE = "More families ran out of food before the end of the month."


@pytest.fixture
def noted(group: Workspace) -> Workspace:
    """A group with somebody of a name, and an observation of May that names them."""
    with group.change("Wrote") as change:
        people.add(change, given_name=NAME)
        observations.add(change, f"{NAME} said it was worse.", "2026-05-02", shareable=1)
        observations.add(change, "Not to be shared.", "2026-05-03")
    return group


@pytest.fixture
def guide(window: Window, noted: Workspace) -> Guide:
    return opened(window, noted).guide


def speaking(guide: Guide, settled: Callable[[], None]) -> SpeakingPart:
    part = at(guide, "observing", settled).observing.speaking
    settled()
    return part


def reference(part: SpeakingPart) -> str:
    return next(each.reference for each in part.offered if NAME in each.words)


def test_a_name_holds_the_report_up_until_the_words_are_changed(
    guide: Guide, settled: Callable[[], None], tmp_path: Path, noted: Workspace
) -> None:
    part = speaking(guide, settled)
    assert "Not to be shared." not in [each.words for each in part.offered]
    where = guide.window().focusWidget()
    assert where in (part.ticks, guide.observing.table), "the keys stay in the step while words are read"
    part.ticks.tick([reference(part)])
    assert part.left() == 1
    assert part.list.rows.record(0).finding.words == NAME
    assert not guide.next.isEnabled()
    assert not guide.steps.can("signing")
    part.change.click()
    assert part.words.textCursor().selectedText() == NAME
    part.words.setPlainText(SAFE)
    part.search()
    assert part.left() == 0
    assert guide.next.isEnabled()
    at(guide, "leaving", settled)
    assert SAFE in guide.leaving.page.toPlainText()
    guide.choose.accept()
    settled()
    at(guide, "signing", settled)
    guide.signing.out.path.setText(str(tmp_path / "out"))
    guide.signing.release()
    settled()
    (entry,) = [each for each in ledger.releases(noted.read) if each.observations]
    (archive,) = (tmp_path / "out").glob("*.zip")
    assert [words for _, words in read_pack(archive.read_bytes(), "pack").observations] == [SAFE]
    assert entry.kept == ()


def test_what_is_kept_is_kept_by_somebody_and_outlives_a_lock(
    guide: Guide, settled: Callable[[], None], noted: Workspace
) -> None:
    part = speaking(guide, settled)
    part.ticks.tick([reference(part)])
    part.keep.click()
    assert part.left() == 0
    assert noted.who in part.list.rows.data(part.list.rows.index(0, 2))
    draft = guide.drafts()
    part.written, part.kept = {}, {}
    guide.restore(draft)
    settled()
    again = guide.observing.speaking
    settled()
    assert again.ticks.ticked() == [reference(again)]
    assert again.left() == 0


def test_a_figure_is_inserted_by_its_name(guide: Guide, settled: Callable[[], None]) -> None:
    part = speaking(guide, settled)
    assert part.which.key() == "What has changed since the last quarter?"
    part.words.setPlainText("We saw ")
    part.words.moveCursor(QTextCursor.MoveOperation.End)
    part.insert.click()
    assert part.texts().answers[0][1] == f"We saw {{{part.figure.key()}}}"
