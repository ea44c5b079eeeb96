"""From the records to files that may be sent, in the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cis_desktop import ledger
from cis_desktop.packs import verify
from cis_desktop.workspace import Workspace
from ui.pages.reports.page import ReportsPage
from ui.window import Window


@pytest.fixture
def page(window: Window, group: Workspace, settled: Callable[[], None]) -> ReportsPage:
    """Give the reports page at the food return for April to June 2026, accepted."""
    window.opened(group)
    window.go("reports")
    made = window.pages["reports"]
    assert isinstance(made, ReportsPage)
    made.which.choose("food-support-quarterly-return@1")
    made._other()
    made.year.setValue(2026)
    made.part.choose("-Q2")
    return made


def test_what_is_counted_is_accepted_before_anything_can_be_sent(
    page: ReportsPage, settled: Callable[[], None]
) -> None:
    assert page.terms.isVisible()
    page.show_figures()
    settled()
    assert page.figures.isVisible()
    assert not page.sending.isVisible()
    page.accept_button.click()
    settled()
    assert not page.terms.isVisible()
    page.show_figures()
    settled()
    assert page.sending.isVisible()


def test_every_hidden_figure_says_why_and_the_own_one_opens_its_records(
    page: ReportsPage, settled: Callable[[], None], window: Window
) -> None:
    page.show_figures()
    settled()
    assert page.figures.release is not None
    hidden = []
    for at in range(page.figures.which.count()):
        page.figures.which.setCurrentIndex(at)
        rows = page.figures.table.rows
        hidden += [rows.record(row) for row in range(rows.rowCount()) if rows.record(row).seen == "hidden"]
    assert hidden
    assert not [figure for figure in hidden if not figure.why.startswith("Hidden ")]
    page.figures.which.choose("headline-unique-people")
    page.figures._show_table()
    page.figures.table.selectRow(0)
    assert page.figures._figure().exact == "30"
    page.figures.ask.click()
    settled()
    assert page.figures.behind.rowCount() == 30
    page.figures.behind_table.opened.emit(page.figures.behind.record(0))
    assert window.place == "people"
    assert window.pages["people"].sheet.person.reference == page.figures.behind.record(0).reference


def test_a_report_is_signed_off_made_listed_and_verified(
    page: ReportsPage, settled: Callable[[], None], group: Workspace, tmp_path: Path
) -> None:
    page.accept_button.click()
    settled()
    page.show_figures()
    settled()
    out = tmp_path / "out"
    page.sending.out.path.setText(str(out))
    page.sending.name.setText("")
    page.sending.sign.click()
    settled()
    assert page.notice.title.text() == "Somebody has to sign off"
    assert not out.exists()
    page.sending.name.setText("Ann Example")
    page.sending.sign.click()
    settled()
    assert page.notice.title.text() == "The report is made"
    names = {path.suffix for path in out.iterdir()}
    assert names == {".zip", ".xlsx", ".pdf", ".eml"}
    for path in out.iterdir():
        assert path.name in page.sending.files.text()
    (archive,) = out.glob("*.zip")
    assert verify(archive).valid
    (entry,) = ledger.releases(group.read)
    assert entry.signed_off_by == "Ann Example"
    page.tabs.setCurrentIndex(1)
    assert page.sent.rows.rowCount() == 1
    page.sent.table.selectRow(0)
    page.sent.mark("sent")
    settled()
    assert ledger.releases(group.read)[0].status == "sent"


def test_a_period_with_nothing_in_it_is_refused_and_nothing_is_noted(
    page: ReportsPage, settled: Callable[[], None], group: Workspace
) -> None:
    page.accept_button.click()
    settled()
    page.year.setValue(2019)
    page.show_figures()
    settled()
    assert page.notice.title.text() == "There is nothing to release"
    assert not page.sending.isVisible()
    assert not ledger.releases(group.read)
