"""KML and KMZ: every Placemark with a Polygon, or a MultiGeometry of them.

A circle travels as a polygon with `radius_m`, `latitude` and `longitude` in its ExtendedData (see `export`). It is taken as a circle only while
the polygon still is that circle: somebody may have redrawn it.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

import numpy as np
import shapely

from app.core.policy import Circle
from app.geofences.formats.archive import unpacked
from app.geofences.formats.area import area_of
from app.geofences.formats.circle import polygon_of
from app.geofences.formats.draft import MAX_GEOMETRY_BYTES, Feature, FileRefused, Flaw, Notes, Polygons, Ring
from app.geofences.formats.markup import local_name, parsed

GEOMETRIES: Final = {"Polygon", "Point", "LineString", "LinearRing", "Model", "Track", "MultiTrack"}
ROUNDING_DEGREES: Final = 1e-6
OUTER: Final = "{*}outerBoundaryIs/{*}LinearRing/{*}coordinates"
INNER: Final = "{*}innerBoundaryIs/{*}LinearRing/{*}coordinates"


def features(data: bytes) -> Iterator[Feature]:
    """The Placemarks of a KML file in order. Raises `FileRefused`."""
    placemarks = (element for element in parsed(data, "kml").iter() if local_name(element) == "Placemark")
    return (Feature(placemark.findtext("{*}name"), partial(_draw, placemark)) for placemark in placemarks)


def zipped_features(data: bytes) -> Iterator[Feature]:
    """The Placemarks of a KMZ file: of its doc.kml, or else of its first KML file, as the KMZ rules have it."""
    documents = unpacked(data, {".kml"})
    if not documents:
        raise FileRefused("wrong_content", "The archive holds no KML file.", "Check that it is a KMZ file, or send the KML file itself.")
    chosen = next((path for path in documents if path.name.lower() == "doc.kml"), next(iter(documents)))
    return features(documents[chosen])


def _draw(placemark: Element, notes: Notes) -> Circle | Polygons:
    geometries = list(_geometries(placemark))
    drawn = [element for element in geometries if local_name(element) == "Polygon"]
    others = sorted({local_name(element) for element in geometries} - {"Polygon"})
    if not drawn and others:
        raise Flaw("unsupported_geometry", f"A {others[0]} is no area. Draw a Polygon.")
    if not drawn:
        raise Flaw("missing_geometry", "The placemark has no Polygon. Draw one, or remove the placemark.")
    if others:
        notes.append(f"Only its polygons were taken; left out: {', '.join(others)}.")
    polygons = [_rings(element) for element in drawn]
    return _circle(placemark, polygons, notes) or polygons


def _geometries(parent: Element) -> Iterator[Element]:
    for element in parent:
        if local_name(element) == "MultiGeometry":
            yield from _geometries(element)
        elif local_name(element) in GEOMETRIES:
            yield element


def _circle(placemark: Element, polygons: Polygons, notes: Notes) -> Circle | None:
    data = {item.get("name"): item.findtext("{*}value") for item in placemark.findall("{*}ExtendedData/{*}Data")}
    if "radius_m" not in data:
        return None
    try:
        circle = Circle(*(float(data[key] or "") for key in ("latitude", "longitude", "radius_m")))
        is_same = bool(shapely.equals_exact(polygon_of(circle), area_of(polygons, []), ROUNDING_DEGREES, normalize=True))
    except (KeyError, ValueError, Flaw):
        is_same = False
    if is_same:
        return circle
    notes.append("Its radius_m does not fit its polygon; the polygon was taken.")
    return None


def _rings(polygon: Element) -> list[Ring]:
    outer = polygon.findtext(OUTER)
    if not outer or not outer.strip():
        raise Flaw("empty", "The polygon has no outer boundary. Draw it again.")
    return [_ring(text) for text in (outer, *(element.text or "" for element in polygon.findall(INNER))) if text.strip()]


def _ring(text: str) -> Ring:
    if len(text) > MAX_GEOMETRY_BYTES:
        raise Flaw("too_large", "The geometry is larger than 1 MiB. Simplify it.")
    try:
        return np.array([[float(number) for number in position.split(",")[:2]] for position in text.split()], np.float64).reshape(-1, 2)
    except ValueError:
        raise Flaw("bad_coordinates", "Coordinates must be written as longitude,latitude with spaces only between positions.") from None
