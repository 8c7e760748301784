"""Geofences to GeoJSON and KML, so that `read.preview` gives the same shapes and names back."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import LinearRing, Polygon

from app.core.policy import Circle, Shape
from app.geofences.formats.area import Area
from app.geofences.formats.circle import polygon_of
from app.geofences.formats.draft import clean_name


@dataclass(frozen=True, slots=True)
class NamedShape:
    """A geofence as a file shows it."""

    id: UUID
    name: str
    shape: Shape


def to_geojson(fences: Iterable[NamedShape]) -> bytes:
    """A FeatureCollection in UTF-8 (RFC 7946): outer rings counterclockwise, a circle as a Point with `radius_m`."""
    collection = {"type": "FeatureCollection", "features": [_feature(fence) for fence in fences]}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _feature(fence: NamedShape) -> dict[str, Any]:
    properties: dict[str, Any] = {"name": clean_name(fence.name)}
    if isinstance(fence.shape, Circle):
        geometry: dict[str, Any] = {"type": "Point", "coordinates": [fence.shape.longitude, fence.shape.latitude]}
        properties["radius_m"] = fence.shape.radius_m
    else:
        geometry = shapely.geometry.mapping(shapely.orient_polygons(fence.shape))
    return {"type": "Feature", "id": str(fence.id), "properties": properties, "geometry": geometry}


def to_kml(fences: Iterable[NamedShape]) -> bytes:
    """A KML 2.2 document in UTF-8. A circle is a polygon of 64 corners; its ExtendedData keeps centre and radius."""
    placemarks = "".join(map(_placemark, fences))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    return f"{head}{placemarks}</Document></kml>\n".encode()


def _placemark(fence: NamedShape) -> str:
    shape, data = fence.shape, ""
    if isinstance(shape, Circle):
        values = {"latitude": shape.latitude, "longitude": shape.longitude, "radius_m": shape.radius_m}
        data = "".join(f'<Data name="{key}"><value>{value!r}</value></Data>' for key, value in values.items())
        data = f"<ExtendedData>{data}</ExtendedData>"
    area = polygon_of(shape) if isinstance(shape, Circle) else shape
    return f'<Placemark id="fence-{fence.id}"><name>{escape(clean_name(fence.name))}</name>{data}{_geometry(area)}</Placemark>'


def _geometry(area: Area) -> str:
    polygons = "".join(_polygon(part) for part in shapely.get_parts(shapely.orient_polygons(area)))
    return polygons if isinstance(area, Polygon) else f"<MultiGeometry>{polygons}</MultiGeometry>"


def _polygon(polygon: Polygon) -> str:
    inner = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in polygon.interiors)
    return f"<Polygon><outerBoundaryIs>{_ring(polygon.exterior)}</outerBoundaryIs>{inner}</Polygon>"


def _ring(ring: LinearRing) -> str:
    positions = " ".join(f"{x!r},{y!r}" for x, y in shapely.get_coordinates(ring).tolist())
    return f"<LinearRing><coordinates>{positions}</coordinates></LinearRing>"
