"""Read one foreign file, alone in a process of its own.

`reading.py` starts this module in a fresh interpreter: a reader that aborts, hangs or eats memory takes only
that process with it. The request comes in on standard input (a file name can say who somebody is, and other
users of the machine can see arguments); the answer goes out on standard output. Nothing is written to disk.

Columns are sent as their distinct cells and a number per row: short to send, and each distinct cell is then
understood once. The workbook reader is imported only when a workbook is met.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import msgspec

from cis_desktop.decoding import from_json
from cis_desktop.intake.asking import Answer, Refused, Request, too_much_memory
from cis_desktop.intake.texts import read_text

FLAG = "--read-foreign-file"
"""First argument by which a frozen build is started as this child."""

BOOK_KINDS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


def main() -> None:
    """Answer the one request on standard input, within its limits, and end."""
    request = from_json(sys.stdin.buffer.read(), Request)
    _limit(request)
    try:
        data = Path(request.path).read_bytes() if request.data is None else request.data
        answer = read(data, request)
    except Refused as why:
        answer = Answer(refused=(why.code, why.sentence))
    except MemoryError:
        answer = Answer(refused=("too_large", too_much_memory(request.memory_bytes)))
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    sys.stdout.buffer.flush()


def run_if_asked(arguments: list[str]) -> None:
    """Become the reading child, and exit, when a frozen build was started with the child's flag."""
    if arguments[1:2] == [FLAG]:
        main()
        sys.exit(0)


def read(data: bytes, request: Request) -> Answer:
    """Read the bytes of one file by what they are, whatever its name says; raise `Refused` with why."""
    if not data:
        raise Refused("empty_file", "The file is empty (0 bytes).")
    ending = Path(request.path).suffix.lower()
    if request.kind == "shapes":
        from cis_desktop.intake.geojson import read_places

        answer = read_places(data, request)
    elif request.kind == "words":
        from cis_desktop.intake.documents import read_document

        answer = read_document(data, request)
    elif ending == ".numbers":
        raise Refused(
            "not_a_spreadsheet",
            "It is a Numbers file, which only Apple's Numbers opens. Open it there, choose File, then Export To, and "
            "export it as Excel or CSV.",
        )
    elif data[:4] == b"PK\x03\x04":
        from cis_desktop.intake.workbooks import check_zip, read_book

        check_zip(data, request)
        answer = read_book(data, request)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        from cis_desktop.intake.workbooks import LOCKED, read_book

        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("locked_file", LOCKED)
        answer = read_book(data, request)
    elif ending in BOOK_KINDS:
        raise Refused(
            "not_a_spreadsheet",
            f"Its name ends in {ending}, but it is not a workbook inside. If it opens in a spreadsheet program, "
            "save it from there as .xlsx or .csv.",
        )
    else:
        answer = read_text(data, request)
    return msgspec.structs.replace(answer, sha256=hashlib.sha256(data).hexdigest())


def _limit(request: Request) -> None:
    """Bind this process: memory, processor time, no files written, no core dump with people's data in it."""
    try:
        import resource
    except ImportError:  # Windows has no such limits: there the time limit and the process boundary hold
        return
    for kind, most in (
        (resource.RLIMIT_AS, request.memory_bytes),
        (resource.RLIMIT_CPU, request.seconds + 5),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS; the other limits are still set
            continue
