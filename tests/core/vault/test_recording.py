"""Everything that is written is recorded, in the transaction that wrote it, or is not written at all."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import pytest
import sqlcipher3

from cis_desktop.vault import derived_uid
from cis_desktop.vault.chunks import INSERT, UPDATE, open_chunk
from cis_desktop.vault.integrity import UNTRACKED
from cis_desktop.vault.tables import CLOSED
from cis_desktop.workspace import Workspace, set_setting, setting

from .conftest import add_person


def tables_of(workspace: Workspace) -> set[str]:
    """Give every table, without SQLite's own and the shadows of the search index."""
    rows = workspace.read.execute("select name, type from pragma_table_list where schema = 'main'")
    return {name for name, kind in rows if kind in ("table", "virtual") and not name.startswith("sqlite_")}


def last_sections(workspace: Workspace) -> list[tuple[str, int, tuple[str, ...], list[object]]]:
    *_, last = workspace.vault.sets_since({})
    return [(s.table, s.op, s.columns, s.entries) for body in last.chunks for s in open_chunk(body)]


def test_every_table_has_its_history_or_is_on_the_short_list(workspace: Workspace) -> None:
    tracked = set(workspace.vault.tables)
    assert tables_of(workspace) == tracked | UNTRACKED
    assert not tracked & UNTRACKED


def test_every_tracked_table_has_identity_gone_and_a_trigger_for_each_field(workspace: Workspace) -> None:
    triggers = {name for (name,) in workspace.read.execute("select name from sqlite_master where type = 'trigger'")}
    assert len(workspace.vault.tables) > 15
    for table in workspace.vault.tables.values():
        columns = {row[1]: row for row in workspace.read.execute(f"pragma table_info({table.name})")}
        assert columns["id"][5] == 1
        assert {"uid", "gone"} <= set(columns)
        assert {f"history_{table.name}_{f}" for f in ("delete", "identity", *table.fields)} <= triggers
        (sql,) = workspace.read.execute("select sql from sqlite_master where name = ?", (table.name,)).fetchone()
        # An id that came back would belong to two change sets.
        assert "autoincrement" in sql
        foreign = workspace.read.execute(f"pragma foreign_key_list({table.name})").fetchall()
        assert sql.count("deferrable initially deferred") == len(foreign)
        unique = [row for row in workspace.read.execute(f"pragma index_list({table.name})") if row[2]]
        assert len(unique) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "insert into people (reference) values ('P-9')",
        "update people set given_name = 'Q' where id = 1",
        "delete from people where id = 1",
        "update writing set mode = 1",
    ],
)
def test_a_write_outside_a_change_is_refused(workspace: Workspace, statement: str) -> None:
    add_person(workspace)
    with workspace.change("Kept open by mistake") as kept:
        pass
    with suppress(ValueError), workspace.change("Broken off") as broken:
        raise ValueError
    for connection in (workspace.read, kept.connection, broken.connection):
        with pytest.raises(sqlcipher3.DatabaseError, match="readonly"):
            connection.execute(statement)
    assert workspace.read.execute("select given_name from people").fetchall() == [("Zehra",)]


def test_an_edit_is_refused_by_every_table_itself_when_nothing_records(workspace: Workspace) -> None:
    with suppress(ValueError), workspace.vault.transaction(CLOSED) as connection:
        for table in workspace.vault.tables.values():
            wanted = [row[1] for row in connection.execute(f"pragma table_info({table.name})") if row[3] and not row[4]]
            columns = ", ".join(wanted)
            values = f"({columns}) values ({', '.join('1' for _ in wanted)})" if wanted else "default values"
            connection.execute(f"insert into {table.name} {values}")
            for statement in (*(f"update {table.name} set {field} = 77" for field in table.fields),
                              f"delete from {table.name}"):  # fmt: skip
                with pytest.raises(sqlcipher3.IntegrityError, match=r"outside a change|stays with|never deleted"):
                    connection.execute(statement)
        # What points at a row that is not there goes with the whole.
        raise ValueError
    assert workspace.problems() == []


