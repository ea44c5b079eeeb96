"""ZIP archives: written the same every time, and read with limits before anything is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

from cis_desktop.errors import CisError

MAX_FILE = 64 * 2**20
MAX_UNPACKED = 128 * 2**20
MAX_MEMBERS = 1_000
MAX_RATIO = 200
# Below this, a high ratio is only a table of few words.
RATIO_FROM = 2**20
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError, struct.error
)  # fmt: skip


def pack_zip(members: Mapping[str, bytes], made: datetime) -> bytes:
    """Return a ZIP of `members` in their order, every time in it set to `made`."""
    out = io.BytesIO()
    moment = (max(made.year, 1980), made.month, made.day, made.hour, made.minute, made.second)
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, compresslevel=6)
    return out.getvalue()


def read_file(path: Path) -> bytes:
    """Return a file's bytes. Raises CisError when it is not a plain file, or too large to be a pack."""
    try:
        if not path.is_file():
            raise CisError(
                "no_such_file",
                "No such file",
                f"There is nothing to read at “{path}”. Nothing was changed; choose the file, or the folder, again."
                if not path.exists()
                else f"“{path.name}” is not a file. Nothing was read; choose a file in it.",
            )
        if path.stat().st_size > MAX_FILE:
            raise refusal(path.name, f"it is larger than {MAX_FILE // 2**20} MB")
        return path.read_bytes()
    except OSError as trouble:
        raise refusal(path.name, f"the system says: {trouble.strerror or trouble}") from trouble


def unpack(data: bytes, name: str, what: str = "pack") -> dict[str, bytes]:
    """Return the members of a ZIP. Raises CisError when it is none, is damaged, or breaks a limit.

    `name` is what the file is called in the refusal, and `what` it should have been.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check(infos, name, what)
            return {info.filename: archive.read(info) for info in infos}
    except _BROKEN as trouble:
        raise refusal(name, "it is not a whole archive, or it was damaged on the way", what) from trouble


def _check(infos: list[zipfile.ZipInfo], name: str, what: str) -> None:
    if len(infos) > MAX_MEMBERS:
        raise refusal(name, f"it holds more than {MAX_MEMBERS} files", what)
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise refusal(name, f"it would unpack to more than {MAX_UNPACKED // 2**20} MB", what)
    seen = set()
    for info in infos:
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise refusal(name, "one of its files would unpack to hundreds of times its size", what)
        path = PurePosixPath(info.filename)
        if (
            path.is_absolute()
            or ".." in path.parts
            or "\\" in info.filename
            or ":" in info.filename
            or str(path) != info.filename
            or info.flag_bits & 1
            or stat.S_ISLNK(info.external_attr >> 16)
        ):
            raise refusal(name, "it names a file outside itself, or one that is locked", what)
        # Other ways of packing are unpacked in pieces of any size, whatever the size written beside them.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refusal(name, "one of its files is packed in an unusual way", what)
        if info.filename.casefold() in seen:
            raise refusal(name, "it holds two files of one name", what)
        seen.add(info.filename.casefold())


def refusal(name: str, why: str, what: str = "pack") -> CisError:
    """Return the refusal of a file that cannot be a pack, or `what` else it should have been."""
    return CisError(
        f"not_a_{what}",
        f"This is not a {what} that can be read",
        f"“{name}” cannot be read as a {what}: {why}. Nothing was taken from it; ask for the file again.",
    )
