"""The list that the Linux build goes by fits what is installed and what we import; `dev.py freeze` builds for real."""

from __future__ import annotations

import ast
import runpy
import sys
from fnmatch import fnmatch
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = runpy.run_path(str(ROOT / "packaging" / "linux" / "parts.py"))
SOURCES = sorted(path for package in ("cis_desktop", "ui") for path in (ROOT / package).rglob("*.py"))

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the list is about the Linux build")


@cache
def wheel() -> Path:
    """Give the folder of the installed PySide6."""
    spec = find_spec("PySide6")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@cache
def libraries() -> frozenset[str]:
    """Give the paths under `PySide6/` of everything that Qt or PySide6 could be asked to load."""
    files = (path for path in wheel().rglob("*.so*") if path.is_file())
    return frozenset(str(path.relative_to(wheel())) for path in files)


@cache
def kept() -> frozenset[str]:
    return frozenset(name for name in libraries() if PARTS["stays"](f"PySide6/{name}"))


def linked(name: str) -> set[str]:
    """Give the names of the libraries that a file of PySide6 is linked with, and those with others."""
    looks = pytest.importorskip("PyInstaller.depend.bindepend", reason="PyInstaller is not installed")
    return {library for library, _ in looks.get_imports(str(wheel() / name))}


def imported() -> set[str]:
    """Give the dotted names of everything that the application imports anywhere, and of what it takes from it."""
    names = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np":
                names.add(f"numpy.{node.attr}")
    return names


def test_every_part_of_qt_that_is_kept_is_in_the_installed_qt() -> None:
    files = [str(path.relative_to(wheel())) for path in wheel().rglob("*") if path.is_file()]
    missing = [pattern for pattern in PARTS["QT"] if not any(fnmatch(name, pattern) for name in files)]
    assert missing == []


def test_no_part_of_qt_that_is_kept_is_linked_with_one_that_is_left_out() -> None:
    by_name = {Path(name).name: name for name in libraries()}
    lost = {
        f"{name} needs {by_name[other]}"
        for name in kept()
        for other in linked(name)
        if other in by_name and by_name[other] not in kept()
    }
    assert lost == set()


def test_every_kept_library_of_qt_is_needed_by_a_module_or_plugin_that_is_kept() -> None:
    loaded = [name for name in kept() if not name.startswith("Qt/lib/")]
    asked = {other for name in loaded for other in linked(name)}
    assert {name for name in kept() if name.startswith("Qt/lib/") and Path(name).name not in asked} == set()


@pytest.mark.parametrize("part", ["qml", "quick", "designer", "network", "gtk", "sql", "translations", "webengine"])
def test_nothing_of_what_the_app_does_without_is_kept(part: str) -> None:
    everything = (str(path.relative_to(wheel())) for path in wheel().rglob("*") if path.is_file())
    assert [name for name in everything if part in name.lower() and PARTS["stays"](f"PySide6/{name}")] == []


def test_the_build_has_exactly_the_qt_modules_that_the_window_imports() -> None:
    modules = {name.split(".")[1] for name in imported() if name.startswith("PySide6.")}
    assert modules == set(PARTS["QT_MODULES"])


def test_the_window_can_be_seen_under_x11_and_wayland_and_tested_without_a_screen() -> None:
    platforms = {Path(name).stem for name in kept() if "/platforms/" in name}
    assert platforms == {"libqxcb", "libqwayland", "libqoffscreen"}


def test_nothing_that_is_left_out_is_imported_by_the_application() -> None:
    left_out = PARTS["LEFT_OUT"]
    assert [name for name in sorted(imported()) if any(f"{name}.".startswith(f"{out}.") for out in left_out)] == []


def test_the_build_stops_without_the_migrations_and_the_resources() -> None:
    assert ("cis_desktop/vault/migrations", "*.sql") in PARTS["DATA"]
    assert ("resources", "*") in PARTS["DATA"]
    empty = [folder for folder, pattern in PARTS["DATA"] if not any((ROOT / folder).rglob(pattern))]
    assert empty == []


def test_what_is_collected_from_the_packages_holds_every_file_that_is_not_python() -> None:
    """The spec takes data with PyInstaller's own function, which finds nothing where it cannot import a package."""
    hooks = pytest.importorskip("PyInstaller.utils.hooks", reason="PyInstaller is not installed")
    collected = {Path(source) for package in ("cis_desktop", "ui") for source, _ in hooks.collect_data_files(package)}
    data = {
        path
        for package in ("cis_desktop", "ui")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc", ".so"}
    }
    assert {path for path in data if path.suffix == ".sql"}
    assert data <= collected
