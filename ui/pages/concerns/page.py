"""Concerns: the place where one is written and, by those who may, read. Nothing of it stands on any other page."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cis_desktop import concern_drafts, concerns
from ui.desk import Desk
from ui.pages.concerns.naming import NamingPart
from ui.pages.concerns.reading import ReadingPart
from ui.widgets.concern import WritingPart
from ui.widgets.page import Deck, Page, column, scrolled
from ui.widgets.words import button, heading, row

WIDEST = 100
"""Letters: lines any longer are hard to read."""


class ConcernsPage(Page):
    """Writing first. What is half written is sealed to whoever writes it: the next to unlock finds nothing of it."""

    shows = frozenset({"concerns", "concern_notes", "concern_seals", "concern_readers"})
    private = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.sealed = "", ""
        """What was half written when it was last sealed, and the seal: sealing anew would look like a new draft."""
        self.others: list[str] = []
        """What others have half written, which only they can open."""
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(heading(self.tr("A safeguarding concern")))
        self.write = button(self.tr("Wr&ite one"))
        self.write.clicked.connect(lambda: self.open(("new", "")))
        self.read = button(self.tr("&Read them"))
        self.read.clicked.connect(lambda: self.open(("read", None)))
        self.who = button(self.tr("Wh&o reads them"))
        self.who.clicked.connect(lambda: self.open(("who", None)))
        lines.addLayout(row(self.write, self.read, self.who))
        lines.addWidget(self.notice)
        self.kit = button(self.tr("A recovery &kit waits for you…"))
        self.kit.clicked.connect(lambda: self.open(("who", None)))
        lines.addLayout(row(self.kit))
        self.writing = WritingPart(desk, self.trouble)
        self.reading = ReadingPart(desk, self.notice, self.trouble)
        self.naming = NamingPart(desk, self.trouble)
        self.writing.named.connect(lambda: self.open(("who", None)))
        self.writing.home.connect(lambda: desk.go.emit("home", None))
        self.naming.done.connect(self._named)
        self.deck = Deck()
        for part in (self.writing, self.reading, self.naming):
            self.deck.add(part)
        across = QHBoxLayout()
        # Held narrow by the layout: a part that held itself narrow would be measured wide, and cut at its foot.
        across.addWidget(self.deck, 100)
        across.addStretch(1)
        lines.addLayout(across)
        lines.addStretch(1)
        self.area = scrolled(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)
        self._keep_narrow()
        self.reload()
        if concerns.may_read(desk.workspace):
            self._see(self.reading)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "deck"):
            self._keep_narrow()

    def _keep_narrow(self) -> None:
        self.deck.setMaximumWidth(self.fontMetrics().averageCharWidth() * WIDEST)

    def reload(self) -> None:
        """Read again what may be read under this passphrase, and who reads."""
        there = concerns.readers(self.desk.workspace.read)
        self.writing.show_readers(there)
        self.naming.reload()
        self.reading.reload()
        self.kit.setVisible(bool(self.naming.waiting))

    def open(self, what: object) -> None:
        """Show a part: ("new", about whom), ("read", None) or ("who", None)."""
        assert isinstance(what, tuple)
        if what[0] == "read":
            self._see(self.reading)
            self.reading.table.setFocus()
        elif what[0] == "who":
            self._see(self.naming)
        else:
            self._see(self.writing)
            self.writing.begin(str(what[1] or ""))

    def _see(self, part: QWidget) -> None:
        self.notice.clear()
        self.deck.see(part)
        self.area.verticalScrollBar().setValue(0)

    def trouble(self, error: Exception) -> None:
        """Say what went wrong, in sight."""
        super().trouble(error)
        self.area.verticalScrollBar().setValue(0)

    def _named(self, said: str) -> None:
        self.reload()
        self.notice.good(said)

    # --- drafts ---------------------------------------------------------------------------------------------

    def drafts(self) -> dict[str, Any]:
        """Give what is half written, sealed to whoever writes it, and what others have left."""
        kept = {"new": self.writing.draft(), "decision": self.reading.draft()}
        found = list(self.others)
        if any(kept.values()):
            seen = self.deck.seen()
            part = "read" if seen is self.reading else "who" if seen is self.naming else "new"
            text = json.dumps({**kept, "part": part, "here": self.isVisible()})
            if text != self.sealed[0]:
                self.sealed = text, concern_drafts.seal_draft(self.desk.workspace, text)
            found += [self.sealed[1]] if self.sealed[1] else []
        return {"sealed": found} if found else {}

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put back what whoever has the record open wrote; keep what others wrote for them."""
        for sealed in drafts["sealed"]:
            text = concern_drafts.open_draft(self.desk.workspace, sealed)
            if text is None:
                self.others.append(sealed)
                continue
            self.sealed = text, sealed
            kept = json.loads(text)
            if kept["new"]:
                self.writing.restore(kept["new"])
            if kept["decision"]:
                self.reading.restore(kept["decision"])
                self.reading.reload()
            if kept["here"]:
                # The window itself keeps no note that somebody was here: it goes home, and from there to here.
                QTimer.singleShot(0, self, lambda part=kept["part"]: self.desk.go.emit("concerns", (part, "")))
