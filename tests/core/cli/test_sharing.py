"""Two laptops share a record by typed commands alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cis_desktop.cli import main
from cis_desktop.workspace import Workspace
from tests.core.sync.group import WORDS, add, names, rename


class Typed:
    """Commands as they are typed, each with the passphrase of its record."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        (folder / "words").write_text(WORDS)
        (folder / "stick").mkdir()

    def __call__(self, *words: str, code: int = 0) -> Any:
        given = [word.replace("@", f"{self.folder}/") for word in words]
        assert main([*given, "--json", "--passphrase-file", str(self.folder / "words")]) == code
        return json.loads(self.capsys.readouterr().out)

    def opened(self, name: str) -> Workspace:
        return Workspace.open(self.folder / name, WORDS)


def test_a_laptop_joins_both_write_and_somebody_chooses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(tmp_path, capsys)
    with Workspace.create(tmp_path / "front", "Larder", "Ann", WORDS, passes=1) as front:
        add(front, "Amina")
    assert typed("sync", "@front", "--folder", "@stick", code=1)["error"]["code"] == "not_shared"
    made = typed("devices", "@front", "invite", "--name", "Hall", "--out", "@x", "--code-file", "@code")
    assert [each["name"] for each in made["invitations"]] == ["Hall"]
    assert len((tmp_path / "code").read_text().split()) == 6
    assert (tmp_path / "code").stat().st_mode & 0o077 == 0
    refused = typed("devices", "@front", "invite", "--name", "Hall", "--out", "@y", "--code-file", "@code", code=1)
    assert refused["error"]["code"] == "file_exists"
    assert not (tmp_path / "y").exists()
    joined = typed("devices", "@hall", "join", "--invite", "@x", "--code-file", "@code", "--person", "Bo")
    assert joined["group"] == "Larder"
    assert typed("sync", "@hall", "--folder", "@stick")["asked"]
    assert len(typed("sync", "@front", "--folder", "@stick")["joined"]) == 1
    typed("sync", "@hall", "--folder", "@stick")
    with typed.opened("hall") as hall:
        assert names(hall) == ["Amina"]
        rename(hall, "Amina", "Amena")
    with typed.opened("front") as front:
        rename(front, "Amina", "Aminata")
    for who in ("hall", "front", "hall"):
        found = typed("sync", f"@{who}", "--folder", "@stick")
    assert found["conflicts"] == 1
    (one,) = typed("conflicts", "@hall", "list")["conflicts"]
    assert {(each["value"], each["who"]) for each in one["values"]} == {("Amena", "Bo"), ("Aminata", "Ann")}
    assert typed("conflicts", "@hall", "choose", one["id"], "Zehra", code=1)["error"]["code"] == "no_such_value"
    assert typed("conflicts", "@hall", "choose", one["id"], "Amena")["conflicts"] == []
    for who in ("hall", "front"):
        typed("sync", f"@{who}", "--folder", "@stick")
    with typed.opened("front") as front:
        assert names(front) == ["Amena"]
    assert typed("devices", "@front", "rename", "Hall", "--name", "Village hall")["devices"]
    gone = typed("devices", "@front", "remove", "Village hall")
    assert [each["removed"] for each in gone["devices"]] == [False, True]
    assert not any(each["removed"] for each in typed("devices", "@front", "take-back", "Village hall")["devices"])


def test_what_is_left_out_of_a_command_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(tmp_path, capsys)
    Workspace.create(tmp_path / "front", "Larder", "Ann", WORDS, passes=1).close()
    for words, code in (
        (("devices", "@front", "invite"), "invite_what"), (("devices", "@new", "join"), "join_what"),
        (("devices", "@front", "remove"), "which_laptop"), (("conflicts", "@front", "choose"), "choose_what"),
        (("devices", "@front", "take-back", "nobody"), "which_laptop"),
    ):  # fmt: skip
        assert typed(*words, code=1)["error"]["code"] == code
    assert typed("devices", "@front", "list") == {"devices": [], "invitations": [], "due": [], "locks": []}
    assert typed("erasures", "@front")["erasures"] == []
