"""A group with a record of its own, whose files the fuzz gives to every reader; and how to see that nothing changed."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from random import Random

import pyrage

from cis_desktop import agreements, concerns, volunteers
from cis_desktop.errors import CisError
from cis_desktop.intake import reading
from cis_desktop.packs import build
from cis_desktop.packs.sheets import HEAD, read_sheets, sheet_hash
from cis_desktop.packs.signing import Signer, sha256
from cis_desktop.paths import resources
from cis_desktop.strict_json import canonical
from cis_desktop.sync import invitations
from cis_desktop.vault import forgotten, keys
from cis_desktop.vault.backup import SEALED_FILE, SLOTS_FILE, VAULT_FILE, outer_slots, write_tar
from cis_desktop.workspace import Workspace
from tests.core.intake.files import VISITS, write
from tests.core.packs.examples import details, released, shape, summed

from .invited import Invited
from .mutating import ODD, changed, zipped
from .odd_records import odd_record
from .stolen import Stolen

ANN = "correct horse battery staple"
STRANGER = Signer(bytes(range(7, 39)))
"""Whoever sends a hostile file signs it with a key of their own."""


class Group:
    """An open record, a closed copy of it, a backup, and a small file of every kind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kit = folder / "kit.txt"
        self.workspace = Workspace.create(folder / "open", "Larder", "Ann", ANN, kit, passes=1)
        self.identity = kit.read_text().split()[-1]
        with self.workspace.change("Wrote things down") as change:
            for name in ("Zehra", "Yusuf"):
                change.insert("people", reference=change.next_reference("P"), given_name=name)
            change.insert("contacts", person_id=1, on_date="2026-11-02", note="came early")
            volunteers.add(change, "Vera", "2580")
        agreements.accept(self.workspace, "small-group-return", "Ann")
        concerns.appoint(self.workspace, self.workspace.slot, "lead")
        concerns.write(self.workspace, "a worry", "somebody")
        self.backup = self.workspace.back_up(folder / "whole.cis-backup").read_bytes()
        self.workspace.erase("Erased a person", [("people", 2)])
        forgotten.write(self.workspace.read, folder)
        self.erased = (folder / forgotten.FILE_NAME).read_bytes()
        (folder / forgotten.FILE_NAME).unlink()
        self.key = self.workspace.vault.key
        self.closed = folder / "closed"
        Workspace.restore(folder / "whole.cis-backup", self.closed, self.identity).close()
        self.sheet = reading.read(write(folder / "list.csv", VISITS))
        self.pack = build(
            released(summed(shape("people", "People helped"), {(): 123})), details(narrative=()), STRANGER
        )

    @cached_property
    def stolen(self) -> Stolen:
        """Give a laptop that shares a record with a stolen one."""
        return Stolen(self.empty("stolen"))

    @cached_property
    def invited(self) -> Invited:
        """Give a laptop that waits for the group's record."""
        return Invited(self.empty("invited"))

    @cached_property
    def invitation(self) -> tuple[bytes, str]:
        """Give an invitation and its six words."""
        path = self.folder / "first.cis-invite"
        code = invitations.invite(self.stolen.host, "Back", path)
        return path.read_bytes(), code

    def close(self) -> None:
        """Close the open record."""
        self.workspace.close()
        if "stolen" in self.__dict__:
            self.stolen.close()

    def state(self) -> str:
        """Give a hash of the open record as it lies on the disk."""
        files = (self.workspace.folder / name for name in (VAULT_FILE, f"{VAULT_FILE}-wal", keys.FILE_NAME))
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

    def copy(self, name: str, raw: bytes) -> Path:
        """Give a copy of the closed record in which one file is another."""
        folder = self.empty("copy")
        for path in self.closed.glob("vault.*"):
            shutil.copyfile(path, folder / path.name)
        (folder / name).write_bytes(raw)
        return folder

    def empty(self, name: str) -> Path:
        """Give an empty folder in place of the one of that name."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def file(self, name: str, raw: bytes) -> Path:
        """Write a file that is given to a reader."""
        path = self.folder / name
        path.write_bytes(raw)
        return path


# ---- What a stranger can sign or seal ----------------------------------------------------------------------


def signed_zip(raw: bytes, chance: Random) -> bytes:
    """Change files of a pack or a briefing, list them as they are then, and sign the list."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist()]
    at = chance.randrange(len(members))
    info, data = members[at]
    fresh = signed_book(data, chance) if info.filename.endswith(".xlsx") else changed(data, chance)
    members[at] = (info, fresh)
    for place, (info, data) in enumerate(members):
        if info.filename == "manifest.json":
            files = {i.filename: {"sha256": sha256(d), "bytes": len(d)} for i, d in members if i is not info}
            members[place] = (info, signed_json(data, files, chance.random() < 0.9))
    return zipped(members)


