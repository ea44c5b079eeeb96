"""The command about which laptop makes the packs: role."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cis_desktop import words
from cis_desktop.cli.answers import Answer, command, opened
from cis_desktop.errors import CisError
from cis_desktop.packs import role
from cis_desktop.words import fingerprint
from cis_desktop.workspace import Workspace

SAID = {
    "nobody": "No pack was made yet. The laptop that makes the first one goes on making them.",
    "here": "This laptop makes the packs.",
    "elsewhere": "Another laptop makes the packs.",
    "copied": "This record was restored or copied. Before a pack is made here, those made meanwhile have to be "
    "read back (`role DIR take --packs FOLDER`), or somebody has to say that there were none (`--none-later`).",
    "away": "The laptop that made the packs was taken away. Before a pack is made here, those it made later have to be "
    "read back (`role DIR take --packs FOLDER`), or somebody has to say that there were none (`--none-later`).",
    "disputed": "Several laptops make packs. Read back what the others made, and take the role on one of them.",
}


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    added = command(commands, "role", holding, "say which laptop makes the packs, and change it", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("act", choices=["show", "ask", "hand-over", "take"])
    added.add_argument("device", nargs="?", metavar="DEVICE", help="the laptop to hand over to: its name or id")
    known = added.add_mutually_exclusive_group()
    known.add_argument("--packs", metavar="FOLDER", help="packs that were made meanwhile, to read back first")
    known.add_argument("--none-later", action="store_true", help="no pack was made meanwhile")


def holding(given: argparse.Namespace) -> Answer:
    """Show who holds the role, ask for it, hand it over or take it."""
    with opened(given) as workspace:
        done: dict[str, Any] = {}
        if given.act == "ask":
            role.ask(workspace)
        elif given.act == "hand-over":
            role.hand_over(workspace, given.device or "")
        elif given.act == "take":
            done = taken(workspace, given)
        found = role.role(workspace.read)
        apart = role.made_apart(workspace.read)
    standing = "away" if found.away else found.standing
    facts = {
        "standing": standing,
        "made_apart": apart,
        "holder": [described(one) for one in found.heads],
        "asked": [described(one) for one in found.asked],
        **done,
    }
    lines = [SAID[standing], *(f"- {one.laptop} since {words.day(one.at[:10])}, key {fingerprint(one.public_key)}"
                                     for one in found.heads)]  # fmt: skip
    if given.act == "take" and given.packs:
        read = len(done["read_back"])
        lines.append(f"Read back into the ledger: {words.count(read, 'pack')}." if read else
                     "Those packs are all in the ledger already.")  # fmt: skip
    lines += [f"- {one.laptop} has asked for it: `role DIR hand-over {one.device[:8]}`" for one in found.asked]
    lines += [
        f"Packs {one} and {other} were made on two laptops, neither knowing of the other: `audit FOLDER` with both."
        for one, other in apart
    ]
    return Answer(facts, "\n".join(lines))


def taken(workspace: Workspace, given: argparse.Namespace) -> dict[str, Any]:
    """Take the role, once it is known what was released meanwhile; packs that are given are read back in any case."""
    known = given.packs or given.none_later or role.role(workspace.read).standing in ("nobody", "here")
    if not known:
        raise CisError(
            "packs_not_known",
            "Say first which packs were made meanwhile",
            "A pack that is not in this ledger could give figures away together with a new one. Nothing was changed. "
            "Give --packs FOLDER with the packs made meanwhile, or --none-later if there were none.",
        )
    from cis_desktop.packs.readback import read_back

    read = read_back(workspace, [Path(given.packs)]) if given.packs else ()
    role.take(workspace)
    return {"read_back": [one.pack for one in read]}


def described(one: role.Statement) -> dict[str, str]:
    """Give a statement as the JSON has it."""
    return {"device": one.device, "laptop": one.laptop, "since": one.at, "fingerprint": fingerprint(one.public_key)}
