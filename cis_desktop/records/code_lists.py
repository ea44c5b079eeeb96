"""The code lists that come with the app: versioned, never rewritten, and put into every new workspace."""

from __future__ import annotations

from functools import cache

import msgspec

from cis_desktop.decoding import from_json
from cis_desktop.paths import resources
from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.tables import Connection

FOLDER = resources() / "code_lists"


class Code(msgspec.Struct, frozen=True):
    """One entry. `broader` is the key of the group it belongs to; `outside_code` its code in another standard."""

    key: str
    label: str
    broader: str | None = None
    outside_code: str | None = None


class CodeList(msgspec.Struct, frozen=True, tag_field="format", tag="cis-code-list"):
    """A list under one version: values keep the version they were entered under."""

    version: int
    name: str
    list_version: int
    title: str
    source: str
    codes: tuple[Code, ...]
    valid_from: str | None = None
    valid_to: str | None = None


@cache
def shipped() -> dict[tuple[str, int], CodeList]:
    """Give every list that comes with the app, by its name and version."""
    lists = (from_json(path.read_bytes(), CodeList) for path in sorted(FOLDER.glob("*.json")))
    return {(each.name, each.list_version): each for each in lists}


def load_code_lists(change: Change) -> int:
    """Put the shipped lists and the starter themes into a workspace; give how many lists were new to it.

    `change` is an open change of the workspace. Uids follow from what an entry is, so that two workspaces that
    merge have each list once. A list that is there already is left alone.
    """
    there = {row[0] for row in change.connection.execute("select uid from code_lists")}
    new = [each for each in shipped().values() if derived_uid("code_lists", each.name, each.list_version) not in there]
    for each in new:
        name, version = each.name, each.list_version
        list_id = change.insert(
            "code_lists",
            uid=derived_uid("code_lists", name, version),
            name=name,
            version=version,
            title=each.title,
            source=each.source,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
        )
        change.insert_many(
            "codes",
            ("uid", "list_id", "key", "label", "broader", "outside_code", "position"),
            [
                (derived_uid("codes", name, version, c.key), list_id, c.key, c.label, c.broader, c.outside_code, at)
                for at, c in enumerate(each.codes)
            ],
        )
        if name == "theme":
            _load_themes(change, each)
    return len(new)


def _load_themes(change: Change, codebook: CodeList) -> None:
    there = {row[0] for row in change.connection.execute("select uid from themes")}
    rows = [(derived_uid("themes", c.key), c.key, c.label, c.broader) for c in codebook.codes]
    change.insert_many("themes", ("uid", "key", "label", "broader"), [row for row in rows if row[0] not in there])


def held(connection: Connection, name: str) -> tuple[int | None, list[Code]]:
    """Give the newest version of a list that the workspace holds, and its codes in order; (None, []) without one."""
    row = connection.execute(
        "select id, version from code_lists where name = ? and gone = 0 order by version desc, id limit 1", (name,)
    ).fetchone()
    if row is None:
        return None, []
    codes = connection.execute(
        "select key, label, broader, outside_code from codes where list_id = ? and gone = 0 order by position, id",
        (row[0],),
    )
    return int(row[1]), [Code(*code) for code in codes]
