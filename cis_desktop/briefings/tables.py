"""Tables that a council sends: what their columns are, guessed and remembered, and the figures in them.

Two layouts are read: tidy (a row for each figure, with a column of values) and wide (a row for each area, with a
column for each indicator, whose heading is its name).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Literal

import msgspec

from cis_desktop.briefings.area_files import LONGEST_NAME, too_long
from cis_desktop.briefings.model import Figure, FigureStatus, Indicator
from cis_desktop.errors import CisError
from cis_desktop.geography import kind_of
from cis_desktop.intake.mapping import fingerprint
from cis_desktop.intake.reading import Column, Sheet, refusal

MOST_FIGURES = 200_000
LONGEST_DESCRIPTION = 5_000

Target = Literal[
    "area_code", "area_name", "indicator", "period", "measure", "unit", "value", "status", "ignore"
]  # fmt: skip

_WORDS: dict[Target, str] = {
    "indicator": r"indicator|metric|variable|topic|statistic",
    "period": r"period|date|year|month|quarter|time|reporting period|time period",
    "measure": r"measure|measure type|type",
    "unit": r"units?|unit of measure",
    "value": r"values?|figures?|obs ?value|observation|count|number|percentage|rate",
    "status": r"status|flag|marker|obs ?status",
    "area_name": r"area(_| )?name|(ward|area|place|locality|neighbourhood)|.*\bname",
    "area_code": r"(area|ward|gss|ons|geography) ?code|code",
}
_MARKS: dict[str, FigureStatus] = {
    **dict.fromkeys(("[c]", "c", "*", "s", "suppressed", "hidden", "redacted"), "hidden"),
    **dict.fromkeys(("[z]", "z", "not applicable"), "not_applicable"),
    **dict.fromkeys(("", "[x]", "x", "-", "–", "..", ":", "n/a", "na", "not available", "no data"), "not_available"),
}
"""The shorthand of official statistics (Analysis Function), and what councils write instead."""

_UNDER = re.compile(r"(<|under|fewer than|less than) ?\d+", re.IGNORECASE)
_STATUSES = ("value", "hidden", "not_applicable", "not_available")


class ColumnUse(msgspec.Struct, frozen=True):
    """What one column of a table is taken for. In a wide table several columns are values."""

    header: str
    target: Target


class TableMapping(msgspec.Struct, frozen=True):
    """How a table of these headings is read."""

    fingerprint: str
    columns: tuple[ColumnUse, ...]

    def headers(self, target: Target) -> list[str]:
        """Give the headings of the columns with a target."""
        return [column.header for column in self.columns if column.target == target]

    @property
    def has_figures(self) -> bool:
        """Whether it says enough to read figures by area: a place, and at least one value."""
        return bool((self.headers("area_code") or self.headers("area_name")) and self.headers("value"))


def guess(sheet: Sheet) -> TableMapping:
    """Guess what the columns of a table are: codes of areas and numbers by content, the rest by their headings."""
    targets: dict[str, Target] = {}
    for header, column in zip(sheet.header, sheet.columns, strict=True):
        cells = [cell.strip() for cell in column.values if cell.strip()]
        if cells and sum(kind_of(cell) is not None for cell in cells) >= 0.5 * len(cells):
            targets[header] = "area_code"
        else:
            targets[header] = next((t for t, w in _WORDS.items() if re.fullmatch(w, _plain(header))), "ignore")
    for target in _WORDS:
        # The first of several, but for values: the more exact heading usually stands first.
        for header in [header for header, given in targets.items() if given == target][1:]:
            targets[header] = "ignore"
    if "value" not in targets.values() or "indicator" not in targets.values():
        for header, column in zip(sheet.header, sheet.columns, strict=True):
            if targets[header] in ("ignore", "value", "measure") and _numeric(column):
                targets[header] = "value"
    uses = tuple(ColumnUse(header, target) for header, target in targets.items())
    return TableMapping(fingerprint(sheet.header), uses)


def figures(sheet: Sheet, mapping: TableMapping, codes_by_name: Mapping[str, str]) -> list[Figure]:
    """Read the figures of a table. Raises CisError naming the row of a cell that is neither number nor mark.

    `codes_by_name` gives the code of a ward by its name in lower case, for tables that have only names.
    """
    columns = dict(zip(sheet.header, sheet.columns, strict=True))
    if absent := [column.header for column in mapping.columns if column.header not in columns]:
        raise refusal(sheet.file, "other_columns", f"It has no column “{absent[0][:60]}”, which its mapping expects.")
    cells: dict[Target, list[str]] = {}
    for target in ("area_code", "area_name", "indicator", "period", "measure", "unit", "status"):
        headers = mapping.headers(target)
        cells[target] = _cells(sheet, columns[headers[0]]) if headers else [""] * sheet.rows
    values = mapping.headers("value")
    if sheet.rows * len(values) > MOST_FIGURES:
        raise refusal(sheet.file, "too_many_rows", f"It has more than {MOST_FIGURES:,} figures.")
    named = bool(mapping.headers("indicator"))
    found = []
    for header in values:
        title = _title(header)
        for at, cell in enumerate(columns[header].cells()):
            code, name = cells["area_code"][at], cells["area_name"][at]
            if not (code or name):
                continue
            indicator = cells["indicator"][at] if named else ""
            if not named or len(values) > 1:
                indicator = f"{indicator}: {title}" if indicator else title
            value, status, percent = _value(cell, cells["status"][at], sheet, at)
            found.append(
                Figure(
                    area_code=code or codes_by_name.get(name.casefold(), ""),
                    area_name=name,
                    indicator=indicator,
                    period=cells["period"][at],
                    measure=cells["measure"][at] or ("Percentage" if percent else ""),
                    unit=cells["unit"][at],
                    value=value,
                    status=status,
                )
            )
    return found


def indicators(sheet: Sheet) -> list[Indicator]:
    """Read a list of indicators and what they mean; empty when the table is no such list."""
    places = {_plain(header): column for header, column in zip(sheet.header, sheet.columns, strict=True)}
    name = next((places[word] for word in ("indicator", "metric", "measure") if word in places), None)
    meaning = next((places[word] for word in ("description", "definition", "meaning", "notes") if word in places), None)
    if name is None or meaning is None or "value" in places:
        return []
    rest = (places.get(word) for word in ("source", "period", "geography"))
    texts = [[""] * sheet.rows if column is None else _cells(sheet, column) for column in rest]
    described = [cell.strip()[:LONGEST_DESCRIPTION] for cell in meaning.cells()]
    return [Indicator(*row) for row in zip(_cells(sheet, name), described, *texts, strict=True) if row[0]]


def words_of(sheet: Sheet) -> str:
    """Give what a table can be found by: its headings and every different cell that is not a number."""
    seen = dict.fromkeys([sheet.name, *sheet.header])
    for column in sheet.columns:
        seen.update(dict.fromkeys(cell.strip() for cell in column.values if not _is_number(cell)))
    return "\n".join(filter(None, seen))


def save(mapping: TableMapping) -> str:
    """Write a mapping as the vault remembers it."""
    return msgspec.json.encode(mapping).decode()


def load(document: str) -> TableMapping:
    """Read a mapping that `save` wrote. Raises msgspec.DecodeError."""
    return msgspec.json.decode(document, type=TableMapping)


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[_\W]+", " ", header).split()).casefold()


def _title(header: str) -> str:
    """Write a heading as a title: `pupils_with_free_meals` is not for people."""
    words = " ".join(header.replace("_", " ").split()) if "_" in header else header
    return words[:1].upper() + words[1:]


def _cells(sheet: Sheet, column: Column) -> list[str]:
    texts = [" ".join(cell.split()) for cell in column.values]
    if long := next((text for text in texts if len(text) > LONGEST_NAME), None):
        raise too_long(sheet.file, long)
    return [texts[code] for code in column.codes]


def _numeric(column: Column) -> bool:
    """Say whether a column is one of figures: numbers, and marks in the place of some."""
    cells = [cell for cell in column.values if cell.strip()]
    numbers = sum(map(_is_number, cells))
    return numbers > 0 and numbers + sum(_mark(cell) is not None for cell in cells) >= 0.8 * len(cells)


def _mark(cell: str) -> FigureStatus | None:
    plain = cell.strip().casefold()
    return _MARKS.get(plain, "hidden" if _UNDER.fullmatch(plain) else None)


def _is_number(cell: str) -> bool:
    return _number(cell) is not None


def _number(cell: str) -> Decimal | None:
    text = cell.strip().replace(",", "").removesuffix("%").removeprefix("£").strip()
    # Decimal also takes words, underlines and the digits of every script.
    if not re.fullmatch(r"[-+−]?\d{0,15}(\.\d{0,12})?", text, re.ASCII) or not any(c.isdigit() for c in text):
        return None
    try:
        return Decimal(text.replace("−", "-"))
    except InvalidOperation:
        return None


def _value(cell: str, status: str, sheet: Sheet, at: int) -> tuple[Decimal | None, FigureStatus, bool]:
    said = next((known for known in _STATUSES if known == status.casefold()), None)
    number = _number(cell)
    if number is not None and said in (None, "value"):
        return number, "value", cell.strip().endswith("%")
    mark = _mark(cell)
    if mark is None:
        raise _odd(cell, sheet, at)
    return None, _status(said) if said not in (None, "value") else mark, False


def _status(said: str | None) -> FigureStatus:
    return "hidden" if said == "hidden" else "not_applicable" if said == "not_applicable" else "not_available"


def _odd(cell: str, sheet: Sheet, at: int) -> CisError:
    return refusal(
        sheet.file,
        "no_number",
        f"In row {sheet.first_row + at} there is “{cell.strip()[:40]}” where a number should be.",
    )


def by_series(found: list[Figure]) -> Iterator[tuple[tuple[str, str, str, str], list[Figure]]]:
    """Group figures by what can be shown as one table: indicator, period, measure and unit, as they first come."""
    groups: dict[tuple[str, str, str, str], list[Figure]] = {}
    for figure in found:
        groups.setdefault((figure.indicator, figure.period, figure.measure, figure.unit), []).append(figure)
    yield from groups.items()
