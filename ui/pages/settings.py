"""Settings: the group's name, how the window looks here, backups, laptops, and what the app is made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.preferences import IDLE_CHOICES, Preferences
from ui.widgets.fields import Choice, FolderField, Form, line
from ui.widgets.files_outside import FilesOutside
from ui.widgets.looks import Looks
from ui.widgets.own_lists import OwnLists
from ui.widgets.page import Middle, Page, bring_up, column, scrolled
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.history import Change

PAUSE = 800
"""Milliseconds without a key before what was typed is saved."""
_TAB = Qt.FocusPolicy.TabFocus


class SettingsPage(Page):
    """Each choice takes effect at once, each field saves by itself."""

    shows = frozenset({"settings", "code_lists", "codes"})

    def __init__(
        self, desk: Desk, preferences: Preferences, dress: Callable[[], None], wait: Callable[[], None]
    ) -> None:
        super().__init__(desk)
        self._preferences, self._wait = preferences, wait
        self._pause = QTimer(self, interval=PAUSE, singleShot=True)
        self._pause.timeout.connect(self.store)
        inside, middle = QWidget(), Middle(240)
        across = QHBoxLayout(inside)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(middle, 100)
        across.addStretch(1)
        lines = column(middle)
        lines.addWidget(heading(self.tr("Settings")))
        self.ways = row()
        lines.addLayout(self.ways)
        lines.addWidget(self.notice)
        self.area = scrolled(inside)
        group = self._section(lines, self.tr("Your group"))
        form = Form()
        self.name = line(120)
        self.name.textEdited.connect(lambda: self._pause.start())
        self.name.editingFinished.connect(self.store)
        form.field(self.tr("The &name of your group"), self.name, self.tr("It is on every report you make."))
        group.addLayout(form)
        self._section(lines, self.tr("On this computer")).addLayout(self._here(dress))
        self.lists = OwnLists(desk, self.trouble)
        self._section(lines, self.tr("Your own lists")).addWidget(self.lists)
        backups = self._section(lines, self.tr("Backups"))
        backups.addLayout(self._backups())
        self.backups = backups.parentWidget()
        self.outside = FilesOutside(desk, self.trouble)
        self._section(lines, self.tr("Files outside the record")).addWidget(self.outside)
        opening = self._section(lines, self.tr("Who can open it, and where it is"))
        self.where = plain()
        opening.addWidget(self.where)
        to_it = []
        for text, place, what in (
            (self.tr("&Who can open it"), "opening", None),
            (self.tr("Is &your record safe?"), "health", None),
            (self.tr("Make a &recovery kit"), "home", ("kit", "settings")),
        ):
            pressed = button(text)
            pressed.clicked.connect(lambda _=False, place=place, what=what: desk.go.emit(place, what))
            to_it.append(pressed)
        opening.addLayout(row(*to_it))
        laptops = self._section(lines, self.tr("Laptops"))
        laptops.addWidget(plain(self.tr("Several laptops can share this record by a stick or a folder.")))
        to_them = button(self.tr("See the laptops"), name=self.tr("See the laptops that share this record"))
        to_them.clicked.connect(lambda: desk.go.emit("sharing", None))
        laptops.addLayout(row(to_them))
        people = self._section(lines, self.tr("Volunteers and concerns"))
        people.addWidget(plain(self.tr("PINs for the desk, what to do when somebody leaves, and who reads concerns.")))
        ways = []
        for text, place, what in (
            (self.tr("Volunteers at the desk"), "volunteers", None),
            (self.tr("When somebody leaves"), "volunteers", ("leaving", None)),
            (self.tr("Safeguarding concerns"), "concerns", ("who", None)),
        ):
            way = button(text)
            way.clicked.connect(lambda _=False, place=place, what=what: desk.go.emit(place, what))
            ways.append(way)
        people.addLayout(row(*ways))
        self._section(lines, self.tr("About Community Insights")).addWidget(plain(self._about()))
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)
        desk.kept_safe.connect(self.reload)
        self.saved = {"name": "", "second": ""}
        self.reload()

    def open(self, what: object) -> None:
        """Lead to the second place for backups: ("second", None)."""
        assert what == ("second", None)
        self._go_to(self.backups)
        self.second.path.setFocus()

    def _section(self, lines: QVBoxLayout, title: str) -> QVBoxLayout:
        """Add a part with its heading, and at the top of the page a way to it."""
        card = Card(title)
        lines.addWidget(card)
        way = button(title, name=self.tr("Go to: %1").replace("%1", title))
        way.clicked.connect(lambda: self._go_to(card))
        self.ways.addWidget(way)
        return card.lines

    def _go_to(self, card: QWidget) -> None:
        bring_up(self.area, card)
        first = next((each for each in card.findChildren(QWidget) if each.focusPolicy() & _TAB), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _here(self, dress: Callable[[], None]) -> Form:
        form = Form()
        self.looks = Looks(self._preferences, dress)
        self.looks.setParent(self)
        self.looks.hide()
        self.scheme, self.text_size = self.looks.scheme, self.looks.text_size
        form.field(self.tr("&Colours"), self.scheme)
        form.field(self.tr("&Text size"), self.text_size)
        form.field(self.tr("&Language"), self.looks.language, self.tr("The only one so far."))
        minutes = self.tr("After %1 minutes without use")
        self.idle = Choice([(str(each), minutes.replace("%1", str(each))) for each in IDLE_CHOICES])
        self.idle.choose(str(self._preferences.idle))
        self.idle.currentIndexChanged.connect(self._other_wait)
        form.field(self.tr("Loc&k the record by itself"), self.idle)
        self.hints = QCheckBox(self.tr("Show hints the first time a place is seen"))
        self.hints.setChecked(self._preferences.hints)
        self.hints.toggled.connect(lambda wanted: setattr(self._preferences, "hints", wanted))
        form.addWidget(self.hints)
        return form

    def _backups(self) -> Form:
        form = Form()
        form.addWidget(
            plain(
                self.tr(
                    "The app backs up by itself once a day when it is used: into the folder “backups” of the record, "
                    "and into a second place if you choose one. It keeps seven days, four weeks and twelve months."
                )
            )
        )
        form.addSpacing(6)
        self.second = FolderField()
        self.second.path.textChanged.connect(lambda: self._pause.start())
        self.second.path.editingFinished.connect(self.store)
        form.field(
            self.tr("A &second place"),
            self.second,
            self.tr("A stick, or a folder on another disk. It may be one that a cloud service copies."),
        )
        self.second.named(self.tr("A second place for backups"))
        self.second_words = plain(quiet=True)
        form.addWidget(self.second_words)
        now = button(self.tr("Back &up now"))
        now.clicked.connect(self.desk.back_up)
        form.addLayout(row(now))
        return form

    def _about(self) -> str:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("cis-desktop")
        except PackageNotFoundError:
            number = "0.1.0"
        return "\n".join(
            [
                self.tr("Version %1. Free to use, change and pass on (MIT licence).").replace("%1", number),
                self.tr("It never goes online, and nobody but you sees what you write."),
                self.tr("It is built on the work of others, among them:"),
                "Qt and PySide6 (LGPL-3.0)",
                "SQLCipher (BSD-3-Clause), SQLite (public domain), OpenSSL and cryptography (Apache-2.0)",
                "Python (PSF-2.0), age by way of pyrage, HiGHS, openpyxl, zxcvbn (MIT)",
                "numpy, pandas, pypdf, ReportLab (BSD)",
                self.tr("Words of suggested passphrases: Electronic Frontier Foundation (CC BY 3.0 US)"),
                self.tr("Letters: Atkinson Hyperlegible, Braille Institute (SIL OFL); DejaVu Sans"),
            ]
        )

    # --- what is shown and saved ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the settings again; a field that is being changed is left alone."""
        from cis_desktop.backups import second_place

        connection = self.desk.workspace.read
        now = {"name": self.desk.workspace.name, "second": str(second_place(connection) or "")}
        for field, key in ((self.name, "name"), (self.second.path, "second")):
            if field.text().strip() == self.saved[key]:
                field.blockSignals(True)
                field.setText(now[key])
                field.blockSignals(False)
        self.saved = now
        self._say_second()
        self.where.setText(self._where())
        self.lists.reload()

    def store(self) -> None:
        """Save what differs from what is saved."""
        self._pause.stop()
        name, second = self.name.text().strip(), self.second.path.text().strip()
        if name and name != self.saved["name"]:
            self.saved["name"] = name

            def rename(change: Change) -> None:
                from cis_desktop.workspace import set_setting

                set_setting(change, "workspace_name", name)

            self.desk.write(self, self.tr("Changed the group’s name"), rename, self._stored, self.trouble)
        if second != self.saved["second"]:
            self.saved["second"] = second

            def choose(change: Change) -> None:
                from cis_desktop.backups import SECOND_PLACE
                from cis_desktop.local_notes import note

                note(change.connection, SECOND_PLACE, second)

            self.desk.write(self, self.tr("Chose the second place"), choose, self._chose, self.trouble)

    def _stored(self, _: object) -> None:
        self.notice.clear()

    def _chose(self, _: object) -> None:
        self._say_second()
        self.desk.kept_safe.emit()

    def _say_second(self) -> None:
        second = self.saved["second"]
        if not second:
            said = self.tr("None chosen. A backup on the same laptop does not help when the laptop is gone.")
        elif Path(second).is_dir():
            said = self.tr("It is there: the next backup is copied to it.")
        else:
            said = self.tr("It is not there now. The next backup is copied to it once it is.")
        self.second_words.setText(said)

    def _where(self) -> str:
        workspace = self.desk.workspace
        said = [
            self.tr("Folder: %1").replace("%1", str(workspace.folder)),
            self.tr("Changes are written under the name %1.").replace("%1", workspace.who),
        ]
        rows = workspace.read.execute(
            "select d.name, d.id = w.device, (select max(c.at) from change_sets c where c.device = d.id)"
            " from devices d, writing w order by d.id"
        ).fetchall()
        for name, here, last in rows:
            text = self.tr("Laptop: %1 (this one), last change %2") if here else self.tr("Laptop: %1, last change %2")
            said.append(text.replace("%1", name).replace("%2", words.day(last) if last else self.tr("none")))
        return "\n".join(said)

    def _other_wait(self) -> None:
        self._preferences.idle = int(self.idle.key() or self._preferences.idle)
        self._wait()

    # --- drafts ---------------------------------------------------------------------------------------------

    def drafts(self) -> dict[str, Any]:
        """Give what was typed and is not saved yet."""
        typed = {"name": self.name.text(), "second": self.second.path.text()}
        return {key: text for key, text in typed.items() if text.strip() != self.saved[key]} | self.lists.draft()

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put back what was typed."""
        self.name.setText(drafts.get("name", self.name.text()))
        self.second.path.setText(drafts.get("second", self.second.path.text()))
        self.lists.restore(drafts)
