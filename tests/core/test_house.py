"""The rules of the house, read off the source; a rule about a room binds from the day it is built."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("cis_desktop", "ui")
CORE = sorted((ROOT / "cis_desktop").rglob("*.py"))
UI = sorted((ROOT / "ui").rglob("*.py"))
LOCKS = sorted((ROOT / "packaging" / "locks").glob("*.txt"))

NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket",
    "socketserver", "ssl", "urllib", "urllib3", "xmlrpc", "PySide6.QtNetwork", "PySide6.QtWebSockets",
}  # fmt: skip
# Text in, text out: these open no connection.
HARMLESS = ("urllib.parse",)
THREADS = {"Thread", "Timer", "ThreadPoolExecutor", "QThread", "QThreadPool", "QRunnable", "QtConcurrent"}
# Slow to import, and needed only by jobs: about a second for pandas alone.
HEAVY = ("pandas", "numpy", "openpyxl", "reportlab", "highspy")
# Qt's ready-made dialogs run an event loop of their own until they are answered, just as exec() does.
NESTED_LOOPS = {
    "QMessageBox": {"about", "critical", "information", "question", "warning"},
    "QFileDialog": {"getExistingDirectory", "getOpenFileName", "getOpenFileNames", "getSaveFileName"},
    "QInputDialog": {"getDouble", "getInt", "getItem", "getMultiLineText", "getText"},
    "QColorDialog": {"getColor"},
    "QFontDialog": {"getFont"},
}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def breaches(files: list[Path], rule: Callable[[ast.AST], bool]) -> list[str]:
    """Return "file:line" for every syntax node of `files` that `rule(node)` is true of."""
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}" for path in files for node in ast.walk(tree_of(path)) if rule(node)
    ]


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the full dotted name and line of everything a file imports, relative imports made absolute."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*start, *((node.module,) if node.module else ())))
            for name in node.names:
                yield f"{base}.{name.name}", node.lineno


def importing(files: list[Path], banned: set[str], but: tuple[str, ...] = ()) -> list[str]:
    """Return "file:line name" for every import of a banned module or of anything inside one."""
    return [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in files
        for name, line in imported(path)
        if any(name == ban or name.startswith(f"{ban}.") for ban in banned)
        and not any(name == ok or name.startswith(f"{ok}.") for ok in but)
    ]


def calls(node: ast.AST, *names: str) -> bool:
    """Say whether a node is a call of a method with one of these names."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names


def test_no_source_file_is_longer_than_400_lines() -> None:
    assert CORE
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in [*CORE, *UI, ROOT / "dev.py"]
    }
    assert not {path: length for path, length in lengths.items() if length > 400}


def test_the_core_knows_no_qt() -> None:
    assert not importing(CORE, {"PySide6", "shiboken6", "ui"})


def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


def test_pages_do_not_import_pages() -> None:
    wrong = []
    for path in sorted((ROOT / "ui" / "pages").rglob("*.py")):
        inside = path.relative_to(ROOT / "ui" / "pages").parts
        own = f"ui.pages.{Path(inside[0]).stem}"
        wrong += importing([path], {"ui.pages"}, but=(own,))
    assert not wrong


def test_only_the_window_and_its_list_of_places_know_the_pages() -> None:
    knows = {ROOT / "ui" / "window.py", ROOT / "ui" / "places.py"}
    others = [path for path in [*CORE, *UI] if path not in knows and "pages" not in path.parts]
    assert not importing(others, {"ui.pages"})


def test_nothing_can_reach_the_network() -> None:
    assert not importing([*CORE, *UI], NETWORK, but=HARMLESS)


def test_dialogs_open_and_signal_and_are_never_run_with_exec() -> None:
    def nested(node: ast.AST) -> bool:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            return False
        on, name = ast.unparse(node.func.value), node.func.attr
        if name in ("exec", "exec_"):
            # The one event loop the application has.
            return on.rpartition(".")[2] not in ("app", "application", "QApplication")
        return name in NESTED_LOOPS.get(on.rpartition(".")[2], ())

    assert not breaches(UI, nested)


def test_types_are_met_in_one_room_where_no_two_threads_meet_one_at_once() -> None:
    def meets(node: ast.AST) -> bool:
        if not calls(node, "convert", "decode", "Decoder") or not ast.unparse(node.func).startswith("msgspec."):
            return False
        # Without a type there is nothing to work out.
        return len(node.args) + len(node.keywords) > (0 if calls(node, "Decoder") else 1)

    assert not breaches([path for path in [*CORE, *UI] if path.name != "decoding.py"], meets)


