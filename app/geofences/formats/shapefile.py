"""A zipped shapefile, read by GDAL's driver for it and by nothing else.

1. The archive is unpacked in memory (`archive`); exactly one .shp with its .shx, .dbf and .prj is wanted.
2. The .shp must begin as a shapefile of polygons does. Its bytes are packed anew under names of ours, so GDAL never sees a name, a side file or a
   format that was not meant (pyogrio cannot be told which drivers it may use; the first bytes decide that).
3. The .prj never reaches GDAL. It is only compared with the known systems; the one it is equal to is used, because a projection in free text can name files.
"""

import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache, partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, Final

import numpy as np
import pyogrio.raw
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.errors import GEOSException

from app.geofences.formats.archive import unpacked
from app.geofences.formats.draft import MAX_FEATURES, Feature, FileRefused, Flaw, Notes, Polygons, Ring, pick_name

NEEDED: Final = (".shp", ".shx", ".dbf", ".prj")
START: Final = (9994).to_bytes(4, "big")
POLYGONS: Final = {5, 15, 25}
"""Polygon, PolygonZ and PolygonM in the header (ESRI Shapefile Technical Description, 1998)."""
KINDS: Final = {
    1: "points",
    11: "points",
    21: "points",
    3: "lines",
    13: "lines",
    23: "lines",
    8: "points",
    18: "points",
    28: "points",
    31: "patches",
}
ZIP_ALL: Final = "Zip the .shp, .shx, .dbf and .prj of one layer of polygons and try again."


def features(data: bytes) -> Iterator[Feature]:
    """The shapefile's records in order, on WGS 84. Raises `FileRefused`."""
    parts = _parts(data)
    to_wgs84 = _transformer(parts[".prj"])
    _check_header(parts[".shp"])
    if (len(parts[".shx"]) - 100) // 8 > MAX_FEATURES:
        raise FileRefused("too_many", f"The file has more than {MAX_FEATURES} shapes.", "Split it into several files.")
    try:
        meta, _, geometries, columns = pyogrio.raw.read(_packed(parts), force_2d=True)
    except (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError, UnicodeDecodeError, IndexError, LookupError):
        raise FileRefused("not_shapefile", "The shapefile is damaged, or its text is not in the encoding it declares.", ZIP_ALL) from None
    for nth, geometry in enumerate(geometries):
        row = {str(field): column[nth] for field, column in zip(meta["fields"], columns, strict=True)}
        yield Feature(pick_name(row), partial(_draw, geometry, to_wgs84))


def _parts(data: bytes) -> dict[str, bytes]:
    files = unpacked(data, {*NEEDED, ".cpg"})
    shapes = [path for path in files if path.suffix.lower() == ".shp"]
    if len(shapes) != 1:
        raise FileRefused("wrong_content", f"The archive holds {len(shapes)} shapefiles; one is wanted.", ZIP_ALL)
    parts = {path.suffix.lower(): content for path, content in files.items() if _layer(path) == _layer(shapes[0])}
    if missing := [ending for ending in NEEDED if ending not in parts]:
        raise FileRefused("incomplete", f"The shapefile has no {', '.join(missing)}.", ZIP_ALL)
    return parts


def _layer(path: PurePosixPath) -> str:
    return str(path.with_suffix("")).casefold()


def _check_header(shp: bytes) -> None:
    if len(shp) < 100 or not shp.startswith(START):
        raise FileRefused("not_shapefile", "The .shp is not a shapefile.", ZIP_ALL)
    kind = int.from_bytes(shp[32:36], "little")
    if kind not in POLYGONS:
        raise FileRefused("unsupported_geometry", f"The shapefile holds {KINDS.get(kind, 'no polygons')}.", ZIP_ALL)


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for ending in (".shp", ".shx", ".dbf"):
            archive.writestr(f"layer{ending}", parts[ending])
        if re.fullmatch(rb"[A-Za-z0-9 _-]{1,20}", encoding := parts.get(".cpg", b"").strip()):
            archive.writestr("layer.cpg", encoding)
    return packed.getvalue()


def _transformer(prj: bytes) -> Transformer:
    try:
        authority = CRS.from_wkt(prj[:10_000].decode("utf-8-sig")).to_authority()
    except (CRSError, UnicodeDecodeError):
        authority = None
    if authority is None:
        step = "Reproject it to WGS 84 (EPSG:4326) and try again."
        raise FileRefused("unknown_projection", "The .prj names no coordinate system that is known.", step)
    return _to_wgs84(*authority)


@lru_cache(maxsize=16)
def _to_wgs84(authority: str, code: str) -> Transformer:
    return Transformer.from_crs(CRS.from_authority(authority, code), CRS.from_epsg(4326), always_xy=True)


def _draw(wkb: Any, to_wgs84: Transformer, notes: Notes) -> Polygons:  # noqa: ANN401, ARG001 -- bytes or None from GDAL; notes are every reader's
    try:
        geometry = shapely.from_wkb(wkb)
    except GEOSException:
        raise Flaw("bad_coordinates", "A ring of the record is not closed, or is damaged. Repair the shapefile.") from None
    if geometry is None or geometry.is_empty:
        raise Flaw("missing_geometry", "The record has no shape. Draw it, or remove the record.")
    parts = shapely.get_parts(geometry)
    return [[_moved(ring, to_wgs84) for ring in (part.exterior, *part.interiors)] for part in parts]


def _moved(ring: shapely.LinearRing, to_wgs84: Transformer) -> Ring:
    x, y = np.asarray(ring.coords, np.float64)[:, :2].T
    try:
        return np.column_stack(to_wgs84.transform(x, y))
    except ProjError:
        raise Flaw("out_of_range", "The shape lies outside the area of its coordinate system. Check the .prj.") from None
