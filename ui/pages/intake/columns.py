"""What the columns of a file are to become, and the two things that a file may leave open: dates and ages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QVBoxLayout, QWidget

from ui.models.mapping import BECOMES, Chooser, MappingRows, changed_mapping
from ui.pages.intake.unclear import Unclear, unclear
from ui.theme import SPACE
from ui.widgets.fields import Choice, Form, day_field, day_of
from ui.widgets.lists import Fitted
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.intake.mapping import Mapping
    from cis_desktop.intake.reading import Sheet

SEEN = 8
"""Columns seen at once."""


class Columns(QWidget):
    """A table of the columns with what each becomes, and the button that tries every row."""

    changed = Signal()
    """What was tried no longer fits."""
    asked = Signal()
    """Every row is to be tried."""

    def __init__(self, targets: Callable[[], list[tuple[str, str]]]) -> None:
        super().__init__()
        self.mapping: Mapping | None = None
        self.ages_said = False
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, SPACE, 0, 0)
        lines.addWidget(heading(self.tr("What the columns are"), 2))
        lines.addWidget(plain(self.tr("The app has guessed. To change a guess, choose its row and press Enter.")))
        form = Form()
        self.order = Choice(
            [
                (None, self.tr("Please choose")),
                ("uk", self.tr("Day first, as in 31/12/2018")),
                ("us", self.tr("Month first, as in 12/31/2018")),
                ("iso", self.tr("Year first, as in 2018-12-31")),
            ]
        )
        form.field(self.tr("&Dates are written"), self.order)
        self._order_label = form.itemAt(0).widget()
        self.order.currentIndexChanged.connect(self._stale)
        self.ages = day_field()
        self.ages.dateChanged.connect(self._say_ages)
        form.field(self.tr("The ages were &right on"), self.ages)
        self._ages_label = form.itemAt(3).widget()
        lines.addLayout(form)
        self.rows = MappingRows(targets, (self.tr("Column in the file"), self.tr("For example"), self.tr("Becomes")))
        self.rows.changed.connect(self._stale)
        self.table = Fitted()
        self.table.setModel(self.rows)
        self.table.setItemDelegateForColumn(BECOMES, Chooser(self.table))
        self.table.setAccessibleName(self.tr("Columns and what they become"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.setWordWrap(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        lines.addWidget(self.table)
        self.try_it = button(self.tr("&Try every row"), main=True)
        self.try_it.clicked.connect(self.asked)
        lines.addLayout(row(self.try_it))

    def show_columns(self, sheet: Sheet, mapping: Mapping) -> None:
        """Show how a mapping reads the columns of a sheet."""
        self.mapping = mapping
        self.rows.show(sheet, mapping)
        self.table.fit_rows(min(SEEN, len(sheet.header)))
        self.order.choose(mapping.date_order)
        day = mapping.reference_date
        self.ages_said = day is not None
        self.ages.blockSignals(True)
        self.ages.setDate(QDate(day.year, day.month, day.day) if day else QDate.currentDate())
        self.ages.blockSignals(False)
        self._stale()

    def first(self) -> QWidget:
        """Give what is to be used first."""
        # Not whether it is seen: the part itself may not be on the screen yet.
        ask = not self.order.isHidden() and self.order.key() is None
        return self.order if ask else self.try_it

    def open_question(self) -> Unclear | None:
        """Give what must be said before rows can be tried, with the cursor where it is said; None if nothing must."""
        asked = unclear(self.rows.columns(), self.order.key(), dict(self.rows.options()))
        if asked is not None:
            (self.order if asked.where == "order" else self.table).setFocus()
            return asked
        if not self.ages.isHidden() and not self.ages_said:
            # Asked once: today is a day like any other, but it is seldom the one that is meant.
            self.ages_said = True
            self.ages.setFocus()
            return Unclear(
                "ages",
                self.tr("On which day were the ages right?"),
                self.tr("Birth years are worked out from it. Choose the day, or try again if it is today."),
            )
        return None

    def asked_for(self) -> Mapping:
        """Give the mapping as it is chosen now."""
        assert self.mapping is not None
        columns = self.rows.columns()
        aged = any(each.target == "age" for each in columns)
        return changed_mapping(
            self.mapping,
            columns,
            date_order=self.order.key(),
            reference_date=day_of(self.ages) if aged else None,
        )

    def _stale(self) -> None:
        became = {each.target for each in self.rows.columns()}
        for field, label, asked in (
            (self.order, self._order_label, bool(became & {"date", "birth_date"})),
            (self.ages, self._ages_label, "age" in became),
        ):
            field.setVisible(asked)
            label.setVisible(asked)
        self.changed.emit()

    def _say_ages(self) -> None:
        self.ages_said = True
        self._stale()
