"""Undo and redo of what was done in this window, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from cis_desktop import words as plain_words
from ui.desk import Desk
from ui.jobs import Stopped

if TYPE_CHECKING:
    from cis_desktop.vault.store import Undone
    from ui.window import Window


Field = QLineEdit | QPlainTextEdit | QTextEdit | QAbstractSpinBox


class Undoing(QObject):
    """Two piles of change sets: those done, and those undone. The history page undoes anything else.

    Ctrl+Z belongs to the field that has the focus only while there is something typed in it to take back, and
    nothing was saved since.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._done: list[tuple[str, str]] = []
        self._undone: list[tuple[str, str]] = []
        self._just_saved = False
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._watch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Ctrl+Z from a field that has nothing to undo, so that it reaches the record."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and event.matches(QKeySequence.StandardKey.Undo):
                if self._done and (self._just_saved or not has_typing(watched)):
                    event.ignore()
                    return True
            elif event.type() == QEvent.Type.KeyPress and event.text().isprintable() and event.text():
                self._just_saved = False
        return False

    def _watch(self, before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(before, Field):
            before.removeEventFilter(self)
        if isinstance(now, Field):
            now.installEventFilter(self)

    def did(self, words: str, change_set: str) -> None:
        """Remember a change, and offer to undo it."""
        self._done.append((words, change_set))
        self._undone.clear()
        self._just_saved = True
        self._window.toast.say(self.tr("Saved: %1").replace("%1", words), True)

    def forget(self) -> None:
        """Forget everything: the record is locked."""
        self._done.clear()
        self._undone.clear()

    def undo(self, desk: Desk) -> None:
        """Undo the newest change."""
        self._take(desk, self._done, self._undone, self.tr("Undone: %1"))

    def redo(self, desk: Desk) -> None:
        """Do again what was undone last."""
        self._take(desk, self._undone, self._done, self.tr("Done again: %1"))

    def _take(self, desk: Desk, pile: list[tuple[str, str]], other: list[tuple[str, str]], said: str) -> None:
        toast = self._window.toast
        if not pile:
            toast.say(self.tr("There is nothing more to undo here. Look in “What changed” for older changes."), False)
            return
        words, change_set = pile.pop()

        def done(undone: Undone) -> None:
            sentence = said.replace("%1", words)
            if undone.kept:
                kept = plain_words.count(len(undone.kept), self.tr("record was"), self.tr("records were"))
                sentence += self.tr(". %1 left as they are, because somebody has worked on them since").replace(
                    "%1", kept
                )
            if undone.change_set is not None:
                other.append((words, undone.change_set))
            toast.say(sentence, bool(self._done))

        def failed(error: Exception) -> None:
            if self._window.desk is desk:
                pile.append((words, change_set))
            if isinstance(error, Stopped):
                toast.say(self.tr("Stopped, as you asked. Nothing was changed."), bool(self._done))
            else:
                self._window.trouble(error)

        desk.undo(self, self.tr("Undoing"), change_set, done, failed)


def has_typing(field: QObject) -> bool:
    """Say whether a field has something typed in it that can be taken back."""
    if isinstance(field, QAbstractSpinBox):
        field = field.lineEdit()
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable()
    return isinstance(field, QPlainTextEdit | QTextEdit) and field.document().isUndoAvailable()
