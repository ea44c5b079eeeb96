"""Concerns on several laptops: read where a reader agreed, and sealed to nobody on one that was taken away."""

from __future__ import annotations

import json

import pytest

from cis_desktop import concern_asking, concerns, ways_in
from cis_desktop.cli import main
from cis_desktop.concern_readers import asking, only_away, readers
from cis_desktop.errors import CisError
from cis_desktop.sync import laptops
from cis_desktop.workspace import Workspace
from tests.core.sync.group import WORDS, Group


@pytest.fixture
def two(group: Group) -> Group:
    """Give a group where Ann leads on the first laptop, and has let `back` read on the second."""
    concerns.appoint(group.front, group.front.slot, "lead")
    concerns.write(group.front, "Before")
    back = group.invite("back")
    concern_asking.ask(back)
    group.meet(back, group.front)
    (one,) = asking(group.front.read)
    assert (one.name, one.laptop) == ("back", "back")
    assert read(back) == []
    concern_asking.let(group.front, one.id, "deputy")
    group.meet(group.front, back)
    return group


def read(who: Workspace) -> list[str]:
    return sorted(each.note.words for each in concerns.listed(who))


def test_who_asked_on_another_laptop_reads_once_a_reader_agrees(two: Group) -> None:
    front, back = two.open
    assert read(back) == ["Before"]
    concerns.write(back, "Written there")
    two.meet(back, front)
    assert read(front) == read(back) == ["Before", "Written there"]
    with pytest.raises(CisError) as told:
        concern_asking.ask(back)
    assert told.value.code == "cannot_ask"


def test_nobody_lets_themselves_in(group: Group) -> None:
    concerns.appoint(group.front, group.front.slot, "lead")
    back = group.invite("back")
    concern_asking.ask(back)
    (one,) = asking(back.read)
    for act in (
        lambda: concern_asking.let(back, one.id, "deputy"),
        lambda: concerns.appoint(back, back.slot, "deputy"),
    ):
        with pytest.raises(CisError) as told:
            act()
        assert told.value.code == "not_for_you"
    group.meet(back, group.front)
    concerns.write(group.front, "Not for them")
    group.meet(group.front, back)
    assert read(back) == []


def test_laptops_with_a_kit_each_do_not_seal_the_same_again_and_again(two: Group) -> None:
    front, back = two.open
    for who in (front, back):
        ways_in.add_recovery(who)
    concerns.write(front, "After the kits")
    for _ in range(2):
        two.meet(front, back)
        for who in (front, back):
            concerns.renew(who)
    two.meet(front, back, front)
    before = front.vault.held()
    assert [concerns.renew(who) for who in (front, back)] == [0, 0]
    assert front.vault.held() == before


def test_what_is_written_after_a_laptop_was_taken_away_cannot_be_read_by_who_read_on_it(two: Group) -> None:
    front, back = two.open
    laptops.remove(front, "back")
    concerns.write(front, "Without them")
    # As if they had got hold of the whole record all the same.
    back.vault.receive(list(front.vault.sets_since(back.vault.held())))
    assert read(back) == ["Before"]
    assert read(front) == ["Before", "Without them"]
    laptops.take_back(front, "back")
    concerns.renew(front)
    two.meet(front, back)
    assert read(back) == ["Before", "Without them"]


def test_a_lead_whose_laptop_was_taken_away_is_named_again(group: Group) -> None:
    concerns.appoint(group.front, group.front.slot, "lead")
    back = group.invite("back")
    laptops.remove(back, laptops.own(group.front.read).name)
    assert readers(back.read) == []
    assert only_away(back.read)
    with pytest.raises(CisError) as told:
        concerns.write(back, "Nobody would read it")
    assert told.value.code == "no_lead"
    concerns.appoint(back, back.slot, "lead")
    assert not only_away(back.read)
    concerns.write(back, "Somebody does")
    assert read(back) == ["Somebody does"]


def test_of_two_of_one_name_who_ask_the_typed_command_lets_in_the_one_whose_laptop_is_named(
    group: Group, capsys: pytest.CaptureFixture[str]
) -> None:
    concerns.appoint(group.front, group.front.slot, "lead")
    for name in ("back", "third"):
        laptop = group.invite(name)
        laptop.who = "Bo"
        concern_asking.ask(laptop)
        group.meet(laptop, group.front)
    assert len(asking(group.front.read)) == 2
    group.front.close()
    secret = group.folder / "secret"
    secret.write_text(WORDS + "\n")
    command = ["concern", str(group.folder / "front"), "deputy"]
    given = ["--json", "--passphrase-file", str(secret)]
    assert main([*command, "Bo", *given]) == 1
    told = json.loads(capsys.readouterr().out)["error"]
    assert (told["code"], "“Bo on back” or “Bo on third”" in told["sentence"]) == ("several_ask", True)
    assert main([*command, "bo on third", *given]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)["readers"]] == ["Ann", "Bo"]
