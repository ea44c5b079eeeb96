"""What must be said before the rows of a file can be tried, by the place on the page where it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from cis_desktop.intake.mapping import ColumnMapping


@dataclass(frozen=True, slots=True)
class Unclear:
    """Where it is said, and what to say about it."""

    where: Literal["order", "columns", "ages"]
    title: str
    sentence: str


def tr(text: str) -> str:
    """Translate what is asked."""
    return QCoreApplication.translate("unclear", text)


def unclear(columns: Sequence[ColumnMapping], order: str | None, labels: Mapping[str, str]) -> Unclear | None:
    """Give the first thing that must be said, or None when every row can be tried. `labels` name the targets."""
    from cis_desktop.intake.mapping import SINGLE
    from cis_desktop.intake.people import PEOPLE_TARGETS

    first: dict[str, str] = {}
    for column in columns:
        if column.target in first:
            return Unclear(
                "columns",
                tr("Two columns cannot be the same"),
                tr("“%1” and “%2” are both read as “%3”. Choose something else for one of them, or leave it out.")
                .replace("%1", first[column.target])
                .replace("%2", column.header)
                .replace("%3", labels.get(column.target, column.target)),
            )
        if column.target in SINGLE:
            first[column.target] = column.header
    if not first.keys() & (PEOPLE_TARGETS | {"date"}):
        return Unclear(
            "columns",
            tr("Which column is what?"),
            tr("No column is a date, or says who somebody is. Choose what the columns are, or choose another sheet."),
        )
    if order is None and first.keys() & {"date", "birth_date"}:
        return Unclear(
            "order",
            tr("One thing must be said first"),
            tr("03/04/2018 can be in March or in April, and the file does not tell. Choose how its dates are written."),
        )
    return None
