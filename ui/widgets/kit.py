"""The recovery kit: shown, put on paper, and proven by typing two of its groups back. Only then does it open anything.

The identity is never in a draft, a file or the clipboard: it goes when the page goes, as when the record locks.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.desk import Desk
from ui.jobs import Job
from ui.say import say
from ui.theme import SPACE
from ui.widgets.fields import Form, line
from ui.widgets.notice import Notice
from ui.widgets.page import Deck
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

PREFIX = "AGE-SECRET-KEY-1"
GROUP = 4
COLUMNS = 5
ASKED = 2


def groups(identity: str) -> list[str]:
    """Split a recovery identity, after its beginning that all have, into groups to be copied one by one."""
    rest = identity.removeprefix(PREFIX)
    return [rest[at : at + GROUP] for at in range(0, len(rest), GROUP)]


def sheet(name: str, identity: str) -> str:
    """Write the page that is printed. The last six letters of the key are a check against mistakes in copying."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("KitPart", text)

    parts = groups(identity)
    numbered = [f"{at:>2}: {part:<{GROUP}}" for at, part in enumerate(parts, 1)]
    lines = ["     ".join(numbered[at : at + COLUMNS]) for at in range(0, len(numbered), COLUMNS)]
    return "\n\n".join(
        [
            tr("Recovery kit of %1").replace("%1", name),
            tr(
                "Whoever holds this page can open the record and its backups. Keep it in a safe place, away from the "
                "laptop."
            ),
            PREFIX,
            *lines,
            tr(
                "To use it: type all of it where the passphrase goes, from AGE-SECRET-KEY-1 on, without the numbers. "
                "Spaces and small letters do no harm. The last six letters are a check: a mistake is noticed."
            ),
        ]
    )


