"""Coarser ways of giving a period's figures: ranked, released with a sentence about it, and proposed to a council."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from cis_desktop import agreements, ledger
from cis_desktop.agreements import Agreement, find, read_file
from cis_desktop.disclosure.tables import Refusal
from cis_desktop.errors import CisError
from cis_desktop.packs.audit import attack
from cis_desktop.packs.preview import preview
from cis_desktop.packs.proposing import propose
from cis_desktop.packs.redesign import redesign
from cis_desktop.packs.release import release
from cis_desktop.packs.watching import Stopped, Watch
from cis_desktop.records import contacts, people
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.workspace import Workspace, set_setting
from tests.core.packs import mutants

FOOD = "food-support-quarterly-return"
WARDS, AGES = ("ward", 1), ("age_band", 1)
ALMOST_NOBODY = [f"E0500013{n}" for n in range(6)]


@pytest.fixture
def group(workspace: Workspace) -> Workspace:
    """A group of 60 in half a year: nearly all in one ward, the others one or two in each of six."""
    with workspace.change("Wrote down half a year") as change:
        load_code_lists(change)
        set_setting(change, "workspace_name", "Kilburn Pantry")
        for n in range(60):
            ward = ALMOST_NOBODY[n % 6] if n % 7 == 0 else "E05000140"
            person = people.add(change, given_name=f"Zebedee{n}", birth_year=1945 + n, ward=ward)
            for month in range(1, 7):
                if (n + month) % 3:
                    contacts.add(change, f"2018-{month:02d}-{1 + n % 27:02d}", person_id=person, kind="visit")
    agreements.accept(workspace, FOOD, "Ann")
    return workspace


@pytest.fixture
def food(group: Workspace) -> Agreement:
    return find(group.read, FOOD).agreement


def test_ways_are_ranked_by_what_is_kept_and_a_longer_period_is_among_them(group: Workspace, food: Agreement) -> None:
    told: list[tuple[int, int]] = []
    found = redesign(group, food, "2018-Q1", tell=lambda done, total: told.append((done, total)))
    released = [each for each in found.options if each.outcome == "released"]
    assert found.agreed in released
    assert found.agreed.words == ()
    assert [each.kept for each in released] == sorted((each.kept for each in released), reverse=True)
    wards = next(each for each in released if each.coarser == (WARDS,))
    assert wards.hidden < found.agreed.hidden
    assert wards.unplaced < found.agreed.unplaced
    assert wards.words == ("Figures are not broken down by ward, as the agreement allows.",)
    (year,) = [each for each in released if each.period.key == "2018"]
    assert year.words == ("One report for 2018 in place of 4.",)
    assert not ledger.releases(group.read), "nothing is noted by looking"
    assert told
    assert all(done <= total for done, total in told)


def test_the_same_ways_come_in_the_same_order_again(group: Workspace, food: Agreement) -> None:
    once, again = (redesign(group, food, "2018-Q1", tries=6) for _ in range(2))
    assert [(o.coarser, o.period, o.kept, o.hidden) for o in once.options] == [
        (o.coarser, o.period, o.kept, o.hidden) for o in again.options
    ]


def test_a_way_that_the_attack_on_the_finished_files_would_stop_is_not_offered(
    group: Workspace, food: Agreement, tmp_path: Path
) -> None:
    with mutants.no_secondary():
        found = redesign(group, food, "2018-Q1")
        offered = [each for each in found.options if each.outcome == "released"]
        stopped = [each for each in found.options if each.outcome == "refused"]
        assert found.agreed in stopped
        with pytest.raises(CisError, match="could work out, or nearly"):
            release(group, FOOD, "2018-Q1", tmp_path, "Ada", coarser=stopped[-1].coarser)
        release(group, FOOD, offered[0].period.key, tmp_path, "Ada", coarser=offered[0].coarser)


def test_it_can_be_stopped_between_tries(group: Workspace, food: Agreement) -> None:
    told: list[int] = []
    with pytest.raises(Stopped):
        redesign(
            group, food, "2018-Q1", tell=lambda done, _: told.append(done), watch=Watch(stopped=lambda: len(told) > 2)
        )
    assert len(told) < 6


def test_what_is_coarser_is_said_in_the_pack_and_noted_in_the_ledger(
    group: Workspace, food: Agreement, tmp_path: Path
) -> None:
    done = release(group, FOOD, "2018-Q1", tmp_path, "Ada", coarser=(AGES, WARDS))
    (entry,) = ledger.releases(group.read)
    assert entry.coarser == (AGES, WARDS)
    assert entry.counts == done.counts
    assert entry.agreement_hash == food.hash
    with zipfile.ZipFile(done.archive) as archive:
        rules = json.loads(archive.read("disclosure.json"))["rules"]
        names = archive.namelist()
    assert "Age is given in 3 groups and not in 5, as the agreement allows." in rules
    assert "Figures are not broken down by ward, as the agreement allows." in rules
    assert not [name for name in names if "ward" in name]
    assert "Age is given in 3 groups and not in 5, as the agreement allows." in done.statements


def test_a_report_that_was_looked_at_leaves_as_coarse_as_it_was_seen(
    group: Workspace, food: Agreement, tmp_path: Path
) -> None:
    seen = preview(group, food, "2018-Q1", coarser=(WARDS,))
    release(group, FOOD, "2018-Q1", tmp_path, "Ada", seen=seen)
    assert ledger.releases(group.read)[0].coarser == (WARDS,)


def test_the_way_of_an_earlier_report_of_the_year_comes_first(
    group: Workspace, food: Agreement, tmp_path: Path
) -> None:
    release(group, FOOD, "2018-Q1", tmp_path, "Ada", coarser=(AGES, WARDS))
    found = redesign(group, food, "2018-Q2", tries=3)
    first = found.options[0]
    assert first.before
    assert (first.coarser, first.outcome) == ((AGES, WARDS), "released")
    release(group, FOOD, "2018-Q2", tmp_path, "Ada", coarser=first.coarser)
    assert not attack([tmp_path]).unsafe


def test_other_groups_for_days_that_were_released_already_are_held_back(
    group: Workspace, food: Agreement, tmp_path: Path
) -> None:
    first = release(group, FOOD, "2018-Q1", tmp_path, "Ada")
    for period in ("2018-Q1", "2018"):
        answer = preview(group, food, period, coarser=(AGES,)).answer
        assert isinstance(answer, Refusal)
        assert answer.held_by == (first.pack,)
        assert "the figures of “By age” in other groups of “Age”" in answer.sentence
        assert not isinstance(preview(group, food, period, coarser=(("age_band", 2),)).answer, Refusal)
    assert not isinstance(preview(group, food, "2018-Q2", coarser=(AGES,)).answer, Refusal)
    ledger.mark(group, first.pack, "never-left")
    assert not isinstance(preview(group, food, "2018-Q1", coarser=(AGES,)).answer, Refusal)


def test_a_proposal_is_the_next_version_unsigned_and_says_that_it_is_one(
    group: Workspace, food: Agreement, tmp_path: Path
) -> None:
    path = propose(group, food, "2018-Q1", (AGES, WARDS), tmp_path / "wider ages")
    assert path.name == "wider ages.cis-agreement"
    found = read_file(path)
    assert (found.key, found.version) == (food.key, 2)
    assert found.terms.replaces == food.hash.hex()
    assert found.terms.signature is None
    assert found.terms.proposal.startswith("Proposed by Kilburn Pantry on ")
    assert "not agreed" in found.terms.proposal
    ages = next(table for table in found.tables if table.id == "ages").dimensions[0]
    assert [band.label for band in ages.groups] == ["0 to 15", "16 to 64", "65 and over"]
    assert [step.label for step in ages.ladder] == ["Not broken down"]
    assert "wards" not in [table.id for table in found.tables]
    assert find(group.read, FOOD).agreement == food, "nothing here changes"


def test_a_proposal_for_a_longer_period_changes_the_periods_and_nothing_else(
    group: Workspace, food: Agreement, tmp_path: Path
) -> None:
    found = read_file(propose(group, food, "2018", (), tmp_path / "yearly.cis-agreement"))
    assert {table.period for table in found.tables} == {"year"}
    assert [table.dimensions for table in found.tables] == [table.dimensions for table in food.tables]
    with pytest.raises(CisError, match="asks for just these figures already"):
        propose(group, found, "2018", (), tmp_path / "again.cis-agreement")


def test_a_proposal_to_a_council_is_not_accepted_before_the_council_agrees(
    group: Workspace, food: Agreement, tmp_path: Path
) -> None:
    written = json.loads(read_file(propose(group, food, "2018-Q1", (WARDS,), tmp_path / "own")).canonical)
    written["parties"] = {"council": {"name": "Camden Council"}}
    (tmp_path / "theirs.cis-agreement").write_text(json.dumps(written), encoding="utf-8")
    held = agreements.import_agreement(group, tmp_path / "theirs.cis-agreement")
    with pytest.raises(CisError, match="proposed to Camden Council"):
        agreements.accept(group, f"{held.agreement.key}@2", "Ann")
    assert find(group.read, f"{FOOD}@2").accepted_on is None
