"""What lies under the fences on a map: the world in outlines that ships with Muster, a PMTiles file of one's own, or a tile server."""

from pathlib import Path
from typing import Annotated, Final, Literal

from flask import Response, send_file
from pydantic import Field

from app.config import Settings
from app.errors import NotFound
from app.web.parsing import Answer
from app.web.pwa import PWA
from app.web.route import Call, RawCall, Routes

EMBEDDED: Final = PWA / "basemap" / "world.pmtiles"
ADDRESS: Final = "/basemap.pmtiles"

routes = Routes("basemap")
file_routes = Routes("basemap_file")


class BasemapOut(Answer):
    """Vector tiles have the layers of the Protomaps schema (earth, water, boundaries, roads, places, ...), as far as they have them."""

    kind: Annotated[Literal["pmtiles", "vector", "raster"], Field(description="A PMTiles archive, or tiles by z, x and y.")]
    url: Annotated[str, Field(description="Of the archive, or with {z}, {x} and {y} in it.")]
    attribution: str
    overview: Annotated[bool, Field(description="Whether it is the world in outlines only: no streets to draw a fence by.")]


@routes.get("/basemap", action="service.read")
def basemap(call: Call) -> BasemapOut:
    """The background of maps here."""
    settings = call.deps.settings
    kind = settings.basemap_kind
    return BasemapOut(
        kind="pmtiles" if kind == "embedded" else kind,
        url=settings.basemap if kind in {"vector", "raster"} else ADDRESS,
        attribution=settings.basemap_attribution,
        overview=kind == "embedded",
    )


@file_routes.get(ADDRESS, action="service.read", transaction="own", produces=("application/octet-stream",), problems=(NotFound,))
def archive(call: RawCall) -> Response:
    """The PMTiles archive; browsers read it in ranges."""
    path = file_of(call.deps.settings)
    if path is None or not path.is_file():
        raise NotFound
    response = send_file(path, mimetype="application/octet-stream")
    response.headers["Cache-Control"] = "no-cache"
    return response


def file_of(settings: Settings) -> Path | None:
    """The archive this server serves; None when a tile server is set."""
    if settings.basemap_kind == "embedded":
        return EMBEDDED
    return Path(settings.basemap).expanduser() if settings.basemap_kind == "pmtiles" else None
