"""A kill, a full disk, an I/O error or half a write at every change on the disk: each act is done or not done.

The faults come from a library of our own that is loaded before the C library (`faulty_disk.c`); what must be true after
each is in `places.py`, and what is tried in `at_every_point.py`.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from cis_desktop import ledger
from cis_desktop.packs import role
from cis_desktop.packs.release import KILLED_AFTER
from tests.faults import places
from tests.share import SHARE

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("at_every_point.py")
SEED = 20261123
KILLS = {"k": 60}
FAULTS = {"e": 30, "f": 30, "n": 10, "s": 10, "d": 10, "t": 10, "ek": 10, "fk": 10, "p": 10, "q": 10}
"""How (letters of `faulty_disk.c`), and at how many points of an act that is longer than that."""
MIGRATIONS = [act for act in places.ACTS if act.startswith("migrate")]
GATE = [act for act in places.ACTS if act not in {*MIGRATIONS[1:], *places.SHARING}]


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the disk that fails."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("only Linux loads a library before the C library, and a C compiler has to build it")
    built = tmp_path_factory.mktemp("disk") / "faulty_disk.so"
    source = SCRIPT.with_name("faulty_disk.c")
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", built, source, "-ldl"], check=True)
    return built


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare once what every act begins with."""
    folder = tmp_path_factory.mktemp("places")
    places.prepare(folder / "template")
    return folder


def tried(disk: Path, folder: Path, **request: Any) -> dict[str, Any]:
    """Try one act, and insist that nothing was wrong at any point."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), json.dumps(request)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "LD_PRELOAD": str(disk)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    print(f"seed {SEED}, {request['act']}: {found['length']} changes on the disk, {found['came']}")
    assert found["wrong"] == [], "\n".join(found["wrong"])
    return found


@pytest.mark.parametrize("act", GATE)
def test_an_act_that_fails_at_a_few_points_is_done_or_not_done(disk: Path, place: Path, act: str) -> None:
    choose = random.Random(f"{SEED} {act}")
    how = ["k", *choose.sample(list(FAULTS), 3)]
    found = tried(disk, place, act=act, how=how, points=[choose.random()], again=1)
    assert found["came"]["k"] == 1, "the kill did not come"


@pytest.mark.parametrize("act", ["take the record", "exchange"])
def test_an_act_of_two_laptops_that_is_killed_is_done_or_not_done(disk: Path, place: Path, act: str) -> None:
    # To lay two laptops takes longer than to try one point: the long tests try many more, and the other acts.
    point = random.Random(f"{SEED} {act}").random()
    assert tried(disk, place, act=act, how=["k"], points=[point], again=0)["came"]["k"] == 1, "the kill did not come"


@pytest.mark.parametrize("act", ["save", "make a kit", "back up", "export", "restore", "create"])
def test_what_was_said_to_be_done_is_there_after_a_loss_of_power(disk: Path, place: Path, act: str) -> None:
    found = tried(disk, place, act=act, how=["q"], points=[9], again=0)
    assert found["came"] == {"passed": 1}, "the power failed before the end of the act"


@pytest.mark.soak
@pytest.mark.parametrize("act", places.ACTS)
def test_an_act_killed_all_along_its_length_is_done_or_not_done(disk: Path, place: Path, act: str) -> None:
    most = ceil(KILLS["k"] * SHARE)
    found = tried(disk, place, act=act, how={"k": most}, points=None, seed=SEED, again=2)
    assert found["came"]["k"] >= min(found["length"], most) * 0.5


@pytest.mark.soak
@pytest.mark.parametrize("act", places.ACTS)
def test_an_act_whose_disk_fails_all_along_is_refused_in_words_and_not_done(disk: Path, place: Path, act: str) -> None:
    # A migration is much like the next, and each has its kills.
    share = SHARE / 3 if act in MIGRATIONS else SHARE
    # Only a write can be short: at fewer points it might be that none of a short act is.
    most = {how: most if how == "s" else ceil(most * share) for how, most in FAULTS.items()}
    found = tried(disk, place, act=act, how=most, points=None, seed=SEED, again=0)
    assert all(found["came"].get(how) for how in FAULTS)


def test_what_a_killed_release_left_goes_with_the_next_one_into_that_folder(place: Path, tmp_path: Path) -> None:
    there = Path(shutil.copytree(place / "template", tmp_path / "there"))
    out = there / "out"
    out.mkdir()
    left = [out / f".small-group-return-2018-q1-0123abcd{ending}.part" for ending in (".cis-pack.zip", ".pdf", ".eml")]
    others = [out / ".notes.part", out / "list.pdf", out / ".small-group-return-2018-q1-4567abcd.pdf.part"]
    for path in (*left, *others):
        path.write_bytes(b"half")
    long_ago = time.time() - KILLED_AFTER - 60
    for path in (*left, *others[:2]):
        os.utime(path, (long_ago, long_ago))
    with places.opened(there) as workspace:
        # A copied record has to be told first that no packs were made meanwhile.
        role.take(workspace)
        places.export(workspace)
        assert len(ledger.releases(workspace.read)) == 1
    assert not [path for path in left if path.exists()]
    # What is somebody else's, and what may be in the making right now, stays.
    assert all(path.exists() for path in others)
