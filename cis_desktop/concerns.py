"""Safeguarding concerns: anybody can write one, and only the lead and the deputy can read it.

What is written is sealed with age to the lead, the deputy and the recovery kits, except to whoever the writer says it
is about: that is the way round a lead who is its subject. The writer cannot read it back either. A lead reads with the
identity of their own key slot, which is in memory only while the record is open under their passphrase; the kit reads
all, so a forgotten passphrase loses no concern.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec
import pyrage

from cis_desktop.errors import CisError
from cis_desktop.vault import slots
from cis_desktop.vault.history import Change, now
from cis_desktop.vault.keys import Slot
from cis_desktop.vault.tables import Connection
from cis_desktop.words import day, minute, same
from cis_desktop.workspace import Workspace

Role = Literal["lead", "deputy"]
LONGEST = 20_000
"""Letters in a concern or a decision."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read concerns."""

    id: int
    name: str
    role: Role
    recipient: str


class Note(msgspec.Struct, frozen=True):
    """What a concern or a decision says, as it is sealed. `readers` are the recipients it was sealed to."""

    words: str
    by: str
    at: str
    about: str = ""
    not_for: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concern:
    """A concern that whoever has the record open may read, with the decisions on it in their order."""

    id: int
    reference: str
    note: Note
    decisions: tuple[Note, ...]


def readers(connection: Connection) -> list[Reader]:
    """List who may read concerns, the lead first."""
    rows = connection.execute(
        "select id, name, role, recipient from concern_readers where gone = 0 order by role desc, name, id"
    )
    return [Reader(*row) for row in rows]


def may_read(workspace: Workspace) -> bool:
    """Say whether whoever has the record open is one of those who read concerns."""
    own = workspace.recipient
    kits = {slot.recipient for slot in _kits(workspace.read)}
    return own in kits or any(reader.recipient == own for reader in readers(workspace.read))


def appoint(workspace: Workspace, way_id: str, role: Role) -> None:
    """Make a person with a passphrase here the lead or the deputy; they can read the concerns there are, too.

    The first is named by anybody, the next by those who read already. Raises CisError `not_for_you`, or `no_way_in`
    where nobody with a passphrase of that id is there.
    """
    person = next((each for each in slots.current(workspace.read) if each.id == way_id and each.kind == "person"), None)
    if person is None:
        raise CisError(
            "no_way_in",
            "They have no passphrase here",
            "Only somebody with a passphrase of their own can read concerns. Nothing was changed. Give them one first.",
        )
    _refuse_others(workspace)
    with workspace.change("Named who reads concerns") as change:
        for each in readers(change.connection):
            if each.recipient == person.recipient:
                change.delete("concern_readers", each.id)
        change.insert("concern_readers", name=person.name, role=role, recipient=person.recipient)
        _seal_anew(workspace, change)


def dismiss(workspace: Workspace, reader_id: int) -> None:
    """Let somebody no longer read concerns that are written from now on; what they could read they could copy.

    Raises CisError `not_for_you`, and `no_lead` for the last one.
    """
    _refuse_others(workspace)
    if len(readers(workspace.read)) < 2:
        raise CisError(
            "no_lead",
            "Somebody must be there to read them",
            "That is the only person who reads concerns, so nothing was changed. Name another first.",
        )
    with workspace.change("Changed who reads concerns") as change:
        change.delete("concern_readers", reader_id)


def dismiss_gone(workspace: Workspace, recipient: str) -> None:
    """Let somebody whose passphrase is taken away no longer read concerns."""
    gone = [each for each in readers(workspace.read) if each.recipient == recipient]
    if gone:
        with workspace.change("Changed who reads concerns") as change:
            for each in gone:
                change.delete("concern_readers", each.id)


def hand_on(workspace: Workspace, name: str, recipient: str, kit: str) -> None:
    """Let a reader who comes in anew with the recovery kit read under a new recipient, and the kit `kit` read all.

    Before the record is put under the new keys, so that no concern is lost however that ends.
    """
    with workspace.change("Sealed the concerns to those who read them now") as change:
        for each in readers(change.connection):
            if same(each.name, name):
                change.delete("concern_readers", each.id)
                change.insert("concern_readers", name=each.name, role=each.role, recipient=recipient)
        _seal_anew(workspace, change, (kit,))


def write(workspace: Workspace, words: str, about: str = "", not_for: Collection[str] = ()) -> str:
    """Write a concern and give its reference, such as `K-0003`.

    `about` says in the writer's words who it is about; `not_for` are names of readers who must not see it. Raises
    CisError `no_words`, `no_lead` where nobody reads concerns, and `nobody_left` where only those are left out read.
    """
    note = Note(_some_words(words), workspace.who, now(), about.strip()[:LONGEST], tuple(sorted(not_for)))
    to = _recipients(workspace.read, note.not_for)
    with workspace.change("Wrote a safeguarding concern") as change:
        reference = change.next_reference("K")
        concern = change.insert("concerns", reference=reference, written_on=date.today().isoformat())
        _add_note(change, concern, "concern", note, to)
    return reference


def decide(workspace: Workspace, concern_id: int, words: str) -> None:
    """Write what was decided on a concern, and why. Raises CisError `not_for_you` for whoever cannot read it."""
    concern = next((each for each in listed(workspace) if each.id == concern_id), None)
    if concern is None:
        raise _not_for_you()
    note = Note(_some_words(words), workspace.who, now(), not_for=concern.note.not_for)
    to = _recipients(workspace.read, note.not_for)
    with workspace.change("Wrote a decision on a safeguarding concern") as change:
        _add_note(change, concern_id, "decision", note, to)


