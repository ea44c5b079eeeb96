"""Noticed: what was seen or heard, in words first and themes after."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.records import observations
from ui.desk import Desk
from ui.models.rows import Rows
from ui.widgets.fields import Choice, Form, Ticks, day_field, day_of, line, set_day, several_lines
from ui.widgets.lists import Table
from ui.widgets.page import Page, column, scrolled
from ui.widgets.words import button, heading, plain, row, saves


class NoticedPage(Page):
    """What was noticed, and the form for it."""

    shows = frozenset({"observations", "themes", "observation_themes"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.observation_id: int | None = None
        self.before: dict[str, Any] = {}
        self.rows = Rows(
            [
                (self.tr("When"), lambda each: _when(each.noticed_on)),
                (self.tr("What was noticed"), lambda each: " ".join(each.words.split())),
                (self.tr("Where"), lambda each: each.place or ""),
            ],
            self._more,
        )
        self.table = Table(self.rows, self.tr("What was noticed"), stretch=1)
        self.table.opened.connect(lambda each: self.show_observation(each.id))
        left = QWidget()
        lines = column(left)
        lines.addWidget(heading(self.tr("Noticed")))
        self.blank = plain(
            self.tr("Nothing is written down yet. A sentence about what you saw or heard is enough.")
        )
        lines.addWidget(self.blank)
        lines.addWidget(self.table, 1)
        new = button(self.tr("&New"), name=self.tr("Write down something new"))
        new.clicked.connect(lambda: self.open(("new", None)))
        lines.addLayout(row(new))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(scrolled(self._form()))
        split.setSizes([480, 520])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.reload()
        self.begin(None)

    def _form(self) -> QWidget:
        right = QWidget()
        lines = column(right)
        lines.addWidget(self.notice)
        self.title = heading()
        lines.addWidget(self.title)
        form = Form()
        self.words = several_lines(5)
        form.field(
            self.tr("&What did you see or hear?"), self.words, self.tr("Leave names out where you can.")
        )
        self.day = day_field()
        form.field(self.tr("&Date"), self.day)
        self.place = line()
        form.field(self.tr("W&here"), self.place)
        self.how = Choice(
            [
                (None, self.tr("Not said")),
                ("saw_it", self.tr("I saw it")),
                ("told_by_person", self.tr("The person told me")),
                ("several_people", self.tr("Several people said so")),
                ("partner", self.tr("Another organisation told us")),
            ]
        )
        form.field(self.tr("How is it &known?"), self.how)
        self.people = Choice([(None, self.tr("Not known")), *((band, band) for band in observations.PEOPLE_BANDS)])
        form.field(self.tr("About how many &people?"), self.people)
        self.direction = Choice(
            [
                (None, self.tr("Not said")),
                ("new", self.tr("It is new")),
                ("worse", self.tr("It is getting worse")),
                ("better", self.tr("It is getting better")),
                ("same", self.tr("It is the same as before")),
            ]
        )
        form.field(self.tr("&Is it changing?"), self.direction)
        self.themes = Ticks()
        form.field(self.tr("&Themes"), self.themes, self.tr("Arrows to move, space to tick. They can wait."))
        lines.addLayout(form)
        self.save = saves(button(self.tr("&Save"), main=True, name=self.tr("Save what was noticed")))
        self.save.clicked.connect(self.store)
        lines.addLayout(row(self.save))
        lines.addStretch(1)
        return right

    def begin(self, observation: observations.Observation | None) -> None:
        """Start on something new, or on correcting what is there."""
        self.notice.clear()
        connection = self.desk.workspace.read
        self.observation_id = observation.id if observation else None
        self.title.setText(
            self.tr("Noticed %1").replace("%1", observation.reference)
            if observation
            else self.tr("Something new")
        )
        self.words.setPlainText(observation.words if observation else "")
        if observation and len(observation.noticed_on) > 7:
            set_day(self.day, observation.noticed_on)
        elif observation:
            set_day(self.day, observation.noticed_on + "-01")
        self.place.setText(observation.place or "" if observation else "")
        self.how.choose(observation.how_known if observation else None)
        self.people.choose(observation.people_band if observation else None)
        self.direction.choose(observation.direction if observation else None)
        self.themes.offer((str(theme.id), theme.label) for theme in observations.codebook(connection))
        held = observations.themes_of(connection, observation.id) if observation else []
        self.themes.tick(str(each.theme_id) for each in held)
        self.before = self._values()

    def show_observation(self, observation_id: int) -> None:
        """Show what was noticed once."""
        try:
            self.begin(observations.get(self.desk.workspace.read, observation_id))
        except CisError as error:
            self.trouble(error)

    def _values(self) -> dict[str, Any]:
        return {
            "words": self.words.toPlainText(),
            "noticed_on": day_of(self.day).isoformat(),
            "place": self.place.text(),
            "how_known": self.how.key(),
            "people_band": self.people.key(),
            "direction": self.direction.key(),
            "themes": self.themes.ticked(),
        }

    def store(self) -> None:
        """Save the words and their themes as one change."""
        values, before, known = self._values(), self.before, self.observation_id
        wanted = {int(key) for key in values.pop("themes")}
        if known is not None and values["noticed_on"] == before["noticed_on"]:
            # A month stays a month unless somebody chose a day.
            del values["noticed_on"]
        self.save.setEnabled(False)

        def work(change: Any) -> None:
            if known is None:
                at = observations.add(change, **values)
            else:
                at = known
                observations.edit(change, at, **values)
            held = observations.themes_of(change.connection, at)
            for each in held:
                if each.theme_id not in wanted:
                    observations.unapply_theme(change, each.id)
            for theme_id in sorted(wanted - {each.theme_id for each in held}):
                observations.apply_theme(change, at, theme_id)

        def done(_: None) -> None:
            self.save.setEnabled(True)
            self.begin(None)
            self.words.setFocus()

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self.trouble(error)

        said = self.tr("Wrote down something noticed") if known is None else self.tr("Corrected something noticed")
        self.desk.write(self, said, work, done, failed)

    def open(self, what: object) -> None:
        """Begin or show: ("new", None) or ("show", the observation's id)."""
        assert isinstance(what, tuple)
        if what[0] == "show":
            self.show_observation(what[1])
        else:
            if self.observation_id is not None:
                self.begin(None)
            self.words.setFocus()

    def reload(self) -> None:
        """Read the list again."""
        self.rows.read()
        empty = self.rows.rowCount() == 0
        self.blank.setVisible(empty)
        self.table.setVisible(not empty)

    def _more(self, last: observations.Observation | None, limit: int) -> list[observations.Observation]:
        before = (last.noticed_on, last.id) if last else None
        return observations.page(self.desk.workspace.read, before, limit)

    def drafts(self) -> dict[str, Any]:
        """Give the form where it differs from what is saved."""
        values = self._values()
        if values == self.before:
            return {}
        return {
            "observation": self.observation_id,
            "values": values,
            "cursor": self.words.textCursor().position(),
        }

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put the form back."""
        if drafts["observation"] is not None:
            self.show_observation(drafts["observation"])
        values = drafts["values"]
        self.words.setPlainText(values["words"])
        set_day(self.day, values["noticed_on"])
        self.place.setText(values["place"])
        self.how.choose(values["how_known"])
        self.people.choose(values["people_band"])
        self.direction.choose(values["direction"])
        self.themes.tick(values["themes"])
        cursor = self.words.textCursor()
        cursor.setPosition(min(drafts["cursor"], len(values["words"])))
        self.words.setTextCursor(cursor)
        self.words.setFocus()


def _when(noticed_on: str) -> str:
    return words.day(noticed_on) if len(noticed_on) > 7 else words.month(noticed_on)
