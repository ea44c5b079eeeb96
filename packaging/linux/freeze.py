"""Build the application as one folder, let it test itself, pack it, and hold its size against the budget.

Run by `dev.py freeze` in the environment that has PyInstaller; whatever it is given goes on to PyInstaller.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
BUILT = DIST / "cis-desktop"
ARCHIVE = DIST / "cis-desktop-linux.tar.xz"
MB = 1_000_000
MOST_UNPACKED = 220 * MB
MOST_PACKED = 75 * MB


def main(arguments: list[str]) -> int:
    """Build, test, pack and measure; give 1 and say why when one of these does not come out."""
    build = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", DIST]
    build += ["--workpath", ROOT / "build" / "freeze", ROOT / "build.spec", *arguments]
    if subprocess.run(build, cwd=ROOT, check=False).returncode:
        return said("The build failed; the lines above say why.")
    if not works({}):
        return said("The build does not pass its own test, off the screen.")
    with screen() as display:
        if display and not works({"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}):
            return said("The build passes its own test off the screen, but not under X11.")
    if not sys.platform.startswith("linux"):
        return 0
    print(f"Packing {ARCHIVE.relative_to(ROOT)}: a minute or two.", flush=True)
    with tarfile.open(ARCHIVE, "w:xz", preset=6) as archive:
        archive.add(BUILT, BUILT.name)
    sizes = ((size(BUILT), MOST_UNPACKED, "unpacked"), (ARCHIVE.stat().st_size, MOST_PACKED, "packed (tar.xz)"))
    for ours, most, what in sizes:
        print(f"{ours / MB:6.1f} MB {what}; the budget is {most / MB:.0f} MB")
    return said("Over the budget.") if any(ours > most for ours, most, _ in sizes) else 0


def works(more: dict[str, str]) -> bool:
    """Run the self-test of the build with nothing of this checkout, and no other program, in reach."""
    with tempfile.TemporaryDirectory(prefix="cis-freeze-") as home:
        bare = {"HOME": home, "PATH": "", "LANG": "C.UTF-8", **more}
        print(f"Self-test of the build ({more.get('QT_QPA_PLATFORM', 'offscreen')})", flush=True)
        return subprocess.run([BUILT / "cis-desktop", "selftest"], cwd=home, env=bare, check=False).returncode == 0


@contextmanager
def screen() -> Iterator[str | None]:
    """Give an X11 screen that nobody sees while it is needed, or None where Xvfb is not installed."""
    server = shutil.which("Xvfb")
    if server is None:
        print("Xvfb is not installed: the build is not tried under X11.", flush=True)
        yield None
        return
    read, write = os.pipe()
    command = [server, "-displayfd", str(write), "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as running:
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        try:
            yield f":{number}"
        finally:
            running.terminate()


def size(folder: Path) -> int:
    """Give the bytes of all files in a folder; a link counts as itself."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_symlink() or path.is_file())


def said(why: str) -> int:
    """Say why there is no build to give away, and give the exit code for it."""
    print(why, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
