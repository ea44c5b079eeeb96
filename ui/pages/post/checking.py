"""Before it comes in: who sent it, and how the columns of its tables are read, with the first figures as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cis_desktop.errors import CisError
from ui.models import briefing as said
from ui.models import columns as meant
from ui.models.rows import Rows
from ui.widgets.fields import Choice, Form, line
from ui.widgets.lists import Table
from ui.widgets.notice import Notice
from ui.widgets.page import column
from ui.widgets.words import button, heading, plain, row, saves

if TYPE_CHECKING:
    from cis_desktop.briefings.looking import Looked, Shape
    from cis_desktop.briefings.tables import ColumnUse, TableMapping

SHOWN = 6
MOST_COLUMNS = 8


class CheckingPart(QWidget):
    """What was looked at and not taken in yet."""

    accepted = Signal()
    """Take it in."""
    left = Signal()
    """Leave it."""

    def __init__(self) -> None:
        super().__init__()
        self.looked: Looked | None = None
        self.shapes: list[Shape] = []
        self.mappings: dict[str, TableMapping] = {}
        self.changed: set[str] = set()
        lines = column(self)
        lines.addWidget(heading(self.tr("Before it comes in")))
        self.holds = plain()
        lines.addWidget(self.holds)
        self.notes = plain(quiet=True)
        lines.addWidget(self.notes)
        self.who = QWidget()
        form = Form()
        self.sender = line(200)
        form.field(self.tr("Who &sent them?"), self.sender)
        self.hint = plain(quiet=True)
        form.addWidget(self.hint)
        form.setContentsMargins(0, 0, 0, 0)
        self.who.setLayout(form)
        lines.addWidget(self.who)
        self.accept = saves(button(self.tr("Take it &in"), main=True))
        self.accept.clicked.connect(self.accepted)
        self.leave = button(self.tr("&Leave it"))
        self.leave.clicked.connect(self.left)
        lines.addLayout(row(self.accept, self.leave))
        self.tables = self._tables()
        lines.addWidget(self.tables)
        lines.addStretch(1)

    def _tables(self) -> QWidget:
        part = QWidget()
        lines = column(part)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(heading(self.tr("How the tables are read"), 2))
        self.known = plain(quiet=True)
        lines.addWidget(self.known)
        form = Form()
        self.which = Choice()
        self.which.currentIndexChanged.connect(self._other_shape)
        form.field(self.tr("&Table"), self.which)
        self.which_label = form.itemAt(0).widget()
        lines.addLayout(form)
        self.rows = Rows(
            [
                (self.tr("Column in the file"), lambda each: each.header),
                (self.tr("For example"), self._examples),
                (self.tr("Read as"), lambda each: dict(meant.uses())[each.target]),
            ]
        )
        self.columns = Table(self.rows, self.tr("Columns and how they are read"), stretch=1)
        self.columns.selectionModel().currentRowChanged.connect(lambda now, _: self._other_column(now.row()))
        lines.addWidget(self.columns)
        change = Form()
        self.use = Choice((target, label) for target, label in meant.uses())
        self.use.currentIndexChanged.connect(self._use_chosen)
        change.field(self.tr("The chosen column is &read as"), self.use)
        self.called = line(200)
        self.called.textEdited.connect(self._called)
        change.field(self.tr("Its figures are &called"), self.called)
        self.called_label = change.itemAt(3).widget()
        self.period = line(60)
        self.period.textEdited.connect(lambda text: self._set(period=text.strip()))
        change.field(self.tr("&Period of all of them, as no column says it"), self.period)
        self.period_label = change.itemAt(6).widget()
        self.unit = line(60)
        self.unit.textEdited.connect(lambda text: self._set(unit=text.strip()))
        change.field(self.tr("&Unit of all of them, as no column says it"), self.unit)
        self.unit_label = change.itemAt(9).widget()
        lines.addLayout(change)
        lines.addWidget(heading(self.tr("The first figures, as they would come in"), 2))
        self.trouble = Notice()
        lines.addWidget(self.trouble)
        self.none = plain(
            self.tr("No figures come in from this table as it is read now. It is kept, and can be searched.")
        )
        lines.addWidget(self.none)
        self.first = Rows(
            [
                (self.tr("Area"), said.area),
                (self.tr("What is counted"), said.counted),
                (self.tr("Figure"), said.shown),
            ],
            numbers=(2,),
        )
        self.sample = Table(self.first, self.tr("The first figures, as they would come in"), stretch=1)
        lines.addWidget(self.sample)
        return part

    # --- what is shown ----------------------------------------------------------------------------------------

    def show_looked(self, looked: Looked) -> None:
        """Show what was looked at."""
        self.looked, self.shapes = looked, looked.shapes()
        self.mappings = {shape.mapping.fingerprint: shape.mapping for shape in self.shapes}
        self.changed = set()
        self.holds.setText(meant.holds(looked))
        self.notes.setText("\n".join(looked.notes))
        self.notes.setVisible(bool(looked.notes))
        self.who.setVisible(bool(looked.ordinary))
        if not self.sender.text():
            self.sender.setText(looked.council)
        self.hint.setText(self._about_council(looked))
        self.hint.setVisible(bool(self.hint.text()))
        self.which.offer((shape.mapping.fingerprint, meant.shape_label(shape)) for shape in self.shapes)
        for widget in (self.which, self.which_label):
            widget.setVisible(len(self.shapes) > 1)
        self.tables.setVisible(bool(self.shapes))
        self._other_shape()

    def answers(self) -> tuple[str, tuple[TableMapping, ...]]:
        """Give who sent it, and the readings that were changed."""
        return self.sender.text().strip(), tuple(self.mappings[each] for each in sorted(self.changed))

    def draft(self) -> dict[str, Any]:
        """Give what was answered, and which column is marked, as JSON can hold it."""
        return {
            "sender": self.sender.text(),
            "readings": [msgspec.to_builtins(self.mappings[each]) for each in sorted(self.changed)],
            "table": self.which.key(),
            "column": self.columns.currentIndex().row(),
        }

    def restore(self, draft: dict[str, Any]) -> None:
        """Put back what was answered, after `show_looked`; tables that have changed since are read as they are now."""
        from cis_desktop.briefings.tables import TableMapping
        from cis_desktop.decoding import from_builtins

        for each in draft.get("readings", ()):
            reading = from_builtins(each, TableMapping)
            if reading.fingerprint in self.mappings:
                self.mappings[reading.fingerprint] = reading
                self.changed.add(reading.fingerprint)
        self.which.choose(draft.get("table"))
        self._other_shape()
        if (column := draft.get("column", -1)) >= 0:
            self.columns.selectRow(column)

    def _about_council(self, looked: Looked) -> str:
        if looked.council:
            return self.tr("Their wards are those of %1.").replace("%1", looked.council)
        if looked.code:
            return self.tr("Their wards belong to the council with the code %1, whose name is not known here.").replace(
                "%1", looked.code
            )
        return ""

    def _shape(self) -> Shape | None:
        return next((shape for shape in self.shapes if shape.mapping.fingerprint == self.which.key()), None)

    def _mapping(self) -> TableMapping:
        return self.mappings[str(self.which.key())]

    def _other_shape(self) -> None:
        shape = self._shape()
        if shape is None:
            return
        self.known.setText(
            self.tr("As the last time such a table came in. Change it here if it is wrong.")
            if shape.known
            else self.tr("The app has guessed. Choose a row to change how its column is read.")
        )
        self._show_columns(0)

    def _show_columns(self, at: int) -> None:
        uses = self._mapping().columns
        self.rows.show(uses)
        self.columns.fit_rows(min(MOST_COLUMNS, len(uses)))
        self.columns.selectRow(at)
        self._other_column(at)
        self._show_first()

    def _other_column(self, at: int) -> None:
        uses = self._mapping().columns
        if not 0 <= at < len(uses):
            return
        self.use.blockSignals(True)
        self.use.choose(uses[at].target)
        self.use.blockSignals(False)
        self._show_fields(uses[at])

    def _show_fields(self, use: ColumnUse) -> None:
        from cis_desktop.briefings.tables import title_of

        mapping = self._mapping()
        if self.called.text().strip() != use.title or not use.title:
            self.called.setText(title_of(use))
        for widget in (self.called, self.called_label):
            widget.setVisible(use.target == "value" and not mapping.headers("indicator"))
        for field, label, target in (
            (self.period, self.period_label, "period"),
            (self.unit, self.unit_label, "unit"),
        ):
            for widget in (field, label):
                widget.setVisible(mapping.has_figures and not mapping.headers(target))
            given = getattr(mapping, target)
            if field.text().strip() != given:
                field.setText(given)

    def _show_first(self) -> None:
        shape = self._shape()
        if shape is None or self.looked is None:
            return
        self.trouble.clear()
        try:
            found = self.looked.sample(shape, self._mapping())[:SHOWN]
        except CisError as error:
            self.trouble.error(error.title, error.sentence)
            found = []
        self.none.setVisible(not found and not self.trouble.isVisibleTo(self))
        self.sample.setVisible(bool(found))
        self.first.show(found)
        self.sample.fit_rows(max(1, len(found)))

    def _examples(self, use: ColumnUse) -> str:
        shape = self._shape()
        return meant.examples(shape.tables[0].sheet, use.header) if shape else ""

    # --- what is changed --------------------------------------------------------------------------------------

    def _use_chosen(self) -> None:
        target, at = self.use.key(), self.columns.currentIndex().row()
        uses = list(self._mapping().columns)
        if target is None or not 0 <= at < len(uses) or uses[at].target == target:
            return
        # Of most things there is only one column: the one that was it before is left out.
        if target not in ("value", "breakdown", "ignore"):
            uses = [msgspec.structs.replace(each, target="ignore") if each.target == target else each for each in uses]
        uses[at] = msgspec.structs.replace(uses[at], target=target)
        self._set(columns=tuple(uses))
        self._show_columns(at)

    def _called(self, text: str) -> None:
        at = self.columns.currentIndex().row()
        uses = list(self._mapping().columns)
        if 0 <= at < len(uses):
            uses[at] = msgspec.structs.replace(uses[at], title=text.strip())
            self._set(columns=tuple(uses))

    def _set(self, **answers: object) -> None:
        mapping = msgspec.structs.replace(self._mapping(), **answers)
        self.mappings[mapping.fingerprint] = mapping
        self.changed.add(mapping.fingerprint)
        self._show_first()
