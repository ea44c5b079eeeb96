"""Two councils count ages in other bands, or codes in other groups: nobody with both reports takes one from another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cis_desktop import ledger
from cis_desktop.agreements import accept, agreements, apart, find, import_agreement
from cis_desktop.disclosure.tables import Refusal
from cis_desktop.errors import CisError
from cis_desktop.packs import overlap
from cis_desktop.packs.preview import preview
from cis_desktop.packs.release import release
from cis_desktop.paths import resources
from cis_desktop.records import contacts, people
from cis_desktop.records.described import describe
from cis_desktop.workspace import Workspace

PEOPLE = {0: 24, 16: 3, 20: 40, 70: 21}
"""How many people of which age there are: three of 16, whom a band to 15 leaves out and a band to 17 has."""
TO_15, TO_17 = ((0, 15), (16, 64), (65, None)), ((0, 17), (18, 64), (65, None))


@pytest.fixture
def group(workspace: Workspace) -> Workspace:
    with workspace.change("Wrote down a quarter") as change:
        for age, number in PEOPLE.items():
            for n in range(number):
                person = people.add(change, given_name=f"Zebedee{age}x{n}", birth_year=2018 - age)
                contacts.add(change, f"2018-0{1 + n % 3}-05", person_id=person, kind="visit")
    return workspace


def by_age(bands: tuple[tuple[int, int | None], ...]) -> dict[str, Any]:
    groups = [
        {"label": f"From {first}", "from_age": first, **({"to_age": last} if last else {})} for first, last in bands
    ]
    return {"by": "age_band", "groups": groups}


def agreed(
    group: Workspace, folder: Path, key: str, *by: dict[str, Any], crossed: bool = False, zeros: str = "show"
) -> str:
    """Accept an agreement with a council of its own that counts people by these, under the rule that rounds nothing."""
    starter = json.loads((resources() / "agreements" / "small-group-return.cis-agreement").read_text(encoding="utf-8"))
    tables = [
        {"id": f"t{n}", "title": f"By age {n}", "measures": [{"measure": "unique_people"}], "dimensions": [each]}
        for n, each in enumerate(by)
    ]
    if crossed:
        tables = [{**tables[0], "dimensions": list(by)}]
    council = {"council": {"name": key.capitalize()}}
    document = {
        **starter, "key": key, "title": f"Return to {key}", "tables": tables, "parties": council,
        "disclosure": {"profile": "lt5-suppress", "parameters": {"zeros": zeros}},
    }  # fmt: skip
    path = folder / f"{key}.cis-agreement"
    path.write_text(json.dumps(document), encoding="utf-8")
    import_agreement(group, path)
    return accept(group, key, "Ann").agreement.key


def seen(group: Workspace) -> dict[str, int | None]:
    """Give what all reports together show of each band."""
    return {
        cid.categories[0][1]: cell.released.value
        for past in ledger.kept(group.read)
        for cid, cell in past.release.cells.items()
        if cid.categories
    }


def taken_apart(found: dict[str, int | None]) -> list[int]:
    """Give what a reader has who takes bands from each other that end or begin at two years' distance."""
    pairs = (("0-17", "0-15"), ("16-64", "18-64"), ("child", "0-15"), ("16-64", "adult"))
    shown = [(found.get(more), found.get(less)) for more, less in pairs]
    return [more - less for more, less in shown if more is not None and less is not None]


def both(group: Workspace, folder: Path) -> dict[str, int | None]:
    for key, bands in (("camden", TO_15), ("brent", TO_17)):
        release(group, agreed(group, folder, key, by_age(bands)), "2018-Q1", folder / key, "Ada")
    return seen(group)


def test_bands_of_two_councils_do_not_tell_of_those_between_them(group: Workspace, tmp_path: Path) -> None:
    assert 3 not in taken_apart(both(group, tmp_path))
    assert [past.entry.recipient for past in ledger.kept(group.read)] == ["Camden", "Brent"], "both are released"


def test_without_pieces_one_band_less_the_other_is_three_people(
    group: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlap, "_in_pieces", lambda *_: ())
    assert 3 in taken_apart(both(group, tmp_path))


def test_children_and_bands_of_one_report_do_not_tell_of_those_between_them(group: Workspace, tmp_path: Path) -> None:
    key = agreed(group, tmp_path, "camden", by_age(TO_15), {"by": "adult_child"})
    release(group, key, "2018-Q1", tmp_path / "out", "Ada")
    assert 3 not in taken_apart(seen(group))


