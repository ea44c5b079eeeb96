"""A group with people who read safeguarding concerns and one who does not, for the tests of the core and the window."""

from __future__ import annotations

from pathlib import Path

from cis_desktop import concerns, ways_in
from cis_desktop.workspace import Workspace

ANN, BO, CY, NEW = (
    "correct horse battery staple", "purple lantern gravel teapot", "seven quiet otters knitting",
    "window barrel thirteen mossy",
)  # fmt: skip
"""The passphrases of three people, and one that nobody has yet."""


def make_group(folder: Path, kit: Path | None = None) -> Path:
    """Make the record of Ann (who leads), Bo (the deputy) and Cy (a volunteer), and a kit of Ann's if asked."""
    with Workspace.create(folder, "Larder", "Ann", ANN, kit, passes=1) as workspace:
        bo = ways_in.add_person(workspace, "Bo", BO, passes=1)
        ways_in.add_person(workspace, "Cy", CY, passes=1)
        concerns.appoint(workspace, workspace.slot, "lead")
        concerns.appoint(workspace, bo.id, "deputy")
    return folder
