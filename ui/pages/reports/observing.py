"""What was noticed, by theme: what of it leaves with a report, and what does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.desk import Desk
from ui.models.figures import Sheet
from ui.models.rows import Rows
from ui.pages.reports.speaking import SpeakingPart
from ui.widgets.lists import Table
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.agreements import Agreement
    from cis_desktop.figures import Period

MOST_ROWS = 6
OBSERVATIONS = "observations"


class ObservingPart(QWidget):
    """The themes that an agreement counts, and the sentences that go with them."""

    wanted = Signal(object)
    """A figure to be seen in its table, with who is behind it."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(heading(self.tr("Does anything you noticed go with it?")))
        self.summary = plain()
        lines.addWidget(self.summary)
        self.table = Table(Rows([("", str)]), self.tr("Themes of what was noticed"))
        lines.addWidget(self.table)
        self.see = button(self.tr("See it in its &table"))
        self.see.clicked.connect(lambda: self.wanted.emit(self.table.rows.record(self.table.currentIndex().row())))
        lines.addLayout(row(self.see))
        self.agreed = plain()
        lines.addWidget(self.agreed)
        self.speaking = SpeakingPart(desk, trouble)
        lines.addWidget(self.speaking)
        lines.addStretch(1)

    def first(self) -> QWidget | None:
        """Give what is used first."""
        ticks = self.speaking.ticks
        return next((each for each in (self.table, ticks) if each.isVisibleTo(self) and each.isEnabledTo(self)), None)

    def show_themes(self, agreement: Agreement, period: Period, sheets: Sequence[Sheet]) -> None:
        """Show the themes among the tables of a report, or say why there are none."""
        found = [each for each in sheets if any(t.shape.measure == OBSERVATIONS for t in each.tables)]
        asked = [each for each in agreement.tables if any(m.measure == OBSERVATIONS for m in each.measures)]
        now = [each for each in asked if each.period in ("any", period.kind)]
        themed = next((each for each in found if len(each.heads) == 1 and len(each.tables) == 1), None)
        if themed is not None:
            self.summary.setText(
                self.tr("“%1” leaves as numbers: how often each theme was noticed, small numbers hidden.").replace(
                    "%1", themed.title
                )
            )
            self._fill(themed)
        elif found:
            self.summary.setText(
                self.tr("How much was noticed leaves as a number, see “%1”.").replace("%1", found[0].title)
            )
        elif now:
            self.summary.setText(
                self.tr("Themes are asked for, but nothing noticed is written down for %1, so none leaves.").replace(
                    "%1", period.label
                )
            )
        else:
            self.summary.setText(
                self.tr("“%1” does not ask for themes of what was noticed, so none leaves.").replace(
                    "%1", agreement.title
                )
            )
        self.table.setVisible(themed is not None)
        self.see.setVisible(themed is not None)
        self._say_agreed(agreement)

    def _say_agreed(self, agreement: Agreement) -> None:
        terms = agreement.terms
        said = "" if terms.observations.words else self.tr("It was not agreed that sentences leave, so none does.")
        self.agreed.setText(said)
        self.agreed.setVisible(bool(said))

    def _fill(self, sheet: Sheet) -> None:
        rows = Rows(
            [
                (sheet.heads[0], lambda figure: figure.row),
                (self.tr("Your own"), lambda figure: figure.exact),
                (self.tr("What is seen"), lambda figure: figure.seen),
            ],
            numbers=(1, 2),
        )
        rows.show(sheet.figures)
        self.table.take(rows)
        self.table.fit_rows(min(MOST_ROWS, rows.rowCount()))
        self.table.selectRow(0)
