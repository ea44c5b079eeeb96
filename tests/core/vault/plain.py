"""What somebody with the key could dig out of a vault: every row of every table, and every page, used or not."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from cis_desktop.workspace import Workspace

PAGE = 4096
RESERVED = 80
"""Of each page: 16 bytes of initialisation vector and 64 of HMAC-SHA512 (SQLCipher 4)."""


def decrypted(page: bytes, key: bytes, first: bool) -> bytes:
    """Decrypt one page; the first begins with the salt in the clear. A page never written is all zeros."""
    end = PAGE - RESERVED
    cipher = Cipher(algorithms.AES(key), modes.CBC(page[end : end + 16])).decryptor()
    return cipher.update(page[16 if first else 0 : end]) + cipher.finalize()


def pages(folder: Path, key: bytes) -> Iterator[bytes]:
    """Decrypt every page of `vault.db` and of its write-ahead log."""
    raw = (folder / "vault.db").read_bytes()
    for start in range(0, len(raw), PAGE):
        yield decrypted(raw[start : start + PAGE], key, first=start == 0)
    log = folder / "vault.db-wal"
    frames = log.read_bytes()[32:] if log.exists() else b""
    for start in range(0, len(frames) - PAGE, PAGE + 24):
        number = int.from_bytes(frames[start : start + 4], "big")
        yield decrypted(frames[start + 24 : start + 24 + PAGE], key, first=number == 1)


def values(workspace: Workspace) -> Iterator[bytes]:
    """Give every value of every table, the shadows of the search index included; chunks also unpacked."""
    # The index itself holds nothing; its words are in its shadow tables.
    names = [
        name
        for (name,) in workspace.read.execute("select name from pragma_table_list where type in ('table', 'shadow')")
    ]
    for name in names:
        for row in workspace.read.execute(f"select * from {name}"):
            for value in row:
                raw = value if isinstance(value, bytes) else str(value).encode()
                yield raw
                if name == "chunks" and isinstance(value, bytes):
                    yield zlib.decompress(value)


def leftovers(workspace: Workspace, key: bytes, words: list[bytes]) -> set[bytes]:
    """Give which of these words can be read anywhere by somebody with the key, in any case of letters."""
    everything = [*values(workspace), *pages(workspace.folder, key)]
    return {word for word in words if any(word.lower() in piece.lower() for piece in everything)}


def in_clear(folder: Path, words: list[bytes]) -> set[bytes]:
    """Give which of these words can be read in the files of a folder without any key."""
    everything = [path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()]
    return {word for word in words if any(word.lower() in piece for piece in everything)}
