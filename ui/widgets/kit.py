"""The recovery kit: shown, put on paper, and held to be there once two of its groups are typed back.

The identity is never in a draft, a file or the clipboard: it goes when the page goes, as when the record locks.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.kit import GROUP, GROUPS, PREFIX, compact, groups
from ui.desk import Desk
from ui.jobs import Job
from ui.say import say
from ui.theme import SPACE
from ui.widgets.beside import Beside
from ui.widgets.fields import Form, line
from ui.widgets.kit_entry import COLUMNS, Groups
from ui.widgets.notice import Notice
from ui.widgets.page import Deck
from ui.widgets.passphrase import Secret
from ui.widgets.qr import QrCode, picture
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

ASKED = 2
WIDE = 70
"""Letters from which on the square stands beside the groups."""
PRINTED = 200
"""Size of the square on paper, in ninety-sixths of an inch."""


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
            # Years later, somebody has to tell two papers apart, and know what they are for.
            tr("For Community Insights. Made on %1.").replace("%1", words.day(date.today())),
            tr(
                "Whoever holds this page can open the record and its backups. Keep it in a safe place, away from the "
                "laptop."
            ),
            PREFIX,
            *lines,
            tr(
                "To use it: press “I forgot it…” where the passphrase is asked for, and type the groups. Small letters "
                "do no harm. The last six letters are a check: a mistake is noticed. The square below holds the same "
                "key, for a telephone that you trust to read it."
            ),
        ]
    )


class KitPaper(QWidget):
    """A new key, shown until it is on paper. What it is to open is for whoever hears that it is held."""

    held = Signal(str)
    """Two groups were typed back: the identity."""
    left = Signal()

    def __init__(self, name: Callable[[], str]) -> None:
        """Make the part; `name` gives that of the group, for the page that is printed."""
        super().__init__()
        self._name = name
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
        self.code.show_text(self.identity)
        self.deck.see(self.showing)
        self.on_paper.setFocus()

    def forget(self) -> None:
        """Forget the identity."""
        self.identity = ""
        self.code.show_text("")
        self.prove_button.setEnabled(True)
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
        self.parts = [heading(level=2) for _ in range(GROUPS)]
        for part in self.parts:
            part.setWordWrap(False)
        written = Groups(self.parts, SPACE)
        self.code = QrCode(self.tr("The same key as a square for a camera"))
        card.lines.addWidget(Beside(written, self.code, WIDE))
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
        """Compare what was typed with the groups, and tell if it is right."""
        if not self.prove_button.isEnabled():
            return
        parts = groups(self.identity)
        for at, field in zip(self.asked, self.fields, strict=True):
            if compact(field.text()) != parts[at]:
                self.notice.error(
                    self.tr("Group %1 is not right").replace("%1", str(at + 1)),
                    self.tr("The kit is not in use yet. Look at your paper again, or show the key once more."),
                )
                field.selectAll()
                field.setFocus()
                return
        self.prove_button.setEnabled(False)
        self.held.emit(self.identity)

    def refused(self, error: Exception) -> None:
        """Say why the kit could not be put to use."""
        self.prove_button.setEnabled(True)
        say(error, self.notice)

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
        from PySide6.QtGui import QFont, QTextCursor, QTextDocument, QTextImageFormat

        document = QTextDocument()
        document.setDefaultFont(QFont("monospace", 12))
        document.setPlainText(sheet(self._name(), self.identity))
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl("kit"), picture(self.identity, 8))
        square = QTextImageFormat()
        square.setName("kit")
        square.setWidth(PRINTED)
        square.setHeight(PRINTED)
        end = QTextCursor(document)
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertBlock()
        end.insertImage(square)
        document.print_(printer)


class KitPart(KitPaper):
    """A kit for the open record: it opens that, and a backup made at once, as soon as somebody has shown to hold it."""

    proven = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(lambda: desk.workspace.name)
        self.desk = desk
        self.held.connect(self._use)
        self.confirming = self._confirming()
        self.deck.add(self.confirming)

    def begin(self) -> None:
        """Ask for the passphrase, so that nobody who passes takes a way in; then show a new identity."""
        from cis_desktop.ways_in import asks_for_kit

        if not asks_for_kit(self.desk.workspace):
            super().begin()
            return
        self.notice.clear()
        self.mine.wipe()
        self.deck.see(self.confirming)
        self.mine.field.setFocus()

    def forget(self) -> None:
        """Forget the identity, and the passphrase."""
        super().forget()
        self.mine.wipe()
        self.confirm_button.setEnabled(True)

    def _confirming(self) -> QWidget:
        card = Card(self.tr("A new recovery kit"))
        card.lines.addWidget(
            plain(
                self.tr("Whoever holds a kit can open the record. So your passphrase is asked for before one is made.")
            )
        )
        form = Form()
        self.mine = Secret(form, self.tr("&Your own passphrase"))
        self.mine.field.returnPressed.connect(self.confirm)
        card.lines.addLayout(form)
        self.confirm_button = button(self.tr("Sho&w the new kit"), main=True)
        self.confirm_button.clicked.connect(self.confirm)
        away = button(self.tr("Never m&ind"), name=self.tr("Never mind: make no kit"))
        away.clicked.connect(self.leave)
        card.lines.addLayout(row(self.confirm_button, away))
        return card

    def confirm(self) -> None:
        """Show a new identity if that is the passphrase of whoever has the record open."""
        if not self.confirm_button.isEnabled():
            return
        workspace, typed = self.desk.workspace, self.mine.text()
        self.notice.clear()
        self.confirm_button.setEnabled(False)

        def work(_: Job) -> None:
            from cis_desktop.ways_in import confirm

            confirm(workspace, typed)

        def done(_: object) -> None:
            self.confirm_button.setEnabled(True)
            self.mine.wipe()
            # Left meanwhile, it stays hidden.
            if self.isVisible() and self.deck.seen() is self.confirming:
                super(KitPart, self).begin()

        def failed(error: Exception) -> None:
            self.confirm_button.setEnabled(True)
            self.mine.again()
            say(error, self.notice)

        # With what writes: the passphrases are read where they are changed.
        self.desk.jobs.start(self, self.tr("Trying the passphrase"), work, done, failed, writes=True, can_stop=False)

    def _use(self, identity: str) -> None:
        workspace = self.desk.workspace

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
            self.forget()
            self.desk.kept_safe.emit()
            self.proven.emit()

        def failed(error: Exception) -> None:
            self.desk.kept_safe.emit()
            self.refused(error)

        self.desk.jobs.start(
            self, self.tr("Putting the recovery kit to use"), work, done, failed, writes=True, can_stop=False
        )
