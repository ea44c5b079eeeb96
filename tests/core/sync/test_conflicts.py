"""What two laptops wrote apart is listed as people would say it, chosen once, the same on both, and asked again."""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any

import pytest

from cis_desktop.errors import CisError
from cis_desktop.records import cases, contacts, described, households, joining, observations, people, sameness
from cis_desktop.sync.conflicts import BOTH, Disagreement, choose, disagreements, fields_of
from cis_desktop.sync.worded import FIELDS, TOGETHER
from cis_desktop.workspace import Workspace, set_setting
from tests.core.sync.group import Group

Act = Callable[[Any, Workspace], object]


class Pair:
    """Two laptops with one record."""

    def __init__(self, group: Group) -> None:
        self.group, self.one = group, group.front
        self.other = group.invite("Hall")

    def both(self, here: Act, there: Act) -> list[Disagreement]:
        """Let each write something without the other, meet, and give what is asked on both."""
        self.meet()
        for who, act in ((self.one, here), (self.other, there)):
            with who.change("Wrote") as change:
                act(change, who)
        return self.met()

    def meet(self) -> None:
        self.group.meet(self.one, self.other, self.one, self.other)

    def met(self) -> list[Disagreement]:
        """Give what is asked, which is the same on both."""
        self.meet()
        here, there = (disagreements(each.read, each.vault.tables) for each in (self.one, self.other))
        assert [told(each) for each in here] == [told(each) for each in there]
        return here

    def made(self, name: str, **more: Any) -> None:
        with self.one.change("Added a person") as change:
            people.add(change, given_name=name, **more)
        self.meet()


def told(one: Disagreement) -> tuple[object, ...]:
    sides = sorted((side.words, side.who, side.laptop, side.more) for side in one.sides)
    return one.id, one.about, one.what, sides, sorted(one.both)


def row(who: Workspace, name: str) -> int:
    found: int = who.read.execute("select id from people where given_name = ?", (name,)).fetchone()[0]
    return found


def edit(name: str, **values: Any) -> Act:
    return lambda change, who: people.edit(change, row(who, name), **values)


def visit(name: str, day: str = "2026-11-20", **more: Any) -> Act:
    return lambda change, who: contacts.add(change, day, person_id=row(who, name), kind="visit", **more)


def remove(name: str) -> Act:
    return lambda change, who: people.remove(change, row(who, name))


def join(*names: str) -> Act:
    return lambda change, who: joining.join(change, *(row(who, name) for name in names))


def visits(who: Workspace, name: str) -> int:
    return len(contacts.of_person(who.read, row(who, name)))


def words(one: Disagreement) -> set[str]:
    return {side.words for side in one.sides}


@pytest.fixture
def pair(group: Group) -> Pair:
    """Give two laptops that know Amina."""
    pair = Pair(group)
    pair.made("Amina", birth_year=1970)
    return pair


@pytest.mark.parametrize(
    ("here", "there", "what", "said"),
    [
        (edit("Amina", interpreter=1), edit("Amina", interpreter=0), "needs an interpreter", {"Yes", "No"}),
        (edit("Amina", birth_year=1980), edit("Amina", birth_year=None), "year of birth", {"1980", "Nothing"}),
        (
            lambda change, who: described.describe(change, row(who, "Amina"), "sex", "female"),
            lambda change, who: described.describe(change, row(who, "Amina"), "sex", status="prefer_not"),
            "sex", {"Female", "Preferred not to say"},
        ),
    ],
)  # fmt: skip
def test_a_value_is_said_in_words(pair: Pair, here: Act, there: Act, what: str, said: set[str]) -> None:
    (one,) = pair.both(here, there)
    assert (one.what, words(one), one.record) == (what, said, ("person", row(pair.one, "Amina")))
    assert one.about == "Amina (P-0001)"
    assert {(side.who, side.laptop) for side in one.sides} == {("Ann", platform.node()), ("Hall", "Hall")}


