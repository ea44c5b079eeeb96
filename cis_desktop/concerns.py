"""Safeguarding concerns: anybody can write one, and only the lead and the deputy can read it.

What is written is sealed with age to the lead, the deputy and the recovery kits they agreed to, except to whoever the
writer says it is about: that is the way round a lead who is its subject. The writer cannot read it back either. A lead
reads with the identity of their own key slot, which is in memory only while the record is open under their passphrase;
a kit reads for those who agreed to it (`concern_readers.py`), so a forgotten passphrase loses no concern.

Nobody is to find out from the record that there is one which they cannot read: its change set names nobody and is in no
list of changes (`vault/log.py`), its reference is by chance and counts nothing, and what was sealed to somebody stays
readable to them, so that no reader can take another off in order to bury it. It cannot be undone (`vault/undo.py`).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

import msgspec
import pyrage

from cis_desktop.concern_drafts import sealed_to
from cis_desktop.concern_readers import Kit, Reader, Role, agree, kits, refuse_place
from cis_desktop.concern_readers import readers as readers
from cis_desktop.decoding import from_json
from cis_desktop.errors import CisError
from cis_desktop.vault import slots
from cis_desktop.vault.history import Change, now
from cis_desktop.vault.tables import Connection
from cis_desktop.words import day, minute, same
from cis_desktop.words import listed as listed_words
from cis_desktop.workspace import Workspace

LONGEST = 20_000
"""Letters in a concern or a decision."""
LONGEST_ABOUT = 500
ALPHABET = "23456789BCDFGHJKMNPQRTVWXYZ"
"""Of references: no vowels, which make words, and nothing that is taken for something else."""
UNNAMED = "Somebody"
"""Who wrote a concern, in the history. Who it was is sealed with it."""


class Note(msgspec.Struct, frozen=True):
    """What a concern or a decision says, as it is sealed.

    `readers` are the recipients it was sealed to, `not_for` the names and `without` the recipients of those left out.
    """

    words: str
    by: str
    at: str
    about: str = ""
    not_for: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concern:
    """A concern that whoever has the record open may read, with the decisions on it in their order."""

    id: int
    reference: str
    note: Note
    decisions: tuple[Note, ...]


def may_read(workspace: Workspace) -> bool:
    """Say whether whoever has the record open is one of those who read concerns, or came in with a kit that does."""
    own = workspace.recipient
    kit = any(each.recipient == own and each.agreed for each in kits(workspace.read))
    return kit or reader_here(workspace) is not None


def reader_here(workspace: Workspace) -> Reader | None:
    """Give the reader under whose own passphrase the record is open."""
    return next((each for each in readers(workspace.read) if each.recipient == workspace.recipient), None)


def kits_to_agree(workspace: Workspace) -> list[Kit]:
    """List the recovery kits that the reader who is here has not agreed to; none for anybody else."""
    reader = reader_here(workspace)
    return [] if reader is None else [kit for kit in kits(workspace.read) if not kit.opens_for((reader.name,))]


def agree_to_kits(workspace: Workspace, ids: Collection[str] | None = None) -> int:
    """Let recovery kits open what the reader who is here may read: all, or those of these ids; give how many.

    Raises CisError `not_for_you` for whoever is no reader under their own passphrase.
    """
    reader = reader_here(workspace)
    if reader is None:
        raise not_for_you()
    found = [kit for kit in kits_to_agree(workspace) if ids is None or kit.id in ids]
    if found:
        with workspace.change("Let a recovery kit open concerns") as change:
            for kit in found:
                agree(change, kit.recipient, reader.name)
            seal_anew(workspace, change)
    return len(found)


def opened_by_kit(connection: Connection, not_for: Collection[str] = ()) -> bool:
    """Say whether some recovery kit will open a concern that is kept from readers of these names."""
    names = [each.name for each in readers(connection) if not any(same(each.name, name) for name in not_for)]
    return any(kit.opens_for(names) for kit in kits(connection))


def appoint(workspace: Workspace, way_id: str, role: Role) -> None:
    """Make a person with a passphrase here the lead or the deputy; they can read the concerns there are, too.

    The first is named by anybody, the next by those who read already. Whoever names themselves first agrees to the
    recovery kits that are there; anybody else only to those they made. Raises CisError `not_for_you`, or `no_way_in`
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
    first = not readers(workspace.read) and person.recipient == workspace.recipient
    with workspace.change("Named who reads concerns") as change:
        for each in readers(change.connection):
            if each.recipient == person.recipient:
                change.delete("concern_readers", each.id)
        change.insert("concern_readers", name=person.name, role=role, recipient=person.recipient)
        for kit in kits(change.connection):
            if first or same(kit.made_by, person.name):
                agree(change, kit.recipient, person.name)
        seal_anew(workspace, change)


