"""What the documentation of the pack says can be done by hand, done by hand."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest

from cis_desktop.packs import build
from cis_desktop.packs.tidy import AFTER, BEFORE
from tests.core.packs.examples import SIGNER, details, ordinary

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "formats" / "pack.md").read_text(encoding="utf-8")
NAME = "small-group-return-2018-q1-39087daa.cis-pack.zip"


def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"(    import hashlib.*?)\n\n## ", TEXT, re.DOTALL)
    assert found
    monkeypatch.chdir(folder)
    exec(compile(textwrap.dedent(found[1]), "pack.md", "exec"), {})


def test_the_recipe_for_checking_by_hand_passes_a_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / NAME).write_bytes(build(ordinary(), details(), SIGNER).archive)
    run(tmp_path, monkeypatch)


def test_the_recipe_for_checking_by_hand_stops_at_a_changed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.core.packs.test_verify import zipped

    files = dict(build(ordinary(), details(), SIGNER).files)
    files["report.html"] += b"<p>more</p>"
    (tmp_path / NAME).write_bytes(zipped(files))
    with pytest.raises(AssertionError, match=r"report\.html"):
        run(tmp_path, monkeypatch)


def test_every_column_and_member_is_documented() -> None:
    files = build(ordinary(), details(), SIGNER).files
    for name in (*BEFORE, *AFTER, *(file for file in files if not file.startswith("tables/"))):
        assert f"`{name}`" in TEXT, name
    assert json.loads(files["datapackage.json"])["resources"][0]["name"] == "headlines"
