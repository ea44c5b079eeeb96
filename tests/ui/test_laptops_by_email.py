"""Laptops that only ever meet by email, by the window: inviting, joining, sending, taking in; by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from cis_desktop import letters
from cis_desktop.sync.attachments import write_drafts
from cis_desktop.workspace import Workspace
from tests.core.sync.group import WORDS, Group, add, names
from tests.core.sync.test_attachments import post
from tests.ui.everywhere import until
from tests.ui.keys import press, type_in
from tests.ui.test_sharing import laptops_page, with_kit
from ui.window import Window

Settled = Callable[[], None]


class Opened(QObject):
    """Keeps which files and folders were to be opened with another program."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[Path] = []

    @Slot(QUrl)
    def keep(self, url: QUrl) -> None:
        """Keep one."""
        self.paths.append(Path(url.toLocalFile()))


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Give what keeps the files that were to be opened elsewhere, instead of opening them."""
    made = Opened()
    QDesktopServices.setUrlHandler("file", made, "keep")
    yield made
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    """Give a group with one laptop, whose kit somebody holds."""
    made = Group(tmp_path)
    with_kit(made.front)
    yield made
    made.close()


def by_key(window: Window, button: QPushButton) -> None:
    """Press a button as somebody does who is on it."""
    button.setFocus()
    press(window, Qt.Key.Key_Space)


def send(window: Window, settled: Settled, out: Path) -> list[Path]:
    """Write emails by keys into a folder; give them."""
    page = window.pages["sharing"]
    by_key(window, page.mail.send)
    QTest.keySequence(QApplication.focusWidget(), "Ctrl+A")
    type_in(page.mail.out, str(out))
    press(window, Qt.Key.Key_Return)
    settled()
    return list(page.mail.drafts.written)


def as_sent(draft: Path, to: Path) -> Path:
    """Give a draft as it is saved where it arrived."""
    to.mkdir(exist_ok=True)
    kept = to / f"saved {draft.name}"
    kept.write_bytes(b"From: Ann <ann@larder.example>\r\n" + draft.read_bytes())
    return kept


def lock(window: Window) -> None:
    """Lock, and wait until it is."""
    window.lock()
    until(lambda: window.desk is None and not window.jobs.busy())


def test_two_laptops_share_one_record_by_email_alone_and_nothing_asks_for_a_folder(
    window: Window, group: Group, settled: Settled, tmp_path: Path, opened: Opened
) -> None:
    add(group.front, "Amina")
    page = laptops_page(window, group.front, settled)
    by_key(window, page.share)
    type_in(page.inviting.name, "Front desk")
    page.inviting.out.path.setText(str(tmp_path / "for the desk.cis-invite"))
    press(window, Qt.Key.Key_Return)
    settled()
    code = page.inviting.code.text()
    by_key(window, page.inviting.letter)
    settled()
    assert QApplication.focusWidget() is page.inviting.drafts.one
    press(window, Qt.Key.Key_Space)
    assert opened.paths == [tmp_path / "for the desk.eml"]
    assert code.encode() not in opened.paths[0].read_bytes()
    by_key(window, page.inviting.told)
    invitation = as_sent(opened.paths[0], tmp_path / "desk downloads")
    lock(window)

    joining = window.start
    joining.show_folder(None)
    joining.join_one()
    form = joining.joining
    type_in(form.file, str(invitation))
    passphrase = f"{WORDS} of Ben"
    for field, text in (
        (form.code, code), (form.person, "Ben"), (form.new.first.field, passphrase), (form.new.second.field, passphrase)
    ):  # fmt: skip
        field.setFocus()
        type_in(field, text)
    form.into.path.setText(str(tmp_path / "desk"))
    press(window, Qt.Key.Key_Return)
    until(lambda: window.desk is not None)
    settled()
    page = window.pages["sharing"]
    assert "press “Send by email…”: that asks" in page.next.text()
    (asks,) = send(window, settled, tmp_path / "asks")
    assert page.mail.notice.sentence.text().startswith("It asks for the record.")
    settled()
    assert "An email that asks for it was written here." in page.next.text()
    lock(window)

    front = Workspace.open(tmp_path / "front", WORDS)
    page = laptops_page(window, front, settled)
    page.mail.take_in([as_sent(asks, tmp_path / "front downloads")])
    settled()
    assert "Front desk may share the record now." in page.mail.notice.sentence.text()
    sent = send(window, settled, tmp_path / "record")
    assert "all of the record is in there" in page.mail.notice.sentence.text()
    assert page.meeting.said.text().startswith("None is chosen, as you meet by email. Last email just now")
    assert window.standing.laptops.text() == "Laptops: last email just now"
    window.go("home")
    settled()
    assert "folder" not in window.pages["home"].safety.points["others"].text()
    lock(window)

    desk = Workspace.open(tmp_path / "desk", passphrase)
    page = laptops_page(window, desk, settled)
    page.mail.take_in([as_sent(each, tmp_path / "desk downloads") for each in reversed(sent)])
    until(lambda: window.pages.get("sharing") not in (None, page) and not window.jobs.busy())
    settled()
    page = window.pages["sharing"]
    assert page.notice.title.text() == "The record is here"
    assert names(desk) == ["Amina"]
    with_kit(desk)
    window.desk.kept_safe.emit()
    add(desk, "José")
    settled()
    (answer,) = send(window, settled, tmp_path / "answer")
    press(window, Qt.Key.Key_Space)
    assert opened.paths[-1] == answer
    lock(window)

    front = Workspace.open(tmp_path / "front", WORDS)
    page = laptops_page(window, front, settled)
    page.mail.take_in([as_sent(answer, tmp_path / "front downloads")])
    settled()
    assert page.mail.notice.title.text().startswith("Came in: ")
    assert "Send an email back when you can." in page.mail.notice.sentence.text()
    assert names(front) == ["Amina", "José"]
    assert page.laptops.rows.record(1).name == "Front desk"


def drop(on: QWidget, paths: list[Path]) -> None:
    """Drop files on a widget."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(each)) for each in paths])
    given = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(on, QDragEnterEvent(QPoint(9, 9), *given))
    QApplication.sendEvent(on, QDropEvent(QPointF(9, 9), *given))


