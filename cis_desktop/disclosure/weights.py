"""How dear each cell is to hide, and which way it is rounded: public facts times draws that only the secret decides.

A weight never depends on a figure. Whoever knows the method and sees a pattern that was cheapest *by value*
can work back to the values; against weights drawn from a secret that attack has nothing to hold on to.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable

from .tables import TOTAL, CellId, Key, Shape, Status

Weigh = Callable[[CellId, Shape, Key, Status | None], float]
"""(cell, the shape and key it is shown under, what an earlier release said of it) -> a cost above 0."""

Draw = Callable[[CellId], float]
"""(cell) -> a number from 0 up to 1, always the same for the same cell."""

_TOTALS_ARE_DEARER = 3.0
_ALREADY_BLANK = 0.05
_ALREADY_OUT = 4.0


def public_weights(secret: bytes) -> Weigh:
    """Give the weights of a workspace: by level and past status, times a draw in 1..2 keyed by its secret."""
    draw = draws(secret)

    def weigh(cid: CellId, shape: Shape, key: Key, past: Status | None) -> float:
        level = _TOTALS_ARE_DEARER ** sum(category == TOTAL for category in key)
        earlier = 1.0 if past is None else _ALREADY_BLANK if past == "hidden" else _ALREADY_OUT
        return level * earlier * (1 + draw(cid))

    return weigh


def draws(secret: bytes, purpose: str = "") -> Draw:
    """Give a workspace's draws for a purpose: those for another purpose say nothing about them."""
    key = hmac.digest(secret, purpose.encode(), "sha256") if purpose else secret

    def draw(cid: CellId) -> float:
        name = json.dumps([cid.measure, cid.area, cid.period, cid.categories])
        return int.from_bytes(hmac.digest(key, name.encode(), "sha256")[:6], "big") / 2**48

    return draw
