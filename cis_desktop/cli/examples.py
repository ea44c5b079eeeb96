"""The example group: a workspace of invented people, its packs, and a council's briefing."""

from __future__ import annotations

import argparse
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cis_desktop import words
from cis_desktop.agreements import accept
from cis_desktop.cli.answers import Answer, command, passphrase
from cis_desktop.errors import CisError
from cis_desktop.workspace import Workspace

AGREEMENT = "food-support-quarterly-return"
QUARTERS = 4
PERSON = "Example Volunteer"


def add_commands(commands: Any) -> None:
    """Add this room's commands."""
    added = command(commands, "demo", demo, "make an example workspace, its packs and a briefing", passphrase=True)
    added.add_argument("dir", metavar="DIR")
    added.add_argument("--people", type=int, default=500, help="how many people (default 500)")
    added.add_argument("--seed", type=int, default=1, help="another number makes another group (default 1)")


def demo(given: argparse.Namespace) -> Answer:
    """Make DIR/workspace, DIR/packs and DIR/briefing."""
    from cis_desktop.demo import GROUP_NAME, populate, write_briefing
    from cis_desktop.packs.release import release

    if not 1 <= given.people <= 1_000_000:
        raise CisError(
            "not_a_group", "That is not a group", "Give --people a number from 1 to 1,000,000. Nothing was made."
        )
    folder = Path(given.dir)
    secret = passphrase(given) if given.passphrase_file else secrets.token_urlsafe(12)
    packs = []
    refused = []
    with Workspace.create(folder / "workspace", GROUP_NAME, PERSON, secret) as workspace:
        written = populate(workspace, given.people, given.seed)
        accept(workspace, AGREEMENT, PERSON)
        for quarter in past_quarters(date.today(), QUARTERS):
            try:
                packs.append(release(workspace, AGREEMENT, quarter, folder / "packs", PERSON))
            except CisError as error:
                # A group too small for its agreement learns that here, and is not given an unsafe pack.
                refused.append(f"{quarter}: {error.sentence}")
    briefing = write_briefing(folder / "briefing", given.seed)
    facts = {
        "workspace": str(folder / "workspace"),
        "packs": [
            {"pack": one.pack, "workbook": str(one.workbook), "archive": str(one.archive), "counts": one.counts}
            for one in packs
        ],
        "refused": refused,
        "briefing": [str(path) for path in briefing],
        "figures": {
            "people": written.people,
            "households": written.households,
            "contacts": written.contacts,
            "cases": written.cases,
            "sessions": written.sessions,
            "observations": written.observations,
        },
    } | ({} if given.passphrase_file else {"passphrase": secret})
    lines = [
        f"{GROUP_NAME} is ready: {words.count(written.people, 'person', 'people')}, "
        f"{words.count(written.contacts, 'visit')}, {words.count(written.observations, 'observation')}, all invented.",
        "",
        f"The workspace:  {folder / 'workspace'}",
        f"Its passphrase: {secret if not given.passphrase_file else 'the one you gave'}",
        "",
        "What the council gets, a quarter each. Open a workbook and look for [c], a hidden figure:",
        *[f"  {one.workbook}   ({one.counts['hidden']} of {one.counts['cells']} figures hidden)" for one in packs],
        *[f"  not released, {one}" for one in refused],
        "",
        "What the council sent back:",
        *[f"  {path}" for path in briefing],
        "",
        f"Check what cannot be seen:  cis-desktop verify {packs[-1].workbook if packs else 'FILE'}",
        f"Attack all packs together:  cis-desktop audit {folder / 'packs'}",
        f"Open the window:            cis-desktop gui {folder / 'workspace'}",
    ]
    return Answer(facts, "\n".join(lines))


def past_quarters(today: date, count: int) -> list[str]:
    """Give the last `count` whole quarters before today, oldest first, as `2018-Q1`."""
    found = []
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    for _ in range(count):
        last = first - timedelta(days=1)
        first = date(last.year, (last.month - 1) // 3 * 3 + 1, 1)
        found.append(f"{first.year}-Q{(first.month + 2) // 3}")
    return found[::-1]
