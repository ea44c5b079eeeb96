"""Whatever comes from outside: a sentence or a reading, soon, in little memory, and the record as it was."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
import sqlcipher3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cis_desktop.errors import CisError
from cis_desktop.vault.database import file_trouble
from tests.share import SHARE

from .group import Group
from .readers import READERS

SECONDS = 60
"""Longer than any of this takes on a busy computer; what hangs takes for ever."""
MEMORY = 1 << 30
"""Bytes that a reader may take on top of what the process has."""
SOAK = 1200 * SHARE
"""Seconds of processor time."""
SEED = int(os.environ.get("CIS_FUZZ_SEED", "20261123"))


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Group]:
    """Make the record and its samples once."""
    made = Group(tmp_path_factory.mktemp("group"))
    yield made
    made.close()


@contextmanager
def bounded() -> Iterator[None]:
    """Stop what takes too long, and refuse memory beyond a limit, where the system can."""
    if sys.platform != "linux":
        yield
        return
    import resource

    def late(*_: object) -> None:
        raise TimeoutError(f"not done after {SECONDS} seconds")

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def hostile(group: Group, name: str, seed: int) -> bytes:
    """Give the sample of a reader as it is changed under one seed."""
    return READERS[name].change(group, READERS[name].sample(group), Random(f"{seed} {name}"))


def outcome(group: Group, name: str, raw: bytes) -> str:
    """Give a file to its reader; say what came of it: `read`, or the code of the refusal."""
    reader = READERS[name]
    path, before = group.file(reader.file, raw), group.state()
    refused: CisError | None = None
    try:
        with bounded():
            reader.read(group, path)
    except (CisError, OSError, sqlcipher3.DatabaseError) as why:
        # As the window and the commands take it: a failing disk and a page that is damaged have their own sentence.
        refused = why if isinstance(why, CisError) else file_trouble(why)
        if refused is None:
            raise
    assert group.state() == before or (reader.writes and not refused), f"the record was changed ({refused})"
    if refused is None:
        return "read"
    assert 30 < len(refused.sentence) < 2000, refused.sentence[:400]
    assert refused.sentence.endswith((".", "?", ".”", ".)")), refused.sentence
    return refused.code


@pytest.mark.parametrize("name", READERS)
def test_the_sample_itself_is_read(group: Group, name: str) -> None:
    assert outcome(group, name, READERS[name].sample(group)) == READERS[name].says


@pytest.mark.parametrize("name", READERS)
def test_a_hostile_one_is_read_or_refused_in_a_sentence(group: Group, name: str) -> None:
    @settings(max_examples=READERS[name].gate, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(seed=st.integers(0, 2**32))
    def examples(seed: int) -> None:
        outcome(group, name, hostile(group, name, seed))

    examples()


@pytest.mark.soak
def test_hours_of_hostile_ones_are_read_or_refused(group: Group) -> None:
    came: dict[str, Counter[str]] = {name: Counter() for name in READERS}
    faults: dict[str, str] = {}
    seed, started = SEED, sum(os.times()[:4])
    # The children's time counts as well: many a reader is one.
    while sum(os.times()[:4]) - started < SOAK:
        seed += 1
        for name in READERS:
            try:
                came[name][outcome(group, name, hostile(group, name, seed))] += 1
            except BaseException as fault:  # noqa: BLE001 - a panic of a library in Rust is one
                what = f"{name}: {''.join(traceback.format_exception(fault)[-3:])[-700:]}"
                if what not in faults:
                    print(f"seed {seed}, {what}", flush=True)
                faults[what] = f"seed {seed}"
                came[name]["FAULT"] += 1
        if seed % 5 == 0:
            print({name: dict(found) for name, found in came.items()}, flush=True)
    for name, found in came.items():
        print(f"{name}: {found.total()} {dict(found.most_common())}")
    assert not faults, "\n".join(f"{what} ({at})" for what, at in faults.items())
