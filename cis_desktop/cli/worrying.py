"""Commands about safeguarding: concern."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cis_desktop import concern_asking, concerns, ways_in
from cis_desktop.cli.answers import Answer, command, opened
from cis_desktop.concern_readers import Asking, Kit, asking, kits
from cis_desktop.concerns import Concern
from cis_desktop.errors import CisError
from cis_desktop.words import day, listed, same, shortened
from cis_desktop.workspace import Workspace


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    added = command(
        commands, "concern", concern, "write a safeguarding concern, or read them as the lead", passphrase=True
    )
    added.add_argument("dir", metavar="DIR")
    added.add_argument("act", choices=["add", "list", "show", "decide", "lead", "deputy", "kit", "ask"])
    added.add_argument(
        "which",
        nargs="?",
        metavar="REF",
        help="a concern such as K-7HQ4M; a name with lead and deputy; the id of a kit",
    )
    added.add_argument("--words-file", metavar="FILE", help="what to write, from a file (- is standard input)")
    added.add_argument("--about", default="", metavar="WHO", help="who the concern is about")
    added.add_argument("--not-for", action="append", default=[], metavar="NAME", help="a reader who must not see it")


def concern(given: argparse.Namespace) -> Answer:
    """Write a concern, or read and decide as one of those who may."""
    with opened(given) as workspace:
        concerns.renew(workspace)
        answer: Answer = ACTS[given.act](workspace, given)
        waiting = [] if given.act == "add" else [waits(kit) for kit in concerns.kits_to_agree(workspace)]
        if given.act != "add" and concerns.may_read(workspace):
            waiting += [asks(each) for each in asking(workspace.read)]
    return Answer(answer.facts, answer.words, warnings=(*answer.warnings, *waiting))


def add(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """Write a concern, which the writer cannot read back."""
    reference = concerns.write(workspace, some_words(given), given.about, given.not_for)
    return Answer(
        {"concern": reference},
        f"Written as {reference}. {who_will_read(given.not_for)} You cannot read it back here unless you are one of "
        "them. Is somebody in danger now? Ring 999.",
    )


def show_all(workspace: Workspace, _: argparse.Namespace) -> Answer:
    """List the concerns that can be read under this passphrase."""
    found = concerns.listed(workspace)
    readers = [{"name": each.name, "role": each.role} for each in concerns.readers(workspace.read)]
    lines = [
        f"{each.reference}  {day(each.note.at)}  {each.note.by}: {shortened(each.note.words)} "
        f"({len(each.decisions)} decided)"
        for each in found
    ]
    nobody = "Only the safeguarding lead and the deputy can read them, each under their own passphrase."
    none = "None." if concerns.may_read(workspace) else nobody
    return Answer({"concerns": [as_facts(each) for each in found], "readers": readers}, "\n".join(lines) or none)


def show(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """Show one concern with the decisions on it."""
    found = find(workspace, given)
    return Answer({"concern": as_facts(found)}, concerns.as_text(found))


def decide(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """Write down what was decided on a concern, and why."""
    found = find(workspace, given)
    concerns.decide(workspace, found.id, some_words(given))
    return Answer({"concern": as_facts(find(workspace, given))}, f"The decision on {found.reference} is written down.")


def appoint(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """Name the lead or the deputy: somebody with a passphrase of their own here."""
    name = str(given.which or "")
    people = [way for way in ways_in.listed(workspace) if way.kind == "person" and same(way.name, name)]
    asked = [each for each in asking(workspace.read) if is_meant(each, name)]
    if len(asked) > 1 and not people:
        raise CisError(
            "several_ask",
            "Which one?",
            f"Several people called “{name}” ask to read concerns, so nobody was let in. Ask by telephone who it is, "
            f"then say with the laptop: {listed([f'“{each.name} on {each.laptop}”' for each in asked], 'or')}.",
        )
    if asked and not people:
        concern_asking.let(workspace, asked[0].id, given.act)
    else:
        concerns.appoint(workspace, people[0].id if people else "", given.act)
    readers = [{"name": each.name, "role": each.role} for each in concerns.readers(workspace.read)]
    name = (people or asked)[0].name
    agreed = [kit for kit in kits(workspace.read) if kit.opens_for((name,))]
    kit = f" So does whoever holds {listed([which_kit(each) for each in agreed])}." if agreed else ""
    return Answer({"readers": readers}, f"{name} reads the safeguarding concerns now, as {given.act}.{kit}")


def is_meant(one: Asking, name: str) -> bool:
    """Say whether somebody who asks is meant by a name, or by a name and the laptop."""
    return same(one.name, name) or same(f"{one.name} on {one.laptop}", name)


def ask(workspace: Workspace, _: argparse.Namespace) -> Answer:
    """Ask to read concerns on this laptop."""
    concern_asking.ask(workspace)
    return Answer(
        {"asked": workspace.who},
        f"{workspace.who} asks to read safeguarding concerns on this laptop. Exchange; then whoever reads them agrees, "
        f"on a laptop where they do: `concern DIR deputy {workspace.who}`.",
    )


def asks(one: Asking) -> str:
    """Say who asks to read concerns."""
    return (
        f"{one.name} asks to read concerns on {one.laptop}. Make sure by telephone that it is them; to let them: "
        f"`concern DIR deputy {one.name}`."
    )


def agree(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """Let a recovery kit open what the reader at the keys may read."""
    there = [kit for kit in concerns.kits_to_agree(workspace) if given.which in (None, kit.id)]
    agreed = concerns.agree_to_kits(workspace, [kit.id for kit in there])
    opened_now = f"It can be opened now with {listed([which_kit(each) for each in there])}: what you may read."
    return Answer({"kits": agreed}, opened_now if agreed else "There is no recovery kit to agree to.")


def which_kit(kit: Kit) -> str:
    """Write which recovery kit it is."""
    by = f"{kit.made_by} made" if kit.made_by else "was made"
    return f"the recovery kit that {by} on {day(kit.made_at)}"


def waits(kit: Kit) -> str:
    """Say what a kit cannot open until the reader at the keys agrees."""
    what = f"no concern that is kept from {listed(kit.agreed)}" if kit.agreed else "no concerns yet"
    return f"{which_kit(kit).capitalize()} opens {what}. To let it: `concern DIR kit {kit.id}`."


def who_will_read(not_for: Sequence[str]) -> str:
    """Say who reads a concern, without the names of those it is kept from."""
    if not_for:
        return "Only those who read safeguarding concerns can read it, but for whoever it is kept from."
    return "Only the safeguarding lead and the deputy can read it."


ACTS = {
    "add": add,
    "list": show_all,
    "show": show,
    "decide": decide,
    "lead": appoint,
    "deputy": appoint,
    "kit": agree,
    "ask": ask,
}


def find(workspace: Workspace, given: argparse.Namespace) -> Concern:
    """Give the concern that is asked for. Raises CisError `not_found`, also for one that is not for this person."""
    for each in concerns.listed(workspace):
        if each.reference == str(given.which or "").upper():
            return each
    raise CisError(
        "not_found",
        "There is no such concern to read",
        "No concern of that number can be read under this passphrase. Nothing was changed.",
    )


def some_words(given: argparse.Namespace) -> str:
    """Give what is to be written, from a file or standard input: an argument would stay in the shell's history."""
    if given.words_file == "-":
        return sys.stdin.read(concerns.LONGEST + 1)
    if not given.words_file:
        raise CisError(
            "no_words", "Write what it is about", "Give --words-file FILE, or - for standard input. Nothing was saved."
        )
    try:
        with Path(given.words_file).open(encoding="utf-8-sig") as file:
            return file.read(concerns.LONGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise CisError(
            "no_words", "The file cannot be read", "No words could be read from it, so nothing was saved."
        ) from error


def as_facts(found: Concern) -> dict[str, Any]:
    """Give a concern as JSON."""
    return {
        "reference": found.reference,
        "written_at": found.note.at,
        "by": found.note.by,
        "about": found.note.about,
        "not_for": found.note.not_for,
        "words": found.note.words,
        "decisions": [{"at": each.at, "by": each.by, "words": each.words} for each in found.decisions],
    }
