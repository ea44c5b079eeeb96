"""Words put on paper: they go to the printer that is chosen, and leave no file here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

POINTS = 11


def print_words(owner: QWidget, notice: Notice, title: str, words: str) -> None:
    """Let a printer be chosen, and print plain words on it; `notice` says where there is none.

    `title` is what the printer's list of jobs shows: nothing of a record may be in it.
    """
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

    if not QPrinterInfo.availablePrinterNames():
        notice.error(
            QCoreApplication.translate("printing", "There is no printer"),
            QCoreApplication.translate(
                "printing", "This computer knows of none, so nothing was printed. Connect one and try again."
            ),
        )
        return
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, owner)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, False)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.accepted.connect(lambda: put_on_paper(printer, words))
    dialog.show()  # Its own open() takes no call without a receiver.


def put_on_paper(printer: QPrinter, words: str) -> None:
    """Print plain words in the letters of the window."""
    from PySide6.QtGui import QFont, QTextDocument

    from ui.theme import FAMILY

    document = QTextDocument()
    document.setDefaultFont(QFont(FAMILY, POINTS))
    document.setPlainText(words)
    document.print_(printer)
