"""The web app's files as the build left them, under every address that is not the API's.

1. A file that was built is served as it is; one with its hash in the name may be kept for ever, any other is asked for anew each time.
2. Any other address without an ending is a screen of the app, which finds its own way: it gets the entry, the kiosk's under /kiosk.
3. Where a browser takes it, the copy that the build compressed is served in place of the original.
4. Before a browser has the app, the entry comes as the build prepared it for what is seen first: sign-in without a session's cookie, else Today, or
   the kiosk; in the language that the browser asks for. Whose cookie it is, and whether it still holds, nobody looks at here.
5. Nothing is read from a request but the address, that there is such a cookie, and what HTTP says about languages, caching, compression and ranges.
"""

import os
from pathlib import Path
from typing import Final

from flask import Flask, Response, current_app, request, send_file
from werkzeug.routing import BaseConverter
from werkzeug.security import safe_join

from app.errors import NotFound
from app.web.route import RawCall, Routes

PWA: Final = Path(__file__).resolve().parents[2] / "pwa"
HASHED: Final = "assets/"
FOR_EVER: Final = "public, max-age=31536000, immutable"
KINDS: Final = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
"""By our own table: the system's would differ from one machine to the next. What is not in it is not served."""
LANGUAGES: Final = ("en", "nl")
COMPRESSED: Final = (("br", ".br"), ("gzip", ".gz"))
NOT_BUILT: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Muster</title>'
    "<h1>The web app has not been built</h1><p>Run <code>make setup</code> where Muster is installed, then load this page again.</p>"
    '<p>The server itself is up: <a href="/api/v1/docs">what it can do</a>.</p>'
)

routes = Routes("pwa")


class Screen(BaseConverter):
    """Any address but the API's."""

    regex = r"(?!api(?:/|$))[^/].*?"
    part_isolating = False


def attach(app: Flask) -> None:
    """Let rules say `<screen:...>`."""
    app.url_map.converters["screen"] = Screen


@routes.get("/", action="service.read", transaction="own", produces=("text/html",))
def home(call: RawCall) -> Response:
    """The app."""
    return first_page(call.deps.settings.pwa_dir, "index.html", "")


@routes.get("/<screen:screen>", action="service.read", transaction="own", produces=("text/html",), problems=(NotFound,))
def screen(call: RawCall, screen: str) -> Response:
    """A file of the app, or one of its screens."""
    file = file_for(screen)
    return served(call.deps.settings.pwa_dir, file) if file == screen else first_page(call.deps.settings.pwa_dir, file, screen)


def file_for(address: str) -> str:
    """The built file that answers an address. Raises `NotFound`."""
    if ".." in address.split("/"):
        raise NotFound
    if Path(address).suffix in KINDS or address.startswith(HASHED):
        return address
    if "." in address.rpartition("/")[2]:
        raise NotFound
    return "kiosk.html" if address == "kiosk" or address.startswith("kiosk/") else "index.html"


def first_page(dist: Path, entry: str, screen: str) -> Response:
    """An entry as the build prepared it for what is seen first, or as it is."""
    language = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    prepared = f"first/{_first(entry, screen)}.{language}.html"
    response = served(dist, prepared if (dist / prepared).is_file() else entry)
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def _first(entry: str, screen: str) -> str:
    """The screen that is seen first."""
    if entry == "kiosk.html":
        return "kiosk"
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return "sign-in"
    return "today" if screen in {"", "today"} else "other"


def served(dist: Path, name: str) -> Response:
    """A file of the build with its headers: 200, 304 or 206. Raises `NotFound`."""
    if not (dist / "index.html").is_file():
        return Response(NOT_BUILT, 503, content_type="text/html; charset=utf-8")
    path = safe_join(str(dist), name)
    kind = KINDS.get(Path(name).suffix)
    if path is None or kind is None or not os.path.isfile(path):  # noqa: PTH113 (of a name too long for the disk Path.is_file raises)
        raise NotFound
    encoding, chosen = _best(path)
    response = send_file(chosen, mimetype=kind)
    response.headers["Cache-Control"] = FOR_EVER if name.startswith(HASHED) else "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def _best(path: str) -> tuple[str | None, str]:
    """The compressed copy this browser takes and the build made, or the original; a range is always one of the original."""
    for encoding, ending in COMPRESSED:
        if "Range" not in request.headers and request.accept_encodings.quality(encoding) and Path(path + ending).is_file():
            return encoding, path + ending
    return None, path
