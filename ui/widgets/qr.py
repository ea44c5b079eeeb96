"""A QR code, drawn here: black on white in every scheme, because a camera reads it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

QUIET = 4
"""Modules of white around it, as ISO/IEC 18004 asks."""
DOT = 4
"""Pixels of one module on the screen."""


def modules(text: str) -> list[list[bool]]:
    """Give the rows of a QR code of `text` that is read with up to 15 % of it damaged; True is black."""
    # Inside: only a recovery kit needs it, and a window that is starting should not wait for it.
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    side = code.getModuleCount()
    return [[bool(code.isDark(down, across)) for across in range(side)] for down in range(side)]


def picture(text: str, dot: int = DOT) -> QImage:
    """Draw a QR code with its white edge, `dot` pixels to a module."""
    rows = modules(text)
    side = len(rows) + 2 * QUIET
    made = QImage(side * dot, side * dot, QImage.Format.Format_Mono)
    made.fill(1)
    for down, line in enumerate(rows):
        for across, black in enumerate(line):
            if black:
                for y in range((down + QUIET) * dot, (down + QUIET + 1) * dot):
                    for x in range((across + QUIET) * dot, (across + QUIET + 1) * dot):
                        made.setPixel(x, y, 0)
    return made


class QrCode(QWidget):
    """Shows one QR code, or nothing."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._picture = QImage()

    def show_text(self, text: str) -> None:
        """Draw a text; nothing for none."""
        self._picture = picture(text) if text else QImage()
        self.setFixedSize(self._picture.size() if text else QSize(0, 0))
        self.update()

    def image(self) -> QImage:
        """Give what is drawn."""
        return self._picture

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it, each module in whole pixels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(QRect(0, 0, self.width(), self.height()), self._picture)
        painter.end()
