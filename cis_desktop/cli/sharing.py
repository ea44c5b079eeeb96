"""Commands about sharing one record between laptops: sync, devices, conflicts."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cis_desktop import words
from cis_desktop.cli import judging
from cis_desktop.cli.answers import Answer, command, first_line, opened, passphrase, without_kit
from cis_desktop.errors import CisError
from cis_desktop.sync import attachments, conflicts, invitations, laptops
from cis_desktop.sync.exchange import exchange
from cis_desktop.sync.exchanged import hindered
from cis_desktop.sync.place import note_look
from cis_desktop.sync.standing import in_words, standing, waiting_for, waiting_for_files

ACTS = ["list", "invite", "join", "rename", "remove", "take-back", "held", "accept", "leave"]
"""What `devices` does."""


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    added = command(commands, "sync", sync, "exchange changes with the other laptops by files", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    way = added.add_mutually_exclusive_group(required=True)
    way.add_argument("--folder", metavar="FOLDER", help="a stick or a folder that all of them reach")
    way.add_argument("--mail", metavar="FOLDER", help="write what the others lack into this folder, as email drafts")
    way.add_argument(
        "--take", metavar="FILE", nargs="+", help="take in saved emails or attachments, or a folder of such"
    )

    added = command(commands, "devices", devices, "see and change which laptops share the record", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("act", choices=ACTS)
    added.add_argument("which", nargs="?", metavar="LAPTOP", help="its name or the first letters of its id")
    added.add_argument("--name", metavar="NAME", help="what the laptop is called")
    added.add_argument("--out", metavar="FILE", help="write the invitation to this new file")
    added.add_argument("--invite", metavar="FILE", help="the invitation that was written on the other laptop")
    added.add_argument("--code-file", metavar="FILE", help="the six words: written by `invite`, read by `join`")
    added.add_argument("--person", metavar="NAME", default="", help="who joins, for the history")
    added.add_argument("--up-to", metavar="N", type=int, help="accept or leave no change after this one")

    added = command(commands, "conflicts", choosing, "see and settle what two laptops wrote apart", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("act", choices=["list", "choose"])
    added.add_argument("id", nargs="?", metavar="ID")
    added.add_argument("value", nargs="?", metavar="VALUE", help="one of the values, its number, or `both`")


def sync(given: argparse.Namespace) -> Answer:
    """Exchange changes with the other laptops by a folder or by email."""
    with opened(given) as workspace:
        warnings = without_kit(workspace)
        if given.folder:
            done = exchange(workspace, Path(given.folder))
        elif given.mail:
            done = attachments.write_drafts(workspace, Path(given.mail))
        else:
            done = attachments.take(workspace, [Path(each) for each in given.take])
        note_look(workspace, done.sent, done.received)
        open_conflicts = conflicts.disagreements(workspace.read, workspace.vault.tables)
        waiting = waiting_for(workspace.read)
        stand = standing(workspace.read)
    facts = {
        "sent": done.sent, "received": done.received, "conflicts": len(open_conflicts), "waiting": waiting,
        "joined": [each.device for each in done.joined], "asked": done.asked, "refused": done.refused,
        "unread": [each.name for each in (*done.strange, *done.empty)], "half": [each.name for each in done.half],
        "unreadable": [one.path.name for one in done.unreadable],
        "missing": done.missing, "too_large": [each.device for each in done.too_large],
        "written": [str(each) for each in done.written], "devices": [asdict(each) for each in stand],
    }  # fmt: skip
    if done.asked and given.take:
        lines = ["The group’s record was not in these files. This laptop still waits for it."]
    elif done.asked:
        lines = ["This laptop has asked for the group’s record. Exchange on the other laptop, then here again."]
    else:
        lines = [f"Sent {words.count(done.sent, 'change')}, received {words.count(done.received, 'change')}."]
        lines += [f"{each.name} was taken in." for each in done.joined]
        lines += [in_words(each) for each in stand if not each.here]
    if given.mail:
        drafts = words.count(len(done.written), "email draft")
        lines.append(f"{drafts} in {given.mail}: open each in your mail program and send it to your other laptops.")
    lines += [
        f"The record is too large to reach {each.name} by email. Bring it on a stick once: `sync DIR --folder STICK`."
        for each in done.too_large
    ]
    if open_conflicts:
        many = words.count(len(open_conflicts), "value was", "values were")
        lines.append(f"{many} written on two laptops apart. `conflicts DIR list` shows them.")
    if done.half:
        lines.append(
            f"{words.count(len(done.half), 'file is', 'files are')} not whole yet: still being copied, or not "
            "downloaded to this computer. Next time they are looked at again."
        )
        lines += waiting_for_files(stand, done.half)
    lines += done.missing
    if done.strange:
        lines.append(
            f"{words.count(len(done.strange), 'file')} could not be read here: of another group, or not for this "
            "laptop. Next time they are looked at again."
        )
    if done.empty:
        lines.append(f"{words.count(len(done.empty), 'file has', 'files have')} nothing from a laptop in it.")
    if done.newer:
        lines.append(
            f"{words.count(len(done.newer), 'file')} there came from a newer version of the app and stay as they are. "
            "Update the app on this laptop, then exchange again."
        )
    lines += hindered(done)
    lines += waiting
    if done.refused:
        lines.append(
            f"{words.listed(done.refused)} came with other contents than before and were refused: a copy of that "
            "laptop’s folder was used. Open the copy once, so that it becomes a laptop of its own."
        )
    return Answer(facts, "\n".join(lines), warnings=warnings)


def devices(given: argparse.Namespace) -> Answer:
    """See and change which laptops share the record."""
    if given.act == "join":
        return join(given)
    with opened(given) as workspace:
        facts: dict[str, Any] = {}
        said = []
        warnings = without_kit(workspace) if given.act == "invite" else ()
        if given.act == "invite":
            said = invite(workspace, given, facts)
        elif given.act == "rename":
            laptops.rename(workspace, which(given), given.name or "")
        elif given.act == "take-back":
            laptops.take_back(workspace, which(given))
        elif given.act in ("held", "accept", "leave"):
            said = judging.judge(workspace, given.act, which(given), given.up_to, facts)
        elif given.act == "remove":
            gone = laptops.remove(workspace, which(given))
            facts["removed"] = gone.device
            said = [
                f"{gone.name} is taken away. Nothing is sealed to it from the next exchange on. What it has, it keeps: "
                "ask for it back, or have the record deleted there, and delete its folder among the shared files."
            ]
        stand = standing(workspace.read)
        due, locks = judging.due(workspace), judging.changed_locks(workspace)
        open_invitations = [asdict(each) for each in invitations.invited(workspace.read)]
    said += [f"{in_words(each)} ({each.device[:8]})" for each in stand]
    if not stand:
        said.append("No other laptop shares this record.")
    said += due
    facts |= {"devices": [asdict(each) for each in stand], "invitations": open_invitations, "due": due, "locks": locks}
    return Answer(facts, "\n".join(said), warnings=warnings)


def which(given: argparse.Namespace) -> str:
    """Give the laptop that was named. Raises CisError."""
    if not given.which:
        raise CisError("which_laptop", "Which laptop?", "Nothing was changed. Give its name as `list` shows it.")
    return str(given.which)


def invite(workspace: Any, given: argparse.Namespace, facts: dict[str, Any]) -> list[str]:
    """Write an invitation and its six words."""
    if not (given.name and given.out and given.code_file):
        raise CisError(
            "invite_what",
            "Say whom to invite, and where to write",
            "Nothing was written. Give --name NAME for the other laptop, --out FILE for the invitation and "
            "--code-file FILE for the six words that open it.",
        )
    code, out = Path(given.code_file), Path(given.out)
    if code.exists():
        raise CisError(
            "file_exists",
            "That file exists already",
            "The six words are never written over another file, so nothing was written. Choose a new file name.",
        )
    words_ = invitations.invite(workspace, given.name, out)
    with os.fdopen(os.open(code, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{words_}\n")
    facts |= {"invitation": str(out), "code_file": str(code)}
    return [
        f"The invitation is in {out.name}, its six words in {code.name}. Bring them to the other laptop by two ways: "
        f"the file by email or stick, the words by telephone. It can be used once, within {invitations.DAYS} days."
    ]


def join(given: argparse.Namespace) -> Answer:
    """Make the workspace of a laptop that was invited."""
    if not (given.invite and given.code_file):
        raise CisError(
            "join_what",
            "Give the invitation and its six words",
            "Nothing was made. Give --invite FILE and --code-file FILE, whose first line is the six words.",
        )
    found = invitations.read(Path(given.invite), first_line(Path(given.code_file)))
    person = given.person or os.environ.get("USER") or "Somebody"
    with invitations.join(Path(given.dir), found, person, passphrase(given, twice=True)) as workspace:
        facts = {"workspace": str(workspace.folder), "device": workspace.device, "group": workspace.name}
    return Answer(
        facts,
        f"Made a place for the record of {found.group_name}. Now exchange: `sync {given.dir} --folder FOLDER` "
        f"here, then on {found.device_name}, then here again.",
    )


def choosing(given: argparse.Namespace) -> Answer:
    """See and settle what two laptops wrote apart."""
    with opened(given) as workspace:
        facts: dict[str, Any] = {}
        if given.act == "choose":
            if not (given.id and given.value):
                raise CisError(
                    "choose_what",
                    "Say which, and what it shall be",
                    "Nothing was changed. Give the id that `list` shows, and one of its values or its number.",
                )
            facts["chosen"] = conflicts.choose(workspace, given.id, given.value).id
        found = conflicts.disagreements(workspace.read, workspace.vault.tables)
    facts["conflicts"] = [
        {
            "id": each.id, "record": each.about, "field": each.what,
            "values": [
                {"value": s.words, "who": s.who, "at": s.at, "device": s.laptop, "more": s.more} for s in each.sides
            ],
            "both": each.both or None,
        }
        for each in found
    ]  # fmt: skip
    lines = ["Nothing waits for a choice."] if not found else []
    for each in found:
        lines.append(f"{each.id}: {each.about}, {each.what}")
        for number, side in enumerate(each.sides, 1):
            shown = " (shown until somebody chooses)" if number == 1 else ""
            lines.append(f"  {number}. {side.words}: {side.who} on {side.laptop}, {words.when(side.at)}{shown}")
            lines += [f"     ({side.more})"] if side.more else []
        lines += [f"  {conflicts.BOTH}: {each.both}"] if each.both else []
    return Answer(facts, "\n".join(lines))
