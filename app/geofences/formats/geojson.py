"""GeoJSON (RFC 7946): a FeatureCollection, a Feature or a bare geometry. A circle is a Point with the property `radius_m`."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import numpy as np

from app.core.policy import Circle
from app.geofences.formats.draft import MAX_GEOMETRY_BYTES, Feature, FileRefused, Flaw, Notes, Polygons, Ring, pick_name

GEOMETRIES: Final = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
"""A tuple, because anything at all may be looked up in it."""
HEIGHTS: Final = "Heights were left out."
SAVE_AS: Final = "Save it as GeoJSON in UTF-8 and try again."
WGS84: Final = ("CRS84", "EPSG:4326", "EPSG::4326", "WGS84")


def features(data: bytes) -> Iterator[Feature]:
    """The file's features in order. Raises `FileRefused` when it is not GeoJSON on WGS 84."""
    document = _parsed(data)
    if not isinstance(document, dict):
        raise FileRefused("not_geojson", "The file holds JSON, but not a GeoJSON object.", SAVE_AS)
    kind = document.get("type")
    if (crs := _foreign_crs(document)) is not None:
        raise FileRefused(
            "not_wgs84", f"The file is in {crs}.", "Reproject it to WGS 84 (EPSG:4326), the only system of GeoJSON, and try again."
        )
    if kind == "FeatureCollection":
        members = document.get("features")
        if not isinstance(members, list):
            raise FileRefused("not_geojson", "The FeatureCollection has no list of features.", SAVE_AS)
    elif kind == "Feature":
        members = [document]
    elif kind in GEOMETRIES:
        members = [{"type": "Feature", "properties": None, "geometry": document}]
    else:
        raise FileRefused("not_geojson", "The file holds JSON, but not a GeoJSON Feature, FeatureCollection or geometry.", SAVE_AS)
    return (_feature(member) for member in members)


def _parsed(data: bytes) -> Any:  # noqa: ANN401 -- JSON
    try:
        return json.loads(data.decode("utf-8-sig"), parse_int=_integer, parse_constant=float)
    except UnicodeDecodeError:
        raise FileRefused("not_utf8", "The file is not in UTF-8.", SAVE_AS) from None
    except RecursionError:
        raise FileRefused(
            "too_deep", "The file is nested too deeply.", "Save only the shapes, without other data, and try again."
        ) from None
    except ValueError as error:
        at = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise FileRefused("not_json", f"The file is not JSON{at}.", SAVE_AS) from None


def _integer(digits: str) -> float:
    """Python refuses integers of more than 4,300 digits, which would end the whole file; as a float they are infinite and end one feature."""
    return int(digits) if len(digits) < 20 else float(digits)


def _foreign_crs(member: dict[str, Any]) -> str | None:
    """The name of a coordinate system other than WGS 84 in the old `crs` member; None when there is none."""
    crs = member.get("crs")
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    is_wgs84 = isinstance(name, str) and name.upper().replace(" ", "").endswith(WGS84)
    return None if is_wgs84 else (str(name)[:100] if isinstance(name, str) else "an unnamed coordinate system (member crs)")


def _feature(member: Any) -> Feature:  # noqa: ANN401 -- JSON
    properties = member.get("properties") if isinstance(member, dict) else None
    properties = properties if isinstance(properties, dict) else {}
    name = pick_name(properties) or (pick_name({"id": member.get("id")}) if isinstance(member, dict) else None)
    return Feature(name, partial(_draw, member, properties))


def _draw(member: Any, properties: dict[str, Any], notes: Notes) -> Circle | Polygons:  # noqa: ANN401 -- JSON
    kind = member.get("type") if isinstance(member, dict) else None
    if kind != "Feature":
        found = kind if kind in (*GEOMETRIES, "FeatureCollection") else "something else"
        raise Flaw("not_a_feature", f"A FeatureCollection holds Features; this is {found}. Wrap it in a Feature.")
    geometry = member.get("geometry")
    if not isinstance(geometry, dict):
        raise Flaw("missing_geometry", "The feature has no geometry. Draw it, or remove the feature.")
    if crs := _foreign_crs(member) or _foreign_crs(geometry):
        raise Flaw("not_wgs84", f"The feature is in {crs}. Reproject it to WGS 84 (EPSG:4326).")
    coordinates = geometry.get("coordinates")
    match geometry.get("type"):
        case "Polygon":
            polygons: Polygons = [_rings(coordinates, notes)]
        case "MultiPolygon":
            polygons = [_rings(polygon, notes) for polygon in _list(coordinates)]
        case "Point":
            return _circle(coordinates, properties, notes)
        case str(other) if other in GEOMETRIES:
            raise Flaw(
                "unsupported_geometry", f"A {other} is no area. Draw a Polygon, a MultiPolygon, or a Point with the property radius_m."
            )
        case _:
            raise Flaw(
                "unsupported_geometry", "The geometry has no known type. Use Polygon, MultiPolygon, or Point with the property radius_m."
            )
    if len(json.dumps(coordinates)) > MAX_GEOMETRY_BYTES:
        raise Flaw("too_large", "The geometry is larger than 1 MiB. Simplify it, or round its coordinates to six decimals.")
    return polygons


def _circle(coordinates: Any, properties: dict[str, Any], notes: Notes) -> Circle:  # noqa: ANN401 -- JSON
    if "radius_m" not in properties:
        raise Flaw("radius_missing", "A Point needs a radius. Add the property radius_m in metres, or draw a Polygon.")
    radius_m = properties["radius_m"]
    if type(radius_m) not in (int, float):
        raise Flaw("radius_invalid", "radius_m must be a number of metres, for example 150.")
    longitude, latitude = _position(coordinates, notes)
    return Circle(latitude, longitude, float(radius_m))


def _rings(value: Any, notes: Notes) -> list[Ring]:  # noqa: ANN401 -- JSON
    rings = [np.array([_position(position, notes) for position in _list(ring)], np.float64).reshape(-1, 2) for ring in _list(value)]
    if not rings or not all(map(len, rings)):
        raise Flaw("empty", "The shape is empty. Draw at least one ring.")
    return rings


def _list(value: Any) -> list[Any]:  # noqa: ANN401 -- JSON
    if not isinstance(value, list):
        raise Flaw("bad_coordinates", "The coordinates are not nested as the geometry's type demands (RFC 7946, section 3.1).")
    return value


def _position(value: Any, notes: Notes) -> tuple[float, float]:  # noqa: ANN401 -- JSON
    """Longitude and latitude. Every list inside is one level too deep, so no depth needs to be counted."""
    numbers = _list(value)
    if numbers and isinstance(numbers[0], list):
        raise Flaw("too_deep", "The coordinates are nested more deeply than the geometry's type allows (RFC 7946, section 3.1).")
    if not 2 <= len(numbers) <= 4 or not all(type(number) in (int, float) for number in numbers):
        raise Flaw("bad_coordinates", "A position must be two numbers, longitude and latitude (a height may follow).")
    if len(numbers) > 2 and HEIGHTS not in notes:
        notes.append(HEIGHTS)
    return float(numbers[0]), float(numbers[1])
