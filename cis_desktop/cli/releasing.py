"""Commands for what leaves: agreement, figures, release, verify, audit, ledger."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cis_desktop import ledger, words
from cis_desktop.agreements import Held, accept, agreements, find, import_agreement, library
from cis_desktop.cli.answers import Answer, command, opened, without_kit
from cis_desktop.disclosure.tables import TOTAL, Key, Refusal, ReleasedCell, Shape
from cis_desktop.errors import CisError
from cis_desktop.figures.coarser import coarsened, read_coarser
from cis_desktop.vault.history import now

if TYPE_CHECKING:
    from cis_desktop.disclosure.seen import Span


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    added = command(commands, "agreement", agreement, "list, import or accept what is counted", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("act", choices=["list", "import", "accept"])
    added.add_argument("what", metavar="FILE|ID", nargs="?")
    added.add_argument("--by", metavar="NAME", help="who accepts it (default: whose passphrase this is)")
    added.add_argument("--new-key", action="store_true", help="import what the council did not sign as it did before")

    for name, run, said in (
        ("figures", show_figures, "show the figures that would be released, or --exact ones"),
        ("release", make_release, "release a period: sign it off and write the pack"),
    ):
        added = command(commands, name, run, said, passphrase=True)
        added.add_argument("dir", metavar="DIR")
        added.add_argument("--agreement", required=True, metavar="A")
        added.add_argument("--period", required=True, metavar="P", help="2018, 2018-Q1, 2018-03 or FIRST..LAST")
        add_coarser(added)
        if name == "figures":
            added.add_argument("--exact", action="store_true", help="the exact figures, for your own eyes")
            added.add_argument("--attack", action="store_true", help="what a reader of all reports could work out")
        else:
            added.add_argument("--out", required=True, metavar="FOLDER")
            added.add_argument("--sign-off", required=True, metavar="NAME")
            added.add_argument("--supersedes", metavar="PACK", help="the pack that this one corrects")
            added.add_argument("--words", metavar="FILE", help="your own words that go with it, as JSON")
            added.add_argument(
                "--keep", metavar="KEY", action="append", default=[],
                help="something found in those words that may stay; whoever signs off says so",
            )  # fmt: skip

    command(commands, "verify", verify_file, "check a pack's signature and figures").add_argument("file")
    command(commands, "audit", audit, "attack all packs in a folder together").add_argument("folder")

    added = command(commands, "ledger", show_ledger, "list everything that left this workspace", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("--record", metavar="REF", help="packs with figures that this record was counted in")
    added.add_argument("--mark", nargs=2, metavar=("PACK", "STATUS"), help="sent, received or never-left")


def add_coarser(to: argparse.ArgumentParser) -> None:
    """Let a command take figures in broader groups than agreed."""
    to.add_argument(
        "--coarser", action="append", default=[], metavar="BREAKDOWN=STEP",
        help="a step of the agreement's ladder, by its label or number, such as ward=1",
    )  # fmt: skip


def agreement(given: argparse.Namespace) -> Answer:
    """List, import or accept agreements."""
    with opened(given) as workspace:
        if given.act != "list" and not given.what:
            raise CisError("nothing_named", "Which one?", f"Say which: `agreement DIR {given.act} NAME`.")
        if given.act == "import":
            import_agreement(workspace, Path(given.what), new_key=given.new_key)
        elif given.act == "accept":
            accept(workspace, given.what, given.by or workspace.who)
        held = agreements(workspace.read)
    keys = {one.agreement.key for one in held}
    facts = [as_facts(one) for one in held]
    facts += [
        {
            "id": one.key,
            "title": one.title,
            "version": one.version,
            "accepted_by": None,
            "accepted_on": None,
            "doubts": [],
        }
        for one in library()
        if one.key not in keys
    ]
    lines = [
        f"{one['id']} (version {one['version']}): {one['title']} - "
        + (f"accepted by {one['accepted_by']} on {words.day(str(one['accepted_on']))}" if one["accepted_on"] else
           "not accepted yet")
        + "".join(f"\n  It would not be taken in today: {each}. It is used as it was agreed." for each in one["doubts"])
        for one in facts
    ]  # fmt: skip
    return Answer({"agreements": facts}, "\n".join(lines))


def as_facts(held: Held) -> dict[str, Any]:
    """Give an agreement as the JSON has it; `key` is the fingerprint of what it was signed with."""
    signature = held.agreement.terms.signature
    return {
        "id": held.agreement.key,
        "title": held.agreement.title,
        "version": held.agreement.version,
        "hash": held.agreement.hash.hex(),
        "signed_by": signature and signature.by,
        "key": signature and words.fingerprint(signature.public_key),
        "accepted_by": held.accepted_by,
        "accepted_on": held.accepted_on,
        "doubts": list(held.agreement.would_be_refused()),
    }


def show_figures(given: argparse.Namespace) -> Answer:
    """Show figures: exact ones for the group's own eyes, or what would be released, with why a cell is hidden."""
    from cis_desktop.figures import is_empty, period, tables

    with opened(given) as workspace:
        if given.exact:
            held = find(workspace.read, given.agreement)
            asked, taken = period(given.period), read_coarser(held.agreement, given.coarser)
            exact = tables(workspace.read, coarsened(held.agreement, taken), asked)
            if is_empty(exact):
                raise CisError(
                    "no_figures",
                    "There is nothing to count",
                    f"Nothing is written down for {asked.label} that “{held.agreement.title}” asks for. "
                    "Check the period, or enter the records first.",
                )
            found = [
                table_facts(t.shape, {k: {"count": c.count, "persons": c.persons, "households": c.households}
                                      for k, c in t.cells.items()})
                for t in exact
            ]  # fmt: skip
            return Answer({"tables": found, "exact": True}, in_words(found))
        from cis_desktop.packs.preview import could_know, preview

        asked_for = find(workspace.read, given.agreement).agreement
        taken = read_coarser(asked_for, given.coarser)
        shown = preview(workspace, asked_for, given.period, coarser=taken)
        spans = could_know(shown) if given.attack else {}
    if isinstance(shown.answer, Refusal):
        raise CisError(shown.answer.code, shown.answer.title, shown.answer.sentence)
    reasons = shown.answer.reasons
    found = [
        table_facts(
            t.shape,
            {k: released_facts(c, reasons.get(cid := t.shape.identity(k)), spans.get(cid)) for k, c in t.cells.items()},
        )
        for t in shown.answer.tables
    ]
    said = shown.to_know
    lines = [in_words(found), *(f"- {one}" for one in said)]
    return Answer({"tables": found, "exact": False, "statements": said}, "\n".join(lines))


