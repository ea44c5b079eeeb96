"""What a briefing is, as the rest of the app sees it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

FigureStatus = Literal["value", "hidden", "not_applicable", "not_available"]
BriefingKind = Literal["native", "ordinary"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as the council wrote it. `value` is None where `status` is anything but "value"."""

    area_code: str
    area_name: str
    indicator: str
    period: str
    measure: str
    unit: str
    value: Decimal | None
    status: FigureStatus = "value"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an indicator means, in the council's words."""

    indicator: str
    description: str
    source: str
    period: str
    geography: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a briefing says in words; each is Markdown text, "" where it says nothing of it."""

    heard: str = ""
    decided: str = ""
    not_done: str = ""
    questions: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a briefing, kept as it came. `kind` is what it was read as: table, pdf, docx, email, text, ..."""

    id: int
    name: str
    kind: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A briefing in the list. `answers` are the ids of the packs it answers; `signed` is whether it has a key."""

    id: int
    title: str
    sender: str
    received_on: str
    kind: BriefingKind
    signed: bool
    answers: tuple[str, ...]
    files: int
    figures: int


@dataclass(frozen=True, slots=True)
class Series:
    """What can be shown as one table, chart or map: the figures of one indicator, period, measure and unit."""

    indicator: str
    period: str
    measure: str
    unit: str
    description: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """A whole briefing."""

    summary: Summary
    said: Said
    fingerprint: str
    files: tuple[Kept, ...]
    series: tuple[Series, ...]
    indicators: tuple[Indicator, ...]