def test_inside_a_change_a_row_is_never_deleted_renumbered_or_moved_to_another_person(workspace: Workspace) -> None:
    first, second = add_person(workspace), add_person(workspace, "Yusuf")
    with workspace.change("Added a visit") as change:
        visit = change.insert("contacts", person_id=first, on_date="2018-01-02")
    for statement in (
        f"delete from people where id = {first}",
        f"update people set id = 77 where id = {first}",
        f"update people set uid = x'00' where id = {first}",
        f"update contacts set person_id = {second} where id = {visit}",
        f"insert or replace into people (id, reference) values ({first}, 'P-7')",
    ):
        with pytest.raises(sqlcipher3.IntegrityError), workspace.change("Wrong") as change:
            change.connection.execute(statement)
    assert [one.words for one in workspace.change_sets()] == ["Added a visit", "Added a person", "Added a person"]
    assert workspace.problems() == []


def test_new_rows_are_recorded_whoever_wrote_them_and_references_travel_as_uids(workspace: Workspace) -> None:
    with workspace.change("Added a visit") as change:
        person = change.insert("people", reference="P-0001", given_name="Zehra")
        change.connection.execute(
            "insert into contacts (person_id, on_date, note) values (?, '2018-01-02', 'came early')", (person,)
        )
        visit = change.connection.execute("select max(id) from contacts").fetchone()[0]
        rows = [(visit, "food parcel", n) for n in range(1200)]
        ids = change.insert_many("given", ("contact_id", "item", "quantity"), rows)
        change.update("contacts", visit, note="came late")
    assert len(ids) == 1200
    sections = last_sections(workspace)
    assert {op for _, op, _, _ in sections} == {INSERT}
    found = {}
    for table, _, columns, entries in sections:
        found.setdefault(table, []).extend(dict(zip(("uid", *columns), entry, strict=True)) for entry in entries)
    (uid,) = workspace.read.execute("select uid from people where id = ?", (person,)).fetchone()
    assert [(row["given_name"], row["uid"]) for row in found["people"]] == [("Zehra", uid)]
    assert [(row["note"], row["person_id"]) for row in found["contacts"]] == [("came late", uid)]
    assert [row["quantity"] for row in found["given"]] == list(range(1200))
    assert [row.rows for row in workspace.change_sets()] == [1202]


def test_many_rows_are_written_whole_whatever_is_missing_in_them(workspace: Workspace) -> None:
    rows = [(1, None, None), (None, None, None), (3, 7, None)] * 90
    with workspace.change("Marked passages") as change:
        ids = change.insert_many("observation_themes", ("span_start", "span_end", "theme_id"), rows)
        nothing = change.insert_many("observation_themes", ("span_start", "span_end"), [(None, None)] * 3)
        none = change.insert_many("observation_themes", ("span_start",), [])
    assert (len(ids), len(nothing), len(none)) == (270, 3, 0)
    found = workspace.read.execute("select span_start, span_end, theme_id from observation_themes order by id")
    assert found.fetchall() == [*rows, *[(None, None, None)] * 3]
    assert workspace.problems() == []


def test_an_edit_records_the_new_value_the_old_one_and_the_change_it_replaces(workspace: Workspace) -> None:
    person = add_person(workspace)
    with workspace.change("Mended a name") as change:
        change.update("people", person, given_name="Zehra A", reference="P-0001")
    with workspace.change("Mended it again") as change:
        change.connection.execute("update people set given_name = 'Zeynep' where id = ?", (person,))
    device = workspace.read.execute("select uid from devices").fetchone()[0]
    uid = workspace.read.execute("select uid from people").fetchone()[0]
    assert last_sections(workspace) == [
        ("people", UPDATE, ("given_name",), [[uid, "Zeynep", "Zehra A", [[device, 2]]]])
    ]


def test_what_changes_nothing_makes_no_change_set(workspace: Workspace) -> None:
    person = add_person(workspace)
    with workspace.change("Nothing") as change:
        change.update("people", person, given_name="Zehra")
    with workspace.change("There and back") as back:
        back.update("people", person, given_name="Y")
        back.update("people", person, given_name="Zehra")
    assert (change.id, back.id) == (None, None)
    with workspace.change("Mended a name") as change:
        change.update("people", person, given_name="Zehra A")
    assert last_sections(workspace)[0][3][0][1:3] == ["Zehra A", "Zehra"]
    assert len(workspace.change_sets()) == 2
    assert workspace.problems() == []


def test_a_change_that_raises_leaves_nothing(workspace: Workspace) -> None:
    add_person(workspace)
    told: list[frozenset[str]] = []
    workspace.subscribe(told.append)
    with pytest.raises(ZeroDivisionError), workspace.change("Half") as change:  # noqa: PT012
        change.insert("people", reference=change.next_reference("P"), given_name="Half")
        change.update("people", 1, given_name="Half")
        raise ZeroDivisionError
    assert workspace.read.execute("select given_name from people").fetchall() == [("Zehra",)]
    assert len(workspace.change_sets()) == 1
    assert told == []
    assert workspace.problems() == []
    # The reference that was not used is given to the next.
    with workspace.change("Added") as change:
        assert change.next_reference("P") == "P-0002"


