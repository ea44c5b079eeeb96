"""One exchange by a folder: read what others wrote there, write what they lack, take away what everybody has.

Which sets a laptop holds is in each of its files, so nobody has to ask: whatever anybody lacks, and no file in the
folder has, the first one who holds it writes. Any order, repetition and gap is fine, and a laptop that is gone strands
nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import sqlcipher3

from cis_desktop.errors import CisError
from cis_desktop.sync import files, packing, receipts, snapshot
from cis_desktop.sync.believing import is_count, refuse_unbelievable
from cis_desktop.sync.exchanged import Exchanged
from cis_desktop.sync.files import Read, Unread
from cis_desktop.sync.folder import WHOLE, Lying, lying, why
from cis_desktop.sync.giving import give
from cis_desktop.sync.held import keep
from cis_desktop.sync.invitations import Invitation, answer, joining
from cis_desktop.sync.known import erased_rows, known_marks, peers, remember
from cis_desktop.sync.laptops import Laptop, Own, begin, identities, laptops, not_shared, uid_of
from cis_desktop.sync.place import GROUP
from cis_desktop.vault.chunks import unpack
from cis_desktop.vault.database import file_trouble
from cis_desktop.vault.merge import NOT_OURS, Merged
from cis_desktop.vault.progress import Tell, untold
from cis_desktop.vault.removal import said_in
from cis_desktop.vault.sets import ChangeSet, held
from cis_desktop.vault.store import uncollected
from cis_desktop.vault.tables import APPLYING, Connection
from cis_desktop.workspace import Workspace, setting

KEPT = "Kept what a laptop wrote before it was known to be taken away"
"""The words of the change by which a laptop says so without a person."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file in the folder that was read, and the change sets in it."""

    lying: Lying
    read: Read
    sets: tuple[ChangeSet, ...]


@uncollected()
def exchange(workspace: Workspace, folder: Path, tell: Tell = untold, *, reading: bool = False) -> Exchanged:
    """Exchange with the other laptops by a folder. Raises CisError; what was read until then is in the record.

    `tell` hears how far it is (files); what it raises ends it. While somebody is `reading`, a laptop that waits for the
    group's record only asks for it: taking it needs the vault alone.
    """
    there = lying(folder)
    done = take(workspace, there, tell, reading)
    give(workspace, folder, there, done, tell)
    return done


def take(workspace: Workspace, there: list[Lying], tell: Tell = untold, reading: bool = False) -> Exchanged:
    """Take in what is in these files, as `exchange` does. Raises CisError."""
    with workspace.reader() as connection:
        waiting = joining(connection)
        if waiting is None and not setting(connection, GROUP):
            raise not_shared()
    done = Exchanged()
    if waiting is not None and reading:
        done.whole = [one.path for one in there if WHOLE in one.path.name]
    if waiting is not None and (reading or not _took_whole(workspace, *waiting, there, tell)):
        done.asked = True
        return done
    me = begin(workspace)
    # Before, too: what arrives may speak again of a laptop that was taken away.
    receipts.write_due(workspace, me)
    _receive(workspace, there, done, tell)
    _go_on_with_removed(workspace)
    receipts.write_due(workspace, me)
    return done


def _receive(workspace: Workspace, there: list[Lying], done: Exchanged, tell: Tell) -> None:
    with workspace.reader() as connection:
        seen = known_marks(connection)
        ours = identities(connection)
        group = setting(connection, GROUP)
    found: list[Arrived] = []
    asking: list[Read] = []
    unread = {Unread.NEWER: done.newer, Unread.HALF: done.half, Unread.STRANGE: done.strange, Unread.WHOLE: []}
    for at, one in enumerate(there):
        tell(at, len(there))
        if one.trouble:
            done.unreadable.append(one)
            continue
        if one.mark in seen or one.size > files.LARGEST or WHOLE in one.path.name:
            continue
        try:
            raw = one.path.read_bytes()
        except FileNotFoundError:
            # Its laptop, or the cloud service, has taken it away meanwhile.
            continue
        except OSError as error:
            done.unreadable.append(replace(one, trouble=why(error)))
            continue
        # It may have grown since it was listed: what is noted is what was read.
        one = there[at] = replace(one, size=len(raw), mark=files.mark(raw))
        if one.mark in seen:
            continue
        read = files.read(raw, ours)
        if not isinstance(read, Read):
            unread[read].append(one.path)
        elif read.page.group != group:
            done.strange.append(one.path)
        elif read.page.kind == "asks":
            asking.append(read)
        else:
            try:
                sets = tuple(packing.unpack(read.page.sets)) if read.page.sets else ()
                refuse_unbelievable(sets)
                found.append(Arrived(one, read, sets))
            except (*NOT_OURS, CisError):
                done.strange.append(one.path)
    # Until nobody new is heard of: whose file is read may itself be told in another one.
    while found:
        with workspace.reader() as connection:
            taking = _trusted(connection, found)
        if not taking:
            break
        _take(workspace, taking, done, tell)
        found = [each for each in found if each not in taking]
    # Not noted as read: it is read again if that laptop is taken back in.
    done.strange += [each.lying.path for each in found if not keep(workspace, each.read, each.sets)]
    for read in asking:
        with workspace.reader() as connection:
            heard = peers(connection)
        laptop = answer(workspace, read)
        if laptop is not None and not (laptop.device in heard and heard[laptop.device].number):
            done.joined.append(laptop)


