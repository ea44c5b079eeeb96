"""Figures: an agreement and a period in, exact tables out, counted inside the vault."""

from typing import TYPE_CHECKING, Any

from cis_desktop.figures.periods import Period, period

if TYPE_CHECKING:
    from cis_desktop.figures.behind import Behind, records_behind
    from cis_desktop.figures.tabulate import filled, is_empty, tables

__all__ = ["Behind", "Period", "filled", "is_empty", "period", "records_behind", "tables"]


def __getattr__(name: str) -> Any:
    """Load what counts when it is first asked for: NumPy is not to be on the way to the first window."""
    if name in ("Behind", "records_behind"):
        from cis_desktop.figures import behind

        return getattr(behind, name)
    if name in ("filled", "is_empty", "tables"):
        from cis_desktop.figures import tabulate

        return getattr(tabulate, name)
    raise AttributeError(name)
