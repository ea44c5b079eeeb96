"""From a real charity's old spreadsheet to signed, safe packs a council can open, by the command line alone."""

from __future__ import annotations

import json
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cis_desktop.cli import main

AGREEMENT = "food-support-quarterly-return"
QUARTERS = [f"{year}-Q{quarter}" for year in (2017, 2018) for quarter in (1, 2, 3, 4)]


class Desk:
    """A workspace folder, and the commands somebody types at it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.secret = folder / "passphrase.txt"
        self.secret.write_text("four words are enough\n")
        self.workspace = folder / "workspace"

    def run(self, command: str, *arguments: object) -> dict[str, Any]:
        """Run one command on the workspace that must succeed, and give its JSON."""
        code, answer, complaint = self.try_(command, *arguments)
        assert code == 0, complaint
        return answer

    def try_(self, command: str, *arguments: object) -> tuple[int, dict[str, Any], str]:
        given = [command, str(self.workspace), *map(str, arguments), "--passphrase-file", str(self.secret), "--json"]
        return self.raw(*given)

    def raw(self, *given: str) -> tuple[int, dict[str, Any], str]:
        self.capsys.readouterr()
        code = main(list(given))
        out, complaint = self.capsys.readouterr()
        return code, json.loads(out), complaint


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_a_real_spreadsheet_becomes_eight_quarterly_packs(desk: Desk, real_data: Path) -> None:
    source = real_data / "charity" / "services.tsv"
    made = desk.run("create", "--name", "A real charity", "--person", "Ann", "--kit-file", desk.folder / "kit.txt")
    assert len(made["device"]) == 32
    assert "AGE-SECRET-KEY-1" in (desk.folder / "kit.txt").read_text()

    tried = desk.run("import", source, "--dry-run")
    assert (tried["imported"], tried["change_set"]) == (0, None)
    first = desk.run("import", source, "--save-mapping", desk.folder / "m.json", "--rejects", desk.folder / "back.csv")
    assert first["rows"] == 79_838 == first["imported"] + first["rejected"]
    assert tried["would_import"] == first["imported"]
    assert len((desk.folder / "back.csv").read_text().splitlines()) == first["rejected"] + 1

    undone = desk.run("undo", first["change_set"])
    assert undone["kept"] == []
    assert desk.run("search", "738")["results"] == []
    again = desk.run("import", source, "--mapping", desk.folder / "m.json")
    assert again["imported"] == first["imported"]
    assert desk.run("search", "738")["results"][0]["kind"] == "person"

    desk.run("agreement", "accept", AGREEMENT)
    counted = independent_count(source, "2018-01-01", "2018-03-31")
    exact = desk.run("figures", "--agreement", AGREEMENT, "--period", "2018-Q1", "--exact")["tables"]
    assert {name: total(exact, name) for name in counted} == counted

    packs = desk.folder / "packs"
    for quarter in QUARTERS:
        shown = desk.run("figures", "--agreement", AGREEMENT, "--period", quarter)["tables"]
        released = desk.run(
            "release", "--agreement", AGREEMENT, "--period", quarter, "--out", packs, "--sign-off", "Ann"
        )
        assert released["audit"]["exposed"] == 0
        assert released["hidden"] == sum(c["status"] == "hidden" for t in shown for c in t["cells"])
        for name in ("archive", "workbook"):
            code, checked, _ = desk.raw("verify", released[name], "--json")
            assert (code, checked["valid"], checked["pack"]) == (0, True, released["pack"])
        letter = message_from_bytes(Path(released["email"]).read_bytes())
        assert {part.get_content_subtype() for part in letter.walk() if part.get_filename()} == {
            "pdf",
            "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    code, attacked, _ = desk.raw("audit", str(packs), "--json")
    assert (code, attacked["packs"], attacked["exposed"]) == (0, 8, [])
    assert attacked["attacked"] > 0
    assert [one["period"] for one in desk.run("ledger")["releases"]] == QUARTERS
    assert desk.run("check")["problems"] == []
    assert desk.run("backup")["verified"] is True


def independent_count(source: Path, first: str, last: str) -> dict[str, int]:
    """Count a quarter of the file with pandas alone."""
    rows = pd.read_csv(source, sep="\t", dtype=str, keep_default_na=False)
    when = pd.to_datetime(rows["Date"], format="%m/%d/%Y")
    quarter = rows[(when >= first) & (when <= last)]
    return {
        "unique_people": quarter["Client File Number"].nunique(),
        "unique_households": quarter["Client File Number"].nunique(),
        "contacts": len(quarter),
    }


def total(tables: list[dict[str, Any]], measure: str) -> int:
    """Give the grand total of a measure, which every table of it must agree on."""
    found = {
        cell["count"]
        for table in tables
        if table["measure"] == measure
        for cell in table["cells"]
        if set(cell["key"].values()) <= {"total"}
    }
    assert len(found) == 1, (measure, found)
    return found.pop()


def test_what_is_refused_says_so_in_a_sentence_and_changes_nothing(desk: Desk) -> None:
    desk.run("create", "--name", "A group")
    before = desk.run("history")["change_sets"]
    empty = desk.folder / "empty.xlsx"
    empty.write_bytes(b"")
    broken = desk.folder / "broken.cis-agreement"
    broken.write_text('{"format": "cis-agreement", "version": 1}')
    other = desk.folder / "other.txt"
    other.write_text("another passphrase\n")
    workspace = str(desk.workspace)
    secret = ["--passphrase-file", str(desk.secret), "--json"]
    refused = {
        "wrong_passphrase": ["check", workspace, "--passphrase-file", str(other), "--json"],
        "no_workspace": ["check", str(desk.folder / "nowhere"), *secret],
        "no_passphrase_file": ["check", workspace, "--passphrase-file", str(desk.folder / "none"), "--json"],
        "folder_taken": ["create", workspace, "--name", "Again", *secret],
        "empty_file": ["import", workspace, str(empty), *secret],
        "not_found": ["show", workspace, "P-9999", *secret],
        "no_such_change": ["undo", workspace, "00000000:1", *secret],
        "no_agreement": ["figures", workspace, "--agreement", "none", "--period", "2018", *secret],
        "no_such_pack": ["ledger", workspace, "--mark", "0123456789", "sent", *secret],
    }
    for code, given in refused.items():
        exit_code, answer, complaint = desk.raw(*given)
        assert (exit_code, answer["error"]["code"]) == (1, code)
        assert answer["error"]["sentence"] == complaint.strip()
        assert len(complaint.split()) > 5
    for given in (["agreement", workspace, "import", str(broken), *secret],):
        exit_code, answer, complaint = desk.raw(*given)
        assert exit_code == 1
        assert "changed" in complaint or "imported" in complaint
    assert desk.run("history")["change_sets"] == before


def test_a_period_with_no_data_and_an_unaccepted_agreement_release_nothing(desk: Desk) -> None:
    desk.run("create", "--name", "A group")
    out = desk.folder / "packs"
    release = ("--agreement", AGREEMENT, "--period", "2018-Q1", "--out", out, "--sign-off", "Ann")
    desk.run("agreement", "import", starter())
    assert desk.try_("release", *release)[1]["error"]["code"] == "agreement_not_accepted"
    desk.run("agreement", "accept", AGREEMENT)
    assert desk.try_("release", *release)[1]["error"]["code"] == "nothing_to_release"
    assert desk.try_("figures", "--agreement", AGREEMENT, "--period", "2018-Q1", "--exact")[0] == 1
    assert desk.try_("figures", "--agreement", AGREEMENT, "--period", "yesterday")[0] == 1
    assert not out.exists()
    assert desk.run("ledger")["releases"] == []


def starter() -> Path:
    """Give a starter agreement's file."""
    from cis_desktop.paths import resources

    return next((resources() / "agreements").glob(f"{AGREEMENT}*"))


def test_usage_errors_leave_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    for given in (["release", "somewhere"], ["nonsense"], []):
        with pytest.raises(SystemExit) as left:
            main(given)
        assert left.value.code == 2
    assert "usage" in capsys.readouterr().err
