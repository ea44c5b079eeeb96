"""An example of what a council sends back: an ordinary letter, a table and a map, all of it invented."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from cis_desktop.demo.shape import FOLDER, read_facts

SMALL = 3
"""Wards of less than this have too few households in the example's table to be told."""

_LETTER = """\
EXAMPLE - every name and figure here is invented.

To: Camden Kitchen Table
About: your food support return, and what we did with it

What we heard
Your return showed more families with children in St Pancras & Somers Town, and your volunteers
wrote that food runs out before the end of the month and that hotel rooms have no kitchen.

What we decided
From next month an adviser sits in the Somers Town hall every Tuesday from 10 to 1.
Families placed in hotels will be offered a room with a kitchen within six weeks.

What we did not do, and why
We did not extend the school holiday vouchers to Easter: there is no money for it this year.
We will look again in the autumn, and your figures will be part of that.

What we would like to ask you
1. Do people come from Kilburn because the Thursday session there stopped?
2. Which forms cause most trouble?

The table beside this letter shows the wards as we see them. We would like to read it with you.
"""


def write_briefing(folder: Path, seed: int = 1) -> list[Path]:
    """Write an example of what a council sends back: an ordinary letter, a table by ward, a map. Return the files.

    Every figure in it is invented, the shapes of the map are too, and all three say so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = Random(f"{seed} briefing")
    table = folder / "context-by-ward.csv"
    with table.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(
            (
                "ward_code",
                "ward_name",
                "residents",
                "households_in_temporary_accommodation",
                "pupils_with_free_school_meals",
                "households_with_council_tax_support",
                "note",
            )
        )
        for ward in read_facts("camden.json")["wards"]:
            size = ward["weight"]
            rows.writerow(
                (
                    ward["code"],
                    ward["name"],
                    100 * round(rng.uniform(95, 145)),
                    # As a council hides a small figure.
                    "[c]" if size < SMALL else 5 * round(size * rng.uniform(2, 5)),
                    5 * round(size * rng.uniform(9, 14)),
                    10 * round(size * rng.uniform(14, 20)),
                    "invented for the example",
                )
            )
    letter = folder / "letter.txt"
    letter.write_text(_LETTER, encoding="utf-8")
    plan = folder / "ward-map-2025-schematic.geojson"
    plan.write_bytes((FOLDER / "ward-map.geojson").read_bytes())
    return [table, letter, plan]
