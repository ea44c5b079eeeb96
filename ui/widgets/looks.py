"""How the window looks on this computer: language, text size and colours, each taking effect at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.preferences import SIZES, Preferences
from ui.theme import MARGIN, SPACE
from ui.widgets.fields import Choice, Form


class Looks(QWidget):
    """The choices themselves; a page lays them out. They follow what is chosen elsewhere, as by Ctrl and +."""

    def __init__(self, preferences: Preferences, dress: Callable[[], None]) -> None:
        super().__init__()
        self._preferences, self._dress = preferences, dress
        # One language for now, said openly: a choice that is coming, and what the texts are in until then.
        self.language = Choice([("en", self.tr("English"))])
        self.text_size = Choice([(str(size), f"{size} %") for size in SIZES])
        self.scheme = Choice(
            [
                ("system", self.tr("As this computer has them")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
                ("contrast", self.tr("High contrast")),
            ]
        )
        self._follow()
        for choice in (self.text_size, self.scheme):
            choice.currentIndexChanged.connect(self._chosen)

    def side_by_side(self) -> None:
        """Lay out language and text size in one line, to be chosen before anything is read."""
        across = QHBoxLayout(self)
        across.setContentsMargins(MARGIN, SPACE, MARGIN, 0)
        for text, choice, hint in (
            (self.tr("&Language"), self.language, self.tr("The only one so far.")),
            (self.tr("Text si&ze"), self.text_size, self.tr("Or Ctrl and +.")),
        ):
            form = Form()
            form.field(text, choice, hint)
            across.addLayout(form, 1)

    def changeEvent(self, event: QEvent) -> None:
        """Show a text size that was chosen elsewhere."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._follow()

    def _follow(self) -> None:
        for choice, key in ((self.text_size, str(self._preferences.percent)), (self.scheme, self._preferences.scheme)):
            if choice.key() != key:
                choice.blockSignals(True)
                choice.choose(key)
                choice.blockSignals(False)

    def _chosen(self) -> None:
        self._preferences.percent = int(self.text_size.key() or 100)
        self._preferences.scheme = self.scheme.key() or "system"
        self._dress()
