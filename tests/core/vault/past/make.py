"""Make the stored vault of one past version, with the code of that time: `PYTHONPATH=CHECKOUT python make.py INTO`.

Run it in a checkout of the last commit whose newest migration has that number, before the next one is added. INTO gets
`vN.sqlite.xz` (what is in the vault, without its encryption, which nothing could make smaller), `vN.keys.json` (its
slots) and `vN.json` (its key, and what must be found in it). All of it is invented.
"""

from __future__ import annotations

import json
import lzma
import sys
import tempfile
from pathlib import Path

import sqlcipher3

from cis_desktop.vault.tables import read_tables
from cis_desktop.workspace import Workspace

WORDS = "correct horse battery staple"


def fill(workspace: Workspace) -> None:
    """Do once what a record goes through: adding, mending, importing, undoing, erasing."""
    with workspace.change("Added a person") as change:
        person = change.insert("people", reference=change.next_reference("P"), given_name="Zehra", note="came early")
        change.insert("contacts", person_id=person, on_date="2018-01-02", note="for the first time")
    with workspace.change("Corrected a name") as change:
        change.update("people", person, given_name="Zeynep")
    for words in ("Imported list.csv", "Imported list.csv again"):
        with workspace.change(words) as change:
            references = change.next_references("P", 12)
            people = change.insert_many("people", ("reference", "given_name"), [(r, f"Name {r}") for r in references])
            change.insert_many("contacts", ("person_id", "on_date"), [(p, "2018-03-01") for p in people])
    workspace.undo(next(one.id for one in workspace.change_sets() if one.words.endswith("again")))
    workspace.erase("Erased somebody", [("people", person + 1)])
    with workspace.change("Noticed something") as change:
        change.insert("observations", reference="N-1", words="Meters run out on Fridays", noticed_on="2018-03-04")


def main(into: Path) -> None:
    """Make one, of the version that this code makes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "group"
        with Workspace.create(folder, "Larder", "Ann", WORDS, Path(name) / "kit.txt", passes=1) as workspace:
            key = workspace.vault.key
            fill(workspace)
            assert workspace.problems() == []
            (version,) = workspace.read.execute("pragma user_version").fetchone()
            found = {
                "key": key.hex(),
                "kit": (Path(name) / "kit.txt").read_text(encoding="utf-8"),
                "device": workspace.device,
                "sets": [[one.words, one.rows] for one in workspace.change_sets()],
                "rows": {
                    name: workspace.read.execute(f"select count(*), sum(gone) from {name}").fetchone()
                    for name in sorted(read_tables(workspace.read))
                },
                "people": workspace.read.execute(
                    "select id, reference, given_name, note from people where gone = 0 order by id"
                ).fetchall(),
            }  # fmt: skip
        plain = Path(name) / "plain.sqlite"
        connection = sqlcipher3.connect(str(folder / "vault.db"), isolation_level=None)
        connection.execute(f"pragma key = \"x'{key.hex()}'\"")
        connection.execute("attach database ? as plain key ''", (str(plain),))
        connection.execute("select sqlcipher_export('plain')")
        connection.execute(f"pragma plain.user_version = {version}")
        connection.close()
        (into / f"v{version}.sqlite.xz").write_bytes(lzma.compress(plain.read_bytes(), preset=9))
        (into / f"v{version}.keys.json").write_bytes((folder / "vault.keys").read_bytes())
        (into / f"v{version}.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
