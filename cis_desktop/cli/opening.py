"""Commands about who can open the record: keys, rekey."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from cis_desktop import outside, ways_in
from cis_desktop.cli.answers import Answer, backed_up, command, new_passphrase, opened
from cis_desktop.errors import CisError
from cis_desktop.vault import keys
from cis_desktop.vault.slots import WayIn
from cis_desktop.words import day
from cis_desktop.workspace import Workspace, write_kit

KINDS = {"person": "passphrase", "recovery": "recovery kit", "computer": "this computer by itself"}

NOBODY_READS = (
    "Nobody reads safeguarding concerns now, and none can be written. Name somebody: `concern DIR lead NAME`."
)


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    added = command(commands, "keys", ways, "see and change who can open the record", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("act", choices=["list", "add", "change", "remove", "recover", "kit"])
    added.add_argument("which", nargs="?", metavar="WHO", help="a name, or the id that `list` shows")
    added.add_argument("--new-passphrase-file", metavar="FILE", help="a file whose first line is the new passphrase")
    added.add_argument("--kit-file", metavar="FILE", help="write the new recovery kit to this new file")
    added.add_argument(
        "--anyway", action="store_true", help="remove also whoever is the only one to read safeguarding concerns"
    )
    added.add_argument("--gone", action="store_true", help="list also who can no longer open it")

    added = command(commands, "rekey", rekey, "change the lock: put the record under a new key", passphrase=True)
    added.add_argument("dir", metavar="DIR")


def ways(given: argparse.Namespace) -> Answer:
    """See and change who can open the record."""
    with opened(given) as workspace:
        answer: Answer = ACTS[given.act](workspace, given)
        slots = msgspec.to_builtins(ways_in.listed(workspace, given.gone))
    return Answer({"slots": slots, **answer.facts}, answer.words, warnings=answer.warnings)


def show(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """List who can open it."""
    return Answer({}, "\n".join(line(way) for way in ways_in.listed(workspace, given.gone)))


def add(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """Give somebody a passphrase of their own."""
    way = ways_in.add_person(workspace, who(given), new_passphrase(given))
    return Answer({"slot": way.id}, f"{way.name} can open the record with a passphrase of their own now.")


def change(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """Change the passphrase that the record was opened with; anybody else's is not changed by it."""
    if given.which and find(workspace, given.which).id != workspace.slot:
        raise CisError(
            "not_yours",
            "That is not your passphrase",
            f"The record was opened by {workspace.who}, and only {workspace.who}’s passphrase is changed by that. "
            f"Nothing was changed. Open it with the passphrase of {given.which}, or with the recovery kit.",
        )
    ways_in.change_passphrase(workspace, workspace.slot, given.typed, new_passphrase(given))
    return Answer({"slot": workspace.slot}, f"The passphrase of {workspace.who} is changed.")


