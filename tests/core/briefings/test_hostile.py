"""Whatever is in a file that a council sends: a plain sentence, and the vault as it was."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdf
import pytest

from cis_desktop.briefings.incoming import import_briefing
from cis_desktop.briefings.reading import briefing
from cis_desktop.errors import CisError
from cis_desktop.workspace import Workspace
from tests.core.briefings import made

LONG = "x" * 5000
HEAD = "ward_code,ward_name,indicator,value\n"


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def refused(workspace: Workspace, *paths: Path) -> CisError:
    with pytest.raises(CisError) as caught:
        import_briefing(workspace, paths)
    assert caught.value.sentence.endswith("Nothing was imported."), caught.value.sentence
    assert LONG not in caught.value.sentence
    assert workspace.change_sets() == []
    return caught.value


@pytest.mark.parametrize(
    ("code", "name", "data"),
    [
        ("empty_file", "a.csv", ""),
        ("name_too_long", "a.csv", f"{HEAD}E05000001,{LONG},Homes,1\n"),
        ("name_too_long", "a.csv", f"{HEAD}E05000001,A,{LONG},1\n"),
        ("no_number", "a.csv", f"{HEAD}E05000001,A,Homes,about a dozen\n"),
        ("no_number", "a.csv", f"{HEAD}E05000001,A,Homes,1e999999999\n"),
        ("no_number", "a.csv", f"{HEAD}E05000001,A,Homes,{'9' * 400}\n"),
        ("no_number", "a.csv", f"{HEAD}E05000001,A,Homes,NaN\n"),
        ("no_number", "a.csv", f"{HEAD}E05000001,A,Homes,١٢\n"),
        ("not_a_spreadsheet", "a.xlsx", "no workbook"),
        ("damaged_file", "a.pdf", "%PDF-1.7\n" + "garbage " * 50),
        ("old_document", "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("not_a_document", "a.docx", b"PK\x05\x06" + bytes(18)),
        ("not_a_document", "a.bin", bytes(range(256)) * 4),
        ("not_a_map", "a.geojson", '{"type": "FeatureCollection"'),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    workspace: Workspace, tmp_path: Path, code: str, name: str, data: bytes | str
) -> None:
    good = write(tmp_path / "good.csv", made.TABLE)
    assert refused(workspace, good, write(tmp_path / name, data)).code == code


def test_a_locked_pdf_says_what_to_ask_for(workspace: Workspace, tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(made.pdf(tmp_path / "plain.pdf", "words"))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(str(tmp_path / "locked.pdf"))
    error = refused(workspace, tmp_path / "locked.pdf")
    assert error.code == "locked_file"
    assert "password" in error.sentence


def test_a_pdf_whose_pages_go_round_in_a_circle_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )
    assert refused(workspace, write(tmp_path / "round.pdf", body)).code == "damaged_file"


def test_a_document_with_entities_or_links_opens_nothing(workspace: Workspace, tmp_path: Path) -> None:
    source = made.docx(tmp_path / "source.docx", "MARK")
    secret = write(tmp_path / "secret.txt", "the secret of this computer")
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "word/document.xml":
                kind = f'<!DOCTYPE d [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
                data = data.replace(b"?>", b"?>" + kind, 1).replace(b"MARK", b"A&e;B")
            new.writestr(info.filename, data)
    path = write(tmp_path / "entities.docx", out.getvalue())
    try:
        done = import_briefing(workspace, [path])
    except CisError:
        return
    rows = workspace.read.execute("select words from briefing_pages").fetchall()
    assert done.files == 1
    assert "secret" not in str(rows)


def test_a_docx_that_unpacks_to_gigabytes_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(9):
            archive.writestr(f"word/{part}.xml", bytes(100 << 20), compresslevel=9)
        archive.writestr("word/document.xml", b"<x/>")
    assert refused(workspace, path).code == "too_large"


def test_a_file_larger_than_the_limit_is_refused_unread(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.truncate((64 << 20) + 1)
    assert refused(workspace, path).code == "too_large"


def test_a_folder_or_a_file_that_is_not_there_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    assert refused(workspace, tmp_path).code == "no_such_file"
    assert refused(workspace, tmp_path / "none.csv").code == "no_such_file"


def test_names_of_any_script_and_formulas_come_in_as_plain_text(workspace: Workspace, tmp_path: Path) -> None:
    names = ("حي السلام", "Ward 🏘️", "=1+1", "<b>Hale</b>", "高街", "a\u202eb")
    rows = "".join(f"E0500000{at},{name},Homes,{at}\n" for at, name in enumerate(names))
    done = import_briefing(workspace, [write(tmp_path / "names.csv", HEAD + rows)])
    (series,) = briefing(workspace.read, done.briefings[0]).series
    assert [figure.area_name for figure in series.figures] == list(names)
    assert workspace.problems() == []
