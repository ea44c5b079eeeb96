"""Looking at figures in several ways, and wishing another one hidden, in the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cis_desktop.disclosure.tables import CellId
from cis_desktop.workspace import Workspace
from tests.ui.reporting import at, opened
from ui.models.figures import Figure
from ui.pages.reports.figures import FiguresPart
from ui.pages.reports.guide import Guide
from ui.window import Window


@pytest.fixture
def guide(window: Window, group: Workspace, settled: Callable[[], None]) -> Guide:
    """Give the steps of a report, at its figures."""
    return at(opened(window, group).guide, "figures", settled)


def column(part: FiguresPart, number: int = -1) -> dict[CellId, str]:
    """Give what a column of the table says of each figure."""
    rows = part.table.rows
    last = rows.columnCount() + number
    return {rows.record(row).identity: rows.data(rows.index(row, last)) for row in range(rows.rowCount())}


def choose(part: FiguresPart, fits: Callable[[Figure], bool]) -> Figure:
    """Choose the first figure that fits, in its table."""
    figure = next(figure for sheet in part.sheets for figure in sheet.figures if fits(figure))
    part.find(figure)
    return figure


def test_each_way_to_look_says_what_it_is_and_shows_it(guide: Guide, settled: Callable[[], None]) -> None:
    part = guide.figures
    figure = choose(part, lambda figure: bool(figure.why))
    said = {}
    for view, each in part.views.buttons.items():
        each.click()
        settled()
        assert each.accessibleDescription() == "You are here"
        assert part.views.means.text()
        assert part.figure() == figure, "the same figure stays chosen"
        said[view] = column(part)
    assert said["own"][figure.identity] == figure.exact
    assert said["hiding"][figure.identity] == said["seen"][figure.identity] == "hidden"
    shown = [identity for identity, text in said["hiding"].items() if text != "hidden"]
    assert all(said["hiding"][identity] == said["own"][identity] for identity in shown)
    assert any("rounded" in said["seen"][identity] for identity in shown)
    least, _, most = said["reader"][figure.identity].partition(" to ")
    assert most or "or more" in least
    assert int(least.split()[0].replace(",", "")) <= int(figure.exact.replace(",", ""))


def test_what_a_reader_could_work_out_is_worked_out_once(guide: Guide, settled: Callable[[], None]) -> None:
    views = guide.figures.views
    views.look("reader")
    assert views.job is not None
    settled()
    first = views.spans
    assert first
    views.look("seen")
    views.look("reader")
    assert views.job is None
    assert views.spans is first
    guide.count()
    settled()
    assert views.spans
    assert views.spans is not first, "of other figures it is worked out anew"


def test_a_wish_is_tried_kept_and_forgotten(guide: Guide, settled: Callable[[], None]) -> None:
    part = guide.figures
    figure = choose(part, lambda figure: "rounded" in figure.seen and "All" not in figure.labels and figure.value != 0)
    before = part.release
    assert part.instead.text() == "&Hide this one instead"
    part.instead.click()
    settled()
    assert part.release is before, "it is only tried"
    assert f"If “{figure.row}” is hidden" == part.wish.title.text()
    assert "Hidden as well: " in part.wish.said.text()
    part.wish.drop.click()
    assert part.wish.isHidden()
    part.instead.click()
    settled()
    part.wish.keep.click()
    settled()
    release = guide.release()
    assert release is not None
    assert release.reasons[figure.identity] == "hidden because you asked for it in this report"
    assert guide.found is not None
    assert guide.found.wishes.hide
    assert part.wish.forget.isVisible()
    assert figure.row in part.wish.said.text()
    assert guide.drafts()["wishes"]["hide"]
    part.wish.forget.click()
    settled()
    again = guide.release()
    assert again is not None
    assert figure.identity not in again.reasons
    assert part.wish.isHidden()


def test_a_wish_comes_back_after_locking_and_not_with_another_period(guide: Guide, settled: Callable[[], None]) -> None:
    part = guide.figures
    choose(part, lambda figure: "rounded" in figure.seen and "All" not in figure.labels and figure.value != 0)
    part.instead.click()
    settled()
    part.wish.keep.click()
    settled()
    wishes, draft = guide.wishes, guide.drafts()
    guide.begin()
    assert not guide.wishes
    guide.restore(draft)
    settled()
    assert guide.found is not None
    assert guide.found.wishes == wishes != type(wishes)()
    guide.choose.choose(str(draft["which"]), "2026-Q1")
    assert not guide.wishes


def test_a_small_figure_cannot_be_wished_for(guide: Guide) -> None:
    part = guide.figures
    release = guide.release()
    assert release is not None
    choose(part, lambda figure: figure.identity in release.primary)
    assert part.instead.isHidden()
