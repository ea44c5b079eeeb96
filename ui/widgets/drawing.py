"""A chart or map on the screen: any drawing of the core, in the window's colours and at the size of its text.

It never stands alone: whoever shows one shows the table with the same figures beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea

from ui.jobs import Job, Jobs
from ui.theme import FAMILY
from ui.widgets.words import plain

SMALLEST = 0.8
"""A drawing shrinks to this part of its own size to fit; what is wider still is scrolled, not made unreadable."""
READ = 0.95
"""How large the words of a drawing are, as part of the words around it."""
SOON = 40
"""Milliseconds: who pulls at the window's edge, or at the text size, is drawn for once, not for every step."""
LEAST = 260.0
"""Points: a chart is laid out for no less width than this."""


class DrawingView(QScrollArea):
    """One drawing, whose accessible name is the finding in words.

    A job makes it and writes it as SVG, which is most of the work; Qt paints on the window's own thread only.
    """

    def __init__(self, jobs: Jobs, trouble: Callable[[Exception], object]) -> None:
        super().__init__()
        self._jobs = jobs
        self._trouble = trouble
        self._make: Callable[[float], Any] | None = None
        self._fits = False
        self._width = 0.0
        self._svg: bytes | None = None
        self._asked = 0
        self._picture = plain()
        self._picture.setWordWrap(False)
        self.setWidget(self._picture)
        # A drawing stands on whatever its page stands on.
        self._picture.setAutoFillBackground(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._draw)
        self.hide()

    def draw(self, make: Callable[[], Any], finding: str) -> None:
        """Show the reportlab drawing that `make` gives; it is called on another thread, perhaps more than once.

        `finding` says in words what the drawing shows, and is what a screen reader says in its place.
        """
        self._fits = False
        self._begin(lambda _: make(), finding)

    def fit(self, make: Callable[[float], Any], finding: str) -> None:
        """Show a drawing that `make` lays out for the room there is, in points; it is made anew when that changes."""
        self._fits = True
        self._begin(make, finding)

    def _begin(self, make: Callable[[float], Any], finding: str) -> None:
        self._make = make
        self.setAccessibleName(finding)
        self._picture.setAccessibleName(finding)
        self.show()
        # After the layout has given it its room.
        self._again.start(0)

    def clear(self) -> None:
        """Show nothing."""
        self._make = self._svg = None
        self._asked += 1
        self._picture.clear()
        self.hide()

    def finding(self) -> str:
        """Give what the drawing says in words."""
        return self._picture.accessibleName()

    def picture(self) -> QPixmap:
        """Give what is painted, empty until the job is done."""
        return self._picture.pixmap()

    def resizeEvent(self, event: Any) -> None:
        """Shrink or grow with the room there is."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._paint()
            if self._fits and self._make is not None and self._room() != self._width:
                self._again.start(SOON)

    def changeEvent(self, event: Any) -> None:
        """Paint anew in other colours or for another text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            timer = getattr(self, "_again", None)
            if timer is not None and self._make is not None:
                timer.start(SOON)

    def _draw(self) -> None:
        make = self._make
        if make is None:
            return
        self._asked += 1
        asked, colours = self._asked, _colours(self.palette())
        room = self._width = self._room()

        def work(_: Job) -> bytes:
            from cis_desktop.charts import screen_svg

            return screen_svg(make(room), colours, FAMILY)

        def done(svg: bytes) -> None:
            if asked == self._asked:
                self._svg = svg
                self._paint()

        self._jobs.start(self, self.tr("Drawing a chart"), work, done, self._trouble, can_stop=False)

    def _scale(self) -> float:
        """Give the pixels for each point of a drawing: its words are nearly as large as the words around it."""
        from cis_desktop.charts.style import SIZE

        return self.logicalDpiX() / 72 * QApplication.font().pointSizeF() * READ / SIZE

    def _room(self) -> float:
        """Give the width there is for a drawing, in its points."""
        return max(LEAST, self.viewport().width() / self._scale())

    def _paint(self) -> None:
        if self._svg is None:
            return
        scale = self._scale()
        image, size = painted(self._svg, scale, self.viewport().width(), self.devicePixelRatioF())
        self._picture.setPixmap(QPixmap.fromImage(image))
        self._picture.setFixedSize(size)
        wide = size.width() > self.viewport().width()
        bar = self.horizontalScrollBar().sizeHint().height() if wide else 0
        # Only what scrolls is stopped at by Tab, so that the arrows can scroll it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if wide else Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(size.height() + bar + 2)


def painted(svg: bytes, scale: float, room: int, ratio: float) -> tuple[QImage, QSize]:
    """Paint a drawing for `room` pixels of width; give the image and its size in pixels of the window.

    `scale` is pixels for each point, `ratio` the screen's dots for each pixel.
    """
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(svg)
    own = renderer.viewBoxF().size() * scale
    fits = min(1.0, max(SMALLEST, room / own.width())) if own.width() and room > 0 else 1.0
    size = QSize(round(own.width() * fits), max(1, round(own.height() * fits)))
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return image, size


def _colours(palette: QPalette) -> dict[str, str]:
    """Give what the drawing's four colours become in the window's scheme."""
    from cis_desktop.charts.style import AXIS, BAR, INK, QUIET

    role = QPalette.ColorRole
    return {
        drawn: palette.color(QPalette.ColorGroup.Active, shown).name()
        for drawn, shown in {
            BAR: role.Accent, INK: role.WindowText, QUIET: role.PlaceholderText, AXIS: role.Mid,
        }.items()
    }  # fmt: skip
