"""Whatever bytes a file holds, reading it ends in a sheet or in a refusal, soon, and this process goes on.

Each example starts a real child process, so the examples are few; a soak run takes many more.
"""

from __future__ import annotations

import io
import random
import tempfile
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cis_desktop.errors import CisError
from cis_desktop.intake import mapping as mappings
from cis_desktop.intake import reading
from cis_desktop.intake.asking import Refused, Request
from cis_desktop.intake.reading import Limits
from cis_desktop.intake.texts import read_text
from tests.core.intake import files
from tests.share import SHARE

SMALL = Limits(seconds=20, memory_bytes=1 << 30)
Change = tuple[int, int, bytes]

changes = st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 40), st.binary(max_size=40)), min_size=1, max_size=8)
"""Where to cut (taken within the file's length), how much, and what to put there."""


def changed(data: bytes, edits: list[Change]) -> bytes:
    for place, length, fresh in edits:
        at = place % (len(data) + 1)
        data = data[:at] + fresh + data[at + length :]
    return data


def valid_files(folder: Path) -> dict[str, bytes]:
    files.write(folder / "list.csv", files.VISITS)
    files.write(folder / "list.tsv", files.VISITS.replace(",", "\t"), "utf-16")
    files.workbook(folder / "book.xlsx", Visits=files.typed_cells())
    files.ods(folder / "book.ods", [["Date", "Name"], ["2024-01-02", "Ada"]])
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def outcome(name: str, data: bytes) -> str:
    """Read the bytes under a name; give "read", or the refusal's code. Anything else raised fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            sheet = reading.read(path, limits=SMALL)
        except CisError as why:
            return why.code if why.sentence.endswith("Nothing was imported.") else f"no sentence: {why}"
        assert all(len(column.codes) == sheet.rows for column in sheet.columns)
        assert all(code < len(column.values) for column in sheet.columns for code in column.codes)
        return "read"


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    found = valid_files(tmp_path_factory.mktemp("seeds"))
    assert {outcome(name, data) for name, data in found.items()} == {"read"}
    return found


@pytest.mark.parametrize("name", ["list.csv", "list.tsv", "book.xlsx", "book.ods"])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=changes)
def test_a_file_with_bytes_cut_and_put_in_reads_or_is_refused(
    seeds: dict[str, bytes], name: str, edits: list[Change]
) -> None:
    assert not outcome(name, changed(seeds[name], edits)).startswith("no sentence")


@pytest.mark.parametrize("name", ["list.csv", "book.xlsx", "book.xls", "book.ods"])
@settings(max_examples=6)
@given(data=st.binary(max_size=400))
def test_bytes_that_were_never_a_file_read_or_are_refused(name: str, data: bytes) -> None:
    assert not outcome(name, data).startswith("no sentence")


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=changes, which=st.integers(0, 10**6))
def test_an_old_workbook_with_bytes_changed_reads_or_is_refused(
    real_data: Path, edits: list[Change], which: int
) -> None:
    old = sorted((real_data / "spreadsheets").glob("*.xls"))
    assert not outcome("old.xls", changed(old[which % len(old)].read_bytes(), edits)).startswith("no sentence")


@settings(max_examples=300)
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode), changes.map(
    lambda edits: changed(files.VISITS.encode(), edits))))  # fmt: skip
def test_text_of_any_kind_gives_whole_columns_or_a_reason(data: bytes) -> None:
    request = Request(
        path="list.csv", sheet=None, file_bytes=10**6, memory_bytes=1 << 30, seconds=20, rows=1000, columns=50,
        cell_characters=200, unpacked_bytes=10**6,
    )  # fmt: skip
    try:
        answer = read_text(data, request)
    except Refused:
        return
    assert len(answer.header) == len(answer.values) == len(answer.codes)
    assert all(len(codes) == answer.rows * 4 for codes in answer.codes)


@settings(max_examples=200)
@given(document=st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["format", "version", "columns", "header", "target", "values", "date_order", "latest"]), inner),
    max_leaves=12,
))  # fmt: skip
def test_a_mapping_of_any_shape_loads_or_is_refused(document: object) -> None:
    if isinstance(document, dict):
        document = {**document, "format": "cis-mapping", "version": 1}
    try:
        assert mappings.from_json(msgspec.json.encode(document), "mapping.json").version == 1
    except CisError as why:
        if why.code != "bad_mapping":
            raise


def repacked(data: bytes, edits: list[Change]) -> bytes:
    """Change the members of a packed file and pack it again, so that its reader gets past the packing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        names = old.namelist()
        for place, name in enumerate(names):
            here = [edit for edit in edits if edit[0] % len(names) == place]
            new.writestr(name, changed(old.read(name), here))
    return packed.getvalue()


@pytest.mark.parametrize("name", ["book.xlsx", "book.ods"])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=changes)
def test_a_workbook_whose_insides_are_changed_reads_or_is_refused(
    seeds: dict[str, bytes], name: str, edits: list[Change]
) -> None:
    assert not outcome(name, repacked(seeds[name], edits)).startswith("no sentence")


@pytest.mark.soak
def test_thousands_of_changed_files_read_or_are_refused(tmp_path: Path, real_data: Path) -> None:
    chance = random.Random(7)
    seeds = valid_files(tmp_path) | {p.name: p.read_bytes() for p in sorted((real_data / "spreadsheets").iterdir())}
    seen: dict[str, int] = {}
    for _ in range(int(3_000 * SHARE)):
        name = chance.choice(sorted(seeds))
        edits = [(chance.randrange(2**20), chance.randrange(40), chance.randbytes(8)) for _ in range(4)]
        packed = name.endswith(("xlsx", "ods")) and zipfile.is_zipfile(io.BytesIO(seeds[name]))
        found = outcome(name, repacked(seeds[name], edits) if packed else changed(seeds[name], edits))
        seen[found] = seen.get(found, 0) + 1
    print(f"seed 7: {seen}")
    assert len(seen) > 2, seen
    assert not any(found.startswith("no sentence") for found in seen)
