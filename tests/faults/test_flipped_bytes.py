"""Every byte of a small sample of each format that is sealed or signed, flipped: refused, or found by the check."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cis_desktop import concerns, volunteers
from cis_desktop.agreements.reading import read as read_agreement
from cis_desktop.briefings.native import open_native
from cis_desktop.errors import CisError
from cis_desktop.intake import originals
from cis_desktop.packs import build
from cis_desktop.packs.reading import read_pack
from cis_desktop.packs.verifying import verify_bytes
from cis_desktop.paths import resources
from cis_desktop.sync import files
from cis_desktop.sync.files import Page
from cis_desktop.vault import forgotten, keys
from cis_desktop.vault.backup import restore_draft
from cis_desktop.vault.integrity import damage
from cis_desktop.vault.keys import new_identity, recipient_of
from cis_desktop.vault.tables import APPLYING
from cis_desktop.workspace import Workspace
from tests.core.agreements.signed import signed
from tests.core.briefings import made
from tests.core.packs.examples import SIGNER, details, ordinary

ANN = "correct horse battery staple"
PIN = "2580"
SEED = 20261123
Outcome = str
Try = Callable[[bytes], Outcome]
"""Reads what was changed: `noticed`, or `same` where all that is taken from it is as it was; else it is a fault."""


def told(read: Callable[[], object], whole: object) -> Outcome:
    """Say whether reading refuses, or gives the very same."""
    try:
        found = read()
    except CisError:
        return "noticed"
    return "same" if found == whole else "BELIEVED"


class Samples:
    """One small file of every format, each with the reader that a person meets it by."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kit = folder / "kit.txt"
        with Workspace.create(folder / "group", "Larder", "Ann", ANN, kit, passes=1) as workspace:
            self.identity = kit.read_text().split()[-1]
            concerns.appoint(workspace, workspace.slot, "lead")
            concerns.write(workspace, "a worry", "somebody")
            with workspace.change("Added people") as change:
                volunteers.add(change, "Vera", PIN)
                for name in ("Zehra", "Yusuf"):
                    change.insert("people", reference=change.next_reference("P"), given_name=name)
            self.backup = workspace.back_up(folder / "b.cis-backup")
            workspace.erase("Erased a person", [("people", 1)])
            forgotten.write(workspace.read, folder)
            # Now, as erasing somebody takes away the originals that may tell of them.
            (folder / "list.csv").write_text("Name,Date\nZehra,2018-01-02\n" * 20)
            digest = hashlib.sha256((folder / "list.csv").read_bytes()).hexdigest()
            originals.keep(workspace, folder / "list.csv", digest)
            self.key = workspace.vault.key
        # With a second vault open for what is read through one.
        self.reader = Workspace.open_slot(folder / "group", lambda file: keys.open_with_recovery(file, self.identity))

    def vault_keys(self) -> tuple[bytes, Try]:
        raw = (self.folder / "group" / keys.FILE_NAME).read_bytes()

        def read(changed: bytes) -> object:
            file = keys.parse_keys(changed)
            key = keys.open_with_recovery(file, self.identity).key
            keys.check_list(file, key)
            return key, file.slots, file.generation

        whole = read(raw)
        return raw, lambda changed: told(lambda: read(changed), whole)

    def erased_list(self) -> tuple[bytes, Try]:
        path = self.folder / forgotten.FILE_NAME
        raw = path.read_bytes()
        (self.folder / "elsewhere").mkdir(exist_ok=True)
        other = self.folder / "elsewhere" / forgotten.FILE_NAME

        def read(changed: bytes) -> object:
            other.write_bytes(changed)
            return forgotten.read(self.reader.read, other.parent)

        return raw, lambda changed: told(lambda: read(changed), {})

    def backup_file(self) -> tuple[bytes, Try]:
        raw, path = self.backup.read_bytes(), self.folder / "changed.cis-backup"

        def read(changed: bytes) -> object:
            path.write_bytes(changed)
            draft = self.folder / "draft"
            draft.mkdir()
            try:
                restore_draft(path, draft, lambda file: keys.open_with_recovery(file, self.identity))
                return (draft / "vault.db").read_bytes()
            finally:
                for each in draft.iterdir():
                    each.unlink()
                draft.rmdir()

        whole = read(raw)
        return raw, lambda changed: told(lambda: read(changed), whole)

    def vault_pages(self) -> tuple[bytes, Try]:
        path = self.folder / "copy.db"
        raw = (self.folder / "group" / "vault.db").read_bytes()

        def read(changed: bytes) -> Outcome:
            path.write_bytes(changed)
            found = damage(path, self.key)
            for beside in ("-wal", "-shm"):
                path.with_name(path.name + beside).unlink(missing_ok=True)
            return "noticed" if found else "BELIEVED"

        return raw, read

    def pack(self) -> tuple[bytes, Try]:
        raw = build(ordinary(), details(), SIGNER).archive

        def read(changed: bytes) -> object:
            pack = read_pack(changed, "pack.zip")
            found = verify_bytes(changed, "pack.zip")
            if not found.valid:
                raise CisError("not_valid", "Not valid", "It was noticed.")
            return pack.statement, pack.members, [(table.id, table.csv) for table in pack.tables]

        whole = read(raw)
        return raw, lambda changed: told(lambda: read(changed), whole)

    def workbook(self) -> tuple[bytes, Try]:
        raw = build(ordinary(), details(), SIGNER).workbook

        def read(changed: bytes) -> object:
            pack = read_pack(changed, "pack.xlsx")
            if not verify_bytes(changed, "pack.xlsx").valid:
                raise CisError("not_valid", "Not valid", "It was noticed.")
            return pack.statement, pack.sheets

        whole = read(raw)
        return raw, lambda changed: told(lambda: read(changed), whole)

    def inside(self, table: str, column: str, read: Callable[[], object], none: object) -> tuple[bytes, Try]:
        """Give what one row of the vault keeps; `none` is what reading gives where it was noticed without a refusal."""
        (kept,) = self.reader.read.execute(f"select {column} from {table}").fetchone()
        raw, whole = kept.encode() if isinstance(kept, str) else bytes(kept), read()
        assert whole != none

        def put(value: bytes | str) -> None:
            with self.reader.vault.transaction(APPLYING) as connection:
                connection.execute(f"update {table} set {column} = ?", (value,))

        def tried(changed: bytes) -> Outcome:
            put(changed.decode("utf-8", "replace") if isinstance(kept, str) else changed)
            came = told(read, whole)
            found = none if came == "noticed" else read()
            put(kept)
            return "noticed" if found == none else came

        return raw, tried

    def concern(self) -> tuple[bytes, Try]:
        return self.inside("concern_seals", "sealed", lambda: concerns.listed(self.reader), [])

    def pin_hash(self) -> tuple[bytes, Try]:
        return self.inside("desk_volunteers", "pin", lambda: volunteers.right(self.reader.read, 1, PIN), False)

    def original(self) -> tuple[bytes, Try]:
        return self.inside("kept_originals", "body", lambda: originals.body(self.reader.read, 1), None)

    def agreement(self) -> tuple[bytes, Try]:
        document = json.loads((resources() / "agreements" / "small-group-return.cis-agreement").read_bytes())
        plain = read_agreement(json.dumps(document).encode())
        raw = json.dumps(signed(document)).encode()

        def read(changed: bytes) -> str:
            found = read_agreement(changed)
            if found.terms.signature is None:
                raise CisError("not_signed", "Not signed", "It was noticed: it is shown as one that nobody signed.")
            return found.hash

        return raw, lambda changed: told(lambda: read(changed), plain.hash)

    def sync_file(self) -> tuple[bytes, Try]:
        page = Page("changes", "g", bytes(16), "a", new_identity(), 1, "2026-11-23T10:00:00Z", {}, sets=b"sets")
        identity = new_identity()
        raw = files.seal(page, bytes(range(32)), [recipient_of(identity)])

        def read(changed: bytes) -> object:
            found = files.read(changed, [identity])
            if not isinstance(found, files.Read):
                raise CisError("not_ours", "Not ours", "It was noticed.")
            return found

        whole = read(raw)
        return raw, lambda changed: told(lambda: read(changed), whole)

    def briefing(self) -> tuple[bytes, Try]:
        raw = made.briefing(self.folder / "briefing.zip").read_bytes()
        whole = open_native(raw, "briefing.zip")
        return raw, lambda changed: told(lambda: open_native(changed, "briefing.zip"), whole)


