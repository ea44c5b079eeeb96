"""What disclosure control lets out, the independent audit finds safe: else a release fails when it is finished."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from cis_desktop.disclosure.tables import PastRelease, Refusal
from cis_desktop.packs.audit import attack_packs
from cis_desktop.packs.reading import FilePack
from tests.core.packs import living, mutants

SEEDS = 12


def sequence(seed: int, often: int) -> tuple[list[str], Counter[str]]:
    """Release packs of two agreements for periods in any order, with late records; give what the audit minds."""
    draw = random.Random(seed)
    group = living.Group(draw)
    group.comes(often)
    asked = [living.agreement(draw, area) for area in ("camden", "brent")]
    past: list[PastRelease] = []
    packs: list[FilePack] = []
    made: dict[tuple[int, str], int] = {}
    minded, ends = [], Counter[str]()
    known: set[tuple[str, int, int]] = set()
    for _ in range(7):
        which, period = draw.randrange(2), draw.choice(living.PERIODS)
        out = living.release(group, asked[which], period, past, made.get((which, period)))
        if isinstance(out, Refusal):
            ends[out.code] += 1
            continue
        packs.append(mutants.read(out, len(packs)))
        made[which, period] = len(packs) - 1
        found = {(each.cell, each.lowest, each.highest) for each in attack_packs(packs).unsafe}
        ends["audit_failed" if found - known else "released"] += 1
        minded += [f"seed {seed}, {len(packs)} packs: {each}" for each in sorted(found - known)]
        known |= found
        if draw.random() < 0.5:
            group.comes(draw.choice((1, 3, 40)))
    return minded, ends


@pytest.mark.parametrize("often", [150, 600])
def test_what_is_released_over_time_to_two_councils_is_safe_by_its_files(often: int) -> None:
    ends = Counter[str]()
    for seed in range(SEEDS):
        minded, each = sequence(seed, often)
        ends += each
        assert not minded, minded
    print(dict(ends))
    assert ends["released"] > 3 * SEEDS


def test_a_nought_that_one_council_is_given_rounded_may_be_drawn_for_another() -> None:
    """The rounded nought tells more openly than the drawn one keeps: nothing is given away by the two together."""
    minded, ends = sequence(5005, 600)
    assert not minded, minded
    assert ends["released"] == 6


@pytest.mark.soak
@pytest.mark.parametrize("often", [60, 150, 300, 600, 1000])
def test_what_groups_of_any_size_release_over_time_is_safe_by_its_files(often: int) -> None:
    ends = Counter[str]()
    for seed in range(5000, 5020):
        minded, each = sequence(seed, often)
        ends += each
        assert not minded, minded
        print(f"{often} contacts, seeds 5000 to {seed}: {dict(ends)}", flush=True)
    assert ends["released"] > 60
