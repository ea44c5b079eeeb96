"""The codebook at the side: every theme and what it means; put on words, added, corrected, put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cis_desktop.records import observations, themes
from ui.desk import Desk
from ui.widgets.fields import Choice, Form, line
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.history import Change

KEY = Qt.ItemDataRole.UserRole
AROUND = 3
"""Pixels around a line, so that it can be hit."""


class ThemeList(QListWidget):
    """Lines chosen with arrows or by their first letters; Enter or space acts on one, Delete takes it away."""

    acted = Signal(int)
    """Somebody pressed Enter or space, or clicked twice: the number kept with the line."""
    taken = Signal(int)
    """Somebody pressed Delete."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows
        self.setTabKeyNavigation(False)
        self.setSpacing(AROUND)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemDoubleClicked.connect(lambda item: self.acted.emit(item.data(KEY)))

    def show_lines(self, lines: list[tuple[int, str]]) -> None:
        """Show these (number, words), keeping the place."""
        before = self.current()
        self.blockSignals(True)
        self.clear()
        for number, words in lines:
            item = QListWidgetItem(words)
            item.setData(KEY, number)
            self.addItem(item)
            if number == before:
                self.setCurrentItem(item)
        self.blockSignals(False)
        self.currentRowChanged.emit(self.currentRow())
        self._fit()

    def current(self) -> int | None:
        """Give the number of the line that is chosen."""
        item = self.currentItem()
        return item.data(KEY) if item is not None else None

    def choose(self, number: int) -> None:
        """Choose a line by its number."""
        for at in range(self.count()):
            if self.item(at).data(KEY) == number:
                self.setCurrentRow(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the chosen line, or take it away."""
        current, key = self.current(), event.key()
        plain_key = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if current is not None and plain_key and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.acted.emit(current)
        elif current is not None and plain_key and key == Qt.Key.Key_Delete:
            self.taken.emit(current)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: Any) -> None:
        """Grow with the text size."""
        super().changeEvent(event)
        self._fit()

    def showEvent(self, event: Any) -> None:
        """Measure again once the style is known."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        height = (self.sizeHintForRow(0) if self.count() else self.fontMetrics().height()) + 2 * AROUND
        self.setFixedHeight(height * min(self._rows, max(1, self.count())) + 2 * self.frameWidth() + 4)


class Codebook(QWidget):
    """The themes there are. Which words one goes on is for the form to say."""

    chosen = Signal(int)
    """A theme is to be put on what is marked, or on the whole."""
    about = Signal()
    """Another theme is chosen, or none."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.held: dict[int, observations.Theme] = {}
        self.editing: int | None = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.themes = ThemeList(8)
        self.themes.acted.connect(self.chosen)
        self.themes.currentRowChanged.connect(lambda _: self._about())
        title = heading(self.tr("&Themes"), 2)
        title.setBuddy(self.themes)
        self.themes.setAccessibleName(self.tr("Themes"))
        hint = plain(self.tr("Ctrl+T comes here, Enter puts one on."), quiet=True)
        self.themes.setAccessibleDescription(hint.text())
        for each in (title, hint, self.themes):
            lines.addWidget(each)
        self.meaning = plain(quiet=True)
        lines.addWidget(self.meaning)
        self.below = QVBoxLayout()
        """Room for whoever says where the chosen theme goes."""
        lines.addLayout(self.below)
        self.add = button(self.tr("New the&me"))
        self.add.clicked.connect(lambda: self.begin(None))
        self.correct = button(self.tr("Change"), name=self.tr("Change the chosen theme"))
        self.correct.clicked.connect(lambda: self.begin(self.themes.current()))
        lines.addLayout(row(self.add, self.correct))
        lines.addWidget(self._card())
        self.reload()

    def _card(self) -> Card:
        self.card = Card()
        self.card_title = heading(level=2)
        self.card.lines.addWidget(self.card_title)
        form = Form()
        self.label = line(120)
        form.field(self.tr("Name of the theme"), self.label)
        self.means = line(400)
        form.field(self.tr("What belongs to it"), self.means)
        self.card.lines.addLayout(form)
        self.keep = button(self.tr("Keep"), main=True, name=self.tr("Keep the theme"))
        self.keep.clicked.connect(self.store)
        self.leave = button(self.tr("Leave it"), name=self.tr("Leave the theme as it was"))
        self.leave.clicked.connect(self.end)
        self.label.returnPressed.connect(self.store)
        self.means.returnPressed.connect(self.store)
        self.card.lines.addLayout(row(self.keep, self.leave))
        self.further = QWidget()
        further = QVBoxLayout(self.further)
        further.setContentsMargins(0, 0, 0, 0)
        form = Form()
        self.into = Choice()
        form.field(self.tr("The same as"), self.into, self.tr("Its marks go over to the other theme."))
        further.addLayout(form)
        self.merge = button(self.tr("Put together"), name=self.tr("Put the two themes together"))
        self.merge.clicked.connect(self._merge)
        self.remove = button(self.tr("Take out"), name=self.tr("Take the theme out of the list"))
        self.remove.clicked.connect(self._remove)
        further.addLayout(row(self.merge, self.remove))
        self.card.lines.addWidget(self.further)
        self.card.hide()
        return self.card

    def reload(self) -> None:
        """Read the codebook again; a theme being written is left alone."""
        self.held = {theme.id: theme for theme in observations.codebook(self.desk.workspace.read)}
        self.themes.show_lines([(theme.id, theme.label) for theme in self.held.values()])
        self.into.offer((str(each.id), each.label) for each in self.held.values() if each.id != self.editing)
        if self.editing is not None and self.editing not in self.held:
            self.end()
        self._about()

    def label_of(self, theme_id: int | None) -> str:
        """Give the words of a theme."""
        theme = self.held.get(theme_id) if theme_id is not None else None
        return theme.label if theme else ""

    def _about(self) -> None:
        theme = self.held.get(self.themes.current() or 0)
        self.meaning.setText(theme.meaning or "" if theme else "")
        self.meaning.setVisible(bool(self.meaning.text()))
        self.correct.setEnabled(theme is not None)
        self.about.emit()

    def begin(self, theme_id: int | None) -> None:
        """Open the card for a new theme, or for the one that is to be changed."""
        theme = self.held.get(theme_id) if theme_id is not None else None
        self.editing = theme.id if theme else None
        self.card_title.setText(self.tr("Change “%1”").replace("%1", theme.label) if theme else self.tr("A new theme"))
        self.label.setText(theme.label if theme else "")
        self.means.setText(theme.meaning or "" if theme else "")
        self.further.setVisible(theme is not None and len(self.held) > 1)
        self.into.offer((str(each.id), each.label) for each in self.held.values() if each.id != self.editing)
        self.card.show()
        self.label.setFocus()

    def end(self) -> None:
        """Put the card away."""
        self.editing = None
        self.label.clear()
        self.means.clear()
        self.card.hide()
        self.themes.setFocus()

    def store(self) -> None:
        """Keep the theme that was written; a new one is chosen, ready to be put on."""
        label, meaning, known = self.label.text(), self.means.text().strip() or None, self.editing

        def work(change: Change) -> int:
            if known is None:
                return observations.add_theme(change, label, meaning=meaning)
            themes.correct_theme(change, known, label, meaning)
            return known

        def done(theme_id: int) -> None:
            self.end()
            self.reload()
            self.themes.choose(theme_id)

        said = self.tr("Added a theme") if known is None else self.tr("Changed a theme")
        self.desk.write(self, said, work, done, self.trouble)

    def _merge(self) -> None:
        known, into = self.editing, self.into.key()
        if known is None or into is None:
            return

        def done(_: None) -> None:
            self.end()
            self.reload()
            self.themes.choose(int(into))

        self.desk.write(
            self, self.tr("Put two themes together"),
            lambda change: themes.merge_themes(change, known, int(into)), done, self.trouble,
        )  # fmt: skip

    def _remove(self) -> None:
        known = self.editing
        if known is None:
            return

        def done(_: None) -> None:
            self.end()
            self.reload()

        self.desk.write(
            self, self.tr("Took a theme out"), lambda change: themes.remove_theme(change, known), done, self.trouble
        )

    def draft(self) -> dict[str, Any]:
        """Give the theme that is being written, if one is."""
        theme = self.held.get(self.editing) if self.editing is not None else None
        before = (theme.label, theme.meaning or "") if theme else ("", "")
        if self.card.isHidden() or (self.label.text(), self.means.text()) == before:
            return {}
        return {
            "id": self.editing,
            "label": self.label.text(),
            "meaning": self.means.text(),
            "cursor": self.label.cursorPosition(),
            "here": self.label.hasFocus(),
        }

    def restore(self, draft: dict[str, Any]) -> None:
        """Open the card as it was left."""
        self.begin(draft["id"])
        self.label.setText(draft["label"])
        self.means.setText(draft["meaning"])
        self.label.setCursorPosition(draft["cursor"])
        (self.label if draft["here"] else self.means).setFocus()
