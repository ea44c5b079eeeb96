"""The stored vaults of past versions, each put on the disk as the code of its time left it."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import sqlcipher3

FOLDER = Path(__file__).parent
VERSIONS = sorted(int(path.name[1:].split(".")[0]) for path in FOLDER.glob("v*.sqlite.xz"))


def stored(version: int, folder: Path) -> dict[str, Any]:
    """Make a workspace folder of a past version, encrypted under its own key; give what must be found in it."""
    facts: dict[str, Any] = json.loads((FOLDER / f"v{version}.json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True)
    plain = folder / "plain.sqlite"
    plain.write_bytes(lzma.decompress((FOLDER / f"v{version}.sqlite.xz").read_bytes()))
    connection = sqlcipher3.connect(str(plain), isolation_level=None)
    key = f"x'{facts['key']}'"
    connection.execute("attach database ? as sealed key " + f'"{key}"', (str(folder / "vault.db"),))
    connection.execute("select sqlcipher_export('sealed')")
    connection.execute(f"pragma sealed.user_version = {version}")
    connection.execute("pragma sealed.journal_mode = wal")
    connection.close()
    plain.unlink()
    (folder / "vault.keys").write_bytes((FOLDER / f"v{version}.keys.json").read_bytes())
    return facts
