"""What was written as JSON or MessagePack is read back here, and nowhere else.

msgspec works out a type when it first meets it, and lets go of Python's lock on the way: a second thread that meets
the type meanwhile finds it half done, and the whole program ends. So types are met one at a time.
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

Kind = TypeVar("Kind")

_MEETING = threading.Lock()
_KNOWN: dict[Any, Any] = {}


def from_json(raw: bytes | str, kind: type[Kind]) -> Kind:
    """Read JSON. Raises `msgspec.DecodeError`, for what is no text or nested without end as well."""
    found: Kind = _decoded(_known(msgspec.json.Decoder, kind), raw)
    return found


def from_msgpack(raw: bytes | msgspec.Raw, kind: type[Kind]) -> Kind:
    """Read MessagePack. Raises `msgspec.DecodeError`."""
    found: Kind = _decoded(_known(msgspec.msgpack.Decoder, kind), raw)
    return found


def from_builtins(document: object, kind: type[Kind]) -> Kind:
    """Read what a parser of another format made: maps, lists, texts. Raises `msgspec.ValidationError`."""
    _known(msgspec.json.Decoder, kind)
    return msgspec.convert(document, kind)


def _decoded(decoder: Any, raw: bytes | str | msgspec.Raw) -> Any:
    try:
        return decoder.decode(raw)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError("it is not written in UTF-8") from error
    except RecursionError as error:
        raise msgspec.DecodeError("it is nested without end") from error


def _known(reader: Any, kind: Any) -> Any:
    found = _KNOWN.get((reader, kind))
    if found is None:
        with _MEETING:
            found = _KNOWN.setdefault((reader, kind), reader(kind))
    return found
