"""The agreements a workspace holds, and the starters that come with the app."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from cis_desktop import words
from cis_desktop.agreements.grouping import crossing
from cis_desktop.agreements.reading import Agreement, read_file, stored
from cis_desktop.agreements.signers import check_key, remember_key
from cis_desktop.errors import CisError
from cis_desktop.paths import resources
from cis_desktop.vault.history import derived_uid
from cis_desktop.vault.tables import Connection
from cis_desktop.workspace import Workspace

FOLDER = resources() / "agreements"


@dataclass(frozen=True, slots=True)
class Held:
    """An agreement in a workspace. `accepted_on` is an ISO day; both are None until it is accepted."""

    id: int
    agreement: Agreement
    accepted_by: str | None
    accepted_on: str | None


@cache
def library() -> tuple[Agreement, ...]:
    """Give the starter agreements that come with the app."""
    return tuple(read_file(path) for path in sorted(FOLDER.glob("*.cis-agreement")))


def agreements(connection: Connection) -> list[Held]:
    """List the agreements of a workspace: by key, the newest version first."""
    rows = connection.execute(
        "select id, document, accepted_by, accepted_on from agreements where gone = 0 order by key, version desc, id"
    )
    return [Held(row[0], stored(bytes(row[1])), row[2], row[3]) for row in rows]


def find(connection: Connection, key: str) -> Held:
    """Find an agreement by its key (its newest version), or `key@version`. Raises CisError when there is none."""
    name, _, version = key.partition("@")
    held = agreements(connection)
    for each in held:
        if each.agreement.key == name and version in ("", str(each.agreement.version)):
            return each
    known = list(dict.fromkeys(f"“{each.agreement.key}”" for each in held))
    have = f"This record has {words.listed(known)}" if known else "This record has no agreement yet"
    others = [f"“{each.key}”" for each in library() if f"“{each.key}”" not in known]
    starters = f"; the app comes with {words.listed(others)}, which can be accepted" if others else ""
    raise CisError(
        "no_agreement",
        "There is no such agreement",
        f"No agreement is called “{key}”. {have}{starters}. Nothing was changed.",
    )


def apart(held: Sequence[Held], agreement: Agreement) -> list[Held]:
    """Give the accepted ones of `held`, listed as by `agreements`, with groups that cut across this one's.

    Of the same days only one of the two can be reported. Of several versions the newest that was accepted counts.
    """
    newest = {each.agreement.key: each for each in reversed(held) if each.accepted_on is not None}
    others = (each for key, each in newest.items() if key != agreement.key)
    return [each for each in others if crossing(agreement.terms, each.agreement.terms)]


def import_agreement(workspace: Workspace, path: Path, *, new_key: bool = False) -> Held:
    """Bring an agreement file into a workspace; one that is there already stays as it is.

    `new_key`: somebody asked the council, and the file is theirs, although it is signed with another key than before or
    no longer signed. Raises CisError.
    """
    agreement = read_file(path)
    if not new_key:
        with workspace.reader() as connection:
            _check_signed(connection, agreement, path.name)
    return _keep(workspace, agreement)


def accept(workspace: Workspace, key: str, by: str, on: date | None = None) -> Held:
    """Accept an agreement by its key for the group: `by` is who does. A starter is brought in first.

    Raises CisError when there is no such agreement, nobody is named, or it was only proposed to a council.
    """
    if not by.strip():
        raise CisError(
            "nobody_named",
            "Someone has to accept it",
            "An agreement is accepted by a person. Nothing was changed; give the name of who accepts it for the group.",
        )
    held = _held_or_starter(workspace, key)
    terms = held.agreement.terms
    if terms.proposal and terms.parties.council is not None:
        raise CisError(
            "only_proposed",
            "This is only a proposal",
            f"This version of “{terms.title}” was proposed to {terms.parties.council.name}, who have not agreed to "
            "it. Nothing was changed. Ask for the file that they agree to, and add that.",
        )
    day = (on or date.today()).isoformat()
    with workspace.change(f"Accepted the agreement “{held.agreement.title}”") as change:
        change.update("agreements", held.id, accepted_by=by.strip(), accepted_on=day)
    return find(workspace.read, f"{held.agreement.key}@{held.agreement.version}")


def _held_or_starter(workspace: Workspace, key: str) -> Held:
    try:
        return find(workspace.read, key)
    except CisError:
        for starter in library():
            if key in (starter.key, f"{starter.key}@{starter.version}"):
                return _keep(workspace, starter)
        raise


def _signers(agreement: Agreement) -> tuple[str, ...]:
    """Give under which names a signed agreement says that it comes; none for one that is not signed."""
    terms = agreement.terms
    council = (terms.parties.council.name,) if terms.parties.council else ()
    return tuple(dict.fromkeys((*council, terms.signature.by))) if terms.signature else ()


def _check_signed(connection: Connection, agreement: Agreement, file: str) -> None:
    """Refuse another key than a council signed with before, and no signature where it signed a version of it."""
    terms = agreement.terms
    if terms.signature:
        for name in _signers(agreement):
            check_key(connection, file, name, terms.signature.public_key)
        return
    known = next((h.agreement.terms for h in agreements(connection) if h.agreement.key == terms.key), None)
    if known is not None and known.signature and not terms.proposal:
        raise CisError(
            "other_key",
            "Not signed, as it was before",
            f"Version {known.agreement_version} of “{known.title}” was signed by {known.signature.by}, and “{file}” is "
            "not signed: anybody could have written it. Nothing was imported. Ask them by telephone, not by a reply, "
            "whether it is theirs; then add the file again and say that it is.",
        )


def _keep(workspace: Workspace, agreement: Agreement) -> Held:
    for held in agreements(workspace.read):
        if held.agreement.hash == agreement.hash:
            return held
        if (held.agreement.key, held.agreement.version) == (agreement.key, agreement.version):
            raise CisError(
                "agreement_version_taken",
                "Another agreement has that name and version",
                f"This record already has version {agreement.version} of “{agreement.key}”, and it says something "
                "else. Nothing was imported. Ask whoever wrote it to give the new text a new version number.",
            )
    uid = derived_uid("agreements", agreement.hash.hex())
    undone = workspace.read.execute("select id from agreements where uid = ?", (uid,)).fetchone()
    with workspace.change(f"Added the agreement “{agreement.title}”") as change:
        if undone:
            change.update("agreements", undone[0], gone=0, accepted_by=None, accepted_on=None)
            return Held(undone[0], agreement, None, None)
        row = change.insert(
            "agreements",
            uid=uid,
            key=agreement.key,
            title=agreement.title,
            version=agreement.version,
            hash=agreement.hash,
            document=agreement.canonical,
        )
        if agreement.terms.signature:
            for name in _signers(agreement):
                remember_key(change, name, agreement.terms.signature.public_key)
    return Held(row, agreement, None, None)
