"""Read a foreign spreadsheet or list into a `Sheet`, in a child process that cannot harm this one."""

from __future__ import annotations

import subprocess
import sys
import time
from array import array
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cis_desktop.decoding import from_msgpack
from cis_desktop.errors import CisError
from cis_desktop.intake.asking import Answer, Kind, Place, Request, too_much_memory
from cis_desktop.intake.child import FLAG

if TYPE_CHECKING:
    from threading import Event

HOUSE = Path(__file__).resolve().parents[2]
"""The folder that holds the package, for the child to import it from."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is too much for one file: bytes, bytes, seconds, rows, columns, characters, bytes."""

    file_bytes: int = 200 << 20
    memory_bytes: int = 2 << 30
    seconds: int = 120
    rows: int = 1_000_000
    columns: int = 500
    cell_characters: int = 32_767
    unpacked_bytes: int = 768 << 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its distinct cells in the order they first appear, and per row the place of its cell."""

    values: tuple[str, ...]
    codes: array[int]

    @property
    def filled(self) -> bool:
        """Say whether anything is in the column."""
        return any(cell.strip() for cell in self.values)

    def cells(self) -> list[str]:
        """Give the cell of every row, top to bottom."""
        return list(map(self.values.__getitem__, self.codes))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it was in the file: every cell as text, dates as ISO, and what was noticed while reading.

    `first_row` is the number that a spreadsheet program shows beside the first row under the headings. Where only some
    rows of the file are left, `numbers` has that of each.
    """

    file: str
    name: str
    sheets: tuple[str, ...]
    header: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: int
    first_row: int
    notes: tuple[str, ...]
    sha256: str
    numbers: tuple[int, ...] = ()

    def number(self, place: int) -> int:
        """Give the number that the row at `place` has in the file."""
        return self.numbers[place] if self.numbers else self.first_row + place

    def row(self, place: int) -> tuple[str, ...]:
        """Give the cells of the row at `place` (0 is the first under the headings)."""
        return tuple(column.values[column.codes[place]] for column in self.columns)


@dataclass(frozen=True, slots=True)
class Document:
    """The words of a document, a text for each page or one for all; `is_a` is pdf, docx, email or text."""

    file: str
    is_a: str
    words: tuple[str, ...]
    notes: tuple[str, ...]
    sha256: str


def read(
    path: Path,
    sheet: str | None = None,
    *,
    data: bytes | None = None,
    limits: Limits = Limits(),
    cancel: Event | None = None,
) -> Sheet:
    """Read `path` (CSV, TSV, XLSX, XLSB, XLS or ODS), the named sheet of it or the first that is not empty.

    With `data`, what was taken out of an archive is read, and `path` is only what it is called. Raises `CisError`
    with the reason when it cannot be read, is too large or too slow, or `cancel` is set.
    """
    answer = _answer(path, "list", sheet, data, limits, cancel)
    return Sheet(
        file=path.name,
        name=answer.name,
        sheets=answer.sheets,
        header=answer.header,
        columns=tuple(
            Column(values, array("I", codes)) for values, codes in zip(answer.values, answer.codes, strict=True)
        ),
        rows=answer.rows,
        first_row=answer.first_row,
        notes=answer.notes,
        sha256=answer.sha256,
    )


def read_places(
    path: Path, *, data: bytes | None = None, limits: Limits = Limits(), cancel: Event | None = None
) -> list[Place]:
    """Read the areas of a GeoJSON file, in longitude and latitude. See `read` for `data` and for what is raised."""
    return _answer(path, "shapes", None, data, limits, cancel).places


def read_document(
    path: Path, *, data: bytes | None = None, limits: Limits = Limits(), cancel: Event | None = None
) -> Document:
    """Read the words of a PDF, DOCX, EML or plain text. See `read` for `data` and for what is raised."""
    answer = _answer(path, "words", None, data, limits, cancel)
    return Document(path.name, answer.is_a, answer.words, answer.notes, answer.sha256)


def refusal(file: str, code: str, why: str) -> CisError:
    """Say that a file was not read, and why: `why` is one or two whole sentences."""
    sentence = f"“{file}” was not read. {why} Nothing was imported."
    return CisError(code, "This file could not be read", sentence)