def test_nothing_is_caught_to_be_ignored() -> None:
    def ignores(node: ast.AST) -> bool:
        if isinstance(node, ast.ExceptHandler):
            return all(isinstance(step, ast.Pass) or ast.unparse(step) == "..." for step in node.body)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            return any(ast.unparse(kind) in ("Exception", "BaseException") for kind in node.args)
        return False

    assert not breaches([*CORE, *UI, ROOT / "dev.py"], ignores)


def test_all_threads_of_the_window_are_in_jobs_and_the_core_starts_none() -> None:
    files = [path for path in [*CORE, *UI] if path != ROOT / "ui" / "jobs.py"]
    assert not importing(files, {"_thread", "concurrent.futures"})
    assert not breaches(
        files,
        lambda node: (
            (isinstance(node, ast.Attribute) and node.attr in THREADS and not timer_of_qt(node))
            or (isinstance(node, ast.ImportFrom) and any(name.name in THREADS for name in node.names))
        ),
    )


def timer_of_qt(node: ast.Attribute) -> bool:
    return node.attr == "Timer" and ast.unparse(node.value) != "threading"


def test_sql_parameters_are_never_pasted_into_a_script() -> None:
    """executescript() takes no parameters, so only the fixed text of a migration may go through it."""
    files = [path for path in [*CORE, *UI] if "vault" not in path.parts]
    assert not breaches(files, lambda node: calls(node, "executescript"))


def test_sql_is_lower_case() -> None:
    words = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (TABLE|INDEX|TRIGGER)|WHERE|GROUP BY)\b")
    assert not breaches(CORE, lambda node: isinstance(node, ast.Constant) and bool(words.search(str(node.value))))


def test_modules_and_public_functions_say_what_they_are_for() -> None:
    silent = []
    for path in [*CORE, *UI]:
        tree = tree_of(path)
        if path.name != "__init__.py" and not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not silent


def test_nothing_is_named_after_what_it_is_to_the_programmer() -> None:
    vague = re.compile(r"manager|handler|(^|_)utils?(_|$)|helper", re.IGNORECASE)
    named = breaches(
        [*CORE, *UI],
        lambda node: isinstance(node, ast.FunctionDef | ast.ClassDef) and bool(vague.search(node.name)),
    )
    assert not named + [str(path) for path in [*CORE, *UI] if vague.search(path.stem)]


def test_there_are_two_packages_and_packaging_is_not_one() -> None:
    assert sorted(path.parent.name for path in ROOT.glob("*/__init__.py")) == sorted(PACKAGES)
    folders = {path.parent for path in [*CORE, *UI]}
    assert not [str(folder) for folder in folders if not (folder / "__init__.py").exists()]


def front_doors() -> list[str]:
    """Return the modules that are loaded before the first window or the first line of a command."""
    doors = ("cis_desktop.workspace", "cis_desktop.cli", "ui.__main__", "ui.app", "ui.window")
    paths = {door: ROOT / Path(*door.split(".")) for door in doors}
    return [door for door, path in paths.items() if path.with_suffix(".py").exists() or path.is_dir()]


@pytest.mark.parametrize("module", ["cis_desktop", *front_doors()])
def test_nothing_slow_is_imported_on_the_way_to_the_first_window(module: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stdout.split() == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_carries_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    pinned = re.split(r"\n(?=\S)", text.strip())
    assert len(pinned) > 20
    assert not [entry for entry in pinned if "--hash=sha256:" not in entry]


@pytest.mark.parametrize(("lock", "extras"), [("requirements", ("build",)), ("dev", ("build", "dev", "freeze"))])
def test_a_lock_answers_everything_the_project_asks_for(lock: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = list(project["dependencies"])
    for extra in extras:
        asked += project["optional-dependencies"][extra]
    text = (ROOT / "packaging" / "locks" / f"{lock}.txt").read_text(encoding="utf-8")
    held: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, flags=re.MULTILINE):
        held.setdefault(canonicalize_name(name), []).append(version)
    for requirement in map(Requirement, asked):
        versions = held.get(canonicalize_name(requirement.name), [])
        assert any(requirement.specifier.contains(version) for version in versions), str(requirement)
