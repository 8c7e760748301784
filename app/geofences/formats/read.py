"""The one way in: a file's bytes and name become drafts, each with its own problems."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

import numpy as np

from app.core.fence import ShapeRefused, checked
from app.core.plane import geodesic_m, wrapped
from app.core.policy import Circle, Shape
from app.geofences.formats import geojson, gpx, kml, shapefile, wkt
from app.geofences.formats.area import area_of
from app.geofences.formats.draft import MAX_FEATURES, MAX_FILE_BYTES, Feature, FenceDraft, FileRefused, Flaw, Notes, Place, clean_name

READERS: Final[dict[str, Callable[[bytes], Iterator[Feature]]]] = {
    ".geojson": geojson.features,
    ".json": geojson.features,
    ".kml": kml.features,
    ".kmz": kml.zipped_features,
    ".gpx": gpx.features,
    ".wkt": wkt.features,
    ".txt": wkt.features,
    ".zip": shapefile.features,
}
Bounds = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""
NEAR_M: Final = 100_000.0
FAR_M: Final = 500_000.0


def preview(data: bytes, file_name: str) -> list[FenceDraft]:
    """What the file would create, feature by feature, in the file's order. Raises `FileRefused` when the file as a whole cannot be read."""
    path = PurePosixPath(file_name.replace("\\", "/"))
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        step = "Send GeoJSON (.geojson, .json), KML (.kml, .kmz), GPX (.gpx), WKT (.wkt, .txt) or a zipped shapefile (.zip)."
        raise FileRefused("unknown_format", "The ending of the file's name is not known.", step)
    if len(data) > MAX_FILE_BYTES:
        raise FileRefused(
            "too_large", f"The file is larger than {MAX_FILE_BYTES // 2**20} MiB.", "Split it into several files, or simplify its shapes."
        )
    features = list(islice(reader(data), MAX_FEATURES + 1))
    if not features:
        raise FileRefused("nothing_found", "The file holds no features.", "Check that the right layer was saved.")
    if len(features) > MAX_FEATURES:
        raise FileRefused("too_many", f"The file has more than {MAX_FEATURES} features.", "Split it into several files.")
    stem = clean_name(path.stem) or "import"
    return [_draft(nth, feature, stem if len(features) == 1 else f"{stem} {nth + 1}") for nth, feature in enumerate(features)]


def _draft(nth: int, feature: Feature, name: str) -> FenceDraft:
    name = clean_name(feature.name or "") or name
    notes: Notes = []
    try:
        drawn = feature.draw(notes)
        shape: Shape = _circle(drawn) if isinstance(drawn, Circle) else area_of(drawn, notes)
    except Flaw as flaw:
        return FenceDraft(name, None, nth, (flaw.problem,), flaw.repaired, tuple(notes))
    return FenceDraft(name, shape, nth, notes=tuple(notes))


def _circle(circle: Circle) -> Circle:
    try:
        checked(circle)
    except ShapeRefused as refused:
        raise Flaw("bad_circle", refused.reason, Place(*refused.place) if refused.place else None) from None
    return Circle(circle.latitude, float(wrapped(np.float64(circle.longitude))), circle.radius_m)


def looks_swapped(drafts: Sequence[FenceDraft], existing_bounds: Sequence[Bounds]) -> frozenset[int]:
    """The `source_index` of drafts far (500 km) from all existing fences that would be near one (100 km) with longitude and latitude exchanged."""
    if not existing_bounds:
        return frozenset()
    bounds = np.array(existing_bounds, np.float64)
    swapped = set()
    for draft in drafts:
        shape = draft.shape or draft.repaired
        if shape is None:
            continue
        x, y = (shape.longitude, shape.latitude) if isinstance(shape, Circle) else shape.representative_point().coords[0]
        if abs(x) <= 90 and _distance_m(x, y, bounds) > FAR_M and _distance_m(y, x, bounds) <= NEAR_M:
            swapped.add(draft.source_index)
    return frozenset(swapped)


def _distance_m(longitude: float, latitude: float, bounds: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    """To the nearest of the boxes, the short way round."""
    west, south, east, north = bounds.T
    middle = (west + east) / 2
    turned = longitude - 360 * np.rint((longitude - middle) / 360)
    nearest = np.clip(latitude, south, north), np.clip(turned, west, east)
    return float(geodesic_m(np.full(len(bounds), latitude), turned, *nearest).min())
