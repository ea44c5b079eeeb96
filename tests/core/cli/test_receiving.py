"""The commands for what comes in: what a script relies on, and what a person reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cis_desktop.cli import main
from tests.core.briefings import made
from tests.core.geography.files import boundaries, feature


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    secret = tmp_path / "secret"
    secret.write_text("four words are enough\n", encoding="utf-8")

    def command(name: str, *given: object, code: int = 0, words: bool = False) -> Any:
        capsys.readouterr()
        line = [name, str(tmp_path / "w"), *map(str, given), "--passphrase-file", str(secret)]
        assert main(line if words else [*line, "--json"]) == code
        out = capsys.readouterr().out
        return out if words else json.loads(out)

    command("create", "--name", "A group")
    return command


def test_areas_and_briefings_come_in_are_listed_shown_and_undone(tmp_path: Path, run: Any) -> None:
    wards = boundaries(tmp_path / "wards25.geojson", feature("E05015239", "Altrincham"))
    done = run("areas", "import", wards)
    assert (done["vintages"], done["files"][0]["outlines"]) == (["2025"], 1)
    assert {(one["kind"], one["count"]) for one in run("areas", "list")["areas"]} == {("ward", 1), ("authority", 1)}
    table = tmp_path / "heating.csv"
    table.write_text(made.TABLE, encoding="utf-8")
    taken = run("briefing", "import", table, "--from", "Trafford Council", "--title", "Heating")
    assert (taken["figures"], taken["unmatched"]) == (2, ["Ashton upon Mersey"])
    (listed,) = run("briefing", "list")["briefings"]
    assert (listed["title"], listed["sender"], listed["files"]) == ("Heating", "Trafford Council", 1)
    (series,) = run("briefing", "show", listed["id"])["briefing"]["series"]
    assert [figure["value"] for figure in series["figures"]] == ["120", None]
    said = run("briefing", "show", listed["id"], words=True)
    assert "Altrincham: 120\n" in said
    assert "Ashton upon Mersey: hidden\n" in said
    assert run("search", "heating")["results"][0]["kind"] == "briefing"
    run("undo", taken["change_set"])
    assert run("briefing", "list")["briefings"] == []


def test_what_cannot_be_taken_in_is_refused_in_a_sentence(tmp_path: Path, run: Any) -> None:
    assert run("briefing", "import", tmp_path / "none.csv", code=1)["error"]["code"] == "no_such_file"
    assert run("briefing", "import", code=1)["error"]["code"] == "nothing_named"
    assert run("briefing", "show", "first", code=1)["error"]["code"] == "nothing_named"
    assert run("briefing", "show", "7", code=1)["error"]["code"] == "not_found"
    assert run("areas", "import", code=1)["error"]["code"] == "nothing_named"
    assert run("areas", "list")["areas"] == []
