import struct
import tempfile
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from pyproj import CRS
from shapely.geometry import MultiPolygon, Point, Polygon

from app.geofences.formats.draft import FenceDraft, FileRefused
from app.geofences.formats.read import preview

RD_SQUARE = Polygon([(155_000, 463_000), (155_000, 464_000), (156_000, 464_000), (156_000, 463_000)])


def layer(*shapes: shapely.Geometry, epsg: int = 28992, names: tuple[str, ...] = (), kind: str = "Polygon") -> dict[str, bytes]:
    """The files of a shapefile, by ending, as GDAL writes them."""
    with tempfile.TemporaryDirectory() as folder:
        fields = [np.array(names or ["x"] * len(shapes), object)]
        wkb = np.array([shapely.to_wkb(shape) for shape in shapes], object)
        pyogrio.raw.write(
            f"{folder}/a.shp", wkb, fields, ["Naam" if names else "other"], geometry_type=kind, crs=f"EPSG:{epsg}", driver="ESRI Shapefile"
        )
        return {path.suffix: path.read_bytes() for path in Path(folder).iterdir()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"data/site{name}" if name.startswith(".") else name, content)
    return packed.getvalue()


def read(files: Mapping[str, bytes]) -> list[FenceDraft]:
    return preview(zipped(files), "terrain.zip")


def refusal(files: Mapping[str, bytes]) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(files)
    return refused.value


def answer(files: Mapping[str, bytes]) -> list[str]:
    """The refusal's code, or each draft's; any other exception fails the test."""
    try:
        return [draft.problems[0].code if draft.problems else "ok" for draft in read(files)]
    except FileRefused as refused:
        return [refused.code]


def test_a_shapefile_in_the_dutch_grid_comes_out_on_wgs_84_with_its_names() -> None:
    named, other = read(layer(RD_SQUARE, RD_SQUARE, names=("Één", "=cmd|x")))
    assert (named.name, other.name) == ("Één", "=cmd|x")
    assert isinstance(named.shape, Polygon)
    # The origin of the grid lies at the Amersfoort tower: 52.15517440 N, 5.38720621 E (Kadaster)
    assert named.shape.distance(Point(5.38720621, 52.15517440)) < 5e-6
    assert named.shape.bounds[2] > 5.4


