"""What a council sent, as words and shades: a figure reads the same in the table, the chart and the map."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cis_desktop import words
from cis_desktop.errors import CisError

if TYPE_CHECKING:
    from cis_desktop.briefings.beside import LeavingRow
    from cis_desktop.briefings.model import Briefing, Figure, Series, Summary
    from cis_desktop.charts import Shade
    from cis_desktop.disclosure.tables import PastRelease, ReleasedTable, Table
    from cis_desktop.geography import Held

SOME = 12
"""Names listed before the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Extremes:
    """The areas with the highest and the lowest figure of a series."""

    highest: Figure
    lowest: Figure


@dataclass(frozen=True, slots=True)
class Told:
    """A series in the order of its areas, with what it shows and which of its areas match no ward, in words."""

    series: Series
    finding: str
    strange: str


def tr(text: str) -> str:
    """Translate the words of a briefing."""
    return QCoreApplication.translate("briefing", text)


def kind_words(summary: Summary) -> str:
    """Say what came, for the list."""
    if summary.kind == "native":
        return tr("Signed answer")
    return tr("Figures") if summary.figures else tr("Documents")


def line_of(summary: Summary) -> str:
    """Say in the list when, from whom and what kind of thing came, and under that its title."""
    return f"{words.day(summary.received_on)}, {summary.sender}, {kind_words(summary).lower()}\n{summary.title}"


def came(summary: Summary) -> str:
    """Say from whom, when, and how much came."""
    parts = [words.count(summary.files, tr("file"), tr("files"))]
    if summary.figures:
        parts.append(words.count(summary.figures, tr("figure by area"), tr("figures by area")))
    return (
        tr("From %1, %2. %3.")
        .replace("%3", words.listed(parts, tr("and")))
        .replace("%2", words.day(summary.received_on))
        .replace("%1", summary.sender)
    )


def signature(briefing: Briefing) -> str:
    """Say whether what came is signed, and what that tells."""
    if not briefing.fingerprint:
        return tr("Not signed. These are ordinary files, so nothing tells whether somebody changed them on the way.")
    return tr(
        "Signed, and not changed since. The key is %1. Ask them once, by telephone, whether that is theirs; if another "
        "key ever comes, the app will say so."
    ).replace("%1", briefing.fingerprint)


def said(briefing: Briefing) -> list[tuple[str, str]]:
    """Give what a briefing says in words, under its headings; empty where it says nothing."""
    every = [
        (tr("What they heard"), briefing.said.heard),
        (tr("What they decided"), briefing.said.decided),
        (tr("What they did not do, and why"), briefing.said.not_done),
        (tr("What they ask"), briefing.said.questions),
    ]
    return [(title, text) for title, text in every if text.strip()]


def amount(value: Decimal, measure: str = "") -> str:
    """Write a figure for people, as exactly as it came: 10,972 or 37.6%."""
    return f"{value:,f}" + ("%" if is_share(measure) else "")


def is_share(measure: str) -> bool:
    """Say whether a measure is a percentage."""
    return measure.casefold() in ("percentage", "percent", "per cent", "%", "proportion (%)")


def shown(figure: Figure) -> str:
    """Say a figure of the council, or why there is none."""
    if figure.value is not None:
        return amount(figure.value, figure.measure)
    return status(figure.status)


def status(said_of: str) -> str:
    """Say why the council gives no figure."""
    return {"hidden": tr("hidden"), "not_applicable": tr("does not apply")}.get(said_of, tr("no figure"))


def ours(row: LeavingRow, unit: str) -> str:
    """Say our released figure: hidden is said as hidden, never as nothing."""
    if row.ours_status == "absent":
        return tr("not counted there")
    if row.ours is None:
        return tr("hidden")
    counted = words.amount(row.ours, unit)
    return tr("%1 (rounded)").replace("%1", counted) if row.ours_status == "rounded" else counted


def theirs(row: LeavingRow, measure: str) -> str:
    """Say their figure in a comparison, or why there is none."""
    return status(row.theirs_status) if row.theirs is None else amount(row.theirs, measure)


def area(figure: Figure) -> str:
    """Name the area of a figure."""
    return figure.area_name or figure.area_code


def heads(series: Series) -> str:
    """Say what tells a series from others of the same indicator: when, how it is measured, in what."""
    return ", ".join(filter(None, (period(series.period), series.measure, series.unit)))


def counted(figure: Figure) -> str:
    """Say what a figure counts, when, and how."""
    return ", ".join(filter(None, (figure.indicator, period(figure.period), figure.measure, figure.unit)))


def period(text: str) -> str:
    """Write a period as people do, where it is a day or surely a quarter; else as the council wrote it."""
    from cis_desktop.figures import periods

    try:
        # Not all that reads as a period is one: 2011-12 may be a year from April on.
        return periods.period(text).label if "-Q" in text else words.day(text) if len(text) == 10 else text
    except (ValueError, CisError):
        return text


def extremes(figures: Sequence[Figure]) -> Extremes | None:
    """Find the areas with the highest and the lowest figure; None where there are not two different ones."""
    known = [(each.value, each) for each in figures if each.value is not None]
    if not known:
        return None
    highest, lowest = max(known, key=lambda pair: pair[0]), min(known, key=lambda pair: pair[0])
    return Extremes(highest[1], lowest[1]) if highest[0] != lowest[0] else None


