"""What a laptop writes for the others: what they lack, and the whole record for one that is new."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from cis_desktop.errors import CisError
from cis_desktop.saving import make_folder, save
from cis_desktop.sync import files, packing, snapshot
from cis_desktop.sync.exchanged import Exchanged
from cis_desktop.sync.files import Page, Run
from cis_desktop.sync.folder import Lying, not_reached
from cis_desktop.sync.invitations import Invitation, invited, joining
from cis_desktop.sync.known import Known, erased_rows, known_files, known_marks, last_number, peers, remember
from cis_desktop.sync.laptops import Own, begin, laptops, not_shared
from cis_desktop.sync.place import GROUP
from cis_desktop.vault.backup import size_of
from cis_desktop.vault.history import now
from cis_desktop.vault.progress import Tell, untold
from cis_desktop.vault.sets import ChangeSet, Vector, held, sets_since
from cis_desktop.vault.tables import APPLYING, Connection
from cis_desktop.workspace import Workspace, setting

SETS_IN_FILE = 100_000
"""What goes into one file at most: one that is half there has to be copied anew."""
ASKS = "asks"
"""The name of the file with which a laptop that was invited asks for the record."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes of changes go into one file, and how large the record may be to go as a whole (None: any)."""

    changes: int = 16 << 20
    whole: int | None = None


FOLDER = Room()


def give(
    workspace: Workspace, folder: Path, there: list[Lying], done: Exchanged, tell: Tell = untold,
    room: Room = FOLDER,
) -> None:  # fmt: skip
    """Write what the others lack into a folder where these files lie, and take away what all of them have.

    A record for which there is no `room` is not written, and is named in `done`. Raises CisError.
    """
    with workspace.reader() as connection:
        waiting = joining(connection)
        if waiting is None and not setting(connection, GROUP):
            raise not_shared()
    if waiting is not None:
        _ask(workspace, *waiting, folder, there, done)
        return
    me = begin(workspace)
    trouble = _give_whole(workspace, me, folder, done, tell, room.whole)
    _send(workspace, me, folder, there, done, tell, room.changes)
    if trouble:
        raise trouble


def _ask(workspace: Workspace, waiting: Invitation, me: Own, folder: Path, there: list[Lying], done: Exchanged) -> None:
    """Ask for the group's record, if that does not lie there already."""
    done.asked = True
    with workspace.reader() as connection:
        known = known_marks(connection)
    if not any(one.mark in known for one in there):
        token = bytes.fromhex(waiting.token)
        page = Page("asks", waiting.group, me.device, me.name, me.recipient, 0, now(), {}, token=token)
        path = folder / me.device.hex()[:16] / f"{ASKS}{files.ENDING}"
        # One that was ended before it had noted what it wrote asks again: the name is this laptop's alone.
        _take_away(path, done)
        done.written.append(_write(workspace, me, path, page, [waiting.recipient], 0))


def _give_whole(
    workspace: Workspace, me: Own, folder: Path, done: Exchanged, tell: Tell, most: int | None
) -> CisError | None:  # fmt: skip
    """Write the whole record for each laptop that came in here and has not got it; take it away once that one has.

    Gives why one could not be written: that laptop waits, and what the others lack is written all the same.
    """
    trouble: CisError | None = None
    with workspace.reader() as connection:
        heard = peers(connection)
        there = laptops(connection)
        came = {each.used_by for each in invited(connection)}
        size = size_of(connection)
    for laptop in there:
        path = snapshot.path_for(folder, me, laptop)
        if laptop.removed or (laptop.device in heard and heard[laptop.device].number):
            _take_away(path, done)
        elif laptop.device in came and most is not None and size > most:
            done.too_large.append(laptop)
        elif laptop.device in came and not path.exists():
            try:
                done.written.append(snapshot.make(workspace, me, laptop, folder, tell))
            except CisError as error:
                done.not_given.append(laptop)
                trouble = trouble or error
    return trouble


def _send(
    workspace: Workspace, me: Own, folder: Path, there: list[Lying], done: Exchanged, tell: Tell, most: int
) -> None:
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
        for each in [*done.too_large, *done.not_given]:
            # What lies in its record by then, it says itself.
            del lacking[each.device]
        wanted = _wanted(connection, have, lacking, kept)
        number = last_number(connection, me.device)
        newest = max((known for _, known in mine), key=lambda known: known.number, default=None)
        group = setting(connection, GROUP) or ""
        to = [each.recipient for each in others] + [me.recipient]
        readers = [bytes.fromhex(each.device) for each in others]
        batches = list(_batches(wanted, most))
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
            path = folder / me.device.hex()[:16] / f"{number:06d}{files.ENDING}"
            done.written.append(_write(workspace, me, path, page, to, erased))
            done.sent += len(batch)
    for one, known in mine:
        superseded = all(_covers(has, known.runs) for has in lacking.values()) and (done.written or known is not newest)
        if (one, known) in stale or superseded:
            _take_away(one.path, done)


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


def _batches(sets: Iterable[ChangeSet], most: int) -> Iterator[list[ChangeSet]]:
    batch: list[ChangeSet] = []
    size = 0
    for one in sets:
        batch.append(one)
        size += sum(map(len, one.chunks))
        if len(batch) >= SETS_IN_FILE or size >= most:
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


def _write(workspace: Workspace, me: Own, path: Path, page: Page, to: list[str], erased: int) -> Path:
    raw = files.seal(page, me.private, to)
    path = save_there(path, raw)
    with workspace.vault.transaction(APPLYING) as connection:
        remember(connection, files.mark(raw), page, erased)
    return path


def save_there(path: Path, raw: bytes) -> Path:
    """Write a file into the shared folder, whole or not at all, and read it back; give its path. Raises CisError.

    Where something else has the name, it gets another: what a file is, it says inside.
    """
    try:
        make_folder(path.parent)
        names = (path.with_name(f"{path.stem}{f'-{more}' if more else ''}{path.suffix}") for more in count())
        free = next(each for each in names if not os.path.lexists(each))
        save(free, raw, read_back=True)
    except OSError as error:
        raise not_reached(error) from error
    return free


def _take_away(path: Path, done: Exchanged) -> None:
    """Take a file away. One that cannot be, as where a service has it open, waits for the next exchange."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        done.staying.append(path)
