"""One exchange by a folder: read what others wrote there, write what they lack, take away what everybody has.

Which sets a laptop holds is in each of its files, so nobody has to ask: whatever anybody lacks, and no file in the
folder has, the first one who holds it writes. Any order, repetition and gap is fine, and a laptop that is gone strands
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import sqlcipher3

from cis_desktop.errors import CisError
from cis_desktop.saving import make_folder, save
from cis_desktop.sync import files, packing, receipts, snapshot
from cis_desktop.sync.believing import refuse_unbelievable
from cis_desktop.sync.files import Page, Read, Run
from cis_desktop.sync.folder import WHOLE, Lying, bytes_of, lying, not_reached
from cis_desktop.sync.held import keep
from cis_desktop.sync.invitations import Invitation, answer, joining
from cis_desktop.sync.known import Known, erased_rows, known_files, known_marks, last_number, peers, remember
from cis_desktop.sync.laptops import Laptop, Own, begin, identities, laptops, not_shared, uid_of
from cis_desktop.sync.place import GROUP
from cis_desktop.vault.chunks import unpack
from cis_desktop.vault.database import file_trouble
from cis_desktop.vault.history import now
from cis_desktop.vault.merge import Merged
from cis_desktop.vault.progress import Tell, untold
from cis_desktop.vault.removal import said_in
from cis_desktop.vault.sets import ChangeSet, Vector, held, sets_since
from cis_desktop.vault.store import uncollected
from cis_desktop.vault.tables import APPLYING, Connection
from cis_desktop.workspace import Workspace, setting

SETS_IN_FILE, BYTES_IN_FILE = 100_000, 16 << 20
"""What goes into one file at most: one that is half there has to be copied anew."""
NOT_OURS = (ValueError, TypeError, LookupError, OverflowError, AttributeError)
"""What is raised on the way by change sets that hold what no app of ours writes."""
KEPT = "Kept what a laptop wrote before it was known to be taken away"
"""The words of the change by which a laptop says so without a person."""
ASKS = "asks"
"""The name of the file with which a laptop that was invited asks for the record."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file in the folder that was read, and the change sets in it."""

    lying: Lying
    read: Read
    sets: tuple[ChangeSet, ...]


@dataclass(slots=True)
class Exchanged:
    """What an exchange did. `sent` and `received` count change sets.

    `waiting` names sets that wait for others; `strange` are files that no laptop of this group wrote or that are not
    whole yet, `newer` those of a later version of the app, `joined` laptops that were taken in. `asked`: this laptop
    waits for the group's record; `whole` are the files that may be it, where they were to be left alone.
    """

    sent: int = 0
    received: int = 0
    written: list[Path] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    strange: list[Path] = field(default_factory=list)
    newer: list[Path] = field(default_factory=list)
    joined: list[Laptop] = field(default_factory=list)
    asked: bool = False
    whole: list[Path] = field(default_factory=list)


@uncollected()
def exchange(workspace: Workspace, folder: Path, tell: Tell = untold, *, reading: bool = False) -> Exchanged:
    """Exchange with the other laptops by a folder. Raises CisError; what was read until then is in the record.

    `tell` hears how far it is (files); what it raises ends it. While somebody is `reading`, a laptop that waits for the
    group's record only asks for it: taking it needs the vault alone.
    """
    with workspace.reader() as connection:
        waiting = joining(connection)
        if waiting is None and not setting(connection, GROUP):
            raise not_shared()
    done = Exchanged()
    there = lying(folder)
    if waiting is not None:
        if reading:
            done.whole = [one.path for one in there if one.path.name.startswith(WHOLE)]
        if not _join(workspace, *waiting, folder, [] if reading else there, done, tell):
            return done
        there = lying(folder)
    me = begin(workspace)
    # Before, too: what arrives may speak again of a laptop that was taken away.
    receipts.write_due(workspace, me)
    _receive(workspace, there, done, tell)
    _go_on_with_removed(workspace)
    receipts.write_due(workspace, me)
    _give_whole(workspace, me, folder, done, tell)
    _send(workspace, me, folder, there, done, tell)
    return done


