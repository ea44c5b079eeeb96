"""What changed: every change, by whom and when, each of which can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.models.rows import Rows
from ui.widgets.lists import Table
from ui.widgets.page import Page, column
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.log import Logged
    from cis_desktop.vault.store import Undone

MOST = 500


class HistoryPage(Page):
    """The list of changes, newest first."""

    shows = None

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.chosen: Logged | None = None
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(heading(self.tr("What changed")))
        lines.addWidget(
            plain(
                self.tr(
                    "Choose a change to undo it, even one of weeks ago. What somebody has worked on since is left "
                    "as it is."
                )
            )
        )
        lines.addWidget(self.notice)
        self.rows = Rows(
            [
                (self.tr("When"), lambda each: f"{words.day(each.at)} {each.at[11:16]}"),
                (self.tr("What"), lambda each: each.words),
                (self.tr("Who"), lambda each: each.who),
                (self.tr("Records"), lambda each: words.number(each.rows) if each.rows else ""),
                (self.tr("Computer"), lambda each: each.device),
            ],
            numbers=(3,),
        )
        self.table = Table(self.rows, self.tr("Changes"), stretch=1, folds=16)
        self.table.selectionModel().currentRowChanged.connect(self._mark)
        lines.addWidget(self.table, 1)
        self.undo = button(self.tr("&Undo this change"), main=True)
        self.undo.setEnabled(False)
        self.undo.clicked.connect(self._undo)
        lines.addLayout(row(self.undo))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(inside)
        self.reload()

    def reload(self) -> None:
        """Read the newest changes."""
        self.rows.show(self.desk.workspace.change_sets(limit=MOST))
        self.undo.setEnabled(False)

    def _mark(self, current: Any, _: Any) -> None:
        self.chosen = self.rows.record(current.row()) if current.isValid() else None
        self.undo.setEnabled(self.chosen is not None)

    def _undo(self) -> None:
        if self.chosen is None:
            return
        chosen = self.chosen
        self.undo.setEnabled(False)

        def done(undone: Undone) -> None:
            sentence = ""
            if undone.kept:
                sentence = self.tr("%1 left as they are, because somebody has worked on them since.").replace(
                    "%1", words.count(len(undone.kept), self.tr("record was"), self.tr("records were"))
                )
            self.notice.good(self.tr("Undone: %1").replace("%1", chosen.words), sentence)

        def failed(error: Exception) -> None:
            self.undo.setEnabled(self.chosen is not None)
            self.trouble(error)

        self.desk.undo(self, self.tr("Undoing “%1”").replace("%1", chosen.words), chosen.id, done, failed)
