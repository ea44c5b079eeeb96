#!/usr/bin/env python3
"""Every task of this checkout, with nothing installed but Python 3.11 to 3.13.

python3 dev.py demo     make a workspace of invented people, release its figures, open the window
python3 dev.py test     run the tests
python3 dev.py --help   the others

Each task first makes `.venv` and fills it from the hash-locked lists in `packaging/locks`; once that is done
a start costs a few milliseconds, and nothing is fetched again until a list changes.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
APP = BIN / ("cis-desktop.exe" if os.name == "nt" else "cis-desktop")
STAMP = VENV / "installed.json"
PROJECT = ROOT / "pyproject.toml"
# What is installed: the application alone, or the tools of its developers as well (a superset).
LOCKS = {
    "run": ROOT / "packaging" / "locks" / "requirements.txt",
    "dev": ROOT / "packaging" / "locks" / "dev.txt",
}
# Nothing in the demo is about anybody, so it may be known to everybody.
DEMO_PASSPHRASE = "these people are all invented"
SUPPORTED = ("3.13", "3.12", "3.11")

# Shared library -> Debian package, as `objdump -p` names them in the PySide6 wheel. Without the first group
# Qt cannot be imported at all; without the second it has no window under X11.
QT_NEEDS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
WINDOW_NEEDS = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


# --- The tasks ----------------------------------------------------------------------------------------------


def setup(args: argparse.Namespace) -> int:
    """Make or refresh `.venv` with everything a developer needs."""
    prepare("dev")
    say(f"Ready: {APP.relative_to(ROOT)} and the tools of `dev.py` are installed.")
    return 0


def demo(args: argparse.Namespace) -> int:
    """Make the demo workspace and its packs in build/demo, then open the window (or take its pictures)."""
    prepare("run")
    folder = ROOT / "build" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    secret = args.passphrase_file
    if secret is None:
        secret = folder.with_name("demo-passphrase.txt")
        secret.write_text(DEMO_PASSPHRASE, encoding="utf-8")
    made = app("demo", folder, "--passphrase-file", secret, *args.rest)
    if made:
        return made
    say(f"The passphrase of the demo is in {secret}" + ("." if args.passphrase_file else f": {DEMO_PASSPHRASE}"))
    if args.headless:
        into = ("--pictures", folder / "pictures", "--passphrase-file", secret)
        return app("gui", folder / "workspace", *into, env=offscreen())
    if not has_screen():
        say("There is no screen here. `python3 dev.py demo --headless` takes pictures of the window instead.")
        return 0
    return app("gui", folder / "workspace")


def pictures(_: argparse.Namespace) -> int:
    """Take pictures of every page of the demo into build/pictures, and keep those that are shown in docs/pictures."""
    prepare("run")
    folder, out = ROOT / "build" / "pictures", ROOT / "build" / "pictures" / "pictures"
    secret = folder.with_name("demo-passphrase.txt")
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    secret.write_text(DEMO_PASSPHRASE, encoding="utf-8")
    opens = ("--passphrase-file", secret)
    came = ("context-by-ward.csv", "letter.txt", "ward-map-2025-schematic.geojson")
    briefing = (folder / "briefing" / name for name in came)
    made = app("demo", folder, *opens) or app("briefing", folder / "workspace", "import", *briefing, *opens)
    made = made or app("gui", folder / "workspace", "--pictures", out, *opens, env=offscreen())
    for shown in (ROOT / "docs" / "pictures").glob("*.png") if not made else ():
        shutil.copyfile(out / shown.name, shown)
    return made


def run(args: argparse.Namespace) -> int:
    """Start the application from this checkout; arguments are those of `cis-desktop`."""
    prepare("run")
    return app(*(args.rest or ["gui"]))


def test(args: argparse.Namespace) -> int:
    """Run the tests on every core, or exactly what the given pytest arguments ask for."""
    prepare("dev")
    spread = [] if args.rest else ["-n", "auto", "--dist", "loadfile"]
    return pytest("--ignore=tests/benchmarks", "-p", "no:benchmark", *spread, *args.rest)


def lint(args: argparse.Namespace) -> int:
    """Run ruff, the import contracts and mypy; all of them, even when one fails."""
    prepare("dev")
    checks = (
        ("ruff", [PYTHON, "-m", "ruff", "check", "."]),
        ("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "-q", "."]),
        ("import contracts", [BIN / "lint-imports"]),
        ("mypy", [PYTHON, "-m", "mypy"]),
    )
    failed = []
    for name, command in checks:
        say(f"== {name}")
        if call(*command):
            failed.append(name)
    if failed:
        say(f"Lint failed: {', '.join(failed)}.")
    return 1 if failed else 0


def bench(args: argparse.Namespace) -> int:
    """Run the benchmarks and print one table: what, ours, reference, ratio, goal."""
    prepare("dev")
    return pytest("tests/benchmarks", "--benchmark-quiet", "-p", "no:xdist", *args.rest)


def soak(args: argparse.Namespace) -> int:
    """Run the long tests that `test` leaves out; CIS_SOAK_SHARE=0.1 for a tenth of each."""
    prepare("dev")
    return pytest("--ignore=tests/benchmarks", "-m", "soak", *args.rest)


def freeze(args: argparse.Namespace) -> int:
    """Build the application as one folder in dist/, let it test itself, pack it and measure it."""
    prepare("dev")
    return call(PYTHON, ROOT / "packaging" / "linux" / "freeze.py", *args.rest)


def lock(args: argparse.Namespace) -> int:
    """Write packaging/locks anew from pyproject.toml; with --upgrade, from newer releases where allowed."""
    uv = shutil.which("uv") or own_uv()
    common = [
        uv, "pip", "compile", "--quiet", PROJECT, "--universal", "--python-version", SUPPORTED[-1],
        "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate",
        "--extra", "build",
    ]  # fmt: skip
    everything = call(*common, "--extra", "dev", "--extra", "freeze", "-o", LOCKS["dev"], *args.rest)
    return everything or call(*common, "--constraint", LOCKS["dev"], "-o", LOCKS["run"], *args.rest)


# --- The environment ----------------------------------------------------------------------------------------


def prepare(level: str) -> None:
    """Make `.venv` hold this checkout and the packages of `level` ("run" or "dev"); quick when it does."""
    stamp = read_stamp()
    if stamp.get("level") == "dev":
        level = "dev"
    wanted = {"where": str(VENV), "level": level, "lock": digest(LOCKS[level]), "project": digest(PROJECT)}
    if stamp == wanted and PYTHON.exists() and APP.exists():
        return
    need_supported_python()
    need_system_parts()
    if stamp.get("where", str(VENV)) != str(VENV) or not PYTHON.exists():
        # Scripts in a virtual environment carry its full path: a moved checkout needs a new one.
        make_venv()
        stamp = {}
    if (stamp.get("level"), stamp.get("lock")) != (level, wanted["lock"]):
        say(f"Installing what {LOCKS[level].relative_to(ROOT)} lists. The first time takes a minute or two.")
        pip("--require-hashes", "--only-binary", ":all:", "-r", LOCKS[level])
    # A plain path instead of setuptools' own finder, which every start would pay for.
    pip("--no-deps", "--no-build-isolation", "--config-settings", "editable_mode=compat", "--editable", ROOT)
    # PySide6 puts the part of it that is Python beside its library, so that not every start compiles it anew.
    call(PYTHON, "-c", "import shiboken6", env={**os.environ, "SBK_EMBED": "0"})
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")


def read_stamp() -> dict[str, str]:
    """Return what the last complete installation wrote down, or nothing when there was none."""
    if not STAMP.exists():
        return {}
    text = STAMP.read_text(encoding="utf-8")
    return json.loads(text) if text.startswith("{") and text.endswith("}") else {}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def need_supported_python() -> None:
    """Go on under a Python this project supports, or stop and say which ones those are."""
    if f"{sys.version_info.major}.{sys.version_info.minor}" in SUPPORTED or PYTHON.exists():
        return
    for version in SUPPORTED:
        other = shutil.which(f"python{version}")
        # A version manager may leave a name on the path with nothing behind it: ask before trusting it.
        if other and not subprocess.run([other, "-c", ""], capture_output=True, check=False).returncode:
            sys.exit(subprocess.run([other, *sys.argv], check=False).returncode)
    stop(f"Python 3.11, 3.12 or 3.13 is needed; this is {sys.version.split()[0]}, and no other was found.")


def make_venv() -> None:
    say(f"Making {VENV.relative_to(ROOT)}")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False).returncode:
        stop("The virtual environment could not be made; the lines above say why.")


def pip(*arguments: str | Path) -> None:
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    if call(PYTHON, "-m", "pip", "install", *quiet, *arguments):
        stop("The packages could not be installed; the lines above say why. Nothing else was changed.")


def own_uv() -> Path:
    """Return uv from a virtual environment of its own: the one it makes the lists for may not exist yet."""
    home = ROOT / "build" / "uv"
    scripts = home / BIN.name
    if not (scripts / "uv").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([scripts / PYTHON.name, "-m", "pip", "install", "--quiet", "uv"], check=True)
    return scripts / "uv"


# --- The system ---------------------------------------------------------------------------------------------


def need_system_parts() -> None:
    """Find what Python and Qt need of the system; install what is missing where that is allowed."""
    missing = without_venv() + absent({**QT_NEEDS, **WINDOW_NEEDS})
    if missing and apt_install(missing):
        missing = without_venv() + absent({**QT_NEEDS, **WINDOW_NEEDS})
    if not missing:
        return
    say(f"Parts of the system are missing. On Debian or Ubuntu run:\n    {apt_line(missing)}")
    if without_venv() or absent(QT_NEEDS):
        stop("Without them neither the window nor the tests can start. Run that line, then start again.")
    say("Without them no window opens under X11; everything else works.")


def without_venv() -> list[str]:
    """Return the Debian package that brings `venv` when this Python lacks it and there is no `.venv` yet."""
    importlib.invalidate_caches()
    if PYTHON.exists() or importlib.util.find_spec("ensurepip"):
        return []
    return [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


def absent(libraries: dict[str, str]) -> list[str]:
    """Return the Debian packages of those libraries that do not load here; none where that is no question."""
    packages = set()
    for library, package in libraries.items() if sys.platform.startswith("linux") else ():
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.add(package)
    return sorted(packages)


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages when this machine has apt-get and we may use it; return whether that worked."""
    before = may_install()
    if before is None:
        return False
    say(f"Installing system packages: {' '.join(packages)}")
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    # A fresh container has no package lists, and an old list names files that are gone: fetch it, try again.
    return call(*install) == 0 or (call(*apt, "update") == 0 and call(*install) == 0)