def test_an_unknown_field_and_a_change_inside_a_change_are_bugs(workspace: Workspace) -> None:
    with pytest.raises(KeyError), workspace.change("Wrong") as change:
        change.insert("people", reference="P-1", shoe_size=7)
    with pytest.raises(RuntimeError), workspace.change("Outer"), workspace.change("Inner"):
        pass
    add_person(workspace)
    assert workspace.problems() == []


def test_the_touched_tables_are_told_after_the_commit(workspace: Workspace) -> None:
    told: list[tuple[frozenset[str], int]] = []
    workspace.subscribe(
        lambda touched: told.append((touched, workspace.read.execute("select count(*) from people").fetchone()[0]))
    )
    person = add_person(workspace)
    with workspace.change("Added a visit") as change:
        change.insert("contacts", person_id=person, on_date="2018-01-02")
    assert told == [(frozenset({"people"}), 1), (frozenset({"contacts"}), 1)]


def test_the_history_of_a_record_names_what_touched_it_newest_first(workspace: Workspace) -> None:
    first, second = add_person(workspace), add_person(workspace, "Yusuf")
    with workspace.change("Mended a name") as change:
        change.update("people", second, given_name="Y")
    assert [one.words for one in workspace.change_sets(("people", second))] == ["Mended a name", "Added a person"]
    assert [one.words for one in workspace.change_sets(("people", first))] == ["Added a person"]
    newest = workspace.change_sets()[0]
    assert (newest.who, newest.tables, newest.rows) == ("Ann", ("people",), 1)
    assert newest.id == change.id


def test_references_count_up_and_another_incarnation_has_a_range_of_its_own(workspace: Workspace) -> None:
    with workspace.change("Added") as change:
        given = [change.next_reference("P"), change.next_reference("C"), *change.next_references("P", 2)]
        change.insert("people", reference=given[0])
    assert given == ["P-0001", "C-0001", "P-0002", "P-0003"]
    taken = set(given)
    for _ in range(3):
        workspace.vault.new_incarnation("restored")
        with workspace.change("Added") as change:
            references = change.next_references("P", 2)
            change.insert("people", reference=references[0])
        assert not taken & set(references)
        taken |= set(references)
    tags = {tag for (tag,) in workspace.read.execute("select tag from devices")}
    assert len(tags) == 4


def test_a_derived_uid_depends_on_every_word_and_is_the_same_everywhere() -> None:
    assert derived_uid("codes", "ethnic_group", 1, "white_british").hex() == "8adca91222fb7192b61d47c6d0ff174b"
    assert derived_uid("a", "bc") != derived_uid("ab", "c")


def test_a_setting_is_one_row_wherever_it_is_written(workspace: Workspace) -> None:
    for value in ("Larder", "The Larder"):
        with workspace.change("Named") as change:
            set_setting(change, "workspace_name", value)
    assert setting(workspace.read, "workspace_name") == workspace.name == "The Larder"
    assert workspace.read.execute("select count(*) from settings").fetchone() == (1,)


def test_writers_on_many_threads_are_served_in_the_order_they_asked_and_none_is_lost(workspace: Workspace) -> None:
    def write(number: int) -> None:
        with workspace.change(f"Added {number}") as change:
            change.insert("people", reference=f"P-{number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    with workspace.change("First") as change:
        change.insert("people", reference="P-first")
        for number, thread in enumerate(threads):
            thread.start()
            while len(workspace.vault._turns._waiting) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join(60)
    words = [one.words for one in reversed(workspace.change_sets())]
    assert words == ["First", *(f"Added {number}" for number in range(12))]
    assert workspace.problems() == []


def test_a_reader_on_another_thread_sees_only_what_is_committed_and_cannot_write(workspace: Workspace) -> None:
    with workspace.reader() as reader:
        with workspace.change("Added") as change:
            change.insert("people", reference="P-1")
            assert reader.execute("select count(*) from people").fetchone() == (0,)
        assert reader.execute("select count(*) from people").fetchone() == (1,)
        with pytest.raises(sqlcipher3.DatabaseError, match="readonly"):
            reader.execute("update people set reference = 'x'")
