"""Whatever is in a file that a council sends: a plain sentence, and the vault as it was."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from cis_desktop.briefings.incoming import import_briefing
from cis_desktop.briefings.reading import briefing
from cis_desktop.errors import CisError
from cis_desktop.intake.asking import Request
from cis_desktop.intake.documents import read_document
from cis_desktop.intake.reading import Limits
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


TAKEN = """
import resource, sys, time
from pathlib import Path
from cis_desktop.briefings.incoming import import_briefing
from cis_desktop.errors import CisError
from cis_desktop.workspace import Workspace

with Workspace.open_raw(Path(sys.argv[1]), bytes(32), "Ann") as workspace:
    before = time.process_time()
    try:
        import_briefing(workspace, [Path(sys.argv[2])])
    except CisError as error:
        print(error.code, time.process_time() - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Import a file; print how that was refused, the processor time of the app (seconds), and what its child took (kB)."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say how much a child took")
def test_ten_million_rows_are_refused_in_little_time_and_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n")
        for _ in range(100):
            file.write(b"1,2\n" * 100_000)
    # In a process of its own: a child counts the memory of whoever starts it as its own, until it is another program.
    command = [sys.executable, "-c", TAKEN, str(tmp_path / "group"), str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    code, seconds, taken = said.split()
    assert code == "too_many_rows"
    assert float(seconds) < 5
    assert int(taken) < 1_000_000


def test_files_that_are_too_much_together_are_refused_unread(workspace: Workspace, tmp_path: Path) -> None:
    paths = [tmp_path / f"{at}.pdf" for at in range(5)]
    for path in paths:
        with path.open("wb") as file:
            file.truncate(60 << 20)
    assert "a few at a time" in refused_together(workspace, *paths).sentence


def refused_together(workspace: Workspace, *paths: Path) -> CisError:
    with pytest.raises(CisError) as caught:
        import_briefing(workspace, paths)
    assert workspace.change_sets() == []
    return caught.value


@pytest.mark.parametrize(
    ("code", "name", "data"),
    [
        ("not_a_spreadsheet", "a.csv", b"Ward,Homes\n\0\0\0\1\2,3\n" * 9),
        ("not_a_document", "a.txt", b"words\0and more"),
        ("odd_quotes", "a.csv", b'Ward,Homes\n"Hale,3\nSale,4\nTimperley,5,6\n'),
        ("name_too_long", "a.csv", f"Ward code,{LONG}\nE05000001,1\n".encode()),
        ("too_many_columns", "a.csv", b",".join(b"c%d" % at for at in range(300)) + b"\n"),
        ("not_a_spreadsheet", "a.xlsx", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'a'>]><x>&a;</x>"),
        ("not_a_map", "a.geojson", b"\xff\xfe\x00\x00"),
    ],
)
def test_broken_letters_quotes_and_columns_are_refused(
    workspace: Workspace, tmp_path: Path, code: str, name: str, data: bytes
) -> None:
    assert refused(workspace, write(tmp_path / name, data)).code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_in_any_usual_encoding_come_in_right(workspace: Workspace, tmp_path: Path, encoding: str) -> None:
    text = f"{HEAD}E05000001,Ynys Môn,Homes,1\n"
    done = import_briefing(workspace, [write(tmp_path / "a.csv", text.encode(encoding))])
    assert briefing(workspace.read, done.briefings[0]).series[0].figures[0].area_name == "Ynys Môn"


BOMB = "<!DOCTYPE d [" + '<!ENTITY a "bombbombbomb">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(8)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(("kind", "inside"), [("docx", "word/document.xml"), ("xlsx", "xl/sharedStrings.xml")])
def test_entities_that_would_grow_to_gigabytes_are_not_unfolded(
    workspace: Workspace, tmp_path: Path, kind: str, inside: str
) -> None:
    source = tmp_path / f"source.{kind}"
    if kind == "docx":
        made.docx(source, "MARK")
    else:
        made.workbook(source, Sheet=[["Ward code", "MARK"], ["E05000001", 1]])
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == inside:
                head, _, rest = data.rpartition(b"?>")
                data = (head + b"?>" if head else b"") + BOMB.encode() + rest.replace(b"MARK", b"A&i;B")
                assert b"&i;" in data
            new.writestr(info.filename, data)
    path = write(tmp_path / f"bomb.{kind}", out.getvalue())
    before = time.monotonic()
    with suppress(CisError):
        import_briefing(workspace, [path])
    assert time.monotonic() - before < 60
    assert "bombbomb" not in str(workspace.read.execute("select words from briefing_pages").fetchall())


def test_links_in_documents_are_never_followed(tmp_path: Path) -> None:
    there = "http://127.0.0.1:9/"
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.drawString(72, 700, "Read more on our page")
    canvas.linkURL(there, (72, 690, 200, 710))
    canvas.save()
    source = made.docx(tmp_path / "source.docx", "Dear all")
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
                link = f'<Relationship Id="r99" Type="{kind}" Target="{there}" TargetMode="External"/>'.encode()
                data = data.replace(b"</Relationships>", link + b"</Relationships>")
                assert link in data
            new.writestr(info.filename, data)
    # In this process, not in the child: here every attempt to reach out is noticed, and fails the test.
    limits = Limits()
    for name, data in (("a.pdf", (tmp_path / "a.pdf").read_bytes()), ("b.docx", out.getvalue())):
        asked = Request(
            name, None, limits.file_bytes, limits.memory_bytes, limits.seconds, limits.rows, limits.columns,
            limits.cell_characters, limits.unpacked_bytes, "words", data,
        )  # fmt: skip
        words = " ".join(read_document(data, asked).words)
        assert there not in words
        assert "Read more" in words or "Dear all" in words


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes with names")
def test_a_pipe_or_a_device_is_not_waited_for(workspace: Workspace, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name in ("pipe.csv", "zero.csv"):
        assert refused(workspace, tmp_path / name).code == "no_such_file"
