"""The installed app tries its main job on made-up records, so that a broken build says so itself."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from pathlib import Path

from cis_desktop.agreements import accept
from cis_desktop.errors import CisError
from cis_desktop.intake.commit import commit
from cis_desktop.intake.draft import draft
from cis_desktop.intake.guessing import guess
from cis_desktop.intake.reading import read, read_document
from cis_desktop.records import people
from cis_desktop.records.founding import found
from cis_desktop.records.search import search
from cis_desktop.vault.backup import VAULT_FILE
from cis_desktop.vault.database import steps
from cis_desktop.vault.store import Vault
from cis_desktop.workspace import Workspace

PEOPLE = 60
VISITS = 4
GROUP = "Self-test مركز বাংলা 中文"
"""Letters that are joined, stacked, or many: a report has to draw them."""


def selftest() -> list[str]:
    """Make and migrate a vault, import and read files, search, back up, restore, release a pack, verify and attack it.

    Gives what passed; raises CisError `selftest_failed` at the first thing that does not.
    """
    passed = []
    secret = secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory(prefix="cis-selftest-") as name:
        folder = Path(name)
        with found(folder / "workspace", GROUP, "Self-test", secret) as workspace:
            expect(workspace.problems() == [], "a new vault is sound")
            passed.append("a vault is made, and sound")
            migrated(folder)
            passed.append("a vault that an earlier version made is brought up to date")
            imported(workspace, folder)
            passed.append("a spreadsheet is read and imported")
            understood(folder)
            passed.append("a workbook, a PDF and a Word file are read")
            expect(len(search(workspace.read, "Selftest 7")) == 1, "a person is found")
            passed.append("a person is found by name")
            released(workspace, folder)
            passed.append("a pack is released, verified and attacked")
            backup = workspace.back_up()
        with Workspace.restore(backup, folder / "restored", secret) as restored:
            expect(restored.problems() == [], "a restored vault is sound")
        passed.append("a backup is written, checked and restored")
    return passed


def migrated(folder: Path) -> None:
    """Make a vault as it was two steps of its schema ago, write a person into it, and open it as it is made today."""
    key = secrets.token_bytes(32)
    earlier = folder / "earlier"
    earlier.mkdir()
    (folder / "older").mkdir()
    every = steps()
    for _, step in every[:-2]:
        shutil.copy(step, earlier)
    vault = Vault(folder / "older" / VAULT_FILE, key, "Self-test", earlier, new=True)
    with vault.change("Self-test", "Wrote a person") as change:
        person = people.add(change, given_name="Selftest", family_name="Older")
    (before,) = vault.read.execute("pragma user_version").fetchone()
    vault.close()
    with Workspace.open_raw(folder / "older", key, "Self-test") as workspace:
        (after,) = workspace.read.execute("pragma user_version").fetchone()
        expect((before, after) == (every[-3][0], every[-1][0]), "an older vault is brought up to date")
        expect(workspace.problems() == [], "an older vault is sound once it is brought up to date")
        expect(search(workspace.read, "Older")[0].id == person, "what was in an older vault is found")
        with workspace.change("Wrote to it") as change:
            people.edit(change, person, given_name="Changed")
        expect(search(workspace.read, "Changed") != [], "an older vault is written to")


def imported(workspace: Workspace, folder: Path) -> None:
    """Import a small list."""
    sheet = folder / "list.csv"
    rows = [
        f"{person},Selftest,{person},2025-0{month}-15,visit,food"
        for person in range(1, PEOPLE + 1)
        for month in range(1, VISITS + 1)
    ]
    sheet.write_text("Client number,First name,Family name,Date,Kind,Items\n" + "\n".join(rows) + "\n")
    read_ = read(sheet)
    drafted = draft(read_, guess(read_).mapping)
    result = commit(workspace, drafted)
    expect(result.imported == len(rows) and result.rejected == 0, "every row of a list is imported")


def understood(folder: Path) -> None:
    """Write and read one file of each kind that a library reads."""
    import docx
    import openpyxl
    from reportlab.pdfgen.canvas import Canvas

    book = openpyxl.Workbook()
    book.active.append(["Name", "Visits"])
    book.active.append(["Selftest", 4])
    book.save(folder / "list.xlsx")
    expect(read(folder / "list.xlsx").row(0) == ("Selftest", "4"), "a workbook is read")
    page = Canvas(str(folder / "letter.pdf"))
    page.drawString(72, 720, "Selftest 7")
    page.save()
    letter = docx.Document()
    letter.add_paragraph("Selftest 7")
    letter.save(str(folder / "letter.docx"))
    for name in ("letter.pdf", "letter.docx"):
        words = "".join(read_document(folder / name).words)
        expect("Selftest 7" in words, f"the words of {name} are read")


def released(workspace: Workspace, folder: Path) -> None:
    """Release a pack of the list, check it and attack it."""
    from cis_desktop.packs import verify
    from cis_desktop.packs.audit import attack
    from cis_desktop.packs.release import release

    accept(workspace, "food-support-quarterly-return", "Self-test")
    done = release(workspace, "food-support-quarterly-return", "2025-Q1", folder / "packs", "Self-test")
    expect(verify(done.archive).valid and verify(done.workbook).valid, "a pack is as it was signed")
    expect(attack([folder / "packs"]).exposed == (), "a pack gives nothing away")


def expect(good: bool, what: str) -> None:
    """Stop the self-test if something is not so."""
    if not good:
        raise CisError(
            "selftest_failed",
            "This copy of the app does not work",
            f"It should be that {what}, and it is not. No record of yours was touched. Install the app again.",
        )
