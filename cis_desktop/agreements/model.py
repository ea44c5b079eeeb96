"""What an agreement says: the fields of a `*.cis-agreement` file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

FORMAT = "cis-agreement"
VERSION = 1

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Line = Annotated[str, Meta(min_length=1, max_length=300)]
Text = Annotated[str, Meta(max_length=4000)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Age = Annotated[int, Meta(ge=0, le=130)]

Measure = Literal[
    "unique_people",
    "unique_households",
    "people_helped",
    "contacts",
    "parcels",
    "parcel_days",
    "items",
    "weight",
    "money",
    "needs",
    "sessions",
    "head_count",
    "observations",
]

PeriodKind = Literal["month", "quarter", "year", "any"]


class Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of the format. Fields it does not know are kept in the file, and ignored."""


class Party(Struct, frozen=True):
    """One side of the agreement. `org_id` is from org-id.guide; small groups have none."""

    name: Line
    org_id: Annotated[str, Meta(max_length=60)] | None = None
    contact: Text | None = None


class Parties(Struct, frozen=True):
    """Who agrees. No group: whichever group accepts it. No council: an agreement of a group with itself."""

    council: Party | None = None
    group: Party | None = None


class Area(Struct, frozen=True):
    """The place the figures are about. With `wards`, people elsewhere have a row of their own."""

    label: Line
    code: Annotated[str, Meta(max_length=60)] = ""
    wards: tuple[Ward, ...] = ()


class Ward(Struct, frozen=True):
    """A ward by its GSS code, or by the name a group writes."""

    code: Annotated[str, Meta(min_length=1, max_length=60)]
    label: Line


class Group(Struct, frozen=True):
    """An own category: an age band (`from_age` to `to_age`, both included), or codes taken together."""

    label: Line
    key: Name | None = None
    includes: tuple[Name, ...] = ()
    from_age: Age | None = None
    to_age: Age | None = None


class Step(Struct, frozen=True):
    """A coarser version of a dimension: other groups, only the broad groups of the list, or none at all."""

    label: Line
    groups: tuple[Group, ...] = ()
    broad: bool = False
    drop: bool = False


class Dimension(Struct, frozen=True):
    """One way to break figures down, by a code list under a version or by own groups, and how to coarsen it.

    `broad` takes the broad groups of the list only (ethnic group: 5 and not 19). `crosswalk` leads from what the
    group writes to a code of the list. `new_after_months` is for "new or returning": new means no contact in so
    many months before the period; without it, no contact ever before.
    """

    by: Name
    label: Line | None = None
    code_list: Name | None = None
    list_version: Annotated[int, Meta(ge=1)] | None = None
    broad: bool = False
    groups: tuple[Group, ...] = ()
    crosswalk: dict[str, Name] = {}
    new_after_months: Annotated[int, Meta(ge=1, le=240)] | None = None
    ladder: tuple[Step, ...] = ()


class Filter(Struct, frozen=True):
    """Count only what is in one category."""

    by: Name
    category: Annotated[str, Meta(min_length=1, max_length=60)]


class Counted(Struct, frozen=True):
    """A measure, and how the two sides agreed it is counted (on top of the app's own words for it)."""

    measure: Measure
    how_counted: Text = ""
    unit: Literal["kg", "lb"] | None = None


class Table(Struct, frozen=True):
    """What to count, by what. Each measure becomes a table of its own in the pack.

    `accountability` lines are whole-area figures that a council must pass on exactly.
    """

    id: Name
    title: Line
    measures: Annotated[tuple[Counted, ...], Meta(min_length=1, max_length=20)]
    period: PeriodKind = "any"
    dimensions: Annotated[tuple[Dimension, ...], Meta(max_length=4)] = ()
    filters: Annotated[tuple[Filter, ...], Meta(max_length=10)] = ()
    accountability: bool = False

    def table_of(self, measure: Measure) -> str:
        """Give the id of the table that one of its measures has in a pack."""
        return self.id if len(self.measures) == 1 else f"{self.id}-{measure.replace('_', '-')}"


class Cells(Struct, frozen=True):
    """Some figures: of one table or measure or of all, by any category of `by`, and by one of each of `categories`."""

    table: Name | None = None
    measure: Measure | None = None
    by: Annotated[tuple[Name, ...], Meta(max_length=4)] = ()
    categories: dict[Name, Annotated[str, Meta(min_length=1, max_length=60)]] = {}


class Sensitive(Cells, frozen=True, kw_only=True):
    """Figures that need more people behind them, and how many."""

    threshold: Annotated[int, Meta(ge=2, le=1000)]


class Parameters(Struct, frozen=True):
    """Stricter rules than the profile's own.

    `zeros`: shown; hidden where no more than `few` categories of a line are filled; or all hidden. `dominance` is the p
    of the p% rule for sums of money. Figures of `must_publish` are shown or nothing is released; those of
    `never_publish` never are.
    """

    threshold: Annotated[int, Meta(ge=2, le=100)] | None = None
    min_households: Annotated[int, Meta(ge=1, le=100)] | None = None
    accountability_households: Annotated[int, Meta(ge=1, le=1000)] | None = None
    zeros: Literal["show", "few", "protect"] | None = None
    few: Annotated[int, Meta(ge=1, le=10)] | None = None
    dominance: Annotated[int, Meta(ge=1, le=100)] | None = None
    sensitive: Annotated[tuple[Sensitive, ...], Meta(max_length=50)] = ()
    must_publish: Annotated[tuple[Cells, ...], Meta(max_length=50)] = ()
    never_publish: Annotated[tuple[Cells, ...], Meta(max_length=50)] = ()


class Disclosure(Struct, frozen=True):
    """The disclosure profile that protects what is released."""

    profile: Name
    parameters: Parameters = Parameters()


class Sharing(Struct, frozen=True):
    """The data-sharing terms, in the words of the two sides."""

    purpose: Text
    lawful_basis: Text
    onward_use: Text
    foi: Text
    retention: Text
    review: Day | None = None
    contact: Text = ""


class Observations(Struct, frozen=True):
    """Whether observations may go with the figures, and under what terms."""

    themes: bool = False
    words: bool = False
    terms: Text = ""


class Signature(Struct, frozen=True):
    """The council's Ed25519 signature over everything else in the file (hexadecimal)."""

    by: Line
    public_key: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    signature: Annotated[str, Meta(pattern=r"^[0-9a-f]{128}$")]


class Terms(Struct, frozen=True):
    """A whole agreement, as the file holds it. A `proposal` says who proposes it, and why: it is not agreed yet."""

    format: Literal["cis-agreement"]
    version: Annotated[int, Meta(ge=1)]
    key: Name
    title: Line
    agreement_version: Annotated[int, Meta(ge=1)]
    question: Line
    use: Text
    use_by: Text
    tables: Annotated[tuple[Table, ...], Meta(min_length=1, max_length=100)]
    disclosure: Disclosure
    area: Area
    sharing: Sharing
    parties: Parties = Parties()
    replaces: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")] | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    observations: Observations = Observations()
    narrative: tuple[Line, ...] = ()
    proposal: Text = ""
    signature: Signature | None = None


def schema() -> dict[str, Any]:
    """Give the JSON Schema of the format."""
    found = msgspec.json.schema(Terms)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Community Insights agreement, version 1",
        **found,
    }
