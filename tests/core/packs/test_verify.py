"""A pack that was changed on its way is noticed, whole or as its workbook alone; what is no pack is refused."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cis_desktop.errors import CisError
from cis_desktop.packs import PackFiles, Signer, build, verify
from cis_desktop.packs.reading import FilePack, read_pack
from cis_desktop.packs.verifying import verified, verify_bytes
from cis_desktop.strict_json import canonical
from tests.core.packs.examples import SIGNER, details, ordinary, released, shape, summed

Book = Any


@pytest.fixture(scope="module")
def pack() -> PackFiles:
    return build(ordinary(), details(), SIGNER)


@pytest.fixture(scope="module")
def small() -> PackFiles:
    return build(released(summed(shape("people", "People helped"), {(): 123})), details(narrative=()), SIGNER)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_what_was_made_verifies_as_an_archive_and_as_a_workbook_alone(pack: PackFiles, tmp_path: Path) -> None:
    for name, data in (("a.cis-pack.zip", pack.archive), ("a.xlsx", pack.workbook)):
        (tmp_path / name).write_bytes(data)
        found = verify(tmp_path / name)
        assert found.valid
        assert not found.problems
        assert (found.pack, found.signer, found.period) == (pack.pack, "Kilburn Pantry", "2018-Q1")
        assert found.public_key == SIGNER.public
        assert found.agreement == "Small group return, version 1"
        assert found.agreement_hash == "ab" * 32
        assert found.signed_off_by == "Ada Lovelace"


def test_an_archive_packed_anew_is_still_the_same_pack(pack: PackFiles) -> None:
    assert verify_bytes(zipped(dict(reversed(pack.files.items()))), "again.zip").valid


def test_every_changed_byte_of_every_file_in_the_archive_is_noticed(small: PackFiles) -> None:
    draw = random.Random(7)
    for name, data in small.files.items():
        # All of what is short; of the rest some, wherever a hash stands for every byte alike.
        some = range(len(data)) if name == "manifest.json" or len(data) < 500 else draw.sample(range(len(data)), 25)
        for at in some:
            changed = bytearray(data)
            changed[at] ^= 1 << draw.randrange(8)
            try:
                found = verify_bytes(zipped({**small.files, name: bytes(changed)}), "changed.zip")
            except CisError:
                continue
            assert not found.valid, f"{name}, byte {at}"


def read_of(pack: FilePack) -> object:
    """Give everything that is taken from a file once it is believed."""
    return pack.statement, pack.members, pack.sheets, [(t.id, t.csv, t.breakdowns) for t in pack.tables], pack.rule


@pytest.mark.parametrize("kind", ["archive", "workbook"])
def test_a_changed_byte_of_the_file_is_refused_or_changes_nothing_that_is_read(small: PackFiles, kind: str) -> None:
    draw = random.Random(11)
    data = small.archive if kind == "archive" else small.workbook
    before = read_of(read_pack(data, "whole"))
    ends = [at for at in range(len(data)) if at < 200 or at > len(data) - 400]
    refused = 0
    for at in sorted({*draw.sample(range(len(data)), 350), *ends[::3]}):
        changed = bytearray(data)
        changed[at] ^= 1 << draw.randrange(8)
        try:
            found = read_pack(bytes(changed), "flipped")
            if verified(found).valid:
                assert read_of(found) == before, f"byte {at}"
                continue
        except CisError:
            pass
        refused += 1
    assert refused > 200


def test_a_missing_an_added_and_a_swapped_file_are_named(pack: PackFiles) -> None:
    missing = {name: data for name, data in pack.files.items() if name != "report.pdf"}
    assert verify_bytes(zipped(missing), "x").problems == ("The file report.pdf is missing.",)
    added = {**pack.files, "readme.txt": b"hello"}
    assert verify_bytes(zipped(added), "x").problems == ("The file readme.txt is not one that was signed.",)
    changed = {**pack.files, "report.html": pack.files["report.html"].replace(b"101", b"909")}
    assert verify_bytes(zipped(changed), "x").problems == ("The file report.html was changed.",)


def test_a_manifest_signed_by_somebody_else_is_not_the_senders(pack: PackFiles) -> None:
    said = json.loads(pack.files["manifest.json"])
    del said["signature"]
    other = Signer(bytes(32))
    forged = canonical({**said, "signature": other.sign(canonical(said))}) + b"\n"
    found = verify_bytes(zipped({**pack.files, "manifest.json": forged}), "x")
    assert not found.valid
    assert "signature" in found.problems[0]


def test_a_pack_signed_anew_with_another_key_shows_another_fingerprint(pack: PackFiles) -> None:
    other = build(ordinary(), details(), Signer(bytes(32)))
    assert verify_bytes(other.archive, "x").valid
    assert verify_bytes(other.archive, "x").fingerprint != verify_bytes(pack.archive, "x").fingerprint


def edited(data: bytes, change: Callable[[Book], None]) -> bytes:
    """Open a workbook as a spreadsheet program would, change it, save it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_saved_anew_without_a_change_still_verifies(pack: PackFiles) -> None:
    def widen(book: Book) -> None:
        book["Table 2"].column_dimensions["A"].width = 60
        book["Table 2"]["A1"].font = openpyxl.styles.Font(color="FF0000")

    assert verify_bytes(edited(pack.workbook, widen), "x").valid


