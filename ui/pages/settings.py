"""Settings: how the window looks on this computer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.desk import Desk
from ui.preferences import SIZES, Preferences
from ui.widgets.fields import Choice, Form
from ui.widgets.page import Page, column, scrolled
from ui.widgets.words import heading, plain


class SettingsPage(Page):
    """Each choice takes effect at once."""

    def __init__(self, desk: Desk, preferences: Preferences, dress: Callable[[], None]) -> None:
        super().__init__(desk)
        self._preferences = preferences
        self._dress = dress
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(heading(self.tr("Settings")))
        lines.addWidget(self.notice)
        form = Form()
        self.scheme = Choice(
            [
                ("system", self.tr("As this computer has them")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
                ("contrast", self.tr("High contrast")),
            ]
        )
        self.scheme.choose(preferences.scheme)
        self.scheme.currentIndexChanged.connect(self._changed)
        form.field(self.tr("&Colours"), self.scheme)
        self.size = Choice([(str(size), f"{size} %") for size in SIZES])
        self.size.choose(str(preferences.percent))
        self.size.currentIndexChanged.connect(self._changed)
        form.field(self.tr("&Text size"), self.size)
        lines.addLayout(form)
        lines.addWidget(heading(self.tr("Where your record is"), 2))
        lines.addWidget(plain(str(desk.workspace.folder)))
        lines.addWidget(
            plain(self.tr("Everything in that folder is locked. Changes are written under the name %1.").replace(
                "%1", desk.workspace.who
            ))
        )  # fmt: skip
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))

    def _changed(self) -> None:
        self._preferences.scheme = self.scheme.key() or "system"
        self._preferences.percent = int(self.size.key() or 100)
        self._dress()
