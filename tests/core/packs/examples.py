"""Releases and packs made by hand, with everything that a pack must carry: hierarchy, money, areas, rounding."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from cis_desktop.disclosure.tables import (
    TOTAL,
    Audit,
    Category,
    Dimension,
    Key,
    Policy,
    Release,
    ReleasedCell,
    ReleasedTable,
    Shape,
)  # fmt: skip
from cis_desktop.packs import Details, Signer, build
from cis_desktop.packs.audit import Attack
from cis_desktop.packs.reading import FilePack, read_pack

SIGNER = Signer(bytes(range(32)))
POLICY = Policy("lt5-suppress", threshold=5)
AGES = Dimension("age_band", "Age band", tuple(Category(k, k.replace("-", " to ")) for k in ("0-15", "16-64", "65+")))
NEEDS = Dimension(
    "need", "Need", tuple(Category(k, k.capitalize()) for k in ("food", "housing", "debt", "company")), adds_up=False
)
WARDS = Dimension(
    "ward", "Ward",
    (
        Category("E05000138", "Kilburn"), Category("E05000143", "St Pancras & Somers Town"),
        Category("other", "Other wards"), Category("not_asked", "Not asked"),
    ), kind="area",
)  # fmt: skip
MONTHS = Dimension(
    "month", "Month", tuple(Category(f"2018-0{n}", m) for n, m in ((1, "January"), (2, "February"), (3, "March"))),
    kind="period",
)  # fmt: skip


def details(**changes: object) -> Details:
    """Give the details of an ordinary pack."""
    said: dict[str, object] = {
        "group": "Kilburn Pantry", "org_id": "GB-CHC-1234567", "agreement": "Small group return",
        "agreement_version": 1, "agreement_hash": "ab" * 32, "recipient": "Camden Council",
        "question": "Who is reached, and with what?", "what_for": "To plan next winter’s grants, by May.",
        "period": "2018-Q1", "period_label": "January to March 2018", "signed_off_by": "Ada Lovelace",
        "made_at": "2018-04-03T10:00:00Z", "contact": "pantry@example.org",
        "narrative": (("What was different this quarter?", "More families came after the school holidays."),),
    }  # fmt: skip
    return Details(**{**said, **changes})  # type: ignore[arg-type]


def shape(name: str, title: str, dimensions: tuple[Dimension, ...] = (), **changes: object) -> Shape:
    """Give a table's shape: unique people of Camden in the first quarter of 2018, unless changed."""
    said: dict[str, object] = {
        "measure": "people", "unit": "people", "how_counted": "each person once", "area": "E09000007",
        "area_label": "Camden", "period": "2018-Q1",
    }  # fmt: skip
    return Shape(id=name, title=title, dimensions=dimensions, **{**said, **changes})  # type: ignore[arg-type]


def table(made: Shape, cell: Callable[[Key], int | None], at_most: int | None = None) -> ReleasedTable:
    """Release a table: `cell(key)` gives the figure, None for hidden."""
    keys = product(*((*(c.key for c in d.categories), TOTAL) for d in made.dimensions))
    cells = {}
    for key in keys:
        value = cell(key)
        cells[key] = (
            ReleasedCell("hidden", None, 1, at_most) if value is None else ReleasedCell("value", value, value, value)
        )
    return ReleasedTable(made, cells)


def summed(made: Shape, leaves: dict[Key, int], hidden: frozenset[Key] = frozenset()) -> ReleasedTable:
    """Release a table without hierarchy whose totals are the sums of its leaves, but for the hidden keys."""

    def total(key: Key) -> int | None:
        if key in hidden:
            return None
        fits = [v for leaf, v in leaves.items() if all(k in (TOTAL, part) for k, part in zip(key, leaf, strict=True))]
        return sum(fits)

    return table(made, total)


def released(*tables: ReleasedTable, policy: Policy = POLICY) -> Release:
    """Put tables into a release."""
    status = [cell.status for t in tables for cell in t.cells.values()]
    audit = Audit(
        status.count("hidden"), status.count("rounded"), status.count("value"), status.count("hidden"), None, 0.1
    )
    return Release(tables, policy, audit)


def ordinary() -> Release:
    """Give a release with headlines, money, one breakdown with hidden figures, two breakdowns, needs and months."""
    ages = summed(
        shape("people_by_age", "People by age band", (AGES,)),
        {("0-15",): 2, ("16-64",): 101, ("65+",): 20},
        frozenset({("0-15",), ("65+",)}),
    )
    wards = {
        (ward.key, age.key): 10 + 7 * n + 3 * m
        for n, ward in enumerate(WARDS.categories)
        for m, age in enumerate(AGES.categories)
    }
    need = {("food",): 101, ("housing",): 44, ("debt",): 12, ("company",): None, (TOTAL,): 123}
    months = {("2018-01",): 61, ("2018-02",): 0, ("2018-03",): 90}
    return released(
        summed(shape("people", "People helped"), {(): 123}),
        summed(
            shape("spent", "Money given", measure="spent", unit="pence", counts_people=False, how_counted="as given"),
            {(): 1_234_550},
        ),
        ages,
        summed(shape("visits_by_ward", "Visits by ward and age band", (WARDS, AGES), measure="visits", unit="visits",
                     counts_people=False, how_counted="each visit"), wards),
        table(shape("people_by_need", "People by need", (NEEDS,)), lambda key: need[key]),
        summed(shape("visits_by_month", "Visits by month", (MONTHS,), measure="visits_all", unit="visits",
                     counts_people=False), months),
    )  # fmt: skip


def kinds(name: str, count: int) -> Dimension:
    """Give a flat breakdown with so many categories: a0, a1, ..."""
    return Dimension(name, name.upper(), tuple(Category(f"{name}{n}", f"{name}{n}") for n in range(count)))


def packed(
    release: Release, period: str = "2018-Q1", day: int = 1, workbook: bool = False, signer: Signer = SIGNER,
    **changes: object,
) -> FilePack:  # fmt: skip
    """Make a pack of a release and read it back from its archive, or from its workbook."""
    made = build(release, details(period=period, made_at=f"2018-05-{day:02d}T10:00:00Z", **changes), signer)
    return read_pack(made.workbook if workbook else made.archive, made.stem)


def cells(found: Attack) -> dict[str, tuple[int, int]]:
    """Give what an attack exposed: each figure with its limits."""
    return {each.cell: (each.lowest, each.highest) for each in found.exposed}


def one_line(numbers: list[int], hidden: set[int], **changes: object) -> Release:
    """Give a release of one line of figures, some of them hidden."""
    line = shape("t", "T", (kinds("a", len(numbers)),), **changes)
    return released(summed(line, {(f"a{n}",): v for n, v in enumerate(numbers)}, frozenset((f"a{n}",) for n in hidden)))