def _took_whole(workspace: Workspace, waiting: Invitation, me: Own, there: list[Lying], tell: Tell) -> bool:
    """Take the group's record if it is there; say whether it was."""
    signer = bytes.fromhex(waiting.public_key)
    return any(snapshot.take(workspace, one, me, waiting.group, signer, tell) for one in there if one.size)


def _trusted(connection: Connection, found: Collection[Arrived]) -> list[Arrived]:
    """Give the files that a laptop of the group signed which is not taken away, nor is by one of the others."""
    there = {each.device: each for each in laptops(connection)}
    by_key = {bytes.fromhex(each.public_key): each for each in there.values()}

    def who(read: Read) -> Laptop | None:
        known = there.get(read.page.device.hex())
        if known is not None or read.signer in by_key:
            # One has one key, and a key is of one: a restored record is another laptop.
            return known if known is not None and known.public_key == read.signer.hex() else None
        # The nearest that is known: who was taken away vouches for nobody.
        return next((by_key[key] for key in files.introducers(read) if key in by_key), None)

    members = [each for each in found if (laptop := who(each.read)) is not None and not laptop.removed]
    gone = set()
    for each in members:
        with suppress(*NOT_OURS, CisError):
            gone |= {uid for uid, _ in said_in(each.sets)}
    # Where each is taken away by another, nobody is left to begin with.
    return [each for each in members if uid_of(each.read.page.device.hex()) not in gone] or members


def _take(workspace: Workspace, taking: list[Arrived], done: Exchanged, tell: Tell) -> None:
    """Merge what is in these files, each by itself: one that no app of ours wrote keeps no other out."""
    for at, each in enumerate(taking):
        tell(at, len(taking))
        try:
            merged: Merged = workspace.vault.receive(each.sets, hashed=True)
        except (*NOT_OURS, sqlcipher3.Error, CisError) as error:
            # Where somebody has stopped it, the file is as good as before.
            tell(at, len(taking))
            if file_trouble(error) or (isinstance(error, CisError) and error.code != "damaged_history"):
                raise
            done.strange.append(each.lying.path)
            continue
        done.received += merged.applied
        done.refused += merged.refused
        done.waiting = merged.waiting
        with workspace.vault.transaction(APPLYING) as connection:
            remember(connection, each.lying.mark, each.read.page, erased_rows(connection))


def _go_on_with_removed(workspace: Workspace) -> None:
    """Say that what a laptop wrote which was taken away counts, where this one had it before it heard of that.

    Several laptops may say so apart: then all of it counts. Whoever took it back in meanwhile decides, not they.
    """
    with workspace.reader() as connection:
        have = {device.hex(): seq for device, seq in held(connection).items()}
        agreed = dict[str, int | None]()
        for each in laptops(connection):
            said = _said_of_removal(connection, each.device)
            last = max([have.get(each.device, 0), *(number for number, _ in said if number is not None)])
            if each.removed_after is not None and last > each.removed_after:
                agreed[each.device] = last
            if len(said) > 1:
                by_people = {number for number, by_itself in said if not by_itself}
                if by_people == {None}:
                    agreed[each.device] = None
                elif None not in by_people:
                    agreed[each.device] = last
    if agreed:
        with workspace.change(KEPT) as change:
            for device, last_one in agreed.items():
                (row,) = change.connection.execute("select id from laptops where uid = ?", (uid_of(device),)).fetchone()
                change.choose("laptops", row, "removed_after", last_one)
        # What waited of it may count now.
        workspace.vault.receive([])


def _said_of_removal(connection: Connection, device: str) -> set[tuple[int | None, bool]]:
    """Give the last set that counts of a laptop as different ones say, and whether one said so by itself."""
    rows = connection.execute(
        "select e.value, s.words = ? from edits e join laptops l on l.id = e.row join change_sets s on s.id = e.set_id"
        " where e.tbl = 'laptops' and e.field = 'removed_after' and e.superseded = 0 and l.uid = ?",
        (KEPT, uid_of(device)),
    )
    said = [(unpack(value), bool(by_itself)) for value, by_itself in rows]
    return {(number, by_itself) for number, by_itself in said if number is None or is_count(number)}
