"""Before what a council sent comes in: who sent it and how its tables are read are asked, and can be changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cis_desktop.briefings import reading
from cis_desktop.geography import Outline, areas
from cis_desktop.workspace import Workspace
from tests.core.briefings import made
from tests.ui.keys import press, type_in
from ui.models import briefing as said
from ui.pages.post.page import PostPage
from ui.widgets.drawing import painted
from ui.window import Window

Settled = Callable[[], None]
ALTRINCHAM, ASHTON = "E05015239", "E05015240"


@pytest.fixture
def page(window: Window, group: Workspace, settled: Settled) -> PostPage:
    """Give Council post, with nothing in it yet."""
    window.opened(group)
    settled()
    window.go("post")
    shown = window.pages["post"]
    assert isinstance(shown, PostPage)
    settled()
    return shown


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """Give a table with two columns of figures and neither a period nor a unit."""
    path = tmp_path / "wards.csv"
    path.write_text(
        f"Ward code,Ward,cold_homes,Damp\n{ALTRINCHAM},Altrincham,12,3\n{ASHTON},Ashton,c,4\n,Total,12,7\n",
        encoding="utf-8",
    )
    return path


def shown(rows: object, columns: int) -> list[list[str]]:
    """Give the words of the first columns of a table."""
    model: object = rows
    count = model.rowCount()  # type: ignore[attr-defined]
    return [[model.data(model.index(at, n)) for n in range(columns)] for at in range(count)]  # type: ignore[attr-defined]


def test_nothing_comes_in_until_it_is_said_and_leaving_it_takes_in_nothing(
    page: PostPage, wide: Path, settled: Settled, group: Workspace
) -> None:
    page.look_at([wide])
    settled()
    checking = page.checking
    assert checking.isVisible()
    assert "1 table with figures by area" in checking.holds.text()
    assert shown(checking.rows, 3) == [
        ["Ward code", f"{ALTRINCHAM} | {ASHTON}", "Code of the area"],
        ["Ward", "Altrincham | Ashton | Total", "Name of the area"],
        ["cold_homes", "12 | c", "Figures"],
        ["Damp", "3 | 4 | 7", "Figures"],
    ]
    assert shown(checking.first, 3)[:2] == [["Altrincham", "Cold homes", "12"], ["Ashton", "Cold homes", "hidden"]]
    checking.leave.setFocus()
    press(page, Qt.Key.Key_Space)
    settled()
    assert not checking.isVisible()
    assert page.blank.isVisible()
    assert group.read.execute("select count(*) from briefings").fetchone() == (0,)


def test_how_columns_are_read_is_changed_by_keyboard_and_remembered_for_the_next_such_table(
    page: PostPage, wide: Path, settled: Settled, group: Workspace
) -> None:
    page.look_at([wide])
    settled()
    checking = page.checking
    checking.columns.setFocus()
    for _ in range(3):
        press(page, Qt.Key.Key_Down)
    assert checking.called.text() == "Damp"
    checking.use.setFocus()
    press(page, Qt.Key.Key_Home)
    assert shown(checking.rows, 3)[3][2] == "Leave this column out"
    checking.columns.setFocus()
    press(page, Qt.Key.Key_Up)
    checking.called.setFocus()
    checking.called.selectAll()
    type_in(checking.called, "Homes without heating")
    checking.period.setFocus()
    type_in(checking.period, "2024")
    checking.unit.setFocus()
    type_in(checking.unit, "Homes")
    assert shown(checking.first, 2)[0] == ["Altrincham", "Homes without heating, 2024, Homes"]
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled()
    (series,) = reading.briefing(group.read, 1).series
    assert (series.indicator, series.period, series.unit) == ("Homes without heating", "2024", "Homes")
    again = wide.with_name("next.csv")
    again.write_text(wide.read_text(encoding="utf-8").replace("12", "15"), encoding="utf-8")
    page.look_at([again])
    settled()
    assert "last time" in checking.known.text()
    assert shown(checking.first, 3)[0] == ["Altrincham", "Homes without heating, 2024, Homes", "15"]
    assert shown(checking.rows, 3)[3][2] == "Leave this column out"


def test_a_reading_that_cannot_be_is_said_beside_the_columns_and_can_be_mended(
    page: PostPage, tmp_path: Path, settled: Settled, group: Workspace
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(f"Ward code,Ward,value\n{ALTRINCHAM},Altrincham,many\n", encoding="utf-8")
    page.look_at([path])
    settled()
    checking = page.checking
    assert "“many”" in checking.trouble.sentence.text()
    checking.accept.click()
    settled()
    assert "“many”" in page.notice.sentence.text()
    assert group.change_sets()[0].words != "Took in what a council sent"
    checking.columns.selectRow(2)
    checking.use.choose("ignore")
    assert not checking.trouble.isVisible()
    assert checking.none.isVisible()
    checking.accept.click()
    settled()
    assert [one.figures for one in reading.briefings(group.read)] == [0]


def test_who_sent_them_is_the_council_of_the_wards_unless_somebody_says_otherwise(
    page: PostPage, wide: Path, tmp_path: Path, settled: Settled, group: Workspace
) -> None:
    plan = tmp_path / "wards_2025.geojson"
    plan.write_bytes(made.geojson(ALTRINCHAM, ASHTON).replace(b'"WD25NM"', b'"LAD25CD": "E08000009", "WD25NM"'))
    page.look_at([wide, plan])
    settled()
    assert page.checking.sender.text() == ""
    assert "E08000009" in page.checking.hint.text()
    page.checking.sender.setFocus()
    type_in(page.checking.sender, "The housing office")
    page.checking.accept.click()
    settled()
    assert page.reader.title.text() == "wards"
    assert "From The housing office" in page.reader.came.text()
    assert len(areas(group.read)) == 2


def test_files_of_every_kind_are_one_act_and_one_undo(
    page: PostPage, wide: Path, tmp_path: Path, settled: Settled, group: Workspace, window: Window
) -> None:
    plan = tmp_path / "wards_2025.geojson"
    plan.write_bytes(made.geojson(ALTRINCHAM, ASHTON))
    before = len(group.change_sets())
    page.look_at([wide, plan, made.docx(tmp_path / "letter.docx", "Dear all")])
    settled()
    page.checking.accept.click()
    settled()
    assert len(group.change_sets()) == before + 1
    assert "Left out" in page.notice.sentence.text()
    assert "“Total”" in page.notice.sentence.text()
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert (reading.briefings(group.read), areas(group.read)) == ([], [])


def test_the_example_can_be_tried_from_the_empty_place_and_says_that_it_is_one(
    page: PostPage, settled: Settled, group: Workspace
) -> None:
    assert page.try_example.isVisible()
    page.try_example.setFocus()
    press(page, Qt.Key.Key_Space)
    settled()
    assert page.checking.sender.text() == "Camden"
    assert QApplication.focusWidget() is page.checking.accept
    press(page, Qt.Key.Key_Space)
    settled()
    assert page.reader.title.text() == "Example of what a council sends"
    assert len(page.reader.figures.map.drawn) == 20
    assert not page.reader.figures.map.drawing.picture().isNull()
    assert not page.try_example.isVisible()


def test_what_is_being_looked_at_is_looked_at_again_after_the_record_was_locked(
    page: PostPage, wide: Path, settled: Settled
) -> None:
    page.look_at([wide])
    settled()
    page.checking.sender.setText("The housing office")
    drafts = page.drafts()
    page.leave()
    assert page.drafts() == {}
    page.restore(drafts)
    settled()
    assert page.checking.isVisible()
    assert page.checking.sender.text() == "The housing office"


def test_a_copy_of_a_file_is_saved_outside_as_it_came(
    page: PostPage, wide: Path, tmp_path: Path, settled: Settled
) -> None:
    page.look_at([wide])
    settled()
    page.checking.accept.click()
    settled()
    documents = page.reader.documents
    page.reader.tabs.setCurrentIndex(3)
    assert "no text to read" in documents.text.toPlainText()
    documents.save_copy(tmp_path / "copy.csv")
    settled()
    assert (tmp_path / "copy.csv").read_bytes() == wide.read_bytes()
    assert "Delete it" in documents.notice.sentence.text()
    documents.save_copy(tmp_path / "no such folder" / "copy.csv")
    settled()
    assert documents.notice.property("notice") == "error"


def test_a_ward_with_a_hole_is_painted_with_the_hole_left_open(page: PostPage) -> None:
    from cis_desktop.charts import Shade, screen_svg, ward_map

    def ring(near: float, far: float) -> tuple[tuple[float, float], ...]:
        # The hole goes round the same way as the edge: which way is no matter.
        return ((near, near), (far, near), (far, far), (near, far), (near, near))

    def colours(*rings: tuple[tuple[float, float], ...]) -> tuple[str, str]:
        drawn = [Outline(ALTRINCHAM, "", (tuple((tuple((x - 2.4, y + 53) for x, y in each)) for each in rings),))]
        drawing = ward_map(drawn, {ALTRINCHAM: Shade(1.0, "", "value")}, "")
        image, size = painted(screen_svg(drawing, {}, "sans"), 1.0, 2000, 1.0)
        # Left of the middle of the map, which is 350 of 500 wide: no words stand there.
        middle = image.pixelColor(size.width() * 150 // 500, size.height() // 2).name()
        edge = image.pixelColor(size.width() * 70 // 500, size.height() // 2).name()
        return middle, edge

    whole, holed = colours(ring(0, 0.1)), colours(ring(0, 0.1), ring(0.03, 0.07))
    assert whole[0] == whole[1] == holed[1]
    assert holed[0] != holed[1]


def test_a_map_of_ours_hatches_what_is_hidden_and_has_no_number_in_it(page: PostPage) -> None:
    from cis_desktop.briefings.beside import LeavingRow

    rows = [
        LeavingRow(ALTRINCHAM, "Altrincham", None, "hidden", 30, "rounded", None),
        LeavingRow(ASHTON, "Ashton", None, "hidden", None, "hidden", None),
        LeavingRow("E05015241", "Bowdon", None, "hidden", None, "absent", None),
    ]
    found = said.our_shades(rows, "people", rates=False)
    assert [(found[row.code].value, found[row.code].status) for row in rows] == [
        (30.0, "value"), (None, "hidden"), (None, "nothing")
    ]  # fmt: skip
    assert said.beside_finding(rows, "People", "people") == "People; 1 is hidden"


def test_that_no_ward_is_in_both_is_the_finding() -> None:
    from cis_desktop.briefings.beside import LeavingRow

    theirs = LeavingRow(ALTRINCHAM, "Altrincham", Decimal(120), "value", None, "absent", None)
    ours = [
        LeavingRow(ASHTON, "Ashton", None, "not_available", 30, "rounded", None),
        LeavingRow("E05015241", "Bowdon", None, "not_available", 10, "rounded", None),
    ]
    none = "None of their wards is one that we count in this table."
    assert said.beside_finding([theirs, *ours], "People", "people") == none
    shared = replace(ours[0], theirs=Decimal(5), theirs_status="value")
    found = said.beside_finding([theirs, shared, ours[1]], "People", "people")
    assert found == "People: highest in Ashton (30 (rounded)), lowest in Bowdon (10 (rounded))"


def test_a_quarter_is_written_as_people_do_and_what_only_looks_like_a_month_is_left() -> None:
    assert said.period("2026-Q3") == "Jul to Sep 2026"
    assert said.period("2011-12") == "2011-12"
    assert said.period("2026-Q9") == "2026-Q9"
