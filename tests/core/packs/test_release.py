"""A period is released as a whole or not at all, and what left is in the ledger."""

from __future__ import annotations

import email
import resource
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest

from cis_desktop import agreements, ledger
from cis_desktop.agreements import library
from cis_desktop.disclosure.tables import Refusal
from cis_desktop.errors import CisError
from cis_desktop.figures import period as read_period
from cis_desktop.packs import build, overlap, sending, verify
from cis_desktop.packs import release as releasing
from cis_desktop.packs.audit import attack
from cis_desktop.packs.preview import preview
from cis_desktop.packs.release import Released, release
from cis_desktop.packs.signing import drawing_key, signing_key
from cis_desktop.records import contacts, people
from cis_desktop.workspace import Workspace, set_setting
from tests.core.packs.examples import SIGNER, details, ordinary

SMALL, FOOD = "small-group-return", "food-support-quarterly-return"


@pytest.fixture
def group(workspace: Workspace) -> Workspace:
    """A group that has accepted two agreements: 60 people, seen in every month of a year; a few need rare things."""
    with workspace.change("Wrote down a year") as change:
        set_setting(change, "workspace_name", "Kilburn Pantry")
        for n in range(60):
            person = people.add(change, given_name=f"Zebedee{n}", birth_year=1950 + n)
            for month in range(1, 13):
                if (n + month) % 3 or n < 20:
                    needs = ["food"] if n % 9 else ["food", "housing"]
                    day = f"2018-{month:02d}-{1 + n % 27:02d}"
                    contacts.add(change, day, person_id=person, needs=needs, needs_version=1, kind="visit")
    agreements.accept(workspace, SMALL, "Ann")
    agreements.accept(workspace, FOOD, "Ann")
    return workspace


def made(group: Workspace, out: Path, period: str = "2018-Q1", key: str = FOOD, **more: object) -> Released:
    return release(group, key, period, out, "Ada Lovelace", **more)  # type: ignore[arg-type]


def test_a_release_leaves_four_files_that_verify_and_one_line_in_the_ledger(group: Workspace, tmp_path: Path) -> None:
    done = made(group, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        path.name for path in (done.archive, done.workbook, done.report, done.email)
    )
    for path in (done.archive, done.workbook):
        found = verify(path)
        assert found.valid
        assert (found.pack, found.group, found.period) == (done.pack, "Kilburn Pantry", "2018-Q1")
        assert found.public_key == signing_key(group).public
    (entry,) = ledger.releases(group.read)
    assert (entry.pack, entry.status, entry.sha256) == (done.pack, "made", done.sha256)
    assert entry.signed_off_by == "Ada Lovelace"
    assert entry.counts == done.counts
    assert done.counts["hidden"] > 0
    assert not done.audit.exposed
    assert [change.words for change in group.change_sets(limit=1)] == [
        "Released Food support quarterly return, Jan to Mar 2018"
    ]


def test_no_file_holds_a_persons_name_or_says_one_in_its_own(group: Workspace, tmp_path: Path) -> None:
    done = made(group, tmp_path)
    with zipfile.ZipFile(done.archive) as archive:
        texts = [archive.read(name) for name in archive.namelist()]
    assert not [text for text in texts if b"Zebedee" in text]
    assert not [path.name for path in tmp_path.iterdir() if "lovelace" in path.name.lower()]


def test_the_quarters_and_then_the_year_pass_the_audit_of_their_folder(group: Workspace, tmp_path: Path) -> None:
    for period in ("2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4", "2018"):
        made(group, tmp_path, period)
    found = attack([tmp_path])
    assert len(found.packs) == 5
    assert found.attacked > 5
    assert not found.exposed
    assert not found.corrected


def test_the_same_figures_are_not_released_twice_unless_they_replace_or_never_left(
    group: Workspace, tmp_path: Path
) -> None:
    first = made(group, tmp_path, key=SMALL)
    with pytest.raises(CisError) as refused:
        made(group, tmp_path, key=SMALL)
    assert refused.value.code == "released_already"
    assert refused.value.sentence.startswith("“Small group return” for Jan to Mar 2018 was made on ")
    second = made(group, tmp_path, key=SMALL, supersedes=first.pack[:10], changes="Two visits were entered late.")
    assert verify(second.archive).supersedes == first.pack
    assert [entry.supersedes for entry in ledger.releases(group.read)] == [None, first.pack]
    for pack in (first.pack, second.pack):
        ledger.mark(group, pack, "never-left")
    assert ledger.kept(group.read) == []
    made(group, tmp_path, key=SMALL, made_at="2019-01-01T00:00:00Z")


def test_a_pack_cannot_replace_one_about_something_else(group: Workspace, tmp_path: Path) -> None:
    first = made(group, tmp_path, key=SMALL)
    with pytest.raises(CisError) as refused:
        made(group, tmp_path, "2018-Q2", SMALL, supersedes=first.pack)
    assert refused.value.code == "supersedes_other"
    with pytest.raises(CisError) as refused:
        made(group, tmp_path, "2018-Q2", SMALL, supersedes="0123456789abcdef")
    assert refused.value.code == "no_such_pack"


