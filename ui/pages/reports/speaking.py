"""Sentences that go with a report: choosing them, wording them, and answering what was found in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Job
from ui.models.rows import Rows
from ui.widgets.fields import Choice, Form, several_lines
from ui.widgets.lists import Table
from ui.widgets.marked import in_units
from ui.widgets.ticks import Ticks
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.freetext import Names
    from cis_desktop.packs.observing import Asked, Kept, Texts
    from cis_desktop.packs.preview import Preview
    from cis_desktop.records.observations import Observation
    from cis_desktop.vault.tables import Connection

PAUSE = 400
"""Milliseconds after the last key until a text is searched."""
MOST_FOUND = 6


class SpeakingPart(QWidget):
    """What may go, the wording of one of it, and beside it in words what could point at somebody."""

    changed = Signal()
    touched = Signal()
    ready = Signal()
    """What was noticed has been read, and can be chosen from."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self.trouble = desk, trouble
        self.preview: Preview | None = None
        self.names: Names | None = None
        self.about: tuple[str, str] = ("", "")
        self.offered: list[Observation] = []
        self.written: dict[str, str] = {}
        """The words to leave, by reference or by question."""
        self.kept: dict[str, Kept] = {}
        self.found: tuple[Asked, ...] = ()
        self.wrong = ""
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(PAUSE)
        self.timer.timeout.connect(self.search)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(heading(self.tr("Your own words"), 2))
        self.said = plain()
        lines.addWidget(self.said)
        form = Form()
        self.ticks = Ticks(5)
        self.ticks_field = form.field(self.tr("&Observations that go with it"), self.ticks)
        self.which = Choice()
        form.field(self.tr("&Look over"), self.which)
        self.words = several_lines(3)
        form.field(self.tr("&Words that leave"), self.words)
        lines.addLayout(form)
        self.state = plain()
        lines.addWidget(self.state)
        self.list = Table(self._rows(), self.tr("What could point at somebody"), stretch=1, folds=16)
        lines.addWidget(self.list)
        self.why = plain()
        lines.addWidget(self.why)
        self.keep = button(self.tr("It is fine: &keep it"))
        self.change = button(self.tr("&Change the words"))
        lines.addLayout(row(self.keep, self.change))
        figures = Form()
        self.figure = Choice()
        figures.field(self.tr("A figure of the &report"), self.figure)
        self.insert = button(self.tr("&Insert the figure"))
        figures.addLayout(row(self.insert))
        lines.addLayout(figures)
        self.list.selectionModel().currentRowChanged.connect(lambda *_: self._say_why())
        self.ticks.changed.connect(self._chosen)
        self.which.currentIndexChanged.connect(lambda _: self._take_up())
        self.words.textChanged.connect(self._typed)
        self.insert.clicked.connect(lambda: self.words.insertPlainText(f"{{{self.figure.key()}}}"))
        self.keep.clicked.connect(self._keep)
        self.change.clicked.connect(self._change)

    def _rows(self) -> Rows:
        return Rows(
            [
                (self.tr("Found"), lambda each: f"“{words.shortened(each.finding.words, 40)}”"),
                (self.tr("Why somebody has to look"), lambda each: each.finding.why),
                (self.tr("Your answer"), self._answer),
            ]
        )

    def _answer(self, each: Asked) -> str:
        kept = self.kept.get(each.finding.key)
        return self.tr("kept by %1").replace("%1", kept.by) if kept else self.tr("not yet")

    # --- filling --------------------------------------------------------------------------------------------

    def show_words(self, preview: Preview) -> None:
        """Show what may go with a report; what was worded for the same one before stays."""
        from cis_desktop.disclosure.tables import Release

        if preview is self.preview:
            return
        about = (preview.agreement.hash.hex(), preview.period.key)
        if about != self.about:
            self.written, self.kept = {}, {}
        self.preview, self.about, self.names = preview, about, None
        terms = preview.agreement.terms
        self.setVisible(isinstance(preview.answer, Release) and (terms.observations.words or bool(terms.narrative)))
        if self.isHidden():
            return
        self.setEnabled(False)

        def work(connection: Connection, _: Job) -> tuple[list[Observation], list[Observation], Any, list[str]]:
            from cis_desktop.freetext import gather
            from cis_desktop.packs.fields import insertable
            from cis_desktop.packs.observing import of_period, why_not

            assert isinstance(preview.answer, Release)
            every = of_period(connection, preview.period)
            may = [each for each in every if not why_not(connection, preview.agreement, each)]
            return every, may, gather(connection, [self.desk.workspace.who]), list(insertable(preview.answer.tables))

        def done(found: tuple[list[Observation], list[Observation], Any, list[str]]) -> None:
            if preview is self.preview:
                self._fill(*found)

        self.desk.read(self, self.tr("Reading what was noticed"), work, done, self.trouble)

    def _fill(self, every: list[Observation], may: list[Observation], names: Names, figures: list[str]) -> None:
        assert self.preview is not None
        self.offered, self.names = may, names
        there = {*(each.reference for each in may), *self.preview.agreement.terms.narrative}
        self.written = {key: text for key, text in self.written.items() if key in there}
        terms = self.preview.agreement.terms.observations
        said = [terms.terms] if terms.words else []
        if terms.words and len(every) > len(may):
            others = words.count(len(every) - len(may), self.tr("other stays here"), self.tr("others stay here"))
            why = self.tr("%1: not marked as ones that may be shared, or on a theme that is protected.")
            said.append(why.replace("%1", others))
        self.said.setText("\n".join(said))
        self.said.setVisible(bool(said))
        self.ticks.blockSignals(True)
        self.ticks.offer(
            [(each.reference, f"{words.when(each.noticed_on)}: {words.shortened(each.words)}") for each in may]
        )
        self.ticks.tick([each.reference for each in may if each.reference in self.written])
        self.ticks.blockSignals(False)
        self.figure.offer([(name, name) for name in figures])
        self.setEnabled(True)
        self._chosen()
        self.ready.emit()

    def _chosen(self) -> None:
        """Offer each ticked observation and each question to be looked over."""
        assert self.preview is not None
        ticked = self.ticks.ticked()
        own = {each.reference: each for each in self.offered}
        for reference in [each for each in self.written if each in own and each not in ticked]:
            del self.written[reference]
        new = [each for each in ticked if each not in self.written]
        self.written |= {each: own[each].words for each in new}
        questions = self.preview.agreement.terms.narrative
        before = new[-1] if new else self.which.key()
        self.which.blockSignals(True)
        self.which.offer(
            [(each, f"{each}: {words.shortened(own[each].words, 50)}") for each in ticked] + [(q, q) for q in questions]
        )
        self.which.choose(before)
        self.which.blockSignals(False)
        self._take_up()
        self.search()

    def _take_up(self) -> None:
        key = self.which.key()
        self.words.blockSignals(True)
        self.words.setPlainText(self.written.get(key or "", ""))
        self.words.blockSignals(False)
        for part in (self.words, self.figure, self.insert):
            part.setEnabled(key is not None)
        self._show()

    def _typed(self) -> None:
        key = self.which.key()
        if key is None:
            return
        self.written[key] = self.words.toPlainText()
        self.touched.emit()
        self.timer.start()

    # --- what was found -------------------------------------------------------------------------------------

    def texts(self) -> Texts:
        """Give the words as they would leave."""
        from cis_desktop.packs.observing import Quote, Texts

        questions = self.preview.agreement.terms.narrative if self.preview is not None else ()
        return Texts(
            tuple(Quote(key, text) for key, text in self.written.items() if key not in questions),
            tuple((each, self.written[each]) for each in questions if self.written.get(each, "").strip()),
        )

    def of(self, preview: Preview) -> tuple[Texts, tuple[Kept, ...]]:
        """Give the words that go with a report, and what somebody answered about them."""
        self.show_words(preview)
        return self.texts(), tuple(self.kept.values())

    def search(self) -> None:
        """Look through the words again, and say what is left to be answered."""
        from cis_desktop.packs.observing import asked

        self.timer.stop()
        if self.preview is None or self.names is None:
            return
        self.found, self.wrong = (), ""
        try:
            self.found = asked(self.desk.workspace.read, self.preview, self.texts(), names=self.names)
        except CisError as error:
            self.wrong = error.sentence
        self._show()
        self.changed.emit()

    def left(self) -> int:
        """Count what is not answered yet; words that cannot leave, or are not looked through, count as one."""
        if self.names is None:
            return int(bool(self.written))
        return sum(each.finding.key not in self.kept for each in self.found) + bool(self.wrong)

    def _here(self) -> list[Asked]:
        key = self.which.key() or ""
        answered = [question for question, _ in self.texts().answers]
        source = f"answer {answered.index(key) + 1}" if key in answered else key
        return [each for each in self.found if each.source.removesuffix(", theme") == source]

    def _show(self) -> None:
        here = self._here()
        at = self.list.currentIndex().row()
        self.list.rows.show(here)
        self.list.fit_rows(max(1, min(MOST_FOUND, len(here))))
        self.list.selectRow(min(max(at, 0), len(here) - 1))
        for part in (self.list, self.keep, self.change):
            part.setVisible(bool(here))
        self._say_why()
        left = self.left()
        if self.wrong:
            said = self.wrong
        elif left:
            said = self.tr("%1 before you can go on, %2 of them in these words. Answer each, or change the words.")
            said = said.replace(
                "%1", words.count(left, self.tr("thing is to be answered"), self.tr("things are to be answered"))
            ).replace("%2", str(sum(each.finding.key not in self.kept for each in here)))
        elif self.found:
            said = self.tr("All is answered. What you kept, and who kept it, is noted with the report.")
        else:
            said = self.tr("Nothing was found. The app knows no faces: read it once more as a neighbour would.")
        self.state.setText(said)

    def _current(self) -> Asked | None:
        index = self.list.currentIndex()
        return self.list.rows.record(index.row()) if index.isValid() else None

    def _say_why(self) -> None:
        """Write out the reason of the one that is chosen: the list may be too narrow for it."""
        each = self._current()
        self.why.setText(f"“{each.finding.words}”: {each.finding.why}" if each is not None else "")
        self.why.setVisible(each is not None)

    def _keep(self) -> None:
        from cis_desktop.packs.observing import Kept
        from cis_desktop.vault.history import now

        each = self._current()
        if each is None:
            return
        self.kept[each.finding.key] = Kept(each.finding.key, self.desk.workspace.who, now())
        self.touched.emit()
        self._show()
        here = self._here()
        after = next((n for n, one in enumerate(here) if one.finding.key not in self.kept), None)
        if after is not None:
            self.list.selectRow(after)
        self.changed.emit()

    def _change(self) -> None:
        """Go to the words that were found, marked to be typed over."""
        each = self._current()
        if each is None:
            return
        text = self.words.toPlainText()
        at = text.find(each.finding.words)
        if at >= 0:
            cursor = self.words.textCursor()
            cursor.setPosition(in_units(text, at))
            cursor.setPosition(in_units(text, at + len(each.finding.words)), QTextCursor.MoveMode.KeepAnchor)
            self.words.setTextCursor(cursor)
        self.words.setFocus()

    # --- drafts ---------------------------------------------------------------------------------------------

    def drafts(self) -> dict[str, Any]:
        """Give the words and the answers, as JSON can hold them."""
        kept = [dataclasses.asdict(each) for each in self.kept.values()]
        return {"about": list(self.about), "written": self.written, "kept": kept} if self.written else {}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put back what `drafts` gave; it is shown once the figures are there."""
        from cis_desktop.packs.observing import Kept

        if draft:
            agreement, period = draft["about"]
            self.about, self.written = (agreement, period), dict(draft["written"])
            self.kept = {each["key"]: Kept(**each) for each in draft["kept"]}