def remove(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """Take a way in away, and change the key of the vault."""
    way = find(workspace, who(given))
    unread = ways_in.only_reader(workspace, way.id)
    if unread and not given.anyway:
        raise CisError(
            "only_reader",
            f"Nobody but {way.name} reads safeguarding concerns",
            f"Nobody but {way.name} reads safeguarding concerns, so nothing was changed. Let them name another first, "
            "under their own passphrase: `concern DIR lead NAME`. Are they gone already? Whoever holds the recovery "
            "kit can do that with it. To take them away all the same, give --anyway: the concerns there are can then "
            "be read with the kit alone.",
        )
    warnings = backed_up(workspace)
    ways_in.remove(workspace, way.id)
    return Answer(
        {"removed": way.id},
        f"{way.name} cannot open the record any more, and its lock is changed.",
        warnings=(
            *warnings,
            "Backups made before still open with what they had. Make a new backup, and delete the old ones.",
            *([NOBODY_READS] if unread else []),
        ),
    )


def recover(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """Turn the recovery kit the record was opened with into a new passphrase and a new kit."""
    if ways_in.slot_of(workspace, workspace.slot).kind != "recovery":
        # Or whoever has a passphrase could take another's place, and be written to as the one who reads concerns.
        raise CisError(
            "not_the_kit",
            "That takes the recovery kit",
            "Only the key from the recovery kit puts a new passphrase in the place of a forgotten one. Nothing was "
            "changed. Open the record with that key in place of your passphrase.",
        )
    with written_kit(workspace, given) as (file, identity):
        warnings = backed_up(workspace)
        made = ways_in.recover(workspace, who(given), new_passphrase(given), identity)
    return Answer(
        {"slot": made.person.id, "kit_file": str(file)},
        f"{made.person.name} has a new passphrase, and the old kit opens nothing any more. The new one is in {file}: "
        "print it, keep it somewhere safe, then delete the file.",
        warnings=warnings,
    )


def kit(workspace: Workspace, given: argparse.Namespace) -> Answer:
    """Add a recovery kit."""
    with written_kit(workspace, given) as (file, identity):
        ways_in.add_recovery(workspace, identity)
    return Answer(
        {"kit_file": str(file)},
        f"The recovery kit is in {file}. Print it, keep it somewhere safe, then delete the file. Backups made before "
        "do not open with it.",
    )


@contextmanager
def written_kit(workspace: Workspace, given: argparse.Namespace) -> Iterator[tuple[Path, str]]:
    """Write a new identity where a kit was asked for, before it opens anything; gone again if what is inside fails."""
    file, identity = kit_file(given), keys.new_identity()
    write_kit(file, identity)
    try:
        yield file, identity
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    with workspace.change("Listed a file outside the record") as change:
        outside.note(change, file, "kit")


ACTS = {"list": show, "add": add, "change": change, "remove": remove, "recover": recover, "kit": kit}


def rekey(given: argparse.Namespace) -> Answer:
    """Put the record under a new key; every way in stays."""
    with opened(given) as workspace:
        warnings = backed_up(workspace)
        ways_in.change_lock(workspace)
    return Answer(
        {"rekeyed": True},
        "The lock is changed. Everybody's passphrase and the recovery kit open it as before; old copies of the file "
        "vault.keys do not.",
        warnings=warnings,
    )


def line(way: WayIn) -> str:
    """Write a way in as one line."""
    gone = f", removed {day(way.gone_at)} by {way.gone_by}" if way.gone_at else ""
    by = f" by {way.added_by}" if way.added_by else ""
    return f"{way.id}  {way.name or 'no name'}: {KINDS.get(way.kind, way.kind)}, since {day(way.added_at)}{by}{gone}"


def find(workspace: Workspace, which: str) -> WayIn:
    """Find a way in by its name or id. Raises CisError `no_way_in` where there is none, or more than one."""
    found = [way for way in ways_in.listed(workspace) if way.id == which or way.name.casefold() == which.casefold()]
    if len(found) == 1:
        return found[0]
    several = f"More than one way in is called {which}" if found else f"Nobody called {which} can open the record"
    raise CisError("no_way_in", "Which one?", f"{several}. Nothing was changed. Give the id that `keys list` shows.")


def who(given: argparse.Namespace) -> str:
    """Give the name that must be there."""
    if given.which:
        return str(given.which)
    raise CisError(
        "no_name", "A name is needed", f"Say whose passphrase it is: `keys DIR {given.act} NAME`. Nothing was changed."
    )


def kit_file(given: argparse.Namespace) -> Path:
    """Give the file that a kit goes into."""
    if not given.kit_file:
        raise CisError(
            "no_kit_file",
            "Where should the kit go?",
            "Give --kit-file FILE, a new file to print the kit from. Nothing was changed.",
        )
    file = Path(given.kit_file)
    if file.exists():
        raise CisError(
            "file_exists",
            "That file exists already",
            "The recovery key is never written over another file, so nothing was changed. Choose a new file name.",
        )
    return file
