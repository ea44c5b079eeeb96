"""The parts of a pack that people read, in order, as plain data: the page and the report only lay them out."""

from __future__ import annotations

from dataclasses import dataclass

from cis_desktop.disclosure.tables import Release
from cis_desktop.words import day, fingerprint

from .details import Details, Quoted
from .quoting import EACH
from .statement import not_promised, promised, rules, shorthand_lines
from .texts import inert, sentence
from .tidy import PackTable, headline_names
from .views import Bar, Grid, bars, grid


@dataclass(frozen=True, slots=True)
class Section:
    """A table with everything that is said about it."""

    id: str
    title: str
    caption: str
    how_counted: str
    notes: tuple[str, ...]
    grid: Grid
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A whole pack in words: its title, its facts, its sections, and what protects the people in it."""

    title: str
    facts: tuple[tuple[str, str], ...]
    narrative: tuple[tuple[str, str], ...]
    observations: tuple[Quoted, ...]
    terms: str
    sections: tuple[Section, ...]
    rules: tuple[str, ...]
    promised: tuple[str, ...]
    not_promised: tuple[str, ...]
    check: tuple[str, ...]


# Where an agreement says nothing of its own.
FOI = (
    "If somebody asks for this under the Freedom of Information Act, please consult the group named above before "
    "answering: it can explain the figures, and holds the records behind them, which the council does not."
)


def account(made: tuple[PackTable, ...], release: Release, details: Details, pack: str, public: str) -> Account:
    """Put a pack into words."""
    return Account(
        title=f"{details.agreement}: {details.period_label}",
        facts=facts(details, pack),
        narrative=details.narrative,
        observations=details.observations,
        terms=(details.terms or EACH) if details.observations else "",
        sections=tuple(_section(table, details) for table in made),
        rules=tuple(rules(release, made)),
        promised=tuple(promised(release.policy)),
        not_promised=tuple(not_promised(release)),
        check=checking(public),
    )


def facts(details: Details, pack: str) -> tuple[tuple[str, str], ...]:
    """Give what the cover says, as name and text; a fact that is not known is left out."""
    said = (
        ("Group", details.group),
        ("Organisation id", details.org_id),
        ("For", details.recipient),
        ("Agreement", details.agreement_line),
        ("Question it answers", details.question),
        ("What it will be used for", details.what_for),
        ("Period", details.period_label),
        ("Signed off by", details.signed_off_by),
        ("Made", f"{day(details.made.date())}, {details.made:%H:%M} UTC"),
        ("Pack", pack),
        ("Replaces pack", details.supersedes or ""),
        ("What changed", details.changes),
        ("Contact", details.contact),
        ("Onward use", details.onward_use),
        ("Freedom of information", details.foi or FOI),
    )
    return tuple((name, text) for name, text in said if text)


def checking(public: str) -> tuple[str, ...]:
    """Say how a reader makes sure that nothing was changed."""
    return (
        "The workbook and the archive are signed. Community Insights checks either with “Check a report file” in "
        "its File menu; docs/formats/pack.md of that program says how to do it by hand.",
        f"The key that signed them has the fingerprint {fingerprint(public)}. Compare it once with the group, by "
        "telephone, and again only if it changes.",
    )


def _section(table: PackTable, details: Details) -> Section:
    notes = list(shorthand_lines(table))
    if table.is_headlines:
        named = zip(headline_names(table.sources), table.sources, strict=True)
        notes += [f"{name}: {sentence(source.shape.how_counted)}" for name, source in named if source.shape.how_counted]
    shape = table.source.shape
    unit = "pounds" if shape.unit == "pence" else shape.unit
    about = (inert(unit).capitalize() if not table.is_headlines else "", inert(shape.area_label), details.period_label)
    return Section(
        id=table.id,
        title=table.title,
        caption=", ".join(text for text in about if text),
        how_counted=sentence(table.how_counted),
        notes=tuple(notes),
        grid=grid(table),
        bars=bars(table),
    )
