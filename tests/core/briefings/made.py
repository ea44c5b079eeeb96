"""Briefings written for tests as a council's app writes them, and as nobody should."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from reportlab.pdfgen.canvas import Canvas

from cis_desktop.packs.signing import Signer, sha256
from cis_desktop.strict_json import canonical
from cis_desktop.words import fingerprint

COUNCIL = Signer(bytes(range(32)))
OTHER = Signer(bytes(range(1, 33)))

TABLE = (
    "area_code,area_name,indicator,period,measure,unit,value,status\n"
    "E05015239,Altrincham,Homes without heating,2025,Count,Households,120,\n"
    "E05015240,Ashton upon Mersey,Homes without heating,2025,Count,Households,[c],hidden\n"
)


def statement(files: dict[str, bytes], signer: Signer = COUNCIL, **said: Any) -> dict[str, Any]:
    """Give a signed manifest over `files`; `said` overrides what it says."""
    made: dict[str, Any] = {
        "format": "cis-briefing",
        "version": 1,
        "title": "What we did with your winter return",
        "sender": {"name": "Trafford Council", "public_key": signer.public, "fingerprint": fingerprint(signer.public)},
        "made_at": "2026-02-01T10:00:00Z",
        "answers": ["0123456789abcdef"],
        "heard": "That *heating* comes before food.",
        "decided": "An adviser in Altrincham every Tuesday.",
        "not_done": "No vouchers at Easter: there is no money for it.",
        "questions": "1. Which forms cause most trouble?",
        "files": {name: {"sha256": sha256(data), "bytes": len(data)} for name, data in files.items()},
        **said,
    }
    return {**made, "signature": signer.sign(canonical(made))}


def briefing(path: Path, files: dict[str, bytes] | None = None, signer: Signer = COUNCIL, **said: Any) -> Path:
    """Write a whole, signed briefing."""
    inside = {"tables/heating.csv": TABLE.encode()} if files is None else files
    return archive(path, {**inside, "manifest.json": canonical(statement(inside, signer, **said)) + b"\n"})


def archive(path: Path, members: dict[str, bytes], links: tuple[str, ...] = ()) -> Path:
    """Write a ZIP of `members`; those in `links` become symbolic links."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (0o120777 if name in links else 0o100644) << 16
            made.writestr(info, data)
    return path


def pdf(path: Path, *pages: str) -> Path:
    canvas = Canvas(str(path))
    for words in pages:
        canvas.drawString(72, 700, words)
        canvas.showPage()
    canvas.save()
    return path


def docx(path: Path, *paragraphs: str, table: tuple[tuple[str, ...], ...] = ()) -> Path:
    import docx as word

    document = word.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    if table:
        made = document.add_table(len(table), len(table[0]))
        for at, row in enumerate(table):
            for place, cell in enumerate(row):
                made.cell(at, place).text = cell
    document.save(str(path))
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


def geojson(*codes: str) -> bytes:
    ring = [[-2.34, 53.39], [-2.33, 53.39], [-2.33, 53.40], [-2.34, 53.39]]
    return json.dumps({
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"WD25CD": code, "WD25NM": f"Ward {code[-2:]}"},
             "geometry": {"type": "Polygon", "coordinates": [ring]}} for code in codes
        ],
    }).encode()  # fmt: skip


def bytes_of(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
