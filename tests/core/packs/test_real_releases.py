"""A real charity's figures released one after another, and all its packs attacked together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest

from cis_desktop import agreements, ledger
from cis_desktop.errors import CisError
from cis_desktop.intake.commit import commit
from cis_desktop.intake.draft import draft
from cis_desktop.intake.guessing import guess
from cis_desktop.intake.reading import read
from cis_desktop.packs.audit import attack_packs
from cis_desktop.packs.release import release
from cis_desktop.packs.remembered import remembered
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.workspace import Workspace, set_setting

BUDGET = 900.0
"""Seconds for one release: a busy machine must not decide what is refused."""
FOOD, SMALL = "food-support-quarterly-return", "small-group-return"


@pytest.fixture
def charity(real_data: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The real list imported the way its reader guesses it, and two agreements accepted."""
    with Workspace.open_raw(tmp_path / "workspace", bytes(range(32)), "Ann") as workspace:
        with workspace.change("Set up") as change:
            load_code_lists(change)
            set_setting(change, "workspace_name", "The charity")
        sheet = read(real_data / "charity" / "services.tsv")
        commit(workspace, draft(sheet, guess(sheet).mapping))
        for key in (FOOD, SMALL):
            agreements.accept(workspace, key, "Ann")
        yield workspace


def released(charity: Workspace, out: Path, asked: list[tuple[str, str]]) -> list[str]:
    """Release each period under each agreement in turn, attack all of them jointly, and give what was refused."""
    refused, hidden, cells = [], 0, 0
    for key, period in asked:
        try:
            done = release(charity, key, period, out, "Ada Lovelace", budget=BUDGET)
        except CisError as why:
            refused.append(f"{key} {period}: {why.code}: {why.sentence}")
            continue
        hidden, cells = hidden + done.counts["hidden"], cells + done.counts["cells"]
        print(f"{key} {period}: {done.counts['hidden']} of {done.counts['cells']} hidden", flush=True)
    kept = ledger.kept(charity.read)
    assert len(kept) == len(asked) - len(refused)
    found = attack_packs([remembered(each, "The charity") for each in kept])
    assert not found.exposed
    assert found.attacked
    print(
        f"{len(kept)} packs, {hidden} of {cells} figures hidden; {found.attacked} attacked; CPU {process_time():.0f} s"
    )
    return refused


def test_two_real_quarters_their_odd_days_and_another_agreement_are_released_and_give_nothing_away(
    charity: Workspace, tmp_path: Path
) -> None:
    asked = [(FOOD, "2018-Q1"), (FOOD, "2018-Q2"), (SMALL, "2018-Q2"), (FOOD, "2018-01-01..2018-06-29")]
    assert released(charity, tmp_path / "out", asked) == []


@pytest.mark.soak
@pytest.mark.parametrize("months", [False, True])
def test_nine_real_years_are_released_quarter_by_quarter_and_give_nothing_away(
    charity: Workspace, tmp_path: Path, months: bool
) -> None:
    asked = []
    for year in range(2010, 2019):
        for quarter in range(1, 5):
            if months:
                asked += [(FOOD, f"{year}-{month:02}") for month in range(3 * quarter - 2, 3 * quarter + 1)]
            asked += [(FOOD, f"{year}-Q{quarter}"), (SMALL, f"{year}-Q{quarter}")]
        asked += [(FOOD, str(year)), (SMALL, str(year))]
    assert released(charity, tmp_path / "out", asked) == []
