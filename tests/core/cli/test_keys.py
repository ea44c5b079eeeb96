"""Who can open the record, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cis_desktop.cli import main
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace

ANN, BO, NEW = "correct horse battery staple", "purple lantern gravel teapot", "seven quiet otters knitting"


@pytest.fixture
def group(tmp_path: Path) -> Path:
    """Give a folder with a cheaply locked workspace of Ann's, her passphrase and two others in files."""
    for name, words in (("ann", ANN), ("bo", BO), ("new", NEW)):
        (tmp_path / name).write_text(words + "\n")
    Workspace.create(tmp_path / "w", "Larder", "Ann", ANN, tmp_path / "kit.txt", passes=1).close()
    kit = next(line for line in (tmp_path / "kit.txt").read_text().split() if line.startswith("AGE-SECRET"))
    (tmp_path / "kit").write_text(kit + "\n")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], group: Path) -> Any:
    """Run a command on that workspace with a passphrase by name, and give what it answers."""

    def command(name: str, *given: object, secret: str = "ann", code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        arguments = [name, str(group / "w"), *map(str, given), "--json", "--passphrase-file", str(group / secret)]
        assert main(arguments) == code
        return json.loads(capsys.readouterr().out)

    return command


def names(answer: dict[str, Any]) -> list[str]:
    return [slot["name"] for slot in answer["slots"] if not slot["gone_at"]]


def test_a_second_person_is_let_in_changes_their_passphrase_and_is_taken_off(group: Path, run: Any) -> None:
    assert names(run("keys", "list")) == ["Ann", "Recovery kit"]
    assert names(run("keys", "add", "Bo", "--new-passphrase-file", group / "bo")) == ["Ann", "Recovery kit", "Bo"]
    run("keys", "change", "--new-passphrase-file", group / "new", secret="bo")
    assert run("keys", "list", secret="bo", code=1)["error"]["code"] == "wrong_passphrase"
    assert names(run("keys", "list", secret="new")) == ["Ann", "Recovery kit", "Bo"]
    assert names(run("keys", "remove", "bo")) == ["Ann", "Recovery kit"]
    assert run("check", secret="new", code=1)["error"]["code"] == "wrong_passphrase"
    assert {slot["name"]: slot["gone_by"] for slot in run("keys", "list", "--gone")["slots"]}["Bo"] == "Ann"
    assert run("check")["problems"] == []


def test_the_kit_gives_a_new_passphrase_and_a_new_kit(group: Path, run: Any) -> None:
    file = group / "new-kit.txt"
    answer = run("keys", "recover", "Ann", "--new-passphrase-file", group / "new", "--kit-file", file, secret="kit")
    assert names(answer) == ["Ann", "Recovery kit"]
    for old, code in (("kit", "wrong_recovery_key"), ("ann", "wrong_passphrase")):
        assert run("check", secret=old, code=1)["error"]["code"] == code
    identity = next(line for line in file.read_text().split() if line.startswith("AGE-SECRET"))
    (group / "second").write_text(identity)
    for secret in ("new", "second"):
        assert run("check", secret=secret)["problems"] == []


def test_a_passphrase_does_not_put_another_in_the_place_of_anybodys(group: Path, run: Any) -> None:
    run("keys", "add", "Bo", "--new-passphrase-file", group / "bo")
    before = (group / "w" / keys.FILE_NAME).read_bytes()
    file = group / "new-kit.txt"
    given = ("--new-passphrase-file", group / "new", "--kit-file", file)
    assert run("keys", "recover", "Ann", *given, secret="bo", code=1)["error"]["code"] == "not_the_kit"
    assert not file.exists()
    assert run("keys", "change", "Ann", *given[:2], secret="bo", code=1)["error"]["code"] == "not_yours"
    assert (group / "w" / keys.FILE_NAME).read_bytes() == before
    run("keys", "change", "bo", *given[:2], secret="bo")
    assert run("check", secret="new")["problems"] == []


def test_a_refused_recovery_leaves_no_kit_and_changes_nothing(group: Path, run: Any) -> None:
    (group / "weak").write_text("password\n")
    before = (group / "w" / keys.FILE_NAME).read_bytes()
    file = group / "new-kit.txt"
    answer = run(
        "keys", "recover", "Ann", "--new-passphrase-file", group / "weak", "--kit-file", file, secret="kit", code=1
    )
    assert answer["error"]["code"] == "weak_passphrase"
    assert not file.exists()
    assert (group / "w" / keys.FILE_NAME).read_bytes() == before
    assert run("keys", "recover", "Ann", secret="kit", code=1)["error"]["code"] == "no_kit_file"
    assert run("keys", "remove", "Nobody", code=1)["error"]["code"] == "no_way_in"
    assert run("keys", "add", code=1)["error"]["code"] == "no_name"


def test_the_lock_is_changed_and_everybody_gets_in_as_before(group: Path, run: Any) -> None:
    old = (group / "w" / keys.FILE_NAME).read_bytes()
    assert run("rekey") == {"rekeyed": True}
    for secret in ("ann", "kit"):
        assert run("check", secret=secret)["problems"] == []
    (group / "w" / keys.FILE_NAME).write_bytes(old)
    assert run("check", code=1)["error"]["code"] == "wrong_key"


def test_the_only_one_who_reads_concerns_is_not_taken_off_unasked(
    group: Path, run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    run("keys", "add", "Bo", "--new-passphrase-file", group / "bo")
    run("concern", "lead", "Bo")
    answer = run("keys", "remove", "Bo", code=1)
    assert answer["error"]["code"] == "only_reader"
    assert "concern DIR lead NAME" in answer["error"]["sentence"]
    assert names(run("keys", "list")) == ["Ann", "Recovery kit", "Bo"]
    run("concern", "deputy", "Ann", secret="bo")
    assert names(run("keys", "remove", "Bo")) == ["Ann", "Recovery kit"]
    arguments = ["keys", str(group / "w"), "remove", "Ann", "--anyway", "--passphrase-file", str(group / "ann")]
    run("keys", "add", "Cy", "--new-passphrase-file", group / "new")
    assert main(arguments) == 0
    assert "Nobody reads safeguarding concerns now" in capsys.readouterr().err
