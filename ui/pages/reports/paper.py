"""What leaves, as it will be read: the report, the spreadsheet, the email and the file to keep, before they exist."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QSizePolicy, QTextBrowser

from ui.theme import SPACE

if TYPE_CHECKING:
    from cis_desktop.ledger import Entry
    from cis_desktop.letters import Letter
    from cis_desktop.packs.views import Line
    from cis_desktop.packs.wording import Account, Section

ALWAYS = ("manifest.json", "datapackage.json", "report.html", "report.pdf", "workbook.xlsx", "disclosure.json")
SHEETS_AROUND = ("Cover", "Contents", "Notes", "Categories", "Signature")


def tr(text: str) -> str:
    """Translate the words around what is shown."""
    return QCoreApplication.translate("paper", text)


class Paper(QTextBrowser):
    """Text to read, in the window's colours. Nothing in it can be pressed, and nothing is loaded."""

    def __init__(self, name: str, lines: int = 14) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.document().setDocumentMargin(SPACE)
        self._lines = lines
        self._page = ""
        self._fit()

    def loadResource(self, kind: int, name: QUrl) -> object:
        """Load nothing: there are words and figures only."""
        return None

    def read(self, page: str) -> None:
        """Show a page from its top."""
        self._page = page
        self.document().setDefaultFont(self.font())
        self.setHtml(f"{self._style()}{page}")
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def changeEvent(self, event: QEvent) -> None:
        """Lay out anew in other colours or for another text size."""
        super().changeEvent(event)
        changed = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if hasattr(self, "_page") and event.type() in changed:
            self._fit()
            if self._page:
                self.read(self._page)

    def _fit(self) -> None:
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * self._lines)

    def _style(self) -> str:
        rule, quiet = (each.color().name() for each in (self.palette().midlight(), self.palette().placeholderText()))
        return (
            f"<style>td {{ padding: 3px 10px 3px 4px; border-bottom: 1px solid {rule}; }} "
            f".head, .total {{ font-weight: bold; }} .quiet {{ color: {quiet}; }} "
            "h1, h2, h3 { font-weight: bold; } h1 { font-size: x-large; } h2 { font-size: large; } "
            "h3 { font-size: medium; }</style>"
        )


def report(account: Account, group: str = "") -> str:
    """Write the report as a page: what its first page says, every table, and how people are protected."""
    parts = [f"<h1>{escape(account.title)}</h1>"]
    if group:
        parts.append(f'<p class="quiet">{escape(tr("Figures from %1").replace("%1", group))}</p>')
    parts.append(_pairs(account.facts))
    parts += [f"<h3>{escape(question)}</h3><p>{escape(answer)}</p>" for question, answer in account.narrative]
    parts.append(_noticed(account))
    parts += [_section(each) for each in account.sections]
    for title, texts in (
        (tr("The rule"), account.rules),
        (tr("What is promised"), account.promised),
        (tr("What is not promised"), account.not_promised),
        (tr("How to check that nothing was changed"), account.check),
    ):
        parts.append(f"<h2>{escape(title)}</h2><ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>")
    return "".join(parts)


def _noticed(account: Account) -> str:
    if not account.observations:
        return ""
    quotes = "".join(
        f'<p>“{escape(each.words)}”</p><p class="quiet">{escape("; ".join(each.themes))}</p>'
        for each in account.observations
    )
    return f'<h2>{escape(tr("What was noticed"))}</h2><p class="quiet">{escape(account.terms)}</p>{quotes}'


def example(account: Account) -> str:
    """Write what matters of an example: its tables, and the rule that they were made by."""
    rules = "".join(f"<li>{escape(text)}</li>" for text in account.rules)
    tables = "".join(_section(each) for each in account.sections)
    return f"<h1>{escape(account.title)}</h1>{tables}<h2>{escape(tr('The rule'))}</h2><ul>{rules}</ul>"


def released(entry: Entry, facts: tuple[tuple[str, str], ...], sections: tuple[Section, ...]) -> str:
    """Write a report that was made: what is noted of it, and the figures that whoever has it can read."""
    title = f"<h1>{escape(entry.agreement_title)}</h1>"
    return title + _pairs(facts) + "".join(_section(each) for each in sections)


def spreadsheet(account: Account) -> str:
    """Write what the spreadsheet holds: its sheets, then the figures of each table."""
    tables = [f"Table {at}" for at, _ in enumerate(account.sections, 1)]
    noticed = ["Observations"] if account.observations else []
    sheets = [*SHEETS_AROUND[:3], *tables, *noticed, *SHEETS_AROUND[3:]]
    said = tr(
        "The same figures as the report has, one in each row, with their codes. Beside each hidden one it says what it "
        "is at least and at most: the same for all of a table. The other sheets hold the words of the report."
    )
    listed = escape(tr("Its sheets: %1.").replace("%1", ", ".join(sheets)))
    return (
        f"<p>{escape(said)}</p><p>{listed}</p>{_noticed(account)}{''.join(_section(each) for each in account.sections)}"
    )


def email(letter: Letter) -> str:
    """Write the email: to whom, what about, its text, and what is attached."""
    facts = (
        (tr("To"), letter.to or tr("nobody yet: no address is known, so you fill it in")),
        (tr("Subject"), letter.subject),
        (tr("Attached"), tr("the spreadsheet and the report")),
    )
    body = "".join(f"<p>{escape(part)}</p>" for part in letter.body.strip().split("\n\n"))
    return _pairs(facts) + body.replace("\n", "<br>")


def archive(tables: tuple[str, ...], noticed: bool = False) -> str:
    """Write what the file with everything holds."""
    said = tr(
        "One file with all of it, to keep. A council that uses this app can read it in. It holds the spreadsheet and "
        "the report, the report as a web page, each table as plain rows, and what was done to protect people. It is "
        "signed. No reason why a figure is hidden is in it."
    )
    names = [*ALWAYS, *(f"tables/{name}.csv" for name in tables), *(["observations.csv"] if noticed else [])]
    return f"<p>{escape(said)}</p><ul>{''.join(f'<li>{escape(name)}</li>' for name in names)}</ul>"


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    rows = "".join(f'<tr><td class="quiet">{escape(name)}</td><td>{escape(text)}</td></tr>' for name, text in pairs)
    return f'<table cellspacing="0">{rows}</table>'


def _section(section: Section) -> str:
    grid = section.grid
    heads = "".join(f'<td class="head">{escape(text)}</td>' for text in grid.row_heads)
    heads += "".join(f'<td class="head" align="right">{escape(text)}</td>' for text in grid.column_heads)
    rows = "".join(_line(line) for line in grid.lines)
    counted = f"<p>{escape(section.how_counted)}</p>" if section.how_counted else ""
    notes = "".join(f'<p class="quiet">{escape(note)}</p>' for note in section.notes)
    return (
        f'<h2>{escape(section.title)}</h2>{counted}<p class="quiet">{escape(section.caption)}</p>'
        f'<table cellspacing="0"><tr>{heads}</tr>{rows}</table>{notes}'
    )


def _line(line: Line) -> str:
    kind = ' class="total"' if line.total else ""
    indent = "&nbsp;" * 4 * line.level
    heads = "".join(
        f"<td{kind}>{indent if at == len(line.heads) - 1 else ''}{escape(text)}</td>"
        for at, text in enumerate(line.heads)
    )
    return f"<tr>{heads}{''.join(f'<td{kind} align=right>{escape(text)}</td>' for text in line.figures)}</tr>"
