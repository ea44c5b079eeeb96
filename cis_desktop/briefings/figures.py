"""The figures in a table, read as its mapping says; what is no area or no number is said, and never guessed at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from cis_desktop.briefings.area_files import LONGEST_NAME, some, too_long
from cis_desktop.briefings.model import Figure
from cis_desktop.briefings.tables import TableMapping, Target, cells_of, title_of
from cis_desktop.briefings.values import figure_of, is_percent, number_of
from cis_desktop.geography import kind_of
from cis_desktop.intake.reading import Sheet, refusal

MOST_FIGURES = 200_000

_SUM = re.compile(
    r"(grand |sub-?)?totals?|all (wards|areas|lsoas)|(the )?(whole )?borough|.+ (total|average|mean|median)|"
    r"(ward |borough |overall )?(average|mean|median)|england( and wales)?|wales|scotland|great britain|"
    r"united kingdom|uk",
    re.IGNORECASE,
)
_NO_AREA = re.compile(r"[EWSNK]\d{8}")
"""A code of the register for something wider: a region, a country."""
_YEAR = re.compile(r"(?<!\d)20\d\d(?:[-_/]\d\d)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Found:
    """The figures of a table, and what there is to say of rows that are not among them."""

    figures: list[Figure]
    notes: list[str]


def figures(sheet: Sheet, mapping: TableMapping, codes_by_name: Mapping[str, str]) -> Found:
    """Read the figures of a table. Raises CisError naming the row of a cell that is neither number nor mark.

    `codes_by_name` gives the code of a ward by its name in lower case, for tables that have only names. Sums and
    wider areas are left out, and named in the notes.
    """
    columns = dict(zip(sheet.header, sheet.columns, strict=True))
    if absent := [column.header for column in mapping.columns if column.header not in columns]:
        raise refusal(sheet.file, "other_columns", f"It has no column “{absent[0][:60]}”, which its mapping expects.")
    values = [use for use in mapping.columns if use.target == "value"]
    if sheet.rows * len(values) > MOST_FIGURES:
        raise refusal(sheet.file, "too_many_rows", f"It has more than {MOST_FIGURES:,} figures.")
    cells: dict[Target, list[str]] = {}
    for target in ("area_code", "area_name", "indicator", "period", "measure", "unit", "status"):
        headers = mapping.headers(target)
        cells[target] = cells_of(sheet, columns[headers[0]]) if headers else [""] * sheet.rows
    groups = [cells_of(sheet, columns[header]) for header in mapping.headers("breakdown")]
    written = {use.header: columns[use.header].cells() for use in values}
    kept, notes = _rows(sheet, cells, list(written.values()), codes_by_name)
    named = bool(mapping.headers("indicator"))
    dated = bool(mapping.headers("period"))
    found: list[Figure] = []
    rows: list[int] = []
    for use in values:
        title = title_of(use)
        # What is hidden in a column of percentages is one of them.
        shares = all(is_percent(cell) for cell in written[use.header] if number_of(cell) is not None)
        shares = shares and any(map(is_percent, written[use.header]))
        period = "" if dated else mapping.period or _year(sheet, title)
        for at in kept:
            cell = written[use.header][at]
            understood = figure_of(cell, cells["status"][at])
            if understood is None:
                raise refusal(
                    sheet.file,
                    "no_number",
                    f"In row {sheet.first_row + at} there is “{cell.strip()[:40]}” where a number should be.",
                )
            parts = [cells["indicator"][at]] if named else [title]
            parts += [title] if named and len(values) > 1 else []
            parts += [group[at] for group in groups]
            indicator = ": ".join(filter(None, parts))
            if len(indicator) > LONGEST_NAME:
                raise too_long(sheet.file, indicator)
            name = cells["area_name"][at]
            percent = is_percent(cell) if understood[0] is not None else shares
            found.append(
                Figure(
                    area_code=cells["area_code"][at] or codes_by_name.get(name.casefold(), ""),
                    area_name=name,
                    indicator=indicator,
                    period=cells["period"][at] or period,
                    measure=cells["measure"][at] or ("Percentage" if percent else ""),
                    unit=cells["unit"][at] or mapping.unit,
                    value=understood[0],
                    status=understood[1],
                )
            )
            rows.append(sheet.first_row + at)
    return _once(sheet, found, rows, notes)


def _rows(
    sheet: Sheet, cells: Mapping[Target, list[str]], written: list[list[str]], known: Mapping[str, str]
) -> tuple[list[int], list[str]]:
    """Give the rows that are about an area, and say which are not: sums, and areas wider than the rest."""
    codes, names = cells["area_code"], cells["area_name"]
    kinds = Counter(filter(None, map(kind_of, codes)))
    kind = kinds.most_common(1)[0][0] if kinds else None
    small = kind in ("ward", "lsoa")
    kept: list[int] = []
    left: dict[str, None] = {}
    for at, (code, name) in enumerate(zip(codes, names, strict=True)):
        if not (code or name):
            continue
        its = kind_of(code)
        empty = not any(column[at].strip() for column in written)
        if its is None and empty and name.casefold() not in known:
            # A remark under the table, such as where the figures are from.
            continue
        wider = small and (_NO_AREA.fullmatch(code) if its is None else its == "authority" and kind != "authority")
        if wider or (its is None and any(_SUM.fullmatch(text) for text in (code, name) if text)):
            left[name or code] = None
        else:
            kept.append(at)
    said = f"Left out, as sums or areas wider than the others: {some(list(left))}." if left else ""
    return kept, [said] if said else []


def _once(sheet: Sheet, found: list[Figure], rows: list[int], notes: list[str]) -> Found:
    """Keep each figure once; refuse two different ones for one area and one thing, since neither can be trusted."""
    seen: dict[tuple[str, ...], tuple[Figure, int]] = {}
    twice: dict[str, None] = {}
    for figure, row in zip(found, rows, strict=True):
        area = figure.area_code or figure.area_name.casefold()
        key = (area, figure.indicator, figure.period, figure.measure, figure.unit)
        before = seen.setdefault(key, (figure, row))
        if before[0] is figure:
            continue
        if (before[0].value, before[0].status) != (figure.value, figure.status):
            raise refusal(
                sheet.file,
                "several_figures",
                f"Rows {before[1]} and {row} have different figures for “{(figure.area_name or area)[:60]}” "
                f"({figure.indicator[:60]}). Say which column tells them apart, or ask which is right.",
            )
        twice[figure.area_name or figure.area_code] = None
    if twice:
        notes = [*notes, f"These stand there twice with the same figures, and came in once: {some(list(twice))}."]
    return Found([figure for figure, _ in seen.values()], notes)


def _year(sheet: Sheet, title: str) -> str:
    """Give the year that a sheet or its file is named after, unless the heading names one itself."""
    if _YEAR.search(title):
        return ""
    years = [found[0] for text in (sheet.name, sheet.file) if (found := _YEAR.search(text))]
    return re.sub(r"[_/]", "-", years[0]) if years else ""
