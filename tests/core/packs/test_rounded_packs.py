"""Every way of rounding and withholding, from exact tables to the files, and what an attack on those files finds."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace
from itertools import product
from pathlib import Path

import jsonschema
import pytest
from openpyxl import load_workbook

from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import TOTAL, Cell, Cells, Policy, Release, ReleasedCell, ReleasedTable, Table
from cis_desktop.packs import build
from cis_desktop.packs.audit import Attack, attack_packs
from cis_desktop.packs.fields import insertable
from cis_desktop.packs.making import PackFiles
from cis_desktop.packs.reading import read_pack
from tests.core.packs.examples import AGES, SIGNER, WARDS, details, released, shape

SCHEMA = Path(__file__).parents[3] / "resources" / "schemas" / "pack-disclosure.schema.json"
NHS = PROFILES["nhs-1to7-round5"]
WAYS: dict[str, Policy] = {
    **PROFILES,
    "nhs rounded to 10": replace(NHS, method="controlled", rounding=10),
    "nhs with sums": replace(NHS, method="small", rounding=10, totals="summed"),
    "headlines only": replace(NHS, headlines_only=True),
    "few noughts": replace(NHS, zeros="few"),
    "no noughts": replace(NHS, zeros="protect"),
    "never": replace(NHS, never_publish=(Cells((("age_band", "65+"),)),)),
}


def exact() -> list[Table]:
    """Give a headline line, and people by ward and age: skewed, with noughts."""
    draw = random.Random(11)
    counts = {key: int(draw.expovariate(1 / 12)) * (draw.random() > 0.2)
              for key in product((c.key for c in WARDS.categories), (c.key for c in AGES.categories))}  # fmt: skip
    cells = {}
    for key in product(*((*(c.key for c in d.categories), TOTAL) for d in (WARDS, AGES))):
        n = sum(v for leaf, v in counts.items() if all(k in (TOTAL, part) for k, part in zip(key, leaf, strict=True)))
        cells[key] = Cell(n, n, n)
    headline = Table(shape("people", "People helped", accountability=True), {(): cells[TOTAL, TOTAL]})
    return [headline, Table(shape("people_by_ward", "People by ward", (WARDS, AGES)), cells)]


def made(policy: Policy) -> tuple[Release, PackFiles]:
    release = protect(exact(), policy, (), b"a secret", 30)
    assert isinstance(release, Release), release
    return release, build(release, details(), SIGNER)


def attacked(files: PackFiles) -> Attack:
    return attack_packs([read_pack(files.archive, files.stem)])


@pytest.mark.parametrize("way", WAYS)
def test_an_attack_on_the_files_finds_nothing_and_the_statement_fits_its_schema(way: str) -> None:
    release, files = made(WAYS[way])
    assert not attacked(files).exposed
    said = json.loads(files.files["disclosure.json"])
    jsonschema.validate(said, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert said["rounding"]["method"] == release.policy.method


def test_headlines_alone_have_a_symbol_of_their_own_for_all_the_rest() -> None:
    _, files = made(WAYS["headlines only"])
    lines = list(csv.DictReader(io.StringIO(files.files["tables/people-by-ward.csv"].decode())))
    assert {line["value"] for line in lines[:-1]} == {"[x]"}
    assert lines[-1]["status"] == "value"
    page = files.files["report.html"].decode()
    assert "[x] is a figure that is not released, whatever it is." in page


def test_a_pack_that_was_rounded_to_add_up_says_so_and_what_that_promises() -> None:
    _, files = made(PROFILES["controlled-round5"])
    said = json.loads(files.files["disclosure.json"])
    assert any("a multiple of 5, money of £5, so that tables add up" in rule for rule in said["rules"])
    assert any("nobody can tell which of the figures shown as 0 or 5" in promise for promise in said["promised"])
    assert "A nought can be anything up to 4." in said["rules"]


def test_a_rounded_figure_that_the_others_narrow_is_found() -> None:
    """0 to 4 and 0 to 4, and an exact total of 8 beside them: both are 4."""
    policy = PROFILES["controlled-round5"]
    small = ReleasedCell("rounded", 0, 0, 4)
    of = replace(shape("t", "T", (AGES,)), dimensions=(replace(AGES, categories=AGES.categories[:2]),))
    for total, exposed in ((8, 2), (4, 0)):
        cells = {("0-15",): small, ("16-64",): small, (TOTAL,): ReleasedCell("value", total, total, total)}
        files = build(released(ReleasedTable(of, cells), policy=policy), details(), SIGNER)
        assert len(attacked(files).exposed) == exposed


def test_a_total_that_is_only_a_sum_of_what_is_shown_says_so_wherever_it_stands() -> None:
    release, files = made(replace(WAYS["nhs with sums"], accountability_households=1000))
    total = release.tables[1].cells[TOTAL, TOTAL].value
    (headline,) = csv.DictReader(io.StringIO(files.files["tables/headlines.csv"].decode()))
    assert (headline["measure"], headline["value"], headline["at_most"]) == ("People helped (sum)", str(total), "")
    lines = list(csv.DictReader(io.StringIO(files.files["tables/people-by-ward.csv"].decode())))
    assert {line["ward"] for line in lines if line["ward_code"] == TOTAL} == {"Total (sum)"}
    assert not [
        line for line in lines if "(sum)" in line["measure"] and TOTAL not in (line["ward_code"], line["age_band_code"])
    ]
    assert f"{total} (sum)" in files.files["report.html"].decode()
    assert insertable(release.tables)["People helped"] == f"{total} (sum)"
    assert any("do not quote it" in rule.casefold() for rule in json.loads(files.files["disclosure.json"])["rules"])
    book = load_workbook(io.BytesIO(files.workbook), read_only=True)
    told = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"People helped (sum)", "Total (sum)"} <= told
