"""A window on a real encrypted workspace, driven as a person would: by keys, on a screen that is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from cis_desktop.records import contacts, observations, people, sessions
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.workspace import Workspace
from ui import theme
from ui.app import make_application
from ui.dialogs.bug import BugReport
from ui.preferences import Preferences
from ui.window import Window


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """Give the application with the font and style that everybody has."""
    return make_application()


@pytest.fixture
def lists(workspace: Workspace) -> Workspace:
    """Give a workspace with the starter lists, as a new one has."""
    with workspace.change("Put in the starter lists") as change:
        load_code_lists(change)
    return workspace


@pytest.fixture
def group(lists: Workspace) -> Workspace:
    """Give a workspace with thirty people, their visits in the spring of 2026, a session and an observation."""
    with lists.change("Made an example") as change:
        for at in range(30):
            person = people.add(
                change,
                given_name=("Amina", "José", "Mei", "Tom", "Olu")[at % 5],
                family_name=("Khan", "García", "Chen")[at % 3],
                birth_year=1950 + at,
                postcode="NW1 8AB",
            )
            for month in range(4, 4 + 1 + at % 3):
                contacts.add(
                    change, f"2026-{month:02d}-{1 + at % 27:02d}",
                    [contacts.Given("food_parcel", 1, "item", parcel_days=3)], ["food"] if at % 7 else ["debt"], 1,
                    person_id=person, kind="visit", note="Came with a neighbour",
                )  # fmt: skip
        sessions.add(change, "2026-05-04", venue="St Mary’s Hall", adults=21, children=8)
        observations.add(change, "More families ask about prepayment meters.", "2026-05-06", place="Kilburn")
    return lists


@pytest.fixture
def noticed(workspace: Workspace) -> Workspace:
    """Give a workspace with two themes and three observations of this month, one of them with a face in it."""
    today = date.today().isoformat()
    with workspace.change("Made an example") as change:
        food = observations.add_theme(change, "Food running out", meaning="Meals missed, or smaller")
        observations.add_theme(change, "Fuel and heating")
        observations.add(change, "Bus was late", today)
        one = observations.add(change, "Nothing to eat", today, place="Hall")
        observations.apply_theme(change, one, food)
        observations.add(change, "😢 no heat upstairs", today, place="Hall")
    return workspace


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, workspace: Workspace) -> Iterator[Window]:
    """Give the window with nothing open yet; it lets go of the workspace before that is closed."""
    theme.put_on(qapp, "light", 100)
    # What a test before this one chose, or left in pieces on purpose, is chosen here no longer.
    QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "community-insights", "window").clear()
    made = Window(Preferences(), tmp_path / "none yet")
    made.resize(1280, 720)
    made.show()
    qtbot.waitExposed(made)
    yield made
    bugs = [shown.findChild(QPlainTextEdit).toPlainText() for shown in made.findChildren(BugReport)]
    made.close()
    qtbot.waitUntil(lambda: made.desk is None and not made.jobs.busy(), timeout=20_000)
    made.deleteLater()
    # Now, on this thread: collected by Python later, it could go while a job of the next test runs on another.
    QCoreApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete)
    assert not bugs


@pytest.fixture
def settled(qtbot: QtBot, window: Window) -> Callable[[], None]:
    """Give what waits until everything asked for is done."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not window.jobs.busy(), timeout=60_000)
        # One turn more: what was done is told by queued signals.
        QTest.qWait(10)

    return wait