def dismiss(workspace: Workspace, reader_id: int) -> None:
    """Let somebody no longer read concerns that are written from now on; what they could read they could copy.

    Raises CisError `not_for_you`, and `no_lead` for the last one.
    """
    _refuse_others(workspace)
    if not [each for each in readers(workspace.read) if each.id != reader_id]:
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
    """Let a reader who comes in anew with the recovery kit read under a new recipient, and the kit `kit` what that did.

    Before the record is put under the new keys, so that no concern is lost however that ends. Of what is written from
    then on the new kit reads what that reader may, until another agrees to it as well. Raises CisError
    `kit_not_agreed` where that reader did not agree to the kit that was used.
    """
    refuse_place(workspace.read, name, workspace.recipient)
    with workspace.change("Sealed the concerns to those who read them now") as change:
        # Not on their other laptops, which the kit does not open.
        here = {each.recipient for each in slots.current(change.connection)}
        for each in readers(change.connection):
            if same(each.name, name) and each.recipient in here:
                change.delete("concern_readers", each.id)
                change.insert("concern_readers", name=each.name, role=each.role, recipient=recipient)
                agree(change, kit, each.name)
        seal_anew(workspace, change, (kit,))


def write(workspace: Workspace, words: str, about: str = "", not_for: Collection[str] = ()) -> str:
    """Write a concern and give its reference, such as `K-7HQ4M`.

    `about` says in the writer's words who it is about; `not_for` are names of readers who must not see it. Raises
    CisError `no_words`, `no_lead` where nobody reads concerns, `no_such_reader` for a name that none of them has, and
    `nobody_left` where only those are left out read.
    """
    words, about = _some_words(words), _short(about)
    with _unnamed(workspace, "Wrote a safeguarding concern") as change:
        left_out = _left_out(change.connection, not_for)
        names, without = sorted({each.name for each in left_out}), sorted({each.recipient for each in left_out})
        note = Note(words, workspace.who, now(), about, tuple(names), without=tuple(without))
        to = _recipients(change.connection, note)
        reference = _new_reference(change.connection)
        concern = change.insert("concerns", reference=reference, written_on=date.today().isoformat())
        _add_note(change, concern, "concern", note, to)
    return reference


def decide(workspace: Workspace, concern_id: int, words: str) -> None:
    """Write what was decided on a concern, and why. Raises CisError `not_for_you` for whoever cannot read it."""
    words = _some_words(words)
    with _unnamed(workspace, "Wrote a decision on a safeguarding concern") as change:
        concern = next((each for each in listed(workspace, change.connection) if each.id == concern_id), None)
        if concern is None:
            raise not_for_you()
        note = Note(words, workspace.who, now(), not_for=concern.note.not_for, without=concern.note.without)
        # Whoever decides reads it, also where they were taken off meanwhile.
        to = sorted({*_recipients(change.connection, note, least=0), workspace.recipient})
        _add_note(change, concern_id, "decision", note, to)


def listed(workspace: Workspace, connection: Connection | None = None) -> list[Concern]:
    """List the concerns that whoever has the record open can read, newest first; with `connection`, through that.

    Somebody who was taken off goes on reading what was sealed to them: that is all there is to go by.
    """
    connection = connection or workspace.read
    found: dict[int, tuple[str, list[Note], list[Note]]] = {}
    rows = connection.execute(
        "select c.id, c.reference, n.id, n.kind from concerns c join concern_notes n on n.concern_id = c.id"
        " where c.gone = 0 and n.gone = 0 order by c.id desc, n.id"
    )
    for concern, reference, note_id, kind in rows:
        note = _unsealed(workspace, connection, note_id)
        if note is not None:
            _, concerns, decisions = found.setdefault(concern, (reference, [], []))
            (concerns if kind == "concern" else decisions).append(note)
    return [
        Concern(concern, reference, concerns[0], tuple(sorted(decisions, key=lambda each: each.at)))
        for concern, (reference, concerns, decisions) in found.items()
        if concerns
    ]


def waiting(workspace: Workspace, connection: Connection | None = None) -> int:
    """Count the concerns that whoever has the record open can read and nobody has decided anything on."""
    return sum(not each.decisions for each in listed(workspace, connection))


def renew(workspace: Workspace) -> int:
    """Seal what can be read here to whoever may read it by now, such as a new deputy; give how many notes that were."""
    if not may_read(workspace):
        return 0
    with _unnamed(workspace, "Sealed the concerns to those who read them now") as change:
        return seal_anew(workspace, change)


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
    return sealed_to(msgspec.json.encode(msgspec.structs.replace(note, readers=tuple(to))), to)


def _unsealed(workspace: Workspace, connection: Connection, note_id: int) -> Note | None:
    return next(_opened(workspace, connection, note_id), None)


