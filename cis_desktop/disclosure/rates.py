"""Rates, shares and averages: from released figures only, so that they tell nothing that those do not.

A rate of exact figures gives more digits than both figures that are shown, and with one of them the other. A
percentage of a hidden figure is the hidden figure.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from .tables import ReleasedCell


def rate(part: ReleasedCell, whole: ReleasedCell | Decimal, per: int = 1, places: int = 1) -> Decimal | None:
    """Give `part` for each `per` of `whole`, to so many decimal places; None when either is hidden or over a nought.

    With `per` 1 an average (visits for each household), with 100 a share of a total, with 1,000 a rate. `whole` may be
    somebody else's published number.
    """
    above = part.value
    below = (whole.value if whole.status != "hidden" else None) if isinstance(whole, ReleasedCell) else whole
    if part.status == "hidden" or above is None or not below or below < 0:
        return None
    return (per * Decimal(above) / Decimal(below)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
