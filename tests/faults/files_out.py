"""Files outside the record that somebody asked for, and what becomes of them where the disk fails meanwhile."""

from __future__ import annotations

import hashlib
from argparse import Namespace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyrage

from cis_desktop import incarnation, ledger
from cis_desktop.cli import opening
from cis_desktop.intake import originals, reading, rejects
from cis_desktop.intake.draft import Draft, draft
from cis_desktop.intake.guessing import guess
from cis_desktop.packs import role
from cis_desktop.packs.verifying import verify
from cis_desktop.vault import slots
from cis_desktop.workspace import Workspace

OLDER = b"Row,Reason\nwhat was saved there before\n"
LIST = "Client number,First name,Date\n" + "".join(
    f"{n},Name{n},{'long ago' if n % 3 == 0 else '2018-03-01'}\n" for n in range(1, 900)
)


HALF = "half"
"""What may be there where an act was cut off: a kit that opens nothing yet, a pack in the ledger without its files."""


def out(workspace: Workspace, name: str = "") -> Path:
    """Give where a file goes."""
    return workspace.folder.parent / "out" / name


@cache
def drafted() -> Draft:
    """Read a list of which every third row is sent back."""
    with TemporaryDirectory() as name:
        path = Path(name) / "list.csv"
        path.write_text(LIST, encoding="utf-8")
        sheet = reading.read(path)
    return draft(sheet, guess(sheet).mapping)


def lay_rejects(place: Path) -> None:
    """Put an older file where the rejected rows go."""
    assert len(drafted().rejects) == 299
    (place / "out").mkdir()
    (place / "out" / "rejects.csv").write_bytes(OLDER)


def save_rejects(workspace: Workspace) -> None:
    """Write the rows sent back over those of an earlier list."""
    rejects.save_rejects(drafted(), out(workspace, "rejects.csv"))


def lay_original(workspace: Workspace) -> None:
    """Keep an original in the record."""
    path = out(workspace, "list.csv")
    path.parent.mkdir()
    path.write_text(LIST, encoding="utf-8")
    originals.keep(workspace, path, hashlib.sha256(path.read_bytes()).hexdigest())
    path.write_bytes(OLDER)


def save_original(workspace: Workspace) -> None:
    """Write an original that is kept in the record over an older file."""
    originals.save_out(workspace, 1, out(workspace, "list.csv"))


def file_out(workspace: Workspace) -> str:
    """Say which file is there."""
    there = [path.read_bytes() for path in (workspace.folder.parent / "out").glob("*.csv")]
    return "older" if there == [OLDER] else hashlib.sha256(b"".join(there)).hexdigest()


def make_kit(workspace: Workspace) -> None:
    """Write another recovery kit to a new file, as the command does."""
    opening.kit(workspace, Namespace(kit_file=str(out(workspace, "kit.txt"))))


def kit_out(workspace: Workspace) -> str:
    """Say whether the kit that was made opens the record; once there is a way in for it, it must."""
    said = kit_at(out(workspace, "kit.txt"), workspace)
    made = sum(slot.kind == "recovery" for slot in slots.current(workspace.read)) == 2
    return "a way in and no kit to it" if made and said != "a kit" else said


def kit_at(path: Path, workspace: Workspace | None = None) -> str:
    """Say whether the kit in a file opens a record."""
    if not path.exists():
        return "no kit"
    words = path.read_text(encoding="utf-8").split()
    try:
        found = pyrage.x25519.Identity.from_str(words[-1] if words else "")
    except pyrage.IdentityError:
        return HALF
    ways = {slot.recipient for slot in slots.current(workspace.read)} if workspace else set()
    return "a kit" if str(found.to_public()) in ways else HALF


def lay_release(workspace: Workspace) -> None:
    """Let each copy of the place be the laptop that makes the packs, and not a copy of it."""
    role.take(workspace)
    with workspace.change("Forgot where this was opened") as change:
        change.connection.execute("delete from local_notes where name = ?", (incarnation.NOTE,))


def pack_out(workspace: Workspace) -> str:
    """Say what there is of a pack: each file that can be seen is whole, and in the ledger."""
    there = [path for path in out(workspace).glob("*") if not path.name.startswith(".")]
    broken = [path.name for path in there if path.suffix in (".xlsx", ".zip") and not verify(path).valid]
    if broken:
        return f"not whole: {broken}"
    if not ledger.releases(workspace.read):
        return "in no ledger" if there else "no pack"
    return "a pack" if len(there) == 4 and all(path.stat().st_size for path in there) else HALF
