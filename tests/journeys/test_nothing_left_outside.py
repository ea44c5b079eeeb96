"""After a whole day nothing readable lies outside the record, and nothing reached for the internet."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cis_desktop.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("whole_day.py")
MARK = "canary"
FOLDERS = {
    "HOME": "home", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "cache",
    "XDG_STATE_HOME": "state", "XDG_RUNTIME_DIR": "run",
}  # fmt: skip
REACH = """
import socket, subprocess, sys
for each in ("socket.socket().connect(('192.0.2.1', 80))", "socket.socket(socket.AF_INET6)"):
    try:
        exec(each)
    except OSError:
        pass
"""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has /proc and LD_PRELOAD")


def disguises() -> list[bytes]:
    """Give the mark as it would be found in a file: as text of three kinds, as hex and as base64 at any place."""
    plain = MARK.encode()
    found = [plain, MARK.encode("utf-16-le"), MARK.encode("utf-16-be"), plain.hex().encode()]
    for before in range(3):
        # Only the letters that no neighbour has a part in.
        text = base64.b64encode(b"\0" * before + plain)
        found.append(text[(before * 8 + 5) // 6 : (before + len(plain)) * 8 // 6])
    return found


def layers(raw: bytes) -> Iterator[bytes]:
    """Give the bytes of a file, of what is in it as a ZIP, and of each stream of zlib in it."""
    yield raw
    if zipfile.is_zipfile(io.BytesIO(raw)):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                yield from layers(archive.read(name))
    for start in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        at = raw.find(start)
        while at >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(raw[at:], 2**22)
            at = raw.find(start, at + 1)


def readable(folder: Path, but: frozenset[str]) -> list[str]:
    """Name the files in which the mark can be read, but those in some folders."""
    found = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_file() and name.parts[0] not in but:
            if any(each in layer for layer in layers(path.read_bytes()) for each in disguises()):
                found.append(str(name))
            if MARK in str(name):
                found.append(f"the name of {name}")
    return found


def test_the_search_finds_what_is_hidden_in_any_of_these_ways(tmp_path: Path) -> None:
    said = f"xx{MARK}yy".encode()
    (tmp_path / "plain").write_bytes(said)
    (tmp_path / "wide").write_bytes(f"x{MARK}".encode("utf-16-le"))
    for at in range(3):
        (tmp_path / f"base64 {at}").write_bytes(base64.b64encode(b"z" * at + said))
    (tmp_path / "deflated").write_bytes(b"junk" + zlib.compress(said * 3) + b"junk")
    with zipfile.ZipFile(tmp_path / "zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", said)
    assert len(readable(tmp_path, frozenset())) == 7


@pytest.fixture
def guard(tmp_path: Path) -> dict[str, str]:
    """Give the surroundings in which reaching for the internet is refused and written down, here and in children."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("a C compiler has to build the guard")
    built = tmp_path / "guard.so"
    source = ROOT / "tests" / "faults" / "faulty_disk.c"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", built, source, "-ldl"], check=True)
    return {"LD_PRELOAD": str(built), "CIS_NO_INTERNET": str(tmp_path / "reached")}


def test_the_guard_notices_whoever_reaches_for_the_internet(tmp_path: Path, guard: dict[str, str]) -> None:
    again = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {REACH!r}], check=True)"
    for program in (REACH, again):
        subprocess.run([sys.executable, "-c", program], env={**os.environ, **guard}, check=True)
    assert len((tmp_path / "reached").read_text().splitlines()) >= 4


def all_texts(workspace: Workspace) -> str:
    """Give every text in the vault, and what the seals of concerns hide is not among it."""
    texts = []
    tables = workspace.read.execute("select name from sqlite_master where type = 'table' and name not like 'found%'")
    for (name,) in tables.fetchall():
        for row in workspace.read.execute(f'select * from "{name}"'):
            texts += [str(value) for value in row if isinstance(value, str)]
    return "\n".join(texts)


def test_a_whole_day_leaves_nothing_readable_and_reaches_nobody(tmp_path: Path, guard: dict[str, str]) -> None:
    home = tmp_path / "home"
    places = {name: home if folder == "home" else home / folder for name, folder in FOLDERS.items()}
    for each in places.values():
        each.mkdir(mode=0o700, exist_ok=True)
    surroundings = {
        **os.environ, **guard, **{name: str(each) for name, each in places.items()},
        "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, str(SCRIPT), str(home)], cwd=home / "tmp", env=surroundings,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            pytest.fail(process.communicate()[1])
        found: dict[str, Any] = json.loads(line)
        asked = frozenset({"given", "asked for"})
        while_locked = readable(home, asked)
        process.communicate("")
    planted = found["planted"]
    print(f"{len(planted)} canaries in {len(set(planted.values()))} places, {len(found['written'])} files written")
    assert while_locked == []
    assert readable(home, asked) == []
    # What was asked for names the group, and nobody else.
    group = next(word for word, where in planted.items() if where == "name of the group")
    for path in (home / "asked for").iterdir():
        for layer in layers(path.read_bytes()):
            assert not [word for word in planted if word != group and word.encode() in layer], path.name
    # It was all written into the record, or this would prove nothing.
    with Workspace.open(home / "record", found["secret"]) as workspace:
        texts = all_texts(workspace)
        assert workspace.problems() == []
    sealed = ("passphrase", "concern", "whom a concern is about", "search", "row that cannot come in")
    lost = {word: where for word, where in planted.items() if word not in texts and where not in sealed}
    assert not lost
    assert len(planted) > 100
    # Nor does the window, locked, say anything, or the process keep a file that has no name any more.
    assert not [each for each in (*found["titles"], *found["shown"], *found["clipboard"]) if MARK in each]
    assert not [each for each in (*found["open"], *found["mapped"]) if "(deleted)" in each and str(home) in each]
    outside = [
        each for each in found["written"] if not each.startswith(str(home)) and not each.startswith(("/dev/", "/proc/"))
    ]
    assert outside == []
    limits = next(line for line in found["core"].splitlines() if line.startswith("Max core file size"))
    assert limits.split()[4:6] == ["0", "0"]
    assert int(found["filter"], 16) == 0
    reached = tmp_path / "reached"
    assert not reached.exists() or reached.read_text() == ""
