"""The example in the documentation runs as it stands, and uses nothing but the library."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from cis_desktop.disclosure.profiles import PROFILES, SOURCES

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "disclosure.md").read_text(encoding="utf-8")


def test_the_example_protects_its_table_and_loads_no_other_room() -> None:
    found = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert found
    loaded = "import sys; print({name.split('.')[1] for name in sys.modules if name.startswith('cis_desktop.')})"
    run = subprocess.run([sys.executable, "-c", found[1] + loaded], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() in ("{'disclosure', 'errors'}", "{'errors', 'disclosure'}")


def test_every_rule_is_listed_and_has_its_source() -> None:
    for profile in PROFILES:
        assert f"`{profile}`" in TEXT
        assert SOURCES[profile]
