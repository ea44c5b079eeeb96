"""Changing the key: every page is put aside, because nobody may read meanwhile, and comes back as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from ui.theme import SPACE
from ui.widgets.page import column
from ui.widgets.words import heading, plain

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace
    from ui.desk import Told
    from ui.window import Window


class Aside(QWidget):
    """Words and a bar, and nothing to press: what is begun here cannot be stopped half way."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        lines = column(self)
        self.title = heading()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(40 * SPACE)
        lines.addWidget(self.title)
        lines.addWidget(
            plain(
                self.tr(
                    "This takes a few seconds, or a minute for a large record. Then you are back where you were, with "
                    "all that was half written. Should the computer stop meanwhile, nothing is lost."
                )
            )
        )
        lines.addWidget(self.bar)
        lines.addStretch(1)

    def change(self, words: str, work: Callable[[Workspace], Told]) -> None:
        """Do what `words` name with nobody reading; the page we were on then hears ("came", what it gave or raised)."""
        window = self._window
        place = window.place
        desk = window.let_go(self)
        self.title.setText(words)
        self.bar.setAccessibleName(words)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

        def back(came: Told | Exception) -> None:
            desk.deleteLater()
            window.take_up(desk.workspace, place)
            window.go(place, ("came", came))

        def begin() -> None:
            window.jobs.start(self, words, lambda _: work(desk.workspace), back, back, writes=True, can_stop=False)

        window.jobs.when_idle(begin)
