"""The codebook, and the board of themes over time: how many observations have each theme in each month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cis_desktop.errors import CisError
from cis_desktop.records import checks
from cis_desktop.records.observations import Observation, codebook
from cis_desktop.records.reading import columns
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection

NONE = ""
"""The key under which the board counts observations that nobody has put a theme on."""


@dataclass(frozen=True, slots=True)
class Within:
    """Which observations: of the months `first` to `last` (`YYYY-MM`, both counted), of a ward, of a place."""

    first: str
    last: str
    ward: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One theme by its key, and in how many observations it was marked in each month of the board."""

    key: str
    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Give the observations of all months; each is in one month, so they add up."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Board:
    """Themes by month. An observation with two themes is counted under both, and once in `every`."""

    months: tuple[str, ...]
    lines: tuple[Line, ...]
    every: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where and when observations were made: wards as (code, name), places, and the first and last month."""

    wards: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    first: str | None
    last: str | None


_COLUMNS = ", ".join(f"o.{name}" for name in columns(Observation).split(", "))
_BY_THEME = (
    " join observation_themes x on x.observation_id = o.id and x.gone = 0"
    " join themes t on t.id = x.theme_id and t.gone = 0"
)


def themes_by_month(connection: Connection, within: Within) -> Board:
    """Count observations by theme and month, the commonest theme first and those without a theme last.

    A theme marked twice in one observation counts once; an observation of a whole month counts in that month.
    """
    months = months_between(within.first, within.last)
    at = {month: n for n, month in enumerate(months)}
    where, values = _where(within)
    found: dict[str, list[int]] = {}
    for key, month, number in connection.execute(
        "select t.key, substr(o.noticed_on, 1, 7), count(distinct o.id) from observations o"
        f"{_BY_THEME} where {where} group by 1, 2",
        values,
    ):
        found.setdefault(key, [0] * len(months))[at[month]] = number
    every, themed = [0] * len(months), [0] * len(months)
    for counts, asked in (
        (every, f"select substr(o.noticed_on, 1, 7), count(*) from observations o where {where} group by 1"),
        (
            themed,
            "select substr(o.noticed_on, 1, 7), count(distinct o.id) from observations o"
            f"{_BY_THEME} where {where} group by 1",
        ),
    ):
        for month, number in connection.execute(asked, values):
            counts[at[month]] = number
    labels: dict[str, str] = {}
    for theme in codebook(connection):
        # Two laptops may both have added it; figures count by its key, and so does the board.
        labels.setdefault(theme.key, theme.label)
    lines = [Line(key, labels[key], tuple(found.get(key, [0] * len(months)))) for key in labels]
    lines.sort(key=lambda line: (-line.total, line.label.casefold()))
    without = Line(NONE, "No theme yet", tuple(a - b for a, b in zip(every, themed, strict=True)))
    return Board(months, (*lines, *([without] if without.total else [])), tuple(every))


def behind(connection: Connection, within: Within, key: str | None, most: int = 500) -> list[Observation]:
    """List the observations that a number of the board counts, latest first; `key` None is all, `NONE` no theme."""
    where, values = _where(within)
    themed = "select 1 from observation_themes x join themes t on t.id = x.theme_id and t.gone = 0"
    themed += " where x.observation_id = o.id and x.gone = 0"
    if key == NONE:
        where += f" and not exists ({themed})"
    elif key is not None:
        where += f" and exists ({themed} and t.key = ?)"
        values.append(key)
    rows = connection.execute(
        f"select {_COLUMNS} from observations o where {where} order by o.noticed_on desc, o.id desc limit ?",
        [*values, most],
    )
    return [Observation(*row) for row in rows]


def where_noticed(connection: Connection) -> Places:
    """List the wards and places that observations name, to choose from. Reads every observation."""
    wards = connection.execute(
        "select o.ward, coalesce((select a.name from areas a where a.code = o.ward and a.gone = 0"
        " order by a.vintage desc, a.id limit 1), o.ward)"
        " from (select distinct ward from observations where gone = 0 and ward is not null) o order by 2, 1"
    ).fetchall()
    places = connection.execute(
        "select distinct place from observations where gone = 0 and place is not null order by 1"
    ).fetchall()
    first, last = connection.execute(
        "select min(substr(noticed_on, 1, 7)), max(substr(noticed_on, 1, 7)) from observations where gone = 0"
    ).fetchone()
    return Places(tuple((code, name) for code, name in wards), tuple(place for (place,) in places), first, last)


def themes_on(connection: Connection, observation_ids: Sequence[int]) -> dict[int, list[str]]:
    """Give the labels of the themes on each of these observations, each once; one without any is left out."""
    found: dict[int, list[str]] = {}
    for at in observation_ids:
        rows = connection.execute(
            "select distinct t.label from observation_themes x join themes t on t.id = x.theme_id"
            " where x.observation_id = ? and x.gone = 0 and t.gone = 0 order by 1",
            (at,),
        ).fetchall()
        if rows:
            found[at] = [label for (label,) in rows]
    return found


def correct_theme(change: Change, theme_id: int, label: str, meaning: str | None) -> None:
    """Give a theme other words and meaning; its key stays, so what was counted under it still is."""
    change.update("themes", theme_id, label=checks.some_text(label, "theme"), meaning=checks.text_or_none(meaning))


def remove_theme(change: Change, theme_id: int) -> None:
    """Take a theme out of the codebook, and with it every mark of it; undo brings both back."""
    for (mark,) in change.connection.execute(
        "select id from observation_themes where theme_id = ? and gone = 0", (theme_id,)
    ).fetchall():
        change.delete("observation_themes", mark)
    change.delete("themes", theme_id)


def merge_themes(change: Change, theme_id: int, into: int) -> None:
    """Move every mark of a theme to another and take the first out of the codebook.

    A mark that the other has on the same words is not doubled. Raises CisError for merging a theme with itself.
    """
    if theme_id == into:
        raise CisError(
            "same_theme",
            "That is the same theme",
            "A theme cannot be put together with itself. Nothing was changed. Choose another theme.",
        )
    asked = "select id, observation_id, span_start, span_end from observation_themes where theme_id = ? and gone = 0"
    held = {tuple(rest) for _, *rest in change.connection.execute(asked, (into,))}
    for mark, *rest in change.connection.execute(asked, (theme_id,)).fetchall():
        if tuple(rest) in held:
            change.delete("observation_themes", mark)
        else:
            change.update("observation_themes", mark, theme_id=into)
    (old,) = change.connection.execute("select key from themes where id = ?", (theme_id,)).fetchone()
    (new,) = change.connection.execute("select key from themes where id = ?", (into,)).fetchone()
    for (narrower,) in change.connection.execute(
        "select id from themes where broader = ? and gone = 0 and id <> ?", (old, theme_id)
    ).fetchall():
        change.update("themes", narrower, broader=None if narrower == into else new)
    change.delete("themes", theme_id)


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Give the months from `first` to `last` (`YYYY-MM`), both counted."""
    year, month = (int(part) for part in first.split("-"))
    found: list[str] = []
    while (text := f"{year:04d}-{month:02d}") <= last:
        found.append(text)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(found)


def _where(within: Within) -> tuple[str, list[str | int]]:
    # A day of the last month begins with its month, and "~" comes after every figure and dash.
    values: list[str | int] = [within.first, within.last + "~"]
    where = "o.noticed_on >= ? and o.noticed_on < ? and o.gone = 0"
    if within.ward is not None:
        where += " and o.ward = ?"
        values.append(within.ward)
    if within.place is not None:
        where += " and o.place = ?"
        values.append(within.place)
    return where, values
