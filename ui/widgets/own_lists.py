"""The lists that are the group's to change: what is offered, and three ways to change it, each with a way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop.records import own_lists
from ui.desk import Desk
from ui.models.rows import Rows
from ui.theme import SPACE
from ui.widgets.fields import Choice, Form, line
from ui.widgets.lists import Table
from ui.widgets.words import button, plain, row

SEEN = 7
"""Entries seen at once."""


class OwnLists(QWidget):
    """One list at a time; below it the name of the marked entry, or of a further one."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self.trouble = desk, trouble
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        lines.addWidget(
            plain(
                self.tr(
                    "Words that your group uses, offered wherever a visit is written down. What is written down "
                    "already keeps its words."
                )
            )
        )
        form = Form()
        self.which = Choice(
            [
                ("item", self.tr("What people are given")),
                ("need", self.tr("What people need")),
                ("contact_kind", self.tr("Kinds of visit")),
                ("how_came", self.tr("How people came to you")),
            ]
        )
        self.which.currentIndexChanged.connect(self.other)
        form.field(self.tr("L&ist"), self.which)
        lines.addLayout(form)
        self.rows = Rows(
            [
                (self.tr("Offered"), lambda each: each.label),
                (self.tr("Counted in reports as"), lambda each: each.counts_as),
            ]
        )
        self.table = Table(self.rows, self.tr("What the list offers"), stretch=0)
        self.table.selectionModel().currentRowChanged.connect(lambda: self._marked())
        lines.addWidget(self.table)
        below = Form()
        self.name = line(own_lists.LONGEST)
        self.name.returnPressed.connect(self.add)
        below.field(self.tr("Na&me"), self.name)
        self.counts_as = Choice()
        below.field(
            self.tr("C&ounted in reports as"), self.counts_as, self.tr("So that councils can compare what groups give.")
        )
        lines.addLayout(below)
        self.add_button = button(self.tr("A&dd it"), name=self.tr("Add it to the list"))
        self.add_button.clicked.connect(self.add)
        self.rename_button = button(self.tr("Rename t&he marked one"))
        self.rename_button.clicked.connect(self.rename)
        self.retire_button = button(self.tr("Sto&p offering the marked one"))
        self.retire_button.clicked.connect(self.retire)
        lines.addLayout(row(self.add_button, self.rename_button, self.retire_button))
        self.other()

    def other(self) -> None:
        """Show another list."""
        self.name.clear()
        self.counts_as.offer(
            [(None, self.tr("Something else")), *own_lists.shared_entries(self.desk.workspace.read, self._which())]
        )
        self.counts_as.choose(None)
        self.reload()

    def reload(self) -> None:
        """Read the list again."""
        marked = self._current()
        self.rows.show(own_lists.entries(self.desk.workspace.read, self._which()))
        self.table.fit_rows(min(SEEN, max(2, self.rows.rowCount())))
        for at in range(self.rows.rowCount()):
            if marked is not None and self.rows.record(at).key == marked.key:
                self.table.selectRow(at)
        self._marked()

    def add(self) -> None:
        """Put what is named on the list."""
        name, which, counts_as = self.name.text(), self._which(), self.counts_as.key()
        self._change(self.tr("Added to a list"), lambda change: own_lists.add(change, which, name, counts_as))

    def rename(self) -> None:
        """Call the marked entry by the name that is written."""
        marked, name, which = self._current(), self.name.text(), self._which()
        if marked is not None:
            self._change(self.tr("Renamed in a list"), lambda change: own_lists.rename(change, which, marked.key, name))

    def retire(self) -> None:
        """Offer the marked entry no longer."""
        marked, which = self._current(), self._which()
        if marked is not None:
            self._change(self.tr("Took off a list"), lambda change: own_lists.retire(change, which, marked.key))

    def _change(self, words: str, work: Callable[[Any], object]) -> None:
        def done(_: object) -> None:
            self.name.clear()
            self.reload()
            self.name.setFocus()

        self.desk.write(self, words, work, done, self.trouble)

    def draft(self) -> dict[str, Any]:
        """Give the name that is being written, and for which list; empty when none is."""
        written = {"list": self._which(), "own": self.name.text(), "counts_as": self.counts_as.key()}
        return written if self.name.text().strip() else {}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a name back that was being written; the draft of a page without one changes nothing."""
        if "own" in draft:
            self.which.choose(draft["list"])
            self.counts_as.choose(draft["counts_as"])
            self.name.setText(draft["own"])

    def _which(self) -> str:
        return self.which.key() or "item"

    def _current(self) -> own_lists.Entry | None:
        index = self.table.currentIndex()
        return self.rows.record(index.row()) if index.isValid() and index.row() < self.rows.rowCount() else None

    def _marked(self) -> None:
        for part in (self.rename_button, self.retire_button):
            part.setEnabled(self._current() is not None)
