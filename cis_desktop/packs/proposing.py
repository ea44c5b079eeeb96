"""A proposal to the council: the agreement's next version, with coarser breakdowns or for longer periods."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from cis_desktop import words
from cis_desktop.agreements import Agreement, read
from cis_desktop.agreements.model import Table
from cis_desktop.errors import CisError
from cis_desktop.figures import period as read_period
from cis_desktop.figures.coarser import Coarser, coarsened, said
from cis_desktop.figures.periods import Period
from cis_desktop.saving import save
from cis_desktop.workspace import Workspace, setting

from .details import group_of

SUFFIX = ".cis-agreement"
_SHORTER = {"quarter": ("month",), "year": ("month", "quarter")}


def propose(
    workspace: Workspace, agreement: Agreement, period: str, coarser: Coarser, out: Path, today: date | None = None
) -> Path:
    """Write the agreement's next version, as this group proposes it, to the file `out`; nothing here changes.

    `coarser` says which rungs are taken; without any, all tables are for periods of the kind of `period`. Raises
    CisError when that is what is agreed already, the rules do not allow it, or the file cannot be written.
    """
    with workspace.reader() as connection:
        group = group_of(setting(connection, "workspace_name"))
    document = proposal(agreement, read_period(period), coarser, group, today or date.today())
    # Whatever was written by hand into the agreement, what is sent is a file that can be read.
    data = read(json.dumps(document).encode(), out.name).canonical
    target = out if out.name.endswith(SUFFIX) else out.with_name(f"{out.name}{SUFFIX}")
    try:
        save(target, json.dumps(json.loads(data), ensure_ascii=False, indent=2).encode() + b"\n")
    except OSError as trouble:
        raise CisError(
            "cannot_write",
            "The proposal could not be written",
            f"The folder did not take the file ({trouble.strerror or trouble}). Nothing was changed. Choose another "
            "folder.",
        ) from trouble
    return target


def proposal(agreement: Agreement, asked: Period, coarser: Coarser, group: str, day: date) -> dict[str, Any]:
    """Give the document of a proposal: unsigned, the next version, and in replacement of this one."""
    document: dict[str, Any] = json.loads(agreement.canonical)
    document.pop("signature", None)
    document["agreement_version"] = agreement.version + 1
    document["replaces"] = agreement.hash.hex()
    fewer = coarsened(agreement, coarser)
    if coarser:
        kept = {table.id: table for table in fewer.tables}
        document["tables"] = [_broken_down(each, kept[each["id"]]) for each in document["tables"] if each["id"] in kept]
        if "parameters" in document["disclosure"]:
            document["disclosure"]["parameters"] = msgspec.to_builtins(fewer.terms.disclosure.parameters)
        why = " ".join(said(agreement, coarser))
    else:
        shorter = ("any", *_SHORTER.get(asked.kind, ()))
        for each in document["tables"]:
            if asked.kind in _SHORTER and each.get("period", "any") in shorter:
                each["period"] = asked.kind
        why = f"All figures are for a {asked.kind}."
    if document["tables"] == json.loads(agreement.canonical)["tables"]:
        raise CisError(
            "nothing_to_propose",
            "That is agreed already",
            f"“{agreement.title}” asks for just these figures already, so there is nothing to propose. Nothing was "
            "written; choose a coarser step or a longer period.",
        )
    document["proposal"] = (
        f"Proposed by {group} on {words.day(day)}, and not agreed: version {agreement.version} holds until the council "
        f"sends its own version {agreement.version + 1}. As agreed now, many of the figures have to be hidden, because "
        f"few people are behind them. {why}"
    )
    return document


def _broken_down(written: dict[str, Any], table: Table) -> dict[str, Any]:
    """Give a table as it was written, with other breakdowns; what the app does not know of them stays."""
    by = {each.by: msgspec.to_builtins(each) for each in table.dimensions}
    dimensions = [
        {name: value for name, value in each.items() if name not in ("groups", "broad", "ladder")}
        | {name: value for name, value in by[each["by"]].items() if name in ("groups", "broad", "ladder")}
        for each in written.get("dimensions", ())
        if each["by"] in by
    ]
    return {**written, "dimensions": dimensions}
