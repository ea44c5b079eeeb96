"""What a council would see is shown to a group without records, from figures of people who do not exist."""

from __future__ import annotations

from datetime import date

import pytest

from cis_desktop.agreements import Agreement, library
from cis_desktop.demo.invented import GROUP, invented


@pytest.mark.parametrize("agreement", library(), ids=lambda each: each.key)
@pytest.mark.parametrize("kind", ["month", "quarter", "year"])
def test_an_example_is_the_same_each_time_and_of_nobody(agreement: Agreement, kind: str) -> None:
    found = invented(agreement, kind, date(2026, 11, 23))
    assert dict(found.facts)["Group"] == GROUP
    assert found.sections
    assert found.sections == invented(agreement, kind, date(2026, 11, 23)).sections
    if kind == "year":
        assert any("[c]" in line.figures for section in found.sections for line in section.grid.lines)