def test_bands_that_share_their_edges_hide_nothing_more(group: Workspace, tmp_path: Path) -> None:
    narrow = ((0, 15), (16, 17), (18, 64), (65, None))
    wide = ((0, 17), (18, None))
    release(group, agreed(group, tmp_path, "camden", by_age(narrow)), "2018-Q1", tmp_path / "a", "Ada")
    before = seen(group)
    release(group, agreed(group, tmp_path, "brent", by_age(wide)), "2018-Q1", tmp_path / "b", "Ada")
    assert {key: value for key, value in seen(group).items() if key in before and key not in ("0-17", "18+")} == before


def test_nobody_is_a_child_of_65_and_everybody_knows(group: Workspace, tmp_path: Path) -> None:
    agreed(group, tmp_path, "camden", by_age(TO_15), {"by": "adult_child"}, crossed=True, zeros="protect")
    found = preview(group, find(group.read, "camden").agreement, "2018-Q1")
    (table,) = found.exact
    assert table.shape.structural == {
        ("0-15", "adult"), ("65+", "child"), ("unknown", "adult"), ("unknown", "child"), ("0-15", "unknown"),
        ("16-64", "unknown"), ("65+", "unknown"),
    }  # fmt: skip
    assert not isinstance(found.answer, Refusal)
    shown = found.answer.tables[0].cells
    assert {shown[key].value for key in table.shape.structural} == {0}, "a nought that is known is not hidden"
    assert shown["16-64", "child"].status == "hidden"
    others = [key for key, cell in shown.items() if cell.status == "hidden" and key != ("16-64", "child")]
    assert others, "and no such nought is what keeps the three of 16 unknown"


def by_ethnic_group(**groups: tuple[str, ...]) -> dict[str, Any]:
    listed = [{"key": key, "label": key.capitalize(), "includes": list(codes)} for key, codes in groups.items()]
    return {"by": "ethnic_group", "groups": listed}


WIDE = by_ethnic_group(south=("indian", "pakistani"))
NARROW = by_ethnic_group(indian=("indian",))


def test_groups_of_codes_that_cut_across_those_of_another_council_are_held_back(
    group: Workspace, tmp_path: Path
) -> None:
    with group.change("Wrote down who they are") as change:
        for n in range(60):
            person = people.add(change, given_name=f"Ann{n}")
            describe(change, person, "ethnic_group", ("indian", "pakistani", "african")[n % 3])
            contacts.add(change, "2018-02-05", person_id=person, kind="visit")
    release(group, agreed(group, tmp_path, "camden", WIDE), "2018-Q1", tmp_path / "a", "Ada")
    brent, bexley = (agreed(group, tmp_path, key, by) for key, by in (("brent", NARROW), ("bexley", WIDE)))
    (first,) = ledger.releases(group.read)
    stopped = preview(group, find(group.read, brent).agreement, "2018").answer
    assert isinstance(stopped, Refusal)
    assert stopped.held_by == (first.pack,)
    assert "in other groups of “Ethnic group”" in stopped.sentence
    held = agreements(group.read)
    assert [each.agreement.key for each in apart(held, find(group.read, brent).agreement)] == ["camden", "bexley"]
    assert not isinstance(preview(group, find(group.read, bexley).agreement, "2018-Q1").answer, Refusal)
    with group.change("Took an agreement away") as change:
        change.update("agreements", find(group.read, "camden").id, gone=1)
    assert isinstance(preview(group, find(group.read, brent).agreement, "2018").answer, Refusal), "its report is out"
    unknown = [replace(past, entry=replace(past.entry, agreement_hash=bytes(32))) for past in ledger.kept(group.read)]
    for key, refused in ((brent, True), (bexley, False)):
        found = preview(group, find(group.read, key).agreement, "2018-Q1")
        stopped = overlap.other_groups(group.read, found.agreement, found.period, found.exact, unknown)
        assert (stopped is not None) == refused, "an agreement that was never here"
    assert not isinstance(
        preview(group, find(group.read, brent).agreement, "2018", coarser=(("ethnic_group", 1),)).answer, Refusal
    )


def test_an_agreement_whose_own_tables_cut_across_each_other_is_refused(group: Workspace, tmp_path: Path) -> None:
    with pytest.raises(CisError, match="“ethnic_group” in groups of which one could be taken from another"):
        agreed(group, tmp_path, "camden", WIDE, NARROW)
    with pytest.raises(CisError, match="in groups of which one"):
        agreed(group, tmp_path, "camden", WIDE, {"by": "ethnic_group"})
    needs = {"by": "need", "groups": [{"key": "homes", "label": "Homes", "includes": ["housing", "homelessness"]}]}
    assert agreed(group, tmp_path, "camden", needs, {"by": "need"}), "people have several needs, so these do not add up"
