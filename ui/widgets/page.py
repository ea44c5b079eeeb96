"""What every page is: a place in the window that says what it shows and keeps what is half written."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.desk import Desk
from ui.say import say
from ui.theme import BODY, COLUMN, MARGIN, SPACE
from ui.widgets.notice import Notice


class Page(QWidget):
    """One place. Subclasses fill it, name the tables they show, and read them again in `reload`."""

    shows: frozenset[str] | None = frozenset()
    """Tables whose change makes this page reload; None: every change does."""
    private = False
    """That somebody was here is no business of whoever unlocks next: the window does not keep it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.stale = False
        self.notice = Notice()

    def reload(self) -> None:
        """Read again what is shown; called when it may have changed. Fields being filled in are left alone."""

    def open(self, what: object) -> None:
        """Show one record, or begin something, as the page understands it."""

    def drafts(self) -> dict[str, Any]:
        """Give what is half written, as JSON can hold it; empty where nothing is."""
        return {}

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put back what `drafts` gave before the record was locked."""

    def trouble(self, error: Exception) -> None:
        """Say what went wrong, on this page."""
        say(error, self.notice)

    def touched(self, tables: frozenset[str]) -> None:
        """Reload now if the page is seen and shows one of these tables; when it is next seen otherwise."""
        if self.shows is None or self.shows & tables:
            if self.isVisible():
                self.reload()
            else:
                self.stale = True

    def showEvent(self, event: object) -> None:
        """Catch up with what changed while the page was out of sight."""
        super().showEvent(event)  # type: ignore[arg-type]
        if self.stale:
            self.stale = False
            self.reload()


class Middle(QWidget):
    """A part of which no line is longer than lines may be, in letters, whatever the size of the text."""

    def __init__(self, around: int) -> None:
        """Leave so many pixels `around` the lines."""
        super().__init__()
        self._around = around
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text size."""
        super().changeEvent(event)
        if hasattr(self, "_around"):
            self._fit()

    def _fit(self) -> None:
        self.setMaximumWidth(round(COLUMN * self.font().pointSizeF() / BODY) + self._around)


def scrolled(inside: QWidget) -> QScrollArea:
    """Put a widget where it can scroll."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inside.setObjectName("inside")
    area.setWidget(inside)
    return area


def column(widget: QWidget) -> QVBoxLayout:
    """Give a widget a column of parts with room around them."""
    lines = QVBoxLayout(widget)
    lines.setContentsMargins(MARGIN, 2 * SPACE, MARGIN, 2 * SPACE)
    lines.setSpacing(SPACE)
    return lines


def bring_up(area: QScrollArea, part: QWidget) -> None:
    """Scroll so that a part is seen from its top, once it has its place."""
    QTimer.singleShot(0, part, lambda: area.verticalScrollBar().setValue(part.pos().y()))


class Deck(QWidget):
    """Parts of which one is seen, and as large as that one: a short part is not scrolled for a long one's sake."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[QWidget] = []
        self._seen: QWidget | None = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)

    def add(self, part: QWidget) -> None:
        """Add a part; the first is seen."""
        self._parts.append(part)
        self._lines.addWidget(part)
        part.setVisible(self._seen is None)
        self._seen = self._seen or part

    def see(self, part: QWidget) -> None:
        """Show one part in place of the other, and go on in it if that is where the keys went."""
        held = QApplication.focusWidget()
        before, self._seen = self._seen, part
        left = before is not None and before is not part and held is not None and before.isAncestorOf(held)
        if before is not None and before is not part:
            before.hide()
        part.show()
        if left:
            stops = (each for each in part.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus)
            first = next((each for each in stops if each.isEnabled() and each.isVisibleTo(part)), None)
            if first is not None:
                # Qt itself would go on at the rail, far from what has come of it.
                first.setFocus(Qt.FocusReason.OtherFocusReason)

    def seen(self) -> QWidget | None:
        """Give the part that is shown."""
        return self._seen
