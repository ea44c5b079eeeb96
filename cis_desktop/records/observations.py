"""Observations: what was seen or heard, in words first and themes after, on the whole or on a span of the words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, TypedDict, Unpack

from cis_desktop.errors import CisError
from cis_desktop.records import checks
from cis_desktop.records.reading import columns, one
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection

HOW_KNOWN = ("saw_it", "told_by_person", "several_people", "partner")
PEOPLE_BANDS = ("1", "2-4", "5-9", "10+")
DIRECTIONS = ("new", "worse", "better", "same")
CONFIDENCES = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Observation:
    """One observation; `noticed_on` is a day (`YYYY-MM-DD`) or a month (`YYYY-MM`)."""

    id: int
    reference: str
    noticed_on: str
    place: str | None
    ward: str | None
    session_id: int | None
    person_id: int | None
    words: str
    how_known: str | None
    people_band: str | None
    direction: str | None
    confidence: str | None
    own_reading: str | None
    original_words: str | None
    original_language: str | None
    shareable: int
    checked_by: str | None
    checked_on: str | None


class ObservationFields(TypedDict, total=False):
    """What can be written about an observation beside its words and when."""

    place: str | None
    ward: str | None
    session_id: int | None
    person_id: int | None
    how_known: str | None
    people_band: str | None
    direction: str | None
    confidence: str | None
    own_reading: str | None
    original_words: str | None
    original_language: str | None
    shareable: int
    checked_by: str | None
    checked_on: str | None


@dataclass(frozen=True, slots=True)
class Theme:
    """A code in the group's codebook."""

    id: int
    key: str
    label: str
    meaning: str | None
    broader: str | None


@dataclass(frozen=True, slots=True)
class Applied:
    """A theme applied to an observation; the span counts characters of its words, None for the whole."""

    id: int
    theme_id: int
    label: str
    span_start: int | None
    span_end: int | None


_COLUMNS = columns(Observation)


def add(change: Change, words: str, noticed_on: str | date, **given: Unpack[ObservationFields]) -> int:
    """Write down an observation and return its id. Raises CisError for no words or an impossible value."""
    return change.insert(
        "observations",
        reference=change.next_reference("N"),
        words=checks.some_text(words, "observation"),
        noticed_on=checks.a_day_or_month(noticed_on, "date of the observation"),
        **_checked(given),
    )


def edit(
    change: Change,
    observation_id: int,
    words: str | None = None,
    noticed_on: str | date | None = None,
    **given: Unpack[ObservationFields],
) -> None:
    """Write only the fields given. Raises CisError for an impossible value.

    Where the words change, the spans that themes lie on move with them, and the words count as checked by nobody
    unless `given` says who has checked them.
    """
    written = _checked(given)
    if words is not None:
        written["words"] = checks.some_text(words, "observation")
        before = get(change.connection, observation_id).words
        if written["words"] != before:
            _move_spans(change, observation_id, before, written["words"])
            written = {"checked_by": None, "checked_on": None, **written}
    if noticed_on is not None:
        written["noticed_on"] = checks.a_day_or_month(noticed_on, "date of the observation")
    change.update("observations", observation_id, **written)


def remove(change: Change, observation_id: int) -> None:
    """Take an observation out of every list and figure; undo brings it back."""
    change.delete("observations", observation_id)


def get(connection: Connection, observation_id: int) -> Observation:
    """Read one observation by id. Raises CisError `not_found`."""
    return one(connection, Observation, "observations", "id = ?", observation_id)


def find(connection: Connection, reference: str) -> Observation:
    """Read one observation by reference (`N-0042`, in any case). Raises CisError `not_found`."""
    return one(connection, Observation, "observations", "reference = ?", reference.strip().upper())


def page(connection: Connection, before: tuple[str, int] | None = None, limit: int = 50) -> list[Observation]:
    """List observations, latest first; `before` is the date and id of the last one on the page above."""
    day, row = before or ("9999", 0)
    rows = connection.execute(
        f"select {_COLUMNS} from observations where gone = 0 and (noticed_on, id) < (?, ?)"
        " order by noticed_on desc, id desc limit ?",
        (day, row, limit),
    )
    return [Observation(*found) for found in rows]


