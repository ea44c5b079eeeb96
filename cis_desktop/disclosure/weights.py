"""How dear each cell is to hide: public facts times a draw that only the workspace's secret decides.

A weight never depends on a figure. Whoever knows the method and sees a pattern that was cheapest *by value*
can work back to the values; against weights drawn from a secret that attack has nothing to hold on to.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable

from .tables import TOTAL, CellId, Key, Shape, Status

Weigh = Callable[[CellId, Shape, Key, Status | None], float]
"""(cell, the shape and key it is shown under, what an earlier release said of it) -> a cost above 0."""

_TOTALS_ARE_DEARER = 3.0
_ALREADY_BLANK = 0.05
_ALREADY_OUT = 4.0


def public_weights(secret: bytes) -> Weigh:
    """Give the weights of a workspace: by level and past status, times a draw in 1..2 keyed by its secret."""

    def weigh(cid: CellId, shape: Shape, key: Key, past: Status | None) -> float:
        name = json.dumps([cid.measure, cid.filters, cid.area, cid.period, cid.categories])
        digest = hmac.new(secret, name.encode(), hashlib.sha256).digest()
        level = _TOTALS_ARE_DEARER ** sum(category == TOTAL for category in key)
        earlier = 1.0 if past is None else _ALREADY_BLANK if past == "hidden" else _ALREADY_OUT
        return level * earlier * (1 + int.from_bytes(digest[:6], "big") / 2**48)

    return weigh
