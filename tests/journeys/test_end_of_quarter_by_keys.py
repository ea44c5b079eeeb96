"""Journey 4 through the real window, by keys alone: from a finished quarter to signed files and an email draft."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.screen import Screen

PASSPHRASE = "four words that fit"
FIVE_MINUTES = 300.0


def test_a_report_is_made_by_keys_alone_and_nothing_hidden_leaves(screen: Screen, tmp_path: Path) -> None:
    from tests.journeys.screen import SECONDS_A_KEY

    screen.command(PASSPHRASE, "demo", tmp_path / "example")
    record, out = tmp_path / "example" / "workspace", tmp_path / "for the council"
    screen.open(record)
    screen.write(PASSPHRASE)
    screen.press("Return")
    screen.see("Reports")
    screen.strokes = 0
    screen.press("ctrl+r")
    screen.read("What is the report about")
    # The last four quarters are made already; the same quarter a year before is not.
    screen.to("Year")
    screen.press("Down")
    screen.picture("what and when")
    screen.do("Next")
    screen.hear("Step 2 of 7")

    screen.read("figures are hidden so that nobody can be picked out")
    screen.to("Figures")
    screen.press("Down")
    figures = screen.bus.cells_of(screen.see("Figures", "table"))
    assert all(figures[0])
    assert not [row for row in figures if not all(cell.strip() for cell in row)], "every figure is told, none is blank"
    screen.picture("figures")
    screen.do("Next")
    screen.hear("Step 3 of 7")
    told = screen.read("By a rule of the agreement")
    assert told.startswith("Hidden: ")
    hidden = screen.bus.cells_of(screen.see("Hidden figures"))
    assert len(hidden) > 2
    screen.read("Hidden because")
    screen.picture("why hidden")
    screen.do("Next")
    screen.hear("Step 4 of 7")
    screen.read("Does anything you noticed go with it?")
    screen.picture("noticed")
    screen.do("Next")
    screen.hear("Step 5 of 7")
    files = screen.bus.cells_of(screen.see("Files that will be made"))
    assert len(files) > 4
    screen.picture("what leaves")
    screen.do("Next")
    screen.hear("Step 6 of 7")
    screen.fill("Signed off by", "Ann Example")
    screen.to("Folder for the files", "text")
    screen.press("ctrl+a")
    screen.write(str(out))
    screen.picture("signing")
    screen.do("Sign off and make the files")
    screen.hear("Step 7 of 7")
    screen.picture("send it")
    screen.do("It was sent")
    screen.read("It is noted as sent")
    screen.picture("sent")
    seconds = screen.strokes * SECONDS_A_KEY
    print(f"\na report: {screen.strokes} strokes, {seconds:.0f} s of typing")
    assert seconds < FIVE_MINUTES
    screen.press("ctrl+q")
    assert screen.closed() == 0

    made = {path.suffix: path for path in out.rglob("*") if path.is_file()}
    assert {".zip", ".xlsx", ".eml"} <= set(made)
    for suffix in (".zip", ".xlsx"):
        assert screen.command("", "verify", made[suffix])["valid"]
    releases = screen.command(PASSPHRASE, "ledger", record)["releases"]
    assert len(releases) == 5
    assert [each["signed_off_by"] for each in releases if each["status"] == "sent"] == ["Ann Example"]
