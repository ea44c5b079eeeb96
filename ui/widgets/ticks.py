"""A list of things to tick."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, Qt, Signal
from PySide6.QtWidgets import QListView

from ui.models.rows import NOWHERE, Index


class _Options(QAbstractListModel):
    """Keys and labels, each ticked or not: thousands are offered at once, as no object is made for each."""

    def __init__(self) -> None:
        super().__init__()
        self.options: list[tuple[str, str]] = []
        self.on: set[str] = set()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.options)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        key, label = self.options[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return label
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if key in self.on else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        key = self.options[index.row()][0]
        (self.on.add if Qt.CheckState(value) == Qt.CheckState.Checked else self.on.discard)(key)
        self.dataChanged.emit(index, index, [role])
        return True


class Ticks(QListView):
    """Any of several things, each with a box to tick: arrows move, the space bar ticks, letters find."""

    changed = Signal()
    """Other things are ticked."""

    def __init__(self, rows: int = 5) -> None:
        super().__init__()
        self._rows = rows
        self._options = _Options()
        self._options.setParent(self)
        self.setModel(self._options)
        self._options.dataChanged.connect(self.changed)
        self.setUniformItemSizes(True)
        # Tab leaves the list; it does not walk through it.
        self.setTabKeyNavigation(False)

    def offer(self, options: Iterable[tuple[str, str]]) -> None:
        """Put these (key, label) pairs up, keeping the ticks of those that are still there."""
        shown = self._options
        shown.beginResetModel()
        shown.options = list(options)
        shown.on &= {key for key, _ in shown.options}
        shown.endResetModel()
        self._fit()

    def ticked(self) -> list[str]:
        """Give the keys of what is ticked."""
        return [key for key, _ in self._options.options if key in self._options.on]

    def tick(self, keys: Iterable[str]) -> None:
        """Tick exactly these."""
        before, self._options.on = self._options.on, {key for key, _ in self._options.options} & set(keys)
        if before != self._options.on:
            self._options.dataChanged.emit(self._options.index(0), self._options.index(len(self._options.options) - 1))

    def changeEvent(self, event: object) -> None:
        """Grow with the text size."""
        super().changeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def showEvent(self, event: object) -> None:
        """Measure again once the style is known."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        count = self._options.rowCount()
        height = self.sizeHintForRow(0) if count else self.fontMetrics().height()
        self.setFixedHeight(height * min(self._rows, max(1, count)) + 2 * self.frameWidth() + 4)
