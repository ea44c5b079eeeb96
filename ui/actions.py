"""What the menus and keys do: every action of the window, its words, its keys and where it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

if TYPE_CHECKING:
    from ui.window import Window

Do = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. `unlocked` says that it needs an open record, `at_desk` that volunteers may use it."""

    text: str
    keys: str
    do: Do
    unlocked: bool = True
    at_desk: bool = False


def tr(text: str) -> str:
    """Translate the words of a menu."""
    return QCoreApplication.translate("actions", text)


def fill(window: Window) -> None:
    """Put every menu on the window."""

    def to(place: str, what: object = None) -> Do:
        return lambda: window.go(place, what)

    places = enumerate(window.rail.places(), 1)
    menus(
        window,
        {
            tr("&File"): [
                Entry(tr("&Bring in a spreadsheet…"), "Ctrl+I", to("intake")),
                Entry(tr("&Make a report…"), "Ctrl+R", to("reports")),
                Entry(tr("&Check a report file…"), "", lambda: check_a_file(window), unlocked=False),
                Entry(tr("Back &up now"), "Ctrl+B", window.back_up),
                None,
                Entry(tr("Ha&nd over to volunteers"), "Ctrl+Shift+L", to("sessions", ("hand", None))),
                Entry(tr("&Lock"), "Ctrl+L", window.lock, at_desk=True),
                Entry(tr("&Quit"), "Ctrl+Q", window.close, unlocked=False, at_desk=True),
            ],
            tr("&Edit"): [
                Entry(tr("&Undo the last change"), "Ctrl+Z", window.undo),
                Entry(tr("&Redo"), "Ctrl+Shift+Z", window.redo),
                Entry(tr("Go to the &message"), "F6", window.to_message),
                Entry(tr("&What changed"), "Ctrl+H", to("history")),
            ],
            tr("&Add"): [
                Entry(tr("Add…"), "Ctrl+N", window.quick_add),
                None,
                Entry(tr("A &person"), "Ctrl+Shift+P", to("people", ("new", None))),
                Entry(tr("A &visit"), "Ctrl+Shift+V", to("people", ("visit", None))),
                Entry(tr("A &case"), "Ctrl+Shift+C", to("people", ("case", None))),
                Entry(tr("A &head-count"), "Ctrl+Shift+H", to("sessions", ("new", None))),
                Entry(tr("Something &noticed"), "Ctrl+Shift+N", to("noticed", ("new", None))),
                Entry(tr("A &safeguarding concern"), "Ctrl+Shift+G", to("concerns", ("new", ""))),
                None,
                Entry(tr("Open the &desk"), "Ctrl+Shift+D", to("sessions", ("desk", None))),
                Entry(tr("Enter from pap&er"), "Ctrl+Shift+E", to("sessions", ("paper", None))),
            ],
            tr("&Go"): [
                Entry(tr("&Find anything…"), "Ctrl+K", window.find_anything),
                *(Entry(words, f"Ctrl+{at}", to(place)) for at, (place, words) in places),
                None,
                Entry(tr("&Households"), "Ctrl+Shift+O", to("people", ("households", None))),
                Entry(tr("The &same person twice?"), "Ctrl+Shift+S", to("people", ("same", None))),
                Entry(tr("Written &differently"), "", to("differing")),
            ],
            tr("&View"): [
                Entry(tr("&Larger text"), "Ctrl++", lambda: window.resize_text(1), unlocked=False, at_desk=True),
                Entry(tr("&Smaller text"), "Ctrl+-", lambda: window.resize_text(-1), unlocked=False, at_desk=True),
            ],
            tr("Help"): [
                Entry(tr("&Help with this place"), "F1", window.show_help, unlocked=False, at_desk=True),
                Entry(tr("&When things go wrong"), "", lambda: window.show_help("wrong"), unlocked=False, at_desk=True),
            ],
        },
    )
    window.menuBar().setAccessibleName(tr("Menus"))
    # Once the window is seen: loading what a style is made of would hold it up.
    QTimer.singleShot(0, window, lambda: _letters(window))


def _letters(window: Window) -> None:
    from ui.letters import Letters

    letters = Letters("Fusion")
    letters.setParent(window)
    window.menuBar().setStyle(letters)


def check_a_file(window: Window) -> None:
    """Ask which file of a report is to be checked."""
    from ui.dialogs.unchanged import ask

    ask(window)


def menus(window: QMainWindow, titled: dict[str, list[Entry | None]]) -> None:
    """Put the menus on the window, each line an action; None is a rule between lines."""
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
            action.setProperty("at_desk", entry.at_desk)
            action.triggered.connect(lambda _=False, do=entry.do: do())
            menu.addAction(action)
            # An action of the window as well, so that its keys work wherever the focus is.
            window.addAction(action)


def allow(window: QMainWindow, unlocked: bool, at_desk: bool = False) -> None:
    """Switch the actions that need an open record on or off; `at_desk`: all are off but those for volunteers."""
    for action in window.actions():
        allowed = unlocked or not action.property("unlocked")
        action.setEnabled(bool(action.property("at_desk")) if at_desk else allowed)