def _opened(workspace: Workspace, connection: Connection, note_id: int) -> Iterator[Note]:
    """Give a note out of each seal of it that can be opened here; the newest is the one for most readers."""
    if not workspace.identity:
        return
    identity = pyrage.x25519.Identity.from_str(workspace.identity)
    for (sealed,) in connection.execute(
        "select sealed from concern_seals where note_id = ? and gone = 0 order by id desc", (note_id,)
    ):
        try:
            yield from_json(pyrage.decrypt(sealed, [identity]), Note)
        except (pyrage.DecryptError, msgspec.DecodeError):
            continue


def _wanting(
    workspace: Workspace, connection: Connection, also: Sequence[str] = ()
) -> Iterator[tuple[int, Note, list[str]]]:
    """Give the notes that can be read here and somebody who may read them now cannot, with their recipients."""
    for (note_id,) in connection.execute("select id from concern_notes where gone = 0 order by id").fetchall():
        notes = list(_opened(workspace, connection, note_id))
        if notes:
            to = sorted({*_recipients(connection, notes[0], least=0), *also})
            # Each laptop knows only its own kits, so each seals to others: what counts is all seals together.
            if not set(to) <= {reader for note in notes for reader in note.readers}:
                yield note_id, notes[0], to


def seal_anew(workspace: Workspace, change: Change, also: Sequence[str] = ()) -> int:
    """Seal what can be read here to whoever may read it by now; give how many notes that were. Call inside a change."""
    wanting = list(_wanting(workspace, change.connection, also))
    for note_id, note, to in wanting:
        change.insert("concern_seals", note_id=note_id, sealed=_sealed(note, to))
    return len(wanting)


def _recipients(connection: Connection, note: Note, least: int = 1) -> list[str]:
    """Give who may read a note: readers not left out, of whom there must be `least`, and the kits they agreed to."""
    there = readers(connection)
    if not there and least:
        raise CisError(
            "no_lead",
            "Nobody reads concerns here yet",
            "Nothing was saved, because nobody could have read it. Name the safeguarding lead first: at “Concerns”, or "
            "with `concern DIR lead NAME`.",
        )
    left = [
        each.recipient
        for each in there
        if each.recipient not in note.without and not any(same(each.name, name) for name in note.not_for)
    ]
    # The kit alone will not do: it lies in a drawer, and nobody would know.
    if len(left) < least:
        raise CisError(
            "nobody_left",
            "Nobody else would read it",
            "Whoever it is kept from is the only one who reads concerns, so nothing was saved. Have a deputy named, or "
            "take it to somebody outside the group, such as the council’s safeguarding team.",
        )
    names = [each.name for each in there if each.recipient in left]
    return sorted({*left, *(kit.recipient for kit in kits(connection) if kit.opens_for(names))})


def _left_out(connection: Connection, names: Collection[str]) -> list[Reader]:
    """Give the readers of these names. A name that none of them has must not pass for one that is left out."""
    there = readers(connection)
    for name in names:
        if there and not any(same(each.name, name) for each in there):
            raise CisError(
                "no_such_reader",
                "Nobody of that name reads concerns",
                f"It would not have been kept from anybody called {name[:80]}, so nothing was saved. Those who read "
                f"them are {listed_words([each.name for each in there])}.",
            )
    return [each for each in there if any(same(each.name, name) for name in names)]


def _new_reference(connection: Connection) -> str:
    """Give a reference by chance: one that counts would tell whoever reads some of them that there are others."""
    taken = {each for (each,) in connection.execute("select reference from concerns")}
    while True:
        reference = "K-" + "".join(secrets.choice(ALPHABET) for _ in range(5))
        if reference not in taken:
            return reference


def _unnamed(workspace: Workspace, words: str) -> AbstractContextManager[Change]:
    return workspace.vault.change(UNNAMED, words)


def _refuse_others(workspace: Workspace) -> None:
    if readers(workspace.read) and not may_read(workspace):
        raise not_for_you()


def not_for_you() -> CisError:
    """Say that only readers do this."""
    return CisError(
        "not_for_you",
        "Only those who read concerns can do that",
        "Nothing was changed. Ask the safeguarding lead or the deputy, who do it under their own passphrase.",
    )


def _short(about: str) -> str:
    about = " ".join(about.split())
    if len(about) > LONGEST_ABOUT:
        raise CisError(
            "no_words",
            "Say in a few words who it is about",
            f"That takes {LONGEST_ABOUT} letters at most; the rest belongs in what happened. Nothing was saved.",
        )
    return about


def _some_words(words: str) -> str:
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise CisError(
            "no_words",
            "Write what it is about",
            f"It needs some words, {LONGEST:,} letters at most. Nothing was saved.",
        )
    return words
