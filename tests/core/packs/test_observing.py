"""What the group says in its own words leaves only when somebody has answered everything that was found in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest

from cis_desktop import agreements, concerns, ledger
from cis_desktop.disclosure.tables import Release
from cis_desktop.errors import CisError
from cis_desktop.packs import verify
from cis_desktop.packs.counted import packs_quoting
from cis_desktop.packs.fields import filled, insertable
from cis_desktop.packs.observing import Asked, Kept, Quote, Texts, asked, clear, of_period, why_not
from cis_desktop.packs.preview import Preview, preview
from cis_desktop.packs.reading import read_pack
from cis_desktop.packs.release import Released, release
from cis_desktop.records import contacts, observations, people
from cis_desktop.workspace import Workspace, set_setting

FOOD = "food-support-quarterly-return"
THEMES = ("Cost of living", "Housing", "Loneliness")
CANARY = "Zebedee Quuxworth"
SAFE = "More families ran out of food before the end of the month."


@pytest.fixture
def group(workspace: Workspace) -> Workspace:
    """A group with a quarter of visits, and 14 observations: 12 on one theme, one each on two others."""
    with workspace.change("Wrote down a quarter") as change:
        set_setting(change, "workspace_name", "Kilburn Pantry")
        for n in range(40):
            person = people.add(change, given_name="Zebedee", family_name="Quuxworth", birth_year=1950 + n)
            contacts.add(
                change, f"2018-0{1 + n % 3}-05", person_id=person, needs=["food"], needs_version=1, kind="visit"
            )
        themes = {label: observations.add_theme(change, label) for label in THEMES}
        for n in range(14):
            label = THEMES[0] if n < 12 else THEMES[n - 11]
            noted = observations.add(
                change, f"{CANARY} said it was worse, number {n}.", "2018-02" if n == 1 else "2018-02-03", shareable=1
            )
            observations.apply_theme(change, noted, themes[label])
    agreements.accept(workspace, FOOD, "Ann")
    return workspace


def shown(group: Workspace) -> Preview:
    return preview(group, agreements.find(group.read, FOOD).agreement, "2018-Q1")


def made(group: Workspace, out: Path, *quotes: Quote, **more: object) -> Released:
    return release(group, FOOD, "2018-Q1", out, "Ada Lovelace", quotes=quotes, **more)  # type: ignore[arg-type]


def answers(found: tuple[Asked, ...]) -> list[Kept]:
    return [Kept(each.finding.key, "Ada Lovelace", "2018-04-03T10:00:00Z") for each in found]


def test_a_name_in_a_quote_stops_the_release_until_it_is_changed(group: Workspace, tmp_path: Path) -> None:
    quote = Quote("N-0001", f"{CANARY} said it was worse.")
    with pytest.raises(CisError) as refused:
        made(group, tmp_path / "out", quote)
    assert refused.value.code == "words_not_cleared"
    assert CANARY in refused.value.sentence
    assert not (tmp_path / "out").exists()
    assert ledger.releases(group.read) == []
    made(group, tmp_path / "out", replace(quote, words=SAFE))
    assert observations.find(group.read, "N-0001").words.startswith(CANARY)


def test_a_quote_is_in_every_part_of_the_pack_and_nothing_else_of_it(group: Workspace, tmp_path: Path) -> None:
    done = made(group, tmp_path, Quote("N-0001", "=SUM(1) " + SAFE), made_at="2018-04-03T10:00:00Z")
    for path in (done.archive, done.workbook):
        assert verify(path).valid
    with zipfile.ZipFile(done.archive) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    (row,) = csv.DictReader(io.StringIO(members["observations.csv"].decode()))
    assert row == {
        "group": "Kilburn Pantry", "agreement": row["agreement"], "period": "2018-Q1", "area": row["area"],
        "themes": "Cost of living", "words": "'=SUM(1) " + SAFE,
    }  # fmt: skip
    described = {each["name"]: each for each in json.loads(members["datapackage.json"])["resources"]}["observations"]
    assert described["path"] == "observations.csv"
    assert [each["name"] for each in described["schema"]["fields"]] == list(row)
    assert SAFE in members["report.html"].decode()
    with zipfile.ZipFile(done.workbook) as book:
        assert any(SAFE.encode() in book.read(name) for name in book.namelist())
    for name, data in members.items():
        assert not any(word.encode() in data for word in (*CANARY.split(), "N-0001", "2018-02-03")), name
    with_one, without = read_pack(done.archive.read_bytes(), "a"), read_pack(done.workbook.read_bytes(), "b")
    assert with_one.observations == without.observations == (("Cost of living", row["words"]),)


def test_a_changed_word_is_noticed(group: Workspace, tmp_path: Path) -> None:
    done = made(group, tmp_path, Quote("N-0001", SAFE))
    with zipfile.ZipFile(done.archive) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["observations.csv"] = members["observations.csv"].replace(b"More", b"Many")
    with zipfile.ZipFile(done.archive, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    assert not verify(done.archive).valid


def test_what_may_stay_is_noted_with_who_said_so_and_without_the_words(group: Workspace, tmp_path: Path) -> None:
    quote = Quote("N-0001", "One family had no heating.")
    found = asked(group.read, shown(group), Texts((quote,)))
    assert [(each.source, each.finding.kind) for each in found] == [("N-0001", "few")]
    made(group, tmp_path, quote, kept=answers(found))
    (entry,) = ledger.releases(group.read)
    assert entry.observations == ("N-0001",)
    assert entry.kept == (("N-0001", "few", "Ada Lovelace", "2018-04-03T10:00:00Z"),)
    (summary,) = group.read.execute("select summary from releases").fetchone()
    assert "family" not in summary
    # An answer is to these words: others are asked about anew.
    with pytest.raises(CisError, match="could point at somebody"):
        clear(group.read, shown(group), Texts((Quote("N-0001", "One family had no rent."),)), answers(found))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"shareable": 0}, "not marked as one that may be shared"),
        ({"noticed_on": "2018-04-01"}, "not noticed in"),
    ],
)
def test_an_observation_that_may_not_leave_is_refused(group: Workspace, change: dict[str, object], why: str) -> None:
    noted = observations.find(group.read, "N-0001")
    with group.change("Changed") as changed:
        observations.edit(changed, noted.id, **change)  # type: ignore[arg-type]
    with pytest.raises(CisError, match=why):
        clear(group.read, shown(group), Texts((Quote("N-0001", SAFE),)))


def test_an_agreement_without_words_or_with_a_protected_theme_lets_none_leave(group: Workspace) -> None:
    noted = observations.find(group.read, "N-0001")
    held = agreements.find(group.read, FOOD).agreement
    assert why_not(group.read, held, noted) == ""
    terms = held.terms
    closed = replace_terms(terms, observations=type(terms.observations)(themes=True))
    assert "does not let" in why_not(group.read, replace(held, terms=closed), noted)
    cells = agreements.model.Cells(by=("theme",))
    rules = agreements.model.Parameters(never_publish=(cells,))
    strict = replace_terms(terms, disclosure=replace_terms(terms.disclosure, parameters=rules))
    assert "protects" in why_not(group.read, replace(held, terms=strict), noted)


def replace_terms(of: object, **changes: object) -> object:
    import msgspec

    return msgspec.structs.replace(of, **changes)  # type: ignore[type-var]


def test_a_concern_is_never_quoted(group: Workspace) -> None:
    with group.change("Named the lead") as change:
        change.insert(
            "concern_readers", name="Ann", recipient=str(pyrage.x25519.Identity.generate().to_public()), role="lead"
        )
    reference = concerns.write(group, "Somebody may be in danger.")
    with pytest.raises(CisError) as refused:
        clear(group.read, shown(group), Texts((Quote(reference, SAFE),)))
    assert refused.value.code == "not_found"
    assert len(of_period(group.read, shown(group).period)) == 14


def test_a_quote_about_a_person_is_asked_about_however_it_is_worded(group: Workspace) -> None:
    noted = observations.find(group.read, "N-0001")
    with group.change("Linked") as change:
        observations.edit(change, noted.id, person_id=people.find(group.read, "P-0001").id)
    (found,) = asked(group.read, shown(group), Texts((Quote("N-0001", SAFE),)))
    assert found.finding.kind == "about"


def test_no_more_quotes_or_themes_leave_than_the_figures_own_to(group: Workspace) -> None:
    seen = shown(group)
    assert isinstance(seen.answer, Release)
    quotes = tuple(Quote(f"N-{n:04d}", f"{SAFE[:-1]}, in many homes.") for n in range(1, 13))
    cells = {t.shape.id: t for t in seen.answer.tables if t.shape.measure == "observations"}
    (table,) = cells.values()
    room = table.cells[("total",)].at_least
    assert table.cells[("total",)].status != "value"
    with pytest.raises(CisError) as refused:
        clear(group.read, seen, Texts((*quotes, Quote("N-0013", SAFE), Quote("N-0014", SAFE))[: room + 1]))
    assert refused.value.code == "quotes_tell_the_figure"
    # So few on housing are not shown: more quotes than the figure owns to go without their theme.
    with group.change("Another") as change:
        theme = observations.add_theme(change, "Housing")
        for reference in ("N-0011", "N-0012"):
            noted = observations.find(group.read, reference)
            for mark in observations.themes_of(group.read, noted.id):
                observations.unapply_theme(change, mark.id)
            observations.apply_theme(change, noted.id, theme)
    seen = shown(group)
    cleared = clear(group.read, seen, Texts((Quote("N-0011", SAFE), Quote("N-0012", SAFE), Quote("N-0001", SAFE))))
    (table,) = (t for t in seen.answer.tables if t.shape.measure == "observations")
    room = table.cells[("housing",)].at_least
    assert table.cells[("housing",)].status != "value"
    assert [each.themes for each in cleared.quoted].count(("Housing",)) == min(room, 2) < 2
    assert cleared.quoted[2].themes == ("Cost of living",)


def test_answers_and_what_changed_go_through_the_same_gate_and_figures_are_inserted(
    group: Workspace, tmp_path: Path
) -> None:
    seen = shown(group)
    assert isinstance(seen.answer, Release)
    figures = insertable(seen.answer.tables)
    hidden = next(name for name, text in figures.items() if text == "[c]")
    open_ = next(name for name, text in figures.items() if text.isdigit())
    given = (("What has changed?", f"We saw {{{open_}}} and {{{hidden}}}."),)
    for trial in (Texts(answers=((given[0][0], CANARY),)), Texts(changes=f"{CANARY} was counted twice.")):
        with pytest.raises(CisError) as refused:
            clear(group.read, seen, trial)
        assert refused.value.code == "words_not_cleared"
    done = made(group, tmp_path, answers=given)
    with zipfile.ZipFile(done.archive) as archive:
        page = archive.read("report.html").decode()
        assert "observations.csv" not in archive.namelist()
    assert f"We saw {figures[open_]} and [c]." in page
    with pytest.raises(CisError) as unknown:
        filled("{Ghosts}", figures)
    assert unknown.value.code == "no_such_figure"


def test_a_number_that_fills_a_blank_is_found(group: Workspace) -> None:
    seen = shown(group)
    blank = next(
        c.label
        for t in seen.exact
        for d in t.shape.dimensions
        for c in d.categories
        if any(each.status == "hidden" for u in seen.answer.tables for k, each in u.cells.items() if c.key in k)  # type: ignore[union-attr]
    )
    found = asked(group.read, seen, Texts(changes=f"{blank}: there were 33 of them."))
    assert {each.finding.kind for each in found} == {"hidden"}
    assert "33" in [each.finding.words for each in found]


def test_the_packs_with_words_of_an_erased_person_are_known(group: Workspace, tmp_path: Path) -> None:
    person = people.find(group.read, "P-0001").id
    noted = observations.find(group.read, "N-0001")
    with group.change("Linked") as change:
        observations.edit(change, noted.id, person_id=person)
    quote = Quote("N-0001", SAFE)
    done = made(group, tmp_path, quote, kept=answers(asked(group.read, shown(group), Texts((quote,)))))
    assert [each.pack for each in packs_quoting(group.read, [("people", person)])] == [done.pack]
    assert packs_quoting(group.read, [("people", person + 1), ("observations", noted.id + 1)]) == []
