"""`workbook.xlsx`: the pack for a reader who has only a spreadsheet, and which by itself can be verified.

After the accessible-spreadsheet rules of the UK Government Analysis Function: one table a sheet, named tables, no
merged cells, no blank rows, shorthand explained. Inert: text is always text, so there are no formulas, and no links,
macros, hidden sheets or personal properties.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from cis_desktop.disclosure.tables import Policy

from .archive import pack_zip, unpack
from .datapackage import adds_over_periods, breakdown
from .details import Details
from .quoting import BETWEEN
from .sealing import workbook_statement
from .sheets import HEAD, Value, sheet_hash
from .signing import Signer
from .statement import shorthand_lines
from .texts import SHORTHAND, sentence
from .tidy import AFTER, BEFORE, FIGURES, PackTable
from .wording import Account

CONTENTS = ("table", "sheet", "title", "how_counted", "adds_over_periods")
CATEGORIES = ("table", "column", "title", "kind", "adds_up", "code", "label", "broader")
NOTICED = "Observations"
WIDEST = 46
NARROW = 30
"""Letters of a column of the list of tables, whose words are wrapped: all of it is read on paper, one page wide."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its head lines, then one named table of rows of equal length."""

    name: str
    table: str
    head: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def values(self) -> list[list[Value]]:
        """Give all cells, row by row, as they are read back."""
        head: list[list[Value]] = [[line] for line in self.head]
        return [*head, list(self.columns), *(list(row) for row in self.rows)]


def workbook(
    tables: tuple[PackTable, ...], account: Account, details: Details, policy: Policy, pack: str, signer: Signer
) -> bytes:
    """Return the workbook's bytes; the same input gives the same bytes."""
    sheets = [
        _cover(account, details),
        _contents(tables),
        _notes(account),
        *(_figures(n, table) for n, table in enumerate(tables, 1)),
        *([_noticed(account)] if account.observations else []),
        _categories(tables),
    ]
    head = _signature_head()
    hashes = {sheet.name: sheet_hash(sheet.values()) for sheet in sheets}
    hashes["Signature"] = sheet_hash([[line] for line in head])
    said = workbook_statement(tables, details, policy, pack, hashes, signer)
    sheets.append(Sheet("Signature", "signature", head, ("name", "text"), tuple(said.items())))
    return _written(sheets, account.title, details)


def reading_order(table: PackTable) -> tuple[str, ...]:
    """Give a table's columns with what is read first in front: breakdowns, figures, then what never changes."""
    inner = [b.column for b in table.breakdowns]
    codes = [f"{b.column}_code" for b in table.breakdowns]
    measure = ["measure"] if table.is_headlines else []
    front = (*measure, *inner, "value", "status", "at_least", "at_most", "unit")
    return (*front, *(c for c in (*AFTER, *BEFORE) if c not in front), *codes)


def _cover(account: Account, details: Details) -> Sheet:
    head = (account.title, f"Figures from {details.group}.", "What this workbook is about, one fact a row.")
    rows = [*account.facts, *(("How to check", text) for text in account.check)]
    return Sheet("Cover", "cover", head, ("fact", "text"), tuple(rows))


def _contents(tables: tuple[PackTable, ...]) -> Sheet:
    rows = tuple(
        (table.id, f"Table {n}", table.title, sentence(table.how_counted), " ".join(adds_over_periods(table)))
        for n, table in enumerate(tables, 1)
    )
    head = ("Contents", "The tables of this workbook, one a row.", "The column adds_over_periods is for programs.")
    return Sheet("Contents", "contents", head, CONTENTS, rows)


def _notes(account: Account) -> Sheet:
    rows: list[tuple[str, str]] = [("Shorthand", f"{symbol} means {words}.") for symbol, words in SHORTHAND.items()]
    rows += [("The rule", text) for text in account.rules]
    rows += [("Promised", text) for text in account.promised]
    rows += [("Not promised", text) for text in account.not_promised]
    for section in account.sections:
        rows += [(section.title, text) for text in (section.how_counted, *section.notes) if text]
    rows += [("In the group’s words", f"{question} {answer}".strip()) for question, answer in account.narrative]
    head = ("Notes", "How to read the tables, and how people are protected.", "One note a row.")
    return Sheet("Notes", "notes", head, ("about", "note"), tuple(rows))


def _figures(number: int, table: PackTable) -> Sheet:
    order = reading_order(table)
    at = [table.columns.index(column) for column in order]
    unit = table.columns.index("unit")
    rows = tuple(
        tuple(_value(column, row[n], row[unit]) for column, n in zip(order, at, strict=True)) for row in table.rows
    )
    notes = " ".join(shorthand_lines(table)) or "Every figure of this table is shown."
    head = (f"Table {number}: {table.title}", sentence(table.how_counted) or "See the Notes sheet.", notes)
    return Sheet(f"Table {number}", f"table_{number}", head, order, rows)


def _noticed(account: Account) -> Sheet:
    head = ("What was noticed", account.terms, "One observation a row, in the group’s own words.")
    rows = tuple((BETWEEN.join(each.themes), each.words) for each in account.observations)
    return Sheet(NOTICED, "observations", head, ("themes", "words"), rows)


