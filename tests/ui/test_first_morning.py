"""The first morning: from nothing to a record with a way back in, or to the example, by keyboard alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cis_desktop import backups, health, passphrases, words
from cis_desktop.demo.example import PASSPHRASE
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from tests.ui.test_everyone import controls
from ui.new_place import new_place
from ui.widgets.kit import PREFIX, groups, sheet
from ui.window import Window

ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def tab_to(window: Window, wanted: QWidget) -> int:
    """Press Tab until a control has the focus; give how often."""
    for times in range(60):
        if QApplication.focusWidget() is wanted:
            return times
        press(window, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never comes to {wanted.accessibleName()}")


def letter(window: Window, key: Qt.Key) -> None:
    """Press a button by its underlined letter; Qt shows it pressed for a moment first."""
    press(window, key, ALT)
    QTest.qWait(200)


def test_from_nothing_to_a_proven_kit_by_keyboard(
    qtbot: QtBot, window: Window, settled: Callable[[], None], tmp_path: Path
) -> None:
    start = window.start
    type_in(start.group, "Kilburn Kitchen")
    press(window, Qt.Key.Key_Tab)
    type_in(start.person, "Ann")
    letter(window, Qt.Key.Key_T)
    words = start.first.text()
    assert len(words.split()) == 6
    assert set(words.split()) <= set(passphrases.word_list())
    assert start.second.text() == words
    assert start.first.field.echoMode() == QLineEdit.EchoMode.Normal
    assert words in start.new.write_down.text()
    qtbot.waitUntil(lambda: start.new.judged.text().startswith("Strong"))
    start.new_folder.path.setText(str(tmp_path / "record"))
    letter(window, Qt.Key.Key_C)
    settled()
    assert window.place == "home"
    home = window.pages["home"]
    assert home.steps.isVisible()
    assert home.step_words["kit"].text().endswith("Not done yet.")
    assert not home.example.isVisible()
    assert start.first.text() == start.second.text() == start.new.write_down.text() == ""

    tab_to(window, home.step_buttons["kit"][0])
    press(window, Qt.Key.Key_Space)
    kit = home.kit
    assert kit.isVisible()
    shown = [label.text() for label in kit.parts]
    assert PREFIX + "".join(shown) == kit.identity
    press(window, Qt.Key.Key_Space)
    assert not kit.parts[0].isVisible()
    assert keys.read_keys(tmp_path / "record").slots[-1].kind == "person"
    type_in(kit.fields[0], shown[kit.asked[0]].lower())
    press(window, Qt.Key.Key_Tab)
    type_in(kit.fields[1], shown[kit.asked[1]])
    press(window, Qt.Key.Key_Return)
    settled()
    assert home.notice.title.text() == "Your recovery kit works"
    assert home.cards.isVisible()
    assert home.step_words["kit"].text().endswith("Done.")
    assert "proven on" in home.safety.points["kit"].text()
    assert kit.identity == ""

    identity = PREFIX + "".join(shown)
    (backup,) = backups.made(tmp_path / "record" / backups.FOLDER)
    window.lock()
    settled()
    with Workspace.open(tmp_path / "record", " ".join(shown).join([PREFIX + " ", ""])) as again:
        assert again.name == "Kilburn Kitchen"
        assert health.health(again.read, again.folder).kit == "proven"
    Workspace.restore(backup.path, tmp_path / "restored", identity).close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if identity.encode() in path.read_bytes()]


def test_a_later_kit_is_shown_only_to_whoever_knows_the_passphrase(
    window: Window, settled: Callable[[], None], tmp_path: Path
) -> None:
    made = Workspace.create(tmp_path / "record", "Kilburn Kitchen", "Ann", "purple lantern gravel teapot", passes=1)
    with made.change("Put in the starter lists") as change:
        load_code_lists(change)
    made.close()
    window.opened(Workspace.open(tmp_path / "record", "purple lantern gravel teapot"))
    window.go("home", ("kit", None))
    kit = window.pages["home"].kit
    assert QApplication.focusWidget() is kit.mine.field
    type_in(kit.mine.field, "seven quiet otters knitting")
    press(window, Qt.Key.Key_Return)
    settled()
    assert kit.notice.title.text() == "That is not your passphrase"
    assert (kit.identity, kit.parts[0].text(), kit.parts[0].isVisible()) == ("", "", False)
    kit.mine.field.clear()
    type_in(kit.mine.field, "purple lantern gravel teapot")
    press(window, Qt.Key.Key_Return)
    settled()
    assert kit.parts[0].isVisible()
    assert PREFIX + "".join(label.text() for label in kit.parts) == kit.identity
    assert kit.mine.text() == ""


def test_a_wrong_group_is_told_and_opens_nothing(window: Window, lists: Workspace, settled: Callable[[], None]) -> None:
    keys.write_keys(lists.folder, keys.sealed_list((), lists.vault.key))
    window.opened(lists)
    window.go("home", ("kit", None))
    kit = window.pages["home"].kit
    kit.ask()
    type_in(kit.fields[0], groups(kit.identity)[kit.asked[0]])
    kit.fields[1].setText("BIO1")
    kit.prove()
    assert kit.notice.title.text() == f"Group {kit.asked[1] + 1} is not right"
    settled()
    assert keys.read_keys(lists.folder).slots == ()
    kit.leave()
    assert window.pages["home"].cards.isVisible()
    assert kit.identity == ""
    assert not any(label.text() for label in kit.parts)


def test_the_same_two_groups_are_not_asked_for_each_time(window: Window, lists: Workspace) -> None:
    window.opened(lists)
    window.go("home", ("kit", None))
    kit = window.pages["home"].kit
    asked = set()
    for _ in range(40):
        kit.ask()
        assert len(set(kit.asked)) == 2
        assert 14 not in kit.asked
        asked.add(tuple(kit.asked))
    assert len(asked) > 15


def test_the_printed_page_holds_the_whole_key_and_how_to_use_it() -> None:
    identity = keys.new_identity()
    page = sheet("Kilburn Kitchen", identity)
    assert len(groups(identity)) == 15
    for at, part in enumerate(groups(identity), 1):
        assert f"{at}: {part}" in page
    assert "Kilburn Kitchen" in page
    assert "press “I forgot it…”" in page
    assert f"For Community Insights. Made on {words.day(date.today())}." in page


def test_print_it_says_that_there_is_no_printer_or_lets_one_be_chosen(
    qtbot: QtBot, window: Window, lists: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.opened(lists)
    window.go("home", ("kit", None))
    kit = window.pages["home"].kit
    (print_it,) = [found for found in kit.findChildren(QPushButton) if found.accessibleName() == "Print it…"]
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    print_it.click()
    assert kit.notice.title.text() == "There is no printer"
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["Office"])
    print_it.click()
    (dialog,) = kit.findChildren(QPrintDialog)
    assert dialog.isVisible()
    assert not dialog.testOption(QPrintDialog.PrintDialogOption.PrintToFile)
    dialog.reject()
    assert kit.parts[0].isVisible()


def test_a_passphrase_that_is_soon_guessed_makes_no_record(
    qtbot: QtBot, window: Window, settled: Callable[[], None], tmp_path: Path
) -> None:
    start = window.start
    start.group.setText("Kilburn Kitchen")
    start.person.setText("Wilhelmina")
    start.new_folder.path.setText(str(tmp_path / "record"))
    for weak, said in (("Kx9#", "Too short"), ("wilhelmina", "Too weak"), ("Kilburn Kitchen", "Too weak")):
        for secret in (start.first, start.second):
            secret.field.setText(weak)
        qtbot.waitUntil(lambda said=said: start.new.judged.text().startswith(said))
        start.create()
        settled()
        assert start.notice.title.text() == "That passphrase is too weak"
        assert not (tmp_path / "record").exists()
    assert window.desk is None


def test_a_record_without_a_name_is_refused_at_its_field(window: Window, tmp_path: Path) -> None:
    start = window.start
    start.new_folder.path.setText(str(tmp_path / "record"))
    start.create()
    assert start.notice.title.text() == "The group needs a name"
    assert start.group.hasFocus()
    assert not (tmp_path / "record").exists()


def test_what_was_suggested_is_not_told_any_more_once_it_is_changed(window: Window) -> None:
    start = window.start
    start.new.offer.click()
    assert start.new.write_down.isVisible()
    start.second.field.setFocus()
    type_in(start.second.field, "x")
    assert not start.new.write_down.isVisible()


def test_text_size_can_be_chosen_before_anything_and_follows_the_keys(window: Window) -> None:
    start = window.start
    before = window.font().pointSizeF()
    assert start.looks.language.count() == 1
    start.looks.text_size.choose("150")
    assert window.font().pointSizeF() == pytest.approx(before * 1.5)
    QTest.keyClick(window, Qt.Key.Key_Plus, CONTROL)
    assert start.looks.text_size.key() == "175"
    start.looks.text_size.choose("100")
    assert window.preferences.percent == 100


def test_the_example_is_made_in_one_click_marked_and_found_again(
    window: Window, settled: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    letter(window, Qt.Key.Key_X)
    settled()
    assert window.desk is not None
    home = window.pages["home"]
    assert home.title.text() == "Camden Kitchen Table (example)"
    assert home.example.isVisible()
    assert not home.steps.isVisible()
    assert len(home.known[0].reports) == 1
    assert len(home.known[0].reviews) == 3
    folder = window.desk.workspace.folder
    assert tmp_path in folder.parents
    window.lock()
    settled()
    assert PASSPHRASE in window.start.example_hint.text()
    type_in(window.start.passphrase.field, PASSPHRASE)
    press(window, Qt.Key.Key_Return)
    settled()
    assert window.desk is not None
    window.lock()
    settled()
    window.start.show_folder(None)
    window.start.try_example()
    settled()
    assert window.desk.workspace.folder == folder
    assert [path.name for path in folder.parent.iterdir()] == ["example"]


def test_an_example_that_was_stopped_leaves_nothing(
    qtbot: QtBot, window: Window, settled: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    window.start.try_example()
    qtbot.waitUntil(lambda: (tmp_path / "community-insights" / "example" / keys.FILE_NAME).exists(), timeout=20_000)
    window.start.job.cancel()
    settled()
    assert window.desk is None
    assert window.start.notice.title.text() == "Stopped, as you asked"
    assert list((tmp_path / "community-insights").iterdir()) == []


def test_a_new_record_is_offered_a_place_that_is_not_taken_or_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = new_place()
    assert not place.exists()
    place.mkdir(parents=True)
    try:
        assert new_place() == place.with_name("Community Insights 2")
    finally:
        place.rmdir()
    (tmp_path / "OneDrive").mkdir()
    monkeypatch.setattr(
        "PySide6.QtCore.QStandardPaths.writableLocation",
        lambda where: str(tmp_path / ("OneDrive" if "Documents" in str(where) else "home")),
    )
    assert new_place() == tmp_path / "home" / "Community Insights"


@pytest.mark.parametrize("state", ["kit", "asked", "wrong", "suggested", "example"])
def test_every_state_of_the_first_morning_names_its_controls(
    window: Window, lists: Workspace, tmp_path: Path, state: str
) -> None:
    if state == "suggested":
        window.start.new.offer.click()
    elif state == "example":
        (tmp_path / "e").mkdir()
        (tmp_path / "e" / "EXAMPLE.txt").write_text("words\n", encoding="utf-8")
        window.start.show_folder(tmp_path / "e")
    else:
        window.opened(lists)
        window.go("home", ("kit", None))
        kit = window.pages["home"].kit
        if state != "kit":
            kit.ask()
        if state == "wrong":
            kit.prove()
    QTest.qWait(20)
    found = list(controls(window))
    assert len(found) > 5
    assert not [each for each in found if not each[1].strip()]
    assert not {name: n for name, n in Counter((role, name) for role, name, _ in found).items() if n > 1}
