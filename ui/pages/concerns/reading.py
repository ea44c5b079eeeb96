"""Reading concerns: those that can be read under this passphrase, one of them whole, and what was decided on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import concerns, words
from ui.desk import Desk
from ui.models.rows import Rows
from ui.theme import SPACE
from ui.widgets.fields import Form, several_lines
from ui.widgets.lists import Table
from ui.widgets.notice import Notice
from ui.widgets.printing import print_words
from ui.widgets.words import Card, button, heading, plain, row, saves

if TYPE_CHECKING:
    from cis_desktop.concerns import Concern
    from cis_desktop.vault.tables import Connection
    from ui.jobs import Job

SEEN = 6
"""Concerns seen at once."""


class ReadingPart(QWidget):
    """The list, and below it the concern that is marked."""

    def __init__(self, desk: Desk, notice: Notice, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self.notice, self.trouble = desk, notice, trouble
        self.concern: Concern | None = None
        self.wanted: dict[str, Any] = {}
        """A decision that was half written, until its concern is read."""
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        self.none = plain()
        self.rows = Rows(
            [
                (self.tr("Number"), lambda each: each.reference),
                (self.tr("Written"), lambda each: words.day(each.note.at)),
                (self.tr("About"), lambda each: each.note.about or words.shortened(each.note.words)),
                (self.tr("Standing"), self._standing),
            ]
        )
        self.table = Table(self.rows, self.tr("Concerns"), stretch=2)
        self.table.selectionModel().currentRowChanged.connect(lambda: self._marked())
        lines.addWidget(self.none)
        lines.addWidget(self.table)
        self.card = self._card()
        lines.addWidget(self.card)

    def showEvent(self, event: Any) -> None:
        """Measure the list again once the style is known."""
        super().showEvent(event)
        self.table.fit_rows(min(SEEN, max(2, self.rows.rowCount())))

    def _card(self) -> Card:
        card = Card()
        self.title = heading(level=2)
        self.facts, self.words = plain(quiet=True), plain()
        self.log_title = heading(self.tr("Decisions"), 2)
        self.log = plain()
        for part in (self.title, self.facts, self.words, self.log_title, self.log):
            card.lines.addWidget(part)
        form = Form()
        self.decision = several_lines(4)
        self.decision.setMaximumHeight(self.decision.minimumHeight())
        form.field(
            self.tr("What is &decided, and why"),
            self.decision,
            self.tr("Also that nothing is done, and whom you told. It stays as it is once it is saved."),
        )
        card.lines.addLayout(form)
        self.save = saves(button(self.tr("&Save the decision"), main=True))
        self.save.clicked.connect(self.decide)
        self.on_paper = button(self.tr("&Print it…"), name=self.tr("Print this concern"))
        self.on_paper.clicked.connect(self.print)
        card.lines.addLayout(row(self.save, self.on_paper))
        return card

    def _standing(self, concern: Concern) -> str:
        if not concern.decisions:
            return self.tr("Waits for a decision")
        return words.count(len(concern.decisions), self.tr("decision"), self.tr("decisions"))

    # --- what is shown --------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list again; a decision that is being written is left alone."""
        workspace = self.desk.workspace

        def work(connection: Connection, _: Job) -> list[Concern]:
            return concerns.listed(workspace, connection)

        self.desk.read(self, self.tr("Reading the concerns"), work, self._show, self.trouble)

    def _show(self, found: list[Concern]) -> None:
        marked = self.wanted.get("concern") or (self.concern.id if self.concern else None)
        self.rows.show(found)
        self.table.fit_rows(min(SEEN, max(2, len(found))))
        self.none.setText(self._nothing())
        self.none.setVisible(not found)
        self.table.setVisible(bool(found))
        self._read(None)
        for at, each in enumerate(found):
            if each.id == (marked or found[0].id):
                self.table.selectRow(at)
        if self.concern is not None and self.wanted.get("concern") == self.concern.id:
            self.decision.setPlainText(self.wanted["words"])
        self.wanted = {}

    def _nothing(self) -> str:
        if concerns.may_read(self.desk.workspace):
            return self.tr("None has been written that you may read.")
        return self.tr(
            "Only the safeguarding lead and the deputy can read concerns, each under their own passphrase. Did this "
            "computer open the record by itself? Then lock it, and type yours."
        )

    def _marked(self) -> None:
        index = self.table.currentIndex()
        self._read(self.rows.record(index.row()) if index.isValid() else None)

    def _read(self, concern: Concern | None) -> None:
        other = concern is None or self.concern is None or concern.id != self.concern.id
        if other and concern is not None:
            self.decision.clear()
        self.card.setVisible(concern is not None)
        if concern is None:
            return
        self.concern = concern
        self.title.setText(self.tr("Concern %1").replace("%1", concern.reference))
        self.facts.setText("\n".join(facts(concern)))
        self.words.setText(words.breakable(concern.note.words))
        self.log.setText("\n\n".join(decisions(concern)) or self.tr("None yet."))

    # --- acts -----------------------------------------------------------------------------------------------

    def decide(self) -> None:
        """Save the decision with the concern."""
        concern, workspace, text = self.concern, self.desk.workspace, self.decision.toPlainText()
        if concern is None:
            return
        self.save.setEnabled(False)

        def done(_: object) -> None:
            self.save.setEnabled(True)
            self.decision.clear()
            self.notice.good(
                self.tr("The decision is saved"), self.tr("It is with %1 for good.").replace("%1", concern.reference)
            )
            self.decision.setFocus()

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self.trouble(error)

        self.desk.jobs.start(
            self, self.tr("Saving"), lambda _: concerns.decide(workspace, concern.id, text), done, failed,
            writes=True, can_stop=False,
        )  # fmt: skip

    def print(self) -> None:
        """Put the concern and what was decided on it on paper."""
        if self.concern is not None:
            print_words(self, self.notice, self.tr("A page"), sheet(self.concern))

    def draft(self) -> dict[str, Any]:
        """Give a decision that is half written; empty where none is."""
        text = self.decision.toPlainText()
        return {"concern": self.concern.id, "words": text} if text and self.concern else dict(self.wanted)

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a decision back once its concern is read."""
        self.wanted = draft


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReadingPart", text)


def facts(concern: Concern) -> list[str]:
    """Say when, by whom and about whom a concern was written, and from whom it is kept."""
    note = concern.note
    said = [_tr("Written %1 by %2").replace("%1", words.minute(note.at)).replace("%2", words.within(note.by))]
    if note.about:
        said.append(_tr("About: %1").replace("%1", words.within(note.about)))
    if note.not_for:
        said.append(_tr("Kept from: %1").replace("%1", words.listed(note.not_for, _tr("and"))))
    return said


def decisions(concern: Concern) -> list[str]:
    """Write each decision with its moment and whose it is."""
    return [f"{words.minute(each.at)}, {words.within(each.by)}:\n{each.words}" for each in concern.decisions]


def sheet(concern: Concern) -> str:
    """Write the page that is printed."""
    log = decisions(concern) or [_tr("None yet.")]
    return "\n\n".join(
        [
            _tr("Safeguarding concern %1").replace("%1", concern.reference),
            "\n".join(facts(concern)),
            concern.note.words,
            _tr("Decisions"),
            *log,
            _tr("Printed on %1. Keep this page locked away, and shred it when it is no longer needed.").replace(
                "%1", words.day(date.today())
            ),
        ]
    )
