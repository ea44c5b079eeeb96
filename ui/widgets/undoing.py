"""Undo and redo of what was done in this window, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cis_desktop import words as plain_words
from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Stopped
from ui.say import report

if TYPE_CHECKING:
    from cis_desktop.vault.store import Undone
    from ui.window import Window


class Undoing(QObject):
    """Two piles of change sets: those done, and those undone. The history page undoes anything else."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._done: list[tuple[str, str]] = []
        self._undone: list[tuple[str, str]] = []

    def did(self, words: str, change_set: str) -> None:
        """Remember a change, and offer to undo it."""
        self._done.append((words, change_set))
        self._undone.clear()
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
            elif isinstance(error, CisError):
                toast.say(f"{error.title}. {error.sentence}", False)
            else:
                report(error, self._window)

        desk.undo(self, self.tr("Undoing"), change_set, done, failed)
