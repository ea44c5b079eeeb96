"""Read workbooks, old and new, with calamine: fast, and not to be trusted with this process's life."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable

import python_calamine as calamine

from cis_desktop.intake.asking import Answer, Refused, Request, too_tall, too_wide
from cis_desktop.intake.columns import LEAD_ROWS, Table

LOCKED = (
    "It is locked with a password. Open it in a spreadsheet program, save a copy without the password, choose that "
    "copy, and delete it afterwards."
)


def check_zip(data: bytes, request: Request) -> None:
    """Refuse a packed file that is damaged, no workbook, or far larger unpacked than packed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as why:
        raise Refused("damaged_file", "The file is damaged: it cannot be unpacked.") from why
    if sum(member.file_size for member in members) > request.unpacked_bytes or len(members) > 10_000:
        raise Refused(
            "too_large",
            f"Unpacked it would be larger than {request.unpacked_bytes >> 20:,} MB, which is no ordinary list. "
            "Save the one sheet you need as .csv.",
        )
    names = {member.filename.lower() for member in members}
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names and "content.xml" not in names:
        raise Refused("not_a_spreadsheet", "It is a packed file (zip or document), but not a workbook.")


def read_book(data: bytes, request: Request) -> Answer:
    """Read one sheet of an XLSX, XLSB, XLS or ODS workbook, every cell as a person would have typed it."""
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        kind = calamine.SheetTypeEnum.WorkSheet
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == kind]
        sheet, notes = _choose(book.get_sheet_by_name, names, request)
        if sheet.width > request.columns:
            raise too_wide(sheet.width, request)
        if sheet.height > request.rows + LEAD_ROWS:
            raise too_tall(request)
        top = (sheet.start or (0, 0))[0]
        table = Table((list(map(_written, row)) for row in sheet.to_python()), request)
    except calamine.PasswordError as why:
        raise Refused("locked_file", LOCKED) from why
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as why:
        raise Refused("damaged_file", "The file is damaged, or not a workbook this app can read.") from why
    return table.answer(sheet.name, tuple(names), notes, top)


def _choose(
    get: Callable[[str], calamine.CalamineSheet],
    names: list[str],
    request: Request,
) -> tuple[calamine.CalamineSheet, list[str]]:
    if request.sheet is not None:
        if request.sheet not in names:
            there = ", ".join(names)
            raise Refused("no_such_sheet", f"It has no sheet “{request.sheet}”. Its sheets: {there}.")
        return get(request.sheet), []
    for name in names:
        sheet = get(name)
        if sheet.start is not None:
            others = len(names) - 1
            return sheet, [f"Read sheet “{name}”; the workbook has {others} more."] if others else []
    raise Refused("empty_file", "None of its sheets has anything in it.")


def _written(cell: object) -> str:
    """Write a typed cell as a person would have typed it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) <= 2**53 else repr(cell)
    if isinstance(cell, datetime.datetime):
        day = cell.date().isoformat()
        return day if cell.time() == datetime.time() else f"{day} {cell.time().isoformat('minutes')}"
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)
