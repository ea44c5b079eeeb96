"""Small real files to read: written as people's programs write them, or as nobody should."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl

SHEET_HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'

VISITS = (
    "Date,Client ID,First name,Food parcels,Notes\n"
    "22/01/2024,17,Ada,1,clothes; food\n"
    "29/01/2024,17,Ada,2,\n"
    "29/01/2024,31,Ben,,rang about rent\n"
)
"""Three visits of two people, as a small group's list has them."""


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def typed_cells() -> list[list[object]]:
    return [
        ["When", "Number", "Share", "Long", "Yes or no", "Moment", "Blank"],
        [
            datetime.date(2024, 1, 22), 1234, 0.5, 1e15, True, datetime.datetime(2024, 1, 22, 14, 30), None,
        ],
        [datetime.date(2024, 2, 29), 1.0, -2, 7, False, datetime.datetime(2024, 1, 22), None],
    ]  # fmt: skip


def bare_xlsx(path: Path, sheet_xml: str, extra: dict[str, bytes] | None = None) -> Path:
    """Write the smallest workbook that holds this worksheet, and further members."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return path


def far_corners(path: Path) -> Path:
    """Write the workbook whose only cells are A1 and XFD1048576: 17 thousand million cells between them."""
    return bare_xlsx(
        path,
        f'{SHEET_HEAD}<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>',
    )


def ods(path: Path, rows: list[list[str]]) -> Path:
    """Write an OpenDocument spreadsheet of text cells."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    lines = []
    for row in rows:
        written = (f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in row)
        lines.append(f"<table:table-row>{''.join(written)}</table:table-row>")
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}" '
        'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Visits">'
        f"{''.join(lines)}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    path.write_bytes(packed.getvalue())
    return path
