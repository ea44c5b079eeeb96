"""Where areas lie is kept to ten centimetres, holes and islands included."""

from __future__ import annotations

import random

from cis_desktop.geography import Outline, add_areas, add_outlines, outlines
from cis_desktop.geography.boundaries import packed, unpacked
from cis_desktop.workspace import Workspace
from tests.core.geography.files import HOLE, ISLAND, SQUARE


def test_corners_come_back_within_half_a_millionth_of_a_degree() -> None:
    rng = random.Random(5)
    ring = tuple((rng.uniform(-8, 2), rng.uniform(49, 61)) for _ in range(500))
    ((back,),) = unpacked(packed([[ring]]))
    assert len(back) == 500
    far = (abs(a - b) for there, here in zip(ring, back, strict=True) for a, b in zip(there, here, strict=True))
    assert max(far) <= 6e-7


def test_an_outline_has_the_name_of_its_vintage_and_the_newest_is_given(workspace: Workspace) -> None:
    square, hole, island = (tuple((x, y) for x, y in ring) for ring in (SQUARE, HOLE, ISLAND))
    whole = Outline("E05000001", "", ((square, hole), (island,)))
    plain = Outline("E05000001", "", ((square,),))
    with workspace.change("Added areas") as change:
        for vintage, name, drawn in (("2025", "New name", whole), ("2021", "Old name", plain)):
            add_areas(change, "ward", [("E05000001", name)], vintage, None)
            assert add_outlines(change, "ward", vintage, [drawn]) == 1
        assert add_outlines(change, "ward", "2025", [whole]) == 0
    (found,) = outlines(workspace.read)
    assert (found.name, [len(polygon) for polygon in found.polygons]) == ("New name", [2, 1])
    (old,) = outlines(workspace.read, vintage="2021")
    assert (old.name, len(old.polygons)) == ("Old name", 1)
    assert outlines(workspace.read, ["E05999999"]) == []
