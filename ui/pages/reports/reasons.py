"""Every figure that is hidden, and why, for the group's own eyes: no file has the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from cis_desktop import words
from ui.models.figures import Figure, how
from ui.models.rows import Rows
from ui.widgets.lists import Table
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.disclosure.tables import Release
    from cis_desktop.disclosure.tables import Table as Exact

MOST_ROWS = 7


class ReasonsPart(QWidget):
    """A list of the hidden figures, the whole reason of the one that is chosen, and how it was found."""

    wanted = Signal(object)
    """A figure to be seen in its table."""

    def __init__(self) -> None:
        super().__init__()
        self.exact: tuple[Exact, ...] = ()
        self.release: Release | None = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(heading(self.tr("Why is each one hidden?")))
        self.summary = plain()
        lines.addWidget(self.summary)
        rows = Rows(
            [
                (self.tr("Table"), lambda each: each.title),
                (self.tr("Figure"), lambda each: each.row),
                (self.tr("Your own"), lambda each: each.exact),
                (self.tr("Why"), lambda each: each.why),
            ],
            numbers=(2,),
        )
        self.table = Table(rows, self.tr("Hidden figures"), stretch=3)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._chosen())
        lines.addWidget(self.table)
        self.detail = Card()
        self.which, self.where = heading(level=2), plain(quiet=True)
        self.why, self.proof = plain(), plain()
        for label in (self.which, self.where, self.why, self.proof):
            self.detail.lines.addWidget(label)
        lines.addWidget(self.detail)
        self.deep = QCheckBox(self.tr("&Show how"))
        self.deep.setAccessibleName(self.tr("Show how"))
        self.deep.toggled.connect(lambda _: self._chosen())
        self.see = button(self.tr("See it in its &table"))
        self.see.clicked.connect(lambda: self.wanted.emit(self.figure()))
        self.detail.lines.addWidget(self.deep)
        lines.addLayout(row(self.see))
        lines.addWidget(
            plain(
                self.tr("The reasons are for you only. No file has them, because they would help somebody to guess."),
                quiet=True,
            )
        )
        lines.addStretch(1)

    def first(self) -> QWidget | None:
        """Give what is used first."""
        return self.table if self.table.rows.rowCount() else None

    def show_hidden(self, hidden: Sequence[Figure], exact: tuple[Exact, ...], release: Release) -> None:
        """List the hidden figures of a release."""
        self.exact, self.release = exact, release
        small = sum(each.identity in release.primary for each in hidden)
        every = release.audit.hidden + release.audit.rounded + release.audit.published
        said = [
            self.tr("Hidden: %1 of %2.")
            .replace("%1", words.number(len(hidden)))
            .replace("%2", words.count(every, self.tr("figure"), self.tr("figures")))
        ]
        if small:
            said.append(self.tr("By a rule of the agreement: %1.").replace("%1", words.number(small)))
        if beside := len(hidden) - small:
            said.append(
                self.tr("So that none of the others can be worked out: %1.").replace("%1", words.number(beside))
            )
        self.summary.setText(" ".join(said) if hidden else self.tr("Nothing is hidden. Every figure is seen."))
        self.table.rows.show(hidden)
        self.table.fit_rows(min(MOST_ROWS, max(1, len(hidden))))
        for part in (self.table, self.detail, self.deep, self.see):
            part.setVisible(bool(hidden))
        if hidden:
            self.table.selectRow(0)
        self._chosen()

    def figure(self) -> Figure | None:
        """Give the figure that is chosen."""
        current = self.table.currentIndex()
        return self.table.rows.record(current.row()) if current.isValid() else None

    def _chosen(self) -> None:
        figure = self.figure()
        if figure is None or self.release is None:
            return
        self.which.setText(figure.row)
        self.where.setText(figure.title)
        self.why.setText(f"{figure.why}.")
        self.proof.setText(how(figure, self.exact, self.release) if self.deep.isChecked() else "")
        self.proof.setVisible(self.deep.isChecked())
