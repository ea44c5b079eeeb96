"""Whatever three laptops do apart, they come to the same record, and nothing vanishes unseen."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.share import SHARE

from .histories import SCHEMA, run

FIRST_SEED = 20261123


@pytest.fixture(scope="session")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give two folders of migrations: an older version of the app, and the newer one."""
    older = tmp_path_factory.mktemp("older")
    shutil.copy(SCHEMA / "0002_small.sql", older)
    return older, SCHEMA


def play(schemas: tuple[Path, Path], seeds: range) -> None:
    print(f"seeds {seeds.start} to {seeds.stop - 1}")
    seen: Counter[str] = Counter()
    for seed in seeds:
        try:
            seen.update(run(seed, *schemas, steps=30))
        except Exception as error:
            raise AssertionError(f"history {seed} went wrong") from error
    print(dict(seen))
    assert min(seen["sets"], seen["rows"], seen["conflicts"], seen["erased"]) > 0


def test_three_vaults_converge_whatever_happens_in_whatever_order(schemas: tuple[Path, Path]) -> None:
    play(schemas, range(FIRST_SEED, FIRST_SEED + 120))


@pytest.mark.soak
def test_three_vaults_converge_over_ten_thousand_histories(schemas: tuple[Path, Path]) -> None:
    play(schemas, range(FIRST_SEED, FIRST_SEED + int(10_000 * SHARE)))
