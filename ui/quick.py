"""The bar that adds things: one letter says what, a name says who, Enter goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from ui.models.rows import Rows
from ui.widgets.fields import FindField
from ui.widgets.lists import Table
from ui.widgets.popover import Popover
from ui.widgets.words import button, plain, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cis_desktop.records.search import Hit
    from cis_desktop.vault.tables import Connection

MOST = 6


class QuickAdd(Popover):
    """Add a person, a visit, a case, a head-count, or something noticed."""

    chosen = Signal(str, object)
    """A place, and what to begin there."""

    def __init__(self, below: QWidget) -> None:
        super().__init__(below)
        self._read: Connection | None = None
        self.act = ""
        self.setAccessibleName(self.tr("Add"))
        self.lines.addWidget(plain(self.tr("Add what? Press the underlined letter.")))
        self.buttons = {
            "new": button(self.tr("&Person")),
            "visit": button(self.tr("&Visit")),
            "case": button(self.tr("&Case")),
            "count": button(self.tr("&Head-count")),
            "noticed": button(self.tr("&Noticed")),
        }
        for act, made in self.buttons.items():
            made.clicked.connect(lambda _=False, act=act: self.begin(act))
        self.lines.addLayout(row(*self.buttons.values()))
        self.rows = Rows([(self.tr("Name"), lambda hit: hit.label), (self.tr("What"), self._line)])
        self.table = Table(self.rows, self.tr("People of that name"), stretch=0)
        self.table.opened.connect(self._who)
        self.field = FindField(self.table, first=False)
        self.field.textChanged.connect(self._look)
        self.field.returnPressed.connect(self._named)
        self.label = plain()
        self.said = plain(quiet=True)
        self.parts = (self.label, self.field, self.said, self.table)
        for part in self.parts:
            self.lines.addWidget(part)

    def ask(self, read: Connection) -> None:
        """Come up with the kinds of thing to add."""
        self._read = read
        self.act = ""
        self.field.clear()
        for part in self.parts:
            part.hide()
        self.come_up(self.buttons["new"])

    def draft(self) -> dict[str, Any]:
        """Give what is being added, and the name typed for it."""
        return {"act": self.act, "words": self.field.text()} if self.isVisible() and self.act else {}

    def restore(self, read: Connection, draft: dict[str, Any]) -> None:
        """Come up as it was."""
        self.ask(read)
        self.field.setText(draft["words"])
        self.begin(draft["act"])

    def forget(self) -> None:
        """Hold nothing of a record that is being locked."""
        self.hide()
        self._read = None
        self.field.clear()
        self.rows.show([])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose what to add by its letter, until a name is being typed."""
        for act, made in self.buttons.items():
            letter = made.text()[made.text().find("&") + 1]
            if not self.act and event.text().casefold() == letter.casefold():
                self.begin(act)
                return
        super().keyPressEvent(event)

    def begin(self, act: str) -> None:
        """Go on with what was chosen: to its form, or to the name it needs."""
        if act in ("count", "noticed"):
            self.hide()
            self.chosen.emit("sessions" if act == "count" else "noticed", ("new", None))
            return
        self.act = act
        labels = {
            "new": self.tr("The name of the new person"),
            "visit": self.tr("Whose visit?"),
            "case": self.tr("Whose case?"),
        }
        self.label.setText(labels[act])
        self.field.setAccessibleName(labels[act])
        for part in self.parts:
            part.show()
        self.give_room(self.table, MOST)
        self._look(self.field.text())
        self.place()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _look(self, words: str) -> None:
        from cis_desktop.records.search import search
        from ui.anywhere import lately

        if self._read is None or not self.act:
            return
        if words.strip():
            hits = [hit for hit in search(self._read, words, 3 * MOST) if hit.kind == "person"][:MOST]
        else:
            hits = [] if self.act == "new" else lately(self._read)[:MOST]
        self.rows.show(hits)
        if self.act == "new":
            self.said.setText(
                self.tr("Enter adds them. Somebody below already? Arrow down, then Enter.")
                if hits
                else self.tr("Enter opens the form. Initials, or nothing, will do.")
            )
        else:
            self.said.setText(
                self.tr("Enter takes the first. Arrows choose another.")
                if hits
                else self.tr("Nobody of that name. Enter adds them as a new person.")
            )

    def _named(self) -> None:
        """Enter, with nobody marked."""
        if self.act != "new" and self.rows.rowCount():
            self._who(self.rows.record(0))
        else:
            self.hide()
            self.chosen.emit("people", ("called", self.field.text()))

    def _who(self, hit: Hit) -> None:
        self.hide()
        self.chosen.emit("people", ("show" if self.act == "new" else self.act, hit.id))

    def _line(self, hit: Hit) -> str:
        return " · ".join(part for part in (hit.reference, hit.detail) if part)
