"""Reading what an older version of the app wrote, as today's schema would have written it.

An upcaster is pure: a section as schema N wrote it -> the sections schema N+1 would have written. A uid it needs is
derived from the old row's uid, never drawn, so the same set means the same on every laptop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from cis_desktop.vault.chunks import Section, open_chunk
from cis_desktop.vault.tables import Connection

Upcaster: TypeAlias = Callable[[Section], list[Section]]
Upcasters: TypeAlias = dict[int, Upcaster]

UPCASTERS: Upcasters = {}
"""By the schema version that wrote a section. Empty as long as no migration has changed a table with history."""


def sections_of(connection: Connection, set_id: int, upcasters: Upcasters) -> list[Section]:
    """Give all sections of a stored set, as today's schema would have written them."""
    (schema,) = connection.execute("pragma user_version").fetchone()
    (written,) = connection.execute("select schema from change_sets where id = ?", (set_id,)).fetchone()
    bodies = connection.execute("select body from chunks where set_id = ? order by part", (set_id,)).fetchall()
    return upcast((body for (body,) in bodies), written, schema, upcasters)


def upcast(bodies: Iterable[bytes], written: int, schema: int, upcasters: Upcasters) -> list[Section]:
    """Give the sections of these chunks, written under one schema, as another would have written them."""
    sections = [section for body in bodies for section in open_chunk(body)]
    for version in range(written, schema):
        if version in upcasters:
            sections = [new for old in sections for new in upcasters[version](old)]
    return sections