def test_what_belongs_together_is_one_choice(pair: Pair) -> None:
    (one,) = pair.both(edit("Amina", postcode="M33 2AB", ward="E05015239"), edit("Amina", postcode="M33 7XX"))
    assert words(one) == {"M33 2AB", "M33 7XX"}
    choose(pair.other, one.id, "M33 7XX")
    assert pair.met() == []
    for who in (pair.one, pair.other):
        person = people.get(who.read, row(who, "Amina"))
        assert (person.postcode, person.ward) == ("M33 7XX", None)


def test_a_person_a_date_and_a_code_are_named(pair: Pair) -> None:
    pair.made("Bo")
    pair.made("Cy")
    for name in ("Bo", "Cy"):
        with pair.one.change("Made a household") as change:
            home_of = households.add(change, label=f"{name}’s house")
            households.move(change, row(pair.one, name), home_of)
    with pair.one.change("Added a visit") as change:
        visit("Amina")(change, pair.one)
    pair.meet()

    def of(name: str) -> Act:
        return lambda change, who: people.edit(
            change, row(who, "Amina"), household_id=people.get(who.read, row(who, name)).household_id
        )

    def day(on: str, kind: str) -> Act:
        return lambda change, who: contacts.edit(change, 1, on_date=on, kind=kind)

    (home,) = pair.both(of("Bo"), of("Cy"))
    assert words(home) == {"household of Bo’s house", "household of Cy’s house"}
    choose(pair.one, home.id, "household of Cy’s house")
    kind, on = pair.both(day("2026-11-01", "call"), day("2026-11-03", "advice"))
    assert (on.what, words(on)) == ("date", {"1 Nov 2026", "3 Nov 2026"})
    assert kind.about.startswith("visit of Amina (P-0001) on ")
    assert kind.record == ("person", row(pair.one, "Amina"))
    assert people.get(pair.other.read, row(pair.other, "Amina")).household_id == 2


def test_a_long_text_says_what_differs_and_both_can_be_kept(pair: Pair) -> None:
    begun = "Lives with her sister since May. Prefers mornings, as she works in the afternoon and in the evening."
    pair.both(edit("Amina", note=begun), lambda *_: None)
    (one,) = pair.both(edit("Amina", note=f"{begun} Needs a lift."), edit("Amina", note=f"{begun} Boiler broken."))
    assert {side.more for side in one.sides} == {"Needs a lift.", "Boiler broken."}
    assert one.both.count("Prefers mornings") == 1
    choose(pair.other, one.id, BOTH)
    assert pair.met() == []
    note = people.get(pair.one.read, row(pair.one, "Amina")).note or ""
    assert "Needs a lift." in note
    assert "Boiler broken." in note


def test_allergies_can_both_stand_and_a_phone_number_cannot(pair: Pair) -> None:
    with pair.one.change("Made a household") as change:
        home = households.add(change, label="Khan")
    pair.both(
        lambda change, _: households.edit(change, home, allergies="Peanuts"),
        lambda change, _: households.edit(change, home, allergies="Milk"),
    )
    allergies, phone = pair.both(edit("Amina", phone="0161 496 0000"), edit("Amina", phone="0161 496 0999"))
    assert phone.both == ""
    assert sorted(allergies.both.split("; ")) == ["Milk", "Peanuts"]


@pytest.mark.parametrize("kept", [True, False])
def test_removed_here_and_visited_there_is_asked_with_what_was_written(pair: Pair, kept: bool) -> None:
    (one,) = pair.both(remove("Amina"), visit("Amina"))
    assert [side.words for side in one.sides] == ["removed", "kept"]
    assert one.sides[1].more == "visit of Amina (P-0001) on 20 Nov 2026"
    assert one.record is None
    choose(pair.one, one.id, "kept" if kept else "removed")
    assert pair.met() == []
    for who in (pair.one, pair.other):
        assert who.read.execute("select gone from people").fetchone() == (int(not kept),)


