"""What the documents tell somebody to do without us works as it is written there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace

from .conftest import KEY

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_a_backup_opens_with_the_lines_in_its_document_and_nothing_of_ours(tmp_path: Path) -> None:
    recovery, identity = keys.recovery_slot(KEY)
    with Workspace.open_raw(tmp_path / "group", KEY, "Ann") as workspace:
        keys.write_keys(workspace.folder, keys.sealed_list((recovery,), KEY))
        with workspace.change("Added people") as change:
            change.insert("people", reference="P-0001", given_name="Zehra", family_name="Aydın")
            gone = change.insert("people", reference="P-0002", given_name="Yusuf")
            change.update("people", gone, gone=1)
        backup = workspace.back_up(tmp_path / "my.cis-backup")
    (script,) = re.findall(r"```python\n(.*?)```", (DOCS / "formats" / "backup.md").read_text("utf-8"), re.DOTALL)
    assert "cis_desktop" not in script
    grouped = " ".join(identity[i : i + 5] for i in range(0, len(identity), 5)).lower()
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-I", "-c", script, str(backup), grouped, str(tmp_path)],
        capture_output=True, text=True, encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == "P-0001 Zehra Aydın\n"


@pytest.mark.parametrize("page", ["security.md", "formats/keys.md", "formats/backup.md", "formats/history.md"])
def test_what_a_page_points_at_is_there(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    links += [f"../tests/core/vault/{name}" for name in re.findall(r"`(test_\w+\.py)`", text)]
    for link in links:
        assert ((DOCS / page).parent / link.split("#")[0]).exists() or (DOCS / link).exists(), link


def test_every_decision_has_its_four_parts_and_fits_a_page() -> None:
    pages = sorted((DOCS / "decisions").glob("000[1-7]-*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, 8)]
    for page in pages:
        text = page.read_text("utf-8")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "Alternatives"]
        assert len(text.splitlines()) < 60
