"""Where reports are made elsewhere, or held since a restore, the page says so and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cis_desktop import agreements, ledger
from cis_desktop.packs import role
from cis_desktop.packs.release import release
from cis_desktop.records import contacts, people
from cis_desktop.workspace import Workspace
from ui.pages.reports.page import ReportsPage
from ui.window import Window

SMALL = "small-group-return"


@pytest.fixture
def page(window: Window, workspace: Workspace) -> ReportsPage:
    """Give the reports page of a group that has seen sixty people in a quarter."""
    with workspace.change("Wrote down a quarter") as change:
        for n in range(60):
            person = people.add(change, given_name=f"Zebedee{n}", birth_year=1950 + n)
            contacts.add(change, f"2018-{1 + n % 3:02d}-02", person_id=person, kind="visit")
    agreements.accept(workspace, SMALL, "Ann")
    window.opened(workspace)
    window.go("reports")
    made = window.pages["reports"]
    assert isinstance(made, ReportsPage)
    return made


def shown(page: ReportsPage) -> list[str]:
    card = page.guide.choose.role
    return [b.text().replace("&", "") for b in (card.read, card.none, card.ask, card.lost, card.hand) if b.isVisible()]


def test_an_ordinary_record_says_nothing_of_it(page: ReportsPage) -> None:
    assert not page.guide.choose.role.isVisible()


def test_a_restored_record_reads_reports_back_and_goes_on(page: ReportsPage, qtbot: QtBot, tmp_path: Path) -> None:
    workspace = page.desk.workspace
    done = release(workspace, SMALL, "2018-Q1", tmp_path, "Ann")
    with workspace.vault.transaction(2) as connection:
        connection.execute("delete from releases")
    workspace.vault.new_copy("Spare laptop")
    page.reload()
    assert shown(page) == ["Read reports back…", "There were none"]
    page.guide.choose.role.take([done.archive])
    qtbot.waitUntil(lambda: not page.guide.choose.role.isVisible(), timeout=20_000)
    assert [entry.pack for entry in ledger.releases(workspace.read)] == [done.pack]
    assert role.role(workspace.read).standing == "here"


def test_opening_the_page_of_a_restored_record_leaves_the_keys_in_the_window(
    window: Window, workspace: Workspace, qapp: QApplication, settled: Callable[[], None]
) -> None:
    agreements.accept(workspace, SMALL, "Ann")
    workspace.vault.new_copy("Spare laptop")
    window.opened(workspace)
    window.activateWindow()
    window.go("reports")
    settled()
    made = window.pages["reports"]
    assert isinstance(made, ReportsPage)
    assert made.guide.choose.role.isVisible()
    assert qapp.activeWindow() is window
    assert made.guide.choose.which.hasFocus()


def test_another_laptop_asks_or_says_that_the_first_is_gone(page: ReportsPage, qtbot: QtBot, tmp_path: Path) -> None:
    workspace = page.desk.workspace
    release(workspace, SMALL, "2018-Q1", tmp_path, "Ann")
    workspace.vault.new_incarnation("Spare laptop")
    with workspace.change("Joined") as change:
        change.connection.execute("delete from local_notes where name like 'pack_signing_key:%'")
    page.reload()
    assert shown(page) == ["Ask for it on this laptop", "That laptop is gone"]
    page.guide.choose.role.ask.click()
    qtbot.waitUntil(lambda: len(role.role(workspace.read).asked) == 1, timeout=20_000)
    page.guide.choose.role.lost.click()
    assert shown(page) == ["Read reports back…", "There were none"]
    page.guide.choose.role.none.click()
    qtbot.waitUntil(lambda: role.role(workspace.read).standing == "here", timeout=20_000)
    qtbot.waitUntil(lambda: not page.guide.choose.role.isVisible(), timeout=20_000)


def test_whoever_makes_them_hands_it_over_when_asked(page: ReportsPage, qtbot: QtBot, tmp_path: Path) -> None:
    workspace = page.desk.workspace
    release(workspace, SMALL, "2018-Q1", tmp_path, "Ann")
    first = workspace.read.execute("select device from writing").fetchone()[0]
    workspace.vault.new_incarnation("Hall laptop")
    role.ask(workspace)
    with workspace.change("Back at the first") as change:
        change.connection.execute("update writing set device = ?", (first,))
    page.reload()
    assert shown(page) == ["Hand it over"]
    assert "Hall laptop" in page.guide.choose.role.said.text()
    page.guide.choose.role.hand.click()
    qtbot.waitUntil(lambda: role.role(workspace.read).heads[0].laptop == "Hall laptop", timeout=20_000)
    qtbot.waitUntil(lambda: shown(page) != ["Hand it over"], timeout=20_000)
