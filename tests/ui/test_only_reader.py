"""Whoever takes the only reader of concerns away is told first, and led to where another is named."""

from __future__ import annotations

from collections.abc import Callable

from cis_desktop import concerns
from cis_desktop.workspace import Workspace
from ui.pages.opening.page import OpeningPage
from ui.window import Window

from .test_opening import opening, record  # noqa: F401 - fixtures


def taking_bo(page: OpeningPage) -> tuple[bool, bool]:
    """Mark Bo and begin to take him away; say whether a warning and the way out of it are seen."""
    at = next(at for at in range(page.ways.rows.rowCount()) if page.ways.rows.record(at).name == "Bo")
    page.ways.table.selectRow(at)
    page.take.click()
    return page.taking.notice.isVisible(), page.other_reader.isVisible()


def test_the_warning_is_there_for_the_only_reader_and_gone_for_one_of_two(
    window: Window,
    record: Workspace,  # noqa: F811
    opening: Callable[[], OpeningPage],  # noqa: F811
    settled: Callable[[], None],
) -> None:
    page = opening()
    assert taking_bo(page) == (False, False)
    page._back()
    bo = next(way.id for way in page.ways.found.ways if way.name == "Bo")
    concerns.appoint(record, bo, "lead")
    assert taking_bo(page) == (True, True)
    assert page.taking.notice.title.text() == "Nobody else reads safeguarding concerns"
    assert "Bo" in page.taking.notice.sentence.text()
    page.other_reader.click()
    settled()
    assert window.place == "concerns"
    with record.change("Named another") as change:
        change.insert("concern_readers", name="Ann", role="deputy", recipient=record.recipient)
    window.go("opening")
    page._back()
    assert taking_bo(page) == (False, False)
