"""From a commit in the core to one Qt signal: which tables were touched, told on the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace


class Live(QObject):
    """Tell pages that what they show may have changed. Lives as long as the window, whatever is unlocked."""

    touched = Signal(object)
    """The names of the touched tables, as a frozenset of text."""
    _committed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Commits are told on the thread that wrote: only a queued signal may cross from there.
        self._committed.connect(self.touched, Qt.ConnectionType.QueuedConnection)

    def follow(self, workspace: Workspace) -> None:
        """Tell of every commit in `workspace` from now on."""
        workspace.subscribe(self._committed.emit)
