"""Words of a chart that need more than one font, or shaping. Imports reportlab: only inside functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportlab.graphics.shapes import Group, String, UserNode
from reportlab.pdfgen.canvas import Canvas

from cis_desktop.shaping import pieces


class Label(UserNode):  # type: ignore[misc]
    """Words from a point on, in as many fonts as they need."""

    def __init__(self, x: float, y: float, words: str, font: str, look: Mapping[str, Any]) -> None:
        super().__init__()
        self.x, self.y, self.words, self.font, self.look = x, y, words, font, dict(look)

    def provideNode(self) -> Any:
        """Give the words as they are to what shapes them itself, a page or the window; else piece by piece."""
        if not isinstance(getattr(self, "_canvas", None), Canvas):
            return String(self.x, self.y, self.words, fontName=self.font, **self.look)
        made, x = Group(), self.x
        for piece in pieces(self.words, self.font, self.look["fontSize"]):
            made.add(String(x, self.y, piece.drawn, fontName=piece.font, **self.look))
            x += piece.width
        return made
