"""Agreements: what a council and a group agreed to count, for what, and under which disclosure rules."""

from cis_desktop.agreements.reading import Agreement, read, read_file
from cis_desktop.agreements.store import Held, accept, agreements, apart, find, import_agreement, library

__all__ = [
    "Agreement",
    "Held",
    "accept",
    "agreements",
    "apart",
    "find",
    "import_agreement",
    "library",
    "read",
    "read_file",
]
