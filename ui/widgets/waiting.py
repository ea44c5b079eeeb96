"""The card on Home that says a safeguarding concern waits: seen only by whoever can read it."""

from __future__ import annotations

from cis_desktop import concerns, words
from ui.desk import Desk
from ui.widgets.words import Card, button, plain, row


class WaitingCard(Card):
    """How many concerns nobody has decided anything on, of those that can be read here."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(self.tr("A safeguarding concern waits for you"))
        self.desk = desk
        self.said = plain()
        self.lines.addWidget(self.said)
        read = button(self.tr("Read it"), name=self.tr("Read the safeguarding concern"))
        read.clicked.connect(lambda: desk.go.emit("concerns", ("read", None)))
        self.lines.addLayout(row(read))
        self.hide()

    def reload(self) -> None:
        """Count again."""
        workspace = self.desk.workspace
        self.desk.read(
            self, self.tr("Looking at what is due"), lambda connection, _: concerns.waiting(workspace, connection),
            self._show, lambda _: self.hide(),
        )  # fmt: skip

    def renew(self) -> None:
        """Seal to a new kit or reader what only whoever is here can; most days there is nothing to do."""
        workspace = self.desk.workspace
        if concerns.may_read(workspace):
            self.desk.jobs.start(
                self, self.tr("Saving"), lambda _: concerns.renew(workspace), _nothing, _nothing,
                writes=True, can_stop=False,
            )  # fmt: skip

    def _show(self, waiting: int) -> None:
        self.said.setText(
            self.tr("%1 without a decision yet.").replace(
                "%1", words.count(waiting, self.tr("concern"), self.tr("concerns"))
            )
        )
        self.setVisible(waiting > 0)


def _nothing(_: object) -> None:
    """It is tried again when the record is next opened."""
