"""Email as the way between laptops: the same files as in a folder, each in a draft of its own, and back from there.

Nobody sees what arrived, so what the others lack is only what they said themselves: what was lost is in the next email
again. A file too large for one message goes in parts, which are put together when all are there.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import struct
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from cis_desktop import letters, words
from cis_desktop.errors import CisError
from cis_desktop.letters import Attached, Letter, draft
from cis_desktop.saving import make_folder, save
from cis_desktop.sync import exchange
from cis_desktop.sync.exchange import Exchanged
from cis_desktop.sync.files import ENDING, SEALED
from cis_desktop.sync.folder import MOST, Lying
from cis_desktop.sync.giving import Room, give
from cis_desktop.sync.known import known_marks
from cis_desktop.vault.progress import Tell, part, untold
from cis_desktop.workspace import BACKUPS, Workspace

ATTACHED = 7_000_000
"""Bytes of a file in one message, which then has under 10 MB: what the mailboxes of most councils take."""
MESSAGES = 10
"""Messages that are sensible for a whole record; a larger one goes by stick."""
LARGEST = 1 << 27
"""Bytes of a saved email that is looked at."""
SEALING = 0.9
"""How much of a file is what is sealed in it, at least."""
PART = b"cis-part 1\n"
"""What a part begins with; then follow the SHA-256 of the whole, which part it is and of how many, and the part."""
_HEAD = struct.Struct(">32sHH")
HEAD = len(PART) + _HEAD.size


def _encoded(begin: bytes) -> bytes:
    """Give how bytes begin in base64, whatever follows them."""
    return base64.b64encode(begin[: len(begin) // 3 * 3])


# By its lines, not by its structure: one that was forwarded, nested or cut is read as well, and whatever else a hostile
# one holds is not looked at. Possessive: nothing is kept to go back to, however many lines there are.
_IN_EMAIL = re.compile(
    rb"^(?:%s|%s)[A-Za-z0-9+/]*+(?:\r?\n[A-Za-z0-9+/]++)*+={0,2}" % (_encoded(SEALED), _encoded(PART)), re.MULTILINE
)


def write_drafts(workspace: Workspace, out: Path, tell: Tell = untold, attached: int = ATTACHED) -> Exchanged:
    """Write what the other laptops lack into a folder, as email drafts to send to them. Raises CisError.

    In a laptop that was invited, the draft asks for the record.
    """
    done = Exchanged()
    room = Room(int(attached * SEALING), int(attached * MESSAGES * SEALING))
    try:
        with tempfile.TemporaryDirectory(dir=_desk(workspace), prefix=".backup-") as desk:
            give(workspace, Path(desk), [], done, part(tell, 0, 0.7), room)
            pieces = [each for path in done.written for each in _pieces(path, attached)]
            done.written = []
            make_folder(out)
            for number, (name, data) in enumerate(pieces, 1):
                part(tell, 0.7, 1)(number, len(pieces))
                said = _letter(number, len(pieces), data.startswith(PART))
                path = _new(out, f"sync-{name}")
                save(path, draft(said, [Attached(name + ENDING, "application/octet-stream", data)]))
                done.written.append(path)
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
            desk.lay(given)
        except OSError as error:
            raise CisError(
                "not_taken_in",
                "These files cannot be read",
                f"{error.filename or 'One of them'} could not be opened ({error.strerror or type(error).__name__}). "
                "Nothing was changed. Choose the files again.",
            ) from error
        done = exchange.take(workspace, desk.there, tell)
        for paths in (done.strange, done.half, done.newer):
            paths[:] = [desk.came_in.get(path, path) for path in paths]
        done.strange += desk.empty
        done.half += desk.half
        done.missing = desk.missing
    return done


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
        self._parts: dict[tuple[bytes, int], dict[int, Path]] = {}

    def lay(self, given: Sequence[Path]) -> None:
        """Lay out what is in these files and folders. Raises OSError."""
        for each in given:
            if not each.is_dir():
                self._look_into(each, self.empty)
                continue
            for path in sorted(each.iterdir())[:MOST]:
                if path.is_file() and (ENDING in path.name.lower() or path.suffix.lower() == letters.ENDING):
                    self._look_into(path, [])
        for (whole, of), parts in self._parts.items():
            without = [str(number) for number in range(1, of + 1) if number not in parts]
            if without:
                lack = f"part {without[0]} is" if len(without) == 1 else f"parts {words.listed(without)} are"
                self.missing.append(f"Of a file sent in {of} parts, {lack} missing. Take in all of them at once.")
            else:
                self._put_together(whole, [parts[number] for number in range(1, of + 1)])

    def _look_into(self, path: Path, empty: list[Path]) -> None:
        with path.open("rb") as file:
            begin = file.read(len(SEALED))
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            if begin == SEALED or not begin:
                self._put(path, path, size, hashlib.file_digest(file, "sha256").digest())
                return
            found = list(_in(file.read())) if size <= LARGEST else []
        for each in found:
            mark = hashlib.sha256(each).digest()
            laid = self._folder / mark.hex()
            if not each.startswith(PART):
                laid.write_bytes(each)
                self._put(laid, path, len(each), mark)
                continue
            whole, number, of = _HEAD.unpack_from(each, len(PART))
            if whole not in self._seen and 0 < number <= of:
                laid.write_bytes(each[HEAD:])
                self.came_in[laid] = path
                self._parts.setdefault((whole, of), {})[number] = laid
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


def _in(raw: bytes) -> Iterator[bytes]:
    """Yield the sync files, and parts of such, that are in a file."""
    if raw.startswith(PART) and len(raw) >= HEAD:
        yield raw
    for found in _IN_EMAIL.findall(raw):
        letters_ = found.replace(b"\r", b"").replace(b"\n", b"")
        # Cut short, it is told from the whole one where it is read.
        one = base64.b64decode(letters_[: len(letters_) // 4 * 4])
        if len(one) >= HEAD:
            yield one


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


def _letter(number: int, of: int, in_parts: bool) -> Letter:
    """Give the words that go with a file. No address and no name: these are for a person to add."""
    parts = (
        "It is one part of a larger file: take in all messages of today together.\n\n"
        if in_parts
        else "It may be taken in before or after others, and more than once.\n\n"
    )
    return Letter(
        "",
        f"For our other laptops, message {number} of {of}",
        "The attached file is for the other laptops of our group. Nobody else can read it.\n\n"
        "On each of them, save it, or this whole message, and take it in with Community Insights.\n\n"
        f"{parts}If no message comes back, send again: nothing is lost by that.\n",
    )


def _new(out: Path, stem: str) -> Path:
    """Give the path of a draft that is not there yet."""
    names = (f"{stem}{f'-{number}' if number else ''}{letters.ENDING}" for number in count())
    return next(path for name in names if not (path := out / name).exists())


def _desk(workspace: Workspace) -> Path:
    folder = workspace.folder / BACKUPS
    make_folder(folder)
    return folder
