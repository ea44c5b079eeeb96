"""Listing, inside the record, what was just written outside it or is being brought in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from ui.desk import Desk

if TYPE_CHECKING:
    from cis_desktop.outside import Kind
    from cis_desktop.vault.history import Change


def note(desk: Desk, owner: QObject, paths: Iterable[Path], kind: Kind, failed: Callable[[Exception], object]) -> None:
    """List files as outside the record; it is no change that could be undone."""
    files = tuple(paths)

    def work(change: Change) -> None:
        from cis_desktop import outside

        for path in files:
            outside.note(change, path, kind)

    words = QCoreApplication.translate("outside", "Listed a file outside the record")
    desk.write(owner, words, work, lambda _: None, failed)
