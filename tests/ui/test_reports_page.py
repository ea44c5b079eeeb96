"""From the records to files that may be sent, in the window, one step at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from cis_desktop import ledger
from cis_desktop.health import last_asked
from cis_desktop.packs import verify
from cis_desktop.paths import resources
from cis_desktop.records import contacts, people
from cis_desktop.words import fingerprint
from cis_desktop.workspace import Workspace
from tests.core.agreements.signed import PUBLIC, signed_file
from tests.ui.keys import press, type_in
from tests.ui.reporting import FOOD, at, letter, opened
from ui import theme
from ui.pages.reports.guide import Guide
from ui.pages.reports.page import ReportsPage
from ui.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier
STEPS = ("choose", "figures", "reasons", "observing", "leaving", "signing", "send")
KEY = bytes(range(32))


@pytest.fixture
def page(window: Window, group: Workspace) -> ReportsPage:
    """Give the reports page at the food return for April to June 2026, not accepted."""
    return opened(window, group)


@pytest.fixture
def guide(page: ReportsPage, settled: Callable[[], None], tmp_path: Path) -> Guide:
    """Give the steps of a report that was accepted, with a folder to write into."""
    page.guide.choose.accept_button.click()
    settled()
    page.guide.signing.out.path.setText(str(tmp_path / "out"))
    return page.guide


def test_a_report_is_made_by_keyboard_alone(
    window: Window, guide: Guide, settled: Callable[[], None], group: Workspace, tmp_path: Path
) -> None:
    seen = []
    guide.choose.which.setFocus()
    press(window, Qt.Key.Key_Return)
    settled()
    for _ in range(5):
        seen.append(guide.step)
        letter(window, Qt.Key.Key_N)
        settled()
    assert tuple(seen) == STEPS[1:6]
    assert guide.step == "signing"
    assert not (tmp_path / "out").exists()
    guide.signing.name.selectAll()
    type_in(guide.signing.name, "Ann Example")
    press(window, Qt.Key.Key_Return)
    settled()
    assert not ledger.releases(group.read), "Enter in a field signs nothing off"
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert guide.step == "send"
    assert QApplication.focusWidget() is guide.send.open_draft
    files = sorted((tmp_path / "out").iterdir())
    assert sorted(path.suffix for path in files) == [".eml", ".pdf", ".xlsx", ".zip"]
    for path in files:
        assert path.name in guide.send.files.text()
    assert all(verify(path).valid for path in files if path.suffix in (".zip", ".xlsx"))
    (entry,) = ledger.releases(group.read)
    assert entry.signed_off_by == "Ann Example"
    letter(window, Qt.Key.Key_S)
    settled()
    assert ledger.releases(group.read)[0].status == "sent"
    assert guide.send.standing.text() == "It is noted as sent."


def test_the_period_that_is_offered_is_over(page: ReportsPage, window: Window) -> None:
    window.go("home")
    chosen = page.guide.choose
    chosen.chosen_by_hand = False
    chosen.which.choose("small-group-return@1")
    agreement = chosen.agreement()
    assert agreement is not None
    assert chosen.period() == last_asked(agreement, date.today())
    assert chosen.period().last < date.today()
    assert chosen.standing.isHidden()
    chosen.year.setValue(date.today().year)
    chosen.part.choose("")
    assert "not over yet" in chosen.standing.text()


def test_what_is_counted_is_accepted_before_it_can_be_signed_off(
    page: ReportsPage, settled: Callable[[], None], group: Workspace
) -> None:
    guide = page.guide
    assert guide.choose.terms.isVisible()
    at(guide, "figures", settled)
    at(guide, "signing", settled)
    assert not guide.signing.sign.isEnabled()
    assert "Nobody has accepted" in guide.signing.blocked.text()
    guide.go("choose")
    guide.choose.accept_button.click()
    settled()
    assert not guide.choose.terms.isVisible()
    at(guide, "signing", settled)
    assert guide.signing.sign.isEnabled()


def test_who_signed_what_came_as_a_file_is_said_before_it_is_accepted(
    page: ReportsPage, settled: Callable[[], None], tmp_path: Path
) -> None:
    choose, starters = page.guide.choose, resources() / "agreements"
    assert "igned" not in choose.terms_words.text(), "what comes with the app"
    starter = starters / "food-support-quarterly-return.cis-agreement"
    choose.add_file(signed_file(tmp_path / "a.cis-agreement", starter, agreement_version=7))
    settled()
    assert choose.terms.isVisible()
    assert "in the name of Camden Council" in choose.terms_words.text()
    assert fingerprint(PUBLIC) in choose.terms_words.text()
    (tmp_path / "b.cis-agreement").write_text(json.dumps(json.loads(starter.read_bytes()) | {"agreement_version": 8}))
    choose.add_file(tmp_path / "b.cis-agreement")
    settled()
    assert choose.theirs.isVisible(), "it was signed before"
    choose.theirs.click()
    settled()
    assert "Nobody signed this file" in choose.terms_words.text()


def test_a_refusal_is_seen_from_its_start_however_far_down_and_large_the_page_is(
    page: ReportsPage, qapp: QApplication, settled: Callable[[], None], tmp_path: Path
) -> None:
    theme.put_on(qapp, "light", 200)
    bad = signed_file(tmp_path / "changed.cis-agreement", resources() / "agreements" / f"{FOOD[:-2]}.cis-agreement")
    bad.write_text(bad.read_text().replace("quarterly return", "yearly return"))
    area = page.guide.area
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    assert area.verticalScrollBar().value() > 0
    page.guide.choose.add_file(bad)
    settled()
    settled()
    top = page.notice.mapTo(area.viewport(), QPoint()).y()
    assert "changed after it was signed" in page.notice.title.text()
    assert 0 <= top < area.viewport().height() / 4


def test_every_hidden_figure_says_why_and_how(guide: Guide, settled: Callable[[], None]) -> None:
    at(guide, "reasons", settled)
    release = guide.release()
    assert release is not None
    rows = guide.reasons.table.rows
    found = [rows.record(row) for row in range(rows.rowCount())]
    assert len(found) == release.audit.hidden > 0
    assert not [figure for figure in found if not figure.why.startswith("Hidden ")]
    guide.reasons.deep.click()
    for row, figure in enumerate(found):
        guide.reasons.table.selectRow(row)
        assert guide.reasons.why.text() == f"{figure.why}."
        assert (" because " in guide.reasons.why.text()) == (figure.identity in release.primary)
        assert "Both fit." in guide.reasons.proof.text()
    guide.reasons.see.click()
    settled()
    assert guide.step == "figures"
    assert guide.figures.figure() == found[-1]


def test_an_own_figure_opens_the_records_behind_it(window: Window, guide: Guide, settled: Callable[[], None]) -> None:
    at(guide, "figures", settled)
    guide.figures.list.selectRow(0)
    guide.figures.table.setFocus()
    press(window, Qt.Key.Key_Down)
    figure = guide.figures.figure()
    assert figure is not None
    assert figure.exact == "30"
    letter(window, Qt.Key.Key_W)
    settled()
    assert guide.figures.behind.rowCount() == 30
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Return)
    assert window.place == "people"


def test_the_choices_and_the_step_come_back_after_locking(
    window: Window, guide: Guide, settled: Callable[[], None], group: Workspace, tmp_path: Path
) -> None:
    at(guide, "signing", settled)
    guide.signing.name.selectAll()
    type_in(guide.signing.name, "Ada")
    window.lock()
    settled()
    window.opened(Workspace.open_raw(group.folder, KEY, "Ann"))
    settled()
    again = window.pages["reports"].guide
    assert window.place == "reports"
    assert again.step == "signing"
    assert again.choose.which.key() == FOOD
    assert again.choose.period().key == "2026-Q2"
    assert again.signing.name.text() == "Ada"
    assert again.signing.out.path.text() == str(tmp_path / "out")
    again.signing.sign.click()
    settled()
    window.lock()
    settled()
    window.opened(Workspace.open_raw(group.folder, KEY, "Ann"))
    settled()
    again = window.pages["reports"].guide
    assert again.step == "send"
    assert "Food support quarterly return" in again.send.subject.text()


def test_going_back_loses_nothing_and_another_choice_is_counted_anew(
    window: Window, guide: Guide, settled: Callable[[], None]
) -> None:
    at(guide, "signing", settled)
    guide.signing.name.setText("Ada")
    found = guide.found
    for step in reversed(STEPS[:5]):
        letter(window, Qt.Key.Key_B)
        assert guide.step == step
    assert guide.found is found
    letter(window, Qt.Key.Key_6)
    assert guide.step == "signing"
    assert guide.signing.name.text() == "Ada"
    guide.choose.part.choose("-05")
    assert guide.step == "choose"
    assert guide.found is None
    assert not guide.steps.can("reasons")


def test_counting_is_stopped_and_another_choice_stops_it_too(guide: Guide, settled: Callable[[], None]) -> None:
    guide.go("figures")
    job = guide.job
    assert job is not None
    guide.choose.part.choose("-05")
    assert job.stop.is_set()
    settled()
    assert guide.step == "choose"
    assert guide.found is None
    guide.go("figures")
    assert guide.job is not None
    guide.job.cancel()
    settled()
    assert guide.notice.title.text() == "Stopped, as you asked"
    assert guide.step == "choose"


def test_a_period_with_nothing_in_it_is_refused_where_it_was_chosen(
    guide: Guide, settled: Callable[[], None], group: Workspace
) -> None:
    guide.choose.choose(FOOD, "2019-Q2")
    guide.next.click()
    settled()
    assert guide.notice.title.text() == "There is nothing to release"
    assert guide.step == "choose"
    assert not guide.steps.can("signing")
    assert not ledger.releases(group.read)


def test_a_group_without_records_sees_an_invented_example_and_nothing_is_written(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    before = len(lists.change_sets())
    window.opened(lists)
    window.go("reports")
    settled()
    choose = window.pages["reports"].guide.choose
    assert choose.example.isVisible()
    assert choose.banner.text() == "Example: invented figures"
    assert "[c]" in choose.example_page.toPlainText()
    first = choose.example_page.toPlainText()
    choose.which.choose("small-group-return@1")
    settled()
    assert choose.example_page.toPlainText() != first
    assert len(lists.change_sets()) == before
    assert window.written()["drafts"] == {}


def test_figures_are_counted_again_when_a_record_behind_them_is_corrected(
    window: Window, guide: Guide, settled: Callable[[], None], group: Workspace
) -> None:
    at(guide, "figures", settled)
    assert guide.figures.sheets[0].figures[0].exact == "30"
    window.go("people")
    with group.change("Took one away") as change:
        person = people.page(group.read)[0].id
        for visit in contacts.of_person(group.read, person):
            change.update("contacts", visit.id, gone=1)
    settled()
    window.go("reports")
    settled()
    assert guide.step == "figures"
    assert guide.figures.sheets[0].figures[0].exact == "29"


def test_themes_leave_as_numbers_where_they_are_asked_for(guide: Guide, settled: Callable[[], None]) -> None:
    at(guide, "observing", settled)
    part = guide.observing
    assert "themes" in part.summary.text().lower() or "theme was noticed" in part.summary.text()
    assert part.speaking.which.findData("What has changed since the last quarter?") >= 0
    guide.choose.choose("small-group-return@1", "2026")
    at(guide, "observing", settled)
    assert "does not ask for themes" in part.summary.text()
    assert not part.table.isVisible()
