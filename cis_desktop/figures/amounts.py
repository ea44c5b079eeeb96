"""What one row of the record adds to each measure, as SQL over `given g` and `contacts c`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WEIGHTS = {"kg": 100_000_000, "lb": 45_359_237, "g": 100_000}
"""Each unit in hundred-thousandths of a gram, of which the international pound is a whole number."""

_WEIGHT = f"case g.unit{''.join(f' when {unit!r} then g.quantity * {size}' for unit, size in WEIGHTS.items())} end"

_WEIGHED = "('kg', 'lb', 'g')"
_PARCELS = (
    "case when g.parcel_days is not null or g.item = 'food_parcel' then"
    f" case when g.unit in {_WEIGHED} then 1 else coalesce(g.quantity, 1) end end"
)

AMOUNTS = {
    "items": f"case when g.unit is null or g.unit not in {_WEIGHED} then g.quantity end",
    "weight_kg": _WEIGHT,
    "weight_lb": _WEIGHT,
    "money": "g.pence",
    "parcels": _PARCELS,
    "parcel_days": f"({_PARCELS}) * g.parcel_days",
}
"""What a row of `given` adds: no value where it adds nothing. Weights still have to be made whole (`in_wholes`)."""

HELPED = (
    "max(coalesce(c.helped, 0), coalesce(c.adults, 0) + coalesce(c.children, 0),"
    " c.helped is null and c.adults is null and c.children is null)"
)
"""How many a contact was for: as written down, or one where nothing is."""


def in_wholes(amount: str, added: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn what rows add to a weight into whole kg or lb; other amounts are whole already.

    What is left over in one row goes on to the next. So every table made of these rows adds up, and all of them
    together are right to half a unit: rounded each by itself, a thousand tins of 200 g would weigh nothing.
    """
    unit = WEIGHTS.get(amount.removeprefix("weight_"))
    if unit is None:
        return added
    whole, left = np.divmod(added, unit)
    carried = (np.cumsum(left) + unit // 2) // unit
    return whole + np.diff(carried, prepend=0)
