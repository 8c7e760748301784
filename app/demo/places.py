"""Invented places in a real countryside: an office and a plant by the river at Deventer. Metres from a corner stone, so that they can be read."""

from dataclasses import dataclass, field
from math import cos, radians
from typing import Any, Final, NamedTuple

from shapely.geometry import MultiPolygon, Polygon, box

from app.core.policy import Circle, Shape

STONE: Final = (52.2441, 6.1907)
"""Latitude and longitude of the corner stone."""
METRES_PER_DEGREE: Final = 111_250.0


class Spot(NamedTuple):
    """Metres east and north of the corner stone."""

    east_m: float
    north_m: float

    @property
    def latitude(self) -> float:
        """In degrees."""
        return STONE[0] + self.north_m / METRES_PER_DEGREE

    @property
    def longitude(self) -> float:
        """In degrees."""
        return STONE[1] + self.east_m / (METRES_PER_DEGREE * cos(radians(STONE[0])))


@dataclass(frozen=True)
class Place:
    """A fence to draw, at a site; `group` None: for everyone. `desks`: spots well inside, for people to be at."""

    name: str
    site: str
    shape: Shape
    desks: tuple[Spot, ...]
    group: str | None = None
    policy: dict[str, Any] = field(default_factory=dict)
    counts_as_work: bool = True


def _drawn(area: Polygon | MultiPolygon) -> Shape:
    """From metres to longitude and latitude."""
    if isinstance(area, MultiPolygon):
        return MultiPolygon([_ring(part) for part in area.geoms])
    return _ring(area)


def _ring(area: Polygon) -> Polygon:
    rings = [[(Spot(*point).longitude, Spot(*point).latitude) for point in ring.coords] for ring in (area.exterior, *area.interiors)]
    return Polygon(rings[0], rings[1:])


_YARD: Final = Spot(1500, -700)
SITES: Final = {"Kantoor Kade": "Kadeweg 12, Deventer", "Fabriek Oost": "Turbineweg 3, Deventer"}
PLACES: Final = (
    Place(
        "Kantoor Kade",
        "Kantoor Kade",
        _drawn(Polygon([(-90, -70), (95, -80), (120, 20), (60, 85), (-80, 75)])),
        (Spot(0, 0), Spot(15, -10), Spot(-20, 12), Spot(30, 10)),
    ),
    Place(
        "Fabriek Oost",
        "Fabriek Oost",
        _drawn(Polygon(box(1200, -350, 1620, 30).exterior.coords, [box(1460, -300, 1560, -180).exterior.coords])),
        (Spot(1290, -160), Spot(1310, -240), Spot(1350, -60), Spot(1280, -120)),
    ),
    Place(
        "Laadplein", "Fabriek Oost", Circle(_YARD.latitude, _YARD.longitude, 140), (_YARD, Spot(1515, -690)), policy={"leave_after_s": 300}
    ),
    Place(
        "Laboratorium A en B",
        "Kantoor Kade",
        _drawn(MultiPolygon([box(300, -60, 420, 70), box(470, 120, 600, 240)])),
        (Spot(360, 5), Spot(535, 180)),
        group="Laboratorium",
        policy={"enter_after_s": 60},
    ),
    Place(
        "Bedrijfsrestaurant",
        "Kantoor Kade",
        Circle(Spot(40, 330).latitude, Spot(40, 330).longitude, 80),
        (Spot(40, 330),),
        counts_as_work=False,
    ),
)
DESKS: Final = {place.name: place.desks for place in PLACES}
RESTAURANT: Final = Spot(40, 330)
