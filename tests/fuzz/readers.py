"""Every reader of something that comes from outside: a small sample of what it reads, and the door a person uses."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import platformdirs

from cis_desktop import agreements, cli, concerns, health, kit, volunteers
from cis_desktop.briefings import looking
from cis_desktop.briefings.area_files import import_areas
from cis_desktop.briefings.incoming import take_in
from cis_desktop.cli.answers import first_line
from cis_desktop.incarnation import files as device_files
from cis_desktop.intake import draft, guessing, reading
from cis_desktop.intake import mapping as mappings
from cis_desktop.packs.audit import attack
from cis_desktop.packs.reading import read_pack
from cis_desktop.packs.verifying import verify
from cis_desktop.records import code_lists, own_lists, people
from cis_desktop.records.search import search
from cis_desktop.sync import invitations
from cis_desktop.vault import forgotten, keys
from cis_desktop.vault.lockfile import FILE_NAME as LOCK
from cis_desktop.vault.lockfile import FolderLock
from cis_desktop.workspace import Workspace
from tests.core.briefings import made
from tests.core.intake import files

from . import group as senders
from .group import ANN, Group
from .mails import hostile_mail, mail
from .mutating import changed

Change = Callable[[Group, bytes, Random], bytes]
SMALL = reading.Limits(seconds=20, memory_bytes=1 << 30)


@dataclass(frozen=True, slots=True)
class Reader:
    """A sample, as its file is called and what is in it; how it is read; and how a stranger changes it.

    `writes`: what is read well goes into the record, which is otherwise to stay as it was. `gate`: how many examples
    the ordinary tests take. `says`: what comes of the sample itself.
    """

    file: str
    sample: Callable[[Group], bytes]
    read: Callable[[Group, Path], object]
    change: Change = lambda _, raw, chance: changed(raw, chance)
    writes: bool = False
    gate: int = 15
    says: str = "read"


def made_file(make: Callable[[Path], object]) -> Callable[[Group], bytes]:
    """Give the sample that something writes."""

    def sample(group: Group) -> bytes:
        path = group.folder / "sample"
        make(path)
        return path.read_bytes()

    return sample


def book(path: Path) -> None:
    made.workbook(path.with_suffix(".xlsx"), S=BOOK).replace(path)


def half(first: Callable[[bytes, Random], bytes], second: Change | None = None) -> Change:
    """Change it as a stranger who signs does, or as one who does not."""
    return lambda group, raw, chance: first(raw, chance) if chance.random() < 0.6 else changed(raw, chance)


def text(path: Path) -> str:
    """Give what was typed: whatever a box of text takes, in which there are no half characters."""
    return path.read_bytes().decode("utf-8", "ignore")


# ---- The doors ---------------------------------------------------------------------------------------------


def open_folder(group: Group, path: Path) -> None:
    folder = group.copy(path.name, path.read_bytes())
    for secret in (group.identity, ANN):
        with Workspace.open(folder, secret) as workspace:
            look_around(workspace)


def look_around(workspace: Workspace) -> None:
    """Read here and there in a record that opened."""
    workspace.problems()
    health.health(workspace.read, workspace.folder)
    health.due(workspace.read, date(2026, 11, 23))
    people.page(workspace.read)
    search(workspace.read, "came", 20)
    agreements.agreements(workspace.read)
    concerns.listed(workspace)
    workspace.change_sets()
    for each in volunteers.listed(workspace.read):
        volunteers.right(workspace.read, each.id, "2580")


def restore(group: Group, path: Path) -> None:
    Workspace.restore(path, group.empty("parent") / "restored", group.identity).close()


def restore_beside(group: Group, path: Path) -> None:
    folder = group.empty("beside")
    (folder / "b.cis-backup").write_bytes(group.backup)
    (folder / forgotten.FILE_NAME).write_bytes(path.read_bytes())
    restore(group, folder / "b.cis-backup")


def pack(group: Group, path: Path) -> None:
    folder = group.empty("packs")
    (folder / path.name).write_bytes(path.read_bytes())
    verify(folder / path.name)
    read_pack(path.read_bytes(), path.name)
    attack([folder])


def briefing(group: Group, path: Path) -> None:
    with group.workspace.reader() as connection:
        looked = looking.look(connection, [path], new_key=True)
    came = take_in(group.workspace, looked)
    if came.change_set:
        group.workspace.undo(came.change_set)


def area(group: Group, path: Path) -> None:
    came = import_areas(group.workspace, [path])
    if came.change_set:
        group.workspace.undo(came.change_set)


def agreement(group: Group, path: Path) -> None:
    agreements.import_agreement(group.workspace, path)


def spreadsheet(group: Group, path: Path) -> None:
    sheet = reading.read(path, limits=SMALL)
    draft.draft(sheet, guessing.guess(sheet).mapping)


def mapping(group: Group, path: Path) -> None:
    draft.draft(group.sheet, mappings.load(path))


def kit_key(group: Group, path: Path) -> None:
    typed = text(path)
    kit.groups(typed)
    kit.wrong_letters(typed)
    if kit.looks_like_one(typed) and len(kit.compact(typed)) < 90:
        kit.is_whole(kit.compact(typed))
        kit.suspected(kit.compact(typed))
    keys.open_with_recovery(keys.read_keys(group.closed), typed)


def passphrase_file(group: Group, path: Path) -> None:
    keys.open_with(keys.read_keys(group.closed), first_line(path))


def passphrase(group: Group, path: Path) -> None:
    typed = path.read_bytes().decode("utf-8", "surrogateescape")
    keys.open_with(keys.read_keys(group.closed), typed)


def pin(group: Group, path: Path) -> None:
    volunteers.right(group.workspace.read, 1, text(path))
    with group.workspace.change("Added a volunteer") as change:
        volunteers.add(change, text(path), text(path))


def own_list(group: Group, path: Path) -> None:
    with group.workspace.change("Changed a list") as change:
        code_lists.load_code_lists(change)
        key = own_lists.add(change, "need", text(path), "food")
        own_lists.rename(change, "need", key, f"{text(path)} again")
        own_lists.retire(change, "need", key)


def concern(group: Group, path: Path) -> None:
    concerns.write(group.workspace, text(path), text(path)[:500])
    concerns.listed(group.workspace)


def lock_file(group: Group, path: Path) -> None:
    folder = group.empty("locked")
    (folder / LOCK).write_bytes(path.read_bytes())
    held = FolderLock(folder)
    try:
        (folder / LOCK).write_bytes(path.read_bytes())
        FolderLock(folder)
    finally:
        held.release()


def device_file(group: Group, path: Path) -> None:
    for each in device_files().glob("*.json"):
        each.write_bytes(path.read_bytes())
    Workspace.open(group.closed, group.identity).close()


def preferences(group: Group, path: Path) -> None:
    from ui.preferences import Preferences

    kept = platformdirs.user_config_path("community-insights", appauthor=False) / "window.ini"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(path.read_bytes())
    found = Preferences()
    assert (found.scheme, found.percent, found.idle, found.hints, found.hint_due("home")) is not None
    if found.folder:
        keys.read_keys(found.folder)


def command(group: Group, path: Path) -> None:
    # As a system gives them: bytes that are no text come through as half characters.
    said = path.read_bytes().decode("utf-8", "surrogateescape").split("\n")
    folder = group.copy(keys.FILE_NAME, (group.closed / keys.FILE_NAME).read_bytes())
    secret = group.file("secret.txt", group.identity.encode())
    made.briefing(folder / "b.cis-briefing.zip")
    (folder / "a.zip").write_bytes(group.pack.archive)
    # Only what lies here: a command may write where it is told to.
    here = {
        "DIR": str(folder),
        "SECRET": str(secret),
        "FILE": str(folder / "b.cis-briefing.zip"),
        "PACK": str(folder / "a.zip"),
    }
    args = [here.get(each) or each.replace("/", "_").replace("..", "_").replace("\0", "") for each in said]
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    wrong = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(wrong):
        try:
            code = cli.main(args)
        except SystemExit as left:
            code = int(left.code or 0)
        out.flush()
        wrong.flush()
    if code and not wrong.buffer.getvalue() and not out.buffer.getvalue():  # type: ignore[attr-defined]
        raise AssertionError(f"no sentence for {args}")


COMMANDS = [
    ["check", "DIR", "--json"], ["verify", "PACK", "--json"], ["audit", "DIR"], ["history", "DIR", "--limit", "3"],
    ["person", "DIR", "add", "--field", "given_name=Ada", "--field", "birth_year=1984", "--json"],
    ["contact", "DIR", "add", "--field", "person=P-0001", "--field", "gave=food_parcel:1", "--field", "need=food"],
    ["session", "DIR", "add", "--field", "venue=Hall", "--field", "adults=14"], ["show", "DIR", "P-0001", "--json"],
    ["observe", "DIR", "add", "--field", "words=mould", "--field", "theme=housing_conditions"],
    ["search", "DIR", "Zehra", "--limit", "4"], ["undo", "DIR", "abc:1"], ["ledger", "DIR", "--mark", "ab", "sent"],
    ["figures", "DIR", "--agreement", "small-group-return", "--period", "2018-Q1", "--json"],
    ["concern", "DIR", "add", "--words-file", "FILE", "--about", "somebody"], ["areas", "DIR", "import", "FILE"],
    ["briefing", "DIR", "import", "FILE", "--from", "Camden", "--title", "x", "--json"], ["keys", "DIR", "list"],
    ["agreement", "DIR", "accept", "small-group-return", "--by", "Ann"], ["import", "DIR", "FILE", "--dates", "uk"],
    ["backup", "DIR", "--to", "b.cis-backup", "--json"], ["erase", "DIR", "P-0001"], ["gui", "DIR"],
]  # fmt: skip


def other_command(group: Group, raw: bytes, chance: Random) -> bytes:
    given = "\n".join([*chance.choice(COMMANDS), "--passphrase-file", "SECRET"]).encode()
    return changed(given, chance) if chance.random() < 0.95 else given


# ---- The table ---------------------------------------------------------------------------------------------

BOOK = [["ward_code", "ward_name", "indicator", "value"], ["E05015239", "Altrincham", "Homes", 12]]
LOOKUP = "LSOA21CD,LSOA21NM,WD25CD,WD25NM,LAD25CD,LAD25NM\n" + "".join(
    f"E0100000{n},Area {n},E0501523{n},Ward {n},E08000009,Trafford\n" for n in range(1, 6)
)
POSTCODES = "pcds,osward,lsoa21,oslaua\n" + "".join(
    f"M33 {n}AB,E0501523{n},E0100000{n},E08000009\n" for n in range(1, 6)
)
MAIL = (
    b"From: Cllr <c@example.org>\nTo: x@example.org\nSubject: =?utf-8?q?What_we_did?=\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n'
    b"Content-Transfer-Encoding: quoted-printable\n\n<p>We =C2=A3heard</p>\n--b\nContent-Type: text/csv\n"
    b'Content-Disposition: attachment; filename="a.csv"\n\na,b\n--b--\n'
)
NATIVE = {
    "tables/heating.csv": made.TABLE.encode(), "boundaries/w.geojson": made.geojson("E05015239"),
    "areas/lookup.csv": LOOKUP.encode(), "pages/a.md": b"# Heard\nwords", "agreements/a.cis-agreement": b"{}",
}  # fmt: skip
MAPPING = mappings.to_json(mappings.Mapping(fingerprint="ab" * 32, columns=(
    mappings.ColumnMapping(header="Date", target="date"),
    mappings.ColumnMapping(header="Client ID", target="reference", default="x"),
    mappings.ColumnMapping(header="Notes", target="needs", values={"food": "need:food"}, split=";", otherwise="note"),
    mappings.ColumnMapping(header="Food parcels", target="item:food_parcel", unit="bag"),
), date_order="uk"))  # fmt: skip
INI = b"[General]\nfolder=/nowhere/group\nscheme=dark\npercent=150\nidle=5\nhints=yes\nhinted=home people\n"


def record(group: Group, change: Any) -> Change:
    return lambda group, raw, chance: senders.sealed_backup(group, change, chance)


READERS: dict[str, Reader] = {
    "vault.keys": Reader("vault.keys", lambda g: (g.closed / "vault.keys").read_bytes(), open_folder, gate=8),
    "vault.db": Reader("vault.db", lambda g: (g.closed / "vault.db").read_bytes(), open_folder, gate=8),
    "a backup": Reader("a.cis-backup", lambda g: g.backup, restore),
    "a backup, other keys sealed": Reader(
        "a.cis-backup", lambda g: g.backup, restore, record(None, senders.other_keys), gate=8),
    "a backup, another record sealed": Reader(
        "a.cis-backup", lambda g: g.backup, restore, record(None, senders.other_record), gate=6),
    "erased.json": Reader("erased.json", lambda g: g.erased, restore_beside, gate=5),
    "a pack": Reader("a.cis-pack.zip", lambda g: g.pack.archive, pack, half(senders.signed_zip), gate=10),
    "a workbook": Reader("a.xlsx", lambda g: g.pack.workbook, pack, half(senders.signed_book), gate=8),
    "a briefing": Reader("a.cis-briefing.zip", made_file(lambda p: made.briefing(p, NATIVE)), briefing,
                         half(senders.signed_zip), writes=True, gate=8),
    "a PDF": Reader("a.pdf", made_file(lambda p: made.pdf(p, "We heard", "you")), briefing, writes=True, gate=8),
    "a Word file": Reader("a.docx", made_file(lambda p: made.docx(p, "We heard", table=(("a", "b"),))), briefing,
                          writes=True, gate=8),
    "an email": Reader("a.eml", lambda g: MAIL, briefing, writes=True, gate=8),
    "a text": Reader("a.txt", lambda g: b"We heard you.\nSoon: more.\n", briefing, writes=True, gate=5),
    "a table of figures": Reader("a.csv", lambda g: made.TABLE.encode(), briefing, writes=True, gate=10),
    "a workbook of figures": Reader("b.xlsx", made_file(book),
                                    briefing, writes=True, gate=8),
    "boundaries": Reader("a.geojson", lambda g: made.geojson("E05015239", "E05015240"), area, writes=True, gate=10),
    "a list of areas": Reader("LSOA_WD25.csv", lambda g: LOOKUP.encode(), area, writes=True, gate=8),
    "a list of postcodes": Reader("NSPL_2025.csv", lambda g: POSTCODES.encode(), area, writes=True, gate=8),
    "a spreadsheet": Reader("a.csv", lambda g: files.VISITS.encode(), spreadsheet, gate=8),
    "an agreement": Reader("a.cis-agreement", lambda g: senders.starter(), agreement, half(senders.signed_agreement),
                           writes=True, gate=30),
    "a mapping": Reader("a.json", lambda g: MAPPING, mapping, gate=40),
    "a kit's key": Reader("typed", lambda g: g.identity.encode(), kit_key, gate=20),
    "a passphrase": Reader("typed", lambda g: ANN.encode(), passphrase, gate=8),
    "a passphrase file": Reader("typed", lambda g: ANN.encode(), passphrase_file, gate=8),
    "a PIN": Reader("typed", lambda g: b"2580", pin, writes=True, gate=8),
    "words for a list": Reader("typed", lambda g: b"Warm clothes", own_list, writes=True),
    "words of a concern": Reader("typed", lambda g: b"I am worried.", concern, writes=True, gate=8),
    "a sync file": Reader(
        "a.cis-sync", lambda g: g.stolen.sample(), lambda g, p: g.stolen.receive(p),
        lambda g, raw, chance: g.stolen.hostile(chance) if chance.random() < 0.9 else changed(raw, chance), gate=40),
    "an email between laptops": Reader(
        "a.eml", lambda g: mail(g.stolen.sample()), lambda g, p: g.stolen.receive_mail(p),
        lambda g, _, chance: hostile_mail(
            lambda: g.stolen.hostile(chance) if chance.random() < 0.5 else g.stolen.sample(), chance), gate=15),
    "the whole record for a new laptop": Reader(
        "a.eml", lambda g: g.invited.sample(), lambda g, p: g.invited.receive(p),
        lambda g, _, chance: g.invited.hostile(chance), gate=6),
    "an invitation": Reader("a.cis-invite", lambda g: g.invitation[0],
                            lambda g, p: invitations.read(p, g.invitation[1]), senders.other_invitation, gate=3),
    "a lock file": Reader("vault.lock", lambda g: b"a window on laptop (process 12)", lock_file, says="in_use"),
    "a device's file": Reader("device", lambda g: msgspec.json.encode(
        {"number": "ab" * 16, "place": "cd" * 32, "lock": 12345}), device_file, gate=10),
    "the window's settings": Reader("window.ini", lambda g: INI, preferences, gate=20, says="no_workspace"),
    "a command": Reader("command", lambda g: b"verify\nPACK", command, other_command, gate=30),
}  # fmt: skip
"""Every reader of what comes from outside. A new one goes here, and the tests and the soak take it from here."""
