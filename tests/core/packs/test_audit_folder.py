"""What a folder holds: packs of several groups, files that are none, packs that are missing, and words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from cis_desktop.cli import main
from cis_desktop.disclosure.tables import Audit, Release
from cis_desktop.errors import CisError
from cis_desktop.packs import Signer, build
from cis_desktop.packs.audit import Attack, attack, attack_packs
from cis_desktop.packs.folder import grouped
from tests.core.packs.examples import SIGNER, details, one_line, ordinary, packed

OTHER = Signer(bytes(range(1, 33)))
FIRST, SECOND = one_line([3, 4, 20, 30], {0, 2}), one_line([3, 4, 20, 30], {0, 3})
"""Safe alone; together the first figure is exactly 3."""


def put(folder: Path, release: Release, signer: Signer = SIGNER, day: int = 1, **changes: object) -> str:
    made = build(release, details(made_at=f"2018-05-{day:02d}T10:00:00Z", **changes), signer)
    folder.mkdir(exist_ok=True)
    (folder / f"{made.stem}.cis-pack.zip").write_bytes(made.archive)
    (folder / f"{made.stem}.xlsx").write_bytes(made.workbook)
    return made.pack


def test_packs_of_two_groups_are_attacked_apart_and_of_one_group_on_two_computers_together(tmp_path: Path) -> None:
    put(tmp_path / "a", FIRST, org_id="")
    put(tmp_path / "b", SECOND, OTHER, 2, group="Brent Meals", org_id="")
    apart = attack([tmp_path])
    assert apart.groups == ("Brent Meals", "Kilburn Pantry")
    assert len(apart.packs) == 2
    assert not apart.unsafe
    put(tmp_path / "c", SECOND, OTHER, 3, org_id="")
    together = attack([tmp_path])
    # One key is one group, whatever it calls itself; and so is one name.
    assert len(together.groups) == 1
    assert any(
        each.cell == "People, a0, Jan to Mar 2018" and each.lowest == each.highest == 3 for each in together.exposed
    )
    assert [each.kind for each in together.remarks] == ["keys"]


def test_one_name_with_two_organisation_ids_is_two_groups() -> None:
    ours = packed(FIRST, org_id="GB-CHC-1")
    theirs = packed(SECOND, day=2, org_id="GB-CHC-2", signer=OTHER)
    assert [len(group.packs) for group in grouped([ours, theirs])] == [1, 1]
    assert [len(group.packs) for group in grouped([ours, packed(SECOND, day=2, org_id="GB-CHC-1")])] == [2]


def test_a_pack_that_is_there_twice_counts_once_and_other_workbooks_are_left_out_by_name(tmp_path: Path) -> None:
    pack = put(tmp_path, FIRST)
    put(tmp_path / "copies of the council", FIRST)
    dummy = Workbook()
    dummy.active.append(["This is a test message", "no figures"])
    dummy.save(tmp_path / "test message.xlsx")
    (tmp_path / "~$open.xlsx").write_bytes(b"\x05Ann")
    found = attack([tmp_path])
    assert found.packs == (pack,)
    assert found.left_out == ("test message.xlsx",)
    with pytest.raises(CisError) as refused:
        attack([tmp_path / "test message.xlsx"])
    assert refused.value.code == "not_a_pack"


def test_an_earlier_pack_that_is_missing_is_named() -> None:
    before = packed(FIRST)
    after = packed(one_line([3, 5, 20, 30], {0, 3}), day=2, supersedes=before.pack, changes="A visit was entered late.")
    alone = attack_packs([after])
    assert [(each.kind, before.pack in each.said) for each in alone.remarks] == [("missing", True)]
    assert not alone.exposed
    both = attack_packs([before, after])
    assert not [each for each in both.remarks if each.kind == "missing"]
    assert both.exposed


def words(answer: str, **changes: object) -> list[str]:
    found: Attack = attack_packs([packed(ordinary(), narrative=(("What was different?", answer),), **changes)])
    assert not found.exposed
    return [each.said for each in found.remarks]


@pytest.mark.parametrize("workbook", [False, True])
@pytest.mark.parametrize(
    ("answer", "noticed"),
    [
        ("Only three families came for the first time.", "speaks of fewer people"),
        ("One young mother was evicted. All is well now.", "speaks of fewer people"),
        ("We saw 12 people of 65+ at the lunch.", "beside 65+, at which a figure is hidden"),
        ("About 40% of those asking about company are new.", "beside Company, at which"),
        ("We were open on 3 days more, and 120 people came, 1,200 visits in all.", ""),
        ("One thing is sure: everyone was fed.", ""),
    ],
)
def test_numbers_in_the_groups_own_words_are_held_against_what_is_hidden(
    answer: str, noticed: str, workbook: bool
) -> None:
    said = words(answer, workbook=workbook)
    assert [noticed in each for each in said] == ([True] if noticed else [])


def test_files_are_made_from_what_is_published_alone() -> None:
    """Which blanks were small, why, how they were proven and how hard it was: not a byte of it leaves."""
    one = ordinary()
    tables = one.tables[2]
    ids = [tables.shape.identity(key) for key, cell in tables.cells.items() if cell.status == "hidden"]
    told = replace(
        one,
        primary=frozenset(ids[:1]),
        reasons={ids[0]: "It rests on 2 people.", ids[1]: "Hidden beside it."},
        witnesses={ids[0]: ({ids[0]: 1}, {ids[0]: 9})},
        audit=replace(one.audit, attacked=4711, narrowest=4, seconds=9.9, statements=("Something only for us.",)),
    )
    assert isinstance(told.audit, Audit)
    assert build(told, details(), SIGNER).files == build(one, details(), SIGNER).files


def test_a_statement_that_counts_other_figures_or_limits_that_differ_are_noticed() -> None:
    plain = packed(ordinary())
    assert not attack_packs([plain]).remarks
    counts = {**plain.rule, "counts": {**plain.rule["counts"], "hidden": 2}}
    assert [each.kind for each in attack_packs([replace(plain, rule=counts)]).remarks] == ["counts"]
    at, hidden = next(
        (at, n)
        for at, table in enumerate(plain.tables)
        for n, row in enumerate(table.rows)
        if row["status"] == "hidden"
    )
    table = plain.tables[at]
    rows = tuple({**row, "at_most": "7"} if n == hidden else row for n, row in enumerate(table.rows))
    told = replace(plain, tables=(*plain.tables[:at], replace(table, rows=rows), *plain.tables[at + 1 :]))
    assert "limits" in {each.kind for each in attack_packs([told]).remarks}


def test_the_command_says_who_attacked_what_and_what_is_given_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, FIRST)
    assert main(["audit", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Attacked 2 hidden figures in 1 pack of Kilburn Pantry, as a reader of all of them: nothing")
    put(tmp_path, SECOND, day=2)
    assert main(["audit", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "- People, a0, Jan to Mar 2018: exactly 3" in said
    assert "Tried: totals" in said
