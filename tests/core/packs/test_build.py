"""A pack is complete, harmless, the same every time, and holds nothing that was hidden."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from pypdf import PdfReader

from cis_desktop.disclosure.tables import Category, CellId, Dimension, Release
from cis_desktop.packs import PackFiles, build
from cis_desktop.packs.texts import inert
from cis_desktop.packs.verifying import verify_bytes
from tests.core.packs.examples import AGES, SIGNER, details, ordinary, released, shape, summed

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT / "resources" / "schemas"


@pytest.fixture(scope="module")
def pack() -> PackFiles:
    return build(ordinary(), details(), SIGNER)


def rows(pack: PackFiles, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(pack.files[f"tables/{table}.csv"].decode())))


def test_the_same_release_gives_the_same_bytes_later_elsewhere_and_in_any_order_of_hashes(pack: PackFiles) -> None:
    # ZIP times count in steps of two seconds.
    time.sleep(2.1)
    again = subprocess.run(
        [
            sys.executable, "-c",
            "from tests.core.packs.examples import *; from cis_desktop.packs import build; "
            "print(build(ordinary(), details(), SIGNER).sha256)",
        ],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert again.stdout.strip() == pack.sha256
    assert build(ordinary(), details(), SIGNER).archive == pack.archive


def test_another_time_makes_another_pack(pack: PackFiles) -> None:
    assert build(ordinary(), details(made_at="2018-04-03T10:00:01Z"), SIGNER).pack != pack.pack


def test_a_pack_holds_every_file_of_the_format(pack: PackFiles) -> None:
    assert {"manifest.json", "datapackage.json", "disclosure.json", "report.html", "report.pdf", "workbook.xlsx"} <= (
        pack.files.keys()
    )
    assert len([name for name in pack.files if name.startswith("tables/")]) == 5
    assert re.fullmatch(r"small-group-return-2018-q1-[0-9a-f]{8}", pack.stem)


def test_figures_are_tidy_rows_and_a_hidden_one_is_marked_with_its_limits(pack: PackFiles) -> None:
    found = {row["age_band_code"]: row for row in rows(pack, "people-by-age")}
    hidden = found["0-15"]
    assert (hidden["value"], hidden["status"], hidden["at_least"], hidden["at_most"]) == ("[c]", "hidden", "1", "")
    assert (found["16-64"]["value"], found["16-64"]["status"]) == ("101", "value")
    assert found["total"]["value"] == "123"
    assert hidden["group"] == "Kilburn Pantry"
    assert hidden["agreement"] == "Small group return, version 1"


def test_a_ward_is_a_rows_area_and_a_month_its_period(pack: PackFiles) -> None:
    kilburn = [row for row in rows(pack, "visits-by-ward") if row["ward_code"] == "E05000138"]
    assert {(row["area"], row["area_code"]) for row in kilburn} == {("Kilburn", "E05000138")}
    assert [row["period"] for row in rows(pack, "visits-by-month")] == ["2018-01", "2018-02", "2018-03", "2018-Q1"]


def test_money_is_pounds_with_two_decimals(pack: PackFiles) -> None:
    spent = next(row for row in rows(pack, "headlines") if row["measure_code"] == "spent")
    assert (spent["value"], spent["unit"]) == ("12345.50", "GBP")
    assert "£12,345.50" in pack.files["report.html"].decode()


def test_every_pack_has_the_same_columns_but_for_its_breakdowns(pack: PackFiles) -> None:
    always = [
        "group", "agreement", "period", "area", "area_code", "filters", "measure", "measure_code", "unit", "value",
        "status", "at_least", "at_most",
    ]  # fmt: skip
    for name in pack.files:
        if name.startswith("tables/"):
            header = next(csv.reader(io.StringIO(pack.files[name].decode())))
            assert [column for column in header if column in always] == always


def test_the_data_package_describes_every_column_and_symbol(pack: PackFiles) -> None:
    described = json.loads(pack.files["datapackage.json"])
    for resource in described["resources"]:
        lines = list(csv.reader(io.StringIO(pack.files[resource["path"]].decode())))
        fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        assert lines[0] == list(fields)
        missing = {each["value"]: each["label"] for each in resource["schema"]["missingValues"]}
        assert {"[c]", "[z]", "[x]"} <= missing.keys()
        for line in lines[1:]:
            for name, text in zip(fields, line, strict=True):
                if text not in missing and fields[name] in ("integer", "number"):
                    assert (int if fields[name] == "integer" else float)(text) >= 0
    needs = next(r for r in described["resources"] if r["name"] == "people-by-need")
    assert needs["breakdowns"][0]["adds_up"] is False
    assert [c["code"] for c in needs["breakdowns"][0]["categories"]] == ["food", "housing", "debt", "company"]


@pytest.mark.parametrize(("file", "name"), [("manifest.json", "manifest"), ("disclosure.json", "disclosure")])
def test_manifest_and_disclosure_statement_keep_to_their_schemas(pack: PackFiles, file: str, name: str) -> None:
    schema = json.loads((SCHEMAS / f"pack-{name}.schema.json").read_text(encoding="utf-8"))
    said = json.loads(pack.files[file])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(said, schema)
    for member in schema["required"]:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({key: value for key, value in said.items() if key != member}, schema)


def test_the_statement_counts_what_the_tables_hold(pack: PackFiles) -> None:
    every = [row for name in pack.files if name.startswith("tables/") for row in rows(pack, name[7:-4])]
    said = json.loads(pack.files["disclosure.json"])["counts"]
    assert said["cells"] == len(every)
    assert said["hidden"] == sum(row["value"] == "[c]" for row in every) == 3


def text_of(pack: PackFiles) -> str:
    """Give everything that can be read out of a pack, unzipped and drawn."""
    book = openpyxl.load_workbook(io.BytesIO(pack.workbook))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    drawn = [page.extract_text() for page in PdfReader(io.BytesIO(pack.report)).pages]
    files = [data.decode() for name, data in pack.files.items() if not name.endswith((".pdf", ".xlsx"))]
    return "\n".join([*files, *cells, *drawn])


def test_no_file_says_why_a_figure_is_hidden_or_what_it_is() -> None:
    plain = ordinary()
    ages = plain.tables[2].shape.identity(("0-15",))
    secret: dict[CellId, int] = {ages: 770_077}
    told = Release(
        plain.tables, plain.policy, plain.audit, reasons={ages: "QZXW because of the row"}, primary=frozenset({ages}),
        witnesses={ages: (secret, secret)},
    )  # fmt: skip
    everything = text_of(build(told, details(), SIGNER))
    assert "QZXW" not in everything
    assert "770077" not in everything.replace(",", "")
    assert everything == text_of(build(plain, details(), SIGNER))


def test_a_pack_says_where_it_goes_beyond_what_was_agreed() -> None:
    said = "Headline lines are not exact here, because exact ones would give a hidden figure back."
    files = build(replace(ordinary(), beyond=(said,)), details(), SIGNER).files
    assert said in json.loads(files["disclosure.json"])["rules"]
    assert said in files["report.html"].decode()
    book = openpyxl.load_workbook(io.BytesIO(files["workbook.xlsx"]))
    assert said in {cell.value for row in book["Notes"].iter_rows() for cell in row}


def test_a_pack_promises_nothing_for_what_earlier_packs_gave_away() -> None:
    told = json.loads(build(replace(ordinary(), spent=2), details(), SIGNER).files["disclosure.json"])
    assert [said for said in told["not_promised"] if "earlier packs" in said]
    assert told["audit"]["result"] != "nothing exposed"
    plain = json.loads(build(ordinary(), details(), SIGNER).files["disclosure.json"])
    assert not [said for said in plain["not_promised"] if "earlier packs" in said]
    assert plain["audit"]["result"] == "nothing exposed"


def test_a_pack_carries_what_was_agreed_about_freedom_of_information_and_else_asks_to_be_asked() -> None:
    agreed = "Released figures may be disclosed on request."
    told = build(ordinary(), details(foi=agreed), SIGNER).files["report.html"].decode()
    assert agreed in told
    assert "please consult the group" not in told
    assert "please consult the group" in build(ordinary(), details(), SIGNER).files["report.html"].decode()


def test_a_table_called_as_a_part_of_the_page_has_a_place_of_its_own() -> None:
    names = ("contents", "check", "words")
    made = [summed(shape(name, f"Table {name}", (AGES,)), {(age,): 40 for age in ("0-15", "16-64", "65+")})
            for name in names]  # fmt: skip
    text = build(released(*made), details(), SIGNER).files["report.html"].decode()
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


DANGEROUS = (
    '=HYPERLINK("http://x.example","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\r\n=2", "＝3",
    "<script>alert(1)</script>",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile() -> PackFiles:
    kinds = Dimension("=kind", "=Kind", tuple(Category(f"={n}", text) for n, text in enumerate(DANGEROUS)))
    made = summed(shape("=t", "=1+1", (kinds,)), {(f"={n}",): 20 + n for n in range(len(DANGEROUS))})
    said = dict.fromkeys(("group", "question", "signed_off_by", "recipient", "contact"), "=cmd|' /C calc'!A0")
    return build(released(made), details(**said), SIGNER)


def test_no_text_can_become_a_formula(hostile: PackFiles) -> None:
    book = openpyxl.load_workbook(io.BytesIO(hostile.workbook))
    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in texts} == {"s", "n"}
    strings = [cell.value for cell in texts if isinstance(cell.value, str)]
    for name in hostile.files:
        if name.startswith("tables/"):
            strings += [text for line in csv.reader(io.StringIO(hostile.files[name].decode())) for text in line]
    assert any("HYPERLINK" in text for text in strings)
    assert not [text for text in strings if text[:1] in set("=+-@＝＋－＠\t\r\n")]


def test_a_workbook_holds_no_macro_link_hidden_sheet_or_name(hostile: PackFiles) -> None:
    with zipfile.ZipFile(io.BytesIO(hostile.workbook)) as archive:
        names = archive.namelist()
        odd = r"vba|external|media|comment|drawing|pivot"
        assert not [name for name in names if re.search(odd, name, re.IGNORECASE)]
        core = archive.read("docProps/core.xml").decode()
        assert "hyperlink" not in "".join(archive.read(n).decode() for n in names if "sheet" in n)
    assert "Lovelace" not in core
    assert "cmd" not in core.replace("Small group return", "")
    assert "2018-04-03T10:00:00Z" in core
    assert core.count("2018-04-03T10:00:00Z") == 2
    book = openpyxl.load_workbook(io.BytesIO(hostile.workbook))
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    assert not book.defined_names


def test_a_workbook_keeps_to_the_rules_for_accessible_spreadsheets(pack: PackFiles) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pack.workbook))
    assert book.sheetnames == [
        "Cover", "Contents", "Notes", *(f"Table {n}" for n in range(1, 6)), "Categories", "Signature",
    ]  # fmt: skip
    notes = "\n".join(str(cell.value) for row in book["Notes"].iter_rows() for cell in row)
    assert all(symbol in notes for symbol in ("[c] means", "[z] means", "[x] means"))
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert len(sheet.tables) == 1
        assert all(any(cell.value is not None for cell in row) for row in sheet.iter_rows())
    # On paper the list of tables is one page wide: wide columns, or words that run on beyond them, make it tiny.
    contents = book["Contents"]
    assert sum(each.width for each in contents.column_dimensions.values()) <= 150
    assert all(cell.alignment.wrap_text for row in contents.iter_rows(min_row=5) for cell in row if cell.value)


class Page(HTMLParser):
    """What a page is made of: start tags with their attributes, in order, and its words."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_page_can_be_read_without_sight(pack: PackFiles) -> None:
    page = Page(pack.files["report.html"])
    assert page.named("html")[0]["lang"] == "en-GB"
    levels = [int(name[1]) for name, _ in page.tags if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    tables = len(page.named("table"))
    assert tables == len(page.named("caption")) == 5
    assert all(th.get("scope") in ("col", "row") for th in page.named("th"))
    drawings = page.named("svg")
    assert len(drawings) == 3
    ids = [attributes.get("id") for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert all(name in ids for name in str(drawing["aria-labelledby"]).split())
    assert "0 to 15: hidden; 16 to 64: 101; 65+: hidden." in page.words


def test_the_page_runs_nothing_and_fetches_nothing(hostile: PackFiles) -> None:
    text = hostile.files["report.html"].decode()
    page = Page(hostile.files["report.html"])
    assert not page.named("script") + page.named("iframe") + page.named("img") + page.named("link")
    assert not [a for _, attributes in page.tags for a in attributes if a.startswith("on")]
    assert all(str(a["href"]).startswith("#") for a in page.named("a"))
    assert set(re.findall(r"url\((\w+):", text)) == {"data"}
    assert "<script>alert(1)</script>" in page.words


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_pages_colours_are_told_apart_by_day_and_by_night(pack: PackFiles) -> None:
    text = pack.files["report.html"].decode()
    roots = re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    themes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", found)) for found in roots]
    assert len(themes) == 2
    for theme in themes:
        for ground in ("paper", "band"):
            assert all(contrast(theme[ink], theme[ground]) >= 4.5 for ink in ("ink", "quiet", "link"))
        assert all(contrast(theme[mark], theme["paper"]) >= 3 for mark in ("bar", "line", "focus"))


def test_the_report_has_a_title_a_language_bookmarks_and_its_own_letters(pack: PackFiles) -> None:
    report = PdfReader(io.BytesIO(pack.report))
    root: Any = report.trailer["/Root"]
    assert report.metadata is not None
    assert report.metadata.title == "Small group return: January to March 2018"
    assert report.metadata.author in (None, "")
    assert str(report.metadata["/CreationDate"]).startswith("D:20180403100000")
    assert root["/Lang"] == "en-GB"
    titles = [item.title for item in report.outline if not isinstance(item, list)]
    assert titles[:3] == ["In the group’s words", "Headline figures", "People by age band"]
    fonts = [font.get_object() for page in report.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_nothing_of_a_pack_lies_in_a_file_while_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Where there is no such folder, whoever puts a file into it fails.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert verify_bytes(build(ordinary(), details(), SIGNER).workbook, "pack.xlsx").valid


def test_a_hidden_figure_is_the_word_hidden_in_a_chart_and_nought_is_nought(pack: PackFiles) -> None:
    text = pack.files["report.html"].decode()
    ages = text[text.index('aria-labelledby="chart-people-by-age') :].split("</svg>")[0]
    assert len(re.findall(r">hidden</text>", ages)) == 2
    assert ages.count("<rect") == 1
    months = text[text.index('aria-labelledby="chart-visits-by-month') :].split("</svg>")[0]
    assert ">0</text>" in months
    assert months.count("<rect") == 2


def test_letters_that_cannot_be_drawn_right_are_marked_and_never_drawn_wrong() -> None:
    places = ("Київ", "লন্ডন", "Łódź", "བོད")
    words = Dimension("place", "Place", tuple(Category(id, name) for id, name in zip("abcd", places, strict=True)))
    table = summed(shape("t", "By place", (words,)), {("a",): 20, ("b",): 30, ("c",): 40, ("d",): 50})
    made = build(released(table), details(), SIGNER)
    drawn = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.report)).pages)
    assert "Київ" in drawn
    assert "Łódź" in drawn
    assert drawn.count("[words in another script]") == 3, "in the table, the chart, and the line that explains it"
    assert "লন্ডন" in made.files["report.html"].decode()
    assert "লন্ডন" in made.files["tables/t.csv"].decode()
    assert "བོད" in made.files["report.html"].decode()


def test_a_word_stays_one_word_whatever_unseen_signs_are_in_it() -> None:
    """Pasted text has soft hyphens and blanks of no width: as two words, no search would find a name."""
    assert inert("Ami\u00adna\u2028and I\u200bbu\u2060kun\tcame") == "Amina and Ibukun came"