def test_a_household_removed_here_and_moved_into_there_is_asked(pair: Pair) -> None:
    with pair.one.change("Made a household") as change:
        home = households.add(change, label="Khan")
    (one,) = pair.both(lambda change, _: change.delete("households", home), edit("Amina", household_id=home))
    assert one.what == "removed or kept"


def test_a_theme_removed_here_and_put_on_something_there_is_asked(pair: Pair) -> None:
    with pair.one.change("Noticed") as change:
        theme = observations.add_theme(change, "Fuel")
        seen = observations.add(change, "No heat upstairs", "2026-11-20")
    (one,) = pair.both(
        lambda change, _: change.delete("themes", theme),
        lambda change, _: observations.apply_theme(change, seen, theme),
    )
    assert one.about == "theme “Fuel”"


@pytest.mark.parametrize("pick", ["1", "2"])
def test_a_choice_that_is_undone_is_asked_again_everywhere(pair: Pair, pick: str) -> None:
    (one,) = pair.both(edit("Amina", phone="0161 496 0000"), edit("Amina", phone="0161 496 0999"))
    shown = one.sides[0].words
    for _ in range(2):
        choose(pair.one, one.id, pick)
        assert pair.met() == []
        undone = pair.one.undo(pair.one.change_sets(limit=1)[0].id)
        (again,) = pair.met()
        assert (again.id, words(again), again.sides[0].words) == (one.id, words(one), shown)
    # Redone, and chosen otherwise on the other laptop after it was asked again.
    pair.one.undo(str(undone.change_set))
    assert pair.met() == []
    assert people.get(pair.other.read, row(pair.other, "Amina")).phone == one.sides[int(pick) - 1].words


def test_a_removal_that_was_chosen_and_undone_is_asked_again(pair: Pair) -> None:
    (one,) = pair.both(remove("Amina"), visit("Amina"))
    choose(pair.one, one.id, "kept")
    assert pair.met() == []
    pair.one.undo(pair.one.change_sets(limit=1)[0].id)
    (again,) = pair.met()
    assert [side.words for side in again.sides] == ["removed", "kept"]


def test_both_values_stay_in_the_history(pair: Pair) -> None:
    (one,) = pair.both(edit("Amina", phone="0161 496 0000"), edit("Amina", phone="0161 496 0999"))
    choose(pair.one, one.id, "1")
    pair.met()
    for who in (pair.one, pair.other):
        told_of = [each.words for each in who.change_sets(("people", row(who, "Amina")))]
        assert told_of.count("Wrote") == 2
        assert "Chose between two values" in told_of


@pytest.mark.parametrize("answer", ["one person", "two people"])
def test_a_visit_for_somebody_who_was_joined_elsewhere_is_put_with_them_or_parts_them(pair: Pair, answer: str) -> None:
    pair.made("Amena", phone="0161 496 0000")
    with pair.one.change("Added a visit") as change:
        visit("Amena", "2026-10-01")(change, pair.one)
    (one,) = pair.both(
        join("Amina", "Amena"),
        lambda change, who: (visit("Amena")(change, who), edit("Amena", email="amena@example.org")(change, who)),
    )
    assert (one.what, words(one)) == ("one person or two", {"one person", "two people"})
    assert "visit of Amena" in one.sides[1].more
    choose(pair.other, one.id, answer)
    assert pair.met() == []
    for who in (pair.one, pair.other):
        assert [visits(who, name) for name in ("Amina", "Amena")] == ([2, 0] if answer == "one person" else [0, 2])
        kept = people.get(who.read, row(who, "Amina"))
        assert kept.email == ("amena@example.org" if answer == "one person" else None)
        assert who.problems() == []


