"""From the key to Home, through the real window: opening the vault, and Home painted with all that it says.

At 1x (500 people) and at 200x (100,000 people, 1,000,000 visits), beside what anybody would have to do to unlock: give
the key to SQLCipher and count. Deriving the key is apart; see `test_key_derivation`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from cis_desktop.demo import populate
from cis_desktop.vault import keys
from cis_desktop.vault.database import connect
from cis_desktop.workspace import Workspace
from ui.app import make_application
from ui.preferences import Preferences
from ui.window import Window

WORDS = "four words are enough"
SIZES = {"1x": 500, "200x": 100_000}
GROWTH = 2.0
PATIENCE = 60.0
TAKEN: dict[str, float] = {}


class Door:
    """A group's locked window, time and again."""

    def __init__(self, folder: Path, count: int) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        self.application = make_application()
        self.folder = folder
        with Workspace.create(folder, "Larder", "Ann", WORDS, passes=1) as workspace:
            populate(workspace, count)
            self.key = workspace.vault.key
        self.window: Window | None = None
        self.workspace: Workspace | None = None

    def lock(self) -> Window:
        """Give a window nobody has unlocked yet, after closing the one before."""
        self.close()
        self.window = Window(Preferences(remember=False), self.folder)
        self.window.show()
        self.application.processEvents()
        return self.window

    def unlock(self, window: Window) -> None:
        """Open the record and wait until Home is painted with what is due and how safe the record is."""
        self.workspace = Workspace.open_slot(self.folder, lambda file: keys.Opened(file.slots[0], "", self.key))
        window.opened(self.workspace)
        until = time.monotonic() + PATIENCE
        while window.pages["home"].known is None:
            self.application.processEvents()
            assert time.monotonic() < until, "Home never said what is due"
        window.grab()

    def count(self, _: Window) -> None:
        """Give SQLCipher the key and count, and nothing else."""
        plain = connect(self.folder / "vault.db", self.key)
        plain.execute("select count(*) from people").fetchone()
        plain.close()

    def close(self) -> None:
        if self.window is not None and self.workspace is not None:
            self.window.hide()
            self.window.put_aside()
            self.workspace.close()
            self.window.deleteLater()
            self.application.processEvents()


@pytest.fixture(scope="module", params=SIZES)
def door(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Door]]:
    """Give each size of group in turn, with its name."""
    made = Door(tmp_path_factory.mktemp("group") / "w", SIZES[request.param])
    yield request.param, made
    made.close()


def test_unlocking_to_home(compare: Any, door: tuple[str, Door]) -> None:
    size, group = door
    line = compare(f"unlocking to Home, {size}", group.unlock, group.count, limit=0.25, rounds=7, prepare=group.lock)
    TAKEN[size] = line.ours
    if len(TAKEN) == len(SIZES):
        compare.amount(
            "unlocking to Home, 200x beside 1x", ours=TAKEN["200x"], reference=TAKEN["1x"], unit="s", goal=GROWTH
        )


def test_a_key_press_and_a_page(compare: Any, door: tuple[str, Door]) -> None:
    """In the open window: a letter more in the search for people, and then somebody's page, each painted."""
    size, group = door
    window = group.lock()
    group.unlock(window)
    assert group.workspace is not None
    (last,) = group.workspace.read.execute("select max(id) from people").fetchone()
    window.go("people")
    page = window.pages["people"]
    typed = cycle("smith"[:count] for count in range(1, 6))
    chosen = cycle((last, 1, last // 2, last // 3, last // 7))

    def press_and_open() -> None:
        page.find.setText(next(typed))
        page.open(("show", next(chosen)))
        group.application.processEvents()
        window.grab()

    compare(f"a key press and somebody's page, {size}", press_and_open, limit=0.15, rounds=10)
