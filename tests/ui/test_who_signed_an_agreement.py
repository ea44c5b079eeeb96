"""An agreement that is not signed as before is refused in the window, until somebody says that it is theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cis_desktop.agreements import agreements
from cis_desktop.workspace import Workspace
from tests.core.agreements.test_store import COUNCIL, SOMEBODY, signed
from tests.ui.reporting import opened
from ui.window import Window


def test_another_key_is_asked_about_before_what_a_council_asks_for_is_added(
    window: Window, group: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    page = opened(window, group)
    choose = page.guide.choose
    choose.add_file(signed(tmp_path, "one", COUNCIL))
    settled()
    assert not choose.theirs.isVisible()
    choose.add_file(signed(tmp_path, "two", SOMEBODY, agreement_version=2))
    settled()
    assert choose.theirs.isVisible()
    assert "Camden Council" in choose.notice.sentence.text()
    choose.theirs.click()
    settled()
    assert not choose.theirs.isVisible()
    held = [each.agreement for each in agreements(group.read) if each.agreement.key == "camden"]
    assert [each.version for each in held] == [2, 1]
    assert choose.which.key() == "camden@2"
