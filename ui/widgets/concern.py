"""Writing a safeguarding concern: what happened, about whom, and from whom it is to be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QCompleter, QVBoxLayout, QWidget

from cis_desktop import concerns, words
from cis_desktop.concerns import Reader
from ui.desk import Desk
from ui.jobs import Job
from ui.theme import SPACE
from ui.widgets.fields import Form, line, several_lines
from ui.widgets.page import Deck
from ui.widgets.ticks import Ticks
from ui.widgets.words import Card, button, heading, plain, row, saves

OFFERED = 8
"""People of a name that are offered."""


class WritingPart(QWidget):
    """The form, and in its place what becomes of what was written; or, where nobody would read it, that."""

    named = Signal()
    """Somebody wants to say who reads concerns."""
    home = Signal()
    """Whoever wrote is done here."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None], volunteer: bool = False) -> None:
        """Make the form; a `volunteer` at the desk is led back there, and finds nobody by what was noted about them."""
        super().__init__()
        self.desk, self.trouble, self.volunteer = desk, trouble, volunteer
        self.readers: tuple[Reader, ...] = ()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2 * SPACE)
        danger = Card(self.tr("Is somebody in danger now?"))
        danger.lines.addWidget(
            plain(
                self.tr(
                    "Ring 999. If it cannot wait until tomorrow, ring the council’s safeguarding team as well. Then "
                    "write it down here."
                )
            )
        )
        lines.addWidget(danger)
        self.deck = Deck()
        self.nobody, self.form, self.after = self._nobody(), self._form(), self._after()
        for part in (self.form, self.nobody, self.after):
            self.deck.add(part)
        lines.addWidget(self.deck)

    def _nobody(self) -> QWidget:
        card = Card(self.tr("Nobody reads concerns here yet"))
        if self.volunteer:
            said = self.tr(
                "Nothing can be written, because nobody could read it. Tell whoever handed over the desk, or the "
                "council’s safeguarding team."
            )
            card.lines.addWidget(plain(said))
            return card
        card.lines.addWidget(
            plain(
                self.tr(
                    "Nothing can be written, because nobody could read it. Name the safeguarding lead first: somebody "
                    "who has a passphrase of their own. Until then, tell the council’s safeguarding team."
                )
            )
        )
        name = button(self.tr("Name the safeguarding &lead"), main=True)
        name.clicked.connect(self.named)
        card.lines.addLayout(row(name))
        return card

    def _form(self) -> QWidget:
        part = QWidget()
        form = Form()
        form.setContentsMargins(0, 0, 0, 0)
        part.setLayout(form)
        self.words = several_lines(8)
        self.words.setMaximumHeight(self.words.minimumHeight())
        form.field(
            self.tr("&What happened?"),
            self.words,
            self.tr(
                "What you saw or heard, when and where, in the words that were used. Facts first, then what you fear."
            ),
        )
        self.about = line(concerns.LONGEST_ABOUT)
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.about.setCompleter(completer)
        self.about.textEdited.connect(self._offer)
        form.field(
            self.tr("Who is it a&bout?"),
            self.about,
            self.tr("Your own words, or a name from the record as you type it."),
        )
        self.keep_from = Ticks()
        self.keep_from.changed.connect(self._say_who)
        form.field(
            self.tr("&Keep it from"),
            self.keep_from,
            self.tr("Tick whoever must not see it, such as somebody it is about."),
        )
        self.who = plain()
        form.addWidget(self.who)
        form.addSpacing(SPACE)
        self.save = saves(button(self.tr("&Save the concern"), main=True))
        self.save.clicked.connect(self.store)
        self.discard = button(self.tr("&Throw away what I wrote"))
        self.discard.clicked.connect(self.throw_away)
        form.addLayout(row(self.save, self.discard))
        return part

    def _after(self) -> QWidget:
        card = Card()
        self.saved = heading(level=2)
        self.told = plain()
        card.lines.addWidget(self.saved)
        card.lines.addWidget(self.told)
        self.another = button(self.tr("Write another"))
        self.another.clicked.connect(self.begin)
        away = button(self.tr("Go on at the des&k") if self.volunteer else self.tr("Go to &Home"))
        away.clicked.connect(self.home)
        card.lines.addLayout(row(self.another, away))
        return card

    # --- what is shown --------------------------------------------------------------------------------------

    def show_readers(self, readers: Sequence[Reader]) -> None:
        """Offer those who read concerns; what is being written is left alone."""
        self.readers = tuple(readers)
        self.keep_from.offer([(each.name, f"{each.name} ({self._role(each)})") for each in readers])
        self._say_who()
        if not readers:
            self.deck.see(self.nobody)
        elif self.deck.seen() is self.nobody:
            self.deck.see(self.form)

    def begin(self, about: str = "") -> None:
        """Begin another; one that is half written is gone on with, about whom it was."""
        if self.readers:
            self.deck.see(self.form)
            if about and not self.words.toPlainText() and not self.about.text():
                self.about.setText(about)
            self.words.setFocus()

    def _role(self, reader: Reader) -> str:
        return self.tr("safeguarding lead") if reader.role == "lead" else self.tr("deputy")

    def _will_read(self) -> str:
        """Say who will read it by what they are: whoever it is kept from is not named where others may look."""
        kept_from = set(self.keep_from.ticked())
        left = [each for each in self.readers if each.name not in kept_from]
        said = []
        for role, one, many in (
            ("lead", self.tr("the safeguarding lead"), self.tr("the safeguarding leads")),
            ("deputy", self.tr("the deputy"), self.tr("the deputies")),
        ):
            count = sum(each.role == role for each in left)
            said += [one if count == 1 else many] if count else []
        return words.listed(said, self.tr("and"))

    def _say_who(self) -> None:
        who = self._will_read()
        self.save.setEnabled(bool(who))
        if not who:
            self.who.setText(
                self.tr(
                    "Nobody would be left to read it. Take it to somebody outside the group, such as the council’s "
                    "safeguarding team."
                )
            )
            return
        said = self.tr("It will be read by %1, and not by you: you cannot read it back here.").replace("%1", who)
        if any(each.recipient == self.desk.workspace.recipient for each in self.readers):
            said = self.tr("It will be read by %1.").replace("%1", who)
        kit = self.tr("Whoever holds the recovery kit can open it, too.")
        self.who.setText(
            f"{said} {kit}" if concerns.opened_by_kit(self.desk.workspace.read, self.keep_from.ticked()) else said
        )

    def _offer(self, text: str) -> None:
        from cis_desktop.records import search

        read, most = self.desk.workspace.read, 3 * OFFERED
        found = search.by_name(read, text, most) if self.volunteer else search.search(read, text, most)
        people = [f"{hit.label} ({hit.reference})" for hit in found if hit.kind == "person"]
        self._names.setStringList(people[:OFFERED])

    # --- acts -----------------------------------------------------------------------------------------------

    def store(self) -> None:
        """Seal it and save it; it is in no list of changes, and there is nothing to undo."""
        workspace = self.desk.workspace
        text, about, not_for = self.words.toPlainText(), self.about.text(), self.keep_from.ticked()
        who = self._will_read()
        self.save.setEnabled(False)

        def work(_: Job) -> str:
            return concerns.write(workspace, text, about, not_for)

        def done(reference: str) -> None:
            self.save.setEnabled(True)
            self.forget()
            self._tell(reference, who)

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self.words.setFocus()
            self.trouble(error)

        self.desk.jobs.start(self, self.tr("Saving"), work, done, failed, writes=True, can_stop=False)

    def _tell(self, reference: str, who: str) -> None:
        self.saved.setText(self.tr("It is saved, as %1").replace("%1", reference))
        self.told.setText(
            self.tr(
                "It can be read by %1. Unless you are one of them, you cannot read it back or change it; write another "
                "to add to it. Tell them that there is something to read: say the number, not what it is about.\n\n"
                "Is somebody in danger now? Ring 999. Do you hear nothing within a day or two, or do you doubt that it "
                "is acted on? Anybody may ring the council’s safeguarding team."
            ).replace("%1", who)
        )
        self.deck.see(self.after)
        self.another.setFocus(Qt.FocusReason.OtherFocusReason)

    def throw_away(self) -> None:
        """Empty the form; Ctrl+Z in a field brings its words back."""
        cursor = QTextCursor(self.words.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        self.about.selectAll()
        self.about.del_()
        self.keep_from.tick([])
        self.words.setFocus()

    def forget(self) -> None:
        """Empty the form, so that nothing brings its words back."""
        # Not `throw_away`: after saving, Ctrl+Z must bring nothing back.
        self.words.clear()
        self.about.setText("")
        self._names.setStringList([])
        self.keep_from.tick([])

    # --- drafts ---------------------------------------------------------------------------------------------

    def draft(self) -> dict[str, Any]:
        """Give what is half written; empty where nothing is."""
        text, about, kept_from = self.words.toPlainText(), self.about.text(), self.keep_from.ticked()
        if not text and not about and not kept_from:
            return {}
        return {
            "words": text, "about": about, "not_for": kept_from, "at": self.words.textCursor().position(),
        }  # fmt: skip

    def restore(self, draft: dict[str, Any]) -> None:
        """Put back what was half written."""
        self.words.setPlainText(draft["words"])
        self.about.setText(draft["about"])
        self.keep_from.tick(draft["not_for"])
        cursor = self.words.textCursor()
        cursor.setPosition(min(draft["at"], len(draft["words"])))
        self.words.setTextCursor(cursor)
        self._say_who()
