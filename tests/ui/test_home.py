"""Home says what is due and whether the record is safe; Settings save by themselves; backups make themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from cis_desktop import backups, words
from cis_desktop.agreements import accept
from cis_desktop.briefings.incoming import import_briefing
from cis_desktop.health import EXAMPLE, last_whole
from cis_desktop.records import cases, contacts, people
from cis_desktop.vault import keys, slots
from cis_desktop.workspace import Workspace, set_setting
from tests.ui.keys import press, type_in
from ui.preferences import Preferences
from ui.window import Window

KEY = bytes(range(32))
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def sealed(group: Workspace) -> Workspace:
    """Give the example group with a key slot, so that it can be backed up."""
    ways = (keys.person_slot("Ann", "four words that fit", KEY, 1),)
    keys.write_keys(group.folder, keys.sealed_list(ways, KEY))
    with group.change("Listed who can open it") as change:
        slots.keep(change.connection, ways, "Ann", 1)
    return group


def texts(page: object) -> str:
    """Give all that a page says."""
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def pressed(page: object, name: str) -> None:
    """Press the button of a name."""
    (found,) = [each for each in page.findChildren(QPushButton) if each.accessibleName() == name]
    found.click()


def test_home_leads_to_the_report_that_is_due_until_it_is_made(
    window: Window, sealed: Workspace, settled: Callable[[], None]
) -> None:
    quarter = last_whole("quarter", date.today())
    accept(sealed, "food-support-quarterly-return", "Ann")
    with sealed.change("Added a visit") as change:
        person = people.page(sealed.read)[0].id
        contacts.add(change, quarter.last.isoformat(), [], ["food"], 1, person_id=person, kind="visit")
    window.opened(sealed)
    settled()
    home = window.pages["home"]
    assert f"Food support quarterly return, {quarter.label}: not made yet." in texts(home)
    pressed(home, f"Make the report: Food support quarterly return, {quarter.label}")
    settled()
    guide = window.pages["reports"].guide
    assert window.place == "reports"
    assert guide.choose.period() == quarter
    assert guide.choose.which.key().startswith("food-support-quarterly-return@")


def test_home_leads_to_the_case_that_is_to_be_looked_at_again(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    late = date.today() - timedelta(days=3)
    with group.change("Opened a case") as change:
        person = people.page(group.read)[0].id
        case = cases.open_case(change, "debt", person_id=person, review_on=late.isoformat())
    window.opened(group)
    settled()
    home = window.pages["home"]
    (review,) = home.known[0].reviews
    assert f"Look at case {review.reference} again: it was due on {words.day(late)}." in texts(home)
    pressed(home, f"Show {review.reference}")
    assert window.place == "people"
    assert window.pages["people"].case_sheet.case.id == case


def test_home_leads_to_what_a_council_sent_lately(
    window: Window, group: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("What we decided\nAn adviser comes every Tuesday.\n")
    (briefing,) = import_briefing(group, [letter], sender="Camden Council").briefings
    window.opened(group)
    settled()
    home = window.pages["home"]
    (post,) = home.known[0].post
    assert f"Came in on {words.day(date.today())} from Camden Council: {post.title}." in texts(home)
    pressed(home, f"Read what came in: {post.title}")
    settled()
    assert window.place == "post"
    assert post.briefing == briefing


def test_home_fits_one_screen_when_there_is_little_to_say(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    with group.change("Marked it") as change:
        set_setting(change, EXAMPLE, "yes")
    window.opened(group)
    settled()
    QTest.qWait(50)
    home = window.pages["home"]
    assert home.example.isVisible()
    (area,) = home.findChildren(QScrollArea)
    assert area.verticalScrollBar().maximum() == 0
    # One line for each change, however long its words are.
    assert home.lately.text().count("\n") + 1 == len(group.change_sets(limit=5))


def test_home_asks_for_the_kit_in_one_place_only(
    qtbot: QtBot, window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(lists)
    settled()
    home = window.pages["home"]

    def asks() -> list[bool]:
        return [home.steps.isVisible(), home.safety.points["kit"].isVisible(), home.safety.kit.isVisible()]

    assert asks() == [True, False, False]
    with lists.change("Added a person") as change:
        people.add(change, given_name="Amina")
    accept(lists, "small-group-return", "Ann")
    qtbot.waitUntil(lambda: asks() == [False, True, True])
    with lists.change("Added people") as change:
        for _ in range(9):
            people.add(change, given_name="Amina")
    qtbot.waitUntil(lambda: asks() == [True, False, False])


def test_an_empty_home_teaches(qtbot: QtBot, window: Window, lists: Workspace, settled: Callable[[], None]) -> None:
    window.opened(lists)
    settled()
    home = window.pages["home"]
    assert "Once you have chosen what you count" in texts(home.due)
    assert home.steps.isVisible()
    with lists.change("Added a person") as change:
        people.add(change, given_name="Amina")
    accept(lists, "small-group-return", "Ann")
    qtbot.waitUntil(lambda: "A report shows here when its quarter is over" in texts(home.due))
    assert home.step_words["people"].text().endswith("Done.")
    assert not any(each.isVisible() for each in home.step_buttons["people"])
    # Nine more people, and the kit is asked for again.
    assert not home.steps.isVisible()
    with lists.change("Added people") as change:
        for _ in range(9):
            people.add(change, given_name="Amina")
    qtbot.waitUntil(home.steps.isVisible)
    assert "the recovery kit" in home.safety.whole.text()


def test_the_card_tells_of_a_backup_and_a_check_when_they_are_made(
    window: Window, sealed: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(sealed)
    settled()
    card = window.pages["home"].safety
    assert card.points["backup"].text().startswith("Backup: none yet.")
    assert card.points["check"].text() == "Check: never done on this laptop."
    assert card.points["kit"].text().startswith("Recovery kit: none.")
    assert card.whole.text() == "Not quite. To see to: a backup, a check, the recovery kit and a rehearsal."
    pressed(window.pages["home"], "Back up now")
    settled()
    pressed(window.pages["home"], "Check the record now")
    settled()
    today = words.day(date.today())
    assert card.points["backup"].text() == f"Backup: {today}, opened again and checked."
    assert card.points["check"].text() == f"Check: the record was whole on {today}."
    assert card.whole.text() == "Not quite. To see to: the recovery kit and a rehearsal."
    assert window.pages["home"].notice.title.text() == "The record is whole"
    assert window.standing.backup.text() == f"Last backup {today}"
    assert len(backups.made(sealed.folder / backups.FOLDER)) == 1


def test_damage_is_told_with_what_to_do(window: Window, sealed: Workspace, settled: Callable[[], None]) -> None:
    with sealed.change("Broke it") as change:
        change.connection.execute("drop trigger history_people_note")
    window.opened(sealed)
    window.pages["home"].check()
    settled()
    home = window.pages["home"]
    assert home.notice.title.text() == "The record is damaged"
    assert "restore the last good backup" in home.notice.sentence.text()
    assert "1 problem found" in home.safety.points["check"].text()


# --- backups that make themselves ---------------------------------------------------------------------------


def test_locking_backs_up_what_was_written_and_only_then(
    window: Window, sealed: Workspace, settled: Callable[[], None]
) -> None:
    folder = sealed.folder / backups.FOLDER
    window.opened(sealed)
    settled()
    window.lock()
    settled()
    (made,) = backups.made(folder)
    with Workspace.restore(made.path, folder.parent.parent / "restored", "four words that fit") as restored:
        assert len(people.page(restored.read, limit=100)) == 30
    # It is recent, so locking again makes no other.
    window.opened(Workspace.open_raw(sealed.folder, KEY, "Ann"))
    settled()
    window.lock()
    settled()
    assert [each.path for each in backups.made(folder)] == [made.path]


def test_unlocking_backs_up_when_the_last_backup_is_old(
    window: Window, sealed: Workspace, settled: Callable[[], None]
) -> None:
    folder = sealed.folder / backups.FOLDER
    old = sealed.back_up()
    old = old.rename(old.with_name((datetime.now(UTC) - timedelta(days=2)).strftime(backups.STAMP + ".cis-backup")))
    window.opened(sealed)
    window.backing.look(window.desk)
    settled()
    assert len(backups.made(folder)) == 2
    window.backing.look(window.desk)
    settled()
    assert len(backups.made(folder)) == 2


def test_a_backup_that_fails_is_told_and_keeps_nobody_from_locking(
    window: Window, sealed: Workspace, settled: Callable[[], None]
) -> None:
    (sealed.folder / backups.FOLDER).write_text("a file in the way", encoding="utf-8")
    window.opened(sealed)
    settled()
    window.lock()
    settled()
    assert window.desk is None
    assert window.start.isEnabled()
    assert "could not be" in window.toast.words.text()


def test_a_window_for_pictures_makes_no_backup_by_itself(
    window: Window, sealed: Workspace, settled: Callable[[], None]
) -> None:
    window.preferences = Preferences(remember=False)
    window.opened(sealed)
    window.backing.look(window.desk)
    settled()
    window.lock()
    settled()
    assert not (sealed.folder / backups.FOLDER).exists()


# --- settings -----------------------------------------------------------------------------------------------


def test_the_groups_name_saves_by_itself_and_can_be_undone(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(group)
    before = group.name
    window.go("settings")
    page = window.pages["settings"]
    page.name.setFocus()
    page.name.selectAll()
    type_in(page.name, "Kilburn Kitchen")
    press(window, Qt.Key.Key_Tab)
    settled()
    assert group.name == "Kilburn Kitchen"
    assert window.pages["home"].stale or window.pages["home"].title.text() == "Kilburn Kitchen"
    window.undo()
    settled()
    assert group.name == before
    assert page.name.text() == before


def test_a_name_that_is_being_typed_survives_locking(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(group)
    window.go("settings")
    page = window.pages["settings"]
    page.name.setFocus()
    page.name.selectAll()
    type_in(page.name, "Kilburn Ki")
    window.lock()
    settled()
    window.opened(Workspace.open_raw(group.folder, KEY, "Ann"))
    name = window.desk.workspace.name
    assert "Kilburn Ki" in (name, window.page("settings").name.text())


def test_a_second_place_is_kept_and_gets_its_copy(
    window: Window, sealed: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    window.opened(sealed)
    window.go("settings")
    page = window.pages["settings"]
    page.second.path.setText(str(stick))
    page.store()
    settled()
    assert "not there now" in page.second_words.text()
    stick.mkdir()
    page.reload()
    assert "It is there" in page.second_words.text()
    QTest.keyClick(window, Qt.Key.Key_B, CONTROL)
    settled()
    assert "a copy in the second place" in window.toast.words.text()
    (copy,) = backups.made(backups.own_folder(sealed.read, stick))
    assert copy.path.read_bytes() == backups.made(sealed.folder / backups.FOLDER)[0].path.read_bytes()
    window.go("home")
    settled()
    assert words.day(date.today()) in window.pages["home"].safety.points["second"].text()


def test_minutes_before_locking_and_looks_take_effect_at_once(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(group)
    window.go("settings")
    page = window.pages["settings"]
    page.idle.choose("5")
    assert window.idle.minutes == 5
    assert window.standing.locked.text() == "Locks itself after 5 minutes without use"
    assert Preferences().idle == 5
    page.idle.choose("10")
    page.text_size.choose("125")
    assert window.font().pointSizeF() == pytest.approx(11 * 1.25, abs=0.1)
    page.text_size.choose("100")


def test_settings_name_this_laptop_and_the_licences(window: Window, sealed: Workspace) -> None:
    window.opened(sealed)
    window.go("settings")
    told = texts(window.pages["settings"])
    assert "(this one)" in told
    assert str(sealed.folder) in told
    for licence in ("MIT", "LGPL-3.0", "CC BY 3.0 US", "SIL OFL"):
        assert licence in told
