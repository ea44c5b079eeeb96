"""Enter from paper: one day and place, a pile of sheets, one row after another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal

from cis_desktop.records import arrivals
from ui.desk import Desk
from ui.pages.sessions.entering import Entering
from ui.widgets.words import button, plain, row


class PaperView(Entering):
    """A row for each visit: who, how many, a note. Enter goes from field to field and saves in the last."""

    paste = Signal()
    """Lines of text are to be pasted instead of typed."""
    one_by_one = True

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__(desk, trouble)
        self.below.addWidget(plain(self.tr("Is it typed already, on a phone or in a sheet?"), quiet=True))
        paste = button(self.tr("Paste lines of te&xt…"))
        paste.clicked.connect(self.paste)
        self.below.addLayout(row(paste))

    def chosen(self, person: arrivals.Known) -> None:
        """Go on to what is on the paper about this person."""
        self.form.adults.setFocus(Qt.FocusReason.TabFocusReason)

    def was_pasted(self, every: list[arrivals.Made]) -> None:
        """Remember what pasted lines have made, so that each can be taken back whole."""
        self.made |= {made.contact_id: made for made in every}

    def _clock(self, day: str) -> str | None:
        """A sheet of paper was written at a time that nobody noted."""
        return None
