"""Two records of one person are looked at side by side, answered for by keyboard, and the answer is undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cis_desktop.records import cases, contacts, observations, people, sameness
from cis_desktop.workspace import Workspace
from tests.ui.keys import press
from ui.pages.people.same import SamePart
from ui.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Settled = Callable[[], None]


def answer(window: Window, letter: Qt.Key) -> None:
    """Press Alt and a letter; a button that is pressed so is seen to go down and up first."""
    press(window, letter, ALT)
    QTest.qWait(200)


@pytest.fixture
def amina(lists: Workspace) -> tuple[int, int]:
    """Write Amina down twice, each with a visit."""
    with lists.change("Brought in a list") as change:
        first = people.add(change, given_name="Amina", family_name="Khan", birth_year=1980)
        second = people.add(change, given_name="Aminah", family_name="Khan", birth_year=1980, postcode="NW1 8AB")
        for who, day in ((first, "2026-05-01"), (second, "2026-05-08")):
            contacts.add(change, day, person_id=who, kind="visit")
    return first, second


@pytest.fixture
def queue(qtbot: QtBot, window: Window, lists: Workspace, amina: tuple[int, int], settled: Settled) -> SamePart:
    """Give the queue, opened by its keys."""
    qtbot.waitUntil(window.isActiveWindow)
    window.opened(lists)
    QTest.keyClick(window, Qt.Key.Key_S, CONTROL | SHIFT)
    settled()
    return window.pages["people"].same_part


def test_the_two_stand_side_by_side_with_what_differs(queue: SamePart) -> None:
    lines = {queue.rows.record(at)[0]: at for at in range(queue.rows.rowCount())}
    said = {name: queue.rows.index(at, 3).data() for name, at in lines.items()}
    assert (said["Name"], said["Born"], said["Postcode"]) == ("differs", "the same", "known of one")
    assert "names spelt alike and the same year of birth" in queue.why.text()
    assert queue.rows.record(lines["Reference"])[1:] == ("P-0001", "P-0002")


def test_the_same_person_becomes_one_and_undo_makes_two_again(
    window: Window, lists: Workspace, queue: SamePart, amina: tuple[int, int], settled: Settled
) -> None:
    answer(window, Qt.Key.Key_R)
    settled()
    assert queue.title.text() == "Nobody seems to be written down twice"
    assert len(contacts.of_person(lists.read, amina[0])) == 2
    assert [each.id for each in people.page(lists.read)] == [amina[0]]
    press(window, Qt.Key.Key_Z, CONTROL)
    settled()
    assert [len(contacts.of_person(lists.read, each)) for each in amina] == [1, 1]
    QTest.keyClick(window, Qt.Key.Key_S, CONTROL | SHIFT)
    settled()
    assert queue.pair is not None


def test_two_people_are_not_asked_about_again(
    window: Window, lists: Workspace, queue: SamePart, amina: tuple[int, int], settled: Settled
) -> None:
    answer(window, Qt.Key.Key_T)
    settled()
    QTest.keyClick(window, Qt.Key.Key_S, CONTROL | SHIFT)
    settled()
    assert queue.pair is None
    assert not sameness.candidates(lists.read)
    assert not sameness.joined_with(lists.read, amina[0])


def test_not_sure_leaves_both_and_asks_next_time(
    window: Window, lists: Workspace, queue: SamePart, settled: Settled
) -> None:
    answer(window, Qt.Key.Key_N)
    assert queue.pair is None
    assert len(people.page(lists.read)) == 2
    QTest.keyClick(window, Qt.Key.Key_S, CONTROL | SHIFT)
    settled()
    assert queue.pair is not None


def test_somebody_removed_meanwhile_is_no_longer_a_question(
    window: Window, lists: Workspace, queue: SamePart, amina: tuple[int, int]
) -> None:
    queue.waiting = [sameness.Pair(*amina, ("name",))]
    with lists.change("Removed a person") as change:
        people.remove(change, amina[1])
    queue.next_pair()
    assert queue.pair is None


def test_what_happened_with_a_person_and_in_a_case_is_one_list_latest_first(
    window: Window, lists: Workspace, amina: tuple[int, int]
) -> None:
    with lists.change("Worked on a case") as change:
        case = cases.open_case(change, "debt", person_id=amina[0], opened="2026-04-01", note="Bailiffs")
        contacts.add(change, "2026-04-08", person_id=amina[0], case_id=case, kind="call", note="Rang them")
        observations.add(change, "Bailiffs come at night.", "2026-04", person_id=amina[0])
        cases.close(change, case, "2026-06-01")
    window.opened(lists)
    window.go("people", ("show", amina[0]))
    sheet = window.pages["people"].sheet
    happened = [sheet.happened.index(at, 1).data() for at in range(sheet.happened.rowCount())]
    assert happened == [
        "Case C-0001 closed",
        "Visit",
        sheet.codes.label("contact_kind", "call"),
        "Case C-0001 opened",
        "Noticed",
    ]
    window.go("people", ("case_page", case))
    shown = window.pages["people"].case_sheet
    assert [shown.rows.index(at, 0).data() for at in range(shown.rows.rowCount())] == [
        "1 Jun 2026", "8 Apr 2026", "1 Apr 2026",
    ]  # fmt: skip
    assert "Rang them" in shown.rows.index(1, 2).data()


def test_a_long_life_is_read_a_page_at_a_time_without_gaps(lists: Workspace, amina: tuple[int, int]) -> None:
    from cis_desktop.records import timeline

    with lists.change("Added visits") as change:
        for at in range(120):
            contacts.add(change, f"2026-{1 + at // 28:02d}-{1 + at % 28:02d}", person_id=amina[0])
            contacts.add(change, "2026-05-01", person_id=amina[0])
    seen: list[int] = []
    last = None
    while page := timeline.of_person(lists.read, amina[0], last, 50):
        seen += [each.id for each in page]
        last = page[-1]
    assert len(seen) == len(set(seen)) == 241


def test_a_case_is_put_on_home_for_a_day(
    window: Window, lists: Workspace, amina: tuple[int, int], settled: Settled
) -> None:
    from datetime import date, timedelta

    from cis_desktop import health
    from ui.widgets.fields import set_day

    with lists.change("Opened a case") as change:
        case = cases.open_case(change, "debt", person_id=amina[0])
    window.opened(lists)
    window.go("people", ("case_page", case))
    shown = window.pages["people"].case_sheet
    set_day(shown.review, (date.today() + timedelta(days=3)).isoformat())
    shown.plan.click()
    settled()
    (review,) = health.due(lists.read, date.today()).reviews
    assert review.case_id == case