def _answer(
    path: Path, kind: Kind, sheet: str | None, data: bytes | None, limits: Limits, cancel: Event | None
) -> Answer:
    if data is None:
        _look(path, limits)
    request = Request(
        path=str(path.resolve()) if data is None else path.name,
        sheet=sheet,
        file_bytes=limits.file_bytes,
        memory_bytes=limits.memory_bytes,
        seconds=limits.seconds,
        rows=limits.rows,
        columns=limits.columns,
        cell_characters=limits.cell_characters,
        unpacked_bytes=limits.unpacked_bytes,
        kind=kind,
        data=data,
    )
    answer = _ask(request, path.name, limits, cancel)
    if answer.refused is not None:
        raise refusal(path.name, *answer.refused)
    return answer


def _look(path: Path, limits: Limits) -> None:
    try:
        if not path.is_file():
            raise refusal(path.name, "no_such_file", "There is no file of that name there.")
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as why:
        raise refusal(path.name, "not_allowed", f"The computer would not open it: {why.strerror}.") from why
    if size == 0:
        raise refusal(path.name, "empty_file", "The file is empty (0 bytes).")
    if size > limits.file_bytes:
        raise refusal(
            path.name,
            "too_large",
            f"It is {size >> 20:,} MB; the most is {limits.file_bytes >> 20:,} MB. Split it into smaller files.",
        )


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG]
    # -I: neither the current folder nor the environment decides what the child imports
    start = f"import sys; sys.path.insert(0, {str(HOUSE)!r}); from cis_desktop.intake.child import main; main()"
    return [sys.executable, "-I", "-c", start]


def _stopped(file: str) -> CisError:
    return refusal(file, "cancelled", "Reading was stopped, as you asked.")


def _ask(request: Request, file: str, limits: Limits, cancel: Event | None) -> Answer:
    if cancel is not None and cancel.is_set():
        raise _stopped(file)
    deadline = time.monotonic() + limits.seconds
    with subprocess.Popen(
        _command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        try:
            # Not left to communicate(): after a timeout it forgets what was not yet written (CPython 3.11). The child
            # reads all of it before it does anything else, so this waits for no more than its start.
            with suppress(BrokenPipeError):
                process.stdin.write(msgspec.json.encode(request))  # type: ignore[union-attr]
            while True:
                try:
                    payload, complaint = process.communicate(timeout=0.1)
                    break
                except subprocess.TimeoutExpired:
                    waited = time.monotonic()
                if cancel is not None and cancel.is_set():
                    raise _stopped(file)
                if waited > deadline:
                    raise refusal(file, "too_slow", _slow(limits))
        finally:
            process.kill()
    if process.returncode == 0:
        return _opened(payload)
    return Answer(refused=_how_it_died(process.returncode, complaint, limits))


def _opened(payload: bytes) -> Answer:
    """Open an answer a column at a time: all of a large list in one breath would stop every other thread."""
    parts = from_msgpack(payload, dict[str, msgspec.Raw])
    columns = from_msgpack(parts.pop("values"), tuple[msgspec.Raw, ...])
    kinds = {field.name: field.type for field in msgspec.structs.fields(Answer)}
    return Answer(
        values=tuple(from_msgpack(column, tuple[str, ...]) for column in columns),
        **{name: from_msgpack(part, kinds[name]) for name, part in parts.items()},
    )


def _slow(limits: Limits) -> str:
    return (
        f"It was not done after {limits.seconds} seconds. Save the one sheet you need as .csv, or split it into "
        "smaller files."
    )


def _how_it_died(code: int, complaint: bytes, limits: Limits) -> tuple[str, str]:
    if b"memory allocation of" in complaint or b"MemoryError" in complaint or code == -9:
        return "too_large", too_much_memory(limits.memory_bytes)
    if code < 0 or code > 255 or b"PanicException" in complaint:
        return "damaged_file", "The file is damaged, or made to trouble programs that read it."
    last = complaint.decode(errors="replace").strip().rsplit("\n", 1)[-1].split(":", 1)[0]
    # only the kind of error: the rest of the line may quote a cell
    raise RuntimeError(f"the reading child failed: {last}")
