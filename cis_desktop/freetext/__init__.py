"""Free text on its way out: what in it could point at somebody, for a person to decide on.

Nothing here changes a text. The findings are for the group's own eyes: what was found is never written anywhere.
"""

from .blanks import NO_BLANKS, Blanks, blanks
from .findings import Finding, Kind
from .names import Names, gather
from .search import search

__all__ = ["NO_BLANKS", "Blanks", "Finding", "Kind", "Names", "blanks", "gather", "search"]
