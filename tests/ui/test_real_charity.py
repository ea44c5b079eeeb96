"""A real charity's file, all the way through the window: in, undone, in again, and eight quarters out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cis_desktop.packs import verify
from cis_desktop.packs.audit import attack
from cis_desktop.workspace import Workspace
from ui.window import Window


def test_the_real_list_comes_in_and_its_quarters_of_two_years_go_out(
    window: Window, lists: Workspace, settled: Callable[[], None], real_data: Path, tmp_path: Path
) -> None:
    def visits() -> int:
        return int(lists.read.execute("select count(*) from contacts where gone = 0").fetchone()[0])

    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]

    def bring_in() -> None:
        page.read_file(real_data / "charity" / "services.tsv")
        settled()
        page.try_it.click()
        settled()
        page.bring.click()
        settled()

    bring_in()
    came = visits()
    assert came > 79_700
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert visits() == 0
    bring_in()
    assert visits() == came

    window.go("reports")
    guide = window.pages["reports"].guide
    guide.choose.choose("food-support-quarterly-return@1", "2017-Q1")
    guide.choose.accept_button.click()
    settled()
    guide.signing.out.path.setText(str(tmp_path / "out"))
    for year in (2017, 2018):
        for quarter in ("Q1", "Q2", "Q3", "Q4"):
            guide.choose.choose("food-support-quarterly-return@1", f"{year}-{quarter}")
            guide.go("signing")
            settled()
            assert guide.step == "signing"
            guide.signing.sign.click()
            settled()
            assert guide.step == "send"
            assert guide.send.made is not None
    workbooks = sorted((tmp_path / "out").glob("*.xlsx"))
    assert len(workbooks) == 8
    assert all(verify(path).valid for path in workbooks)
    done = attack([tmp_path / "out"])
    assert (len(done.packs), done.exposed) == (8, ())
    assert done.attacked > 0
