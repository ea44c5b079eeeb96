"""A passphrase: typed unseen, and, where a new one is chosen, judged in words or taken from six words by chance."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from cis_desktop.passphrases import DAY, Strength, strength, suggest
from ui.jobs import Job, Jobs
from ui.widgets.fields import Form
from ui.widgets.words import button, plain, row

PAUSE = 250
"""Milliseconds without a key before what was typed is judged."""


class SecretField(QLineEdit):
    """A field for a passphrase, which can tell from the letters typed whether Caps Lock is on."""

    capitals = Signal(bool)
    """A letter was typed, with Caps Lock on or off."""

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        # The passphrase must not go to a keyboard's dictionary of learnt words.
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Compare the letter with the Shift key: Qt itself cannot say how Caps Lock is."""
        super().keyPressEvent(event)
        letter = event.text()
        if letter.lower() != letter.upper():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.capitals.emit(letter.isupper() is not shifted)


class Secret:
    """A passphrase, hidden unless it is asked to be shown."""

    def __init__(self, form: Form, text: str, hint: str = "") -> None:
        self.field = SecretField()
        form.field(text, self.field, hint)
        self.capitals = plain(QCoreApplication.translate("Secret", "Caps Lock is on."))
        self.capitals.setProperty("notice", "error")
        self.capitals.hide()
        self.field.capitals.connect(self._capitals)
        form.addWidget(self.capitals)

    def _capitals(self, on: bool) -> None:
        if on and self.capitals.isHidden():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, self.capitals.text()))
        self.capitals.setVisible(on)

    def show_it(self, shown: bool) -> None:
        """Show or hide what is typed."""
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def text(self) -> str:
        """Give what was typed, to be tried."""
        self.field.setModified(False)
        return self.field.text()

    def again(self) -> None:
        """Go back to what was tried, marked, so that the next key begins anew; what was typed meanwhile stays."""
        if not self.field.isModified():
            self.field.selectAll()
        self.field.setFocus()

    def wipe(self) -> None:
        """Forget what was typed, and hide the next."""
        self.field.clear()
        self.capitals.hide()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)


class NewPassphrase(QObject):
    """The fields of a new passphrase in a form, under `labels` of their own or the usual ones.

    `known` gives words a thief would try first, such as names.
    """

    # Never a widget without a parent: Python could let go of one on a thread that is not the window's.
    def __init__(
        self,
        form: Form,
        jobs: Jobs,
        known: Callable[[], tuple[str, ...]],
        parent: QWidget,
        labels: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        once, again = labels or (self.tr("A &passphrase"), self.tr("The passphrase once &more"))
        self._jobs, self._known = jobs, known
        self.first = Secret(
            form,
            once,
            self.tr("It is asked for each time. Four or more words that do not belong together."),
        )
        self.judged = plain()
        form.addWidget(self.judged)
        form.addSpacing(6)
        self.offer = button(self.tr("Sugges&t six words"))
        self.offer.clicked.connect(self.suggest)
        self.shown = QCheckBox(self.tr("&Show what I type"))
        form.addLayout(row(self.offer, self.shown))
        self.write_down = plain()
        self.write_down.hide()
        form.addWidget(self.write_down)
        form.addSpacing(10)
        self.second = Secret(form, again)
        for secret in (self.first, self.second):
            self.shown.toggled.connect(secret.show_it)
        self._pause = QTimer(self, interval=PAUSE, singleShot=True)
        self._pause.timeout.connect(self._judge)
        self.first.field.textChanged.connect(self._typed)
        for secret in (self.first, self.second):
            # What is written here must be what is in the fields.
            secret.field.textEdited.connect(self.write_down.hide)
        self._typed("")

    def suggest(self) -> None:
        """Put six words by chance into both fields, to be seen and written down."""
        words = suggest()
        for secret in (self.first, self.second):
            secret.field.setText(words)
            secret.field.home(False)
        self.shown.setChecked(True)
        said = self.tr("Write these six words on paper now: %1. Press again for others, or change them as you like.")
        self.write_down.setText(said.replace("%1", words))
        self.write_down.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.offer, self.write_down.text()))

    def wipe(self) -> None:
        """Forget what was typed."""
        self.first.wipe()
        self.second.wipe()
        self.shown.setChecked(False)
        self.write_down.clear()
        self.write_down.hide()

    def _typed(self, text: str) -> None:
        if text:
            self._pause.start()
        else:
            self._pause.stop()
            self.judged.setText(said(Strength("empty", 0.0)))

    def _judge(self) -> None:
        text, known = self.first.text(), self._known()

        def work(_: Job) -> Strength:
            return strength(text, known)

        def show(found: Strength) -> None:
            words = said(found)
            if text == self.first.text() and words != self.judged.text():
                self.judged.setText(words)
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.first.field, words))

        self._jobs.start(self, self.tr("Judging the passphrase"), work, show, self._not_judged)

    def _not_judged(self, _: Exception) -> None:
        self.judged.setText(self.tr("This could not be judged now; it is looked at again before it is used."))


def said(found: Strength) -> str:
    """Say in words how strong a passphrase is."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("NewPassphrase", text)

    weak = {
        "at once": tr("Too weak: a thief with the laptop could guess it within the hour. Add a word or two."),
        "soon": tr("Too weak: a thief with the laptop could guess it within days. Add a word or two."),
        "later": tr("Too weak: a thief with the laptop could guess it within weeks. Add a word or two."),
    }
    how_soon = "at once" if found.seconds < 3600 else "soon" if found.seconds < 7 * DAY else "later"
    return {
        "empty": tr("How strong it is shows here as you type."),
        "short": tr("Too short: it needs at least 8 characters."),
        "weak": weak[how_soon],
        "fair": tr("Fair: a thief would need months or years. Another word makes it strong."),
        "good": tr("Good: a thief would need many years."),
        "strong": tr("Strong: a thief would need thousands of years."),
    }[found.level]
