"""What the window says once a laptop was taken away, and reading concerns on one more laptop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cis_desktop import ways_in
from cis_desktop.concern_readers import ASKED, asking, readers
from cis_desktop.sync import laptops
from cis_desktop.vault.keys import new_identity, recipient_of
from cis_desktop.workspace import Workspace
from tests.core.concern_group import ANN, CY, make_group
from tests.ui.keys import press
from ui.window import Window

from .everywhere import until

Settled = Callable[[], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a record of Ann's (who leads), Bo's (the deputy) and Cy's."""
    return make_group(tmp_path / "group")


def locked(window: Window) -> None:
    window.lock()
    until(lambda: not window.jobs.busy() and window.start.isEnabled())


def test_the_lock_is_asked_for_until_it_is_changed_here(window: Window, folder: Path, settled: Settled) -> None:
    record = Workspace.open(folder, ANN)
    laptops.begin(record)
    with record.change("Took a laptop into the group") as change:
        laptops.add(change, laptops.Laptop("ab" * 16, "Hall laptop", recipient_of(new_identity()), "cd" * 32))
    window.opened(record)
    window.go("health")
    settled()
    page = window.pages["health"]
    assert not page.rows["laptops"].isVisibleTo(page)
    laptops.remove(record, "Hall laptop")
    until(lambda: page.rows["laptops"].isVisibleTo(page))
    assert page.facts["laptops"].text().startswith("Taken away: Hall laptop. Change the lock here")
    assert "the lock" in page.whole.text()
    page.buttons["laptops"].setFocus()
    press(window, Qt.Key.Key_Space)
    settled()
    assert window.pages["opening"].isVisible()
    ways_in.change_lock(record)
    window.go("health")
    until(lambda: not page.rows["laptops"].isVisibleTo(page))
    locked(window)


def test_somebody_asks_to_read_concerns_and_a_reader_agrees(
    qtbot: QtBot, window: Window, folder: Path, settled: Settled
) -> None:
    record = Workspace.open(folder, CY)
    window.opened(record)
    window.go("concerns", ("who", None))
    settled()
    naming = window.pages["concerns"].naming
    naming.ask.click()
    settled()
    assert [each.name for each in asking(record.read)] == ["Cy"]
    assert not naming.ask.isVisible()
    assert naming.not_you.text().startswith("You asked")
    with record.change("Asked to read concerns") as change:
        change.insert("concern_readers", name="Dee", role=ASKED, recipient=recipient_of(new_identity()))
    locked(window)
    record = Workspace.open(folder, ANN)
    window.opened(record)
    window.go("concerns", ("who", None))
    settled()
    naming = window.pages["concerns"].naming
    assert "Dee asks to read concerns" in naming.kits.text()
    dee = next(each for each in asking(record.read) if each.name == "Dee")
    naming.person.choose(f"asked:{dee.id}")
    naming.name.click()
    settled()
    assert "Dee" in [each.name for each in readers(record.read)]
    locked(window)
