"""Store a draft in the vault as one change set, and remember how its columns were read.

People already in the vault are recognised by their own number in the same numbering, and by nothing else: client 7 of
the food bank's list is not client 7 of the shelter's, and two people of one name are never made one here. A second
number is kept beside the first for somebody to look at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cis_desktop.errors import CisError
from cis_desktop.intake.draft import Draft
from cis_desktop.intake.mapping import fingerprint
from cis_desktop.intake.met import NOTHING, Met, known_people, met, without
from cis_desktop.intake.remembering import OURS, numbering_of, remember
from cis_desktop.records.code_lists import held
from cis_desktop.records.placing import placed_all
from cis_desktop.vault.history import Change
from cis_desktop.vault.room import refuse_little_room
from cis_desktop.vault.tables import Connection
from cis_desktop.words import count as counted
from cis_desktop.workspace import Workspace, set_setting, setting

PERSON_COLUMNS = {
    "reference": "own_number",
    "second_reference": "second_number",
    "given_name": "given_name",
    "family_name": "family_name",
    "birth_year": "birth_year",
    "postcode": "postcode",
    "ward": "ward",
    "phone": "phone",
    "email": "email",
}
"""Where a draft's fields of people are stored."""

ROW = 4096
"""Bytes that a row may take while it is written: in the vault, its index and history, and in the log beside it."""

