"""Foreign files come in as plain text cells, or not at all and with a reason; this process outlives all of them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path

import msgspec
import pytest

from cis_desktop.errors import CisError
from cis_desktop.intake import reading
from cis_desktop.intake.asking import Answer, Request
from cis_desktop.intake.child import FLAG
from cis_desktop.intake.reading import Limits, Sheet
from tests.core.intake import files

READ = "read"


def used() -> float:
    """Give the seconds of processor time of this process and of the children it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [sheet.row(place) for place in range(sheet.rows)]


def refused(path: Path, **limits: int) -> CisError:
    with pytest.raises(CisError) as caught:
        reading.read(path, limits=Limits(**limits))
    assert "Nothing was imported" in caught.value.sentence
    return caught.value


def outcome(path: Path) -> str:
    """Read a file that may be anything: its sheet must be whole, or its refusal a sentence. Give which it was."""
    try:
        sheet = reading.read(path)
    except CisError as why:
        return why.code if why.sentence.endswith("Nothing was imported.") else why.sentence
    whole = len(sheet.header) == len(sheet.columns) == len(set(sheet.header)) and sum(map(len, sheet.header)) < 10_000
    return READ if whole and all(len(column.codes) == sheet.rows for column in sheet.columns) else "not whole"


@pytest.mark.parametrize(
    ("mark", "word"), [(",", "commas"), ("\t", "tabs"), (";", "semicolons"), ("|", "upright bars")]
)
def test_what_separates_columns_is_found_and_said(tmp_path: Path, mark: str, word: str) -> None:
    text = mark.join(("Date", "Name")) + "\n" + mark.join(("2024-01-02", "Ada")) + "\n"
    sheet = reading.read(files.write(tmp_path / "list.csv", text))
    assert sheet.header == ("Date", "Name")
    assert cells(sheet) == [("2024-01-02", "Ada")]
    assert f"Columns are separated by {word}." in sheet.notes


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_letters_survive_every_usual_way_of_writing_them(tmp_path: Path, encoding: str, said: str) -> None:
    sheet = reading.read(files.write(tmp_path / "list.csv", "Name,Paid\nZoë,£5\n", encoding))
    assert sheet.header == ("Name", "Paid")
    assert cells(sheet) == [("Zoë", "£5")]
    assert any(said in note for note in sheet.notes) if said else len(sheet.notes) == 1


def test_typed_cells_of_a_workbook_come_as_a_person_would_type_them(tmp_path: Path) -> None:
    sheet = reading.read(files.workbook(tmp_path / "book.xlsx", Visits=files.typed_cells(), Other=[["x"]]))
    assert sheet.name == "Visits"
    assert sheet.sheets == ("Visits", "Other")
    assert cells(sheet) == [
        ("2024-01-22", "1234", "0.5", "1000000000000000", "yes", "2024-01-22 14:30", ""),
        ("2024-02-29", "1", "-2", "7", "no", "2024-01-22", ""),
    ]


def test_the_sheet_asked_for_is_read_and_another_is_refused_by_name(tmp_path: Path) -> None:
    book = files.workbook(tmp_path / "book.xlsx", One=[["a"], ["1"]], Two=[["b"], ["2"]])
    assert reading.read(book, "Two").header == ("b",)
    with pytest.raises(CisError, match=r"no sheet “Three”. Its sheets: One, Two") as caught:
        reading.read(book, "Three")
    assert caught.value.code == "no_such_sheet"


def test_an_open_document_spreadsheet_is_read(tmp_path: Path) -> None:
    sheet = reading.read(files.ods(tmp_path / "list.ods", [["Date", "Name"], ["2024-01-02", "Ada"]]))
    assert (sheet.name, sheet.header, cells(sheet)) == ("Visits", ("Date", "Name"), [("2024-01-02", "Ada")])


def test_blank_rows_and_a_title_above_the_headings_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    sheet = reading.read(files.write(tmp_path / "list.csv", ",,\nVisits 2024,,\n\nDate,Name,\n2024-01-02,Ada,\n,,\n"))
    assert sheet.header == ("Date", "Name")
    assert (sheet.rows, sheet.first_row) == (1, 5)
    assert "Headings were found in row 4; rows above it were left out." in sheet.notes


def test_long_rows_short_rows_and_twice_used_headings_lose_no_cell(tmp_path: Path) -> None:
    sheet = reading.read(files.write(tmp_path / "list.csv", "a,a\n1\n2,3,4\n"))
    assert sheet.header == ("a", "a (2)", "Column 3")
    assert cells(sheet) == [("1", "", ""), ("2", "3", "4")]


def test_a_quotation_mark_never_closed_swallows_no_rows(tmp_path: Path) -> None:
    sheet = reading.read(files.write(tmp_path / "list.tsv", 'a\tb\n1\t"two\n3\tfour\n'))
    assert cells(sheet) == [("1", '"two'), ("3", "four")]
    assert any("ordinary characters" in note for note in sheet.notes)
    ragged = files.write(tmp_path / "ragged.csv", 'a,b\n1,"two, three\n3,four\n')
    assert refused(ragged).code == "odd_quotes"


