"""Official codes: which kind of area a GSS code is of, and postcodes in one way of writing."""

from __future__ import annotations

import re

# Register of Geographic Codes (ONS): the first three characters say what kind of area it is, and where.
_KINDS = {
    "ward": re.compile(r"(?:E05|W05|S13|N08)\d{6}"),
    "lsoa": re.compile(r"(?:[EWS]01|N21)\d{6}"),
    "authority": re.compile(r"(?:E0[6-9]|W06|S12|N09)\d{6}"),
}
_POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?) ?(0AA|\d[A-Z]{2})")


def kind_of(code: str) -> str | None:
    """Say whether a code is that of a `ward`, an `lsoa` (or data zone) or an `authority`; None for anything else."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(code)), None)


def postcode_of(text: str) -> tuple[str, str] | None:
    """Split a postcode, however it is spaced, into its district and the rest (`M33`, `7XX`); None when it is none."""
    found = _POSTCODE.fullmatch("".join(text.upper().split()))
    return (found[1], found[2]) if found else None