def released_facts(cell: ReleasedCell, reason: str | None, span: Span | None = None) -> dict[str, Any]:
    """Give a released cell; the reason, and what a reader could work out, are for this screen and in no pack."""
    facts: dict[str, Any] = {
        "status": cell.status,
        "value": cell.value,
        "at_least": cell.at_least,
        "at_most": cell.at_most,
    }
    if reason:
        facts |= {"reason": reason}
    return facts | ({"worked_out": (span.least, span.most)} if span else {})


def table_facts(shape: Shape, cells: dict[Key, dict[str, Any]]) -> dict[str, Any]:
    """Give a table as the JSON has it: its labels, and its cells with the category of each dimension."""
    return {
        "id": shape.id,
        "title": shape.title,
        "measure": shape.measure,
        "unit": shape.unit,
        "how_counted": shape.how_counted,
        "area": shape.area,
        "period": shape.period,
        "dimensions": [d.id for d in shape.dimensions],
        "cells": [
            {"key": {d.id: c for d, c in zip(shape.dimensions, key, strict=True)}, "label": shape.label(key), **cell}
            for key, cell in cells.items()
        ],
    }


def in_words(found: list[dict[str, Any]]) -> str:
    """Write tables for people."""
    lines = []
    for table in found:
        lines.append(f"\n{table['title']}")
        for cell in table["cells"]:
            figure = cell.get("count", cell.get("value"))
            shown = words.amount(figure, table["unit"]) if figure is not None else "hidden"
            label = "Total" if all(c == TOTAL for c in cell["key"].values()) else cell["label"]
            reason = f"   ({cell['reason']})" if cell.get("reason") else ""
            reach = f"   {_reach(cell['worked_out'], table['unit']):>22}" if "worked_out" in cell else ""
            lines.append(f"  {label:<44} {shown:>12}{reach}{reason}")
    return "\n".join(lines).strip()


def _reach(span: tuple[int, int | None], unit: str) -> str:
    least, most = span
    low = words.amount(least, unit)
    return f"{low} or more" if most is None else low if most == least else f"{low} to {words.amount(most, unit)}"


