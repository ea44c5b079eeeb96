"""Whatever happens to laptops and files, all come to the same record, and nothing vanishes unseen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from .worlds import Template, run

FIRST_SEED = 20261123


@pytest.fixture(scope="session")
def template() -> Template:
    """Give the empty vault that laptops begin with."""
    return Template()


def play(folder: Path, template: Template, seeds: range, steps: int = 40) -> None:
    print(f"seeds {seeds.start} to {seeds.stop - 1}")
    seen: Counter[str] = Counter()
    for seed in seeds:
        try:
            seen.update(run(seed, folder, template, steps))
        except Exception as error:
            raise AssertionError(f"history {seed} went wrong") from error
    print(dict(seen))
    assert min(seen["sets"], seen["conflicts"], seen["erased"], seen["removed"], seen["restored"]) > 0


def test_laptops_that_meet_by_files_converge_whatever_happens_to_the_files(tmp_path: Path, template: Template) -> None:
    play(tmp_path, template, range(FIRST_SEED, FIRST_SEED + 40))


@pytest.mark.soak
def test_laptops_converge_over_a_hundred_thousand_histories(tmp_path: Path, template: Template) -> None:
    play(tmp_path, template, range(FIRST_SEED, FIRST_SEED + 100_000))
