"""A circle as a polygon, for formats that know no circles."""

from typing import Final

import numpy as np
from pyproj import Geod

from app.core.policy import Circle
from app.geofences.formats.area import Area, area_of

CORNERS: Final = 64
WGS84: Final = Geod(ellps="WGS84")


def polygon_of(circle: Circle) -> Area:
    """The regular 64-gon with its corners on the geodesic circle, cut at the antimeridian. Raises `Flaw` when the circle is no circle on earth."""
    azimuths = np.linspace(0, -360, CORNERS, endpoint=False)  # counterclockwise, as RFC 7946 and KML want outer rings
    here = np.ones(CORNERS)
    longitude, latitude, _ = WGS84.fwd(circle.longitude * here, circle.latitude * here, azimuths, circle.radius_m * here)
    corners = np.column_stack([longitude, latitude])
    return area_of([[np.vstack([corners, corners[:1]])]], [])