def _receive(workspace: Workspace, there: list[Lying], done: Exchanged, tell: Tell) -> None:
    with workspace.reader() as connection:
        seen = known_marks(connection)
        ours = identities(connection)
        group = setting(connection, GROUP)
    found: list[Arrived] = []
    asking: list[Read] = []
    for at, one in enumerate(there):
        tell(at, len(there))
        if one.mark in seen or one.size > files.LARGEST or one.path.name.startswith(WHOLE):
            continue
        read = files.read(bytes_of(one.path), ours)
        if read is files.NEWER:
            done.newer.append(one.path)
        elif not isinstance(read, Read) or read.page.group != group:
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


def _join(
    workspace: Workspace, waiting: Invitation, me: Own, folder: Path, there: list[Lying], done: Exchanged, tell: Tell
) -> bool:
    """Take the group's record if it is there; if not, ask for it. Says whether it was taken."""
    path = folder / me.device.hex()[:16] / f"{ASKS}{files.ENDING}"
    for one in there:
        if one.path.name.startswith(WHOLE) and snapshot.take(
            workspace, one.path, me, waiting.group, bytes.fromhex(waiting.public_key), tell
        ):
            _take_away(path)
            return True
    if not path.exists():
        page = Page(
            "asks", waiting.group, me.device, me.name, me.recipient, 0, now(), {}, token=bytes.fromhex(waiting.token)
        )
        save_there(path, files.seal(page, me.private, [waiting.recipient]))
        done.written.append(path)
    done.asked = True
    return False


def _trusted(connection: Connection, found: Collection[Arrived]) -> list[Arrived]:
    """Give the files that a laptop of the group signed which is not taken away, nor is by one of the others."""
    there = {bytes.fromhex(each.public_key): each for each in laptops(connection)}

    def who(read: Read) -> Laptop | None:
        if (signer := there.get(read.signer)) is not None:
            return signer if signer.device == read.page.device.hex() else None
        # The nearest that is known: who was taken away vouches for nobody.
        return next((there[key] for key in files.introducers(read) if key in there), None)

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
                (row,) = change.connection.execute("select id from laptops where device = ?", (device,)).fetchone()
                change.choose("laptops", row, "removed_after", last_one)
        # What waited of it may count now.
        workspace.vault.receive([])


def _said_of_removal(connection: Connection, device: str) -> set[tuple[int | None, bool]]:
    """Give the last set that counts of a laptop as different ones say, and whether one said so by itself."""
    rows = connection.execute(
        "select e.value, s.words = ? from edits e join laptops l on l.id = e.row join change_sets s on s.id = e.set_id"
        " where e.tbl = 'laptops' and e.field = 'removed_after' and e.superseded = 0 and l.device = ?",
        (KEPT, device),
    )
    return {(unpack(value), bool(by_itself)) for value, by_itself in rows}


def _give_whole(workspace: Workspace, me: Own, folder: Path, done: Exchanged, tell: Tell) -> None:
    """Write the whole record for each laptop that was just taken in; take it away once that one has it."""
    for laptop in done.joined:
        if not snapshot.path_for(folder, me, laptop).exists():
            done.written.append(snapshot.make(workspace, me, laptop, folder, tell))
    with workspace.reader() as connection:
        heard = peers(connection)
        there = laptops(connection)
    for laptop in there:
        if laptop.removed or (laptop.device in heard and heard[laptop.device].number):
            _take_away(snapshot.path_for(folder, me, laptop))


