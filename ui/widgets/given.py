"""One thing that was given, as a row of a form."""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSpinBox, QWidget

from cis_desktop.records import contacts
from ui.theme import SPACE
from ui.widgets.fields import Choice, inset

PARCEL = "food_parcel"
PARCEL_DAYS = 3
"""What a food parcel feeds unless it is said otherwise: the least that counts as one."""
MONEY = "money"


class GivenRow(QWidget):
    """One thing that was given: what, how many or how much, and for a food parcel the days it feeds."""

    def __init__(self, number: int) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE)
        self.item = Choice()
        self.item.setAccessibleName(self.tr("Thing given, %1").replace("%1", str(number)))
        # Where a combo box is named by its label, the rows below the first have none.
        self.item.setAccessibleDescription(self.item.accessibleName())
        self.many = QSpinBox()
        self.many.setRange(1, 100_000)
        self.many.setPrefix("× ")
        self.many.setAccessibleName(self.tr("How many, %1").replace("%1", str(number)))
        self.pounds = QDoubleSpinBox()
        self.pounds.setRange(0, 100_000)
        self.pounds.setPrefix("£")
        self.pounds.setAccessibleName(self.tr("Pounds, %1").replace("%1", str(number)))
        self.days = QSpinBox()
        self.days.setRange(1, 60)
        self.days.setValue(PARCEL_DAYS)
        self.days.setSuffix(self.tr(" days"))
        self.days.setAccessibleName(self.tr("Days the parcel feeds, %1").replace("%1", str(number)))
        line.addWidget(self.item, 3)
        for part in (self.many, self.pounds, self.days):
            inset(part)
            line.addWidget(part, 1)
        self.item.currentIndexChanged.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        key = self.item.key()
        self.many.setVisible(key not in (None, MONEY))
        self.pounds.setVisible(key == MONEY)
        self.days.setVisible(key == PARCEL)

    def thing(self) -> contacts.Given | None:
        """Give what was given, or None while nothing is chosen."""
        key = self.item.key()
        if key is None:
            return None
        if key == MONEY:
            return contacts.Given(key, pence=round(self.pounds.value() * 100))
        days = self.days.value() if key == PARCEL else None
        return contacts.Given(key, quantity=self.many.value(), unit="item", parcel_days=days)

    def put(self, item: str, many: int, pounds: float, days: int) -> None:
        """Fill the row."""
        self.item.choose(item)
        self.many.setValue(many)
        self.pounds.setValue(pounds)
        self.days.setValue(days)
