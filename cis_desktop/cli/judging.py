"""What a laptop that was taken away leaves to do and to judge, and where an erasure was applied: erasures."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from cis_desktop import words
from cis_desktop.cli.answers import Answer, command, opened
from cis_desktop.concern_readers import only_away
from cis_desktop.sync import held
from cis_desktop.sync.laptops import Laptop, find, laptops
from cis_desktop.sync.receipts import OUT_OF_REACH, Answered, erasures, lock_due, locks
from cis_desktop.workspace import Workspace

LOCK = (
    "{} was taken away: change the lock on this laptop (`rekey DIR`), and have whoever typed a passphrase on it change "
    "theirs (`keys DIR change`)."
)

NOBODY_READS = (
    "Whoever read safeguarding concerns did so on a laptop that was taken away, and nobody reads a new one: name the "
    "lead again (`concern DIR lead NAME`)."
)


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    added = command(commands, "erasures", erased, "say on which laptops each erasure was applied", passphrase=True)
    added.add_argument("dir", metavar="DIR")


def erased(given: argparse.Namespace) -> Answer:
    """Say on which laptops each erasure was applied."""
    with opened(given) as workspace:
        found = erasures(workspace.read)
        shared = bool(laptops(workspace.read))
    facts = [
        {"change_set": each.change_set, "who": each.who, "at": each.at, **answered(each.applied)} for each in found
    ]
    lines = []
    for each in found:
        said = each.applied.in_words("Applied") if shared else "Applied on this laptop, the only one."
        lines.append(f"{each.change_set}: erased by {each.who}, {words.when(each.at)}. {said}")
    lines.append(OUT_OF_REACH if found else "Nobody was ever erased.")
    return Answer({"erasures": facts, "out_of_reach": OUT_OF_REACH}, "\n".join(lines))


def answered(one: Answered) -> dict[str, Any]:
    """Give where an erasure was applied as JSON."""
    return {
        "applied": [{**named(laptop), "at": at} for laptop, at in one.done],
        "not_heard_from": [named(each) for each in one.missing],
        "taken_away": [named(each) for each in one.away],
    }


def named(one: Laptop) -> dict[str, str]:
    """Give a laptop as JSON."""
    return {"device": one.device, "name": one.name}


def judge(workspace: Workspace, act: str, which: str, up_to: int | None, facts: dict[str, Any]) -> list[str]:
    """Show what a laptop wrote after it was taken away, accept it or leave it."""
    if act == "held":
        found = held.held_back(workspace.read, find(workspace.read, which, removed=True))
        facts["held"] = [asdict(each) for each in found]
        return [line for each in found for line in in_words(each)] or ["Nothing of it waits to be judged."]
    done = (held.accept if act == "accept" else held.leave)(workspace, which, up_to)
    facts["accepted" if act == "accept" else "left"] = done
    many = words.count(done, "change")
    if act == "accept":
        return [f"{many} accepted. The other laptops hear of it at the next exchange."]
    return [f"{many} left out, on every laptop. They count if it is taken back in."]


def in_words(one: held.HeldBack) -> list[str]:
    """Write one change set that waits for a person."""
    by = f"{one.who}: " if one.who else ""
    head = f"{one.number}. {words.when(one.at)}, {by}{one.words}"
    if not one.readable:
        return [f"{head} (by a newer version of the app: update this one to see what it is)"]
    return [head, *(f"     {line}" for line in one.lines)]


def due(workspace: Workspace) -> list[str]:
    """Say what is to be done on this laptop since others were taken away."""
    said = [LOCK.format(each.name) for each in lock_due(workspace.read)]
    return [*said, NOBODY_READS] if only_away(workspace.read) else said


def changed_locks(workspace: Workspace) -> list[dict[str, Any]]:
    """Give, for each laptop that was taken away, which laptops have changed their lock since."""
    found = [(each, locks(workspace.read, each.device)) for each in laptops(workspace.read) if each.removed]
    return [
        {
            "removed": each.device, "name": each.name,
            "changed": [{**named(laptop), "at": at} for laptop, at in done.done],
            "not_yet": [named(laptop) for laptop in done.missing],
        }
        for each, done in found
    ]  # fmt: skip