def _categories(tables: tuple[PackTable, ...]) -> Sheet:
    rows: list[tuple[str, ...]] = []
    for table in tables:
        for item in table.breakdowns:
            said = breakdown(item)
            rows += [
                (
                    table.id, said["column"], said["title"], said["kind"], "yes" if said["adds_up"] else "no",
                    category["code"], category["label"], category["broader"] or "",
                )
                for category in said["categories"]
            ]  # fmt: skip
    head = (
        "Categories",
        "Every category of every breakdown. Where adds_up is no, one person can be in several rows.",
        "The column broader names the category that a narrower one is part of.",
    )
    return Sheet("Categories", "categories", head, CATEGORIES, tuple(rows))


def _signature_head() -> tuple[str, ...]:
    return (
        "Signature",
        "This sheet lets a program prove that no figure or word of this workbook was changed after it was signed.",
        "Please leave it as it is. Colours and column widths are not part of what is signed.",
    )


def _value(column: str, text: str, unit: str) -> Value:
    if column not in FIGURES or not text or text.startswith("["):
        return text
    return float(text) if unit == "GBP" else int(text)


def _written(sheets: list[Sheet], title: str, details: Details) -> bytes:
    from openpyxl import Workbook
    from openpyxl.worksheet.table import Table, TableStyleInfo

    book = Workbook()
    book.remove(book.active)
    for n, sheet in enumerate(sheets, 1):
        page = book.create_sheet(sheet.name)
        _fill(page, sheet)
        first, last = HEAD + 1, HEAD + 1 + len(sheet.rows)
        if sheet.rows:
            area = f"A{first}:{page.cell(last, len(sheet.columns)).coordinate}"
            table = Table(displayName=sheet.table, ref=area, id=n)
            table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
            page.add_table(table)
        page.freeze_panes = f"A{first + 1}"
        page.page_setup.orientation = "landscape"
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    book.properties.creator = "Community Insights"
    book.properties.title = title
    book.properties.language = "en-GB"
    return _fixed(_saved(book), book, details)


def _saved(book: Any) -> bytes:
    """Give a workbook's bytes; nothing of it is on the disk meanwhile."""
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class InMemory(ExcelWriter):  # type: ignore[misc]
        def write_worksheet(self, page: Any) -> None:
            # By itself openpyxl lets each sheet wait in a file that anybody can read until the program ends.
            written = io.BytesIO()
            sheet = WorksheetWriter(page, written)
            sheet.write()
            page._rels = sheet._rels
            self._archive.writestr(page.path[1:], written.getvalue())
            self.manifest.append(page)

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        InMemory(book, archive).write_data()
    return out.getvalue()


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    wrapped, right = Alignment(wrap_text=True, vertical="top"), Alignment(horizontal="right")
    apart = Alignment(horizontal="left", indent=1)
    prose = len(sheet.columns) == 2
    wraps = prose or sheet.columns == CONTENTS
    widths = _widths(sheet)
    figures = {n for n, name in enumerate(sheet.columns, 1) if name in FIGURES}
    for n, values in enumerate(sheet.values(), 1):
        for column, value in enumerate(values, 1):
            if value == "":
                continue
            cell = page.cell(n, column)
            cell.value = value
            if n <= HEAD:
                cell.data_type = "s"
            elif isinstance(value, str):
                # Text that begins with "=" would become a formula.
                cell.data_type = "s"
                cell.alignment = wrapped if wraps else right if column in figures else apart
            else:
                cell.number_format = "#,##0.00" if isinstance(value, float) else "#,##0"
        if wraps and n > HEAD:
            # Not every program makes a row as high as its text.
            needs = [-(-len(str(value)) // int(wide)) for value, wide in zip(values, widths, strict=True)]
            page.row_dimensions[n].height = 15.0 * max(1, *needs)
    page["A1"].font = Font(name="Calibri", size=15, bold=True)
    for column in range(1, len(sheet.columns) + 1):
        page.cell(HEAD + 1, column).font = Font(name="Calibri", bold=True)
        page.column_dimensions[get_column_letter(column)].width = widths[column - 1]


def _widths(sheet: Sheet) -> list[float]:
    """Give the width of each column in letters."""
    widths: list[float] = []
    most = NARROW if sheet.columns == CONTENTS else WIDEST
    for column in range(len(sheet.columns)):
        # A head line may be long: it runs on over the empty cells beside it, and must not widen the first column.
        longest = max(len(str(row[column])) for row in (sheet.columns, *sheet.rows))
        prose = len(sheet.columns) == 2 and column == 1
        widths.append(100 if prose else max(min(longest + 4, most), 10))
    return widths


def _fixed(data: bytes, book: Any, details: Details) -> bytes:
    """Put the sign-off time where openpyxl wrote the time of saving."""
    from openpyxl.xml.functions import tostring

    members = unpack(data, "workbook.xlsx")
    book.properties.created = book.properties.modified = details.made.replace(tzinfo=None)
    members["docProps/core.xml"] = tostring(book.properties.to_tree())
    return pack_zip(members, details.made)
