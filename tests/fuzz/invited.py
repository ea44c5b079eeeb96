"""A laptop that waits for the group's record, and what the one that invited it may send in its place."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from cis_desktop.errors import CisError
from cis_desktop.sync import attachments, files, invitations, laptops
from cis_desktop.sync.exchange import exchange
from cis_desktop.sync.folder import WHOLE
from cis_desktop.vault.backup import VAULT_FILE
from cis_desktop.vault.keys import FILE_NAME, open_with_identity
from cis_desktop.vault.lockfile import FILE_NAME as LOCK
from cis_desktop.workspace import BACKUPS, Workspace
from tests.core.sync.group import WORDS, add, names
from tests.faults.sharing import close_as_it_was

from .mails import hostile_mail, mail
from .mutating import bytes_changed, replaced
from .odd_records import odd_record
from .stolen import encoded, look_around, number_or

OURS = {VAULT_FILE, FILE_NAME, LOCK, BACKUPS}


class Invited:
    """A laptop that asked for the record, which lies sealed for it; and the keys of the one that wrote that."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.waiting = folder, folder / "waiting"
        host = Workspace.create(folder / "host", "Larder", "Ann", WORDS, passes=1)
        add(host, "Zehra")
        code = invitations.invite(host, "Back", folder / "back.cis-invite")
        found = invitations.read(folder / "back.cis-invite", code)
        waiting = invitations.join(self.waiting, found, "Bo", WORDS, passes=1)
        shared = folder / "shared"
        shared.mkdir()
        exchange(waiting, shared)
        exchange(host, shared)
        (path,) = shared.rglob(f"{WHOLE}*")
        self.sealed = path.read_bytes()
        self.private = laptops.own(host.read).private
        joining = invitations.joining(waiting.read)
        assert joining is not None
        self.identity = pyrage.x25519.Identity.from_str(joining[1].identity)
        self.slot, self.own = waiting.slot, waiting.identity
        inside: bytes = pyrage.decrypt(self.sealed, [self.identity])
        end = files.LENGTH + int.from_bytes(inside[: files.LENGTH], "big")
        read = files.opened(inside[files.LENGTH : end])
        assert read is not None
        self.inside, self.page, self.record = inside, read.page, inside[end:]
        close_as_it_was(waiting)
        host.close()
        shutil.rmtree(shared)

    def sample(self) -> bytes:
        """Give the record as it was sealed, in an email."""
        return mail(self.sealed)

    def hostile(self, chance: Random) -> bytes:
        """Give the email with another record in it, or another email."""
        if chance.random() < 0.3:
            return hostile_mail(lambda: self.hostile_file(chance), chance)
        return mail(self.hostile_file(chance))

    def hostile_file(self, chance: Random) -> bytes:
        """Give a sealed record that was changed on its way, or by whoever sealed it."""
        act = chance.randrange(8)
        if act < 2:
            return bytes_changed(self.sealed, chance)
        if act < 4:
            return self._seal(bytes_changed(self.inside, chance))
        if act == 4:
            try:
                return self._seal(self._signed(self._odd_page(chance)) + self.record)
            except (OverflowError, ValueError):
                # A number that no file can hold.
                return self._seal(self.inside[: chance.randrange(len(self.inside))])
        record = bytes_changed(self.record, chance) if act == 5 else self._odd_record(chance)
        page = replace(self.page, size=len(record), sha256=hashlib.sha256(record).digest())
        return self._seal(self._signed(msgspec.msgpack.encode(page)) + record)

    def _odd_page(self, chance: Random) -> bytes:
        said = msgspec.msgpack.decode(msgspec.msgpack.encode(self.page))
        name = chance.choice([each for each in said if each not in ("kind", "group")])
        said[name] = replaced(said[name], chance) if chance.random() < 0.5 else number_or(said[name], chance)
        return encoded(said)

    def _odd_record(self, chance: Random) -> bytes:
        path = self.folder / "odd.db"
        path.write_bytes(self.record)
        odd_record(path, self.page.key, chance)
        return path.read_bytes()

    def _signed(self, page: bytes) -> bytes:
        key, body = Ed25519PrivateKey.from_private_bytes(self.private), files.MAGIC + page
        head = files.MAGIC + key.public_key().public_bytes_raw() + key.sign(body) + page
        return len(head).to_bytes(files.LENGTH, "big") + head

    def _seal(self, inside: bytes) -> bytes:
        sealed: bytes = pyrage.encrypt(inside, [self.identity.to_public()])
        return sealed

    def receive(self, path: Path) -> None:
        """Let the laptop take in what came; unless it was taken, that changes nothing, and the honest one is taken."""
        folder = self.folder / "back"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.waiting, folder)
        refused: CisError | None = None
        with self._opened(folder) as who:
            before = all_of(who)
            try:
                waits = attachments.take(who, [path]).asked
            except CisError as why:
                waits, refused = True, why
            assert not waits or all_of(who) == before, "half taken"
        left = {each.name for each in folder.rglob("*")} - OURS
        assert left == set(), f"left behind: {left}"
        with self._opened(folder) as who:
            assert who.problems() == []
            if waits:
                honest = self.folder / "honest.cis-sync"
                honest.write_bytes(self.sealed)
                assert not attachments.take(who, [honest]).asked, "the honest one is kept out"
                assert names(who) == ["Zehra"]
            look_around(who)
            add(who, "Wim")
        if refused:
            raise refused

    def _opened(self, folder: Path) -> Workspace:
        return Workspace.open_slot(folder, lambda file: open_with_identity(file, self.slot, self.own))


def all_of(who: Workspace) -> list[Any]:
    """Give all that is in a record."""
    tables = who.read.execute("select name from sqlite_master where type = 'table' and sql not like 'create virtual%'")
    return [who.read.execute(f"select * from {name}").fetchall() for (name,) in tables.fetchall()]
