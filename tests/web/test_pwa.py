"""The web app's files: what answers which address, and how long it may be kept."""

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.config import Settings, SettingsError, load_settings
from app.factory import create_app
from app.ports import Deps
from app.web import basemap, guards, health, pwa
from app.web.mount import Mount
from app.web.openapi import API

TABLE = (
    Mount(health.csrf_routes, API, guards.anonymous),
    Mount(basemap.routes, API, guards.anonymous),
    Mount(basemap.file_routes, "", guards.anonymous),
    Mount(pwa.routes, "", guards.anonymous),
)
SCRIPT = "export const what = 'app';\n" * 200


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A build."""
    files = {
        "index.html": "<!doctype html><title>app</title>",
        "kiosk.html": "<!doctype html><title>kiosk</title>",
        "sw.js": "self.skipWaiting();",
        "manifest.webmanifest": "{}",
        "assets/index-Ab12.js": SCRIPT,
        ".complete": "",
    }
    (tmp_path / "assets").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "assets/index-Ab12.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (tmp_path.parent / "secret.js").write_text("not of the app")
    return tmp_path


class Closing(FlaskClient):
    """Reads each answer to its end and closes the file it came from."""

    def open(self, *given: Any, **named: Any) -> TestResponse:
        return super().open(*given, buffered=True, **named)


def made(settings: Settings, deps: Deps) -> Flask:
    app = create_app(settings, deps=deps, table=TABLE)
    app.test_client_class = Closing
    return app


@pytest.fixture
def app(settings: Settings, deps: Deps, tmp_path: Path) -> Flask:
    ours = settings.model_copy(update={"pwa_dir": tmp_path})
    return made(ours, replace(deps, settings=ours))


def with_settings(settings: Settings, deps: Deps) -> FlaskClient:
    return made(settings, replace(deps, settings=settings)).test_client()


@pytest.mark.parametrize("address", ["/", "/sign-in", "/people/018f3c6e-0000-7000-8000-000000000000", "/fences/new", "/kiosks", "/apis"])
def test_every_screen_is_the_app_and_asked_for_anew_each_time(anybody: FlaskClient, dist: Path, address: str) -> None:
    answer = anybody.get(address)
    assert (answer.status_code, answer.text) == (200, "<!doctype html><title>app</title>")
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    again = anybody.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"] == answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/kiosk", "/kiosk/visit"])
def test_the_kiosk_has_an_entry_of_its_own(anybody: FlaskClient, dist: Path, address: str) -> None:
    assert anybody.get(address).text == "<!doctype html><title>kiosk</title>"


@pytest.mark.parametrize(
    ("address", "language", "cookie", "page"),
    [
        ("/", "en", None, "sign-in.en"),
        ("/people", "nl-NL,nl;q=0.9,en;q=0.8", None, "sign-in.nl"),
        ("/", "fr", None, "sign-in.en"),
        ("/", "nl", "any", "today.nl"),
        ("/today", "", "any", "today.en"),
        ("/kiosk", "nl", "any", "kiosk.nl"),
        ("/people", "nl", "any", None),
        ("/index.html", "nl", "any", None),
    ],
)
def test_who_comes_for_the_first_time_gets_what_will_be_seen_first(  # noqa: PLR0917 (a row of the table)
    anybody: FlaskClient, dist: Path, address: str, language: str, cookie: str | None, page: str | None
) -> None:
    (dist / "first").mkdir()
    for name in ("sign-in", "today", "kiosk"):
        for spoken in ("en", "nl"):
            (dist / f"first/{name}.{spoken}.html").write_text(f"{name}.{spoken}")
    if cookie:
        anybody.set_cookie(anybody.application.config["SESSION_COOKIE_NAME"], cookie)
    answer = anybody.get(address, headers={"Accept-Language": language})
    assert answer.text == (page or "<!doctype html><title>app</title>")
    assert (answer.headers["Cache-Control"], answer.content_type) == ("no-cache", "text/html; charset=utf-8")
    assert answer.headers["Vary"] == ("Accept-Encoding" if address == "/index.html" else "Accept-Encoding, Accept-Language, Cookie")


def test_what_has_a_hash_in_its_name_is_kept_for_ever_and_what_has_none_is_not(anybody: FlaskClient, dist: Path) -> None:
    assert anybody.get("/assets/index-Ab12.js").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    worker = anybody.get("/sw.js")
    assert (worker.headers["Cache-Control"], worker.content_type) == ("no-cache", "text/javascript; charset=utf-8")
    assert anybody.get("/manifest.webmanifest").content_type == "application/manifest+json"


@pytest.mark.parametrize(
    "address",
    [
        "/assets/index-Old1.js",
        "/assets/",
        "/assets/../index.html",
        "/assets/index-Ab12.js.gz",
        "/old.js",
        "/.complete",
        "/..%2fsecret.js",
        "/x/../../secret.js",
        f"/assets/{'x' * 300}.js",
        "/robots.txt",
        "/api",
        "/api/v1/nothing",
    ],
)
def test_what_was_not_built_is_not_found(anybody: FlaskClient, dist: Path, address: str) -> None:
    answer = anybody.get(address)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_the_api_keeps_its_own_answers(anybody: FlaskClient, dist: Path) -> None:
    assert anybody.post("/api/v1/nothing").status_code == 404
    assert anybody.get("/api/v1/csrf-token").content_type == "application/json"
    assert anybody.post("/sign-in").status_code == 405


def test_the_compressed_copy_is_for_those_who_take_it(anybody: FlaskClient, dist: Path) -> None:
    packed = anybody.get("/assets/index-Ab12.js", headers={"Accept-Encoding": "gzip, br"})
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert (gzip.decompress(packed.data).decode(), packed.content_type) == (SCRIPT, "text/javascript; charset=utf-8")
    plain = anybody.get("/assets/index-Ab12.js")
    assert "Content-Encoding" not in plain.headers
    assert (plain.text, plain.headers["Vary"]) == (SCRIPT, "Accept-Encoding")
    assert plain.headers["ETag"] != packed.headers["ETag"]
    part = anybody.get("/assets/index-Ab12.js", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-5"})
    assert (part.status_code, part.data) == (206, b"export")


def test_where_nothing_was_built_the_page_says_what_to_run(anybody: FlaskClient) -> None:
    answer = anybody.get("/")
    assert answer.status_code == 503
    assert "make setup" in answer.text


def test_the_basemap_is_read_in_ranges(settings: Settings, deps: Deps, tmp_path: Path) -> None:
    (tmp_path / "town.pmtiles").write_bytes(b"PMTiles" + bytes(range(100)))
    ours = settings.model_copy(update={"basemap": str(tmp_path / "town.pmtiles"), "basemap_attribution": "Somebody"})
    client = with_settings(ours, deps)
    described = client.get("/api/v1/basemap").get_json()
    assert described == {"kind": "pmtiles", "url": "/basemap.pmtiles", "attribution": "Somebody", "overview": False}
    part = client.get(described["url"], headers={"Range": "bytes=0-6"})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"PMTiles", "bytes 0-6/107")


def test_a_foreign_host_may_be_asked_only_where_it_is_the_tile_server(settings: Settings, deps: Deps) -> None:
    def policy(**changed: str) -> tuple[str, FlaskClient]:
        ours = settings.model_copy(update=changed)
        client = with_settings(ours, deps)
        return client.get("/api/v1/csrf-token").headers["Content-Security-Policy"], client

    assert "//" not in policy()[0]
    told, client = policy(basemap="https://tiles.example:8443/{z}/{x}/{y}.png")
    assert "img-src 'self' data: https://tiles.example:8443;" in told
    assert "connect-src 'self' https://tiles.example:8443;" in told
    assert client.get("/api/v1/basemap").get_json()["kind"] == "raster"
    assert client.get("/basemap.pmtiles").status_code == 404


@pytest.mark.parametrize(
    ("basemap_set", "attribution"),
    [
        ("https://tiles.example/1.png", "Somebody"),
        ("https://tiles.example; script-src */{z}/{x}/{y}", "Somebody"),
        ("world", "Somebody"),
        ("/srv/town.pmtiles", ""),
    ],
)
def test_a_basemap_that_cannot_be_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, basemap_set: str, attribution: str) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("SECRET_KEY", "a secret of forty characters, for tests only")
    monkeypatch.setenv("BASEMAP", basemap_set)
    monkeypatch.setenv("BASEMAP_ATTRIBUTION", attribution)
    with pytest.raises(SettingsError, match="BASEMAP"):
        load_settings()
