"""What one row of the record adds to each measure, as SQL over `given g` and `contacts c`."""

from __future__ import annotations

GRAMS = {"kg": 1000.0, "lb": 453.59237, "g": 1.0}
"""Grams in each unit (the international pound, exactly)."""


def _weight(unit: str) -> str:
    """Write the SQL of a weight in one unit: as written where it is in that unit, else turned into whole numbers."""
    others = "".join(
        f" when '{other}' then cast(round(g.quantity * {grams / GRAMS[unit]!r}) as integer)"
        for other, grams in GRAMS.items()
        if other != unit
    )
    return f"case g.unit when '{unit}' then g.quantity{others} end"


_WEIGHED = "('kg', 'lb', 'g')"
_PARCELS = (
    "case when g.parcel_days is not null or g.item = 'food_parcel' then"
    f" case when g.unit in {_WEIGHED} then 1 else coalesce(g.quantity, 1) end end"
)

AMOUNTS = {
    "items": f"case when g.unit is null or g.unit not in {_WEIGHED} then g.quantity end",
    "weight_kg": _weight("kg"),
    "weight_lb": _weight("lb"),
    "money": "g.pence",
    "parcels": _PARCELS,
    "parcel_days": f"({_PARCELS}) * g.parcel_days",
}
"""What a row of `given` adds: no value where it adds nothing."""

HELPED = (
    "max(coalesce(c.helped, 0), coalesce(c.adults, 0) + coalesce(c.children, 0),"
    " c.helped is null and c.adults is null and c.children is null)"
)
"""How many a contact was for: as written down, or one where nothing is."""
