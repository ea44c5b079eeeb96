"""Ways to look at the figures of a report: before anything is done to them, after it, and as a reader could."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop.disclosure.tables import CellId
from ui.desk import Desk
from ui.jobs import Job, Stopped
from ui.models.figures import Figure, could_be
from ui.widgets.words import button, here, plain, row

if TYPE_CHECKING:
    from cis_desktop.disclosure.seen import Span
    from cis_desktop.packs.preview import Preview

OWN, HIDING, SEEN, READER = "own", "hiding", "seen", "reader"


class Views(QWidget):
    """One button for each way to look, which says what it is; the last one is worked out when it is first wanted."""

    changed = Signal()
    """Figures are to be shown in another way, or what was still being worked out is there."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self.trouble = desk, trouble
        self.at = SEEN
        self.found: Preview | None = None
        self.spans: dict[CellId, Span] = {}
        self.job: Job | None = None
        self.names = {
            OWN: self.tr("Your own"),
            HIDING: self.tr("After hiding"),
            SEEN: self.tr("What is seen"),
            READER: self.tr("What a reader could work out"),
        }
        self._means = {
            OWN: self.tr("The true numbers, for your eyes only."),
            HIDING: self.tr("What is left when figures are hidden, before the rest is rounded."),
            SEEN: self.tr("What is in the files: some figures are hidden, most others are rounded."),
            READER: self.tr(
                "The most that somebody can know from everything that is shown, here and in earlier reports."
            ),
        }
        self.setObjectName("views")
        self.setAccessibleName(self.tr("How to look at the figures"))
        self.buttons = {}
        for view, name in self.names.items():
            self.buttons[view] = made = button(name)
            made.clicked.connect(lambda _=False, view=view: self.look(view))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addLayout(row(*self.buttons.values()))
        self.means = plain(quiet=True)
        lines.addWidget(self.means)
        self._mark()

    def show_found(self, found: Preview, safe: bool) -> None:
        """Be about other figures; nothing is known yet of what a reader could work out of them."""
        if self.job is not None:
            self.job.cancel()
        self.found, self.job, self.spans = found, None, {}
        self.setVisible(safe)
        if safe and self.at == READER:
            self._work_out()

    def look(self, view: str) -> None:
        """Look at the figures in another way."""
        self.at = view
        self._mark()
        if view == READER and not self.spans and self.job is None:
            self._work_out()
        self.changed.emit()

    def say(self, figure: Figure) -> str:
        """Say a figure as it is looked at."""
        if self.at == READER:
            return could_be(figure, self.spans)
        return {OWN: figure.exact, HIDING: figure.plain, SEEN: figure.seen}[self.at]

    def _mark(self) -> None:
        for view, each in self.buttons.items():
            here(each, view == self.at)
        self.means.setText(self._means[self.at])

    def _work_out(self) -> None:
        found = self.found
        if found is None:
            return

        def work(job: Job) -> dict[CellId, Span]:
            from cis_desktop.packs.preview import could_know
            from cis_desktop.packs.watching import Watch

            return could_know(found, Watch(stopped=job.stop.is_set))

        def done(spans: dict[CellId, Span]) -> None:
            if found is self.found:
                self.job, self.spans = None, spans
                self.changed.emit()

        def failed(error: Exception) -> None:
            if found is not self.found:
                return
            self.job = None
            self.look(SEEN)
            if not isinstance(error, Stopped):
                self.trouble(error)

        self.job = self.desk.jobs.start(self, self.tr("Working out what a reader could know"), work, done, failed)
