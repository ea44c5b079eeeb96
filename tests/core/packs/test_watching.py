"""A release that is stopped leaves nothing, at whatever stage, and what was seen is what leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from cis_desktop import agreements, ledger
from cis_desktop.errors import CisError
from cis_desktop.packs.leaving import as_released, leaving
from cis_desktop.packs.preview import preview
from cis_desktop.packs.release import release
from cis_desktop.packs.watching import STAGES, Stage, Stopped, Watch
from cis_desktop.records import contacts, people
from cis_desktop.workspace import Workspace

FOOD = "food-support-quarterly-return"


@pytest.fixture
def group(workspace: Workspace) -> Workspace:
    """Forty people, seen in every month of a quarter."""
    with workspace.change("Wrote down a quarter") as change:
        for n in range(40):
            person = people.add(change, given_name=f"Zebedee{n}", birth_year=1950 + n)
            for month in (1, 2, 3):
                day = f"2018-{month:02d}-{1 + n % 27:02d}"
                contacts.add(change, day, person_id=person, needs=["food"], needs_version=1, kind="visit")
    agreements.accept(workspace, FOOD, "Ann")
    return workspace


@pytest.mark.parametrize("last", STAGES)
def test_a_release_that_is_stopped_leaves_no_file_no_folder_and_no_line(
    group: Workspace, tmp_path: Path, last: Stage
) -> None:
    told: list[Stage] = []
    with pytest.raises(Stopped):
        release(
            group, FOOD, "2018-Q1", tmp_path / "new" / "out", "Ann",
            watch=Watch(told.append, lambda: last in told),
        )  # fmt: skip
    assert told == list(STAGES[: STAGES.index(last) + 1])
    assert not (tmp_path / "new").exists()
    assert not ledger.releases(group.read)


def test_a_folder_that_was_there_stays_when_a_release_is_stopped(group: Workspace, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    told: list[Stage] = []
    with pytest.raises(Stopped):
        release(group, FOOD, "2018-Q1", tmp_path, "Ann", watch=Watch(told.append, lambda: "note" in told))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["mine.txt"]


def test_a_query_ends_in_the_middle_when_it_is_to_stop(group: Workspace) -> None:
    asked = "with recursive n(x) as (select 1 union all select x + 1 from n limit 3000000) select count(*) from n"
    with group.reader() as connection:
        Watch().over(connection)
        assert connection.execute(asked).fetchone() == (3_000_000,)
    with group.reader() as connection:
        Watch(stopped=lambda: True).over(connection)
        with pytest.raises(Exception, match="interrupted"):
            connection.execute(asked).fetchone()


def test_only_what_was_seen_leaves(group: Workspace, tmp_path: Path) -> None:
    seen = preview(group, agreements.find(group.read, FOOD).agreement, "2018-Q1")
    with group.change("Wrote more down") as change:
        for n in range(40):
            contacts.add(
                change, f"2018-02-{1 + n % 27:02d}", person_id=people.add(change, given_name="Late"), kind="visit"
            )
    with pytest.raises(CisError) as refused:
        release(group, FOOD, "2018-Q1", tmp_path, "Ann", seen=seen)
    assert refused.value.code == "figures_changed"
    assert not ledger.releases(group.read)
    again = preview(group, agreements.find(group.read, FOOD).agreement, "2018-Q1")
    release(group, FOOD, "2018-Q1", tmp_path, "Ann", seen=again)


def test_what_would_leave_is_what_left(group: Workspace, tmp_path: Path) -> None:
    held = agreements.find(group.read, FOOD)
    shown = preview(group, held.agreement, "2018-Q1")
    would = leaving(group, shown, "Ann")
    assert not [name for name, _ in would.account.facts if name in ("Made", "Pack")]
    made = release(group, FOOD, "2018-Q1", tmp_path, "Ann", seen=shown)
    assert made.letter == would.letter
    past = ledger.past(group.read, made.pack)
    assert [section.grid for section in as_released(past)] == [section.grid for section in would.account.sections]
    assert preview(group, held.agreement, "2018-Q1").replaces == past.entry
    ledger.mark(group, made.pack, "never-left")
    assert preview(group, held.agreement, "2018-Q1").replaces is None
    assert ledger.past(group.read, made.pack).release == past.release
