"""The columns of a spreadsheet and what each is to become; the last column of the table is chosen from a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QAbstractTableModel, Qt, Signal
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.models.rows import NOWHERE, Index, as_written

if TYPE_CHECKING:
    from cis_desktop.intake.mapping import ColumnMapping, Mapping
    from cis_desktop.intake.reading import Sheet

BECOMES = 2
EXAMPLES = 3
SPLIT = ";,/&+"


class MappingRows(QAbstractTableModel):
    """One row for each column of the file: its heading, some of its cells, and what it becomes."""

    changed = Signal()

    def __init__(self, targets: Callable[[], list[tuple[str, str]]], heads: tuple[str, str, str]) -> None:
        super().__init__()
        self._targets = targets
        self._heads = heads
        self._labels: dict[str, str] = {}
        self._sheet: Sheet | None = None
        self._guessed: dict[str, ColumnMapping] = {}
        self._columns: list[ColumnMapping] = []

    def show(self, sheet: Sheet, mapping: Mapping) -> None:
        """Show the columns of a sheet as a mapping reads them; columns it leaves out are left out here too."""
        from cis_desktop.intake.mapping import ColumnMapping

        self.beginResetModel()
        self._labels = dict(self._targets())
        self._sheet = sheet
        self._guessed = {column.header: column for column in mapping.columns}
        self._columns = [
            self._guessed.get(title) or ColumnMapping(header=title, target="ignore") for title in sheet.header
        ]
        self.endResetModel()

    def columns(self) -> tuple[ColumnMapping, ...]:
        """Give the columns as they are to be read now."""
        return tuple(self._columns)

    def options(self) -> list[tuple[str, str]]:
        """Give what a column can become: (target, label)."""
        return list(self._labels.items())

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self._columns[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_written(self.data(index))
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == 0:
                return column.header
            if index.column() == 1:
                return self._examples(index.row())
            return self._labels.get(column.target, column.target)
        if role == Qt.ItemDataRole.EditRole and index.column() == BECOMES:
            return column.target
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if index.column() != BECOMES or role != Qt.ItemDataRole.EditRole or value is None:
            return False
        self._columns[index.row()] = self._meant(self._columns[index.row()].header, value)
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if index.column() == BECOMES else found

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    def _examples(self, place: int) -> str:
        assert self._sheet is not None
        filled = (value.strip() for value in self._sheet.columns[place].values[:50])
        return " | ".join([value for value in filled if value][:EXAMPLES])

    def _meant(self, header: str, target: str) -> ColumnMapping:
        from cis_desktop.intake.guessing import unit_of
        from cis_desktop.intake.mapping import ColumnMapping

        guessed = self._guessed.get(header)
        if guessed is not None and guessed.target == target:
            return guessed
        if target in ("needs", "items"):
            values = guessed.values if guessed and guessed.target in ("needs", "items") else {}
            return ColumnMapping(header=header, target=target, values=values, split=SPLIT, otherwise="note")
        if target.startswith("item:"):
            return ColumnMapping(header=header, target=target, unit=unit_of(header))
        return ColumnMapping(header=header, target=target)


class Chooser(QStyledItemDelegate):
    """Choosing from a list inside a table: Enter or a click opens it."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Make the list."""
        box = QComboBox(parent)
        model = index.model()
        assert isinstance(model, MappingRows)
        for target, label in model.options():
            box.addItem(label, target)
        box.setAccessibleName(str(model.index(index.row(), 0).data()))
        box.activated.connect(lambda _: (self.commitData.emit(box), self.closeEditor.emit(box)))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Choose what it is now."""
        assert isinstance(editor, QComboBox)
        editor.setCurrentIndex(max(0, editor.findData(index.data(Qt.ItemDataRole.EditRole))))

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        """Take what was chosen."""
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentData(), Qt.ItemDataRole.EditRole)


def changed_mapping(mapping: Mapping, columns: tuple[ColumnMapping, ...], **answers: Any) -> Mapping:
    """Give a mapping with these columns and answers in place of its own."""
    return msgspec.structs.replace(mapping, columns=columns, **answers)
