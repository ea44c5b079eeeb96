"""Figures: an agreement and a period in, exact tables out, counted inside the vault."""

from cis_desktop.figures.behind import Behind, records_behind
from cis_desktop.figures.periods import Period, period
from cis_desktop.figures.tabulate import is_empty, tables

__all__ = ["Behind", "Period", "is_empty", "period", "records_behind", "tables"]