class KitPart(QWidget):
    """From what a kit is to a kit that somebody has shown to hold."""

    proven = Signal()
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.identity = ""
        self.asked: list[int] = []
        self.notice = Notice()
        self.deck = Deck()
        self.showing, self.asking = self._showing(), self._asking()
        self.deck.add(self.showing)
        self.deck.add(self.asking)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.notice)
        lines.addWidget(self.deck)

    def begin(self) -> None:
        """Make a new identity, which opens nothing yet, and show it."""
        from cis_desktop.vault.keys import new_identity

        self.notice.clear()
        self.identity = new_identity()
        for at, (label, part) in enumerate(zip(self.parts, groups(self.identity), strict=True), 1):
            label.setText(part)
            # Letter by letter: read out as a word, a group could not be written down.
            label.setAccessibleName(self.tr("Group %1: %2").replace("%1", str(at)).replace("%2", " ".join(part)))
        self.deck.see(self.showing)
        self.on_paper.setFocus()

    def forget(self) -> None:
        """Forget the identity."""
        self.identity = ""
        for label in self.parts:
            label.clear()
            label.setAccessibleName("")
        for field in self.fields:
            field.clear()

    def _showing(self) -> QWidget:
        card = Card(self.tr("Your recovery kit"))
        card.lines.addWidget(
            plain(
                self.tr(
                    "This key is the way back in when the passphrase is forgotten. Print it, or copy it by hand. It is "
                    "shown only now, and it works once you have typed two of its groups back."
                )
            )
        )
        card.lines.addWidget(heading(PREFIX, 2))
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * SPACE)
        grid.setVerticalSpacing(SPACE)
        self.parts = []
        for at in range(15):
            place = plain(f"{at + 1}:", quiet=True)
            part = heading(level=2)
            part.setWordWrap(False)
            grid.addWidget(place, at // COLUMNS, 2 * (at % COLUMNS), Qt.AlignmentFlag.AlignRight)
            grid.addWidget(part, at // COLUMNS, 2 * (at % COLUMNS) + 1)
            self.parts.append(part)
        grid.setColumnStretch(2 * COLUMNS, 1)
        card.lines.addLayout(grid)
        card.lines.addWidget(
            plain(self.tr("The letters B, I and O and the digit 1 are in none of the groups."), quiet=True)
        )
        self.on_paper = button(self.tr("I &have it on paper"), main=True)
        self.on_paper.clicked.connect(self.ask)
        printing = button(self.tr("Pr&int it…"))
        printing.clicked.connect(self.choose_printer)
        later = button(self.tr("N&ot now"))
        later.clicked.connect(self.leave)
        card.lines.addLayout(row(self.on_paper, printing, later))
        return card

    def _asking(self) -> QWidget:
        card = Card(self.tr("Type two groups from your paper"))
        card.lines.addWidget(
            plain(self.tr("So we both know that the paper can be read. Capitals and small letters are the same."))
        )
        self.form = Form()
        self.fields = [line(12) for _ in range(ASKED)]
        self.labels = []
        for field in self.fields:
            label = plain()
            label.setBuddy(field)
            self.labels.append(label)
            self.form.addWidget(label)
            self.form.addWidget(field)
            field.returnPressed.connect(self.prove)
        card.lines.addLayout(self.form)
        self.prove_button = button(self.tr("These are &the groups"), main=True)
        self.prove_button.clicked.connect(self.prove)
        again = button(self.tr("S&how it again"))
        again.clicked.connect(lambda: self.deck.see(self.showing))
        later = button(self.tr("Not n&ow"), name=self.tr("Not now: leave the kit"))
        later.clicked.connect(self.leave)
        card.lines.addLayout(row(self.prove_button, again, later))
        return card

    def ask(self) -> None:
        """Hide the key and ask for two of its groups, chosen by chance; never the last, which is a short one."""
        self.notice.clear()
        self.asked = sorted(secrets.SystemRandom().sample(range(len(self.parts) - 1), ASKED))
        for at, label, field in zip(self.asked, self.labels, self.fields, strict=True):
            words = self.tr("Group %1").replace("%1", str(at + 1))
            label.setText(words)
            field.setAccessibleName(words)
            field.clear()
            field.setMaximumWidth(16 * field.fontMetrics().averageCharWidth())
        self.deck.see(self.asking)
        self.fields[0].setFocus()

    def prove(self) -> None:
        """Compare what was typed; if it is right, let the kit open the record, and back up so it opens that too."""
        parts = groups(self.identity)
        for at, field in zip(self.asked, self.fields, strict=True):
            if "".join(field.text().split()).upper() != parts[at]:
                self.notice.error(
                    self.tr("Group %1 is not right").replace("%1", str(at + 1)),
                    self.tr("The kit is not in use yet. Look at your paper again, or show the key once more."),
                )
                field.selectAll()
                field.setFocus()
                return
        self.prove_button.setEnabled(False)
        workspace, identity = self.desk.workspace, self.identity

        def work(_: Job) -> None:
            from cis_desktop import ways_in
            from cis_desktop.backups import keep
            from cis_desktop.health import kit_proven
            from cis_desktop.vault import keys

            ways_in.add_recovery(workspace, identity)
            slot = keys.open_with_recovery(keys.read_keys(workspace.folder), identity).slot.id
            with workspace.change("Proved the recovery kit") as change:
                kit_proven(change, slot)
            keep(workspace)

        def done(_: object) -> None:
            self.prove_button.setEnabled(True)
            self.forget()
            self.desk.kept_safe.emit()
            self.proven.emit()

        def failed(error: Exception) -> None:
            self.prove_button.setEnabled(True)
            self.desk.kept_safe.emit()
            say(error, self.notice)

        self.desk.jobs.start(
            self, self.tr("Putting the recovery kit to use"), work, done, failed, writes=True, can_stop=False
        )

    def leave(self) -> None:
        """Go back without a kit: what was shown opens nothing."""
        self.forget()
        self.left.emit()

    def choose_printer(self) -> None:
        """Let a printer be chosen; the page goes there and leaves no file here."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

        if not QPrinterInfo.availablePrinterNames():
            self.notice.error(
                self.tr("There is no printer"),
                self.tr("This computer knows of none. Copy the key by hand: it is as good."),
            )
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.tr("Recovery kit"))
        dialog = QPrintDialog(printer, self)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, False)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.accepted.connect(lambda: self.put_on_paper(printer))
        dialog.show()  # Its own open() takes no call without a receiver.

    def put_on_paper(self, printer: QPrinter) -> None:
        """Print the page."""
        from PySide6.QtGui import QFont, QTextDocument

        document = QTextDocument()
        document.setDefaultFont(QFont("monospace", 12))
        document.setPlainText(sheet(self.desk.workspace.name, self.identity))
        document.print_(printer)
