"""The help in the window: F1 leads to the page about where you are, and nothing leads out of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cis_desktop import help as texts
from cis_desktop.records import people
from cis_desktop.records.cases import open_case
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui import theme
from ui.pages.help import HelpPage
from ui.window import PLACES, Window

F1 = Qt.Key.Key_F1
Show = Callable[[Window, Workspace], object]


def help_of(window: Window) -> HelpPage:
    """Give the help that is seen."""
    page = window.stack.currentWidget()
    assert isinstance(page, HelpPage)
    return page


def someone(group: Workspace) -> int:
    """Give a person of the group."""
    return people.page(group.read)[0].id


def in_case(window: Window, group: Workspace) -> None:
    """Show a case."""
    with group.change("Opened a case") as change:
        case = open_case(change, "debt", person_id=someone(group))
    window.go("people")
    window.pages["people"].show_case(case)


WHERE: dict[str, tuple[str, Show]] = {
    **{place: (place, lambda window, _, place=place: window.go(place)) for place in PLACES if place != "help"},
    "visit": ("visits", lambda window, group: window.go("people", ("visit", someone(group)))),
    "new case": ("cases", lambda window, group: window.go("people", ("case", someone(group)))),
    "case": ("cases", in_case),
    "sent": ("sent", lambda window, _: window.go("reports", ("sent", None))),
}


@pytest.mark.parametrize("where", WHERE)
def test_f1_opens_the_page_about_where_we_are_and_escape_goes_back(
    window: Window, group: Workspace, where: str
) -> None:
    wanted, show = WHERE[where]
    window.opened(group)
    show(window, group)
    QTest.qWait(20)
    place, page, focus = window.place, window.stack.currentWidget(), QApplication.focusWidget()
    press(window, F1)
    assert wanted in help_of(window).page.places
    assert help_of(window).page.title in help_of(window).reader.toPlainText()
    press(window, Qt.Key.Key_Escape)
    assert (window.place, window.stack.currentWidget()) == (place, page)
    assert QApplication.focusWidget() is focus


def test_every_place_of_the_window_has_a_page() -> None:
    for place in ("start", *PLACES):
        assert place in texts.page_for(place).places, f"no page of the help says `places: {place}`"


def test_every_action_is_explained_and_its_keys_are_told(window: Window) -> None:
    """Every line of every menu is covered by a page that names it or its keys, and is in the list of keys."""
    keys = texts.page("keys")
    assert keys is not None
    told = dict(re.findall(r"^\| (\S+) \| \*\*([^*]+)\*\* \|$", keys.body, re.MULTILINE))
    actual = {}
    for action in window.actions():
        words, shortcut = action.text().replace("&", ""), action.shortcut().toString()
        if shortcut:
            actual[shortcut] = words
        covering = [page for page in texts.pages() if words in page.covers]
        assert covering, f"no page of the help says `covers: {words}`"
        assert any(words in page.body or words in page.title or shortcut in page.body for page in covering), words
    assert told == actual


def test_what_was_half_written_is_there_after_reading_the_help(window: Window, group: Workspace) -> None:
    window.opened(group)
    window.go("noticed", ("new", None))
    noticed = window.pages["noticed"]
    noticed.words.setFocus()
    type_in(noticed.words, "More families ask for ")
    press(window, F1)
    press(window, Qt.Key.Key_Escape)
    type_in(noticed.words, "nappies")
    assert noticed.words.toPlainText() == "More families ask for nappies"


def test_the_help_is_read_while_the_record_is_locked(window: Window, group: Workspace) -> None:
    window.start.show_folder(group.folder)
    window.start.passphrase.field.setFocus()
    press(window, F1)
    assert help_of(window).page.name == "start"
    type_in(help_of(window).find, "forgot passphrase")
    assert help_of(window).page.name == "forgot"
    press(window, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.start
    assert QApplication.focusWidget() is window.start.passphrase.field
    window.opened(group)
    window.lock()
    QTest.qWait(50)
    assert window.stack.currentWidget() is window.start
    window.show_help("stolen")
    assert help_of(window).page.name == "stolen"


def test_words_find_pages_and_keys_lead_to_the_text(window: Window, group: Workspace) -> None:
    window.opened(group)
    press(window, F1)
    page = help_of(window)
    type_in(page.find, "disk")
    names = [page.rows.record(at).name for at in range(page.rows.rowCount())]
    assert {"restore", "full-disk"} <= set(names)
    assert page.page.name == names[0]
    press(window, Qt.Key.Key_Down)
    assert page.page.name == names[1]
    assert QApplication.focusWidget() is page.find
    press(window, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.reader
    assert page.reader.extraSelections()
    page.find.setText("aeroplane")
    assert page.rows.rowCount() == 0
    assert "No page" in page.count.text()


def test_links_lead_to_other_pages_by_keyboard(window: Window, group: Workspace) -> None:
    window.opened(group)
    window.show_help("home")
    page = help_of(window)
    (first, *_) = re.findall(r"\]\(([a-z-]+)", page.page.body)
    page.reader.setFocus()
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Return)
    assert page.page.name == first
    assert page.table.currentIndex().isValid()
    assert page.rows.record(page.table.currentIndex().row()).name == first


def test_no_link_leads_out_of_the_help(window: Window, group: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url))
    window.opened(group)
    window.show_help("home")
    page = help_of(window)
    for address in ("https://example.org/", "file:///etc/passwd", "../../README", "mailto:a@example.org", "nowhere"):
        page.reader.anchorClicked.emit(QUrl(address))
        assert page.page.name == "home"
    assert not page.reader.openLinks()
    assert not page.reader.openExternalLinks()
    assert page.reader.loadResource(2, QUrl("file:///etc/hostname")) is None
    assert not asked


def test_links_take_the_colours_of_the_scheme_and_are_underlined(
    qapp: QApplication, window: Window, group: Workspace
) -> None:
    window.opened(group)
    window.show_help("home")
    for scheme in theme.SCHEMES:
        theme.put_on(qapp, scheme, 100)
        QTest.qWait(20)
        links = [form for form in formats(help_of(window)) if form.isAnchor()]
        assert len(links) > 5
        assert {form.foreground().color().name() for form in links} == {theme.SCHEMES[scheme].accent}
        assert all(form.fontUnderline() for form in links)


def formats(page: HelpPage) -> list:
    """Give the look of every piece of the text that is read."""
    block, found = page.reader.document().begin(), []
    while block.isValid():
        found += [each.fragment().charFormat() for each in block]
        block = block.next()
    return found


def test_the_quick_guide_is_saved_as_two_pages_to_print(
    window: Window, group: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.start.show_folder(group.folder)
    window.show_help("quick")
    page = help_of(window)
    page.save_page(tmp_path / "guide.pdf")
    settled()
    assert page.notice.title.text() == "The page is saved"
    paper = PdfReader(tmp_path / "guide.pdf").pages
    words = " ".join(" ".join(each.extract_text() for each in paper).split())
    assert len(paper) == 2
    assert "Press Ctrl+K and type a few letters" in words
    assert [round(float(each)) for each in paper[0].mediabox[2:]] == [595, 842]


def test_a_page_that_cannot_be_saved_says_so(window: Window, settled: Callable[[], None], tmp_path: Path) -> None:
    window.show_help("keys")
    page = help_of(window)
    page.save_page(tmp_path / "no such folder" / "guide.pdf")
    settled()
    assert page.notice.title.text() == "The page could not be saved"
    assert not list(tmp_path.rglob("*.pdf*"))


def test_every_page_fits_sideways_at_twice_the_size(qapp: QApplication, window: Window, group: Workspace) -> None:
    theme.put_on(qapp, "light", 200)
    window.resize(1280, 720)
    window.opened(group)
    for page in texts.pages():
        window.show_help(page.name)
        QTest.qWait(20)
        assert help_of(window).reader.horizontalScrollBar().maximum() == 0, page.name
        assert window.width() <= 1280
