"""Asking another laptop to share the record: a file without any records in it, and six words that open the file.

The laptop that is asked makes keys of its own, and asks back by the shared folder with the token that was in the
invitation. Only then is the record sealed to it. An invitation is for one laptop, and for two weeks.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec
import pyrage

from cis_desktop import letters
from cis_desktop.decoding import from_json
from cis_desktop.errors import CisError
from cis_desktop.letters import Attached, Letter, draft
from cis_desktop.local_notes import note, noted
from cis_desktop.passphrases import suggest
from cis_desktop.saving import save
from cis_desktop.sync.files import Read
from cis_desktop.sync.laptops import Laptop, Own, add, begin, keys_of, make_keys
from cis_desktop.sync.place import GROUP, JOINING
from cis_desktop.vault.history import Change
from cis_desktop.vault.tables import APPLYING, Connection
from cis_desktop.workspace import Workspace, setting

ENDING = ".cis-invite"
LARGEST = 1 << 16
DAYS = 14
_SEALED = b"age-encryption.org/v1\n-> scrypt "
"""What an invitation begins with: sealed under words."""


class Invitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an invitation says: whose record, by which laptop, and the token (hex) that asks for it. No records."""

    group: str
    group_name: str
    laptop: str
    device: str
    device_name: str
    recipient: str
    public_key: str
    token: str
    expires_at: str
    format: Literal["cis-invite"] = "cis-invite"
    version: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that is still open, or was used."""

    name: str
    expires_at: str
    used_by: str | None


def new_invitation(workspace: Workspace, name: str) -> Invitation:
    """Give an invitation for a laptop of this name, of which nothing is noted yet. Raises CisError `no_name`."""
    if not name.strip():
        raise CisError("no_name", "A laptop needs a name", "Nothing was written. Give the name people call it by.")
    me = begin(workspace)
    with workspace.reader() as connection:
        group = setting(connection, GROUP) or ""
    return Invitation(
        group, workspace.name, name.strip(), me.device.hex(), me.name, me.recipient,
        me.public.hex(), secrets.token_hex(32), _at(datetime.now(UTC) + timedelta(days=DAYS)),
    )  # fmt: skip


def note_open(connection: Connection, made: Invitation) -> None:
    """Let whoever has this invitation come in."""
    connection.execute(
        "insert into invitations (token_hash, name, expires_at) values (?, ?, ?)",
        (_hash(bytes.fromhex(made.token)), made.laptop, made.expires_at),
    )


def invite(workspace: Workspace, name: str, out: Path) -> str:
    """Write an invitation for a laptop of this name, and give the six words that open it. Raises CisError."""
    if out.exists():
        raise CisError(
            "file_exists",
            "That file exists already",
            "An invitation is never written over another file, so nothing was written. Choose a new file name.",
        )
    made = new_invitation(workspace, name)
    code = suggest()
    raw = pyrage.passphrase.encrypt(msgspec.json.encode(made), code)
    try:
        with workspace.vault.transaction(APPLYING) as connection:
            note_open(connection, made)
            # Inside: an invitation that could not be written is not open.
            save(out, raw)
    except BaseException:
        # One that is not open lets nobody in.
        with suppress(OSError):
            out.unlink(missing_ok=True)
        raise
    return code


def into_letter(invitation: Path) -> Path:
    """Write an email draft with an invitation attached beside it; give its path. Raises CisError `letter_not_written`.

    The six words are not in it: who has both can ask for the record.
    """
    said = Letter(
        "",
        "An invitation for our new laptop",
        "The attached file lets one more laptop keep our record. There are no records in it, and nobody can use it "
        "without six words, which you are told by telephone.\n\n"
        "On that laptop, save it, or this whole message. Then start Community Insights, press “Join another laptop’s "
        f"record…” and choose what you saved. It can be used once, within {DAYS} days.\n",
    )
    try:
        attached = Attached(invitation.name, "application/octet-stream", invitation.read_bytes())
        path = letters.new_draft(invitation.parent, invitation.stem)
        save(path, draft(said, [attached]))
    except OSError as error:
        raise CisError(
            "letter_not_written",
            "The email could not be written",
            f"The folder refused it ({error.strerror or type(error).__name__}). The invitation itself is as it was. "
            "Attach the file to an email of your own, or bring it on a stick.",
        ) from error
    return path


def invited(connection: Connection) -> list[Invited]:
    """List the invitations that this laptop wrote."""
    rows = connection.execute("select name, expires_at, used_by from invitations order by expires_at, name")
    return [Invited(*row) for row in rows]


def still_open(connection: Connection) -> list[Invited]:
    """List the invitations that can still be used."""
    return [each for each in invited(connection) if each.used_by is None and each.expires_at >= _at(datetime.now(UTC))]


def withdraw(change: Change, one: Invited) -> None:
    """Let an invitation that was not used count no longer. Call inside a change."""
    change.connection.execute(
        "delete from invitations where name = ? and expires_at = ? and used_by is null", (one.name, one.expires_at)
    )


def read(path: Path, code: str) -> Invitation:
    """Open an invitation, or the one in a saved email, with its six words.

    Raises CisError `not_an_invitation`, `wrong_code` or `invitation_over`.
    """
    with path.open("rb") as file:
        raw = file.read(letters.LARGEST)
    if not raw.startswith(_SEALED):
        raw = next(letters.attached_in(raw, _SEALED), b"")
    if len(raw) > LARGEST or not raw.startswith(_SEALED):
        raise _no_invitation()
    try:
        found = from_json(pyrage.passphrase.decrypt(raw, " ".join(code.lower().split())), Invitation)
    except pyrage.DecryptError as error:
        raise CisError(
            "wrong_code",
            "These words do not open the invitation",
            "They are not the six words that were shown when it was written, or the file is damaged. Nothing was made. "
            "Type the six words again, in their order.",
        ) from error
    except (msgspec.MsgspecError, OSError) as error:
        raise _no_invitation() from error
    if found.expires_at < _at(datetime.now(UTC)):
        raise CisError(
            "invitation_over",
            "This invitation is too old",
            f"It could be used until {found.expires_at[:10]}, so nothing was made. If this computer’s clock is right, "
            "have a new one written on the other laptop.",
        )
    return found


def join(
    folder: Path, invitation: Invitation, person: str, passphrase: str, kit_file: Path | None = None,
    passes: int | None = None,
) -> Workspace:  # fmt: skip
    """Make a new record in `folder` that waits for the group's, with a passphrase of its own, and open it.

    Raises what `Workspace.create` does.
    """
    made = Workspace.create(folder, invitation.group_name, person, passphrase, kit_file, passes)
    try:
        with made.vault.transaction(APPLYING) as connection:
            # Another device than the one that waits: what that one wrote has its name and its letters.
            device = secrets.token_bytes(16)
            make_keys(connection, device)
            note(connection, JOINING, f"{device.hex()} {msgspec.json.encode(invitation).decode()}")
    except BaseException:
        made.close()
        raise
    return made


def joining(connection: Connection) -> tuple[Invitation, Own] | None:
    """Give the invitation that this record waits with for the group's, and what it will be then; or None."""
    device, _, kept = noted(connection, JOINING).partition(" ")
    keys = keys_of(connection, device)
    if keys is None:
        return None
    invitation = from_json(kept, Invitation)
    return invitation, Own(bytes.fromhex(device), invitation.laptop, *keys)


def answer(workspace: Workspace, asked: Read) -> Laptop | None:
    """Take a laptop that asks with the token of an open invitation into the group; None if it may not come."""
    page = asked.page
    with workspace.change("Took a laptop into the group") as change:
        connection = change.connection
        row = connection.execute(
            "select name, expires_at, used_by from invitations where token_hash = ?", (_hash(page.token),)
        ).fetchone()
        if row is None or row[1] < _at(datetime.now(UTC)) or row[2] not in (None, page.device.hex()):
            return None
        laptop = Laptop(page.device.hex(), row[0], page.recipient, asked.signer.hex())
        if row[2] is None:
            add(change, laptop)
            connection.execute(
                "update invitations set used_by = ? where token_hash = ?", (laptop.device, _hash(page.token))
            )
    return laptop


def _hash(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _no_invitation() -> CisError:
    return CisError(
        "not_an_invitation",
        "That is not an invitation",
        f"The file is no Community Insights invitation (it ends in {ENDING}) and no saved email with one attached, or "
        "it is damaged. Nothing was made. Choose the file that was written on the other laptop.",
    )
