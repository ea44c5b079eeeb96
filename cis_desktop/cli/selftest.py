"""The installed app tries its main job on made-up records, so that a broken build says so itself."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

from cis_desktop.agreements import accept
from cis_desktop.errors import CisError
from cis_desktop.intake.commit import commit
from cis_desktop.intake.draft import draft
from cis_desktop.intake.guessing import guess
from cis_desktop.intake.reading import read, read_document
from cis_desktop.records.founding import found
from cis_desktop.records.search import search
from cis_desktop.workspace import Workspace

PEOPLE = 60
VISITS = 4


def selftest() -> list[str]:
    """Make and migrate a vault, import and read files, search, back up, restore, release a pack, verify and attack it.

    Gives what passed; raises CisError `selftest_failed` at the first thing that does not.
    """
    passed = []
    secret = secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory(prefix="cis-selftest-") as name:
        folder = Path(name)
        with found(folder / "workspace", "Self-test", "Self-test", secret) as workspace:
            expect(workspace.problems() == [], "a new vault is sound")
            passed.append("a vault is made, migrated and sound")
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