def listed(workspace: Workspace) -> list[Concern]:
    """List the concerns that whoever has the record open may read, newest first. Empty for everybody else."""
    if not may_read(workspace):
        return []
    found: dict[int, tuple[str, list[Note], list[Note]]] = {}
    rows = workspace.read.execute(
        "select c.id, c.reference, n.id, n.kind from concerns c join concern_notes n on n.concern_id = c.id"
        " where c.gone = 0 and n.gone = 0 order by c.id desc, n.id"
    )
    for concern, reference, note_id, kind in rows:
        note = _unsealed(workspace, workspace.read, note_id)
        if note is not None:
            _, concerns, decisions = found.setdefault(concern, (reference, [], []))
            (concerns if kind == "concern" else decisions).append(note)
    return [
        Concern(concern, reference, concerns[0], tuple(sorted(decisions, key=lambda each: each.at)))
        for concern, (reference, concerns, decisions) in found.items()
        if concerns
    ]


def renew(workspace: Workspace) -> int:
    """Seal what can be read here to whoever may read it by now, such as a new kit; give how many notes that were."""
    if not may_read(workspace) or not _wanting(workspace, workspace.read):
        return 0
    with workspace.change("Sealed the concerns to those who read them now") as change:
        return _seal_anew(workspace, change)


def as_text(concern: Concern) -> str:
    """Write a concern and the log of decisions on it, to print."""
    lines = [f"Safeguarding concern {concern.reference}", "", f"Written {minute(concern.note.at)} by {concern.note.by}"]
    if concern.note.about:
        lines.append(f"About: {concern.note.about}")
    if concern.note.not_for:
        lines.append(f"Not to be seen by: {', '.join(concern.note.not_for)}")
    lines += ["", concern.note.words, "", "Decisions"]
    for each in concern.decisions:
        lines += ["", f"{minute(each.at)}, {each.by}:", each.words]
    if not concern.decisions:
        lines += ["", "None yet."]
    return "\n".join(lines) + f"\n\nPrinted on {day(date.today())}."


def _add_note(change: Change, concern: int, kind: str, note: Note, to: Sequence[str]) -> None:
    note_id = change.insert("concern_notes", concern_id=concern, kind=kind)
    change.insert("concern_seals", note_id=note_id, sealed=_sealed(note, to))


def _sealed(note: Note, to: Sequence[str]) -> bytes:
    raw = msgspec.json.encode(msgspec.structs.replace(note, readers=tuple(to)))
    return bytes(pyrage.encrypt(raw, [pyrage.x25519.Recipient.from_str(each) for each in to]))


def _unsealed(workspace: Workspace, connection: Connection, note_id: int) -> Note | None:
    if not workspace.identity:
        return None
    identity = pyrage.x25519.Identity.from_str(workspace.identity)
    # The newest seal is the one for most readers.
    for (sealed,) in connection.execute(
        "select sealed from concern_seals where note_id = ? and gone = 0 order by id desc", (note_id,)
    ):
        try:
            return msgspec.json.decode(pyrage.decrypt(sealed, [identity]), type=Note)
        except pyrage.DecryptError:
            continue
    return None


def _wanting(
    workspace: Workspace, connection: Connection, also: Sequence[str] = ()
) -> Iterator[tuple[int, Note, list[str]]]:
    """Give the notes that can be read here and somebody who may read them now cannot, with their recipients."""
    for (note_id,) in connection.execute("select id from concern_notes where gone = 0 order by id").fetchall():
        note = _unsealed(workspace, connection, note_id)
        if note is not None:
            to = sorted({*_recipients(connection, note.not_for), *also})
            if not set(to) <= set(note.readers):
                yield note_id, note, to


def _seal_anew(workspace: Workspace, change: Change, also: Sequence[str] = ()) -> int:
    wanting = list(_wanting(workspace, change.connection, also))
    for note_id, note, to in wanting:
        change.insert("concern_seals", note_id=note_id, sealed=_sealed(note, to))
    return len(wanting)


def _recipients(connection: Connection, not_for: Collection[str]) -> list[str]:
    there = readers(connection)
    if not there:
        raise CisError(
            "no_lead",
            "Nobody reads concerns here yet",
            "Nothing was saved, because nobody could have read it. Name the safeguarding lead first: in Settings, or "
            "with `concern DIR lead NAME`.",
        )
    left = [each.recipient for each in there if not any(same(each.name, name) for name in not_for)]
    kits = [slot.recipient for slot in _kits(connection)]
    if not left and not kits:
        raise CisError(
            "nobody_left",
            "Nobody else could read it",
            "Whoever it is kept from is the only one who reads concerns, so nothing was saved. Name a deputy first, "
            "or take it to somebody outside the group, such as the council’s safeguarding team.",
        )
    return sorted({*left, *kits})


def _kits(connection: Connection) -> list[Slot]:
    return [slot for slot in slots.current(connection) if slot.kind == "recovery"]


def _refuse_others(workspace: Workspace) -> None:
    if readers(workspace.read) and not may_read(workspace):
        raise _not_for_you()


def _not_for_you() -> CisError:
    return CisError(
        "not_for_you",
        "Only those who read concerns can do that",
        "Nothing was changed. Ask the safeguarding lead or the deputy, who do it under their own passphrase.",
    )


def _some_words(words: str) -> str:
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise CisError(
            "no_words",
            "Write what it is about",
            f"It needs some words, {LONGEST:,} letters at most. Nothing was saved.",
        )
    return words
