"""What a pack says about itself besides its figures."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any

from .texts import inert


@dataclass(frozen=True, slots=True)
class Quoted:
    """An observation as it leaves: the words that were cleared, and the labels of its themes."""

    themes: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Details:
    """Who made a pack for whom, under which agreement, about which period, and when.

    `made_at` (ISO 8601, UTC, such as "2018-04-03T10:00:00Z") is the only clock a pack knows. `supersedes` is the id
    of the pack that this one corrects. `foi` is what was agreed about requests under the Freedom of Information Act.
    `narrative` holds questions of the agreement with the group's answers, `observations` what the group noticed, and
    `terms` what was agreed about those.
    """

    group: str
    agreement: str
    agreement_version: int
    agreement_hash: str
    recipient: str
    question: str
    period: str
    period_label: str
    signed_off_by: str
    made_at: str
    org_id: str = ""
    what_for: str = ""
    contact: str = ""
    onward_use: str = ""
    foi: str = ""
    supersedes: str | None = None
    changes: str = ""
    narrative: tuple[tuple[str, str], ...] = field(default=())
    observations: tuple[Quoted, ...] = field(default=())
    terms: str = ""

    @property
    def made(self) -> datetime:
        """Give `made_at` as a time in UTC, whole seconds."""
        return datetime.fromisoformat(self.made_at).astimezone(UTC).replace(microsecond=0)

    @property
    def agreement_line(self) -> str:
        """Give the agreement's title and version in one line."""
        return f"{self.agreement}, version {self.agreement_version}"


def group_of(name: str | None) -> str:
    """Give the name a group goes by in its packs."""
    return name or "Workspace"


def harmless(details: Details) -> Details:
    """Return `details` with every text made inert, and the time in UTC."""
    cleaned: dict[str, Any] = {
        f.name: inert(value) for f in fields(details) if isinstance(value := getattr(details, f.name), str)
    }
    cleaned["made_at"] = details.made.strftime("%Y-%m-%dT%H:%M:%SZ")
    narrative = tuple((inert(question), inert(answer)) for question, answer in details.narrative)
    observations = tuple(Quoted(tuple(map(inert, each.themes)), inert(each.words)) for each in details.observations)
    return replace(details, **cleaned, narrative=narrative, observations=observations)
