"""What nobody sees in a name steers neither the terminal nor the order of its letters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cis_desktop.cli import main
from cis_desktop.records import people
from cis_desktop.workspace import Workspace

ANN = "correct horse battery staple"
UNSEEN = "\u202e\u2066\u200b\u200f\ufeff\x1b[31m\x9b"
STEERS = set(UNSEEN) - set("[31m")


@pytest.fixture
def record(tmp_path: Path) -> tuple[str, ...]:
    """Give the arguments for a record whose names hold what steers."""
    secret = tmp_path / "passphrase"
    secret.write_text(ANN + "\n")
    made = Workspace.create(tmp_path / "group", f"Lar{UNSEEN}der", "Ann", ANN, passes=1)
    with made, made.change("Added") as change:
        people.add(change, given_name=f"Am{UNSEEN}ina", family_name="عمر", note="👩\u200d👧")
    return str(tmp_path / "group"), "--passphrase-file", str(secret)


def test_a_terminal_is_not_steered_by_names(record: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    folder, *secret = record
    for command in (["show", folder, "P-0001"], ["search", folder, "ina"], ["history", folder]):
        assert main([*command, *secret]) == 0
        out, _ = capsys.readouterr()
        assert not STEERS & set(out), command
    assert main(["show", folder, "P-0001", *secret]) == 0
    shown = capsys.readouterr().out
    assert "given_name: Am[31mina\n" in shown
    assert "عمر" in shown
    assert "👩\u200d👧" in shown


def test_json_says_the_same_in_escapes(record: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    folder, *secret = record
    assert main(["show", folder, "P-0001", "--json", *secret]) == 0
    out, _ = capsys.readouterr()
    assert not STEERS & set(out)
    assert f"Am{UNSEEN}ina" in json.dumps(json.loads(out), ensure_ascii=False).replace("\\u001b", "\x1b")


def test_the_label_of_a_person_and_the_name_of_a_group_have_none(record: tuple[str, ...]) -> None:
    with Workspace.open(Path(record[0]), ANN) as opened:
        assert people.page(opened.read)[0].label == "Am[31mina عمر"
        assert opened.name == "Lar[31mder"
        assert people.page(opened.read)[0].given_name == f"Am{UNSEEN}ina"
    assert people.label("\u202e\u200b", None, None, "P-0001") == "P-0001"
