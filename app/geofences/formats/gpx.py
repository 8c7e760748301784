"""GPX: tracks and routes that come back to where they began. Heights and times are left out."""

from collections.abc import Iterator
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

import numpy as np

from app.core.plane import geodesic_m
from app.geofences.formats.draft import Feature, Flaw, Notes, Place, Polygons
from app.geofences.formats.markup import local_name, parsed

MAX_GAP_M: Final = 25.0
"""Somebody who walks around a site ends a few metres from the start; a phone is wrong by as much again."""
POINTS: Final = {"trk": "{*}trkseg/{*}trkpt", "rte": "{*}rtept"}


def features(data: bytes) -> Iterator[Feature]:
    """Tracks, routes and waypoints in order; waypoints are refused one by one. Raises `FileRefused`."""
    members = (element for element in parsed(data, "gpx") if local_name(element) in {"trk", "rte", "wpt"})
    return (Feature(element.findtext("{*}name"), partial(_draw, element)) for element in members)


def _draw(element: Element, notes: Notes) -> Polygons:
    kind = local_name(element)
    if kind == "wpt":
        raise Flaw("unsupported_geometry", "A waypoint is no area. Walk around the area and save it as a track.")
    try:
        ring = np.array([[float(point.attrib["lon"]), float(point.attrib["lat"])] for point in element.findall(POINTS[kind])]).reshape(
            -1, 2
        )
    except (KeyError, ValueError):
        raise Flaw("bad_coordinates", "A point of the track has no lat and lon in degrees.") from None
    if len(ring) < 3:
        raise Flaw("too_few_positions", f"The track has {len(ring)} points; an area needs at least three.")
    if not np.isfinite(ring).all() or np.abs(ring[[0, -1], 1]).max() > 90:
        return [[ring]]  # the area says what is wrong
    gap_m = float(geodesic_m(ring[0, 1], ring[0, 0], ring[-1, 1], ring[-1, 0]))
    if gap_m > MAX_GAP_M:
        message = f"The track is not closed: its ends lie {gap_m:.0f} m apart, at most {MAX_GAP_M:.0f} m is taken as closed. Walk on to the start."
        raise Flaw("track_not_closed", message, Place(float(ring[-1, 1]), float(ring[-1, 0])))
    if len(element.findall("{*}trkseg")) > 1:
        notes.append("The track has several segments; they were joined in order.")
    return [[ring if np.array_equal(ring[0], ring[-1]) else np.vstack([ring, ring[:1]])]]