@pytest.mark.parametrize(
    ("key", "period", "sign_off", "code"),
    [
        (FOOD, "2019-Q1", "Ada", "nothing_to_release"),
        (FOOD, "2018-Q1", "  ", "nobody_signed_off"),
        ("no-such", "2018-Q1", "Ada", "no_agreement"),
        (FOOD, "last winter", "Ada", "not_a_period"),
    ],
)
def test_what_cannot_be_released_is_refused_and_leaves_nothing(
    group: Workspace, tmp_path: Path, key: str, period: str, sign_off: str, code: str
) -> None:
    with pytest.raises(CisError) as refused:
        release(group, key, period, tmp_path / "out", sign_off)
    assert refused.value.code == code
    assert not ledger.releases(group.read)
    assert not list(tmp_path.glob("out/*"))


def test_nothing_is_released_under_an_agreement_nobody_accepted(workspace: Workspace, tmp_path: Path) -> None:
    starter = next(each for each in library() if each.key == SMALL)
    (tmp_path / "a.cis-agreement").write_bytes(starter.canonical)
    agreements.import_agreement(workspace, tmp_path / "a.cis-agreement")
    with pytest.raises(CisError) as refused:
        release(workspace, SMALL, "2018-Q1", tmp_path / "out", "Ada")
    assert refused.value.code == "agreement_not_accepted"


