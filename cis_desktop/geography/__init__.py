"""Areas under their official codes, where they lie on the map, and which postcode is in which ward."""

from cis_desktop.geography.areas import Area, Held, add_areas, areas, held, of_vintage
from cis_desktop.geography.boundaries import Outline, add_outlines, outlines, schematic_vintage
from cis_desktop.geography.codes import kind_of, postcode_of
from cis_desktop.geography.postcodes import Placed, add_postcodes, ward_of

__all__ = [
    "Area", "Held", "Outline", "Placed", "add_areas", "add_outlines", "add_postcodes", "areas", "held", "kind_of",
    "of_vintage", "outlines", "postcode_of", "schematic_vintage", "ward_of",
]  # fmt: skip
