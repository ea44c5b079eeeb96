"""What is read back while several threads meet the same types for the first time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from cis_desktop.decoding import from_builtins, from_json, from_msgpack

MEET = """
import sys, threading, types
from cis_desktop.decoding import from_builtins, from_json, from_msgpack

sys.setswitchinterval(0.00001)
SHAPES = '''
from __future__ import annotations
import dataclasses, msgspec

class Inner(msgspec.Struct):
    count: int
    words: tuple[str, ...] = ()

@dataclasses.dataclass(frozen=True)
class Outer:
    one: Inner
    all: dict[str, Inner]
    none: float | None = None
'''
READ = (
    lambda kind: from_json(b'{"one": {"count": 1}, "all": {}}', kind),
    lambda kind: from_msgpack(bytes.fromhex("82a36f6e6581a5636f756e7401a3616c6c80"), kind),
    lambda kind: from_builtins({"one": {"count": 1}, "all": {}}, kind),
)
for _ in range(400):
    module = types.ModuleType("shapes")
    sys.modules["shapes"] = module
    exec(SHAPES, module.__dict__)
    together, counts = threading.Barrier(len(READ)), []

    def meet(read):
        together.wait()
        counts.append(read(module.Outer).one.count)

    threads = [threading.Thread(target=meet, args=(read,)) for read in READ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [1, 1, 1], counts
"""


class Kept(msgspec.Struct, frozen=True):
    """Something kept as a file."""

    name: str
    sizes: tuple[int, ...] = ()


def test_threads_that_meet_a_type_at_once_all_read_it() -> None:
    # By itself: what it is about is the end of the whole program.
    run = subprocess.run(
        [sys.executable, "-c", MEET],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


def test_each_format_gives_the_type_asked_for() -> None:
    kept = Kept("one", (1, 2))
    assert from_json(msgspec.json.encode(kept), Kept) == kept
    assert from_json('{"name": "one"}', Kept) == Kept("one")
    assert from_msgpack(msgspec.msgpack.encode(kept), Kept) == kept
    assert from_builtins({"name": "one", "sizes": [1, 2]}, Kept) == kept
    assert from_json("[1, 2]", tuple[int, ...]) == (1, 2)


def test_what_is_of_another_shape_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        from_json('{"name": 1}', Kept)
    with pytest.raises(msgspec.ValidationError):
        from_builtins({"sizes": [1]}, Kept)
    with pytest.raises(msgspec.DecodeError):
        from_msgpack(b"\xc1", Kept)
