"""Commands for what comes in from a council: briefing, areas."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cis_desktop import words
from cis_desktop.cli.answers import Answer, command, opened
from cis_desktop.errors import CisError

UNMATCHED_SHOWN = 20


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    added = command(commands, "briefing", briefing, "take in, list or show what a council sent", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("act", choices=["import", "list", "show"])
    added.add_argument("what", metavar="FILE|ID", nargs="*")
    added.add_argument("--from", dest="sender", default="", metavar="NAME", help="who sent the files")
    added.add_argument("--title", default="", help="what to call it")
    added.add_argument("--new-key", action="store_true", help="accept a key that this sender did not sign with before")

    added = command(commands, "areas", areas, "take in or list wards, boundaries and postcodes", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("act", choices=["import", "list"])
    added.add_argument("what", metavar="FILE", nargs="*")


def briefing(given: argparse.Namespace) -> Answer:
    """Take in, list or show briefings."""
    from cis_desktop.briefings import reading

    with opened(given) as workspace:
        if given.act == "import":
            return take_in(workspace, given)
        if given.act == "show":
            return show(reading.briefing(workspace.read, number_of(given.what)))
        found = reading.briefings(workspace.read)
    lines = [
        f"{one.id:>4}  {words.day(one.received_on):<11}  {one.title} - from {one.sender}, "
        f"{words.count(one.files, 'file')}, {words.count(one.figures, 'figure')}"
        for one in found
    ]
    return Answer({"briefings": found}, "\n".join(lines) or "Nothing has come in from a council yet.")


def take_in(workspace: Any, given: argparse.Namespace) -> Answer:
    """Take in the files of a council as one change."""
    from cis_desktop.briefings import reading
    from cis_desktop.briefings.incoming import import_briefing

    done = import_briefing(
        workspace, named(given.what), sender=given.sender, title=given.title, new_key=given.new_key
    )  # fmt: skip
    made = [one for one in reading.briefings(workspace.read) if one.id in done.briefings]
    said = [
        f"Took in {words.count(done.files, 'file')} with {words.count(done.figures, 'figure')} by area as change "
        f"{done.change_set}; undo it with `undo`."
        if done.change_set
        else "Everything in it was here already."
    ]
    said += [f"- {one.id}: {one.title}, from {one.sender}" for one in made]
    said += [f"- {how}" for how in done.read]
    for area in done.areas:
        said += places(area)
    if done.unmatched:
        said.append(
            f"{words.count(len(done.unmatched), 'area')} match no area that is known here (take in a boundary file): "
            f"{shortened(done.unmatched)}."
        )
    if done.older:
        said.append(f"Known here under another code, so most likely of another year: {shortened(done.older)}.")
    said += [f"- {note}" for note in done.notes]
    facts = {
        "briefings": made,
        "change_set": done.change_set,
        "files": done.files,
        "figures": done.figures,
        "indicators": done.indicators,
        "areas": done.areas,
        "unmatched": done.unmatched,
        "older": done.older,
        "read": done.read,
        "notes": done.notes,
    }
    return Answer(facts, "\n".join(said))


def places(one: Any) -> list[str]:
    """Say what was new in one area file."""
    return [
        f"{one.file} ({one.is_a}, {one.vintage or 'no year'}): {words.count(one.areas, 'new area')}, "
        f"{words.count(one.outlines, 'boundary', 'boundaries')}, {words.count(one.postcodes, 'postcode')}",
        *(f"- {note}" for note in one.notes),
    ]


def shortened(names: Sequence[str]) -> str:
    """Name the first of many, and count the rest."""
    more = len(names) - UNMATCHED_SHOWN
    return ", ".join(names[:UNMATCHED_SHOWN]) + (f" and {more} more" if more > 0 else "")


def show(found: Any) -> Answer:
    """Show a whole briefing."""
    summary = found.summary
    lines = [f"{summary.title} - from {summary.sender}, {words.day(summary.received_on)}"]
    if found.fingerprint:
        lines.append(f"Signed; the fingerprint of the key is {found.fingerprint}")
    for heading, text in (
        ("What they heard", found.said.heard),
        ("What they decided", found.said.decided),
        ("What they did not do, and why", found.said.not_done),
        ("What they ask", found.said.questions),
    ):
        lines += ["", heading, text] if text else []
    lines += ["", "Files"] + [f"- {one.name} ({one.kind}, {words.file_size(one.size)})" for one in found.files]
    for series in found.series:
        about = ", ".join(filter(None, (series.measure, series.unit, series.period)))
        lines += ["", series.indicator + (f" ({about})" if about else "")]
        lines += [series.description] if series.description else []
        lines += [
            f"  {one.area_name or one.area_code}: {one.status.replace('_', ' ') if one.value is None else one.value}"
            for one in series.figures
        ]
    # Figures are text here, as the council wrote them: 20.90 is not 20.9.
    return Answer({"briefing": found}, "\n".join(lines))


def areas(given: argparse.Namespace) -> Answer:
    """Take in area files, or list what areas are known."""
    from cis_desktop.briefings.area_files import import_areas
    from cis_desktop.geography import held

    with opened(given) as workspace:
        done = import_areas(workspace, named(given.what)) if given.act == "import" else None
        known = held(workspace.read)
    lines = []
    facts: dict[str, Any] = {"areas": known, "vintages": sorted({one.vintage for one in known if one.vintage})}
    if done:
        facts |= {"change_set": done.change_set, "files": done.files}
        for one in done.files:
            lines += places(one)
        lines.append("")
    lines += [
        f"{one.kind} {one.vintage}: {words.number(one.count)}"
        + (" districts" if one.kind == "postcode" else f", {words.number(one.mapped)} with a boundary")
        for one in known
    ]
    return Answer(facts, "\n".join(lines) or "No areas are known yet. Take in a file of ward boundaries.")


def named(what: list[str]) -> list[Path]:
    """Give the files that were named, or refuse where none was."""
    if not what:
        raise CisError("nothing_named", "Which file?", "No file was named, so nothing was imported. Name one or more.")
    return [Path(one) for one in what]


def number_of(what: list[str]) -> int:
    """Give the number of the one briefing that was named."""
    if len(what) != 1 or not what[0].isdecimal() or len(what[0]) > 12:
        raise CisError(
            "nothing_named", "Which briefing?", "Give the number of one briefing, as `briefing DIR list` shows it."
        )
    return int(what[0])
