"""The group's own words on their way into a pack: which may go, and what in them a person has to decide on first.

Nothing is left out or changed silently: what was found is answered by somebody, or the words are changed, or nothing
leaves. What left is in the pack; the vault notes which observations they were and who answered what, not the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cis_desktop import strict_json
from cis_desktop import words as said
from cis_desktop.agreements import Agreement
from cis_desktop.decoding import from_builtins
from cis_desktop.disclosure.tables import EVERY, TOTAL, Policy, Release, ReleasedTable
from cis_desktop.errors import CisError
from cis_desktop.figures.periods import Period
from cis_desktop.freetext import NO_BLANKS, Finding, Names, blanks, gather, search
from cis_desktop.freetext.findings import finding
from cis_desktop.records import observations
from cis_desktop.records.observations import Observation, Theme, codebook, themes_of
from cis_desktop.records.reading import columns
from cis_desktop.vault.tables import Connection

from .archive import read_file
from .details import Quoted
from .fields import filled, insertable
from .preview import Preview
from .texts import inert

LONGEST = 4_000
"""Letters of one text."""
MEASURE, THEME = "observations", "theme"


@dataclass(frozen=True, slots=True)
class Quote:
    """An observation by its reference, and the words of it that are to leave. The original stays as it is."""

    reference: str
    words: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything in the group's own words: quotes, answers to the agreement's questions, what a new pack corrects."""

    quotes: tuple[Quote, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    changes: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Somebody's answer to a finding: it may stay. `at` is ISO 8601."""

    key: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding to be answered, and the text it is in: an observation's reference, "answer 1" or "changes"."""

    source: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Cleared:
    """Words that may leave. `references` are the observations quoted, `kept` (source, kind, by, at) the answers."""

    quoted: tuple[Quoted, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    changes: str = ""
    terms: str = ""
    references: tuple[str, ...] = ()
    kept: tuple[tuple[str, str, str, str], ...] = ()


NOTHING = Cleared()


class _WrittenQuote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reference: str
    words: str


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of words: observations by reference, answers by question."""

    observations: tuple[_WrittenQuote, ...] = ()
    answers: dict[str, str] = {}
    changes: str = ""


def read_texts(path: Path) -> Texts:
    """Read the group's own words from a JSON file. Raises CisError when it is none."""
    try:
        found = from_builtins(strict_json.read(read_file(path)), _Written)
    except (ValueError, msgspec.ValidationError) as trouble:
        raise CisError(
            "not_words",
            "The file of words cannot be read",
            f"“{path.name}” is not as docs/commands.md says ({trouble}). Nothing was released; mend the file.",
        ) from trouble
    quotes = tuple(Quote(each.reference, each.words) for each in found.observations)
    return Texts(quotes, tuple(found.answers.items()), found.changes)


def of_period(connection: Connection, asked: Period) -> list[Observation]:
    """List the observations of a period, oldest first; one of a whole month counts as of its first day."""
    rows = connection.execute(
        f"select {columns(Observation)} from observations"
        " where gone = 0 and substr(noticed_on || '-01', 1, 10) between ? and ? order by noticed_on, id",
        (asked.first.isoformat(), asked.last.isoformat()),
    )
    return [Observation(*row) for row in rows]


def why_not(connection: Connection, agreement: Agreement, observation: Observation) -> str:
    """Say why an observation may not be quoted under an agreement, in a sentence; "" when it may."""
    if not agreement.terms.observations.words:
        return "The agreement does not let sentences leave."
    if not observation.shareable:
        return "It is not marked as one that may be shared."
    keys = {theme.id: theme.key for theme in codebook(connection)}
    held = {keys[mark.theme_id] for mark in themes_of(connection, observation.id) if mark.theme_id in keys}
    if held & _sensitive(agreement.policy(), held):
        return "It is on a theme that the agreement protects more than others."
    return ""


def asked(
    connection: Connection, shown: Preview, texts: Texts, team: Iterable[str] = (), names: Names | None = None
) -> tuple[Asked, ...]:
    """Give everything in the texts that somebody has to answer before they leave, in the order they are read.

    `team` are names of people here besides those that are written down. Raises CisError for a text that cannot leave
    however it is answered.
    """
    answer = shown.answer
    if not isinstance(answer, Release):
        raise CisError(answer.code, answer.title, answer.sentence)
    chosen = _chosen(connection, shown, texts.quotes)
    names = names or gather(connection, team, _known(shown.agreement))
    beside = blanks(shown.exact, answer.tables, answer.policy.threshold)
    found: list[Asked] = []
    for quote, observation in zip(texts.quotes, chosen, strict=True):
        text = _text(quote.words, quote.reference)
        if about := _about(observation):
            found.append(Asked(quote.reference, finding("about", text, 0, len(text), about)))
        found += [Asked(quote.reference, each) for each in search(text, names, beside)]
        for label in {mark.label: None for mark in themes_of(connection, observation.id)}:
            found += [Asked(f"{quote.reference}, theme", each) for each in search(inert(label), names, NO_BLANKS)]
    for at, (_, written) in enumerate(texts.answers, 1):
        found += [Asked(f"answer {at}", each) for each in search(_text(written, f"answer {at}"), names, beside)]
    if texts.changes:
        found += [Asked("changes", each) for each in search(_text(texts.changes, "changes"), names, beside)]
    return tuple(found)


def clear(
    connection: Connection, shown: Preview, texts: Texts, kept: Sequence[Kept] = (), team: Iterable[str] = ()
) -> Cleared:
    """Give the words that may leave. Raises CisError naming each finding that nobody has answered."""
    if texts == Texts():
        return NOTHING
    answered = {each.key: each for each in kept if each.by.strip()}
    found = asked(connection, shown, texts, team)
    if left := [each for each in found if each.finding.key not in answered]:
        raise unanswered(left)
    assert isinstance(shown.answer, Release)
    chosen = _chosen(connection, shown, texts.quotes)
    labels = _labels(connection, shown.agreement, shown.answer.tables, chosen)
    figures = insertable(shown.answer.tables)
    return Cleared(
        quoted=tuple(
            Quoted(labels[each.reference], inert(filled(quote.words, figures)))
            for quote, each in zip(texts.quotes, chosen, strict=True)
        ),
        answers=tuple((inert(question), inert(filled(written, figures))) for question, written in texts.answers),
        changes=inert(filled(texts.changes, figures)),
        terms=inert(shown.agreement.terms.observations.terms) if chosen else "",
        references=tuple(each.reference for each in chosen),
        kept=tuple((each.source, each.finding.kind, *_who(answered[each.finding.key])) for each in found),
    )


def unanswered(left: Sequence[Asked]) -> CisError:
    """Return the refusal that names what was found, with the key that answers it."""
    lines = [f"{each.source}, “{each.finding.words}” ({each.finding.key}): {each.finding.why}" for each in left]
    return CisError(
        "words_not_cleared",
        "Somebody has to look at the words first",
        f"{said.count(len(left), 'thing')} in your own words could point at somebody. Nothing was released. Change the "
        f"words, or say of each that it may stay. {' '.join(lines)}",
    )


def _who(kept: Kept) -> tuple[str, str]:
    return kept.by.strip(), kept.at


def _chosen(connection: Connection, shown: Preview, quotes: Sequence[Quote]) -> list[Observation]:
    """Give the observations of quotes. Raises CisError for one that may not leave, or more than the figures own to."""
    found: list[Observation] = []
    for quote in quotes:
        observation = observations.find(connection, quote.reference)
        day = f"{observation.noticed_on}-01"[:10]
        why = why_not(connection, shown.agreement, observation)
        if not shown.period.first.isoformat() <= day <= shown.period.last.isoformat():
            why = why or f"It was not noticed in {shown.period.label}."
        if any(each.reference == observation.reference for each in found):
            why = "It is there twice."
        if why:
            raise CisError(
                "not_to_be_quoted",
                "That observation cannot go with the report",
                f"{observation.reference} stays here. {why} Nothing was released; take it off the list, or mend that.",
            )
        found.append(observation)
    assert isinstance(shown.answer, Release)
    room = _room(shown.answer.tables, None)
    if found and room is not None and len(found) > room:
        raise CisError(
            "quotes_tell_the_figure",
            "So many quotes would give a hidden figure away",
            f"The report does not say how many observations there are, only that there are {room} or more, and "
            f"{len(found)} quotes tell more than that. Nothing was released; choose fewer, or a longer period.",
        )
    return found


def _room(tables: Iterable[ReleasedTable], theme: str | None) -> int | None:
    """Give how many observations (of a theme) every reader knows of where the figure is not exact; None for any number.

    A theme that a table breaks down by, but does not list, has no room.
    """
    found: list[int] = []
    for table in tables:
        shape = table.shape
        at = next((n for n, d in enumerate(shape.dimensions) if d.id == THEME), None)
        if shape.measure != MEASURE or shape.filters or (theme is not None and at is None):
            continue
        key = tuple(TOTAL if n != at or theme is None else theme for n in range(len(shape.dimensions)))
        cell = table.cells.get(key)
        if cell is None or cell.status != "value":
            found.append(cell.at_least if cell is not None else 0)
    return min(found) if found else None


def _labels(
    connection: Connection, agreement: Agreement, tables: Sequence[ReleasedTable], chosen: Sequence[Observation]
) -> dict[str, tuple[str, ...]]:
    """Give the themes that go with each quote: no more of one than its figure owns to."""
    book = {theme.id: theme for theme in codebook(connection)}
    used: dict[str, int] = {}
    found = {}
    for observation in chosen:
        there = {mark.theme_id: None for mark in themes_of(connection, observation.id)}
        categories = {each for theme in there if (each := _category(tables, book[theme])) is not None}
        labels = []
        for key, label in sorted(categories):
            room = _room(tables, key)
            used[key] = used.get(key, 0) + 1
            if agreement.terms.observations.themes and (room is None or used[key] <= room):
                labels.append(inert(label))
        found[observation.reference] = tuple(labels)
    return found


def _category(tables: Iterable[ReleasedTable], theme: Theme) -> tuple[str, str] | None:
    """Give the key and the label under which a theme is counted, its own where no table counts themes."""
    by_theme = [d for t in tables if t.shape.measure == MEASURE for d in t.shape.dimensions if d.id == THEME]
    if not by_theme:
        return theme.key, theme.label
    known = {category.key: category.label for d in by_theme for category in d.categories}
    return next(((key, known[key]) for key in (theme.key, theme.broader) if key in known), None)


def _about(observation: Observation) -> str:
    if observation.person_id is not None:
        return "It is about a person in your records. Do they agree that it leaves?"
    if observation.people_band == "1":
        return "It is about one person. Do they agree that it leaves?"
    return ""


def _sensitive(policy: Policy, themes: set[str]) -> set[str]:
    """Give those of the themes that a policy never publishes, or protects more than others."""
    own = [each.cells for each in policy.sensitive]
    named = {part for cells in (*policy.never_publish, *own) for name, part in cells.where if name == THEME}
    every = any((THEME, EVERY) in cells.where for cells in policy.never_publish)
    return themes if every else themes & named


def _known(agreement: Agreement) -> list[str]:
    """Give words of an agreement that name no misspelt person."""
    terms = agreement.terms
    council = terms.parties.council
    return [terms.title, terms.area.label, *(ward.label for ward in terms.area.wards), council.name if council else ""]


def _text(words: str, source: str) -> str:
    """Give a text as it leaves, figures not yet filled in."""
    text = inert(words)
    if not text or len(text) > LONGEST or len(re.findall(r"[{}]", text)) % 2:
        why = (
            "It is empty." if not text else f"It has more than {LONGEST:,} letters, or a brace without its other half."
        )
        raise CisError(
            "not_words",
            "There are no words that can leave",
            f"Nothing was released. {source}: {why} Write it anew, or take it off the list.",
        )
    return text
