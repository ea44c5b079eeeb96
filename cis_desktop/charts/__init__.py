"""Charts and maps: one drawing for the PDF, for the page and for the screen.

A hidden figure is the word "hidden" or a hatched ward, never a bar of no length and never the colour of nothing.
"""

from cis_desktop.charts.bars import Panel, bar_chart, panels
from cis_desktop.charts.maps import CREDIT, Shade, ward_map
from cis_desktop.charts.outlets import screen_svg, svg
from cis_desktop.charts.style import AXIS, BAR, INK, QUIET

__all__ = [
    "AXIS", "BAR", "CREDIT", "INK", "QUIET", "Panel", "Shade", "bar_chart", "panels", "screen_svg", "svg", "ward_map"
]  # fmt: skip