def test_a_cell_of_5000_characters_is_read_whole_and_one_without_end_is_refused(tmp_path: Path) -> None:
    sheet = reading.read(files.write(tmp_path / "long.csv", f"a,b\n{'x' * 5000},1\n"))
    assert cells(sheet)[0][0] == "x" * 5000
    assert refused(files.write(tmp_path / "endless.csv", f"a,b\n{'x' * 40_000},1\n")).code == "cell_too_long"
    book = files.workbook(tmp_path / "long.xlsx", S=[["a"], ["x" * 5000]])
    assert cells(reading.read(book)) == [("x" * 5000,)]
    assert refused(book, cell_characters=4000).code == "cell_too_long"


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    path = files.write(tmp_path / "list.csv", files.VISITS)
    assert reading.read(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_cells_at_both_far_corners_are_a_plain_sentence_and_this_process_goes_on(tmp_path: Path) -> None:
    why = refused(files.far_corners(tmp_path / "corners.xlsx"))
    assert why.code == "too_large"
    assert "stray cell" in why.sentence


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("nothing.csv", b"", "empty_file"),
        ("blank.csv", b"\n,,\n \n", "empty_file"),
        ("text.xlsx", b"Date,Name\n2024-01-02,Ada\n", "not_a_spreadsheet"),
        ("page.csv", b"<!DOCTYPE html><html></html>", "not_a_spreadsheet"),
        ("paper.csv", b"%PDF-1.7\n1 0 obj", "not_a_spreadsheet"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "not_a_spreadsheet"),
        ("half.xlsx", b"PK\x03\x04" + bytes(200), "damaged_file"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "damaged_file"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_for_what_it_is(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert refused(path).code == code


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.csv").code == "no_such_file"
    assert refused(tmp_path).code == "no_such_file"


def test_limits_on_size_rows_columns_and_unpacked_size_hold(tmp_path: Path) -> None:
    listed = files.write(tmp_path / "list.csv", "a,b,c\n" + "1,2,3\n" * 100 + "\n" * 500)
    assert reading.read(listed, limits=Limits(rows=100)).rows == 100
    assert refused(listed, rows=99).code == "too_many_rows"
    assert refused(listed, columns=2).code == "too_many_columns"
    assert refused(listed, file_bytes=100).code == "too_large"
    sheet = f"{files.SHEET_HEAD}<sheetData/></worksheet>"
    bomb = files.bare_xlsx(tmp_path / "bomb.xlsx", sheet, {"xl/media/image1.png": bytes(20 << 20)})
    assert bomb.stat().st_size < 100_000
    assert refused(bomb, unpacked_bytes=10 << 20).code == "too_large"


def test_nested_xml_entities_are_not_unfolded(tmp_path: Path) -> None:
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE w [<!ENTITY l0 "ha">{layers}]>{files.SHEET_HEAD}<sheetData><row r="1"><c r="A1" t="str">'
    book = files.bare_xlsx(tmp_path / "laughs.xlsx", f"{xml}<v>&l11;</v></c></row></sheetData></worksheet>")
    start = used()
    assert outcome(book) in (READ, "damaged_file", "empty_file")
    assert used() - start < 20


def large_list(path: Path) -> Path:
    return files.write(path, "a,b\n" + "".join(f"{n},{n * 7}\n" for n in range(900_000)))


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    start = used()
    assert refused(large_list(tmp_path / "long.csv"), seconds=0).code == "too_slow"
    assert used() - start < 10


def test_cancel_ends_the_child_at_once(tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    start = used()
    with pytest.raises(CisError) as caught:
        reading.read(large_list(tmp_path / "long.csv"), cancel=stop)
    assert caught.value.code == "cancelled"
    assert used() - start < 10
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_nothing_of_the_file_is_written_anywhere_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "HOME"):
        monkeypatch.setenv(name, str(elsewhere))
    book = files.workbook(tmp_path / "book.xlsx", S=[["Name"], ["Canary Crane"]])
    reading.read(book)
    refused(files.far_corners(tmp_path / "corners.xlsx"))
    assert not list(elsewhere.rglob("*"))
    assert {path.name for path in tmp_path.iterdir()} == {"elsewhere", "book.xlsx", "corners.xlsx"}


def test_every_odd_spreadsheet_of_others_reads_or_is_refused_in_words(real_data: Path) -> None:
    found = sorted((real_data / "spreadsheets").iterdir())
    assert len(found) > 80
    read, codes = 0, set()
    for path in found:
        result = outcome(path)
        read += result == READ
        codes.add(result)
    assert read > 60
    assert codes == {READ, "empty_file", "damaged_file", "locked_file"}


def test_the_real_list_is_read_cell_for_cell_as_the_csv_module_has_it(real_data: Path) -> None:
    import csv

    path = real_data / "charity" / "services.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t")
    sheet = reading.read(path)
    assert sheet.header == tuple(header)
    assert sheet.rows == len(rows) == 79_838
    assert [column.cells() for column in sheet.columns] == [list(column) for column in zip(*rows, strict=True)]


def test_a_frozen_build_starts_itself_as_the_child(tmp_path: Path) -> None:
    path = files.write(tmp_path / "list.csv", files.VISITS)
    limits = asdict(Limits())
    start = f"from cis_desktop.intake.child import run_if_asked; run_if_asked(['cis-desktop', {FLAG!r}]); print('no')"
    done = subprocess.run(
        [sys.executable, "-c", start],
        input=msgspec.json.encode(Request(path=str(path), sheet=None, **limits)),
        capture_output=True,
        check=True,
    )
    assert msgspec.msgpack.decode(done.stdout, type=Answer).rows == 3


def test_the_child_imports_neither_the_vault_nor_the_window() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", "import sys, cis_desktop.intake.child; print(*sorted(sys.modules))"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert not {"sqlcipher3", "cis_desktop.vault", "PySide6", "ui", "pandas", "python_calamine"} & set(shown)
