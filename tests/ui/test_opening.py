"""Who can open the record, in the window: people, the lock, the kit, this computer; nothing half done, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cis_desktop import health, ways_in
from cis_desktop.errors import CisError
from cis_desktop.records import people
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace, set_setting
from tests.ui.keys import press, type_in
from ui.pages.opening.page import OpeningPage
from ui.window import Window

Settled = Callable[[], None]
ANN, BO = "correct horse battery staple", "purple lantern gravel teapot"


@pytest.fixture
def record(window: Window, tmp_path: Path) -> Iterator[Workspace]:
    """Give a record that Ann made and Bo can open, too."""
    made = Workspace.create(tmp_path / "record", "Kilburn Kitchen", "Ann", ANN, passes=1)
    with made.change("Put in the starter lists") as change:
        load_code_lists(change)
        people.add(change, given_name="Amina")
    ways_in.add_person(made, "Bo", BO, passes=1)
    yield made
    if window.desk is None:
        made.close()


@pytest.fixture
def opening(qtbot: QtBot, window: Window, record: Workspace, settled: Settled) -> Callable[[], OpeningPage]:
    """Give what shows the page, made anew whenever the key was changed."""
    qtbot.waitUntil(window.isActiveWindow)
    window.opened(record)
    window.go("opening")
    settled()

    def page() -> OpeningPage:
        found = window.pages["opening"]
        assert isinstance(found, OpeningPage)
        return found

    return page


def listed(page: OpeningPage) -> list[tuple[str, str]]:
    rows = page.ways.rows
    return [(rows.index(at, 0).data(), rows.index(at, 1).data()) for at in range(rows.rowCount())]


def opens(folder: Path, secret: str) -> bool:
    """Say whether a passphrase or kit opens the slots of a folder as it is now."""
    try:
        keys.open_with(keys.read_keys(folder), secret)
    except CisError:
        return False
    return True


def test_a_person_is_let_in_by_keyboard_and_only_by_somebody_who_knows_a_passphrase(
    window: Window, record: Workspace, opening: Callable[[], OpeningPage], settled: Settled
) -> None:
    page = opening()
    assert listed(page) == [("Ann (you)", "a passphrase"), ("Bo", "a passphrase")]
    press(window, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    QTest.qWait(250)
    type_in(page.adding.name, "Cy Twombly")
    press(window, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    QTest.qWait(250)
    words = page.adding.new.first.text()
    page.adding.mine.field.setFocus()
    type_in(page.adding.mine.field, "not hers at all")
    press(window, Qt.Key.Key_Return)
    settled()
    assert page.adding.notice.title.text() == "That is not your passphrase"
    assert len(keys.read_keys(record.folder).slots) == 2
    assert page.adding.mine.field.hasFocus()
    type_in(page.adding.mine.field, ANN)
    press(window, Qt.Key.Key_Return)
    settled()
    assert listed(page)[2] == ("Cy Twombly", "a passphrase")
    assert page.notice.title.text() == "Cy Twombly can open it now"
    assert opens(record.folder, words)
    # On a slow computer the one of its own accord, some time after unlocking, is there as well.
    backup = max((record.folder / "backups").glob("*.cis-backup"))
    Workspace.restore(backup, record.folder.parent / "restored", words).close()
    assert not any(secret.text() for secret in (page.adding.new.first, page.adding.new.second, page.adding.mine))


def test_taking_somebody_away_changes_the_lock_and_comes_back_with_all_that_was_half_written(
    window: Window, record: Workspace, opening: Callable[[], OpeningPage], settled: Settled
) -> None:
    window.go("noticed", ("new", None))
    window.pages["noticed"].words.setPlainText("More families ask for ")
    window.go("opening")
    old = keys.read_keys(record.folder)
    page = opening()
    page.ways.table.selectRow(1)
    page.take.click()
    assert "Bo cannot open the record any more." in page.taking.sentence.text()
    page.taking.mine.field.setText(ANN)
    page.taking.go.click()
    settled()
    page = opening()
    assert window.place == "opening"
    assert page.notice.title.text() == "Bo opens it no longer"
    assert "printed lists" in page.after_words.text()
    assert listed(page) == [("Ann (you)", "a passphrase")]
    assert "No longer: Bo" in page.ways.before.text()
    assert not opens(record.folder, BO)
    assert keys.open_with(old, BO).key != record.vault.key, "an old copy of the keys is of no use"
    assert window.pages["noticed"].words.toPlainText() == "More families ask for "
    window.lock()
    settled()
    with Workspace.open(record.folder, ANN) as again:
        assert len(people.page(again.read)) == 1
        assert again.problems() == []


def test_nobody_takes_their_own_passphrase_away(opening: Callable[[], OpeningPage]) -> None:
    page = opening()
    page.ways.table.selectRow(0)
    page.take.click()
    assert page.notice.title.text() == "That is your own passphrase"
    assert page.buttons.isVisible()


def test_a_change_of_the_lock_that_fails_says_so_and_leaves_the_record_open_as_it_was(
    window: Window, record: Workspace, opening: Callable[[], OpeningPage], settled: Settled
) -> None:
    # Something lies where the copy under the new key is to be, and cannot be removed.
    (record.folder / "vault.db.new" / "inside").mkdir(parents=True)
    key = record.vault.key
    page = opening()
    page.lock.click()
    page.locking.mine.field.setText(ANN)
    page.locking.go.click()
    settled()
    assert window.place == "opening"
    assert opening().notice.isVisible()
    assert "vault.db.new" in opening().notice.sentence.text()
    assert record.vault.key == key
    with record.change("Added a person") as change:
        people.add(change, given_name="José")
    assert opens(record.folder, BO)


def test_ones_own_passphrase_is_changed_with_the_old_one_and_a_strong_new_one(
    record: Workspace, opening: Callable[[], OpeningPage], settled: Settled
) -> None:
    page = opening()
    page.change.click()
    act = page.changing
    for old, new, title in (
        (ANN, ("password", "password"), "That passphrase is too weak"),
        (ANN, ("velvet otter brisk canal", "velvet otter brisk cabal"), "The two passphrases differ"),
        (BO, ("velvet otter brisk canal",) * 2, "That is not your passphrase"),
    ):
        act.mine.field.setText(old)
        act.new.first.field.setText(new[0])
        act.new.second.field.setText(new[1])
        act.go.click()
        settled()
        assert act.notice.title.text() == title
        assert opens(record.folder, ANN)
    act.mine.field.setText(ANN)
    act.go.click()
    settled()
    assert page.notice.title.text() == "Your passphrase is changed"
    assert not opens(record.folder, ANN)
    assert opens(record.folder, "velvet otter brisk canal")
    assert opens(record.folder, BO)


def test_a_computer_without_a_safe_store_offers_nothing_and_says_why(opening: Callable[[], OpeningPage]) -> None:
    page = opening()
    assert not page.remember.isVisible()
    assert "keeps no secrets encrypted" in page.computer.text()


def test_keys_that_are_wrapped_weakly_are_wrapped_anew_after_unlocking(
    window: Window, record: Workspace, settled: Settled
) -> None:
    record.close()
    window.start.show_folder(record.folder)
    window.start.passphrase.field.setText(ANN)
    window.start.unlock()
    settled()
    settled()
    wrapped = [slot.wrapping.passes for slot in keys.read_keys(record.folder).slots if slot.wrapping]
    assert wrapped[0] >= keys.LEAST_PASSES
    assert wrapped[1] == 1, "nobody else's can be"
    window.lock()
    settled()
    assert opens(record.folder, ANN)


# --- the kit comes first ------------------------------------------------------------------------------------


def test_a_kit_is_asked_for_before_a_spreadsheet_comes_in_and_leads_back_to_it(
    window: Window, record: Workspace, settled: Settled, tmp_path: Path
) -> None:
    sheet = tmp_path / "list.csv"
    sheet.write_text("First name,Surname,Date of visit\nMei,Chen,2026-05-04\n", encoding="utf-8")
    window.opened(record)
    window.go("intake", ("file", sheet))
    settled()
    page = window.pages["intake"]
    page.try_rows()
    settled()
    assert page.trial_part.kit.isVisible()
    assert not page.bring.isEnabled()
    window.go("home", ("kit", "intake"))
    kit = window.pages["home"].kit
    shown = [label.text() for label in kit.parts]
    kit.ask()
    for field, at in zip(kit.fields, kit.asked, strict=True):
        field.setText(shown[at])
    kit.prove()
    settled()
    assert window.place == "intake"
    assert not page.trial_part.kit.isVisible()
    assert page.bring.isEnabled()
    page.bring.click()
    settled()
    assert len(people.page(record.read)) == 2


def test_the_example_and_a_vault_without_slots_ask_for_no_kit(record: Workspace, lists: Workspace) -> None:
    assert health.kit_first(record.read, record.folder)
    assert not health.kit_first(lists.read, lists.folder)
    with record.change("Made it the example") as change:
        set_setting(change, health.EXAMPLE, "yes")
    assert not health.kit_first(record.read, record.folder)


# --- the facts ----------------------------------------------------------------------------------------------


def test_the_page_of_facts_leads_to_the_very_field_of_the_second_place(
    window: Window, record: Workspace, settled: Settled
) -> None:
    window.opened(record)
    window.go("health")
    settled()
    window.pages["health"].buttons["second"].click()
    settled()
    assert QApplication.focusWidget() is window.pages["settings"].second.path
    assert not window.pages["settings"].second.visibleRegion().isEmpty()


def test_a_rehearsal_is_made_from_the_page_of_facts_and_told_with_its_day(
    window: Window, record: Workspace, settled: Settled
) -> None:
    window.opened(record)
    window.go("home")
    settled()
    window.pages["home"].safety.all.click()
    settled()
    page = window.pages["health"]
    assert page.facts["people"].text() == "Who can open it: Ann and Bo."
    assert "no backup was ever restored" in page.facts["rehearsal"].text()
    page.buttons["rehearsal"].setFocus()
    press(window, Qt.Key.Key_Space)
    settled()
    assert page.notice.title.text() == "A backup can be restored"
    assert page.facts["rehearsal"].text().startswith("Rehearsal: a backup was restored and compared on")
    assert sorted(path.suffix for path in (record.folder / "backups").iterdir()) == [".cis-backup"]
    # Not on the next button, which a second press would set off.
    assert QApplication.focusWidget() is page.buttons["rehearsal"]
