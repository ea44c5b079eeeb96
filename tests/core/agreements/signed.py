"""Agreements as a council signs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cis_desktop.agreements.reading import SIGNED, read, unsigned

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()


def signed(document: dict[str, Any], by: str = "Camden Council") -> dict[str, Any]:
    """Give an agreement with a signature."""
    whole = unsigned(read(json.dumps(document).encode()).canonical)
    return {**document, "signature": {"by": by, "public_key": PUBLIC, "signature": KEY.sign(SIGNED + whole).hex()}}


def signed_file(path: Path, starter: Path, **other: Any) -> Path:
    """Write one of the starters, signed, with other values for some of its fields."""
    path.write_text(json.dumps(signed({**json.loads(starter.read_bytes()), **other})))
    return path
