"""What the commands answer on small workspaces: the parts of their contract that a script relies on."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cis_desktop import ledger
from cis_desktop.cli import main
from cis_desktop.cli.examples import past_quarters
from cis_desktop.workspace import Workspace

SECRET = "four words are enough"
WARNING = ("create", "import", "release")
"""What is done, and warns on standard error where there is no recovery kit."""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    (tmp_path / "secret").write_text(SECRET + "\n")

    def command(*given: object, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        assert main([*map(str, given), "--json"]) == code
        out, complaint = capsys.readouterr()
        assert out.count("\n") == 1
        assert bool(code) == bool(complaint) or given[0] in ("check", "verify", "audit", *WARNING)
        return json.loads(out)

    return command


@pytest.fixture
def home(tmp_path: Path, run: Any) -> Path:
    sheet = tmp_path / "visits.csv"
    lines = [f"{n},Given{n},Family{n},{d:02d}/01/2025,visit" for n in range(1, 13) for d in (14, 28)]
    sheet.write_text("Client number,First name,Family name,Date,Kind\n" + "\n".join(lines) + "\n")
    run("create", tmp_path / "w", "--name", "A group", "--passphrase-file", tmp_path / "secret")
    run("import", tmp_path / "w", sheet, "--passphrase-file", tmp_path / "secret")
    return tmp_path


def test_a_record_is_found_shown_erased_and_then_nowhere(home: Path, run: Any) -> None:
    secret = ("--passphrase-file", home / "secret")
    (hit,) = run("search", home / "w", "Given7", *secret)["results"]
    shown = run("show", home / "w", hit["reference"], *secret)["record"]
    assert shown["family_name"] == "Family7"
    assert len(shown["contacts"]) == 2
    changes = run("history", home / "w", "--record", hit["reference"], *secret)["change_sets"]
    assert [one["words"] for one in changes] == ["Imported a spreadsheet of 24 rows"]
    erased = run("erase", home / "w", hit["reference"], *secret)
    assert erased["erased"] == 4
    assert erased["receipt"]["rows"] == {"people": 1, "contacts": 2, "households": 1}
    assert "safeguarding concerns" in erased["receipt"]["does_not_reach"]
    assert "ask the safeguarding lead" in erased["receipt"]["to_do"]
    assert run("show", home / "w", shown["household"], *secret, code=1)["error"]["code"] == "not_found"
    assert run("search", home / "w", "Given7", *secret)["results"] == []
    assert run("show", home / "w", hit["reference"], *secret, code=1)["error"]["code"] == "not_found"
    assert run("check", home / "w", *secret)["problems"] == []


def test_an_undone_import_leaves_who_was_worked_on_and_names_them(home: Path, run: Any) -> None:
    secret = ("--passphrase-file", home / "secret")
    with Workspace.open(home / "w", SECRET) as workspace, workspace.change("Corrected a name") as change:
        change.update("people", 3, given_name="Amina")
    imported = run("history", home / "w", *secret)["change_sets"][1]["id"]
    undone = run("undo", home / "w", imported, *secret)
    assert {one["reference"] for one in undone["kept"] if one["table"] == "people"} == {"P-0003"}
    assert [h["label"] for h in run("search", home / "w", "Amina", *secret)["results"]] == ["Amina Family3"]
    assert run("search", home / "w", "Given4", *secret)["results"] == []


def test_a_backup_comes_back_with_the_passphrase_alone(home: Path, run: Any) -> None:
    secret = ("--passphrase-file", home / "secret")
    made = run("backup", home / "w", "--to", home / "stick" / "b.cis-backup", *secret)
    assert made["verified"] is True
    back = run("restore", made["file"], home / "again", *secret)
    assert len(run("search", home / "again", "Given", "--limit", 50, *secret)["results"]) == 12
    original = run("history", home / "w", *secret)["change_sets"]
    assert run("history", home / "again", *secret)["change_sets"] == original
    assert back["device"] not in {one["id"].split(":")[0] for one in original}


def test_dates_that_could_be_read_two_ways_are_asked_about(tmp_path: Path, run: Any) -> None:
    secret = ("--passphrase-file", tmp_path / "secret")
    sheet = tmp_path / "s.csv"
    sheet.write_text("Client number,Date\n1,02/03/2025\n2,04/05/2025\n")
    run("create", tmp_path / "w", "--name", "A group", *secret)
    refused = run("import", tmp_path / "w", sheet, *secret, code=1)
    assert refused["error"]["code"] == "needs_answer"
    assert "--dates" in refused["error"]["sentence"]
    assert run("import", tmp_path / "w", sheet, "--dates", "uk", *secret)["imported"] == 2
    (hit,) = run("search", tmp_path / "w", "P-0001", *secret)["results"]
    shown = run("show", tmp_path / "w", hit["reference"], *secret)["record"]
    assert [one["on_date"] for one in shown["contacts"]] == ["2025-03-02"]


def test_a_passphrase_comes_from_standard_input_too(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (("create", tmp_path / "w", "--name", "A group"), ("check", tmp_path / "w")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(SECRET + "\n"))
        run(*command, "--passphrase-file", "-")


def test_the_demo_makes_a_workspace_packs_and_a_briefing(tmp_path: Path, run: Any) -> None:
    made = run("demo", tmp_path / "d", "--people", 300, "--passphrase-file", tmp_path / "secret")
    assert made["figures"]["people"] == 300
    assert len(made["packs"]) + len(made["refused"]) == 4
    assert len(made["packs"]) >= 3
    assert "passphrase" not in made
    for pack in made["packs"]:
        assert run("verify", pack["workbook"])["valid"] is True
    assert run("audit", tmp_path / "d" / "packs")["exposed"] == []
    assert all(Path(path).is_file() for path in made["briefing"])
    secret = ("--passphrase-file", tmp_path / "secret")
    entries = run("ledger", tmp_path / "d" / "workspace", *secret)["releases"]
    marked = run("ledger", tmp_path / "d" / "workspace", "--mark", entries[0]["pack"], "sent", *secret)["releases"]
    assert [one["status"] for one in marked] == ["sent"] + ["made"] * (len(entries) - 1)


def test_a_changed_pack_is_not_valid(home: Path, run: Any) -> None:
    secret = ("--passphrase-file", home / "secret")
    run("agreement", home / "w", "accept", "small-group-return", *secret)
    done = run(
        "release", home / "w", "--agreement", "small-group-return", "--period", "2025-Q1", "--out", home / "p",
        "--sign-off", "Ann", *secret,
    )  # fmt: skip
    archive = Path(done["archive"])
    raw = bytearray(archive.read_bytes())
    raw[len(raw) // 2] ^= 1
    archive.write_bytes(raw)
    assert main(["verify", str(archive), "--json"]) == 1


def test_the_last_whole_quarters_are_told_from_the_day() -> None:
    from datetime import date

    assert past_quarters(date(2026, 1, 15), 3) == ["2025-Q2", "2025-Q3", "2025-Q4"]
    assert past_quarters(date(2026, 12, 31), 2) == ["2026-Q2", "2026-Q3"]


def test_the_self_test_passes_and_leaves_nothing(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert len(run("selftest")["passed"]) == 7
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_record_is_shown_in_lines_and_may_be_cut_short_by_who_reads(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = ("--passphrase-file", str(home / "secret"))
    with Workspace.open(home / "w", SECRET) as workspace, workspace.change("Edited") as change:
        change.update("people", 1, note="first line\nkind: forged")
    capsys.readouterr()
    assert main(["show", str(home / "w"), "P-0001", *secret]) == 0
    shown, _ = capsys.readouterr()
    assert "\nnote: first line\n  kind: forged\n" in shown
    assert "\ncontacts:\n- on_date: 2025-01-28\n  kind: visit\n" in shown
    command = [sys.executable, "-m", "cis_desktop", "show", str(home / "w"), "P-0001", *secret]
    reading, writing = os.pipe()
    os.close(reading)
    told = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=True)
    os.close(writing)
    assert told.stderr == b""


def test_each_kind_of_record_is_added_shown_and_listed(tmp_path: Path, run: Any) -> None:
    secret = ("--passphrase-file", tmp_path / "secret")
    run("create", tmp_path / "w", "--name", "A group", *secret)

    def add(kind: str, *fields: str) -> dict[str, Any]:
        return run(kind, tmp_path / "w", "add", *(x for f in fields for x in ("--field", f)), *secret)["record"]

    person = add("person", "given_name=Amina", "birth_year=1984", "interpreter=yes")
    assert (person["reference"], person["birth_year"], person["interpreter"]) == ("P-0001", 1984, 1)
    case = add("case", "person=P-0001", "need=housing", "need=debt")
    contact = add("contact", "person=P-0001", "case=C-0001", "on_date=2026-11-02", "gave=food_parcel:2", "need=food")
    assert (contact["on_date"], contact["given"][0]["quantity"], contact["needs"]) == ("2026-11-02", 2, ["food"])
    session = add("session", "on_date=2026-11-03", "venue=Hall", "adults=14")
    noticed = add("observe", "words=Queues are longer", "theme=cost_of_living")
    for kind, made in (("case", case), ("session", session), ("observe", noticed)):
        shown = run(kind, tmp_path / "w", "show", made["reference"], *secret)["record"]
        assert {**shown, "contacts": []} == {**made, "contacts": []}
        assert len(run(kind, tmp_path / "w", "list", *secret)["records"]) == 1
    assert run("contact", tmp_path / "w", "show", contact["id"], *secret)["record"] == contact
    for wrong, code in (
        ("shoe_size=9", "no_such_field"),
        ("birth_year=soon", "not_a_number"),
        ("person=C-0001", "no_such_field"),
    ):
        refused = run("person", tmp_path / "w", "add", "--field", wrong, *secret, code=1)
        assert refused["error"]["code"] == code
    refused = run("contact", tmp_path / "w", "add", "--field", "person=C-0001", *secret, code=1)
    assert refused["error"]["code"] == "wrong_kind"
    assert len(run("person", tmp_path / "w", "list", *secret)["records"]) == 1


def test_a_household_stays_while_somebody_else_is_in_it(home: Path, run: Any) -> None:
    secret = ("--passphrase-file", home / "secret")
    with Workspace.open(home / "w", SECRET) as workspace, workspace.change("Moved in together") as change:
        change.update("people", 2, household_id=1)
    erased = run("erase", home / "w", "P-0001", *secret)
    assert erased["receipt"]["rows"] == {"people": 1, "contacts": 2}
    assert "household H-0001" in erased["receipt"]["does_not_reach"]
    assert run("erase", home / "w", "P-0002", *secret)["receipt"]["rows"]["households"] == 1


def test_a_damaged_vault_is_said_to_be_damaged_whatever_is_asked_of_it(home: Path, run: Any) -> None:
    secret, vault = ("--passphrase-file", home / "secret"), home / "w" / "vault.db"
    whole = vault.read_bytes()
    for at in (5000, 60000):
        vault.write_bytes(whole[:at] + b"x" * 100 + whole[at + 100 :])
        for asked in (["check"], ["search", "Given7"], ["person", "list"], ["history"]):
            answer = run(asked[0], home / "w", *asked[1:], *secret, code=1)
            assert answer["error"]["code"] == "vault_damaged"
            assert "last good backup" in answer["error"]["sentence"]


def test_a_folder_that_cannot_be_made_is_refused_in_one_sentence(tmp_path: Path, run: Any, home: Path) -> None:
    answer = run("create", "/proc/nowhere", "--name", "A group", "--passphrase-file", home / "secret", code=1)
    assert answer["error"]["code"] == "not_allowed"
    assert "nowhere" in answer["error"]["sentence"]


def test_without_a_kit_the_commands_warn_until_there_is_one(
    home: Path, run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = ("--passphrase-file", home / "secret")
    sheet = home / "more.csv"
    sheet.write_text("Client number,First name,Family name,Date,Kind\n77,Given,Family,03/02/2025,visit\n")
    arguments = [str(one) for one in ("import", home / "w", sheet, *secret)]
    assert main(arguments) == 0
    assert "There is no recovery kit yet" in capsys.readouterr().err
    run("keys", home / "w", "kit", "--kit-file", home / "kit.txt", *secret)
    sheet.write_text("Client number,First name,Family name,Date,Kind\n78,Given,Family,04/02/2025,visit\n")
    assert main(arguments) == 0
    assert capsys.readouterr().err == ""


def test_a_restored_record_makes_packs_once_somebody_says_what_was_made_meanwhile(home: Path, run: Any) -> None:
    secret = ("--passphrase-file", home / "secret")
    small = "small-group-return"
    run("agreement", home / "w", "accept", small, *secret)
    backup = run("backup", home / "w", "--to", home / "b.cis-backup", *secret)["file"]
    out = ("--agreement", small, "--out", home / "out", "--sign-off", "Ann")
    first = run("release", home / "w", "--period", "2025-Q1", *out, *secret)["pack"]
    assert run("role", home / "w", "show", *secret)["standing"] == "here"
    nobody = run("role", home / "w", "hand-over", *secret, code=1)["error"]
    assert (nobody["code"], "called" in nobody["sentence"]) == ("role_nobody_asked", False)
    run("restore", backup, home / "again", *secret)
    assert run("role", home / "again", "show", *secret)["standing"] == "copied"
    held = run("release", home / "again", "--period", "2025", *out, *secret, code=1)
    assert held["error"]["code"] == "release_held"
    assert run("role", home / "again", "take", *secret, code=1)["error"]["code"] == "packs_not_known"
    taken = run("role", home / "again", "take", "--packs", home / "out", *secret)
    assert (taken["standing"], taken["read_back"]) == ("here", [first])
    assert [one["pack"] for one in run("ledger", home / "again", *secret)["releases"]] == [first]
    run("release", home / "again", "--period", "2025", *out, *secret)


def test_redesign_ranks_ways_and_release_takes_the_steps_it_gives(home: Path, run: Any) -> None:
    secret = ("--passphrase-file", home / "secret")
    asked = (home / "w", "--agreement", "small-group-return", "--period", "2025", *secret)
    held = run("agreement", home / "w", "accept", "small-group-return", "--by", "Ann", *secret)["agreements"]
    assert [(one["signed_by"], one["key"]) for one in held if one.get("accepted_by")] == [(None, None)]
    options = run("redesign", *asked)["options"]
    assert options[0]["words"] == options[0]["coarser"] == [], "twelve people of whom nothing else is known"
    assert {"share_hidden", "share_unplaced", "share_kept", "outcome", "words", "seconds"} <= set(options[0])
    steps = ["adult_child=Not broken down", "ethnic_group=1"]
    taken = [part for step in steps for part in ("--coarser", step)]
    shown = run("figures", *asked, *taken)
    assert "Figures are not broken down by ethnic group, as the agreement allows." in shown["statements"]
    assert "ethnic-groups" not in [table["id"] for table in shown["tables"]]
    done = run("release", *asked, "--out", home / "out", "--sign-off", "Ada", *taken)
    assert done["cells"] < 30
    proposed = run("redesign", *asked, *taken, "--propose", home / "out" / "next")["proposal"]
    assert json.loads(Path(proposed).read_text(encoding="utf-8"))["agreement_version"] == 2
    assert (
        run("release", *asked, "--out", home, "--sign-off", "A", "--coarser", "ward=1", code=1)["error"]["code"]
        == "no_such_step"
    )


def test_words_with_a_name_in_them_leave_once_whoever_signs_off_keeps_it(home: Path, run: Any) -> None:
    secret = ("--passphrase-file", home / "secret")
    run("agreement", home / "w", "accept", "small-group-return", *secret)
    (home / "words").write_text(json.dumps({"answers": {"What has changed?": "Thanks to Given there was bread."}}))
    asked = ("--agreement", "small-group-return", "--period", "2025-Q1", "--out", home / "out", "--sign-off", "Ann")
    release = ("release", home / "w", *asked, *secret, "--words", home / "words")
    refused = run(*release, code=1)["error"]
    assert refused["code"] == "words_not_cleared"
    assert not (home / "out").exists()
    (key,) = re.findall(r"\(([0-9a-f]{10})\)", refused["sentence"])
    assert run(*release, "--keep", "0123456789", code=1)["error"]["code"] == "words_not_cleared"
    run(*release, "--keep", key)
    with Workspace.open(home / "w", SECRET) as workspace:
        (entry,) = ledger.releases(workspace.read)
    assert [each[:3] for each in entry.kept] == [("answer 1", "name", "Ann")]
