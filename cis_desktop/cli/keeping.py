"""Commands that keep the record: create, backup, restore, rehearse, check, history, undo, selftest."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cis_desktop import backups, outside, whose, words
from cis_desktop.cli.answers import Answer, backed_up, command, opened, passphrase, without_kit
from cis_desktop.cli.selftest import selftest
from cis_desktop.records.founding import found
from cis_desktop.records.show import row_of
from cis_desktop.vault.tables import Connection
from cis_desktop.vault.undo import Kept
from cis_desktop.workspace import Workspace


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    added = command(commands, "create", create, "make a new workspace in DIR", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("--name", required=True, help="the group's name")
    added.add_argument("--person", default="The first person", help="whose passphrase this is")
    added.add_argument("--kit-file", metavar="FILE", help="write the recovery kit to this new file")

    added = command(commands, "backup", backup, "write a sealed, checked backup", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("--to", metavar="FILE", help="where to (default: DIR/backups)")

    added = command(commands, "restore", restore, "restore a backup into a new folder", passphrase=True)
    added.add_argument("file", metavar="FILE")
    added.add_argument("dir", metavar="DIR")

    added = command(commands, "check", check, "check that the whole vault is sound", passphrase=True)
    added.add_argument("dir", metavar="DIR")

    added = command(commands, "rehearse", rehearse, "restore a new backup for a trial and compare it", passphrase=True)
    added.add_argument("dir", metavar="DIR")

    added = command(commands, "history", history, "list what was changed, newest first", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("--record", metavar="REF", help="only changes to this record")
    added.add_argument("--limit", type=int, default=1000, help="at most this many (default 1000)")

    added = command(commands, "undo", undo, "undo a change, such as a whole import", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("change_set", metavar="CHANGE_SET")

    command(commands, "selftest", run_selftest, "try the main job in a temporary folder")


def create(given: argparse.Namespace) -> Answer:
    """Make a workspace."""
    kit = Path(given.kit_file) if given.kit_file else None
    with found(Path(given.dir), given.name, given.person, passphrase(given, twice=True), kit) as workspace:
        facts = {"workspace": str(workspace.folder), "device": workspace.device, "kit_file": given.kit_file}
        if kit:
            with workspace.change("Listed a file outside the record") as change:
                outside.note(change, kit, "kit")
        warnings = without_kit(workspace)
    said = f"Made the workspace of {given.name} in {given.dir}."
    if kit:
        said += f"\nThe recovery kit is in {kit}. Print it, keep it somewhere safe, then delete the file."
    return Answer(facts, said, warnings=warnings)


def backup(given: argparse.Namespace) -> Answer:
    """Write a backup, which has been opened and checked when this returns."""
    with opened(given) as workspace:
        path = workspace.back_up(Path(given.to)) if given.to else backups.keep(workspace).path
    size = words.file_size(path.stat().st_size)
    return Answer(
        {"file": str(path), "verified": True, "bytes": path.stat().st_size},
        f"Backed up to {path} ({size}). It was opened again and everything in it checked.",
    )


def restore(given: argparse.Namespace) -> Answer:
    """Restore a backup as a new device incarnation."""
    found: list[whose.Whose] = []

    def look(connection: Connection) -> None:
        found.append(whose.whose(connection))

    with Workspace.restore(Path(given.file), Path(given.dir), passphrase(given), look) as workspace:
        facts = {"workspace": str(workspace.folder), "device": workspace.device}
        said = f"Restored the workspace of {workspace.name} into {workspace.folder}."
        problems = tuple(workspace.problems())
    doubts = tuple(each.doubt for each in found if not each.known)
    return Answer({**facts, "known": not doubts, "problems": problems}, said, warnings=(*doubts, *problems))


def check(given: argparse.Namespace) -> Answer:
    """Check the vault; exit 1 if it is not sound."""
    with opened(given) as workspace:
        problems = workspace.problems()
    if not problems:
        return Answer({"problems": []}, "Everything is sound: every page, every record, all of the history.")
    said = "The vault is not sound. Copy the folder as it is, then restore the last good backup.\n- "
    return Answer({"problems": problems}, said + "\n- ".join(problems), code=1)


def rehearse(given: argparse.Namespace) -> Answer:
    """Restore a new backup into a temporary vault and compare; exit 1 if they differ."""
    with opened(given) as workspace:
        different = backups.rehearse(workspace)
    if not different:
        return Answer(
            {"different": []},
            "A new backup was restored for a trial. Every record and all of the history in it are as they are here.",
        )
    return Answer(
        {"different": different},
        "The restored backup is not the same as the record. Run `check`, then make a backup on another disk.\n- "
        + "\n- ".join(different),
        code=1,
    )


def history(given: argparse.Namespace) -> Answer:
    """List change sets, newest first."""
    with opened(given) as workspace:
        record = row_of(workspace.read, given.record) if given.record else None
        found_sets = workspace.change_sets(record, given.limit)
    lines = [
        f"{one.id:<14}  {one.at}  {one.who}: {one.words}" + (f" ({words.count(one.rows, 'row')})" if one.rows else "")
        for one in found_sets
    ]
    return Answer({"change_sets": found_sets}, "\n".join(lines) or "Nothing has been changed yet.")


def undo(given: argparse.Namespace) -> Answer:
    """Undo one change set by a new one."""
    with opened(given) as workspace:
        warnings = backed_up(workspace) if backups.is_whole(workspace.read, given.change_set) else ()
        undone = workspace.undo(given.change_set)
        kept = [named(workspace, one) for one in undone.kept]
    said = f"Undid {given.change_set}." if undone.change_set else "There was nothing left to undo."
    if kept:
        said += f" {words.count(len(kept), 'record')} left, since somebody has worked on them:\n- "
        said += "\n- ".join(f"{one['table']} {one['reference'] or one['row']}" for one in kept[:50])
    facts = {"change_set": undone.change_set, "undone": undone.undone, "kept": kept}
    return Answer(facts, said, warnings=warnings)


def named(workspace: Workspace, kept: Kept) -> dict[str, Any]:
    """Give a kept row with the reference people know it by, where it has one."""
    columns = workspace.vault.tables[kept.table].fields
    reference = None
    if "reference" in columns:
        (reference,) = workspace.read.execute(
            f"select reference from {kept.table} where id = ?", (kept.row,)
        ).fetchone()
    return {"table": kept.table, "row": kept.row, "reference": reference}


def run_selftest(given: argparse.Namespace) -> Answer:
    """Try the main job on made-up records."""
    passed = selftest() + (given.window() if given.window else [])
    return Answer({"passed": passed}, "\n".join(f"passed: {one}" for one in passed))