@contextmanager
def little_room(most: int) -> Iterator[None]:
    """Let no file of this process grow beyond a few kilobytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("limit", [2_000, 20_000])
def test_a_full_disk_leaves_no_half_pack_and_no_line_in_the_ledger(
    group: Workspace, tmp_path: Path, limit: int
) -> None:
    signing_key(group)
    drawing_key(group)
    out = tmp_path / "out"
    out.mkdir()
    with little_room(limit), pytest.raises(CisError) as refused:
        made(group, out)
    assert refused.value.code == "disk_full"
    assert list(out.iterdir()) == []
    assert not ledger.releases(group.read)


def test_a_folder_that_cannot_be_written_is_refused(group: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CisError) as refused:
        made(group, tmp_path / "file")
    assert refused.value.code == "cannot_write"
    assert not ledger.releases(group.read)


def test_files_that_cannot_get_their_names_are_told_of_and_counted(group: Workspace, tmp_path: Path) -> None:
    first = made(group, tmp_path, key=SMALL, made_at="2018-05-01T09:00:00Z")
    ledger.mark(group, first.pack, "never-left")
    first.report.unlink()
    (first.report / "in the way").mkdir(parents=True)
    with pytest.raises(CisError) as refused:
        made(group, tmp_path, key=SMALL, made_at="2018-05-01T09:00:00Z")
    assert refused.value.code == "not_put_in_place"
    assert refused.value.sentence.startswith("“Small group return” for Jan to Mar 2018 is noted as made")
    assert [entry.status for entry in ledger.releases(group.read)] == ["never-left", "made"]
    assert not list(tmp_path.glob(".*"))


def test_the_draft_is_ready_to_send_with_the_plain_workbook_and_the_report(group: Workspace, tmp_path: Path) -> None:
    done = made(group, tmp_path)
    draft = cast(EmailMessage, email.message_from_bytes(done.email.read_bytes(), policy=default))
    assert draft["X-Unsent"] == "1"
    assert draft["Subject"] == "Food support quarterly return, Jan to Mar 2018: figures from Kilburn Pantry"
    attached = {part.get_filename(): part.get_content() for part in draft.iter_attachments()}
    assert attached == {path.name: path.read_bytes() for path in (done.workbook, done.report)}
    words = draft.get_body(("plain",))
    assert words is not None
    assert "Ada Lovelace" in words.get_content()
    assert "[c]" in words.get_content()


def test_the_same_records_and_time_give_the_same_files(group: Workspace, tmp_path: Path) -> None:
    first = made(group, tmp_path / "a", made_at="2018-05-01T09:00:00Z")
    ledger.mark(group, first.pack, "never-left")
    again = made(group, tmp_path / "b", made_at="2018-05-01T09:00:00Z")
    assert first.sha256 == again.sha256
    assert first.email.read_bytes() == again.email.read_bytes()


def test_a_preview_shows_what_would_leave_and_leaves_nothing(group: Workspace) -> None:
    shown = preview(group, releasing.find(group.read, FOOD).agreement, "2018-Q1")
    assert shown.answer.tables
    assert not ledger.releases(group.read)


def test_the_signing_key_is_made_once_and_stays_in_the_vault(group: Workspace, tmp_path: Path) -> None:
    key = signing_key(group)
    assert signing_key(group) == key
    assert drawing_key(group) != key.private
    assert key.private.hex() not in repr(key)
    made(group, tmp_path / "out")
    everywhere = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not [data for data in everywhere if key.private in data or key.private.hex().encode() in data]


LONG = ("The Long Kilburn Pantry and Kitchen " * 3, "Łódź Pantry’s friends " * 4)


@pytest.mark.parametrize("name", ["Kilburn Pantry", *LONG])
def test_the_subject_of_a_draft_survives_any_name(name: str) -> None:
    said = details(group=name.strip())
    draft = email.message_from_bytes(sending.draft(said, build(ordinary(), said, SIGNER), ""), policy=default)
    assert draft["Subject"] == f"Small group return, January to March 2018: figures from {name.strip()}"
    assert draft["To"] is None


def exact_differences(group: Workspace) -> list[int]:
    """Give how far exactly shown figures for the whole area differ, where one period holds another."""
    shown = [
        (cid, cell.exact, read_period(cid.period))
        for past in ledger.kept(group.read)
        for cid, cell in past.release.cells.items()
        if cell.released.status == "value" and not cid.categories and not cid.area
    ]
    return [
        abs(a - b)
        for cid, a, whole in shown
        for other, b, part in shown
        if cid.measure == other.measure and whole.first <= part.first and part.last <= whole.last
    ]


def test_a_whole_does_not_show_a_thin_part_of_it_that_is_left_over(group: Workspace, tmp_path: Path) -> None:
    with group.change("Wrote down a thin quarter") as change:
        for person in (1, 2, 3):
            contacts.add(change, "2019-11-05", person_id=person, kind="visit")
        for person in range(1, 50):
            for day in ("2019-02-05", "2019-05-05", "2019-08-05"):
                contacts.add(change, day, person_id=person, kind="visit")
    for quarter in ("2019-Q1", "2019-Q2", "2019-Q3"):
        made(group, tmp_path, quarter)
    made(group, tmp_path, "2019")
    assert not attack([tmp_path]).exposed
    made(group, tmp_path, "2019-Q4")
    assert not attack([tmp_path]).exposed
    assert not set(exact_differences(group)) & set(range(1, 8))
    for quarter in ("2018-Q1", "2018-Q2"):
        made(group, tmp_path, quarter)
    made(group, tmp_path, "2018")


def test_what_nobody_wrote_down_is_left_out_by_name_and_is_no_nought(group: Workspace, tmp_path: Path) -> None:
    done = made(group, tmp_path)
    (left_out,) = [said for said in done.statements if said.startswith("Left out")]
    assert "food parcels" in left_out.lower()
    with zipfile.ZipFile(done.archive) as pack:
        assert not [name for name in pack.namelist() if "session" in name or "observation" in name]
        headlines = pack.read("tables/headlines.csv").decode()
    assert "unique_people" in headlines
    assert "parcels" not in headlines


def test_odd_days_do_not_give_a_few_days_of_another_period_away(group: Workspace, tmp_path: Path) -> None:
    with group.change("Wrote down a last day that two people came on") as change:
        for person in (people.add(change, given_name=name, birth_year=1980) for name in ("Zebedee60", "Zebedee61")):
            contacts.add(change, "2018-03-31", person_id=person, kind="visit")
    for period in ("2018-Q1", "2018-01-01..2018-03-30", "2018-03-15..2018-04-15", "2018-04-01..2018-06-15", "2018-Q2"):
        made(group, tmp_path, period, SMALL)
    assert not attack([tmp_path]).exposed
    assert not set(exact_differences(group)) & set(range(1, 8))


def test_a_pack_made_again_stands_as_it_was_while_late_records_are_few(group: Workspace, tmp_path: Path) -> None:
    first = made(group, tmp_path)
    with group.change("Wrote down a late visit") as change:
        contacts.add(change, "2018-02-05", person_id=1, kind="visit", needs=["food"], needs_version=1)
    shown = preview(group, releasing.find(group.read, FOOD).agreement, "2018-Q1")
    assert shown.closed
    assert any("have changed since" in said for said in shown.to_know)
    again = made(group, tmp_path, supersedes=first.pack, changes="Nothing that can be shown.")
    one, two = ledger.kept(group.read)
    assert one.release.tables == two.release.tables
    assert again.pack != first.pack
    assert not attack([tmp_path]).exposed


def test_a_release_that_an_earlier_pack_holds_back_names_that_pack(group: Workspace, tmp_path: Path) -> None:
    done = made(group, tmp_path, "2018-Q1", SMALL)
    (past,) = ledger.kept(group.read)
    cells = tuple((cid, "a figure") for cid in list(past.release.cells)[:1])
    told = overlap.held(Refusal("", "", cells, (done.pack,)), [past.entry])
    assert "Whoever also has “Small group return” for Jan to Mar 2018 could work these out" in told.sentence
    assert done.pack not in told.sentence
    assert told.held_by == (done.pack,)