def may_install() -> list[str] | None:
    """Return what to put before apt-get (nothing for root, sudo without a password), or None."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def apt_line(packages: list[str]) -> str:
    return f"sudo apt-get install -y {' '.join(packages)}"


# --- Small things -------------------------------------------------------------------------------------------


def say(text: str) -> None:
    print(text, flush=True)


def stop(text: str) -> NoReturn:
    sys.exit(text)


def call(*command: str | Path, env: dict[str, str] | None = None, cwd: Path | None = ROOT) -> int:
    """Run a command, in the checkout unless told otherwise, and return its exit code."""
    return subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=False).returncode


def app(*arguments: str | Path, env: dict[str, str] | None = None) -> int:
    """Run `cis-desktop` where the caller stands, so that the paths given to it mean what they say."""
    return call(APP, *arguments, env=env, cwd=None)


def pytest(*arguments: str) -> int:
    return call(PYTHON, "-m", "pytest", *arguments, env=offscreen())


def offscreen() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def has_screen() -> bool:
    on_desktop = sys.platform in ("win32", "darwin")
    return on_desktop or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    for task in (setup, demo, pictures, run, test, lint, bench, soak, freeze, lock):
        line = (task.__doc__ or "").strip()
        one = tasks.add_parser(task.__name__, help=line, description=line, add_help=task is not run)
        if task is demo:
            one.add_argument("--headless", action="store_true", help="take pictures, open no window")
            one.add_argument("--passphrase-file", type=Path, metavar="FILE", help="a passphrase of your own")
        one.set_defaults(act=task)
    # What a task does not know itself goes to the program it starts.
    args, rest = parser.parse_known_args()
    args.rest = rest
    return int(args.act(args))


if __name__ == "__main__":
    try:
        code = main()
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
