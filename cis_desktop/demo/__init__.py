"""Example data: a believable Camden food and advice group in which nobody exists."""

from cis_desktop.demo.briefing import write_briefing
from cis_desktop.demo.writing import Populated, populate

GROUP_NAME = "Camden Kitchen Table"

__all__ = ["GROUP_NAME", "Populated", "populate", "write_briefing"]