def add_theme(
    change: Change, label: str, key: str | None = None, meaning: str | None = None, broader: str | None = None
) -> int:
    """Add a theme to the codebook, or return the one that has the key already; the key is made from the label."""
    name = checks.some_text(label, "theme")
    theme_key = key or "_".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())
    row = change.connection.execute(
        "select id from themes where key = ? and gone = 0 order by id limit 1", (theme_key,)
    ).fetchone()
    if row:
        return int(row[0])
    return change.insert("themes", key=theme_key, label=name, meaning=meaning, broader=broader)


def codebook(connection: Connection) -> list[Theme]:
    """List the themes by label."""
    rows = connection.execute("select id, key, label, meaning, broader from themes where gone = 0 order by label, id")
    return [Theme(*row) for row in rows]


def apply_theme(change: Change, observation_id: int, theme_id: int, span: tuple[int, int] | None = None) -> int:
    """Apply a theme to the whole of an observation or to a span of its words, and return the id of that mark.

    The same mark twice is one. Raises CisError for a span outside the words.
    """
    length = len(get(change.connection, observation_id).words)
    start, end = span or (None, None)
    if start is not None and end is not None and not 0 <= start < end <= length:
        raise CisError(
            "span_outside_words",
            "The marked words have changed",
            f"The theme was to be put on characters {start} to {end} of {length}. Nothing was saved. "
            "Mark the words again.",
        )
    row = change.connection.execute(
        "select id from observation_themes where observation_id = ? and theme_id = ? and gone = 0"
        " and span_start is ? and span_end is ?",
        (observation_id, theme_id, start, end),
    ).fetchone()
    if row:
        return int(row[0])
    return change.insert(
        "observation_themes", observation_id=observation_id, theme_id=theme_id, span_start=start, span_end=end
    )


def unapply_theme(change: Change, applied_id: int) -> None:
    """Take one mark of a theme off an observation."""
    change.delete("observation_themes", applied_id)


def themes_of(connection: Connection, observation_id: int) -> list[Applied]:
    """List the themes on an observation, those on the whole first, then by where their span starts."""
    rows = connection.execute(
        "select ot.id, t.id, t.label, ot.span_start, ot.span_end from observation_themes ot"
        " join themes t on t.id = ot.theme_id"
        " where ot.observation_id = ? and ot.gone = 0 and t.gone = 0 order by ot.span_start, ot.id",
        (observation_id,),
    )
    return [Applied(*row) for row in rows]


def moved_span(before: str, after: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """Give where a span of `before` is in `after`, or None where none of its words are left.

    Both texts are compared word by word; a word that was written anew inside the span stays inside it.
    """
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    old_at, new_at = _starts(old), _starts(new)
    first, last = len(after), 0
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        start, end = max(span[0], old_at[i1]), min(span[1], old_at[i2])
        if start >= end:
            continue
        if what == "equal":
            by = new_at[j1] - old_at[i1]
            first, last = min(first, start + by), max(last, end + by)
        elif what == "replace":
            first, last = min(first, new_at[j1]), max(last, new_at[j2])
    held = after[first:last]
    if not held.strip():
        return None
    return first + len(held) - len(held.lstrip()), last - len(held) + len(held.rstrip())


def _starts(parts: list[str]) -> list[int]:
    """Give where each part begins, and at the end where the last one ends."""
    found = [0]
    for part in parts:
        found.append(found[-1] + len(part))
    return found


def _move_spans(change: Change, observation_id: int, before: str, after: str) -> None:
    for mark in themes_of(change.connection, observation_id):
        if mark.span_start is None or mark.span_end is None:
            continue
        span = moved_span(before, after, (mark.span_start, mark.span_end))
        if span is None:
            unapply_theme(change, mark.id)
        else:
            change.update("observation_themes", mark.id, span_start=span[0], span_end=span[1])


def _checked(given: ObservationFields) -> dict[str, Any]:
    written = checks.tidied(given)
    if "ward" in written:
        written["ward"] = checks.a_ward(written["ward"])
    if written.get("checked_on"):
        written["checked_on"] = checks.a_day(written["checked_on"], "date of checking")
    for name, allowed, what in (
        ("how_known", HOW_KNOWN, "way of knowing"),
        ("people_band", PEOPLE_BANDS, "number of people"),
        ("direction", DIRECTIONS, "direction"),
        ("confidence", CONFIDENCES, "confidence"),
    ):
        if name in written:
            written[name] = checks.one_of(written[name], allowed, what)
    return written
