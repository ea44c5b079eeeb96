"""What the columns of a council's table can be read as, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cis_desktop import words

if TYPE_CHECKING:
    from cis_desktop.briefings.looking import Looked, Shape
    from cis_desktop.briefings.tables import Target
    from cis_desktop.intake.reading import Sheet

EXAMPLES = 3
LOOKED_AT = 50


def tr(text: str) -> str:
    """Translate the words of a column."""
    return QCoreApplication.translate("columns", text)


def uses() -> list[tuple[Target, str]]:
    """Give (target, label) pairs, in the order people look for them."""
    return [
        ("ignore", tr("Leave this column out")),
        ("area_code", tr("Code of the area")),
        ("area_name", tr("Name of the area")),
        ("value", tr("Figures")),
        ("indicator", tr("What is counted")),
        ("breakdown", tr("Group, such as an age")),
        ("period", tr("Period")),
        ("measure", tr("Count, percentage or other measure")),
        ("unit", tr("Unit")),
        ("status", tr("Why there is no figure")),
    ]


def examples(sheet: Sheet, header: str) -> str:
    """Give some different cells of a column."""
    column = sheet.columns[sheet.header.index(header)]
    filled = (value.strip() for value in column.values[:LOOKED_AT])
    return " | ".join([value for value in filled if value][:EXAMPLES])


def shape_label(shape: Shape) -> str:
    """Name the tables that are read alike by the first of them."""
    sheet = shape.tables[0].sheet
    first = sheet.file if sheet.name in ("", sheet.file) else f"{sheet.file}, {sheet.name}"
    if len(shape.tables) == 1:
        return first
    more = words.count(len(shape.tables) - 1, tr("more like it"), tr("more like it"))
    return tr("%1 and %2").replace("%2", more).replace("%1", first)


def holds(looked: Looked) -> str:
    """Say in a sentence what is in the files that were looked at."""
    with_figures = sum(bool(part.unread) for part in looked.ordinary)
    others = sum(part.kind == "table" and not part.unread for part in looked.ordinary)
    letters = len(looked.ordinary) - with_figures - others
    said = [
        (len(looked.natives), tr("signed answer"), tr("signed answers")),
        (with_figures, tr("table with figures by area"), tr("tables with figures by area")),
        (others, tr("other table"), tr("other tables")),
        (letters, tr("document to read"), tr("documents to read")),
        (sum(len(one.outlines) for one in looked.places), tr("boundary for the map"), tr("boundaries for the map")),
        (sum(one.is_a != "boundaries" for one in looked.places), tr("list of places"), tr("lists of places")),
    ]
    return _sentence([words.count(count, one, many) for count, one, many in said if count])


def _sentence(parts: Sequence[str]) -> str:
    if not parts:
        return tr("There is nothing new in them.")
    return tr("In them: %1. Nothing has come in yet.").replace("%1", words.listed(list(parts), tr("and")))
