"""How lists were read before: each mapping is remembered in the vault under the headings of its list."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from cis_desktop.intake.draft import Draft
from cis_desktop.intake.guessing import Guess
from cis_desktop.intake.mapping import SINGLE, Mapping, fingerprint, from_json, to_json
from cis_desktop.intake.reading import Sheet
from cis_desktop.intake.values import fold
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import Connection

OURS = "ours"
"""The numbering that people entered by hand have too."""


def remembered(connection: Connection, sheet: Sheet) -> Mapping | None:
    """Give the mapping with which a list of these very columns was last imported, if there was one."""
    return _under(connection, sheet.header)


def again(before: Mapping, guessed: Guess, sheet: Sheet) -> Guess:
    """Read a list as it was read before, but for columns that were blank then: what they are is guessed now.

    A column that somebody left out although something was in it stays left out.
    """
    filled = {fold(title) for title, column in zip(sheet.header, sheet.columns, strict=True) if column.filled}
    blank = {fold(title) for title in before.blank}
    now = {fold(column.header): column for column in guessed.mapping.columns}
    taken = {column.target for column in before.columns} & SINGLE
    columns, new = [], []
    for column in before.columns:
        title = fold(column.header)
        better = now.get(title)
        if title in blank & filled and column.target == "ignore" and better and better.target not in {"ignore", *taken}:
            taken |= {better.target} & SINGLE
            new.append(f"“{better.header}”")
            column = better
        columns.append(column)
    mapping = structs.replace(
        before,
        columns=tuple(columns),
        blank=tuple(title for title in before.blank if fold(title) not in filled),
        date_order=before.date_order or guessed.mapping.date_order,
    )
    if not new:
        return Guess(mapping, (), ())
    said = f"Blank the last time and filled now, so look at what the app has guessed for: {', '.join(new)}."
    still = tuple(one for one in guessed.needs_answer if getattr(mapping, one.field) is None)
    return Guess(mapping, (said,), still)


def numbering_of(connection: Connection, draft: Draft) -> str:
    """Give the numbering of a list: as its mapping says, else as when its like was imported, else a new one.

    The first numbers in a record are the group's own.
    """
    if draft.mapping.numbering is not None:
        return draft.mapping.numbering
    before = _under(connection, draft.header)
    if before is not None and before.numbering is not None:
        return before.numbering
    numbered = "select 1 from people where own_number is not null and gone = 0 limit 1"
    return fingerprint(draft.header)[:12] if connection.execute(numbered).fetchone() else OURS


def remember(change: Change, draft: Draft, numbering: str) -> None:
    """Remember how a list was read, over what was remembered of its like."""
    # under the headings of this very list: a mapping may have been made for another with these columns among others
    headings = fingerprint(draft.header)
    document = to_json(structs.replace(draft.mapping, fingerprint=headings, numbering=numbering)).decode()
    row = change.connection.execute(
        "select id from import_mappings where fingerprint = ? and gone = 0 order by id desc limit 1",
        (headings,),
    ).fetchone()
    if row is None:
        # Not under the name of the file, which can say who somebody is.
        change.insert("import_mappings", fingerprint=headings, name="A spreadsheet", document=document)
    else:
        change.update("import_mappings", row[0], document=document)


def _under(connection: Connection, header: Sequence[str]) -> Mapping | None:
    row = connection.execute(
        "select document from import_mappings where fingerprint = ? and gone = 0 order by id desc limit 1",
        (fingerprint(header),),
    ).fetchone()
    return None if row is None else from_json(row[0], "remembered")
