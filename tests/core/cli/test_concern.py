"""Safeguarding concerns from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cis_desktop import ways_in
from cis_desktop.cli import main
from cis_desktop.workspace import Workspace

ANN, BO = "correct horse battery staple", "purple lantern gravel teapot"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `concern` on a workspace of Ann's and Bo's, as one of them."""
    for name, words in (("ann", ANN), ("bo", BO), ("words", "She had bruises."), ("more", "Rang the council.")):
        (tmp_path / name).write_text(words + "\n")
    with Workspace.create(tmp_path / "w", "Larder", "Ann", ANN, passes=1) as workspace:
        ways_in.add_person(workspace, "Bo", BO, passes=1)

    def command(secret: str, *given: object, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        arguments = ["concern", tmp_path / "w", *given, "--json", "--passphrase-file", tmp_path / secret]
        assert main([*map(str, arguments)]) == code
        return json.loads(capsys.readouterr().out)

    return command


def test_a_concern_is_written_read_by_the_lead_alone_and_decided(tmp_path: Path, run: Any) -> None:
    words = ("--words-file", tmp_path / "words")
    assert run("bo", "add", *words, code=1)["error"]["code"] == "no_lead"
    assert run("ann", "lead", "Ann")["readers"] == [{"name": "Ann", "role": "lead"}]
    assert run("bo", "lead", "Bo", code=1)["error"]["code"] == "not_for_you"
    reference = run("bo", "add", *words, "--about", "P-0001")["concern"]
    assert run("bo", "list")["concerns"] == []
    assert run("bo", "show", reference, code=1)["error"]["code"] == "not_found"
    assert run("ann", "show", reference.lower())["concern"]["words"] == "She had bruises."
    decided = run("ann", "decide", reference, "--words-file", tmp_path / "more")["concern"]
    assert [each["words"] for each in decided["decisions"]] == ["Rang the council."]
    (listed,) = run("ann", "list")["concerns"]
    assert (listed["about"], listed["by"]) == ("P-0001", "Bo")


def test_what_is_missing_is_said(tmp_path: Path, run: Any) -> None:
    run("ann", "lead", "Ann")
    assert run("bo", "add", code=1)["error"]["code"] == "no_words"
    assert run("bo", "add", "--words-file", tmp_path / "nothing", code=1)["error"]["code"] == "no_words"
    assert run("ann", "deputy", "Nobody", code=1)["error"]["code"] == "no_way_in"
    refused = run("bo", "add", "--words-file", tmp_path / "words", "--not-for", "Ann", code=1)
    assert refused["error"]["code"] == "nobody_left"
    refused = run("bo", "add", "--words-file", tmp_path / "words", "--not-for", "Anne", code=1)
    assert refused["error"]["code"] == "no_such_reader"


def test_a_kit_made_by_another_opens_concerns_once_a_reader_agrees(tmp_path: Path, run: Any) -> None:
    run("ann", "lead", "Ann")
    reference = run("bo", "add", "--words-file", tmp_path / "words")["concern"]
    file = tmp_path / "kit"
    assert (
        main([*map(str, ["keys", tmp_path / "w", "kit", "--kit-file", file, "--passphrase-file", tmp_path / "bo"])])
        == 0
    )
    (tmp_path / "by_kit").write_text(next(each for each in file.read_text().split() if each.startswith("AGE-SECRET")))
    assert run("by_kit", "list")["concerns"] == []
    assert run("bo", "kit", code=1)["error"]["code"] == "not_for_you"
    assert run("ann", "kit", "no-such-kit")["kits"] == 0
    assert run("by_kit", "list")["concerns"] == []
    assert run("ann", "kit")["kits"] == 1
    assert [each["reference"] for each in run("by_kit", "list")["concerns"]] == [reference]
