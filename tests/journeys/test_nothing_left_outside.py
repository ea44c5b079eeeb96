"""After a whole day nothing readable lies outside the record, and nothing reached for the internet."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import time
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

SEALED = {
    "passphrase", "concern", "whom a concern is about", "decision on a concern", "draft of a concern",
    "concern of a volunteer", "search", "search everywhere", "row that cannot come in", "cell that is mended",
    "name of a spreadsheet", "briefing, a page",
}  # fmt: skip
"""What is not in the record as a text: sealed, packed, typed only, or not taken in."""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has /proc and LD_PRELOAD")


def disguises(word: str) -> list[bytes]:
    """Give a word as it would be found in a file: as text of three kinds, as hex and as base64 at any place."""
    plain = word.encode()
    found = [plain, word.encode("utf-16-le"), word.encode("utf-16-be"), plain.hex().encode()]
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


def readable(folder: Path, but: frozenset[str], *others: str) -> list[str]:
    """Name the files in which the mark, or another word, can be read, but those in some folders."""
    found = []
    words = [each for word in (MARK, *others) for each in disguises(word)]
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if name.parts[0] in but:
            continue
        if path.is_file() and any(each in layer for layer in layers(path.read_bytes()) for each in words):
            found.append(str(name))
        if any(word in str(name) for word in (MARK, *others)):
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
    (tmp_path / f"recent {MARK}.csv").touch()
    (tmp_path / "a PIN").write_text("73920461")
    assert len(readable(tmp_path, frozenset())) == 8
    assert len(readable(tmp_path, frozenset(), "73920461")) == 9


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


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Give the address of a session bus, as a desktop has one, and the file with everything that is said on it."""
    if shutil.which("dbus-daemon") is None or shutil.which("dbus-monitor") is None:
        pytest.skip("there is no dbus-daemon or dbus-monitor here")
    address, heard = f"unix:path={tmp_path / 'bus'}", tmp_path / "heard"
    with (
        heard.open("wb") as out,
        subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address={address}"]) as daemon,
    ):
        try:
            for _ in range(500):
                if (tmp_path / "bus").exists():
                    break
                time.sleep(0.02)
            monitor = ["dbus-monitor", "--address", address, "--pcap"]
            with subprocess.Popen(monitor, stdout=out, stderr=subprocess.PIPE) as listening:
                try:
                    yield address, heard
                finally:
                    listening.terminate()
        finally:
            daemon.terminate()


def say_until_heard(address: str, heard: Path, words: str) -> None:
    """Show a notification, as an app would, until it is written down: the monitor may not listen yet."""
    told = ["org.freedesktop.Notifications.Notify", f"string:{words}"]
    for _ in range(100):
        subprocess.run(["dbus-send", f"--bus={address}", "--dest=org.freedesktop.DBus", "/x", *told], check=True)
        for _ in range(10):
            if words.encode() in heard.read_bytes():
                return
            time.sleep(0.02)
    raise AssertionError(f"{words} was not heard")


def test_a_whole_day_leaves_nothing_readable_and_reaches_nobody(
    tmp_path: Path, guard: dict[str, str], bus: tuple[str, Path]
) -> None:
    home = tmp_path / "home"
    address, heard = bus
    say_until_heard(address, heard, "the first of the day")
    places = {name: home if folder == "home" else home / folder for name, folder in FOLDERS.items()}
    for each in places.values():
        each.mkdir(mode=0o700, exist_ok=True)
    surroundings = {
        **os.environ, **guard, **{name: str(each) for name, each in places.items()},
        "DBUS_SESSION_BUS_ADDRESS": address, "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
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
        secrets = tuple(found["secrets"].values())
        while_locked = readable(home, asked, *secrets)
        process.communicate("")
    planted = found["planted"]
    assert len(secrets) == 2
    print(f"{len(planted)} canaries in {len(set(planted.values()))} places, {len(found['written'])} files written")
    assert while_locked == []
    assert readable(home, asked, *secrets) == []
    # Nothing was said to the desktop: no notification, no recent file, nothing for the clipboard's history.
    say_until_heard(address, heard, "the last of the day")
    assert not [each for word in (MARK, *secrets) for each in disguises(word) if each in heard.read_bytes()]
    # What was asked for names the group, and nobody else.
    group = next(word for word, where in planted.items() if where == "name of the group")
    for path in (each for each in (home / "asked for").rglob("*") if each.is_file()):
        for layer in layers(path.read_bytes()):
            assert not [word for word in planted if word != group and word.encode() in layer], path.name
    # It was all written into the record, or this would prove nothing.
    with Workspace.open(home / "record", found["secret"]) as workspace:
        texts = all_texts(workspace)
        assert workspace.problems() == []
    lost = {word: where for word, where in planted.items() if word not in texts and where not in SEALED}
    assert not lost
    assert len(planted) > 200
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