def put(sheet: str, cell: str, value: object) -> Callable[[Book], None]:
    def change(book: Book) -> None:
        book[sheet][cell] = value

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (put("Table 2", "B6", 102), "people-by-age"),
        (put("Table 2", "B5", 3), "people-by-age"),
        (put("Table 2", "A1", "Something else"), "Table 2"),
        (put("Table 2", "A40", "a note"), "Table 2"),
        (put("Notes", "B6", "Figures are exact."), "Notes"),
        (put("Cover", "B5", "Another Pantry"), "Cover"),
        (put("Categories", "E5", "no"), "Categories"),
        (put("Signature", "A1", "Nothing"), "Signature"),
        (lambda book: book.create_sheet("Extra").append(["x"]), "Extra"),
    ],
)
def test_a_changed_cell_of_the_workbook_is_named_by_its_sheet(
    pack: PackFiles, change: Callable[[Book], None], named: str
) -> None:
    found = verify_bytes(edited(pack.workbook, change), "x.xlsx")
    assert not found.valid
    assert any(named in problem for problem in found.problems)


def hide(kind: str) -> Callable[[Book], None]:
    def change(book: Book) -> None:
        sheet = book["Table 2"]
        if kind == "sheet":
            sheet.sheet_state = "hidden"
        elif kind == "row":
            sheet.row_dimensions[6].hidden = True
        elif kind == "column":
            sheet.column_dimensions["B"].hidden = True
        elif kind == "merge":
            sheet.merge_cells("A5:B5")
        elif kind == "format":
            sheet["B6"].number_format = '"999"'
        elif kind == "formula":
            sheet["B6"] = "=1+100"
        elif kind == "link":
            sheet["A5"].hyperlink = "http://x.example"
        else:
            sheet["A5"].comment = openpyxl.comments.Comment("psst", "me")

    return change


@pytest.mark.parametrize("kind", ["sheet", "row", "column", "merge", "format", "formula", "link", "comment"])
def test_a_workbook_that_hides_or_pretends_is_refused(pack: PackFiles, kind: str) -> None:
    with pytest.raises(CisError) as refused:
        verify_bytes(edited(pack.workbook, hide(kind)), "x.xlsx")
    assert refused.value.code == "not_a_pack"


def far_apart() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["XFD1048576"] = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    return zipped({"manifest.json": b" " * 40_000_000}, zipfile.ZIP_DEFLATED)


def spoiled(pack: PackFiles, part: str) -> bytes:
    """Cut one part of the workbook short."""
    with zipfile.ZipFile(io.BytesIO(pack.workbook)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    return zipped({**parts, part: parts[part][:-40]})


def lying(pack: PackFiles) -> bytes:
    """Say in the directory that a member is far larger than any pack."""
    data = bytearray(pack.archive)
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 2**31)
    return bytes(data)


def test_what_is_no_pack_is_refused_in_plain_words(pack: PackFiles, tmp_path: Path) -> None:
    manifest = pack.files["manifest.json"]
    newer = manifest.replace(b'"version":1}', b'"version":1}').replace(b'"format":"cis-pack"', b'"format":"cis-other"')
    wrong = {
        "empty": b"",
        "text": b"Dear council, here are our figures.",
        "cut": pack.archive[: len(pack.archive) // 2],
        "other zip": zipped({"a.txt": b"a"}),
        "other format": zipped({**pack.files, "manifest.json": newer}),
        "outside": zipped({**pack.files, "../evil.txt": b"x"}),
        "absolute": zipped({**pack.files, "/etc/evil": b"x"}),
        "bomb": bomb(),
        "lying": lying(pack),
        "deep": zipped({**pack.files, "manifest.json": b"[" * 100_000}),
        "twice named": zipped({**pack.files, "manifest.json": manifest.replace(b"{", b'{"format":"x",', 1)}),
        "not json": zipped({**pack.files, "manifest.json": b"\xff\xfe"}),
        "no tables": zipped({**pack.files, "datapackage.json": b"{}"}),
        "cells far apart": far_apart(),
        "damaged sheet": spoiled(pack, "xl/worksheets/sheet1.xml"),
        "damaged styles": spoiled(pack, "xl/styles.xml"),
        "packed otherwise": zipped(pack.files, zipfile.ZIP_LZMA),
        "many": zipped({f"{n}.txt": b"" for n in range(1001)}),
    }
    for name, data in wrong.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(CisError) as refused:
            verify(tmp_path / name)
        assert refused.value.code == "not_a_pack", name
        assert "Nothing was taken from it" in refused.value.sentence
    with pytest.raises(CisError, match="nothing to read"):
        verify(tmp_path / "missing")


@pytest.mark.parametrize("kind", ["archive", "workbook"])
def test_a_pack_of_a_newer_version_says_so(pack: PackFiles, kind: str) -> None:
    if kind == "archive":
        said = {**json.loads(pack.files["manifest.json"]), "version": 2}
        data = zipped({**pack.files, "manifest.json": canonical(said)})
    else:
        data = edited(pack.workbook, put("Signature", "B6", "2"))
    with pytest.raises(CisError) as refused:
        verify_bytes(data, "x")
    assert refused.value.code == "newer_version"
    assert "newer version" in refused.value.sentence


def test_unknown_additions_to_a_signed_manifest_are_kept_and_signed(pack: PackFiles) -> None:
    said = {**json.loads(pack.files["manifest.json"]), "later": {"idea": 1}}
    del said["signature"]
    data = canonical({**said, "signature": SIGNER.sign(canonical(said))}) + b"\n"
    assert verify_bytes(zipped({**pack.files, "manifest.json": data}), "x").valid
