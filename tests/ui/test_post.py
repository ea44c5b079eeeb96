"""The council answers: its files come in whole or not at all, are read, and stand beside the group's own figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from cis_desktop import ledger
from cis_desktop.briefings import reading
from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.tables import TOTAL, Category, Cell, Dimension, ReleasedCell, ReleasedTable, Shape, Table
from cis_desktop.geography import areas
from cis_desktop.records import search
from cis_desktop.workspace import Workspace
from tests.core.briefings import made
from tests.ui.keys import press, type_in
from ui.models import briefing as said
from ui.pages.post.map import BARS, bars_of, ward_map_of
from ui.pages.post.page import PostPage
from ui.window import Window

Settled = Callable[[], None]
ALTRINCHAM, ASHTON = "E05015239", "E05015240"
WARDS = Dimension("ward", "Ward", (Category(ALTRINCHAM, "Altrincham"), Category(ASHTON, "Ashton")), "area")
SHAPE = Shape("wards", "People by ward", "people", "people", "", (WARDS,), "E08000009", "Trafford", "2025-Q4")
EXACT = Table(SHAPE, {
    (ALTRINCHAM,): Cell(31, 31, 20), (ASHTON,): Cell(3, 3, 2), (TOTAL,): Cell(34, 34, 22),
})  # fmt: skip
RELEASED = ReleasedTable(SHAPE, {
    (ALTRINCHAM,): ReleasedCell("rounded", 30, 28, 32), (ASHTON,): ReleasedCell("hidden", None, 1, None),
    (TOTAL,): ReleasedCell("rounded", 35, 33, 37),
})  # fmt: skip


@pytest.fixture
def page(window: Window, group: Workspace, settled: Settled) -> PostPage:
    """Give Council post, with nothing in it yet."""
    window.opened(group)
    settled()
    press(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    shown = window.pages["post"]
    assert isinstance(shown, PostPage)
    settled()
    return shown


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    """Give a table of two wards, one of whose figures the council hides."""
    path = tmp_path / "homes.csv"
    path.write_text(made.TABLE.replace(",120,", ',"2,400",'), encoding="utf-8")
    return path


@pytest.fixture
def released(group: Workspace) -> None:
    """Put a report by ward into what was sent: 31 people in one ward, 3 in another."""
    entry = ledger.Entry(
        "f00d" * 8, "Kitchen", "Food return", bytes(32), "2025-Q4", "Trafford Council", "2026-01-05T10:00:00Z", "Ada",
        "ab" * 32, {"cells": 3, "hidden": 1},
    )  # fmt: skip
    with group.change("Released figures") as change:
        ledger.record(change, entry, next(iter(PROFILES.values())), [RELEASED], [EXACT])


def bring(page: PostPage, settled: Settled, paths: list[Path], sender: str = "") -> None:
    """Look at files and take them in; what cannot be looked at stays out."""
    page.look_at(paths, sender=sender)
    settled()
    if page.checking.isVisible():
        page.checking.accept.click()
        settled()


def cells(page: PostPage) -> list[list[str]]:
    """Give the words of the table beside ours."""
    rows = page.reader.beside.table.rows
    return [[rows.data(rows.index(at, n)) for n in range(rows.columnCount())] for at in range(rows.rowCount())]


def visible_words(page: PostPage) -> str:
    """Give all words of the labels that are seen."""
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_an_empty_place_says_in_one_sentence_what_it_is_for_and_has_one_button(page: PostPage) -> None:
    assert page.blank.isVisible()
    assert page.blank.text().count(".") == 1
    assert page.bring.isVisible()
    assert not page.table.isVisible()
    assert not page.reader.isVisible()


def test_figures_come_in_are_shown_with_what_is_hidden_and_undo_takes_all_of_it_back(
    page: PostPage, homes: Path, settled: Settled, window: Window
) -> None:
    bring(page, settled, [homes])
    rows = page.reader.figures.rows
    shown = [[rows.data(rows.index(at, n)) for n in (0, 1)] for at in range(rows.rowCount())]
    assert shown == [["Altrincham", "2,400"], ["Ashton upon Mersey", "hidden"]]
    assert "1 is hidden" in page.reader.figures.finding.text()
    assert window.toast.undo_button.isVisible()
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert page.blank.isVisible()
    assert not page.reader.isVisible()
    assert reading.briefings(window.desk.workspace.read) == []


def test_of_several_files_one_of_which_is_broken_nothing_comes_in_not_even_the_areas(
    page: PostPage, homes: Path, tmp_path: Path, settled: Settled, group: Workspace
) -> None:
    (tmp_path / "wards_2025.geojson").write_bytes(made.geojson(ALTRINCHAM))
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    bring(page, settled, [homes, tmp_path / "wards_2025.geojson", tmp_path / "report.pdf"])
    assert page.notice.isVisible()
    assert "report.pdf" in page.notice.sentence.text()
    assert page.blank.isVisible()
    assert reading.briefings(group.read) == []
    assert areas(group.read) == []
    assert page.bring.isEnabled()


def test_bringing_in_can_be_stopped_and_leaves_nothing(
    page: PostPage, homes: Path, settled: Settled, group: Workspace, window: Window
) -> None:
    page.look_at([homes])
    settled()
    page.checking.accept.click()
    assert [job.can_stop for job in window.jobs._running if job.writes] == [True]
    window.jobs.cancel_all()
    settled()
    assert "Nothing was changed" in page.notice.sentence.text()
    assert reading.briefings(group.read) == []


def test_wards_that_match_no_code_are_named_and_their_boundaries_make_a_map(
    page: PostPage, homes: Path, tmp_path: Path, settled: Settled
) -> None:
    bring(page, settled, [homes])
    figures = page.reader.figures
    assert "Altrincham, Ashton upon Mersey" in page.notice.sentence.text()
    assert "2 areas match no ward" in figures.strange.text()
    assert figures.map.why.isVisible()
    (tmp_path / "wards_2025.geojson").write_bytes(made.geojson(ALTRINCHAM, ASHTON))
    bring(page, settled, [tmp_path / "wards_2025.geojson"])
    assert not figures.strange.isVisible()
    assert not figures.map.why.isVisible()
    assert [outline.code for outline in figures.map.drawn] == [ALTRINCHAM, ASHTON]
    assert not figures.map.drawing.picture().isNull()
    assert figures.table.isVisible()
    figures.map.how.choose(BARS)
    settled()
    assert figures.table.isVisible()
    assert "Altrincham" not in figures.map.why.text()


def test_a_hidden_figure_is_the_word_hidden_in_the_bars_and_on_the_map(
    page: PostPage, homes: Path, tmp_path: Path, settled: Settled
) -> None:
    (tmp_path / "wards_2025.geojson").write_bytes(made.geojson(ALTRINCHAM, ASHTON))
    bring(page, settled, [homes, tmp_path / "wards_2025.geojson"])
    series = page.reader.figures.series()
    assert series is not None
    assert said.shades(series.figures)[ASHTON].status == "hidden"
    assert said.shades(series.figures)[ALTRINCHAM].value == 2400
    for drawing in (bars_of(series.figures, "", 500), ward_map_of(series, page.reader.figures.map.drawn)):
        words = [each.text for each in drawing.contents if hasattr(each, "text")]
        assert "hidden" in words
        assert not {"0", "None"} & set(words)


def test_the_indicator_and_then_its_period_are_chosen(page: PostPage, tmp_path: Path, settled: Settled) -> None:
    path = tmp_path / "two.csv"
    path.write_text(
        "area_code,area_name,indicator,period,measure,unit,value\n"
        + "".join(
            f"{ALTRINCHAM},Altrincham,{name},{year},Count,Homes,{year}\n"
            for name in ("Cold homes", "Damp homes") for year in (2024, 2025)
        ),
        encoding="utf-8",
    )  # fmt: skip
    bring(page, settled, [path])
    figures = page.reader.figures
    figures.which.setFocus()
    press(page, Qt.Key.Key_Down)
    figures.when.setFocus()
    press(page, Qt.Key.Key_Down)
    series = figures.series()
    assert series is not None
    assert (series.indicator, series.period) == ("Damp homes", "2025")
    assert figures.rows.data(figures.rows.index(0, 1)) == "2,025"


def test_a_signed_answer_says_what_they_heard_and_decided_and_that_it_is_signed(
    page: PostPage, tmp_path: Path, settled: Settled, released: None
) -> None:
    path = made.briefing(tmp_path / "answer.cis-briefing.zip", answers=["f00d" * 8])
    bring(page, settled, [path])
    words = visible_words(page)
    for expected in (
        "What they heard", "That *heating* comes before food.", "What they decided", "An adviser in Altrincham",
        "What they did not do, and why", "there is no money", "What they ask", "Which forms cause most trouble?",
        "Food return, 2025-Q4", made.fingerprint(made.COUNCIL.public),
    ):  # fmt: skip
        assert expected in words
    assert page.rows.data(page.rows.index(0, 0)).endswith(
        ", Trafford Council, signed answer\nWhat we did with your winter return"
    )


def test_another_key_is_refused_until_somebody_says_that_it_is_theirs(
    page: PostPage, tmp_path: Path, settled: Settled, group: Workspace
) -> None:
    bring(page, settled, [made.briefing(tmp_path / "one.cis-briefing.zip")])
    assert not page.new_key.isVisible()
    bring(page, settled, [made.briefing(tmp_path / "two.cis-briefing.zip", signer=made.OTHER, title="Spring")])
    assert "telephone" in page.notice.sentence.text()
    assert len(reading.briefings(group.read)) == 1
    page.new_key.setFocus()
    press(page, Qt.Key.Key_Space)
    settled()
    assert "1 signed answer" in page.checking.holds.text()
    press(page, Qt.Key.Key_Space)
    settled()
    assert reading.briefings(group.read)[0].title == "Spring"
    assert not page.new_key.isVisible()


def test_beside_ours_what_is_hidden_stays_hidden_and_the_exact_figure_is_ours_alone(
    page: PostPage, homes: Path, settled: Settled, released: None
) -> None:
    bring(page, settled, [homes])
    page.reader.tabs.setCurrentIndex(2)
    settled()
    assert cells(page) == [
        ["Altrincham", "2,400", "30 (rounded)", "12.5", "31", "12.9"],
        ["Ashton upon Mersey", "hidden", "hidden", "–", "3", "–"],
    ]
    assert "own eyes" in page.reader.beside.own.text()


def test_ours_is_drawn_as_a_map_where_there_are_boundaries_and_the_choice_stays(
    page: PostPage, homes: Path, tmp_path: Path, settled: Settled, released: None
) -> None:
    (tmp_path / "wards_2025.geojson").write_bytes(made.geojson(ALTRINCHAM, ASHTON))
    bring(page, settled, [homes, tmp_path / "wards_2025.geojson"])
    page.reader.tabs.setCurrentIndex(2)
    settled()
    beside = page.reader.beside
    assert [beside.how.itemData(at) for at in range(beside.how.count())] == ["bars", "ours", "rates"]
    heard: list[int] = []
    beside.how.currentIndexChanged.connect(heard.append)
    beside.how.setFocus()
    press(page, Qt.Key.Key_End)
    settled()
    assert (beside.how.key(), heard) == ("rates", [2])
    assert beside.table.isVisible()
    assert beside.title.text() == "People by ward; 1 is hidden"
    assert not beside.drawing.picture().isNull()
    assert beside.drawing.finding() == beside.title.text()


def test_rates_are_over_residents_where_the_council_says_how_many_there_are(
    page: PostPage, tmp_path: Path, settled: Settled, released: None
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Ward code,Ward,Cold homes,Residents,Share of damp homes\n"
        f"{ALTRINCHAM},Altrincham,100,10000,12%\n{ASHTON},Ashton,c,8000,13%\n",
        encoding="utf-8",
    )
    bring(page, settled, [path])
    page.reader.figures.which.setCurrentIndex(2)
    page.reader.tabs.setCurrentIndex(2)
    settled()
    assert cells(page) == [
        ["Altrincham", "12%", "30 (rounded)", "3.0", "31", "3.1"],
        ["Ashton", "13%", "hidden", "–", "3", "0.4"],
    ]
    assert "for each 1,000 of: Residents" in page.reader.beside.own.text()
    page.reader.beside.base.setFocus()
    press(page, Qt.Key.Key_Down)
    settled()
    assert cells(page)[0][3] == "300.0"


def test_there_are_no_rates_over_a_share(page: PostPage, homes: Path, settled: Settled, released: None) -> None:
    homes.write_text(homes.read_text().replace("Count", "Percentage").replace('"2,400"', "12.5"))
    bring(page, settled, [homes])
    assert cells(page)[0] == ["Altrincham", "12.5%", "30 (rounded)", "31"]
    assert "1,000" not in page.reader.beside.own.text()


def test_without_a_report_by_ward_beside_ours_leads_to_making_one(
    page: PostPage, homes: Path, settled: Settled, window: Window
) -> None:
    bring(page, settled, [homes])
    page.reader.tabs.setCurrentIndex(2)
    assert not page.reader.beside.table.isVisible()
    page.reader.beside.make.setFocus()
    press(page, Qt.Key.Key_Space)
    assert window.place == "reports"


def test_a_letter_is_read_and_searched_by_keyboard(page: PostPage, tmp_path: Path, settled: Settled) -> None:
    letter = made.docx(tmp_path / "letter.docx", "We heard you.", "An adviser comes.", "The ADVISER is free.")
    type_path = made.pdf(tmp_path / "report.pdf", "First page", "Second page")
    page.look_at([letter, type_path])
    settled()
    page.checking.sender.setFocus()
    type_in(page.checking.sender, "Trafford Council")
    page.checking.accept.setFocus()
    press(page, Qt.Key.Key_Space)
    settled()
    documents = page.reader.documents
    assert page.reader.title.text() == "2 files from Trafford Council"
    assert page.reader.tabs.tabText(page.reader.tabs.currentIndex()) == "Documents"
    documents.sought.setFocus()
    type_in(documents.sought, "adviser")
    press(page, Qt.Key.Key_Return)
    assert documents.text.textCursor().selectedText() == "adviser"
    assert "2 times" in documents.found.text()
    press(page, Qt.Key.Key_Return)
    assert documents.text.textCursor().selectedText() == "ADVISER"
    documents.which.setCurrentIndex(1)
    settled()
    assert documents.text.toPlainText().split("\n\n") == ["Page 1", "First page", "Page 2", "Second page"]


def test_another_row_is_opened_with_the_keyboard(page: PostPage, homes: Path, tmp_path: Path, settled: Settled) -> None:
    bring(page, settled, [made.docx(tmp_path / "letter.docx", "Dear all")])
    bring(page, settled, [homes])
    assert page.reader.title.text() == "homes"
    page.table.setFocus()
    press(page, Qt.Key.Key_Down)
    press(page, Qt.Key.Key_Return)
    settled()
    assert page.reader.title.text() == "letter"
    assert QApplication.focusWidget() is page.table


def test_one_that_was_found_elsewhere_is_shown_and_marked_in_the_list(
    page: PostPage, homes: Path, tmp_path: Path, settled: Settled, window: Window
) -> None:
    bring(page, settled, [made.docx(tmp_path / "letter.docx", "Dear all")])
    bring(page, settled, [homes])
    (hit,) = search.search(window.desk.workspace.read, "Dear all")
    window.go("people")
    people = window.pages["people"]
    assert "Council post" in people._what(hit)
    people._chosen(hit)
    settled()
    assert page.reader.title.text() == "letter"
    assert page.table.currentIndex().row() == 1


def test_a_councils_real_files_come_in_together_with_their_wards_on_the_map(
    page: PostPage, real_data: Path, settled: Settled
) -> None:
    council = sorted((real_data / "council" / "trafford").glob("*.csv"))
    bring(page, settled, [*council, real_data / "geography" / "wards_2025_trafford.geojson"])
    figures = page.reader.figures
    assert page.reader.title.text() == f"{len(council)} files from Trafford"
    assert figures.which.count() == len([path for path in council if "meta" not in path.name])
    assert not figures.strange.isVisible()
    assert len(figures.map.drawn) == 21
    assert not figures.map.drawing.picture().isNull()


def test_figures_are_written_as_exactly_as_they_came() -> None:
    figure = said.amount(Decimal("20.90"), "Percentage"), said.amount(Decimal("10972"))
    assert figure == ("20.90%", "10,972")


def test_a_hostile_title_and_name_are_shown_as_they_are(page: PostPage, tmp_path: Path, settled: Settled) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(made.TABLE.replace("Altrincham", "<b>مرحبا</b> 🏠"), encoding="utf-8")
    bring(page, settled, [path])
    rows = page.reader.figures.rows
    assert "<b>مرحبا</b> 🏠" in {rows.data(rows.index(at, 0)) for at in range(rows.rowCount())}
    assert "&lt;b&gt;" in rows.data(rows.index(0, 0), Qt.ItemDataRole.ToolTipRole)


def test_the_exact_figures_of_a_report_are_those_of_the_day_it_was_made(group: Workspace, released: None) -> None:
    (past,) = ledger.kept(group.read)
    table = said.exact_of(past.release, past.release.tables[0])
    assert {key: cell.count for key, cell in table.cells.items()} == {
        key: cell.count for key, cell in EXACT.cells.items()
    }
    fewer = replace(past.release, cells={})
    assert said.exact_of(fewer, past.release.tables[0]).cells == {}