def test_holes_and_several_parts_are_kept() -> None:
    holed = Polygon([(0, 0), (0, 9), (9, 9), (9, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    parts = MultiPolygon([holed, Polygon([(20, 0), (20, 5), (25, 5), (25, 0)])])
    (draft,) = read(layer(parts, epsg=4326, kind="MultiPolygon"))
    assert draft.name == "terrain"
    assert isinstance(draft.shape, MultiPolygon)
    assert draft.shape.equals(parts)


@pytest.mark.parametrize("epsg", [4326, 3857, 25832, 31370])
def test_common_systems_are_known(epsg: int) -> None:
    square = {4326: (5.0, 50.0, 5.1, 50.1)}.get(epsg, (600_000, 160_000, 601_000, 161_000))
    (draft,) = read(layer(shapely.box(*square), epsg=epsg))
    assert draft.problems == ()


@pytest.mark.parametrize("missing", [".shx", ".dbf", ".prj"])
def test_a_missing_part_is_named(missing: str) -> None:
    refused = refusal({ending: content for ending, content in layer(RD_SQUARE).items() if ending != missing})
    assert refused.code == "incomplete"
    assert missing in str(refused)


def test_points_and_lines_are_refused_by_name() -> None:
    assert "points" in str(refusal(layer(Point(1, 2), kind="Point")))
    assert "lines" in str(refusal(layer(shapely.LineString([(1, 2), (3, 4)]), kind="LineString")))


@pytest.mark.parametrize(
    "prj",
    [
        b"",
        b"EPSG:28992",
        b"+proj=sterea +nadgrids=/etc/passwd",
        b"/etc/passwd",
        b"\xff\xfe",
        b"http://127.0.0.1/",
        b'LOCAL_CS["mine"]',
        b'GEOGCS["x",' * 2_000,
        CRS.from_proj4("+proj=laea +lat_0=1 +lon_0=2").to_wkt("WKT1_ESRI").encode(),
    ],
)
def test_a_projection_that_is_not_a_known_system_is_refused(prj: bytes) -> None:
    assert refusal({**layer(RD_SQUARE), ".prj": prj}).code == "unknown_projection"


def test_a_grid_file_named_in_the_projection_is_never_used() -> None:
    grid = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433],'
    grid += 'EXTENSION["PROJ4","+proj=longlat +nadgrids=/nonexistent/grid +no_defs"]]'
    square = shapely.box(5, 52, 6, 53)
    (draft,) = read({**layer(square, epsg=4326), ".prj": grid.encode()})
    assert isinstance(draft.shape, Polygon)
    assert draft.shape.equals(square)  # as plain WGS 84: a missing grid would have failed


def test_a_shape_far_outside_its_system_is_a_problem_of_that_shape_only() -> None:
    bad, good = read(layer(shapely.box(1e30, 1e30, 2e30, 2e30), RD_SQUARE))
    assert bad.problems
    assert good.problems == ()


def test_a_record_without_shape_is_named() -> None:
    files = layer(RD_SQUARE, RD_SQUARE)
    shp = bytearray(files[".shp"])
    shp[100 + 8 : 100 + 12] = bytes(4)  # shape type 0: null
    empty, good = read({**files, ".shp": bytes(shp)})
    assert empty.problems[0].code == "missing_geometry"
    assert good.problems == ()


def test_two_layers_in_one_archive_are_refused() -> None:
    files = layer(RD_SQUARE)
    assert "2 shapefiles" in str(refusal({**files, "other.shp": files[".shp"]}))


def test_more_than_500_records_are_refused() -> None:
    assert refusal(layer(*[RD_SQUARE] * 501)).code == "too_many"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<VRTDataset/>",
        b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
        b"PK\x03\x04",
        b"%PDF-1.4",
        b"SQLite format 3\0" + bytes(200),
        b'{"type":"FeatureCollection","features":[]}',
        bytes(100),
    ],
)
def test_another_format_in_a_shp_never_reaches_gdal(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    files = layer(RD_SQUARE)
    monkeypatch.setattr(pyogrio.raw, "read", lambda *_, **__: pytest.fail("GDAL was asked"))
    assert refusal({**files, ".shp": content}).code == "not_shapefile"


def test_gdal_sees_only_our_names_and_the_three_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    read_raw = pyogrio.raw.read

    def spy(data: bytes, **options: object) -> object:
        seen.extend(zipfile.ZipFile(BytesIO(data)).namelist())
        return read_raw(data, **options)

    monkeypatch.setattr(pyogrio.raw, "read", spy)
    read({**layer(RD_SQUARE), ".cpg": b"../../etc/passwd", "data/site.vrt": b"x", "data/site.shp.xml": b"x", "data/site.qix": b"x"})
    assert seen == ["layer.shp", "layer.shx", "layer.dbf"]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # GDAL says so when it meets an open ring
@pytest.mark.parametrize("part", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_give_a_refusal_or_drafts_never_anything_else(part: str, seed: int) -> None:
    chance = np.random.default_rng(seed)
    files = layer(RD_SQUARE, RD_SQUARE, names=("a", "b"))
    damaged = bytearray(files[part])
    for at in chance.integers(36 if part == ".shp" else 4, len(damaged), 6):
        damaged[at] = chance.integers(256)
    damaged = damaged[: len(damaged) - int(chance.integers(0, 40)) * (seed % 2)]
    assert answer({**files, part: bytes(damaged)})


def test_a_record_that_promises_a_billion_points_is_refused_quickly() -> None:
    files = layer(RD_SQUARE)
    shp = bytearray(files[".shp"])
    shp[100 + 8 + 40 : 100 + 8 + 44] = struct.pack("<i", 1_000_000_000)
    assert answer({**files, ".shp": bytes(shp)}) in (["missing_geometry"], ["not_shapefile"])