def finding(series: Series) -> str:
    """Say in a sentence what a series shows."""
    found = extremes(series.figures)
    hidden = sum(each.status == "hidden" for each in series.figures)
    if found is None:
        sentence = tr("%1: %2").replace("%2", words.count(len(series.figures), tr("area"), tr("areas")))
    else:
        sentence = (
            tr("%1: highest in %2 (%3), lowest in %4 (%5)")
            .replace("%5", shown(found.lowest))
            .replace("%4", area(found.lowest))
            .replace("%3", shown(found.highest))
            .replace("%2", area(found.highest))
        )
    sentence = sentence.replace("%1", series.indicator)
    return f"{sentence}; {words.count(hidden, tr('is hidden'), tr('are hidden'))}" if hidden else sentence


def beside_finding(rows: Sequence[LeavingRow], title: str, unit: str) -> str:
    """Say in a sentence what our released figures show, by rate where there are rates, and how many are hidden.

    Where no ward is both in theirs and in ours, that is what they show.
    """
    if all(row.theirs_status == "not_available" or row.ours_status == "absent" for row in rows):
        return tr("None of their wards is one that we count in this table.")
    hidden = sum(row.ours_status == "hidden" for row in rows)
    rates = [(row.rate, f"{row.rate:,}", row) for row in rows if row.rate is not None]
    known = rates or [(Decimal(row.ours), ours(row, unit), row) for row in rows if row.ours is not None]
    sentence = title
    if known:
        highest, lowest = max(known, key=lambda each: each[0]), min(known, key=lambda each: each[0])
        if highest[0] != lowest[0]:
            told = (
                tr("%1, for each 1,000: highest in %2 (%3), lowest in %4 (%5)")
                if rates
                else tr("%1: highest in %2 (%3), lowest in %4 (%5)")
            )
            sentence = (
                told.replace("%5", lowest[1])
                .replace("%4", lowest[2].name or lowest[2].code)
                .replace("%3", highest[1])
                .replace("%2", highest[2].name or highest[2].code)
                .replace("%1", title)
            )
    return f"{sentence}; {words.count(hidden, tr('is hidden'), tr('are hidden'))}" if hidden else sentence


def our_shades(rows: Iterable[LeavingRow], unit: str, rates: bool) -> dict[str, Shade]:
    """Give what a map may know of our released figures, or of their rates: what is hidden has no number in it."""
    from cis_desktop.charts import Shade

    found = {}
    for row in rows:
        value = row.rate if rates else row.ours
        if row.ours_status == "hidden":
            found[row.code] = Shade(None, ours(row, unit), "hidden")
        elif value is None:
            found[row.code] = Shade(None, "", "nothing")
        else:
            found[row.code] = Shade(float(value), f"{row.rate:,}" if rates else words.amount(int(value), unit))
    return found


def told(series: Series, known: Collection[str]) -> Told:
    """Put a series into order and words; of many areas this takes a while, so a job does it."""
    order = tuple(sorted(series.figures, key=lambda each: area(each).casefold()))
    ordered = replace(series, figures=order)
    return Told(ordered, finding(ordered), unmatched(unknown(order, known)))


def shades(figures: Iterable[Figure]) -> dict[str, Shade]:
    """Give what the map knows of each ward."""
    from cis_desktop.charts import Shade

    return {
        each.area_code: Shade(
            None if each.value is None else float(each.value),
            shown(each),
            "value" if each.value is not None else "hidden" if each.status == "hidden" else "nothing",
        )
        for each in figures
        if each.area_code
    }


def unknown(figures: Iterable[Figure], known: Collection[str]) -> list[str]:
    """Name the areas whose code is none that the record knows."""
    return list(dict.fromkeys(area(each) for each in figures if each.area_code not in known))


def unmatched(names: Sequence[str]) -> str:
    """Say which areas match no ward; empty when there is none."""
    if not names:
        return ""
    return (
        tr("%1 no ward that is known here, so the map leaves them out: %2.")
        .replace("%1", words.count(len(names), tr("area matches"), tr("areas match")))
        .replace("%2", shortened(names))
    )


def wards_of(held: Held) -> str:
    """Say how many wards of which year are known, and whether they can be drawn."""
    from cis_desktop.geography.boundaries import SCHEMATIC

    wards = words.count(held.count, tr("ward"), tr("wards"))
    if held.vintage.startswith(SCHEMATIC):
        return tr("a sketch of %1").replace("%1", wards)
    if held.vintage:
        wards = tr("%1 of %2").replace("%2", held.vintage).replace("%1", wards)
    if held.mapped == held.count:
        return wards
    if not held.mapped:
        return tr("%1 without boundaries").replace("%1", wards)
    return tr("%1, %2 with a boundary").replace("%2", words.number(held.mapped)).replace("%1", wards)


def shortened(names: Sequence[str]) -> str:
    """List the first of many names, and count the rest."""
    listed = ", ".join(names[:SOME])
    if len(names) <= SOME:
        return listed
    return tr("%1 and %2 more").replace("%2", words.number(len(names) - SOME)).replace("%1", listed)


def exact_of(past: PastRelease, table: ReleasedTable) -> Table:
    """Give the exact figures that stood behind a released table when it was signed off. They never leave."""
    from cis_desktop.disclosure.tables import Cell, Table

    cells = {}
    for key in table.cells:
        behind = past.cells.get(table.shape.identity(key))
        if behind is not None:
            # Who stands behind a figure was checked when it was released; here only the count is shown.
            cells[key] = Cell(behind.exact, behind.exact, behind.exact)
    return Table(table.shape, cells)
