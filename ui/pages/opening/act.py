"""One thing to do about who can open the record: what it does, the fields it needs, and the button that does it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from cis_desktop.errors import CisError
from ui.jobs import Jobs
from ui.say import say
from ui.widgets.fields import Form, line
from ui.widgets.notice import Notice
from ui.widgets.passphrase import NewPassphrase, Secret
from ui.widgets.words import Card, button, plain, row

Known = Callable[[], tuple[str, ...]]
OWN_FIELD = {"weak_passphrase": "first", "not_yours": "mine", "wrong_passphrase": "mine"}
"""Where the keys go when this was refused; else to the name, if one is asked for."""


class Act(Card):
    """A card with fields. Whose passphrase is typed last, or first where it is that which changes, is at the keys."""

    wanted = Signal()
    left = Signal()

    def __init__(
        self,
        title: str,
        go: str,
        jobs: Jobs,
        known: Known,
        *,
        name: bool = False,
        labels: tuple[str, str] | None = None,
    ) -> None:
        """Make the card; with `name` it asks for one, with `labels` for a new passphrase under them."""
        super().__init__(title)
        self.known = known
        self.sentence = plain()
        self.lines.addWidget(self.sentence)
        self.notice = Notice()
        self.lines.addWidget(self.notice)
        form = Form()
        self.name = line(80) if name else None
        if self.name is not None:
            form.field(self.tr("Their &name"), self.name, self.tr("It is written beside the changes they make."))
        change = labels is not None and not name
        if change:
            self.mine = Secret(form, self.tr("The passphrase &you have now"))
        self.new = NewPassphrase(form, jobs, self._known, self, labels) if labels else None
        if not change:
            hint = self.tr("Asked once more, so that nobody gives keys away at a laptop you left for a moment.")
            self.mine = Secret(form, self.tr("&Your own passphrase"), hint)
        self.lines.addLayout(form)
        self.go = button(go, main=True)
        self.go.clicked.connect(self.ask)
        away = button(self.tr("Never m&ind"))
        away.clicked.connect(self.left)
        self.lines.addLayout(row(self.go, away))
        self.first = self.name or self.mine.field
        last = self.new.second if self.new is not None and change else self.mine
        last.field.returnPressed.connect(self.ask)

    def begin(self, sentence: str) -> None:
        """Say what it does, with empty fields."""
        self.wipe()
        self.sentence.setText(sentence)
        self.first.setFocus()

    def ask(self) -> None:
        """Do it, unless a new passphrase was typed in two ways."""
        if not self.go.isEnabled():
            return
        if self.new is not None and self.new.first.text() != self.new.second.text():
            self.notice.error(
                self.tr("The two passphrases differ"),
                self.tr("Nothing was changed. Type the same passphrase in both fields."),
            )
            self.new.second.field.setFocus()
            return
        self.notice.clear()
        self.go.setEnabled(False)
        self.wanted.emit()

    def refused(self, error: Exception) -> None:
        """Say why it was not done, and go to the field it is about."""
        self.go.setEnabled(True)
        where = OWN_FIELD.get(error.code) if isinstance(error, CisError) else None
        if where == "mine":
            self.mine.again()
        elif where == "first" and self.new is not None:
            self.new.first.field.setFocus()
        elif self.name is not None:
            self.name.setFocus()
        say(error, self.notice)

    def wipe(self) -> None:
        """Forget what was typed."""
        self.notice.clear()
        self.go.setEnabled(True)
        self.mine.wipe()
        if self.new is not None:
            self.new.wipe()
        if self.name is not None:
            self.name.clear()

    def _known(self) -> tuple[str, ...]:
        return (*self.known(), self.name.text() if self.name is not None else "")
