"""A group's own words in the lists that are its to change: added, renamed, taken off; nothing stored is ever rewritten.

Each change makes a new version of the list, beside the earlier ones. What was written down keeps its key, and a list's
newest version that knows the key gives its label. Own versions start far above those of the app.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

import msgspec

from cis_desktop.errors import CisError
from cis_desktop.records.code_lists import Code, held
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.tables import Connection
from cis_desktop.words import same

NEEDED = frozenset({"visit", "food_parcel", "money"})
"""Keys that the app itself writes."""

OWN_VERSIONS = 1000
LONGEST = 80
_LONGEST_KEY = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list as it is offered now; `counts_as` is the shared entry under which reports count it."""

    key: str
    label: str
    counts_as: str
    own: bool


def entries(connection: Connection, name: str) -> list[Entry]:
    """List what is offered now, in order."""
    shared = {code.key: code.label for code in _shared(connection, name)}
    return [
        Entry(code.key, code.label, shared.get(code.key) or shared.get(code.broader or "", ""), code.key not in shared)
        for code in held(connection, name)[1]
    ]


def shared_entries(connection: Connection, name: str) -> list[tuple[str, str]]:
    """Give (key, label) of the entries that came with the app, under which own ones can be counted."""
    return [(code.key, code.label) for code in _shared(connection, name)]


def add(change: Change, name: str, label: str, counts_as: str | None) -> str:
    """Put an entry on a list and give its key. Raises CisError for no words, too many, or some that are there."""
    codes = held(change.connection, name)[1]
    label = _checked(codes, label)
    if counts_as is not None and counts_as not in {code.key for code in _shared(change.connection, name)}:
        raise CisError(
            "unknown_code",
            "It is not known what this counts as",
            "Nothing was added. Choose one of the entries that came with the app for it to be counted as.",
        )
    key = _key(label, {code.key for code in codes})
    # Before “Other”, which people look for at the end.
    at = len(codes) - (codes[-1].key == "other" if codes else False)
    _write(change, name, [*codes[:at], Code(key, label, counts_as), *codes[at:]])
    return key


def rename(change: Change, name: str, key: str, label: str) -> None:
    """Call an entry something else from now on, wherever it was written down. Raises CisError as `add` does."""
    codes = held(change.connection, name)[1]
    label = _checked([code for code in codes if code.key != key], label)
    _write(change, name, [msgspec.structs.replace(c, label=label) if c.key == key else c for c in codes])


def retire(change: Change, name: str, key: str) -> None:
    """Offer an entry no longer; what was written down with it stays. Raises CisError for one the app needs itself."""
    if key in NEEDED:
        raise CisError(
            "needed_code",
            "This one is needed",
            "The app writes it down itself, so it stays on the list. You can give it another name.",
        )
    _write(change, name, [code for code in held(change.connection, name)[1] if code.key != key])


def label_of(connection: Connection, name: str, key: str) -> str | None:
    """Give the label of a key from the newest version of a list that has it, or None where none does."""
    row = connection.execute(
        "select c.label from codes c join code_lists l on l.id = c.list_id"
        " where l.name = ? and c.key = ? and c.gone = 0 and l.gone = 0 order by l.version desc limit 1",
        (name, key),
    ).fetchone()
    return row[0] if row else None


def _shared(connection: Connection, name: str) -> list[Code]:
    """Give the newest version of a list that came with the app."""
    rows = connection.execute(
        "select c.key, c.label, c.broader, c.outside_code from codes c where c.gone = 0 and c.list_id = ("
        " select id from code_lists where name = ? and version <= ? and gone = 0 order by version desc, id limit 1"
        ") order by c.position, c.id",
        (name, OWN_VERSIONS),
    )
    return [Code(*row) for row in rows]


def _write(change: Change, name: str, codes: list[Code]) -> None:
    # Past those that were undone as well: their numbers are taken.
    (version,) = change.connection.execute(
        "select max(version, ?) + 1 from (select max(version) as version from code_lists where name = ?)",
        (OWN_VERSIONS, name),
    ).fetchone()
    (title,) = change.connection.execute(
        "select title from code_lists where name = ? and gone = 0 order by version desc, id limit 1", (name,)
    ).fetchone()
    list_id = change.insert(
        "code_lists",
        # The same on every laptop: where two people change a list apart, both their entries are on it afterwards.
        uid=derived_uid("code_lists", name, version),
        name=name,
        version=version,
        title=title,
        source="Changed by the group",
        valid_from=date.today().isoformat(),
    )
    change.insert_many(
        "codes",
        ("uid", "list_id", "key", "label", "broader", "outside_code", "position"),
        [
            (derived_uid("codes", name, version, c.key), list_id, c.key, c.label, c.broader, c.outside_code, at)
            for at, c in enumerate(codes)
        ],
    )


def _checked(codes: list[Code], label: str) -> str:
    label = " ".join(label.split())
    if not label or len(label) > LONGEST:
        raise CisError(
            "bad_label",
            "It needs a short name",
            f"Nothing was changed. Write what it is to be called, in at most {LONGEST} letters.",
        )
    if any(same(code.label, label) for code in codes):
        raise CisError("known_label", "It is on the list already", f"Nothing was changed: “{label}” is there.")
    return label


def _key(label: str, taken: set[str]) -> str:
    """Make a key of a label; where no letter of it can be in a key, of its bytes."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or derived_uid(label).hex()[:8]
    key, number = f"own_{slug}"[:_LONGEST_KEY], 2
    while key in taken:
        key, number = f"own_{slug}"[: _LONGEST_KEY - 3] + f"_{number}", number + 1
    return key
