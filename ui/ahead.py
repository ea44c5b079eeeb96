"""The places are made ready a little at a time while nobody types, so that going to one takes no time."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

from ui.idle import USES

if TYPE_CHECKING:
    from ui.widgets.page import Page
    from ui.window import Window

PLACES = ("people", "sessions", "noticed", "reports", "post", "intake", "history", "settings", "help")
"""The likeliest first."""
FIRST = ("cis_desktop.vault.keys", "cis_desktop.workspace", "ui.pages.home", "ui.anywhere", "ui.quick")
"""What unlocking, and the page after it, are made of."""
BEFORE = {
    "people": (
        "cis_desktop.records.contacts", "cis_desktop.records.households", "cis_desktop.records.glance",
        "cis_desktop.records.search",
    ),
    "reports": (
        "cis_desktop.packs.role", "cis_desktop.disclosure.tables", "cis_desktop.disclosure.overlaps",
        "cis_desktop.geography", "cis_desktop.charts", "cis_desktop.packs.page", "cis_desktop.packs.workbook",
        "cis_desktop.packs.making", "cis_desktop.packs.verifying",
    ),
    "post": (
        "cis_desktop.intake.reading", "cis_desktop.briefings.area_files", "cis_desktop.briefings.tables",
        "cis_desktop.briefings.native", "cis_desktop.briefings.reading",
    ),
}  # fmt: skip
"""What takes long to load of what a place needs."""
SETTLE = 1500
"""Milliseconds without a key before it begins, and goes on: whoever opens the record wants to find somebody first."""
SOON = 300
"""Milliseconds from the first sight of the window until anything more is loaded."""
BETWEEN = 20
"""Milliseconds between two pieces, for whatever else the window has to do."""


class Ahead(QObject):
    """Makes the pages of a window before somebody goes there. What it is doing is dropped at once when it locks."""

    def __init__(self, window: Window, make: Callable[[str, Window], Page]) -> None:
        super().__init__(window)
        self._window = window
        self._make = make
        self._pieces: Iterator[None] = iter(())
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._next)

    def warm(self) -> None:
        """Load what the first page needs while the passphrase is being typed; nothing of a record is read."""
        self._pieces = (None for name in FIRST if importlib.import_module(name))
        self._timer.start(SOON)

    def begin(self) -> None:
        """Begin once the window has been left in peace for a moment."""
        self._pieces = self._all()
        self._timer.start(SETTLE)

    def end(self) -> None:
        """Make no more."""
        self._timer.stop()
        self._pieces = iter(())

    def busy(self) -> bool:
        """Say whether there is more to make."""
        return self._timer.isActive()

    def saw(self, event: QEvent) -> None:
        """Stand back while somebody uses the window."""
        if self._window.desk is not None and self._timer.isActive() and event.type() in USES:
            self._timer.start(SETTLE)

    def _next(self) -> None:
        try:
            next(self._pieces)
        except StopIteration:
            return
        self._timer.start(BETWEEN)

    def _all(self) -> Iterator[None]:
        import pkgutil

        for place in PLACES:
            for before in BEFORE.get(place, ()):
                importlib.import_module(before)
                yield
            name = f"ui.pages.{place}"
            package = importlib.import_module(name)
            yield
            for module in pkgutil.iter_modules(getattr(package, "__path__", ())):
                importlib.import_module(f"{name}.{module.name}")
                yield
            if place not in self._window.pages:
                self._window.pages[place] = self._make(place, self._window)
                yield
                self._window.page(place)
                yield
