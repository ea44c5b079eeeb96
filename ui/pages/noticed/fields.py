"""The fields of one thing noticed: what the record holds of it, apart from its words and its themes."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from cis_desktop.geography import areas
from cis_desktop.records import observations
from ui.desk import Desk
from ui.widgets.beside import Beside
from ui.widgets.fields import Choice, Form, day_field, day_of, line, set_day
from ui.widgets.fold import Fold
from ui.widgets.marked import MarkedWords
from ui.widgets.words import button, row, saves


class Fields(QWidget):
    """Where and when, and the button that saves everything; `fold` holds what else there is to say."""

    def __init__(self, desk: Desk, words: MarkedWords) -> None:
        super().__init__()
        self.desk = desk
        self.words = words
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        # The place first: the day is mostly today's.
        self.place = line()
        self.day = day_field()
        self.month = QCheckBox(self.tr("Only the month is known"))
        self.month.setAccessibleName(self.month.text())
        when, where = Form(), Form()
        when.field(self.tr("&Date"), self.day)
        where.field(self.tr("W&here"), self.place)
        where.addStretch(1)
        # The box stands close under the date that it is about.
        when.takeAt(when.count() - 1)
        when.addWidget(self.month)
        lines.addWidget(Beside(_holding(where), _holding(when), letters=54))
        self.save = saves(button(self.tr("&Save"), main=True, name=self.tr("Save what was noticed")))
        lines.addLayout(row(self.save))
        self.fold = Fold(self.tr("M&ore about it, if you like"), self._more())
        for choice in self.choices:
            choice.currentIndexChanged.connect(self._sum_up)

    def _more(self) -> QWidget:
        self.ward = Choice()
        self.how = Choice(
            [
                (None, self.tr("Not said")),
                ("saw_it", self.tr("I saw it")),
                ("told_by_person", self.tr("The person told me")),
                ("several_people", self.tr("Several people said so")),
                ("partner", self.tr("Another organisation told us")),
            ]
        )
        self.people = Choice([(None, self.tr("Not known")), *((band, band) for band in observations.PEOPLE_BANDS)])
        self.direction = Choice(
            [
                (None, self.tr("Not said")),
                ("new", self.tr("It is new")),
                ("worse", self.tr("It is getting worse")),
                ("better", self.tr("It is getting better")),
                ("same", self.tr("It is the same as before")),
            ]
        )
        self.share = Choice(
            [("0", self.tr("No, it stays in this record")), ("1", self.tr("Yes, these words may be shared"))]
        )
        self.sure = Choice(
            [
                (None, self.tr("Not said")),
                ("low", self.tr("Not very sure")),
                ("medium", self.tr("Fairly sure")),
                ("high", self.tr("Very sure")),
            ]
        )
        self.choices = (self.ward, self.how, self.people, self.direction, self.sure, self.share)
        one, other, last = Form(), Form(), Form()
        one.field(self.tr("Wa&rd"), self.ward)
        one.field(self.tr("How is it &known?"), self.how)
        one.field(self.tr("About how many &people?"), self.people)
        other.field(self.tr("&Is it changing?"), self.direction)
        other.field(self.tr("How sure are you?"), self.sure)
        other.field(self.tr("Ma&y it be shared?"), self.share)
        self.reading = line(400)
        last.field(self.tr("What the person makes of it"), self.reading)
        self.original = MarkedWords(2)
        last.field(self.tr("Their own words, in their language"), self.original)
        self.language = line(60)
        last.field(self.tr("Which language?"), self.language)
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(Beside(_holding(one), _holding(other), letters=54))
        lines.addLayout(last)
        return inside

    def _sum_up(self) -> None:
        """Say what is known already, for who leaves the rest folded."""
        known = [choice.currentText() for choice in self.choices if choice.key() not in (None, "0")]
        if self.people.key():
            known[known.index(self.people.currentText())] = self.tr("%1 people").replace(
                "%1", self.people.currentText()
            )
        self.fold.sum_up(" · ".join(known))

    def show_observation(self, observation: observations.Observation | None) -> None:
        """Fill the form in from the record, or empty it."""
        self._offer_wards(observation.ward if observation else None)
        held: dict[str, Any] = {
            "noticed_on": date.today().isoformat(),
            "shareable": 0,
            **dict.fromkeys(("words", "place", "own_reading", "original_words", "original_language"), ""),
            **dict.fromkeys(("ward", "how_known", "people_band", "direction", "confidence")),
        }
        if observation is not None:
            held = {name: getattr(observation, name) or blank for name, blank in held.items()}
        self.put_values(held)

    def _offer_wards(self, held: str | None) -> None:
        named = [(area.code, area.name) for area in areas(self.desk.workspace.read)]
        if held and held not in dict(named):
            named.append((held, held))
        self.ward.offer([(None, self.tr("Not known")), *named])

    def values(self) -> dict[str, Any]:
        """Give what the form says, by the names of the record's fields."""
        day = day_of(self.day).isoformat()
        return {
            "words": self.words.toPlainText(),
            "noticed_on": day[:7] if self.month.isChecked() else day,
            "place": self.place.text(),
            "ward": self.ward.key(),
            "how_known": self.how.key(),
            "people_band": self.people.key(),
            "direction": self.direction.key(),
            "shareable": int(self.share.key() or 0),
            "own_reading": self.reading.text(),
            "original_words": self.original.toPlainText(),
            "original_language": self.language.text(),
            "confidence": self.sure.key(),
        }

    def put_values(self, values: dict[str, Any]) -> None:
        """Fill the form in."""
        self.words.put(values["words"])
        noticed_on = values["noticed_on"]
        self.month.setChecked(len(noticed_on) == 7)
        set_day(self.day, noticed_on if len(noticed_on) > 7 else noticed_on + "-01")
        self.place.setText(values["place"])
        self.ward.choose(values["ward"])
        self.how.choose(values["how_known"])
        self.people.choose(values["people_band"])
        self.direction.choose(values["direction"])
        self.share.choose(str(values["shareable"]))
        self.reading.setText(values["own_reading"])
        self.original.put(values["original_words"])
        self.language.setText(values["original_language"])
        self.sure.choose(values["confidence"])
        self._sum_up()


def _holding(form: Form) -> QWidget:
    form.setContentsMargins(0, 0, 0, 0)
    made = QWidget()
    made.setLayout(form)
    return made
