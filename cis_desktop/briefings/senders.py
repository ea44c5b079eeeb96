"""What is remembered of a sender: what they are called, and how their tables are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cis_desktop.briefings import tables
from cis_desktop.briefings.area_files import AreaFile
from cis_desktop.briefings.tables import TableMapping
from cis_desktop.geography import kind_of
from cis_desktop.intake.mapping import fingerprint
from cis_desktop.intake.reading import Sheet
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.tables import Connection
from cis_desktop.words import same

SOMEBODY = "a council"
_CODED = re.compile(r"(?:a council )?\(?((?:E0[6-9]|W06|S12|N09)\d{6})\)?")


def remembered_mapping(connection: Connection, sender: str, sheet: Sheet) -> TableMapping | None:
    """Give how a table with these headings was last read: of this sender, or else of anybody."""
    rows = connection.execute(
        "select sender, document from briefing_mappings where fingerprint = ? and gone = 0 order by id desc",
        (fingerprint(sheet.header),),
    ).fetchall()
    own = [document for name, document in rows if same(name, sender)] or [document for _, document in rows]
    if not own:
        return None
    known = tables.load(own[0])
    # The same headings can be written with other capitals and spaces; those of the file are the ones to find.
    titles = {" ".join(title.casefold().split()): title for title in sheet.header}
    return TableMapping(
        known.fingerprint,
        tuple(
            tables.ColumnUse(titles[" ".join(each.header.casefold().split())], each.target, each.title)
            for each in known.columns
        ),
        known.period,
        known.unit,
    )


def remember_mapping(change: Change, sender: str, mapping: TableMapping) -> None:
    """Remember how a sender's table was read, over what was remembered before."""
    uid = derived_uid("briefing_mappings", sender.casefold(), mapping.fingerprint)
    row = change.connection.execute("select id from briefing_mappings where uid = ?", (uid,)).fetchone()
    document = tables.save(mapping)
    if row is None:
        change.insert(
            "briefing_mappings", uid=uid, sender=sender, fingerprint=mapping.fingerprint, document=document
        )  # fmt: skip
    else:
        change.update("briefing_mappings", row[0], document=document, gone=0)


def council_of(connection: Connection, codes: Sequence[str], files: Sequence[AreaFile] = ()) -> tuple[str, str]:
    """Give the name and the code of the council in whose area most of these wards lie, each "" where it is not known.

    `files` are area files that are not stored yet, and may be what says so.
    """
    within = dict(
        connection.execute(
            "select code, within from areas where kind in ('ward', 'lsoa') and gone = 0 and within is not null"
            " order by vintage, id"
        ).fetchall()
    )
    for one in files:
        within |= {code: wider for code, wider in one.within.items() if wider}
    wards = [within.get(code, code) if kind_of(code) == "lsoa" else code for code in codes]
    found = Counter(within[code] for code in wards if code in within)
    if not found:
        return "", ""
    code = str(found.most_common(1)[0][0])
    new = next((one.named["authority"][code] for one in files if code in one.named.get("authority", {})), "")
    return (new if new != code else "") or council_named(connection, code), code


def council_named(connection: Connection, code: str) -> str:
    """Give the name of a local authority as its newest vintage has it; "" where only the code is known."""
    row = connection.execute(
        "select name from areas where kind = 'authority' and code = ? and gone = 0 and name <> code"
        " order by vintage desc, id",
        (code,),
    ).fetchone()
    return "" if row is None else str(row[0])


def written(name: str, code: str) -> str:
    """Write a sender as it is kept: its name, or else its code, which finds the name once that is known."""
    return name or (f"{SOMEBODY} ({code})" if code else SOMEBODY)


def known_by_now(connection: Connection, sender: str) -> str:
    """Give a sender's name where only the code was known when something came, and the name is known now."""
    found = _CODED.fullmatch(sender)
    return (found and council_named(connection, found[1])) or sender
