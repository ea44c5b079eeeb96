"""The session desk, by keys alone: forty visits in a row, nobody twice by accident, everything with a way back."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cis_desktop.records import arrivals, contacts, households, observations, people, sessions
from cis_desktop.records.contacts import Given
from cis_desktop.workspace import Workspace
from tests.ui.keys import press, type_in
from ui.pages.sessions.begin import usual_items
from ui.pages.sessions.desk import DeskView
from ui.window import Window

KEY = bytes(range(32))
CONTROL = Qt.KeyboardModifier.ControlModifier
Settled = Callable[[], None]
PARCEL = Given("food_parcel", 1, "item", parcel_days=3)
NAMES = (
    "Amina Khan", "Bea Jones", "Chidi Okafor", "Dilys Evans", "Emre Kaya", "Fatou Diop", "Goran Ilic", "Hanna Nowak",
)  # fmt: skip


class Keys(QObject):
    """Counts the keys that are pressed anywhere, as the fingers do."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.pressed = 0
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count a key once, where the focus is."""
        here = watched is QApplication.focusWidget()
        if here and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self.pressed += 1
        return False


@pytest.fixture
def pantry(lists: Workspace) -> Workspace:
    """Give a workspace with forty known people in households, two of them with one name."""
    with lists.change("Made an example") as change:
        for at in range(40):
            given, family = NAMES[at % 8].split()
            home = households.add(
                change, label=f"{family} {at}", adults=1 + at % 3, children=at % 4, postcode="NW1 8AB",
                diet="Halal" if at == 0 else None, allergies="Peanuts" if at == 0 else None,
                delivery="Ring twice" if at == 0 else None,
            )  # fmt: skip
            who = people.add(
                change, given_name=given, family_name=f"{family}{chr(97 + at // 8)}", household_id=home,
                note="Knock loudly" if at == 0 else None,
            )  # fmt: skip
            for month in (8, 9, 10) if at == 0 else ():
                contacts.add(change, f"{date.today().year - 1}-{month:02d}-03", person_id=who, kind="visit")
        for _ in range(2):
            people.add(change, given_name="Zoe", family_name="Twin")
    return lists


@pytest.fixture
def desk(qtbot: QtBot, window: Window, pantry: Workspace, settled: Settled) -> DeskView:
    """Give the desk, opened by keys: where, and what everybody gets, are set once."""
    qtbot.waitUntil(window.isActiveWindow)
    window.opened(pantry)
    window.go("sessions", ("desk", None))
    page = window.pages["sessions"]
    type_in(page.begin_form.venue, "St Mary's Hall")
    press(window, Qt.Key.Key_Return)
    settled()
    assert page.front_desk.finder.field.hasFocus()
    return page.front_desk


def here(desk: DeskView, workspace: Workspace) -> list[arrivals.Arrival]:
    """Give the visits at the session that is open."""
    assert desk.session is not None
    return arrivals.at(workspace.read, desk.session.id)


def test_forty_visits_in_a_row_take_few_keys_each_and_typing_waits_for_none(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    keys = Keys(window)
    known = [each for each in people.page(pantry.read, limit=100) if each.family_name != "Twin"]
    assert len(known) == 40
    longest = 0.0
    for person in known:
        assert person.given_name
        assert person.family_name
        before = keys.pressed
        began = time.thread_time()
        # Two letters of the one name and the whole last one: what tells them apart here.
        type_in(desk.finder.field, f"{person.given_name[:2]} {person.family_name[:1]}")
        while desk.finder.current() is None or desk.finder.current().person_id != person.id:
            press(window, Qt.Key.Key_Down)
        press(window, Qt.Key.Key_Return)
        longest = max(longest, time.thread_time() - began)
        assert desk.finder.field.hasFocus(), "the cursor is back for the next one"
        assert desk.finder.field.text() == ""
        assert 5 <= keys.pressed - before <= 9
    settled()
    assert {each.contact.person_id for each in here(desk, pantry)} == {each.id for each in known}
    assert all(each.contact.given == (PARCEL,) for each in here(desk, pantry))
    numbers = {each.contact.person_id: (each.contact.adults, each.contact.children) for each in here(desk, pantry)}
    for person in known:
        home = households.of(pantry.read, person.id)
        assert home is not None
        assert numbers[person.id] == (home.adults, home.children)
    assert "40 visits" in desk.count.text()
    assert longest < 1, "typing stood still"


def test_what_matters_is_seen_before_enter_is_pressed(desk: DeskView) -> None:
    type_in(desk.finder.field, "amina khana")
    told = " ".join(part.text() for part in desk.card.parts)
    for words in ("Amina Khana", "Allergies: Peanuts", "Diet: Halal", "Ring twice", "Knock loudly", "in six months"):
        assert words in told
    assert desk.form.adults.number() == 1


def test_the_visits_of_six_months_are_counted(desk: DeskView, pantry: Workspace, settled: Settled) -> None:
    person = next(each for each in people.page(pantry.read, limit=100) if each.given_name == "Bea")
    with pantry.change("Visits") as change:
        for _ in range(3):
            contacts.add(change, date.today(), person_id=person.id, kind="call")
    type_in(desk.finder.field, person.reference)
    assert "4th visit in six months" in desk.card.often.text()
    assert not desk.card.here.isVisible(), "a call is not being here"


def test_of_two_with_one_name_none_is_taken_without_being_chosen(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    type_in(desk.finder.field, "zoe tw")
    press(window, Qt.Key.Key_Return)
    settled()
    assert not here(desk, pantry)
    assert "2 people have this name" in desk.finder.said.text()
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Down)
    chosen = desk.finder.current()
    press(window, Qt.Key.Key_Return)
    settled()
    (arrival,) = here(desk, pantry)
    assert arrival.contact.person_id == chosen.person_id
    assert arrival.reference == chosen.reference


@pytest.mark.parametrize("landed", [True, False], ids=["once it is saved", "while it is being saved"])
def test_somebody_here_already_is_said_so_and_written_again_only_on_purpose(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled, landed: bool
) -> None:
    type_in(desk.finder.field, "chidi okafora")
    press(window, Qt.Key.Key_Return)
    if landed:
        settled()
    type_in(desk.finder.field, "chidi okafora")
    assert "Already here" in desk.card.here.text()
    press(window, Qt.Key.Key_Return)
    settled()
    assert len(here(desk, pantry)) == 1
    assert "Press Enter once more" in desk.said.text()
    assert desk.finder.field.selectedText() == desk.finder.field.text() != ""
    press(window, Qt.Key.Key_Return)
    settled()
    assert len(here(desk, pantry)) == 2


def test_another_of_the_same_household_is_said_so(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    first = next(each for each in people.page(pantry.read, limit=100) if each.given_name == "Emre")
    with pantry.change("A partner") as change:
        people.add(change, given_name="Quilla", family_name="Kaya", household_id=first.household_id)
    type_in(desk.finder.field, first.reference)
    press(window, Qt.Key.Key_Return)
    settled()
    type_in(desk.finder.field, "quilla")
    assert "Same household" in desk.card.here.text()
    assert first.label in desk.card.here.text()


def test_every_line_has_a_way_back_and_it_can_be_undone_too(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    for name in ("dilys evansa", "emre kayaa"):
        type_in(desk.finder.field, name)
        press(window, Qt.Key.Key_Return)
        settled()
    type_in(desk.finder.field, "fatou diopa")
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Z, CONTROL)
    settled()
    assert [each.name for each in here(desk, pantry)] == ["Emre Kayaa", "Dilys Evansa"], "the one being saved"
    desk.written.table.setFocus()
    desk.written.table.selectRow(1)
    press(window, Qt.Key.Key_Delete)
    settled()
    assert [each.name for each in here(desk, pantry)] == ["Emre Kayaa"]
    assert desk.finder.field.hasFocus()
    window.undo()
    settled()
    assert len(here(desk, pantry)) == 2
    assert here(desk, pantry)[1].contact.given == (PARCEL,)
    type_in(desk.finder.field, "hanna nowaka")
    press(window, Qt.Key.Key_Return)
    settled()
    press(window, Qt.Key.Key_Z, CONTROL)
    settled()
    assert len(here(desk, pantry)) == 2
    assert "Hanna" not in desk.said.text() or not desk.said.isVisible(), "it is not written down any more"


def test_the_line_that_is_marked_stays_marked_while_another_lands(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    for name in ("dilys evansa", "emre kayaa"):
        type_in(desk.finder.field, name)
        press(window, Qt.Key.Key_Return)
        settled()
    desk.written.table.selectRow(1)
    type_in(desk.finder.field, "fatou diopa")
    press(window, Qt.Key.Key_Return)
    settled()
    desk.written.undo.click()
    settled()
    assert [each.name for each in here(desk, pantry)] == ["Fatou Diopa", "Emre Kayaa"]


def test_a_new_household_is_in_after_a_line_of_keys_and_goes_again_whole(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    keys = Keys(window)
    type_in(desk.finder.field, "Yara Haddad")
    press(window, Qt.Key.Key_Return)
    new = desk.newcomer
    assert new.isVisible()
    for field, text in ((new.adults, "2"), (new.young, "3"), (new.postcode, "nw5 2bb"), (new.diet, "vegan")):
        type_in(field, text)
        press(window, Qt.Key.Key_Return)
    type_in(new.allergies, "eggs")
    press(window, Qt.Key.Key_Return)
    settled()
    # A slow typist presses two keys in a second.
    assert 30 < keys.pressed < 60
    (arrival,) = here(desk, pantry)
    person = people.get(pantry.read, arrival.contact.person_id or 0)
    assert (person.given_name, person.family_name, person.postcode) == ("Yara", "Haddad", "NW5 2BB")
    home = households.of(pantry.read, person.id)
    assert home is not None
    assert (home.adults, home.children, home.diet, home.allergies) == (2, 3, "vegan", "eggs")
    assert (arrival.contact.adults, arrival.contact.children) == (2, 3)
    assert desk.finder.field.hasFocus()
    press(window, Qt.Key.Key_Z, CONTROL)
    settled()
    assert not here(desk, pantry)
    assert not arrivals.known(pantry.read, "Yara")
    assert not households.found(pantry.read, "NW5 2BB")


def test_somebody_nameless_is_let_in_and_a_postcode_that_is_none_is_refused_where_it_is_typed(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    press(window, Qt.Key.Key_Return)
    desk.newcomer.postcode.setText("somewhere")
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert not here(desk, pantry)
    assert window.pages["sessions"].notice.isVisible()
    assert desk.newcomer.postcode.text() == "somewhere"
    desk.newcomer.postcode.clear()
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    (arrival,) = here(desk, pantry)
    assert arrival.name == arrival.reference
    assert arrival.contact.household_id is None


def test_a_note_another_number_and_one_thing_more_belong_to_one_visit_only(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    type_in(desk.finder.field, "goran ilica")
    press(window, Qt.Key.Key_Tab)
    type_in(desk.form.adults, "5")
    press(window, Qt.Key.Key_Escape)
    assert desk.finder.field.hasFocus()
    desk.form.also.choose("nappies")
    desk.form.usual.setChecked(False)
    desk.form.note.setFocus()
    type_in(desk.form.note, "took two bags")
    press(window, Qt.Key.Key_Return)
    settled()
    (arrival,) = here(desk, pantry)
    assert (arrival.contact.adults, arrival.contact.note) == (5, "took two bags")
    assert arrival.contact.given == (Given("nappies", 1, "item"),)
    type_in(desk.finder.field, "hanna nowaka")
    press(window, Qt.Key.Key_Return)
    settled()
    assert here(desk, pantry)[0].contact.given == (PARCEL,)
    assert here(desk, pantry)[0].contact.note is None


def test_heads_are_counted_in_two_fields_and_a_thing_noticed_is_one_line(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    desk.all_adults.setFocus(Qt.FocusReason.TabFocusReason)
    type_in(desk.all_adults, "31")
    press(window, Qt.Key.Key_Tab)
    type_in(desk.all_children, "12")
    press(window, Qt.Key.Key_Return)
    desk.noticed.setFocus()
    type_in(desk.noticed, "More people ask about heating")
    press(window, Qt.Key.Key_Return)
    assert desk.noticed.text() == ""
    settled()
    assert desk.session is not None
    session = sessions.get(pantry.read, desk.session.id)
    assert (session.adults, session.children) == (31, 12)
    (seen,) = observations.page(pantry.read)
    assert (seen.words, seen.session_id, seen.place) == ("More people ask about heating", session.id, session.venue)


def test_the_desk_is_as_it_was_after_locking(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    type_in(desk.finder.field, "hanna nowaka")
    desk.form.note.setText("half a no")
    desk.noticed.setText("half a thou")
    window.lock()
    settled()
    again = Workspace.open_raw(pantry.folder, KEY, "Ann")
    window.opened(again)
    back = window.pages["sessions"].front_desk
    assert back.isVisible()
    assert back.finder.field.text() == "hanna nowaka"
    assert back.form.note.text() == "half a no"
    assert back.noticed.text() == "half a thou"
    back.finder.setFocus()
    press(window, Qt.Key.Key_Return)
    settled()
    (arrival,) = here(back, again)
    assert (arrival.name, arrival.contact.note) == ("Hanna Nowaka", "half a no")


def test_the_session_of_a_day_and_place_is_one_and_the_usual_things_are_remembered(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    page = window.pages["sessions"]
    desk.again.emit()
    page.begin_form.rows[1].put("nappies", 2, 0, 3)
    page.begin_form.venue.setText("  st mary's   HALL")
    press(window, Qt.Key.Key_Return, CONTROL)
    settled()
    assert len(sessions.page(pantry.read)) == 1
    assert usual_items(pantry.read) == (PARCEL, Given("nappies", 2, "item"))
    type_in(page.front_desk.finder.field, "hanna nowaka")
    press(window, Qt.Key.Key_Return)
    settled()
    assert here(page.front_desk, pantry)[0].contact.given == (PARCEL, Given("nappies", 2, "item"))


def test_names_of_any_length_and_script_leave_the_desk_whole(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    with pantry.change("Odd names") as change:
        people.add(change, given_name="<b>W" + "x" * 190, family_name="Overlong")
        people.add(change, given_name="أحمد", family_name="العلي")
    type_in(desk.finder.field, "overlong")
    assert window.width() <= 1280
    assert desk.card.name.text().startswith("<b>Wx")
    press(window, Qt.Key.Key_Return)
    QTest.keyClicks(desk.finder.field, "")
    desk.finder.field.setText("احمد")
    press(window, Qt.Key.Key_Return)
    settled()
    assert len(here(desk, pantry)) == 2
    assert window.width() <= 1280


def test_the_list_says_how_many_came_by_name_where_nobody_counted_heads(
    window: Window, desk: DeskView, pantry: Workspace, settled: Settled
) -> None:
    for name in ("dilys evansa", "emre kayaa"):
        type_in(desk.finder.field, name)
        press(window, Qt.Key.Key_Return)
    settled()
    desk.left.emit()
    rows = window.pages["sessions"].rows
    assert [rows.index(0, at).data() for at in range(1, 4)] == ["St Mary's Hall", "", "2"]