def make_release(given: argparse.Namespace) -> Answer:
    """Release a period and say where each file is."""
    from cis_desktop.packs.observing import Kept, Texts, read_texts
    from cis_desktop.packs.release import release

    texts = read_texts(Path(given.words)) if given.words else Texts()
    kept = [Kept(key, given.sign_off, now()) for key in given.keep]
    with opened(given) as workspace:
        taken = read_coarser(find(workspace.read, given.agreement).agreement, given.coarser)
        done = release(
            workspace, given.agreement, given.period, Path(given.out), given.sign_off, given.supersedes,
            answers=texts.answers, changes=texts.changes, quotes=texts.quotes, kept=kept, coarser=taken,
        )  # fmt: skip
        warnings = without_kit(workspace)
    facts = {
        "pack": done.pack,
        "archive": str(done.archive),
        "workbook": str(done.workbook),
        "report": str(done.report),
        "email": str(done.email),
        "sha256": done.sha256,
        "tables": done.tables,
        "cells": done.counts["cells"],
        "hidden": done.counts["hidden"],
        "counts": done.counts,
        "audit": {"packs": len(done.audit.packs), "attacked": done.audit.attacked, "exposed": len(done.audit.exposed)},
        "statements": done.statements,
        "observations": done.observations,
    }
    told = len(done.audit.exposed)
    outcome = "nothing exposed" + (f" but {words.count(told, 'figure')} that earlier packs gave away" if told else "")
    said = (
        f"Released pack {done.pack}: {words.count(done.tables, 'table')}, "
        f"{words.count(done.counts['cells'], 'figure')}, {done.counts['hidden']} hidden.\n"
        f"Attacked with {words.count(len(done.audit.packs), 'pack')}: {outcome}.\n"
        f"  to send:   {done.workbook}\n             {done.report}\n"
        f"  email:     {done.email}\n  archive:   {done.archive}"
    )
    said += "".join(f"\n- {one}" for one in done.statements)
    return Answer(facts, said, warnings=warnings)


def verify_file(given: argparse.Namespace) -> Answer:
    """Check a pack archive or its workbook alone."""
    from cis_desktop.packs import verify

    found = verify(Path(given.file))
    facts = {
        "valid": found.valid,
        "signer": found.signer,
        "fingerprint": found.fingerprint,
        "follows": found.follows,
        "pack": found.pack,
        "group": found.group,
        "agreement": found.agreement,
        "period": found.period,
        "problems": found.problems,
    }
    if not found.valid:
        said = "This is not as it was signed. Do not use it; ask the group to send it again.\n- "
        return Answer(facts, said + "\n- ".join(found.problems), code=1)
    said = (
        f"Valid: “{found.agreement}”, {words.period(found.period)}, from {found.group}, unchanged since "
        f"{found.signed_off_by} signed it off.\n"
        f"Its key is {found.fingerprint}; compare it once with what the group tells you."
    ) + "".join(f"\nIt follows the key {earlier}, whose holder said so." for earlier in found.follows)
    return Answer(facts, said)


def audit(given: argparse.Namespace) -> Answer:
    """Attack every pack of a folder jointly, from the files alone."""
    from cis_desktop.packs.audit import attack
    from cis_desktop.packs.audit.account import in_plain_words

    done = attack([Path(given.folder)])
    facts = {
        "packs": len(done.packs),
        "groups": done.groups,
        "attacked": done.attacked,
        "exposed": done.exposed,
        "undecided": done.undecided,
        "remarks": done.remarks,
        "left_out": done.left_out,
    }
    return Answer(facts, "\n".join(in_plain_words(done)), code=1 if done.unsafe else 0)


def show_ledger(given: argparse.Namespace) -> Answer:
    """List what left, or note what became of a pack."""
    with opened(given) as workspace:
        if given.mark:
            ledger.mark(workspace, *given.mark)
        entries = ledger.releases(workspace.read)
        if given.record:
            from cis_desktop.packs.counted import packs_counting

            wanted = packs_counting(workspace.read, given.record)
            entries = [one for one in entries if one.pack in wanted]
    facts = [
        {
            "pack": one.pack,
            "agreement": one.agreement_title,
            "period": one.period,
            "recipient": one.recipient,
            "made_at": one.made_at,
            "signed_off_by": one.signed_off_by,
            "status": one.status,
            "supersedes": one.supersedes,
            "sha256": one.sha256,
            "counts": one.counts,
        }
        for one in entries
    ]
    lines = [
        f"{one.made_at[:10]}  {one.pack}  {one.agreement_title}, {words.period(one.period)}: {one.status}"
        + (f", to {one.recipient}" if one.recipient else "")
        for one in entries
    ]
    return Answer({"releases": facts}, "\n".join(lines) or "Nothing has left this workspace.")
