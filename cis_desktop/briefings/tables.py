"""Tables that a council sends: what their columns are, guessed and remembered.

Two layouts are read: tidy (a row for each figure, with a column of values) and wide (a row for each area, with a
column for each indicator, whose heading is its name).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

import msgspec

from cis_desktop import words
from cis_desktop.briefings.area_files import LONGEST_NAME, too_long
from cis_desktop.briefings.model import Figure, Indicator
from cis_desktop.briefings.values import is_numeric, number_of
from cis_desktop.decoding import from_json
from cis_desktop.geography import kind_of
from cis_desktop.intake.mapping import fingerprint
from cis_desktop.intake.reading import Column, Sheet

LONGEST_DESCRIPTION = 5_000
LEAD_ROWS = 20
MOST_PARTS = 40
"""Different words in a column that tells figures of one area apart, such as age groups; more are no such thing."""

Target = Literal[
    "area_code", "area_name", "indicator", "breakdown", "period", "measure", "unit", "value", "status", "ignore"
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


class ColumnUse(msgspec.Struct, frozen=True):
    """What one column of a table is taken for. In a wide table several are values; `title` is what theirs are called.

    Without a title the heading is the name of its figures.
    """

    header: str
    target: Target
    title: str = ""


class TableMapping(msgspec.Struct, frozen=True):
    """How a table of these headings is read; `period` and `unit` count where no column says them."""

    fingerprint: str
    columns: tuple[ColumnUse, ...]
    period: str = ""
    unit: str = ""

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
    columns = dict(zip(sheet.header, sheet.columns, strict=True))
    for header, column in columns.items():
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
        for header, column in columns.items():
            if targets[header] in ("ignore", "value", "measure") and is_numeric(column):
                targets[header] = "value"
    targets |= dict.fromkeys(_parts(sheet, targets), "breakdown")
    return TableMapping(fingerprint(sheet.header), tuple(ColumnUse(*each) for each in targets.items()))


def headed(sheet: Sheet) -> Sheet:
    """Find headings that stand below a few lines of words: where codes of areas begin, the row above names columns."""
    coded = {
        at: next((row for row, cell in enumerate(column.cells()[:LEAD_ROWS]) if kind_of(cell.strip())), None)
        for at, column in enumerate(sheet.columns)
    }
    first = min((row for row in coded.values() if row), default=0)
    if not first or 0 in coded.values():
        return sheet
    titles = [" ".join(cell.split()) for cell in sheet.row(first - 1)]
    filled = [title for title in titles if title]
    unnamed = sum(bool(re.fullmatch(r"Column \d+", header)) for header in sheet.header)
    years = re.compile(r"(19|20)\d\d")
    if len(filled) < len(titles) - unnamed or any(number_of(t) is not None and not years.fullmatch(t) for t in filled):
        return sheet
    header = [title or f"Column {at}" for at, title in enumerate(titles, 1)]
    header = [title if header.index(title) == at else f"{title} ({at + 1})" for at, title in enumerate(header)]
    return replace(between(sheet, first, sheet.rows), header=tuple(header))


def between(sheet: Sheet, first: int, last: int) -> Sheet:
    """Give the rows of a table from `first` to before `last`, with the cells that are in them."""
    columns = []
    for column in sheet.columns:
        codes = column.codes[first:last]
        places = {code: at for at, code in enumerate(dict.fromkeys(codes))}
        columns.append(
            Column(tuple(column.values[code] for code in places), array("I", map(places.__getitem__, codes)))
        )
    rows = max(0, min(last, sheet.rows) - first)
    return replace(sheet, columns=tuple(columns), rows=rows, first_row=sheet.first_row + first)


def indicators(sheet: Sheet) -> list[Indicator]:
    """Read a list of indicators and what they mean; empty when the table is no such list."""
    places = {_plain(header): column for header, column in zip(sheet.header, sheet.columns, strict=True)}
    name = next((places[word] for word in ("indicator", "metric", "measure") if word in places), None)
    meaning = next((places[word] for word in ("description", "definition", "meaning", "notes") if word in places), None)
    if name is None or meaning is None or "value" in places:
        return []
    rest = (places.get(word) for word in ("source", "period", "geography"))
    texts = [[""] * sheet.rows if column is None else cells_of(sheet, column) for column in rest]
    described = [cell.strip()[:LONGEST_DESCRIPTION] for cell in meaning.cells()]
    return [Indicator(*row) for row in zip(cells_of(sheet, name), described, *texts, strict=True) if row[0]]


def words_of(sheet: Sheet) -> str:
    """Give what a table can be found by: its headings and every different cell that is not a number."""
    seen = dict.fromkeys([sheet.name, *sheet.header])
    for column in sheet.columns:
        seen.update(dict.fromkeys(cell.strip() for cell in column.values if number_of(cell) is None))
    return "\n".join(filter(None, seen))


def how_read(mapping: TableMapping) -> str:
    """Say in a sentence which column of a table is taken for what."""
    if not mapping.has_figures:
        return "It has no column of areas with figures beside it, so it is only kept."
    areas = mapping.headers("area_code") or mapping.headers("area_name")
    said = [f"areas from {_quoted(areas)}", f"figures from {_quoted(mapping.headers('value'))}"]
    for target, name in (
        ("indicator", "what they count"), ("breakdown", "groups"), ("period", "the period"), ("measure", "the measure"),
        ("unit", "the unit"), ("status", "what is hidden"),
    ):  # fmt: skip
        if headers := mapping.headers(target):  # type: ignore[arg-type]
            said.append(f"{name} from {_quoted(headers)}")
    said += [f"{name} “{given}”" for name, given in (("period", mapping.period), ("unit", mapping.unit)) if given]
    left = mapping.headers("ignore")
    return f"Read {words.listed(said)}" + (f"; left out {_quoted(left)}." if left else ".")


def save(mapping: TableMapping) -> str:
    """Write a mapping as the vault remembers it."""
    return msgspec.json.encode(mapping).decode()


def load(document: str) -> TableMapping:
    """Read a mapping that `save` wrote. Raises msgspec.DecodeError."""
    return from_json(document, TableMapping)


def title_of(use: ColumnUse) -> str:
    """Write a heading as a title: `pupils_with_free_meals` is not for people."""
    plain = " ".join(use.header.replace("_", " ").split()) if "_" in use.header else use.header
    return use.title or plain[:1].upper() + plain[1:]


def cells_of(sheet: Sheet, column: Column) -> list[str]:
    """Give the cells of a column, trimmed. Raises CisError for one that is longer than a name."""
    texts = [" ".join(cell.split()) for cell in column.values]
    if long := next((text for text in texts if len(text) > LONGEST_NAME), None):
        raise too_long(sheet.file, long)
    return [texts[code] for code in column.codes]


def by_series(found: list[Figure]) -> Iterator[tuple[tuple[str, str, str, str], list[Figure]]]:
    """Group figures by what can be shown as one table: indicator, period, measure and unit, as they first come."""
    groups: dict[tuple[str, str, str, str], list[Figure]] = {}
    for figure in found:
        groups.setdefault((figure.indicator, figure.period, figure.measure, figure.unit), []).append(figure)
    yield from groups.items()


def _parts(sheet: Sheet, targets: dict[str, Target]) -> list[str]:
    """Find the columns that tell figures of one area apart, such as age groups, where something has to."""
    columns = dict(zip(sheet.header, sheet.columns, strict=True))
    telling = [header for header, target in targets.items() if target not in ("value", "status", "ignore")]
    if "value" not in targets.values() or not {"area_code", "area_name"} & set(targets.values()):
        return []
    found: list[str] = []
    for header in [None, *(header for header, target in targets.items() if target == "ignore")]:
        if header is not None:
            if not 1 < len(set(columns[header].codes)) <= MOST_PARTS or is_numeric(columns[header]):
                continue
            found.append(header)
        keys = list(zip(*(columns[each].codes for each in (*telling, *found)), strict=True))
        if len(set(keys)) == len(keys):
            return found
    return []


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[_\W]+", " ", header).split()).casefold()


def _quoted(headers: Sequence[str]) -> str:
    shown = [f"“{header[:60]}”" for header in headers[:6]]
    return words.listed([*shown, *([f"{len(headers) - 6} more"] if len(headers) > 6 else [])])
