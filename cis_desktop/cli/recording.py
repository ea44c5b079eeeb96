"""Commands for records: import, search, show, erase."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from cis_desktop import words
from cis_desktop.cli.answers import Answer, backed_up, command, in_lines, opened, without_kit
from cis_desktop.errors import CisError
from cis_desktop.intake import commit as committing
from cis_desktop.intake import remembering
from cis_desktop.intake.draft import Draft, draft
from cis_desktop.intake.guessing import Guess, Question, guess
from cis_desktop.intake.mapping import Mapping, load, save
from cis_desktop.intake.reading import Sheet, read
from cis_desktop.intake.rejects import save_rejects
from cis_desktop.packs.counted import packs_quoting
from cis_desktop.records.erasing import rows_of
from cis_desktop.records.search import search
from cis_desktop.records.show import row_of, show
from cis_desktop.vault.tables import Connection

TO_DO = (
    "Safeguarding concerns are sealed and cannot be searched: ask the safeguarding lead or the deputy whether one is "
    "about this person. Make a new backup, and delete the old ones."
)
"""What an erasure leaves to be done by people."""


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    added = command(commands, "import", bring_in, "import a spreadsheet, every row accounted for", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("file", metavar="FILE")
    added.add_argument("--sheet", metavar="NAME", help="which sheet of the workbook")
    added.add_argument("--mapping", metavar="M", help="how its columns are read: a saved mapping file")
    added.add_argument("--save-mapping", metavar="M", help="save how its columns were read")
    added.add_argument("--dates", choices=["us", "uk", "iso"], help="the order of its dates, if it cannot be told")
    added.add_argument("--ages-on", metavar="DAY", help="the day on which its ages were right, such as 2019-01-31")
    added.add_argument("--numbering", metavar="WORD", help="whose numbers its people have: `ours`, or a word for them")
    added.add_argument("--twice", action="store_true", help="import visits too that are here already, word for word")
    added.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    added.add_argument("--rejects", metavar="OUT.csv", help="write the rows sent back, each with its reason")

    added = command(commands, "search", find, "find records by what is written in them", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("words", metavar="WORDS", nargs="+")
    added.add_argument("--limit", type=int, default=20)

    added = command(commands, "show", show_record, "show one whole record", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("reference", metavar="REF")

    added = command(commands, "erase", erase, "erase a person, and all that is about them, for good", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("reference", metavar="REF")


def bring_in(given: argparse.Namespace) -> Answer:
    """Import a list as one change set, or say what would happen."""
    with opened(given) as workspace:
        sheet = read(Path(given.file), given.sheet)
        guessed = answered(_read_as(workspace.read, sheet, given), given)
        drafted = _drafted(sheet, guessed.mapping)
        if given.save_mapping:
            save(guessed.mapping, Path(given.save_mapping))
        if given.rejects:
            save_rejects(drafted, Path(given.rejects))
        warnings = backed_up(workspace) if drafted.accepted and not given.dry_run else ()
        result = None if given.dry_run else committing.commit(workspace, drafted, twice=given.twice)
        warnings += without_kit(workspace) if result else ()
    facts = {
        "rows": drafted.rows,
        "imported": 0 if result is None else result.imported,
        "would_import": drafted.accepted,
        "already": 0 if result is None else result.already,
        "rejected": len(drafted.rejects),
        "change_set": result.change_set if result else None,
        "mapping": guessed.mapping,
        "evidence": [*sheet.notes, *guessed.evidence],
        "notes": drafted.notes if result is None else result.notes,
        "reasons": reasons(drafted),
    }
    new = [note for note in result.notes if note not in drafted.notes] if result else []
    said = "\n".join([in_words(drafted, guessed, result), *(f"- {note}" for note in new)])
    return Answer(facts, said, warnings=warnings)


def _read_as(connection: Connection, sheet: Sheet, given: argparse.Namespace) -> Guess:
    """Read a list as the mapping that was given says, else as it was the last time, else as it looks."""
    if given.mapping:
        return Guess(load(Path(given.mapping)), ("read as the mapping says",), ())
    before, guessed = remembering.remembered(connection, sheet), guess(sheet)
    if before is None:
        return guessed
    found = remembering.again(before, guessed, sheet)
    return replace(found, evidence=("read as it was the last time", *found.evidence))


def _drafted(sheet: Sheet, mapping: Mapping) -> Draft:
    try:
        return draft(sheet, mapping)
    except CisError as error:
        if error.code != "needs_answer":
            raise
        how = "Say it with --dates or --ages-on, or in the mapping (date_order, reference_date)."
        raise CisError(error.code, error.title, f"{error.sentence} {how}") from error


def answered(guessed: Guess, given: argparse.Namespace) -> Guess:
    """Fill in what only a person can answer, or say which option answers it."""
    mapping = guessed.mapping
    if given.dates:
        mapping = msgspec.structs.replace(mapping, date_order=given.dates)
    if given.numbering:
        mapping = msgspec.structs.replace(mapping, numbering=given.numbering)
    if given.ages_on:
        try:
            mapping = msgspec.structs.replace(mapping, reference_date=date.fromisoformat(given.ages_on))
        except ValueError as error:
            raise CisError(
                "not_a_day", "That is not a day", "Write --ages-on as year-month-day, such as 2019-01-31."
            ) from error
    options = {"date_order": ("--dates us or --dates uk", given.dates), "reference_date": ("--ages-on", given.ages_on)}
    open_: list[Question] = [one for one in guessed.needs_answer if not options[one.field][1]]
    if open_:
        asked = " ".join(f"{one.words} Say it with {options[one.field][0]}." for one in open_)
        raise CisError("needs_answer", "One thing must be said first", f"Nothing was imported yet. {asked}")
    return replace(guessed, mapping=mapping)


def reasons(drafted: Draft) -> dict[str, int]:
    """Count the rejected rows by reason."""
    counted: dict[str, int] = {}
    for one in drafted.rejects:
        counted[one.reason] = counted.get(one.reason, 0) + 1
    return dict(sorted(counted.items(), key=lambda item: -item[1]))


def in_words(drafted: Draft, guessed: Guess, result: committing.ImportResult | None) -> str:
    """Say how a list was read and what became of its rows."""
    lines = [f"“{drafted.file}”: {words.count(drafted.rows, 'row')}."]
    lines += [f"- {one}" for one in guessed.evidence]
    lines += [f"- {column.header}: {column.target}" for column in guessed.mapping.columns]
    if result is None:
        lines.append(f"{words.number(drafted.accepted)} would be imported; nothing was changed.")
    else:
        lines.append(f"{words.number(result.imported)} imported as change {result.change_set}; undo it with `undo`.")
    lines.append(f"{words.number(len(drafted.rejects))} sent back.")
    lines += [f"- {words.count(count, 'time')}: {reason}" for reason, count in list(reasons(drafted).items())[:20]]
    return "\n".join(lines)


def find(given: argparse.Namespace) -> Answer:
    """Search the records."""
    with opened(given) as workspace:
        hits = search(workspace.read, " ".join(given.words), given.limit)
    facts = [{"kind": h.kind, "reference": h.reference, "label": h.label, "detail": h.detail} for h in hits]
    lines = [f"{h.reference:<10}  {h.label}  {h.detail}" for h in hits]
    return Answer({"results": facts}, "\n".join(lines) or "Nothing was found with these words.")


def show_record(given: argparse.Namespace) -> Answer:
    """Show one record with what belongs to it."""
    with opened(given) as workspace:
        record = show(workspace.read, given.reference)
    return Answer({"record": record}, in_lines(record))


def erase(given: argparse.Namespace) -> Answer:
    """Erase a person or household with everything whose path leads to them."""
    with opened(given) as workspace:
        table, row = row_of(workspace.read, given.reference)
        going, home = rows_of(workspace.read, table, row)
        quoted = packs_quoting(workspace.read, going)
        change = workspace.erase("Erased a record", going)
    rows = {name: count for name, count in change.erased_rows.items() if count}
    at_home = f"the address and notes of the household {home}, in which others live, " if home else ""
    receipt = {
        "reference": given.reference.upper(),
        "change_set": change.id,
        "rows": rows,
        "reaches": "the records, the search index, what was half written and the whole history on this computer",
        "does_not_reach": f"{at_home}backups made until now, packs already sent, other laptops until they next "
        "exchange (`erasures DIR` says which have), and safeguarding concerns",
        "to_do": TO_DO,
        "packs_with_words": [{"pack": one.pack, "recipient": one.recipient, "made_at": one.made_at} for one in quoted],
    }
    counts = ", ".join(f"{count} in {name}" for name, count in rows.items())
    said = (
        f"Erased {receipt['reference']}: {counts}.\nGone from {receipt['reaches']}.\n"
        f"Not reached: {receipt['does_not_reach']}.\n{TO_DO}"
    )
    for one in quoted:
        said += f"\n{one.named}, made on {words.day(one.made_at)}, has words about it. "
        said += f"Ask {one.recipient or 'its reader'} to delete them, and make a report that replaces it."
    return Answer({"erased": sum(rows.values()), "receipt": receipt}, said)