FORMATS: dict[str, tuple[Callable[[Samples], tuple[bytes, Try]], int]] = {
    "vault.keys": (Samples.vault_keys, 4000),
    "vault.db": (Samples.vault_pages, 60),
    "a backup": (Samples.backup_file, 40),
    "erased.json": (Samples.erased_list, 4000),
    "a pack": (Samples.pack, 300),
    "a workbook": (Samples.workbook, 150),
    "an agreement": (Samples.agreement, 4000),
    "a briefing": (Samples.briefing, 4000),
    "a sync file": (Samples.sync_file, 4000),
    "a concern": (Samples.concern, 600),
    "a PIN's hash": (Samples.pin_hash, 12),
    "a kept original": (Samples.original, 200),
}
"""Every format with a seal or a signature, and how many of its bytes are flipped in the ordinary tests.

A new format goes here. The soak flips each byte of those that are small, and many more of the large ones.
"""


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samples]:
    """Make the samples once."""
    made_once = Samples(tmp_path_factory.mktemp("samples"))
    yield made_once
    made_once.reader.close()


def flip(samples: Samples, name: str, most: int) -> None:
    """Flip one bit in so many bytes of a sample, each once."""
    choose = random.Random(f"{SEED} {name}")
    raw, tried = FORMATS[name][0](samples)
    places = range(len(raw)) if len(raw) <= most else sorted(choose.sample(range(len(raw)), most))
    came: Counter[Outcome] = Counter()
    for place in places:
        changed = bytearray(raw)
        changed[place] ^= 1 << choose.randrange(8)
        came[tried(bytes(changed))] += 1
        assert not came["BELIEVED"], f"{name}, byte {place}: {bytes(changed[max(0, place - 20) : place + 20])!r}"
    print(f"{name}: {len(raw)} bytes, {len(places)} flipped, {dict(came)}")
    # Bytes that nobody reads (blanks, times and rights in a ZIP) may change without changing anything; they are few.
    assert came["noticed"] > 0.85 * len(places)


@pytest.mark.parametrize("name", FORMATS)
def test_a_flipped_byte_is_noticed(samples: Samples, name: str) -> None:
    flip(samples, name, FORMATS[name][1])


@pytest.mark.soak
@pytest.mark.parametrize("name", FORMATS)
def test_each_of_many_flipped_bytes_is_noticed(samples: Samples, name: str) -> None:
    flip(samples, name, FORMATS[name][1] * 10)
