"""What the page about briefings says is what the code does."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import jsonschema
import pytest

from cis_desktop.briefings import area_files, figures, looking, native, parts, tables
from cis_desktop.intake import documents, geojson
from cis_desktop.packs import archive
from tests.core.briefings import made

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "formats" / "briefing.md").read_text(encoding="utf-8")


def test_the_published_schema_is_the_one_that_manifests_are_read_by(tmp_path: Path) -> None:
    published = (ROOT / "resources" / "schemas" / "briefing-manifest.schema.json").read_bytes()
    assert published == native.schema()
    with zipfile.ZipFile(made.briefing(tmp_path / "a.cis-briefing.zip")) as whole:
        said = json.loads(whole.read("manifest.json"))
    jsonschema.validate(said, json.loads(published))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**said, "format": "cis-pack"}, json.loads(published))


def test_the_limits_on_the_page_are_those_that_are_kept() -> None:
    for limit in (
        f"{looking.MOST_FILES} files", f"{parts.LIMITS.file_bytes >> 20} MB each",
        f"{looking.MOST_TOGETHER >> 20} MB together", f"{parts.LIMITS.rows:,} rows",
        f"{figures.MOST_FIGURES:,} figures", f"{geojson.MOST_PLACES:,} areas",
        f"{geojson.MOST_CORNERS:,} corners", f"{area_files.LONGEST_NAME} characters", f"{native.LONGEST_TEXT:,} char",
        f"{documents.MOST_CHARACTERS:,} characters", f"{documents.MOST_PAGES:,} pages",
        f"{archive.MAX_MEMBERS:,} members", f"{archive.MAX_UNPACKED >> 20} MB unpacked", f"{archive.MAX_RATIO} times",
    ):  # fmt: skip
        assert limit in PAGE, limit
    for folder in native.FOLDERS:
        assert f"`{folder}/*" in PAGE
    for ending in parts.LISTS:
        assert f"`{ending}`" in PAGE
    assert all(f"`{target}`" in PAGE for target in tables.Target.__args__)  # type: ignore[attr-defined]
