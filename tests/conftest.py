"""What every test stands on: no network, no screen, a home of its own, and the real data when it is there."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from cis_desktop.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"

# Before Qt, platformdirs or keyring look: nothing a test writes may land in the home of whoever runs it.
_HOME = Path(tempfile.mkdtemp(prefix="cis-home-"))
for _name, _place in {
    "HOME": "",
    "USERPROFILE": "",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "run",
    "APPDATA": "data",
    "LOCALAPPDATA": "local",
}.items():
    (_HOME / _place).mkdir(mode=0o700, exist_ok=True)
    os.environ[_name] = str(_HOME / _place)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

settings.register_profile("dev", deadline=None)
# The same examples every time, so that a red gate is about the change and not about luck.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "dev")

_REACHED_OUT: list[str] = []


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop whatever reaches for an internet address; Unix sockets, which multiprocessing uses, may pass."""
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        reached, address = arguments[0], arguments[1]
        if reached.family not in (socket.AF_INET, socket.AF_INET6):
            return
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        address = arguments[0]
    else:
        return
    _REACHED_OUT.append(f"{event} {address}")
    raise RuntimeError(f"The application is offline, and a test reached for the network: {event} {address}")


sys.addaudithook(_refuse_network)


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Fail the test that reached for the network, even where the code under test swallowed the refusal."""
    _REACHED_OUT.clear()
    yield
    assert not _REACHED_OUT, f"reached for the network: {_REACHED_OUT}"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real files (`CIS_REAL_DATA`, default ../shared/data); skip the test without it."""
    folder = Path(os.environ.get("CIS_REAL_DATA", "../shared/data"))
    folder = folder if folder.is_absolute() else (ROOT / folder).resolve()
    if not folder.is_dir():
        missing = f"the real data is not here: {folder} (set CIS_REAL_DATA)"
        if IN_CI:
            pytest.fail(missing)
        pytest.skip(missing)
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Open a new, empty workspace under a raw key: a real encrypted vault without the wait for Argon2id."""
    # Here, not above: nothing of the application may be loaded before the home it finds is the tests' own.
    from cis_desktop.workspace import Workspace

    with Workspace.open_raw(tmp_path / "workspace", bytes(range(32)), "Ann") as opened:
        yield opened