def _send(workspace: Workspace, me: Own, folder: Path, there: list[Lying], done: Exchanged, tell: Tell) -> None:
    with workspace.reader() as connection:
        erased = erased_rows(connection)
        by_mark = known_files(connection, {one.mark for one in there})
        in_folder = [(one, by_mark[one.mark]) for one in there if one.mark in by_mark]
        mine = [(one, known) for one, known in in_folder if known.device == me.device.hex()]
        # What holds what is erased by now is written anew, without it.
        stale = [(one, known) for one, known in mine if known.runs and known.erased < erased]
        there_too = [each for each in laptops(connection) if not each.removed]
        # Nobody reads any more what a laptop wrote that was taken away.
        members = {each.device for each in there_too}
        kept = [known for one, known in in_folder if (one, known) not in stale and known.device in members]
        others = [each for each in there_too if each.device != me.device.hex()]
        heard = peers(connection)
        have = held(connection)
        lacking = {each.device: heard[each.device].has if each.device in heard else {} for each in others}
        wanted = _wanted(connection, have, lacking, kept)
        number = last_number(connection, me.device)
        newest = max((known for _, known in mine), key=lambda known: known.number, default=None)
        group = setting(connection, GROUP) or ""
        to = [each.recipient for each in others] + [me.recipient]
        readers = [bytes.fromhex(each.device) for each in others]
        batches = list(_batches(wanted))
        if not batches and others and (newest is None or newest.has != have or stale):
            # Nothing new for them: this only tells what is here by now.
            batches = [[]]
        for at, batch in enumerate(batches):
            tell(at, len(batches))
            number += 1
            page = Page(
                "changes", group, me.device, me.name, me.recipient, number, now(), have, readers,
                _runs(batch), packing.pack(batch) if batch else b"", list(me.introduced),
            )  # fmt: skip
            done.written.append(_write(workspace, me, folder, page, to, erased))
            done.sent += len(batch)
    for one, known in mine:
        superseded = all(_covers(has, known.runs) for has in lacking.values()) and (done.written or known is not newest)
        if (one, known) in stale or superseded:
            _take_away(one.path)


def _wanted(
    connection: Connection, have: Vector, lacking: dict[str, Vector], there: list[Known]
) -> Iterator[ChangeSet]:
    """Yield, in an order in which they can be applied, the sets that somebody lacks and no file there has for them."""
    wanted: dict[bytes, set[int]] = {}
    for each, has in lacking.items():
        brought = [run for known in there if each in known.to for run in known.runs]
        for device, last in have.items():
            from_here = has.get(device, 0) + 1
            numbers = set(range(from_here, last + 1))
            for by, first, end in brought:
                if by == device:
                    numbers.difference_update(range(max(first, from_here), min(end, last) + 1))
            wanted.setdefault(device, set()).update(numbers)
    before = {device: min(numbers, default=have[device] + 1) - 1 for device, numbers in wanted.items()}
    for one in sets_since(connection, {**have, **before}):
        if one.seq in wanted.get(one.device, ()):
            yield one


def _batches(sets: Iterable[ChangeSet]) -> Iterator[list[ChangeSet]]:
    batch: list[ChangeSet] = []
    size = 0
    for one in sets:
        batch.append(one)
        size += sum(map(len, one.chunks))
        if len(batch) >= SETS_IN_FILE or size >= BYTES_IN_FILE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _runs(sets: Iterable[ChangeSet]) -> list[Run]:
    """Give the runs that these sets make."""
    runs: list[Run] = []
    for device, seq in sorted((one.device, one.seq) for one in sets):
        if runs and runs[-1][0] == device and runs[-1][2] == seq - 1:
            runs[-1] = (device, runs[-1][1], seq)
        else:
            runs.append((device, seq, seq))
    return runs


def _covers(has: Vector, runs: Iterable[Run]) -> bool:
    return all(has.get(device, 0) >= last for device, _, last in runs)


def _write(workspace: Workspace, me: Own, folder: Path, page: Page, to: list[str], erased: int) -> Path:
    raw = files.seal(page, me.private, to)
    path = folder / me.device.hex()[:16] / f"{page.number:06d}{files.ENDING}"
    save_there(path, raw)
    with workspace.vault.transaction(APPLYING) as connection:
        remember(connection, files.mark(raw), page, erased)
    return path


def save_there(path: Path, raw: bytes) -> None:
    """Write a file into the shared folder, whole or not at all, and read it back. Raises CisError."""
    try:
        make_folder(path.parent)
        if path.exists():
            raise CisError(
                "sync_file_there",
                "A file of this laptop is there already",
                f"The file {path.name} in the folder of this laptop was not written by it, or by an older copy of this "
                "record. Nothing was written. Move that file away, then do this again.",
            )
        save(path, raw)
        # A stick that is failing is noticed now, and not at the other laptop.
        if path.read_bytes() != raw:
            raise OSError(None, "what was written there is not what can be read")
    except OSError as error:
        raise not_reached(error) from error


def _take_away(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise not_reached(error) from error
