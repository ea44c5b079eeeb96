"""Briefings that are here: the list of them, one whole, and a file of one as it came."""

from __future__ import annotations

import zlib
from decimal import Decimal
from typing import Any

from cis_desktop.briefings.model import Briefing, Figure, Indicator, Kept, Said, Series, Summary
from cis_desktop.briefings.senders import known_by_now
from cis_desktop.briefings.tables import by_series
from cis_desktop.decoding import from_json
from cis_desktop.errors import CisError
from cis_desktop.vault.tables import Connection
from cis_desktop.words import fingerprint

_SUMMARY = (
    "select b.id, b.title, b.sender, b.received_on, b.kind, b.public_key is not null, b.answers,"
    " (select count(*) from briefing_files f where f.briefing_id = b.id and f.gone = 0),"
    " (select count(*) from briefing_figures f where f.briefing_id = b.id and f.gone = 0)"
    " from briefings b where b.gone = 0"
)


def briefings(connection: Connection) -> list[Summary]:
    """List the briefings, newest first."""
    return [
        _summary(connection, row) for row in connection.execute(f"{_SUMMARY} order by b.received_on desc, b.id desc")
    ]


def briefing(connection: Connection, briefing_id: int) -> Briefing:
    """Read one whole briefing. Raises CisError `not_found`."""
    row = connection.execute(f"{_SUMMARY} and b.id = ?", (briefing_id,)).fetchone()
    if row is None:
        raise CisError(
            "not_found",
            "That briefing is not here",
            f"There is no briefing number {briefing_id}; it may have been taken back. Nothing was changed. "
            "Look it up in the list.",
        )
    said, key = connection.execute("select said, public_key from briefings where id = ?", (briefing_id,)).fetchone()
    described = tuple(indicators(connection, briefing_id))
    meaning = {one.indicator.casefold(): one.description for one in described}
    files = connection.execute(
        "select id, name, kind, sha256, size from briefing_files where briefing_id = ? and gone = 0 order by id",
        (briefing_id,),
    )
    return Briefing(
        summary=_summary(connection, row),
        said=from_json(said, Said) if said else Said(),
        fingerprint=fingerprint(key) if key else "",
        files=tuple(Kept(*file) for file in files),
        series=tuple(
            Series(*head, _meaning(meaning, head[0]), tuple(found))
            for head, found in by_series(figures(connection, briefing_id))
        ),
        indicators=described,
    )


def figures(connection: Connection, briefing_id: int) -> list[Figure]:
    """Read the figures of a briefing, as they came."""
    rows = connection.execute(
        "select coalesce(area_code, ''), coalesce(area_name, ''), indicator, coalesce(period, ''),"
        " coalesce(measure, ''), coalesce(unit, ''), value, status"
        " from briefing_figures where briefing_id = ? and gone = 0 order by id",
        (briefing_id,),
    )
    return [
        Figure(code, name, indicator, period, measure, unit, None if value is None else Decimal(value), status)
        for code, name, indicator, period, measure, unit, value, status in rows
    ]


def indicators(connection: Connection, briefing_id: int) -> list[Indicator]:
    """Read what the indicators of a briefing mean."""
    rows = connection.execute(
        "select indicator, coalesce(description, ''), coalesce(source, ''), coalesce(period, ''),"
        " coalesce(geography, '') from briefing_indicators where briefing_id = ? and gone = 0 order by id",
        (briefing_id,),
    )
    return [Indicator(*row) for row in rows]


def file_body(connection: Connection, file_id: int) -> tuple[str, bytes]:
    """Give the name and the bytes of a file of a briefing, as it came. Raises CisError `not_found`."""
    row = connection.execute(
        "select name, body from briefing_files where id = ? and gone = 0 and body is not null", (file_id,)
    ).fetchone()
    if row is None:
        raise CisError("not_found", "That file is not here", "The file was taken back. Nothing was changed.")
    return str(row[0]), zlib.decompress(bytes(row[1]))


def pages(connection: Connection, file_id: int) -> list[tuple[int, str]]:
    """Give the words of a file of a briefing: the number of each page (or sheet) that has any, and its words."""
    rows = connection.execute(
        "select page, words from briefing_pages where file_id = ? and gone = 0 order by page, id", (file_id,)
    )
    found: dict[int, str] = {}
    for page, words in rows:
        found[page] = found.get(page, "") + words
    return list(found.items())


def _summary(connection: Connection, row: tuple[Any, ...]) -> Summary:
    number, title, sender, received_on, kind, signed, answers, files, counted = row
    packs = from_json(answers, tuple[str, ...]) if answers else ()
    sender = known_by_now(connection, sender)
    return Summary(number, title, sender, received_on, kind, bool(signed), packs, files, counted)


def _meaning(known: dict[str, str], indicator: str) -> str:
    """Find what an indicator means; tables may name it with a remark in brackets that the list leaves out."""
    plain = indicator.casefold()
    return known.get(plain) or known.get(plain.split(" (from ")[0].strip(), "")
