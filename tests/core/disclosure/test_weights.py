"""What is hidden beside the small figures follows from public facts and the secret, never from hidden figures."""

from __future__ import annotations

import inspect
import random
import typing

from cis_desktop.disclosure import weights
from cis_desktop.disclosure.profiles import PROFILES
from cis_desktop.disclosure.protect import protect
from cis_desktop.disclosure.tables import CellId, Key, Release, Shape, Status
from cis_desktop.disclosure.weights import draws, public_weights

from .made import SECRET, grid

LT5 = PROFILES["lt5-suppress"]
NUMBERS = [[3, 40, 39, 61], [52, 66, 30, 42], [48, 51, 2, 70], [44, 47, 58, 63]]


def pattern(numbers: list[list[int]], secret: bytes = SECRET) -> set[Key]:
    release = protect([grid(numbers)], LT5, (), secret, 10)
    assert isinstance(release, Release)
    return {key for key, shown in release.tables[0].cells.items() if shown.status == "hidden"}


def test_a_weight_is_given_nothing_that_is_secret_of_a_figure() -> None:
    """A cell's name, the shape and key it is shown under, and whether an earlier release showed it: all public."""
    given, _ = typing.get_args(weights.Weigh)
    assert given == [CellId, Shape, Key, Status | None]
    assert list(inspect.signature(public_weights).parameters) == ["secret"]
    assert list(inspect.signature(draws).parameters) == ["secret", "purpose"]


def test_the_same_small_figures_give_the_same_pattern_whatever_the_others_are() -> None:
    draw = random.Random(7)
    for secret in (SECRET, b"another one"):
        first = pattern(NUMBERS, secret)
        for _ in range(12):
            other = [[n if n < 5 else draw.randint(30, 90) for n in row] for row in NUMBERS]
            other[0][0], other[2][2] = draw.randint(1, 4), draw.randint(1, 4)
            assert pattern(other, secret) == first


def test_draws_for_one_purpose_say_nothing_of_those_for_another() -> None:
    cells = [grid(NUMBERS).shape.identity((f"r{row}", "c0")) for row in range(4)]
    hiding, rounding = draws(SECRET), draws(SECRET, "rounding")
    assert [hiding(cell) for cell in cells] == [draws(SECRET)(cell) for cell in cells]
    assert not {hiding(cell) for cell in cells} & {rounding(cell) for cell in cells}
    assert all(0 <= rounding(cell) < 1 for cell in cells)
