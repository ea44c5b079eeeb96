"""Home: what to do next, what was done lately, and whether the record is safe."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.theme import SPACE
from ui.widgets.page import Page, column, scrolled
from ui.widgets.words import Card, button, heading, plain, row

LATELY = 6


class HomePage(Page):
    """The first page of an open record."""

    shows = frozenset({"people", "sessions", "observations", "contacts", "agreements", "releases"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        inside = QWidget()
        lines = column(inside)
        self.title = heading()
        lines.addWidget(self.title)
        lines.addWidget(self.notice)
        self.kit = self._kit_card()
        lines.addWidget(self.kit)
        across = QHBoxLayout()
        across.setSpacing(2 * SPACE)
        across.addWidget(self._next_card(), 1)
        across.addWidget(self._lately_card(), 1)
        lines.addLayout(across)
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))
        self.reload()

    def _kit_card(self) -> Card:
        card = Card(self.tr("Print your recovery kit now"))
        self.kit_words = plain()
        card.lines.addWidget(self.kit_words)
        show = button(self.tr("&Open the file"))
        show.clicked.connect(self._open_kit)
        gone = button(self.tr("I have printed and &deleted it"))
        gone.clicked.connect(self._kit_done)
        card.lines.addLayout(row(show, gone))
        card.hide()
        self.kit_file: Path | None = None
        return card

    def _next_card(self) -> Card:
        card = Card(self.tr("What would you like to do?"))
        for text, place, what in (
            (self.tr("Find somebody, or add a &person"), "people", ("find", None)),
            (self.tr("Count a &session"), "sessions", ("new", None)),
            (self.tr("Write down something &noticed"), "noticed", ("new", None)),
            (self.tr("&Bring in a spreadsheet"), "intake", None),
            (self.tr("&Make a report"), "reports", None),
        ):
            made = button(text)
            made.setStyleSheet("text-align: left;")
            made.clicked.connect(lambda _=False, place=place, what=what: self.desk.go.emit(place, what))
            card.lines.addWidget(made)
        card.lines.addStretch(1)
        return card

    def _lately_card(self) -> Card:
        card = Card(self.tr("Changed lately"))
        self.lately = plain()
        card.lines.addWidget(self.lately)
        every = button(self.tr("See all &changes"))
        every.clicked.connect(lambda: self.desk.go.emit("history", None))
        card.lines.addLayout(row(every))
        card.lines.addStretch(1)
        return card

    def reload(self) -> None:
        """Read what was done lately."""
        self.title.setText(self.desk.workspace.name)
        done = self.desk.workspace.change_sets(limit=LATELY)
        self.lately.setText(
            "\n".join(f"{words.day(each.at)}   {each.words} ({each.who})" for each in done)
            or self.tr("Nothing yet.")
        )

    def open(self, what: object) -> None:
        """Remind of the recovery kit: ("kit", its file)."""
        if isinstance(what, tuple) and what[0] == "kit":
            self.kit_file = what[1]
            self.kit_words.setText(
                self.tr(
                    "It is in %1. Whoever holds it can open your record, and without it a lost passphrase cannot be "
                    "mended. Print it, put the page in a safe place, then delete the file."
                ).replace("%1", str(self.kit_file))
            )
            self.kit.show()

    def _open_kit(self) -> None:
        if self.kit_file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.kit_file)))

    def _kit_done(self) -> None:
        if self.kit_file is not None and self.kit_file.exists():
            self.notice.error(
                self.tr("The file is still there"),
                self.tr("Whoever finds it can open your record. Delete it first: %1").replace(
                    "%1", str(self.kit_file)
                ),
            )
            return
        self.notice.clear()
        self.kit.hide()
