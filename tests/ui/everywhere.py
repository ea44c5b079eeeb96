"""Every place of the window, and the cards and steps in it, as a test gets there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtTest import QTest

from cis_desktop.records import households, observations, people
from cis_desktop.records.cases import open_case
from cis_desktop.workspace import Workspace
from tests.ui.apart import written_apart
from tests.ui.safeguarding import saved_concern, with_reader, with_volunteers
from ui.window import Window

Show = Callable[[Window, Workspace], None]
STEPS = ("choose", "figures", "reasons", "observing", "leaving", "signing", "send")
"""The steps of a report."""


def at(place: str, what: object = None) -> Show:
    """Give what shows a place."""
    return lambda window, _: window.go(place, what)


def with_person(act: str) -> Show:
    """Give what begins something with the newest person."""
    return lambda window, group: window.go("people", (act, people.page(group.read)[0].id))


def in_case(window: Window, group: Workspace) -> None:
    """Show a case."""
    with group.change("Opened a case") as change:
        case = open_case(change, "debt", person_id=people.page(group.read)[0].id)
    window.go("people")
    window.pages["people"].show_case(case)


def themed(window: Window, group: Workspace) -> None:
    """Show something noticed with a theme on it, and another chosen."""
    with group.change("Put a theme on") as change:
        seen = observations.page(group.read)[0].id
        theme_id = observations.codebook(group.read)[0].id
        observations.apply_theme(change, seen, theme_id, (0, 4))
        observations.edit(change, seen, noticed_on=date.today())
    window.go("noticed", ("show", seen))
    window.pages["noticed"].themes.choose(theme_id)


def on_the_board(window: Window, group: Workspace) -> None:
    """Show the board, and what one of its numbers counts."""
    themed(window, group)
    window.go("noticed", ("themes", None))
    board = window.pages["noticed"].board
    until(lambda: not window.jobs.busy() and board.table.isVisible())
    board.table.setCurrentIndex(board.table.rows.index(0, 1))
    board.ask()
    until(lambda: not window.jobs.busy() and board.behind_table.isVisible())


def with_post(window: Window, group: Workspace) -> None:
    """Show what a council sent: figures by ward, and a letter."""
    folder = group.folder / "post"
    folder.mkdir(exist_ok=True)
    (folder / "homes.csv").write_text(
        "area_code,area_name,indicator,period,measure,unit,value\n"
        "E05015239,Altrincham,Cold homes,2025,Count,Homes,120\n"
        "E05015240,Ashton upon Mersey,Cold homes,2025,Count,Homes,[c]\n"
    )
    (folder / "letter.txt").write_text("What we decided\nAn adviser comes every Tuesday.\n")
    window.go("post")
    page = window.pages["post"]
    if not page.rows.rowCount():
        page.look_at(sorted(folder.iterdir()))
        until(lambda: not window.jobs.busy() and page.checking.isVisible())
        page.checking.accept.click()
    until(lambda: not window.jobs.busy() and page.reader.isVisible())


def with_files(window: Window, group: Workspace) -> None:
    """Show what a council sent before it comes in: the example of it."""
    window.go("post")
    page = window.pages["post"]
    page.look_at(())
    until(lambda: not window.jobs.busy() and page.checking.isVisible())


def at_session(way: str, then: Callable[[Any], object]) -> Show:
    """Give what opens the desk or the paper and goes on from there."""

    def show(window: Window, group: Workspace) -> None:
        window.go("sessions", (way, None))
        page = window.pages["sessions"]
        page.begin_form.start.click()
        part = page.front_desk if way == "desk" else page.paper
        until(lambda: not window.jobs.busy() and part.isVisible())
        then(part)
        until(lambda: not window.jobs.busy())

    return show


def arrive(part: Any) -> None:
    """Let somebody with much to see arrive, and show them once more."""
    workspace = part.desk.workspace
    who = people.page(workspace.read)[0]
    with workspace.change("Made a household") as change:
        home = households.add(
            change, label="Khan", adults=2, children=3, diet="Halal", allergies="Peanuts", delivery="Ring twice",
            collectors="Her sister", cooking="One ring only", note="Knock loudly",
        )  # fmt: skip
        people.edit(change, who.id, household_id=home)
    for _ in range(2):
        part.finder.field.setText(who.reference)
        part.finder.field.entered.emit()
        until(lambda: not part.desk.jobs.busy())
    part.said.show()


def arrive_once(window: Window, group: Workspace) -> None:
    """Give somebody a household and a visit at a session."""
    at_session("desk", arrive)(window, group)


def paste(part: Any) -> None:
    """Paste lines that are known, new and namesakes."""
    part.paste.emit()
    form = part.parent().parent().paste_form
    form.text.setPlainText("Amina Khan, 2, 1, late\nSomebody New\nJosé García")
    form.read.click()
    until(lambda: not part.desk.jobs.busy() and form.table.isVisible())


def twice(window: Window, group: Workspace) -> None:
    """Write somebody down a second time, and ask whether the two are the same."""
    with group.change("Added a person") as change:
        known = people.page(group.read)[0]
        people.add(change, given_name=known.given_name, family_name=known.family_name, birth_year=known.birth_year)
    window.go("people", ("same", None))
    until(lambda: not window.jobs.busy() and window.pages["people"].same_part.table.isVisible())


def with_invitation(told: bool) -> Show:
    """Give what begins an invitation, or writes it and shows its words."""

    def show(window: Window, group: Workspace) -> None:
        window.go("sharing")
        page = window.pages["sharing"]
        until(lambda: not window.jobs.busy() and page.known is not None)
        page.invite()
        if told:
            page.inviting.name.setText("Front desk")
            before = len([*group.folder.glob("*.cis-invite")])
            page.inviting.out.path.setText(str(group.folder / f"{before}.cis-invite"))
            page.inviting.write()
            until(lambda: not window.jobs.busy() and page.inviting.told.isVisible())

    return show


def with_laptops(window: Window, group: Workspace) -> None:
    """Show the laptops, one invited, with a name being given, a removal to undo, and emails to be written."""
    with_invitation(True)(window, group)
    page = window.pages["sharing"]
    page.inviting.leave()
    until(lambda: not window.jobs.busy() and page.laptops.isVisible())
    page.laptops.begin_naming()
    page.laptops.show_gone("", "Front desk")
    page.mail.begin()


PLACES: dict[str, Show] = {
    "home": at("home"),
    "people": at("people"),
    "person": with_person("show"),
    "new person": at("people", ("new", None)),
    "visit": with_person("visit"),
    "new case": with_person("case"),
    "case": in_case,
    "sessions": at("sessions"),
    "beginning": at("sessions", ("desk", None)),
    "desk": at_session("desk", arrive),
    "newcomer": at_session("desk", lambda part: part.somebody_new("Yara")),
    "namesakes": at_session("desk", lambda part: part.finder.field.setText("a")),
    "paper": at_session("paper", arrive),
    "pasted": at_session("paper", paste),
    "household": lambda window, group: (arrive_once(window, group), with_person("household")(window, group)),
    "no household": lambda window, group: window.go("people", ("household", people.page(group.read)[-1].id)),
    "households": at("people", ("households", None)),
    "same person": lambda window, group: twice(window, group),
    "noticed": at("noticed"),
    "themes on it": lambda window, group: themed(window, group),
    "a theme": lambda window, group: (themed(window, group), window.pages["noticed"].form.codebook.correct.click()),
    "themes over time": lambda window, group: on_the_board(window, group),
    "intake": at("intake"),
    "reports": at("reports"),
    "sent": at("reports", ("sent", None)),
    "post": at("post"),
    "briefing": with_post,
    "before it comes in": with_files,
    "no reader of concerns": at("concerns", ("new", "")),
    "a concern": with_reader("new"),
    "a concern saved": saved_concern,
    "concerns": with_reader("read"),
    "who reads concerns": with_reader("who"),
    "nobody has a pin": at("volunteers", ("nobody", None)),
    "volunteers": with_volunteers,
    "history": at("history"),
    "written differently": lambda window, group: differing(window, group),
    "health": at("health"),
    "opening": at("opening"),
    "letting somebody in": lambda window, _: (window.go("opening"), window.pages["opening"].begin_adding()),
    "another passphrase": lambda window, _: (window.go("opening"), window.pages["opening"].begin_changing()),
    "another lock": lambda window, _: (window.go("opening"), window.pages["opening"].begin_locking()),
    "no other laptop": at("sharing"),
    "an invitation": with_invitation(False),
    "six words": with_invitation(True),
    "laptops": with_laptops,
    "settings": at("settings"),
    "help": at("help"),
    "who makes the reports": lambda window, group: elsewhere(window, group),
    "a wish tried": lambda window, _: wished(window, keep=False),
    "a wish kept": lambda window, _: wished(window, keep=True),
    "another way of giving figures": lambda window, _: given_otherwise(window),
    **{f"report: {step}": (lambda window, _, step=step: report(window, step)) for step in STEPS},
}


def differing(window: Window, group: Workspace) -> None:
    """Show a text that two laptops wrote differently."""
    written_apart(group, group.folder / "other laptop")
    window.go("differing")
    page = window.pages["differing"]
    until(lambda: not window.jobs.busy() and len(page.choices) == 3)


def report(window: Window, step: str) -> None:
    """Show a step of the report of the spring; the last one is that of a report that was made."""
    window.go("reports", ("make", None))
    guide = window.pages["reports"].guide
    until(lambda: not window.jobs.busy())
    if guide.choose.terms.isVisibleTo(guide.choose):
        guide.choose.accept_button.click()
        until(lambda: not window.jobs.busy())
    guide.choose.choose("food-support-quarterly-return@1", "2026-Q2")
    guide.choose.make_example()
    guide.signing.out.path.setText(str(window.desk.workspace.folder / "reports"))
    guide.go("signing" if step == "send" else step)
    until(lambda: not window.jobs.busy() and guide.step == ("signing" if step == "send" else step))
    if step == "figures":
        guide.figures.list.selectRow(0)
        guide.figures.table.selectRow(0)
        guide.figures.ask_behind()
    elif step == "reasons":
        guide.reasons.deep.setChecked(True)
    elif step == "send":
        guide.signing.replaces.setChecked(True)
        guide.signing.release()
    until(lambda: not window.jobs.busy() and guide.step == step)


def elsewhere(window: Window, group: Workspace) -> None:
    """Show, beside an agreement that was just accepted, that another laptop makes the reports."""
    window.go("reports")
    choose = window.pages["reports"].guide.choose
    choose.choose("small-group-return@1", "2026-Q2")
    if choose.terms.isVisibleTo(choose):
        choose.accept()
        until(lambda: not window.jobs.busy())
    for each in (choose.role, choose.role.ask, choose.role.lost):
        each.show()


def wished(window: Window, keep: bool) -> None:
    """Show what would change if a figure were hidden, or that it is."""
    report(window, "figures")
    figures = window.pages["reports"].guide.figures
    chosen = (
        (table, row)
        for table in range(figures.list.rows.rowCount())
        for row in range(len(figures.list.rows.record(table).figures))
    )
    while not figures.instead.isVisible():
        table, row = next(chosen)
        figures.list.selectRow(table)
        figures.table.selectRow(row)
    figures.instead.click()
    until(lambda: not window.jobs.busy() and figures.wish.isVisible())
    if keep:
        figures.wish.keep.click()
        until(lambda: not window.jobs.busy() and figures.wish.forget.isVisible())


def given_otherwise(window: Window) -> None:
    """Show figures in broader groups than agreed, and the ways to choose from."""
    report(window, "figures")
    guide = window.pages["reports"].guide
    guide.coarser = (("age_band", 2),)
    guide.count()
    until(lambda: not window.jobs.busy())
    guide.figures.redesign.search()
    until(lambda: not window.jobs.busy() and guide.figures.redesign.table.isVisible())


def until(met: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(3000):
        if met():
            return
        QTest.qWait(10)
    raise AssertionError("it never came to be")
