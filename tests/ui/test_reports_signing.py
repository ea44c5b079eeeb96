"""What leaves is what was seen, all of it or nothing, and what has left can be read again."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from cis_desktop import ledger
from cis_desktop.records import contacts, people
from cis_desktop.workspace import Workspace
from tests.ui.reporting import FOOD, at, letter, opened
from ui.pages.reports.guide import Guide
from ui.pages.reports.page import ReportsPage
from ui.window import Window


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


def test_what_leaves_is_shown_in_full_before_it_is_written_and_nothing_else_leaves(
    guide: Guide, settled: Callable[[], None], tmp_path: Path, group: Workspace
) -> None:
    at(guide, "leaving", settled)
    shown = {}
    for row, name in enumerate(("report", "spreadsheet", "email", "archive")):
        guide.leaving.files.selectRow(row)
        shown[name] = guide.leaving.page.toPlainText()
    assert not (tmp_path / "out").exists()
    assert not ledger.releases(group.read)
    assert "[c]" in shown["report"]
    assert "Food support quarterly return, Apr to Jun 2026" in shown["email"]
    assert "tables/headlines.csv" in shown["archive"]
    for text in shown.values():
        assert "Khan" not in text
        assert "prepayment" not in text
    guide.go("signing")
    guide.signing.sign.click()
    settled()
    (pdf,) = (tmp_path / "out").glob("*.pdf")
    written = " ".join(" ".join(each.extract_text() for each in PdfReader(pdf).pages).split())
    for section in guide.leaving.found.account.sections:
        assert section.title in shown["report"]
        assert section.title in written
        for line in section.grid.lines:
            assert all(figure in written for figure in line.figures)
    (draft,) = (tmp_path / "out").glob("*.eml")
    body = message_from_bytes(draft.read_bytes(), policy=default).get_body(("plain",)).get_content()
    assert body.strip().replace("\r\n", "\n") == guide.leaving.found.letter.body.strip()
    assert guide.send.body.toPlainText() == guide.leaving.found.letter.body.strip()


def test_what_changed_since_it_was_looked_at_does_not_leave(
    guide: Guide, settled: Callable[[], None], group: Workspace, tmp_path: Path
) -> None:
    at(guide, "signing", settled)
    with group.change("Wrote more down") as change:
        for n in range(40):
            person = people.add(change, given_name="Late", birth_year=1980)
            contacts.add(change, f"2026-05-{1 + n % 28:02d}", person_id=person, kind="visit")
    guide.signing.sign.click()
    settled()
    assert guide.notice.title.text() == "The figures have changed since you looked"
    assert guide.step == "figures"
    assert not ledger.releases(group.read)
    assert not (tmp_path / "out").exists()
    at(guide, "signing", settled)
    guide.signing.sign.click()
    settled()
    assert guide.step == "send"


def test_a_second_report_for_the_same_months_says_that_it_replaces_the_first(
    page: ReportsPage, guide: Guide, settled: Callable[[], None], group: Workspace
) -> None:
    at(guide, "signing", settled)
    guide.signing.sign.click()
    settled()
    guide.send.again.emit()
    assert guide.step == "choose"
    assert "A new one has to replace it" in guide.choose.standing.text()
    at(guide, "leaving", settled)
    (first,) = ledger.releases(group.read)
    assert first.pack in guide.leaving.page.toPlainText()
    at(guide, "signing", settled)
    assert not guide.signing.sign.isEnabled()
    guide.signing.replaces.click()
    guide.signing.sign.click()
    settled()
    assert [entry.supersedes for entry in ledger.releases(group.read)] == [None, first.pack]
    page.tabs.setCurrentIndex(1)
    settled()
    assert "the one of" in page.sent.page.toPlainText()
    page.sent.table.selectRow(1)
    settled()
    assert "Replaced by" in page.sent.page.toPlainText()


def test_stopping_while_the_files_are_made_leaves_nothing(
    guide: Guide, settled: Callable[[], None], group: Workspace, tmp_path: Path
) -> None:
    at(guide, "signing", settled)
    guide.signing.release()
    job = guide.signing.job
    assert job is not None
    assert job.can_stop
    job.cancel()
    settled()
    assert guide.notice.title.text() == "Stopped, as you asked"
    assert guide.step == "signing"
    assert guide.signing.sign.isEnabled()
    assert not (tmp_path / "out").exists()
    assert not ledger.releases(group.read)


@pytest.mark.parametrize("where", ["", "relative", "/proc/nowhere", "file"])
def test_a_folder_that_cannot_be_used_is_said_and_nothing_is_noted(
    guide: Guide, settled: Callable[[], None], group: Workspace, tmp_path: Path, where: str
) -> None:
    (tmp_path / "file").write_text("taken")
    at(guide, "signing", settled)
    guide.signing.out.path.setText(str(tmp_path / "file") if where == "file" else where)
    guide.signing.sign.click()
    settled()
    assert guide.notice.isVisible()
    assert guide.notice.title.text() in ("The files need a folder", "The pack could not be written")
    assert guide.step == "signing"
    assert guide.signing.sign.isEnabled()
    assert not ledger.releases(group.read)


def test_nobody_signs_off_nameless(guide: Guide, settled: Callable[[], None], group: Workspace, tmp_path: Path) -> None:
    at(guide, "signing", settled)
    guide.signing.name.setText(" ")
    guide.signing.sign.click()
    settled()
    assert guide.notice.title.text() == "Somebody has to sign off"
    assert not (tmp_path / "out").exists()


def test_an_email_is_copied_piece_by_piece(guide: Guide, settled: Callable[[], None], window: Window) -> None:
    at(guide, "signing", settled)
    guide.signing.sign.click()
    settled()
    letter(window, Qt.Key.Key_U)
    assert QGuiApplication.clipboard().text() == guide.send.subject.text() != ""
    letter(window, Qt.Key.Key_X)
    assert QGuiApplication.clipboard().text().startswith("Dear colleagues")


def test_what_we_sent_is_found_and_read(page: ReportsPage, guide: Guide, settled: Callable[[], None]) -> None:
    for period in ("2026-Q2", "2026"):
        guide.choose.choose(FOOD if period == "2026-Q2" else "small-group-return@1", period)
        if guide.choose.terms.isVisibleTo(guide.choose):
            guide.choose.accept_button.click()
            settled()
        at(guide, "signing", settled)
        guide.signing.sign.click()
        settled()
    page.tabs.setCurrentIndex(1)
    sent = page.sent
    assert sent.rows.rowCount() == 2
    sent.find.setText("apr food")
    settled()
    assert sent.rows.rowCount() == 1
    entry = sent.entry()
    assert entry is not None
    read = sent.page.toPlainText()
    assert entry.pack in read
    assert "Headline figures" in read
    assert "[c]" in read
    sent.mark("never-left")
    settled()
    assert "Never left" in sent.page.toPlainText()
    sent.find.setText("aeroplane")
    assert sent.rows.rowCount() == 0
    assert "No report" in sent.count.text()