def test_what_is_missing_cut_short_or_not_for_us_is_named_and_all_that_is_whole_comes_in_as_it_is_dropped(
    window: Window, group: Group, settled: Settled, tmp_path: Path
) -> None:
    desk = group.joining("Front desk")
    post(group, desk, group.front, desk)
    for name in ("Amina", "José", "Mei"):
        add(desk, name)
    parts = [as_sent(each, tmp_path / "in") for each in write_drafts(desk, tmp_path / "out", attached=500).written]
    assert len(parts) > 2
    letter, cut, foreign = tmp_path / "agenda.pdf", tmp_path / "cut.eml", tmp_path / "foreign.cis-sync"
    letter.write_text("No laptop wrote this.")
    whole = write_drafts(desk, tmp_path / "whole").written[0].read_bytes()
    cut.write_bytes(whole[: len(whole) - 400])
    foreign.write_bytes(pyrage.encrypt(b"another group's", [pyrage.x25519.Identity.generate().to_public()]))
    page = laptops_page(window, group.front, settled)
    drop(page, [parts[-1], letter, foreign, cut, *parts[:1], *parts[2:-1]])
    settled()
    said = page.mail.notice.sentence.text().replace("\u200b", "")
    assert page.mail.notice.title.text() == "Nothing was taken in"
    assert f"sent in {len(parts)} parts by ann@larder.example, part 2 is missing." in said
    for named in (letter, foreign, cut):
        assert f"“{named.name}”" in said
    drop(page, parts[::-1])
    settled()
    assert page.mail.notice.title.text() == "Came in: 3 changes"
    assert names(group.front) == ["Amina", "José", "Mei"]
    drop(page, [tmp_path / "in"])
    settled()
    assert page.mail.notice.title.text() == "Nothing new"
    (tmp_path / "people.csv").write_text("name\nBo\n")
    drop(page, [tmp_path / "people.csv"])
    settled()
    assert window.place == "intake"


def test_a_laptop_that_waits_sends_nothing_when_stopped_and_is_told_what_files_without_the_record_are(
    window: Window, group: Group, settled: Settled, tmp_path: Path
) -> None:
    waits = group.joining("Front desk")
    (tmp_path / "agenda.pdf").write_text("No laptop wrote this.")
    page = laptops_page(window, waits, settled)
    assert window.standing.laptops.text() in ("", "Waits for the other laptop")
    page.mail.begin(str(tmp_path / "asks"))
    page.mail.write()
    window.sharing.job.cancel()
    settled()
    assert page.mail.notice.title.text() == "Stopped, as you asked"
    assert [*tmp_path.glob(f"asks/*{letters.ENDING}")] == []
    page.mail.out.path.setText("somewhere")
    page.mail.write()
    assert page.mail.notice.title.text() == "It is not clear where to put them"
    page.mail.out.path.setText(str(tmp_path / "asks"))
    press(window, Qt.Key.Key_Return)
    settled()
    assert page.mail.notice.title.text() == "1 email is ready to send"
    page.mail.take_in([tmp_path / "agenda.pdf"])
    until(lambda: window.pages.get("sharing") not in (None, page) and not window.jobs.busy())
    settled()
    page = window.pages["sharing"]
    assert page.notice.title.text() == "The record is not in these files"
    assert "“agenda.pdf”" in page.notice.sentence.text()
    assert "An email that asks for it was written here." in page.next.text()
