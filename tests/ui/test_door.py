"""The one door: commands never load Qt, the window opens at once, pictures need no screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "four words that fit"


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a line of Python in a fresh interpreter, without a screen."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip


def made(folder: Path) -> Path:
    """Make a workspace that a passphrase opens, and the file that holds it."""
    workspace = Workspace.create(folder / "record", "Kitchen", "Ann", PASSPHRASE, passes=1)
    with workspace, workspace.change("Put in the starter lists") as change:
        load_code_lists(change)
    secret = folder / "passphrase.txt"
    secret.write_text(PASSPHRASE + "\nnot this line\n", encoding="utf-8")
    return secret


def test_a_command_loads_no_qt(tmp_path: Path) -> None:
    secret = made(tmp_path)
    done = run(
        "import sys; from ui.__main__ import main; code = main(sys.argv[1:]);"
        " print(code, [name for name in sys.modules if name.startswith(('PySide6', 'shiboken6'))])",
        "check", str(tmp_path / "record"), "--passphrase-file", str(secret),
    )  # fmt: skip
    assert done.stdout.strip().splitlines()[-1] == "0 []", done.stderr


def test_nothing_of_the_vault_is_loaded_before_somebody_unlocks() -> None:
    done = run(
        "import sys; from ui.app import make_application; from ui.preferences import Preferences;"
        " from ui.window import Window; app = make_application(); window = Window(Preferences(), None);"
        " window.dress(); window.show(); app.processEvents();"
        " print(sorted(set(sys.modules) & {'sqlcipher3', 'cryptography', 'pyrage', 'msgspec', 'pandas', 'numpy'}))"
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_pictures_of_every_place_are_taken_without_a_screen(tmp_path: Path) -> None:
    secret = made(tmp_path)
    out = tmp_path / "pictures"
    done = run(
        "import sys; from ui.__main__ import main; sys.exit(main(sys.argv[1:]))",
        "gui", str(tmp_path / "record"), "--pictures", str(out), "--passphrase-file", str(secret),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    names = {path.stem for path in out.glob("*.png")}
    for look in ("light", "dark", "light-200"):
        assert names >= {f"{look}-{place}" for place in ("unlock", "home", "people", "intake", "reports", "history")}
    assert not [path for path in out.glob("*.png") if path.stat().st_size < 5000]


def test_pictures_with_a_wrong_passphrase_are_refused_in_a_sentence(tmp_path: Path) -> None:
    made(tmp_path)
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("something else entirely\n", encoding="utf-8")
    done = run(
        "import sys; from ui.__main__ import main; sys.exit(main(sys.argv[1:]))",
        "gui", str(tmp_path / "record"), "--pictures", str(tmp_path / "out"), "--passphrase-file", str(wrong),
    )  # fmt: skip
    assert done.returncode == 1
    assert "passphrase" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_window_passes_its_own_self_test() -> None:
    done = run("from ui.selftest import selftest; print(selftest())")
    assert done.stdout.strip() == "['the window opens, shows every place, takes a visit and locks']", done.stderr


def test_closing_the_window_with_a_record_open_ends_the_app(tmp_path: Path) -> None:
    made(tmp_path)
    done = run(
        "import sys; from pathlib import Path; from PySide6.QtCore import QTimer; from ui.window import Window;"
        " from cis_desktop.workspace import Workspace; from ui.app import gui; folder = Path(sys.argv[1]);"
        " inside = lambda self: (self.opened(Workspace.open(folder, sys.argv[2])), self.close());"
        " shown = Window.showEvent;"
        " Window.showEvent = lambda self, event: (shown(self, event), QTimer.singleShot(500, lambda: inside(self)));"
        " print(gui([str(folder)]))",
        str(tmp_path / "record"), PASSPHRASE,
    )  # fmt: skip
    assert done.stdout.strip() == "0", done.stderr
