"""What the menus and keys do: every action of the window, its words, its keys and where it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

Do = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. `unlocked` says that it needs an open record."""

    text: str
    keys: str
    do: Do
    unlocked: bool = True


def tr(text: str) -> str:
    """Translate the words of a menu."""
    return QCoreApplication.translate("actions", text)


def menus(window: QMainWindow, titled: dict[str, list[Entry | None]]) -> dict[str, QMenu]:
    """Put the menus on the window, each line an action; None is a rule between lines. Gives them by title."""
    made = {}
    for title, entries in titled.items():
        menu = window.menuBar().addMenu(title)
        menu.setAccessibleName(title.replace("&", ""))
        for entry in entries:
            if entry is None:
                menu.addSeparator()
                continue
            action = QAction(entry.text, window)
            if entry.keys:
                action.setShortcut(QKeySequence(entry.keys))
            action.setProperty("unlocked", entry.unlocked)
            action.triggered.connect(lambda _=False, do=entry.do: do())
            menu.addAction(action)
            # An action of the window as well, so that its keys work wherever the focus is.
            window.addAction(action)
        made[title] = menu
    return made


def allow(window: QMainWindow, unlocked: bool) -> None:
    """Switch the actions that need an open record on or off."""
    for action in window.actions():
        if action.property("unlocked"):
            action.setEnabled(unlocked)
