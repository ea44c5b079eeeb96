"""Small multiples: one scale for all rows, nothing drawn for nothing."""

from __future__ import annotations

from typing import Any

from reportlab.graphics.shapes import Rect, String

from cis_desktop.charts.months import months_chart

MONTHS = ("2025-11", "2025-12", "2026-01")


def drawn(chart: Any, kind: type) -> list[Any]:
    """Give the shapes of a kind."""
    return [shape for shape in chart.contents if isinstance(shape, kind)]


def test_every_row_is_drawn_on_the_same_scale_with_its_total() -> None:
    chart = months_chart([("Housing", (1, 0, 4)), ("Food", (0, 2, 0))], MONTHS)
    one, four, two = drawn(chart, Rect)
    assert round(four.height / one.height, 6) == 4
    assert round(two.height / one.height, 6) == 2
    assert one.x < two.x < four.x
    words = [shape.text for shape in drawn(chart, String)]
    assert words[:4] == ["Housing", "5", "Food", "2"]
    assert words[4:] == ["Nov", "2025", "Dec", "Jan", "2026"]


def test_a_row_of_nothing_and_a_very_long_name_are_drawn_without_harm() -> None:
    chart = months_chart([("Ünï " * 2000, (0, 0, 0))], MONTHS)
    assert not drawn(chart, Rect)
    label = drawn(chart, String)[0]
    assert label.text.endswith("…")
    assert len(label.text) < 80


def test_words_that_have_room_lose_no_letter_to_a_rounded_fraction() -> None:
    for label in ("No theme yet", "Heating and damp", "Waiting for the council", "Buses", "Fuel", "Food"):
        for width in (500.0, 612.3, 733.7):
            assert drawn(months_chart([(label, (1, 0, 4))], MONTHS, width), String)[0].text == label
