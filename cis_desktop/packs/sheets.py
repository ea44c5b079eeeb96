"""A workbook's sheets as values: how they are hashed, and how they are read back with limits."""

from __future__ import annotations

import io
import re
import warnings
from typing import Any

from cis_desktop.strict_json import canonical

from .archive import refusal, unpack
from .signing import sha256

Value = str | int | float

HEAD = 3
"""Lines of text above the table of every sheet."""

MAX_BYTES = 24 * 2**20
MAX_CELLS = 1_000_000
# Nothing else belongs into a workbook of text and numbers; comments, drawings, macros and links would go unsigned.
_EXPECTED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core|custom)\.xml|xl/workbook\.xml|"
    r"xl/_rels/workbook\.xml\.rels|xl/(styles|sharedStrings|metadata)\.xml|xl/theme/theme\d+\.xml|"
    r"xl/worksheets/sheet\d+\.xml|xl/worksheets/_rels/sheet\d+\.xml\.rels|xl/tables/table\d+\.xml|"
    r"xl/printerSettings/printerSettings\d+\.bin"
)
_FORMATS = frozenset({"General", "0", "0.00", "#,##0", "#,##0.00", "@", "General;General"})


def sheet_hash(values: list[list[Value]]) -> str:
    """Return the SHA-256 of a sheet: canonical JSON of its rows, without empty cells at their ends."""
    return sha256(canonical([[_plain(value) for value in _trimmed(row)] for row in values]))


def read_sheets(data: bytes, name: str) -> dict[str, list[list[Value]]]:
    """Read every sheet of a workbook as rows of values, in order.

    Raises CisError when it is no workbook, breaks a limit, or holds anything that can run, lead elsewhere or hide.
    """
    members = unpack(data, name)
    if sum(map(len, members.values())) > MAX_BYTES:
        raise refusal(name, f"its sheets would take more than {MAX_BYTES // 2**20} MB")
    for member in members:
        if not _EXPECTED.fullmatch(member):
            raise refusal(name, f"it holds “{member[:60]}”, which has no place in a pack")
    from openpyxl import load_workbook

    # What openpyxl remarks on in somebody else's workbook helps nobody who reads a refusal.
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    try:
        book = load_workbook(io.BytesIO(data), data_only=False)
        return {sheet.title: _values(sheet, book, name) for sheet in book.worksheets}
    # openpyxl reads some parts with lxml and some without; what both raise for damaged XML is a SyntaxError.
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, SyntaxError) as trouble:
        raise refusal(name, "its sheets are damaged") from trouble


def _values(sheet: Any, book: Any, name: str) -> list[list[Value]]:
    if sheet.sheet_state != "visible" or book.defined_names or sheet.conditional_formatting:
        raise refusal(name, f"its sheet “{sheet.title}” is hidden or hides something")
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        raise refusal(name, "it has more cells than any pack")
    hidden = [d for d in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()) if d.hidden]
    if hidden or sheet.merged_cells.ranges:
        raise refusal(name, f"its sheet “{sheet.title}” has hidden or merged rows or columns")
    rows = []
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type not in ("s", "n") or cell.hyperlink or cell.comment:
                raise refusal(name, f"its sheet “{sheet.title}” has a formula, a link or a comment")
            # A number format can make a figure look like another one.
            if cell.value is not None and cell.number_format not in _FORMATS:
                raise refusal(name, f"a number on its sheet “{sheet.title}” is made to look like something else")
        rows.append(_trimmed(["" if cell.value is None else cell.value for cell in row]))
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _trimmed(row: list[Value]) -> list[Value]:
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return row[:end]


def _plain(value: Value) -> str | int:
    """Give a value as canonical JSON has it: fractions are pounds, as text with two decimals."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else f"{value:.2f}"
    return value
