"""The form for one thing noticed: the words first, then the rest; themes once it is written down."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words as plain_words
from cis_desktop.errors import CisError
from cis_desktop.records import observations
from ui.desk import Desk
from ui.pages.noticed.codebook import Codebook, ThemeList
from ui.pages.noticed.fields import Fields
from ui.say import say
from ui.theme import SPACE
from ui.widgets.beside import Beside
from ui.widgets.fields import Form
from ui.widgets.marked import Mark, MarkedWords
from ui.widgets.notice import Notice
from ui.widgets.page import column
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.history import Change

QUOTE = 40


class ObservationForm(QWidget):
    """What was noticed once: written, corrected, marked with themes, checked."""

    stored = Signal(int)
    """Something new was written down: its id."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.observation: observations.Observation | None = None
        self.before: dict[str, Any] = {}
        self.notice = Notice()
        lines = column(self)
        lines.addWidget(self.notice)
        self.title = heading()
        lines.addWidget(self.title)
        form = Form()
        self.words = MarkedWords(3)
        form.field(self.tr("&What did you see or hear?"), self.words, self.tr("Leave names out where you can."))
        self.words.selectionChanged.connect(self._say_where)
        lines.addLayout(form)
        # Writing comes first; what it is about is asked once it is written down.
        self.fields = Fields(desk, self.words)
        self.save = self.fields.save
        self.save.clicked.connect(self.store)
        lines.addWidget(self.fields)
        self.themes = self._themes()
        lines.addSpacing(SPACE)
        lines.addWidget(self.themes)
        lines.addWidget(self.fields.fold)
        lines.addStretch(1)
        for keys, act in (("Ctrl+T", self._to_themes), ("Ctrl+M", self.put_on)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # --- what it is made of ---------------------------------------------------------------------------------

    def _themes(self) -> QWidget:
        return Beside(self._about(), self._codebook(), letters=70)

    def _about(self) -> QWidget:
        """What it is about so far, and who has checked it."""
        part, lines = _part()
        self.marks = ThemeList(5)
        self.marks.taken.connect(self.take_off)
        self.marks.acted.connect(self._show_mark)
        self.none = plain(
            self.tr("No theme yet. Mark words with Shift and the arrows, or mark none to mean the whole."), quiet=True
        )
        self.off = button(self.tr("Take off"), name=self.tr("Take the chosen theme off"))
        self.off.clicked.connect(lambda: self.take_off(self.marks.current()))
        self.marks.currentRowChanged.connect(lambda at: self.off.setEnabled(at >= 0))
        lines.addWidget(heading(self.tr("What it is about"), 2))
        self.how_marks = plain(self.tr("Enter shows the words, Delete takes one off."), quiet=True)
        self.marks.setAccessibleName(self.tr("What it is about"))
        self.marks.setAccessibleDescription(self.how_marks.text())
        for each in (self.how_marks, self.marks, self.none):
            lines.addWidget(each)
        lines.addLayout(row(self.off))
        lines.addSpacing(SPACE)
        lines.addWidget(heading(self.tr("Checked"), 2))
        self.checked = plain()
        lines.addWidget(self.checked)
        self.check = button(self.tr("I have &checked it"))
        self.check.setAccessibleDescription(self.tr("You have read the words, and nobody can be picked out by them."))
        self.check.clicked.connect(self._check)
        lines.addLayout(row(self.check))
        return part

    def _codebook(self) -> QWidget:
        """Every theme there is, and where the chosen one would go."""
        part, lines = _part()
        self.codebook = Codebook(self.desk, self._trouble)
        self.codebook.chosen.connect(self.apply)
        self.codebook.about.connect(self._say_where)
        self.where = plain()
        self.put = button(self.tr("Put on"))
        self.put.clicked.connect(self.put_on)
        self.codebook.below.addWidget(self.where)
        self.codebook.below.addLayout(row(self.put))
        lines.addWidget(self.codebook)
        return part

    # --- what it shows --------------------------------------------------------------------------------------

    def begin(self, observation: observations.Observation | None) -> None:
        """Start on something new, or on correcting what is there."""
        self.notice.clear()
        self.observation = observation
        self.title.setText(
            self.tr("Noticed %1").replace("%1", observation.reference) if observation else self.tr("Something new")
        )
        self.fields.show_observation(observation)
        self.before = self.fields.values()
        self.themes.setVisible(observation is not None)
        self._show_marks()

    def changed(self) -> bool:
        """Say whether something is written that is not saved."""
        return self.fields.values() != self.before

    def refresh(self) -> None:
        """Read again what is shown; fields that somebody is filling in are left alone."""
        self.codebook.reload()
        if self.observation is None:
            return
        try:
            now = observations.get(self.desk.workspace.read, self.observation.id)
        except CisError as error:
            if self.changed():
                # What was typed is kept, as something new.
                self.observation = None
                self.title.setText(self.tr("Something new"))
                self.themes.hide()
                self.words.mark(())
            else:
                self.begin(None)
            self._trouble(error)
            return
        if now != self.observation and not self.changed():
            at = self.words.place()
            self.begin(now)
            self.words.put_cursor(*at)
        self.observation = now
        self._show_marks()

    def _show_marks(self) -> None:
        if self.observation is None:
            return
        held = observations.themes_of(self.desk.workspace.read, self.observation.id)
        stored, shown = self.observation.words, self.words.toPlainText()
        marks, told = [], []
        for each in held:
            quote = self.tr("the whole")
            if each.span_start is not None and each.span_end is not None:
                span = observations.moved_span(stored, shown, (each.span_start, each.span_end))
                if span is not None:
                    marks.append(Mark(*span, each.label))
                quote = f"“{short(stored[each.span_start : each.span_end])}”"
            told.append((each.id, f"{each.label}: {quote}"))
        self.words.mark(marks)
        self.marks.show_lines(told)
        self.marks.setVisible(bool(told))
        self.how_marks.setVisible(bool(told))
        self.off.setVisible(bool(told))
        self.off.setEnabled(self.marks.current() is not None)
        self.none.setVisible(not told)
        by, on = self.observation.checked_by, self.observation.checked_on
        if by:
            said = self.tr("Checked by %1").replace("%1", by)
            said += f", {plain_words.day(on)}." if on else "."
        else:
            said = self.tr("Nobody has checked yet that these words give nobody away.")
        if self.observation.shareable:
            said += " " + self.tr("They may be shared.")
        else:
            said += " " + self.tr("They are not to be shared.")
        self.checked.setText(said)
        self.check.setVisible(not by)
        self._say_where()

    def _say_where(self) -> None:
        label = self.codebook.label_of(self.codebook.themes.current())
        span = self.words.chosen()
        on = self.tr("“%1”").replace("%1", short(self.words.toPlainText()[slice(*span)])) if span else ""
        if not label:
            self.where.setText(self.tr("Choose a theme to put on the words.") if self.codebook.held else "")
        elif span:
            self.where.setText(self.tr("“%1” goes on %2").replace("%1", label).replace("%2", on))
        else:
            self.where.setText(self.tr("“%1” goes on the whole").replace("%1", label))
        self.where.setVisible(bool(self.where.text()))
        self.put.setText(self.tr("Put on these words") if span else self.tr("Put on the whole"))
        self.put.setAccessibleName(self.put.text())
        self.put.setEnabled(bool(label))

    # --- what it does ---------------------------------------------------------------------------------------

    def store(self) -> None:
        """Save what is written as one change."""
        known, sent = self.observation, self.fields.values()
        # Only what somebody changed: the rest may have been corrected elsewhere meanwhile.
        values = {name: value for name, value in sent.items() if known is None or value != self.before[name]}
        if not values:
            self.desk.said.emit(self.tr("There is nothing new to save here."))
            return
        self.save.setEnabled(False)

        def work(change: Change) -> int:
            if known is None:
                return observations.add(change, **values)
            observations.edit(change, known.id, **values)
            return known.id

        def done(at: int) -> None:
            self.save.setEnabled(True)
            now = observations.get(self.desk.workspace.read, at)
            if self.fields.values() != sent:
                # Somebody went on writing meanwhile: what they have written since is a correction of it.
                self.observation, self.before = now, sent
            elif known is None:
                self.begin(None)
                self.words.setFocus()
            else:
                self.begin(now)
            if known is None:
                self.stored.emit(at)

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self._trouble(error)

        said = self.tr("Wrote down something noticed") if known is None else self.tr("Corrected something noticed")
        self.desk.write(self, said, work, done, failed)

    def put_on(self) -> None:
        """Put the chosen theme on the marked words, or on the whole."""
        current = self.codebook.themes.current()
        if current is not None:
            self.apply(current)

    def apply(self, theme_id: int) -> None:
        """Put a theme on the marked words, or on the whole; words that are not saved yet are saved with it."""
        known, text, span = self.observation, self.words.toPlainText(), self.words.chosen()
        if known is None:
            return
        # The record keeps no space around the words.
        lead = len(text) - len(text.lstrip())
        on = (span[0] - lead, span[1] - lead) if span else None
        corrected = text.strip() != known.words and (span is not None or text != self.before["words"])

        def work(change: Change) -> None:
            if corrected:
                observations.edit(change, known.id, words=text)
            observations.apply_theme(change, known.id, theme_id, on)

        def done(_: None) -> None:
            self.before["words"] = text
            self.refresh()

        self.desk.write(self, self.tr("Put a theme on something noticed"), work, done, self._trouble)

    def take_off(self, mark: int | None) -> None:
        """Take one mark off; the strip at the foot offers to undo it."""
        if mark is None:
            return
        self.desk.write(
            self, self.tr("Took a theme off something noticed"),
            lambda change: observations.unapply_theme(change, mark), lambda _: self.refresh(), self._trouble,
        )  # fmt: skip

    def _check(self) -> None:
        known, who = self.observation, self.desk.workspace.who
        if known is None:
            return
        on = date.today().isoformat()
        self.desk.write(
            self, self.tr("Checked something noticed"),
            lambda change: observations.edit(change, known.id, checked_by=who, checked_on=on),
            lambda _: self.refresh(), self._trouble,
        )  # fmt: skip

    def _to_themes(self) -> None:
        if self.themes.isVisible():
            self.codebook.themes.setFocus()
            if self.codebook.themes.current() is None:
                self.codebook.themes.setCurrentRow(0)

    def _show_mark(self, mark: int) -> None:
        if self.observation is None:
            return
        for each in observations.themes_of(self.desk.workspace.read, self.observation.id):
            if each.id == mark and each.span_start is not None and each.span_end is not None:
                self.words.choose(each.span_start, each.span_end)
                self.words.setFocus()

    def _trouble(self, error: Exception) -> None:
        say(error, self.notice)

    # --- what is half written -------------------------------------------------------------------------------

    def drafts(self) -> dict[str, Any]:
        """Give the form where it differs from what is saved."""
        theme = self.codebook.draft()
        if not self.changed() and not theme:
            return {}
        position, anchor = self.words.place()
        return {
            "observation": self.observation.id if self.observation else None,
            "values": self.fields.values(),
            "cursor": position,
            "anchor": anchor,
            "theme": theme,
            "more": self.fields.fold.is_open(),
        }

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put the form back as it was left."""
        self.fields.put_values(drafts["values"])
        self.fields.fold.open(drafts.get("more", False))
        self._show_marks()
        self.words.put_cursor(drafts["cursor"], drafts["anchor"])
        self.words.setFocus()
        if drafts["theme"]:
            self.codebook.restore(drafts["theme"])


def _part() -> tuple[QWidget, QVBoxLayout]:
    part = QWidget()
    lines = QVBoxLayout(part)
    lines.setContentsMargins(0, 0, 0, 0)
    return part, lines


def short(text: str) -> str:
    """Give words in one line, cut off where they are many."""
    tidy = " ".join(text.split())
    return tidy if len(tidy) <= QUOTE else tidy[: QUOTE - 1].rstrip() + "…"
