"""A native briefing is believed only whole and signed, by the key that its sender signed with before."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from cis_desktop.briefings.incoming import import_briefing
from cis_desktop.briefings.model import Said
from cis_desktop.briefings.reading import briefing, briefings
from cis_desktop.errors import CisError
from cis_desktop.geography import held, outlines
from cis_desktop.records.search import search
from cis_desktop.strict_json import canonical
from cis_desktop.words import fingerprint
from cis_desktop.workspace import Workspace
from tests.core.briefings import made

NAME = "reply.cis-briefing.zip"


def refused(workspace: Workspace, *paths: Path, **given: bool) -> CisError:
    before = workspace.change_sets()
    with pytest.raises(CisError) as caught:
        import_briefing(workspace, paths, **given)
    assert "Nothing was" in caught.value.sentence
    assert workspace.change_sets() == before
    return caught.value


def test_what_was_heard_decided_and_not_done_comes_in_with_its_tables_and_maps(
    workspace: Workspace, tmp_path: Path
) -> None:
    files = {
        "tables/heating.csv": made.TABLE.encode(),
        "boundaries/wards_2025.geojson": made.geojson("E05015239", "E05015240"),
        "areas/lsoa21_to_ward25.csv": b"lsoa21_code,lsoa21_name,ward25_code,ward25_name\n"
        b"E01006094,Trafford 001A,E05015239,Altrincham\n",
        "pages/more.md": b"# More\n\nThe pool in *Hale* reopens.",
        "agreements/next.cis-agreement": b"{}",
    }
    done = import_briefing(workspace, [made.briefing(tmp_path / NAME, files)])
    found = briefing(workspace.read, done.briefings[0])
    assert found.said == Said(
        "That *heating* comes before food.", "An adviser in Altrincham every Tuesday.",
        "No vouchers at Easter: there is no money for it.", "1. Which forms cause most trouble?",
    )  # fmt: skip
    assert (found.summary.sender, found.summary.answers) == ("Trafford Council", ("0123456789abcdef",))
    assert (found.summary.signed, found.fingerprint) == (True, fingerprint(made.COUNCIL.public))
    assert [(f.value, f.status) for f in found.series[0].figures] == [(120, "value"), (None, "hidden")]
    assert done.unmatched == ()
    assert len(outlines(workspace.read)) == 2
    assert {(one.kind, one.vintage): one.count for one in held(workspace.read)}["lsoa", "2025"] == 1
    assert [hit.kind for hit in search(workspace.read, "vouchers easter")] == ["briefing"]
    assert [hit.kind for hit in search(workspace.read, "pool hale")] == ["briefing"]
    assert len(workspace.change_sets()) == 1
    assert done.change_set is not None
    workspace.undo(done.change_set)
    assert briefings(workspace.read) == []
    assert held(workspace.read) == []
    assert workspace.problems() == []


def test_another_key_of_the_same_sender_is_refused_until_it_is_said_to_be_theirs(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_briefing(workspace, [made.briefing(tmp_path / f"a{NAME}")])
    import_briefing(workspace, [made.briefing(tmp_path / f"b{NAME}", title="The same key again")])
    other = made.briefing(tmp_path / f"c{NAME}", signer=made.OTHER)
    assert refused(workspace, other).code == "other_key"
    import_briefing(workspace, [other], new_key=True)
    import_briefing(workspace, [made.briefing(tmp_path / f"d{NAME}", signer=made.OTHER, title="And now it is known")])
    assert len(briefings(workspace.read)) == 4


def test_a_sender_s_name_in_other_capitals_is_the_same_sender(workspace: Workspace, tmp_path: Path) -> None:
    import_briefing(workspace, [made.briefing(tmp_path / f"a{NAME}")])
    sender = {"name": "TRAFFORD  council", "public_key": made.OTHER.public}
    other = made.briefing(tmp_path / f"c{NAME}", signer=made.OTHER, sender=sender)
    assert refused(workspace, other).code == "other_key"


def test_every_change_of_a_single_byte_is_noticed(workspace: Workspace, tmp_path: Path) -> None:
    whole = made.briefing(tmp_path / NAME)
    with zipfile.ZipFile(whole) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    for name, data in members.items():
        for at in range(0, len(data), 13):
            changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            path = made.archive(tmp_path / f"{name.replace('/', '-')}{at}{NAME}", {**members, name: changed})
            assert refused(workspace, path).code in ("not_a_briefing", "newer_version"), (name, at)


def test_files_added_or_taken_out_are_noticed(workspace: Workspace, tmp_path: Path) -> None:
    with zipfile.ZipFile(made.briefing(tmp_path / NAME)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    more = made.archive(tmp_path / f"more{NAME}", {**members, "pages/more.md": b"more"})
    fewer = made.archive(tmp_path / f"fewer{NAME}", {"manifest.json": members["manifest.json"]})
    unsigned = made.archive(tmp_path / f"unsigned{NAME}", {"tables/heating.csv": made.TABLE.encode()})
    for path in (more, fewer, unsigned):
        assert refused(workspace, path).code == "not_a_briefing"


@pytest.mark.parametrize(
    "inside",
    [
        "../tables/x.csv", "/etc/x.csv", "tables/../../x.csv", "C:/x.csv", "tables\\x.csv", "tables/deep/x.csv",
        "x.csv", "programs/x.exe", "tables/x.exe",
    ],
)  # fmt: skip
def test_a_file_that_would_land_outside_or_has_no_place_is_refused(
    workspace: Workspace, tmp_path: Path, inside: str
) -> None:
    assert refused(workspace, made.briefing(tmp_path / NAME, {inside: b"a,b\n1,2\n"})).code == "not_a_briefing"


def test_a_link_in_the_archive_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    files = {"tables/x.csv": b"/etc/passwd"}
    members = {**files, "manifest.json": canonical(made.statement(files)) + b"\n"}
    path = made.archive(tmp_path / NAME, members, links=("tables/x.csv",))
    assert refused(workspace, path).code == "not_a_briefing"


def test_a_bomb_is_refused_before_it_is_unpacked(workspace: Workspace, tmp_path: Path) -> None:
    path = made.briefing(tmp_path / NAME, {"tables/x.csv": b"0" * (40 << 20)})
    assert path.stat().st_size < 100_000
    assert "times its size" in refused(workspace, path).sentence


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("newer_version", {"version": 2}),
        ("not_a_briefing", {"version": "one"}),
        ("not_a_briefing", {"format": "cis-pack"}),
        ("not_a_briefing", {"title": ""}),
        ("not_a_briefing", {"title": "x" * 5000}),
        ("not_a_briefing", {"heard": "x" * 200_000}),
        ("not_a_briefing", {"answers": "all of them"}),
        ("not_a_briefing", {"sender": {"name": "Trafford Council"}}),
        ("not_a_briefing", {"sender": {"name": "Trafford Council", "public_key": "00" * 32}}),
    ],
)
def test_a_manifest_that_says_too_much_or_too_little_is_refused(
    workspace: Workspace, tmp_path: Path, code: str, said: dict[str, object]
) -> None:
    assert refused(workspace, made.briefing(tmp_path / NAME, **said)).code == code


def test_what_later_versions_add_to_a_manifest_does_no_harm(workspace: Workspace, tmp_path: Path) -> None:
    done = import_briefing(workspace, [made.briefing(tmp_path / NAME, mood="hopeful")])
    assert done.figures == 2


def test_a_broken_table_or_map_inside_refuses_the_whole(workspace: Workspace, tmp_path: Path) -> None:
    good = made.TABLE.encode()
    for name, data in (
        ("tables/b.csv", b"nothing,of\nuse,here\n"),
        ("tables/b.csv", good.replace(b"120", b"many")),
        ("boundaries/b.geojson", b"{}"),
        ("areas/b.csv", b"a,b\n1,2\n"),
    ):
        path = made.briefing(tmp_path / NAME, {"tables/a.csv": good, name: data})
        with pytest.raises(CisError):
            import_briefing(workspace, [path])
        assert workspace.change_sets() == []


def test_a_zip_cut_off_or_no_zip_at_all_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    whole = made.briefing(tmp_path / NAME).read_bytes()
    out = io.BytesIO(whole)
    for at, data in enumerate((whole[:-30], whole[: len(whole) // 2], b"PK\x03\x04", out.getvalue()[::-1])):
        path = tmp_path / f"{at}{NAME}"
        path.write_bytes(data)
        assert refused(workspace, path).code == "not_a_briefing"