LIST_OF_TRAIT = {"sex": "sex", "gender": "gender", "ethnic_group": "ethnic_group"}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did: rows in the file, imported, here already, sent back; its change set; the mapping.

    `known` are the people of the list who were here before.
    """

    rows: int
    imported: int
    already: int
    rejected: int
    known: int
    change_set: str | None
    mapping: str
    notes: tuple[str, ...]


def commit(workspace: Workspace, draft: Draft, *, twice: bool = False) -> ImportResult:
    """Store a draft in one change set, from any thread; visits that are here already only if `twice`.

    Raises `CisError` when this very list is in the vault already, when no row of it can be imported, and `little_room`.
    """
    # a workbook has several lists; of a text file the name says nothing
    mark = f"imported_list_{draft.sha256}" + (f"_{draft.sheet}" if draft.sheet != draft.file else "")
    if not draft.accepted:
        raise CisError(
            "nothing_to_import",
            "No row can be imported",
            f"None of the {draft.rows:,} rows of “{draft.file}” can be imported as the columns are mapped now. "
            "Nothing was imported. Look at the reasons beside the rows, and change the mapping or the file.",
        )
    refuse_little_room(workspace.folder, draft.accepted * ROW)
    # The name of the file stays out of the history: it can say who somebody is.
    with workspace.change(f"Imported a spreadsheet of {counted(draft.rows, 'row')}") as change:
        if setting(change.connection, mark):
            raise CisError(
                "imported_already",
                "This list is here already",
                f"“{draft.file}” was imported before, and nothing in it has changed since, so nothing was imported: "
                "every visit would have counted twice. To read it in another way, undo that import first.",
            )
        numbering = numbering_of(change.connection, draft)
        found = NOTHING if twice else met(change.connection, draft)
        new = without(draft, found.here)
        people, households, known, notes = _store_people(
            change, new, None if numbering == OURS else numbering, found.people
        )
        _store_contacts(change, new, people, households)
        notes += _said_again(found)
        remember(change, draft, numbering)
        set_setting(change, mark, "yes")
    return ImportResult(
        rows=draft.rows,
        imported=new.accepted,
        already=len(found.here),
        rejected=len(draft.rejects),
        known=known,
        change_set=change.id,
        mapping=fingerprint(draft.header),
        notes=(*draft.notes, *notes),
    )


def _said_again(found: Met) -> list[str]:
    """Say what was left out because it is here, and what may be here in other words."""
    notes = []
    if found.here:
        notes.append(f"{counted(len(found.here), 'row was', 'rows were')} here already, word for word, and left out.")
    if found.same_day:
        notes.append(
            f"Of these visits {found.same_day:,} fall on a day on which the same person had one already, with other "
            "words or numbers. If this is a list that was imported before and corrected since, undo the earlier import."
        )
    return notes


# ---- people ------------------------------------------------------------------------------------------


def _store_people(
    change: Change, draft: Draft, numbering: str | None, seen: dict[int, tuple[int, int | None]]
) -> tuple[list[int], list[int | None], int, list[str]]:
    """Store the people who are new, fill gaps of those who are here.

    Gives ids of people and households by place, and how many were known. `seen` are those who are known by a visit that
    is here already.
    """
    people = draft.people
    count = len(people)
    known = seen | known_people(change.connection, people.columns.get("reference"), numbering)
    new = [place for place in range(count) if place not in known]
    homes = _store_households(change, people.columns.get("household"), new, numbering)
    columns: dict[str, list[Any]] = {
        "reference": change.next_references("P", len(new)),
        "household_id": [homes[place] for place in new],
        "numbering": [numbering] * len(new),
        "note": [people.notes[place] for place in new],
    }
    for field, column in PERSON_COLUMNS.items():
        if said := people.columns.get(field):
            columns[column] = [said[place] for place in new]
    ids = dict(zip(new, change.insert_columns("people", placed_all(change.connection, columns)), strict=True))
    for place, (person, household) in known.items():
        ids[place], homes[place] = person, household
    notes = _fill_gaps(change, draft, known)
    notes += _kept_apart(change.connection, people.columns.get("reference"), numbering)
    _store_described(change, draft, ids, known)
    return [ids[place] for place in range(count)], [homes[place] for place in range(count)], len(known), notes


def _kept_apart(connection: Connection, numbers: list[Any] | None, numbering: str | None) -> list[str]:
    """Say how many numbers of the list also belong to somebody of another numbering."""
    others = {
        number
        for (number,) in connection.execute(
            "select distinct own_number from people where own_number is not null and numbering is not ? and gone = 0",
            (numbering,),
        )
    }
    count = len(others & set(numbers or ()))
    if not count:
        return []
    numbers_are = counted(count, "number of this list is", "numbers of this list are")
    return [
        f"{numbers_are} also in another list here. They were kept as different people: if they are the same people, "
        "undo this import and say that the two lists share their numbers."
    ]


def _store_households(
    change: Change, numbers: list[Any] | None, new: list[int], numbering: str | None
) -> dict[int, int | None]:
    """Give each new person a household: the one whose number the file names, or one of their own."""
    here: dict[str, int] = {}
    if numbers is not None:
        here = dict(
            change.connection.execute(
                "select label, id from households"
                " where label is not null and numbering is ? and gone = 0 order by id desc",
                (numbering,),
            ).fetchall()
        )
    labels = [numbers[place] if numbers is not None else None for place in new]
    to_make: list[str | None] = [label for label in dict.fromkeys(labels) if label is not None and label not in here]
    to_make += [None] * labels.count(None)
    references = change.next_references("H", len(to_make))
    made = change.insert_columns(
        "households",
        {"reference": references, "label": to_make, "numbering": [numbering if label else None for label in to_make]},
    )
    alone = []
    for label, household in zip(to_make, made, strict=True):
        if label is None:
            alone.append(household)
        else:
            here[label] = household
    own = iter(alone)
    return {place: next(own) if label is None else here[label] for place, label in zip(new, labels, strict=True)}


def _fill_gaps(change: Change, draft: Draft, known: dict[int, tuple[int, int | None]]) -> list[str]:
    """Write what the file adds to people who are here; where it says otherwise, what is here stays."""
    if not known:
        return []
    differing = 0
    for field, column in PERSON_COLUMNS.items():
        said = draft.people.columns.get(field)
        if said is None:
            continue
        here = dict(change.connection.execute(f"select id, {column} from people where gone = 0").fetchall())
        added = []
        for place, (person, _) in known.items():
            if said[place] is not None and here[person] is None:
                added.append((said[place], person))
            differing += said[place] is not None and here[person] not in (None, said[place])
        change.connection.executemany(f"update people set {column} = ? where id = ?", added)
    _add_notes(change, draft, known)
    if not differing:
        return []
    details = counted(differing, "detail of people here already is", "details of people here already are")
    return [f"{details} another in the file; what is here was kept."]


def _add_notes(change: Change, draft: Draft, known: dict[int, tuple[int, int | None]]) -> None:
    new = {person: note for place, (person, _) in known.items() if (note := draft.people.notes[place])}
    if new:
        here = dict(change.connection.execute("select id, note from people where gone = 0").fetchall())
        longer = [
            (f"{here[person]}; {note}" if here[person] else note, person)
            for person, note in new.items()
            if note not in (here[person] or "")
        ]
        change.connection.executemany("update people set note = ? where id = ?", longer)


def _store_described(
    change: Change, draft: Draft, ids: dict[int, int], known: dict[int, tuple[int, int | None]]
) -> None:
    if not draft.people.described:
        return
    described = set()
    if known:
        described = set(
            change.connection.execute("select person_id, trait from described_values where gone = 0").fetchall()
        )
    versions = {trait: held(change.connection, name)[0] for trait, name in LIST_OF_TRAIT.items()}
    new = [row for row in draft.people.described if (ids[row[0]], row[1]) not in described]
    change.insert_columns(
        "described_values",
        {
            "person_id": [ids[place] for place, *_ in new],
            "trait": [trait for _, trait, _, _ in new],
            "value": [value for _, _, value, _ in new],
            "list_version": [versions[trait] for _, trait, _, _ in new],
            "status": [status for *_, status in new],
        },
    )


# ---- contacts ----------------------------------------------------------------------------------------


def _store_contacts(change: Change, draft: Draft, people: list[int], households: list[int | None]) -> None:
    if not draft.contacts:
        return
    columns = dict(draft.contacts)
    of_row, payer = columns.pop("person"), columns.pop("payer", [])
    payers = _payers(change, set(payer) - {None})
    columns["person_id"] = [None if place is None else people[place] for place in of_row]
    columns["household_id"] = [None if place is None else households[place] for place in of_row]
    columns["paid_by"] = [payers.get(name) for name in payer]
    first = change.insert_columns("contacts", columns).start
    given = dict(draft.given)
    given["contact_id"] = [first + place for place in given.pop("contact")]
    change.insert_columns("given", given)
    change.insert_columns(
        "needs",
        {
            "contact_id": [first + contact for contact, _ in draft.needs],
            "need": [need for _, need in draft.needs],
            "list_version": [held(change.connection, "need")[0]] * len(draft.needs),
        },
    )


def _payers(change: Change, names: Iterable[str]) -> dict[str | None, int]:
    """Find or add the organisations that paid; the case of letters makes no difference."""
    here = {
        name.casefold(): organisation
        for name, organisation in change.connection.execute("select name, id from organisations where gone = 0")
    }
    found: dict[str | None, int] = {}
    for name in sorted(names):
        if name.casefold() not in here:
            here[name.casefold()] = change.insert("organisations", name=name)
        found[name] = here[name.casefold()]
    return found