@pytest.mark.parametrize("pick", ["1", "2", BOTH])
def test_one_record_joined_with_two_people_counts_once(pair: Pair, pick: str) -> None:
    pair.made("Bo")
    pair.made("Cy")
    with pair.one.change("Added a visit") as change:
        visit("Cy")(change, pair.one)
    (one,) = [each for each in pair.both(join("Amina", "Cy"), join("Bo", "Cy")) if each.what == "one person or two"]
    assert words(one) == {"Amina (P-0001)", "Bo (P-0002)"}
    choose(pair.one, one.id, pick)
    assert [each for each in pair.met() if each.what == "one person or two"] == []
    for who in (pair.one, pair.other):
        living = [name for (name,) in who.read.execute("select given_name from people where gone = 0 order by id")]
        if pick == BOTH:
            assert len(living) == 1
            assert visits(who, living[0]) == 1
        else:
            assert sorted(living) == ["Amina", "Bo"]
            chosen = one.sides[int(pick) - 1].words.split()[0]
            assert {name: visits(who, name) for name in living} == {name: int(name == chosen) for name in living}
        assert who.problems() == []


@pytest.mark.parametrize("answer", ["one person", "two people"])
def test_one_says_the_same_and_the_other_says_two(pair: Pair, answer: str) -> None:
    pair.made("Amena")
    (one,) = pair.both(
        join("Amina", "Amena"),
        lambda change, who: sameness.answer(change, row(who, "Amina"), row(who, "Amena"), "two"),
    )
    assert (one.what, one.about) == ("one person or two", "Amina (P-0001) and Amena (P-0002)")
    choose(pair.other, one.id, answer)
    assert pair.met() == []
    for who in (pair.one, pair.other):
        (living,) = who.read.execute("select count(*) from people where gone = 0").fetchone()
        assert living == (1 if answer == "one person" else 2)


def test_what_nobody_should_decide_is_not_asked(pair: Pair) -> None:
    def keep(value: str) -> Act:
        return lambda change, _: (
            set_setting(change, "kit_proven", value),
            change.insert("concerns", uid=bytes(16), reference=f"X-{value}", written_on="2026-11-20"),
            change.insert("import_mappings", uid=bytes(16), fingerprint="f", name=value, document=value),
            change.insert("areas", uid=bytes(16), kind="ward", code="E05000001", name=value),
        )

    assert pair.both(keep("a"), keep("b")) == []
    with pytest.raises(CisError, match="nothing was changed"):
        choose(pair.one, f"concerns:{bytes(6).hex()}:reference", "1")


def test_the_name_of_the_group_is_asked(pair: Pair) -> None:
    (one,) = pair.both(
        lambda change, _: set_setting(change, "workspace_name", "Trafford Larder"),
        lambda change, _: set_setting(change, "workspace_name", "Pantry"),
    )
    assert (one.about, one.what) == ("the group", "name")
    choose(pair.other, one.id, "Pantry")
    assert pair.met() == []
    assert pair.one.name == "Pantry"


def test_a_pin_is_never_shown(pair: Pair) -> None:
    with pair.one.change("Added a volunteer") as change:
        volunteer = change.insert("desk_volunteers", name="Dee", pin="secret of before")
    (one,) = pair.both(
        lambda change, _: change.update("desk_volunteers", volunteer, pin="secret one"),
        lambda change, _: change.update("desk_volunteers", volunteer, pin="secret two"),
    )
    assert {side.words for side in one.sides} == {"A PIN"}
    choose(pair.one, one.id, "2")
    assert pair.met() == []


def test_a_record_names_its_own_fields_that_differ(pair: Pair) -> None:
    pair.both(edit("Amina", phone="0161 496 0000", note="A"), edit("Amina", phone="0161 496 0999", note="B"))
    assert sorted(fields_of(pair.one.read, "people", row(pair.one, "Amina"))) == ["note", "phone"]
    with pair.one.change("Opened a case") as change:
        case = cases.open_case(change, "debt", person_id=row(pair.one, "Amina"))
    assert fields_of(pair.one.read, "cases", case) == []


def test_every_field_that_can_be_chosen_is_one(pair: Pair) -> None:
    for table, fields in FIELDS.items():
        there = set(pair.one.vault.tables[table].fields)
        assert set(fields) <= there
        assert {field for group in TOGETHER.get(table, ()) for field in group} <= there
        for group in TOGETHER.get(table, ()):
            assert group[0] in fields
