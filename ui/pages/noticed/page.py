"""Noticed: the list and the form, and beside them the board of themes over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.records import observations, themes
from ui.desk import Desk
from ui.models.rows import Rows
from ui.pages.noticed.board import ThemesBoard
from ui.pages.noticed.form import ObservationForm
from ui.widgets.instead import Instead
from ui.widgets.lists import Table
from ui.widgets.page import Page, bring_up, column, scrolled
from ui.widgets.words import button, heading, row

Line = tuple[observations.Observation, tuple[str, ...]]


class NoticedPage(Page):
    """What was noticed, the form for it, and how its themes come and go."""

    shows = frozenset({"observations", "themes", "observation_themes", "areas"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.form = ObservationForm(desk)
        self.form.stored.connect(self._stored)
        # What pages and keys look for here is the form's.
        self.notice, self.words, self.save = self.form.notice, self.form.words, self.form.save
        self.themes = self.form.codebook.themes
        self.latest: int | None = None
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._list())
        self.area = scrolled(self.form)
        split.addWidget(self.area)
        split.setSizes([400, 720])
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName(self.tr("Parts of this place"))
        self.tabs.addTab(split, self.tr("Written down"))
        # The board is made when it is first turned to: who writes something down need not wait for it.
        self.board: ThemesBoard | None = None
        self.second = QWidget()
        QVBoxLayout(self.second).setContentsMargins(0, 0, 0, 0)
        self.tabs.addTab(self.second, self.tr("Themes over time"))
        self.tabs.currentChanged.connect(self._turned)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.tabs)
        self.reload()
        self.form.begin(None)
        self._came = False

    def _list(self) -> QWidget:
        self.rows = Rows([(self.tr("Newest first"), self._told)], self._more)
        self.table = Table(self.rows, self.tr("What was noticed"), lines=3)
        self.table.opened.connect(lambda each: self.show_observation(each[0].id))
        left = QWidget()
        lines = column(left)
        self.new = button(self.tr("&New"), name=self.tr("Write down something new"))
        self.new.clicked.connect(lambda: self.open(("new", None)))
        first = QHBoxLayout()
        first.addWidget(heading(self.tr("Noticed")), 1)
        first.addWidget(self.new)
        lines.addLayout(first)
        self.after = button(self.tr("Put themes on the &last one"))
        self.after.clicked.connect(self._themes_on_latest)
        self.after.hide()
        lines.addLayout(row(self.after))
        self.instead = Instead(self.tr("Write the first one"))
        self.instead.asked.connect(lambda: self.open(("new", None)))
        lines.addWidget(self.instead)
        lines.addWidget(self.table, 1)
        lines.addStretch(0)
        return left

    def _told(self, each: Line) -> str:
        seen, held = each
        number = words.count(len(held), self.tr("theme"), self.tr("themes")) if held else self.tr("no theme yet")
        about = [words.when(seen.noticed_on), number, *([seen.place] if seen.place else [])]
        return f"{' · '.join(about)}\n{' '.join(seen.words.split())}"

    def showEvent(self, event: object) -> None:
        """Put the cursor where one writes when the page is first seen: that is what people come for."""
        super().showEvent(event)
        if not self._came and self.tabs.currentIndex() == 0:
            self.words.setFocus()
        self._came = True

    def show_observation(self, observation_id: int) -> None:
        """Show what was noticed once."""
        try:
            self.form.begin(observations.get(self.desk.workspace.read, observation_id))
        except CisError as error:
            self.trouble(error)
        self._mark_line()

    def _mark_line(self) -> None:
        """Choose in the list what is shown beside it, if it is among what is read of the list so far."""
        shown = self.form.observation
        known = [self.rows.record(at)[0].id for at in range(self.rows.rowCount())]
        if shown is not None and shown.id in known:
            self.table.selectRow(known.index(shown.id))
        else:
            self.table.clearSelection()

    def _stored(self, at: int) -> None:
        self.latest = at
        self.after.show()

    def _themes_on_latest(self) -> None:
        if self.latest is not None:
            self.open(("show", self.latest))
            self.words.setFocus()

    def _turned(self, at: int) -> None:
        if at != 1:
            return
        if self.board is None:
            self.board = self._make_board()
        self.board.begin()

    def _make_board(self) -> ThemesBoard:
        board = ThemesBoard(self.desk)
        board.opened.connect(lambda at: self.open(("show", at)))
        below = scrolled(board)
        board.listed.connect(lambda: bring_up(below, board.behind_title))
        inside = self.second.layout()
        assert inside is not None
        inside.addWidget(below)
        return board

    def open(self, what: object) -> None:
        """Begin or show: ("new", None), ("show", the observation's id) or ("themes", None)."""
        assert isinstance(what, tuple)
        if what[0] == "themes":
            self.tabs.setCurrentIndex(1)
            return
        self.tabs.setCurrentIndex(0)
        if what[0] == "show":
            self.show_observation(what[1])
        else:
            if self.form.observation is not None:
                self.form.begin(None)
                self._mark_line()
            self.words.setFocus()
        self.area.verticalScrollBar().setValue(0)

    def reload(self) -> None:
        """Read the list again, and what is shown beside it."""
        self.rows.read()
        empty = self.rows.rowCount() == 0
        if empty:
            self.instead.teach(
                self.tr(
                    "Nothing is written down yet. A sentence about what you saw or heard is enough; themes can wait."
                )
            )
        else:
            self.instead.clear()
        for part in (self.table, self.new):
            part.setVisible(not empty)
        self.form.refresh()
        self._mark_line()
        if self.board is not None:
            self.board.reload(self.tabs.currentIndex() == 1)

    def _more(self, last: Line | None, limit: int) -> Sequence[Line]:
        connection = self.desk.workspace.read
        before = (last[0].noticed_on, last[0].id) if last else None
        found = observations.page(connection, before, limit)
        held = themes.themes_on(connection, [each.id for each in found])
        return [(each, tuple(held.get(each.id, ()))) for each in found]

    def drafts(self) -> dict[str, Any]:
        """Give the form where it differs from what is saved."""
        return self.form.drafts()

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put the form back."""
        if drafts["observation"] is not None:
            self.show_observation(drafts["observation"])
        self.form.restore(drafts)
        self._came = True
