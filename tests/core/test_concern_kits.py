"""A recovery kit opens safeguarding concerns only for the readers who agreed to it, and takes only their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from cis_desktop import concerns, ways_in
from cis_desktop.concern_readers import kits
from cis_desktop.errors import CisError
from cis_desktop.workspace import Workspace

from .concern_group import ANN, BO, CY, NEW, make_group

WORDS = "She had bruises on both arms."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the group, with no kit."""
    return make_group(tmp_path / "group")


def new_kit(folder: Path, secret: str) -> str:
    with Workspace.open(folder, secret) as workspace:
        return ways_in.add_recovery(workspace)


def written(folder: Path, *not_for: str) -> None:
    with Workspace.open(folder, CY) as workspace:
        concerns.write(workspace, WORDS, not_for=not_for)


def seen(folder: Path, secret: str) -> int:
    with Workspace.open(folder, secret) as workspace:
        return len(concerns.listed(workspace))


def agree(folder: Path, secret: str) -> int:
    with Workspace.open(folder, secret) as workspace:
        return concerns.agree_to_kits(workspace)


def test_the_kit_of_somebody_who_reads_none_opens_none_until_a_reader_agrees(folder: Path) -> None:
    written(folder)
    kit = new_kit(folder, CY)
    written(folder)
    for reader in (ANN, BO):
        with Workspace.open(folder, reader) as workspace:
            assert concerns.renew(workspace) == 0
            assert [(each.made_by, each.agreed) for each in concerns.kits_to_agree(workspace)] == [("Cy", ())]
    assert seen(folder, kit) == 0
    for nobody in (CY, kit):
        with Workspace.open(folder, nobody) as workspace:
            assert concerns.kits_to_agree(workspace) == []
            assert not concerns.may_read(workspace)
            with pytest.raises(CisError) as refused:
                concerns.agree_to_kits(workspace)
            assert refused.value.code == "not_for_you"
    assert agree(folder, BO) == 1
    written(folder)
    assert seen(folder, kit) == 3
    assert agree(folder, BO) == 0


def test_the_kit_of_a_reader_opens_at_once_what_they_may_read(folder: Path) -> None:
    written(folder)
    kit = new_kit(folder, BO)
    written(folder)
    assert seen(folder, kit) == 2


def test_a_lead_who_is_the_subject_reads_nothing_through_a_kit_she_made(folder: Path) -> None:
    kit = new_kit(folder, ANN)
    written(folder, "Ann")
    with Workspace.open(folder, BO) as workspace:
        concerns.renew(workspace)
        concerns.decide(workspace, concerns.listed(workspace)[0].id, "Told the council.")
    assert seen(folder, kit) == seen(folder, ANN) == 0
    with Workspace.open(folder, BO) as workspace:
        assert [each.agreed for each in concerns.kits_to_agree(workspace)] == [("Ann",)]
        assert not concerns.opened_by_kit(workspace.read, ["Ann"])
        assert concerns.opened_by_kit(workspace.read)
    assert agree(folder, BO) == 1
    assert seen(folder, kit) == 1


def test_nobody_takes_the_place_of_a_reader_with_a_kit_that_reader_did_not_agree_to(folder: Path) -> None:
    written(folder, "Ann")
    for maker, name in ((CY, "Ann"), (CY, "bo"), (ANN, "Bo")):
        kit = new_kit(folder, maker)
        with Workspace.open(folder, kit) as workspace:
            with pytest.raises(CisError) as refused:
                ways_in.recover(workspace, name, NEW, passes=1)
            assert refused.value.code == "kit_not_agreed"
    assert seen(folder, BO) == 1
    # Under a name that reads none it leads back in, and to no concern.
    with Workspace.open(folder, kit) as workspace:
        made = ways_in.recover(workspace, "Di", NEW, passes=1)
    assert seen(folder, NEW) == seen(folder, made.kit) == 0


def test_the_kit_made_in_coming_back_opens_what_the_old_one_did(folder: Path) -> None:
    kit = new_kit(folder, ANN)
    agree(folder, BO)
    written(folder, "Ann")
    with Workspace.open(folder, kit) as workspace:
        made = ways_in.recover(workspace, "Bo", NEW, passes=1)
    written(folder)
    assert seen(folder, made.kit) == seen(folder, NEW) == 2
    with Workspace.open(folder, made.kit) as workspace:
        again = ways_in.recover(workspace, "Cy", CY, passes=1)
    # Nothing there was is lost; what comes after that waits for a reader.
    written(folder)
    assert (seen(folder, again.kit), seen(folder, NEW)) == (2, 3)


@pytest.mark.parametrize(("lead", "opens"), [("Ann", 1), ("Bo", 0), ("Cy", 1)])
def test_whoever_names_themselves_first_agrees_to_the_kits_and_others_to_those_they_made(
    tmp_path: Path, lead: str, opens: int
) -> None:
    folder = tmp_path / "group"
    with Workspace.create(folder, "Larder", "Ann", ANN, passes=1) as workspace:
        ways = {"Ann": workspace.slot}
        for name, secret in (("Bo", BO), ("Cy", CY)):
            ways[name] = ways_in.add_person(workspace, name, secret, passes=1).id
    kit = new_kit(folder, CY)
    with Workspace.open(folder, ANN) as workspace:
        concerns.appoint(workspace, ways[lead], "lead")
        assert [bool(each.agreed) for each in kits(workspace.read)] == [bool(opens)]
    written(folder)
    assert seen(folder, kit) == opens
