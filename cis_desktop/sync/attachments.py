"""Email as the way between laptops: the same files as in a folder, each in a draft of its own, and back from there.

Nobody sees what arrived, so what the others lack is only what they said themselves: what was lost is in the next email
again. A file too large for one message goes in parts, which are put together when all are there.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from cis_desktop import letters, words
from cis_desktop.errors import CisError
from cis_desktop.letters import Attached, Letter, draft
from cis_desktop.saving import make_folder, save
from cis_desktop.sync import exchange
from cis_desktop.sync.exchanged import Exchanged
from cis_desktop.sync.files import ENDING, SEALED
from cis_desktop.sync.folder import MOST, WHOLE, Lying
from cis_desktop.sync.giving import Room, give
from cis_desktop.sync.known import known_marks
from cis_desktop.vault.progress import Tell, part, untold
from cis_desktop.workspace import BACKUPS, Workspace

ATTACHED = 7_000_000
"""Bytes of a file in one message, which then has under 10 MB: what the mailboxes of most councils take."""
MESSAGES = 10
"""Messages that are sensible for a whole record; a larger one goes by stick."""
MOST_NAMED = 20
"""Parts that are named one by one where they are missing: whoever wrote a file says how many it has."""
MOST_IN_EMAIL = 1000
"""Files in one email that are looked at, and parts in which one file may come: of both there are a few."""
SEALING = 0.9
"""How much of a file is what is sealed in it, at least."""
PART = b"cis-part 1\n"
"""What a part begins with; then follow the SHA-256 of the whole, which part it is and of how many, and the part."""
_HEAD = struct.Struct(">32sHH")
HEAD = len(PART) + _HEAD.size


def write_drafts(workspace: Workspace, out: Path, tell: Tell = untold, attached: int = ATTACHED) -> Exchanged:
    """Write what the other laptops lack into a folder, as email drafts to send to them. Raises CisError.

    In a laptop that was invited, the draft asks for the record. `tell` hears how far it is; what it raises ends it,
    with no draft left.
    """
    done = Exchanged()
    room = Room(int(attached * SEALING), int(attached * MESSAGES * SEALING))
    try:
        with tempfile.TemporaryDirectory(dir=_desk(workspace), prefix=".backup-") as desk:
            give(workspace, Path(desk), [], done, part(tell, 0, 0.7), room)
            pieces = [each for path in done.written for each in _pieces(path, attached)]
            make_folder(out)
            done.written = _drafts(pieces, out, part(tell, 0.7, 1))
    except OSError as error:
        raise CisError(
            "drafts_not_written",
            "The emails could not be written",
            f"The folder refused them ({error.strerror or type(error).__name__}). The record is as it was, and what "
            "the other laptops lack is written again next time. Make room or choose another folder, and do this again.",
        ) from error
    return done


def take(workspace: Workspace, given: Sequence[Path], tell: Tell = untold) -> Exchanged:
    """Take in sync files, saved emails with such files, and what of both lies in folders. Raises CisError.

    What else lies in a folder is not looked at. Any order and any number of times is fine.
    """
    with workspace.reader() as connection:
        seen = frozenset(known_marks(connection))
    with tempfile.TemporaryDirectory(dir=_desk(workspace), prefix=".backup-") as name:
        desk = Desk(Path(name), seen)
        try:
            desk.lay(given, part(tell, 0, 0.3))
        except OSError as error:
            raise CisError(
                "not_taken_in",
                "These files cannot be read",
                f"{error.filename or 'One of them'} could not be opened ({error.strerror or type(error).__name__}). "
                "Nothing was changed. Choose the files again.",
            ) from error
        done = exchange.take(workspace, desk.there, part(tell, 0.3, 1))
        for paths in (done.strange, done.half, done.newer):
            paths[:] = [desk.came_in.get(path, path) for path in paths]
        done.empty = desk.empty
        done.half += desk.half
        done.missing = desk.missing
    return done


def _drafts(pieces: Sequence[tuple[str, bytes]], out: Path, tell: Tell) -> list[Path]:
    """Write a draft for each piece, or none."""
    written: list[Path] = []
    try:
        for number, (name, data) in enumerate(pieces, 1):
            tell(number, len(pieces))
            said = _letter(number, len(pieces), data.startswith(PART), name.startswith(WHOLE))
            path = letters.new_draft(out, f"sync-{name}")
            save(path, draft(said, [Attached(name + ENDING, "application/octet-stream", data)]))
            written.append(path)
    except BaseException:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise
    return written


class Desk:
    """Where what came by email is laid out as the files that it was: `there`, each once, and not what was `seen`.

    `came_in` gives what each came in, `empty` are files in which nothing was, `half` those that are not whole, and
    `missing` says which parts are.
    """

    def __init__(self, folder: Path, seen: frozenset[bytes]) -> None:
        self.there: list[Lying] = []
        self.came_in: dict[Path, Path] = {}
        self.empty: list[Path] = []
        self.half: list[Path] = []
        self.missing: list[str] = []
        self._folder, self._seen = folder, set(seen)
        self._senders: dict[Path, str] = {}
        self._parts: dict[tuple[bytes, int], dict[int, Path]] = {}

    def lay(self, given: Sequence[Path], tell: Tell = untold) -> None:
        """Lay out what is in these files and folders. Raises OSError."""
        named = [each for each in given if not each.is_dir()]
        among = [path for each in given if each.is_dir() for path in sorted(each.iterdir())[:MOST] if may_be_one(path)]
        for at, path in enumerate([*named, *among]):
            tell(at, len(named) + len(among))
            self._look_into(path, self.empty if at < len(named) else [])
        for (whole, of), parts in self._parts.items():
            without = [number for number in range(1, of + 1) if number not in parts]
            if without:
                self.missing.append(self._lacking(of, without, parts))
            else:
                self._put_together(whole, [parts[number] for number in range(1, of + 1)])

    def _lacking(self, of: int, without: Sequence[int], parts: dict[int, Path]) -> str:
        """Say which parts of a file are missing, who sent it, and where a part is that is there."""
        number, laid = min(parts.items())
        by = self._senders.get(self.came_in[laid], "")
        lack = "is" if len(without) == 1 else "are"
        return (
            f"Of a file sent in {of} parts{f' by {words.harmless(by)}' if by else ''}, {_numbered(without)} {lack} "
            f"missing. “{words.harmless(self.came_in[laid].name)}” holds {_numbered([number])}. Take in all of them at "
            "once."
        )

    def _look_into(self, path: Path, empty: list[Path]) -> None:
        with path.open("rb") as file:
            begin = file.read(len(SEALED))
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            if begin == SEALED or not begin:
                self._put(path, path, size, hashlib.file_digest(file, "sha256").digest())
                return
            raw = file.read() if size <= letters.LARGEST else b""
        found = 0
        for each in islice(_in(raw), MOST_IN_EMAIL):
            found += 1
            mark = hashlib.sha256(each).digest()
            laid = self._folder / mark.hex()
            if not each.startswith(PART):
                laid.write_bytes(each)
                self._put(laid, path, len(each), mark)
                continue
            whole, number, of = _HEAD.unpack_from(each, len(PART))
            if whole not in self._seen and 0 < number <= of <= MOST_IN_EMAIL:
                laid.write_bytes(each[HEAD:])
                self.came_in[laid] = path
                self._senders[path] = letters.sender(raw)
                others = self._parts.setdefault((whole, of), {})
                # One that was cut short keeps no whole one out.
                others[number] = max(others.get(number, laid), laid, key=lambda one: one.stat().st_size)
        if not found:
            (self.half if begin.startswith(PART) and size < HEAD else empty).append(path)

    def _put_together(self, whole: bytes, parts: list[Path]) -> None:
        together = self._folder / f"{whole.hex()}-{len(parts)}"
        sha256 = hashlib.sha256()
        with together.open("wb") as out:
            for each in parts:
                raw = each.read_bytes()
                sha256.update(raw)
                out.write(raw)
        if sha256.digest() == whole:
            self._put(together, self.came_in[parts[0]], together.stat().st_size, whole)
        else:
            self.half.append(self.came_in[parts[0]])

    def _put(self, path: Path, came_in: Path, size: int, mark: bytes) -> None:
        if mark not in self._seen:
            self._seen.add(mark)
            self.there.append(Lying(path, size, mark))
            self.came_in[path] = came_in


def may_be_one(path: Path) -> bool:
    """Say whether a file is named as a sync file or a saved email is."""
    return path.is_file() and (ENDING in path.name.lower() or path.suffix.lower() == letters.ENDING)


def _numbered(parts: Sequence[int]) -> str:
    named = words.listed([str(each) for each in parts[:MOST_NAMED]]) + (" and more" if parts[MOST_NAMED:] else "")
    return f"part {named}" if len(parts) == 1 else f"parts {named}"


def _in(raw: bytes) -> Iterator[bytes]:
    """Yield the sync files, and parts of such, that are in a file."""
    if raw.startswith(PART) and len(raw) >= HEAD:
        yield raw
    # Cut short, it is told from the whole one where it is read.
    yield from (one for one in letters.attached_in(raw, SEALED, PART) if len(one) >= HEAD)


def _pieces(path: Path, most: int) -> Iterator[tuple[str, bytes]]:
    """Yield what goes into one message each, with the name it has there."""
    of = -(-path.stat().st_size // most)
    with path.open("rb") as file:
        whole = hashlib.file_digest(file, "sha256").digest()
        file.seek(0)
        for number in range(1, of + 1):
            data = file.read(most)
            if of == 1:
                yield path.stem, data
            else:
                yield f"{path.stem}-{number}-of-{of}", PART + _HEAD.pack(whole, number, of) + data


def _letter(number: int, of: int, in_parts: bool, whole: bool) -> Letter:
    """Give the words that go with a file. No address and no name: these are for a person to add.

    One with the `whole` record is for a single laptop.
    """
    parts = (
        "It is one part of a larger file: take in all messages of today together.\n\n"
        if in_parts
        else "It may be taken in before or after others, and more than once.\n\n"
    )
    to, where = ("our new laptop", "There") if whole else ("our other laptops", "On each of them")
    return Letter(
        "",
        f"For {to}, message {number} of {of}",
        f"The attached file is for {to}. Nobody else can read it.\n\n"
        f"{where}, save it, or this whole message. Then take it in with Community Insights, at Laptops.\n\n"
        f"{parts}If no message comes back, send again: nothing is lost by that.\n",
    )


def _desk(workspace: Workspace) -> Path:
    folder = workspace.folder / BACKUPS
    make_folder(folder)
    return folder
