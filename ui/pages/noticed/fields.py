"""The fields of one thing noticed: what the record holds of it, apart from its themes."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from cis_desktop.geography import areas
from cis_desktop.records import observations
from ui.desk import Desk
from ui.widgets.fields import Choice, Form, day_field, day_of, line, set_day
from ui.widgets.marked import MarkedWords
from ui.widgets.words import button, row, saves

MORE = ("own_reading", "original_words", "original_language", "confidence")


class Fields(QWidget):
    """All but the words, which stand above, and the button that saves everything."""

    def __init__(self, desk: Desk, words: MarkedWords) -> None:
        super().__init__()
        self.desk = desk
        self.words = words
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        form = Form()
        self.day = day_field()
        form.field(self.tr("&Date"), self.day)
        self.month = QCheckBox(self.tr("Only the month is known"))
        self.month.setAccessibleName(self.month.text())
        form.addWidget(self.month)
        form.addSpacing(10)
        self.place = line()
        form.field(self.tr("W&here"), self.place)
        self.ward = Choice()
        form.field(self.tr("Wa&rd"), self.ward)
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
        self.share = Choice(
            [("0", self.tr("No, it stays in this record")), ("1", self.tr("Yes, these words may be shared"))]
        )
        form.field(self.tr("Ma&y it be shared?"), self.share)
        lines.addLayout(form)
        lines.addWidget(self._more())
        self.save = saves(button(self.tr("&Save"), main=True, name=self.tr("Save what was noticed")))
        lines.addLayout(row(self.save))
        lines.addStretch(1)

    def _more(self) -> QWidget:
        whole = QWidget()
        lines = QVBoxLayout(whole)
        lines.setContentsMargins(0, 0, 0, 0)
        self.further = QCheckBox(self.tr("More: own words, another language, how sure"))
        self.further.setAccessibleName(self.further.text())
        lines.addWidget(self.further)
        inside = QWidget()
        form = Form()
        inside.setLayout(form)
        form.setContentsMargins(0, 0, 0, 0)
        self.reading = line(400)
        form.field(self.tr("What the person makes of it"), self.reading)
        self.original = MarkedWords(2)
        form.field(self.tr("Their own words, in their language"), self.original)
        self.language = line(60)
        form.field(self.tr("Which language?"), self.language)
        self.sure = Choice(
            [
                (None, self.tr("Not said")),
                ("low", self.tr("Not very sure")),
                ("medium", self.tr("Fairly sure")),
                ("high", self.tr("Very sure")),
            ]
        )
        form.field(self.tr("How sure are you?"), self.sure)
        lines.addWidget(inside)
        self.further.toggled.connect(inside.setVisible)
        inside.hide()
        return whole

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
        self.further.setChecked(any(values[name] for name in MORE))
