"""The role of making packs, over real exchanges: handed over, lost, and claimed by two."""

from __future__ import annotations

from pathlib import Path

import pytest

from cis_desktop.errors import CisError
from cis_desktop.packs import role
from cis_desktop.packs.signing import signing_key
from cis_desktop.sync import held, laptops
from cis_desktop.workspace import Workspace
from tests.core.sync.group import Group


def released(who: Workspace, pack: str) -> None:
    """Do to the record what a release does: take the role if nobody has it, and write the line in the ledger."""
    signer = signing_key(who)
    with who.change("Released a pack") as change:
        role.begin(change, signer)
        change.insert(
            "releases", pack=pack, agreement_hash=b"", agreement_title="Food", period="2026-Q1", recipient="Council",
            made_at="2026-04-01", signed_off_by="Ann", sha256="", summary="", cells=b"",
        )  # fmt: skip


def standing(who: Workspace) -> str:
    return role.role(who.read).standing


def refusal(who: Workspace) -> str:
    with pytest.raises(CisError) as told:
        role.check_may_release(who.read)
    return told.value.code


def test_it_is_handed_over_by_the_files(group: Group) -> None:
    back = group.invite("back")
    released(group.front, "first")
    group.meet(group.front, back)
    assert (standing(group.front), standing(back)) == ("here", "elsewhere")
    assert refusal(back) == "released_elsewhere"
    role.ask(back)
    laptops.rename(back, "back", "Hall")
    group.meet(back, group.front)
    role.hand_over(group.front, "Hall")
    assert refusal(group.front) == "released_elsewhere"
    group.meet(group.front, back)
    assert (standing(group.front), standing(back)) == ("elsewhere", "here")
    released(back, "second")
    follows = role.lineage(back.read)
    assert role.earlier_keys(follows, signing_key(back).public) == (signing_key(group.front).public,)
    group.meet(back, group.front)
    assert role.made_apart(group.front.read) == []


def test_when_its_laptop_is_taken_away_another_takes_it_once_later_packs_are_known(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    role.ask(group.front)
    group.meet(group.front, back, third)
    released(back, "first")
    group.meet(back, group.front, third)
    laptops.remove(group.front, "back")
    released(back, "later")
    group.meet(group.front, third, back, group.front)
    for who in (group.front, third):
        assert role.role(who.read).away
        assert refusal(who) == "release_held"
    with pytest.raises(CisError) as told:
        role.take(group.front)
    assert told.value.code == "packs_wait", "it came in, and nobody has judged it"
    assert held.held_back(group.front.read, laptops.find(group.front.read, "back", removed=True))[0].packs == 1
    held.accept(group.front, "back")
    role.take(group.front)
    group.meet(group.front, third)
    assert (standing(group.front), standing(third)) == ("here", "elsewhere")
    assert not role.role(third.read).away
    released(group.front, "third")
    assert role.made_apart(group.front.read) == []


def test_who_was_taken_away_is_not_given_it(group: Group) -> None:
    back = group.invite("back")
    released(group.front, "first")
    role.ask(back)
    group.meet(group.front, back, group.front)
    laptops.remove(group.front, "back")
    assert role.role(group.front.read).asked == ()
    with pytest.raises(CisError) as told:
        role.hand_over(group.front, "back")
    assert told.value.code == "role_nobody_asked"


def test_two_that_claim_it_hear_of_each_other_and_one_takes_it(group: Group) -> None:
    back, third = group.invite("back"), group.invite("third")
    group.meet(group.front, back, third)
    released(group.front, "here")
    released(back, "there")
    group.meet(group.front, back, third, group.front)
    for who in (group.front, back, third):
        assert standing(who) == "disputed"
        assert refusal(who) == "role_disputed"
        assert [set(pair) for pair in role.made_apart(who.read)] == [{"here", "there"}]
    role.take(back)
    group.meet(back, group.front, third)
    assert [standing(who) for who in (group.front, back, third)] == ["elsewhere", "here", "elsewhere"]


def test_a_restored_holder_takes_it_and_the_others_hear(group: Group, tmp_path: Path) -> None:
    back = group.invite("back")
    released(back, "first")
    group.meet(back, group.front)
    with Workspace.restore(back.back_up(), tmp_path / "restored", "correct horse battery staple of back") as restored:
        assert standing(restored) == "copied"
        group.meet(restored, group.front)
        role.take(restored)
        group.meet(restored, group.front, back)
        assert (standing(restored), standing(group.front), standing(back)) == ("here", "elsewhere", "elsewhere")
        assert role.earlier_keys(role.lineage(restored.read), signing_key(restored).public) == (
            signing_key(back).public,
        )