def signed_json(raw: bytes, files: dict[str, object], also_files: bool) -> bytes:
    """Sign a manifest anew, whatever it says."""
    try:
        said = json.loads(raw)
        said = {**said, "files": files} if also_files else said
        said["sender"] = {**said["sender"], "public_key": STRANGER.public}
        said.pop("signature", None)
        return canonical({**said, "signature": STRANGER.sign(canonical(said))}) + b"\n"
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return raw


def signed_book(raw: bytes, chance: Random) -> bytes:
    """Change cells of a pack's workbook, and sign what it then says."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(raw))
    for _ in range(chance.choice((1, 1, 4))):
        sheet = chance.choice(book.worksheets)
        rows = list(sheet.iter_rows())
        cell, odd = chance.choice(chance.choice(rows)), chance.choice(ODD)
        with suppress(ValueError, TypeError):
            cell.value = str(odd)[:3000].translate(dict.fromkeys(range(32))).encode("utf-8", "ignore").decode() or None
            cell.data_type = "s" if cell.value else "n"
    out = io.BytesIO()
    book.save(out)
    try:
        sheets = read_sheets(out.getvalue(), "a.xlsx")
        rows_of = book["Signature"]
        said = {str(row[0].value): row for row in rows_of.iter_rows(min_row=HEAD + 2)}
        for name, values in sheets.items():
            if row := said.get(f"sheet:{name}"):
                row[1].value = sheet_hash(values if name != "Signature" else values[:HEAD])
        said["public_key"][1].value = STRANGER.public
        plain = {name: str(row[1].value or "") for name, row in said.items() if name != "signature"}
        said["signature"][1].value = STRANGER.sign(canonical(plain))
    except (KeyError, ValueError, TypeError, CisError):
        # It is so odd that even a stranger cannot sign it.
        return out.getvalue()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def signed_agreement(raw: bytes, chance: Random) -> bytes:
    """Change an agreement and sign it."""
    fresh = changed(raw, chance)
    try:
        said = json.loads(fresh)
        said.pop("signature", None)
        signature = STRANGER.sign(b"cis-agreement 1\n" + canonical(said))
        return canonical({**said, "signature": {"by": "X", "public_key": STRANGER.public, "signature": signature}})
    except (ValueError, TypeError, AttributeError, RecursionError):
        return fresh


def sealed_backup(group: Group, change: Callable[[Group, Path, Random], None], chance: Random) -> bytes:
    """Make a backup of a record that a stranger changed, sealed to the recipients that lie in the open."""
    folder = group.copy(keys.FILE_NAME, (group.closed / keys.FILE_NAME).read_bytes())
    change(group, folder, chance)
    file = keys.read_keys(group.closed)
    inner, outer = io.BytesIO(), io.BytesIO()
    write_tar(inner, {VAULT_FILE: folder / VAULT_FILE, keys.FILE_NAME: folder / keys.FILE_NAME})
    raw = changed(inner.getvalue(), chance) if chance.random() < 0.2 else inner.getvalue()
    to = [pyrage.x25519.Recipient.from_str(slot.recipient) for slot in file.slots]
    (folder / SEALED_FILE).write_bytes(pyrage.encrypt(raw, to))
    (folder / SLOTS_FILE).write_bytes(outer_slots(file))
    write_tar(outer, {SLOTS_FILE: folder / SLOTS_FILE, SEALED_FILE: folder / SEALED_FILE})
    return outer.getvalue()


def other_keys(_: Group, folder: Path, chance: Random) -> None:
    """Change the list of slots inside a seal."""
    path = folder / keys.FILE_NAME
    path.write_bytes(changed(path.read_bytes(), chance))


def other_record(group: Group, folder: Path, chance: Random) -> None:
    """Write into a vault, past all of its rules, what should not be there."""
    odd_record(folder / VAULT_FILE, group.key, chance)


def other_invitation(group: Group, raw: bytes, chance: Random) -> bytes:
    """Change an invitation inside its seal, or the file."""
    if chance.random() < 0.4:
        return changed(raw, chance)
    code = group.invitation[1]
    made: bytes = pyrage.passphrase.encrypt(changed(pyrage.passphrase.decrypt(raw, code), chance), code)
    return made


def starter() -> bytes:
    """Give an agreement that comes with the app."""
    return (resources() / "agreements" / "small-group-return.cis-agreement").read_bytes()
