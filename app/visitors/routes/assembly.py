"""The assembly point over HTTP: the poster for members, the page for whoever scans it."""

from io import BytesIO
from typing import Final
from urllib.parse import parse_qs
from uuid import UUID

import segno
from flask import Response, request

from app.errors import NotFound, TooMany
from app.visitors import assembly, assembly_page, tokens
from app.visitors.roll_schemas import AssemblyCodeOut
from app.web.route import Call, RawCall, Routes

routes = Routes("assembly", module="visitors")
pages = Routes("assembly_pages")
HTML: Final = "text/html; charset=utf-8"
FORM: Final = "application/x-www-form-urlencoded"
LIMIT: Final = "600 per minute"
"""By address: a whole building may stand behind one."""
PRIVATE: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
MAX_FORM: Final = 4_096
MAX_NAME: Final = 200


@routes.get("/sites/<uuid:site_id>/assembly-code", action="roll_call.read", problems=(NotFound,))
def read_assembly_code(call: Call, site_id: UUID) -> AssemblyCodeOut:
    """The code to hang at a site's assembly point: whoever scans it says that they are safe, without a login."""
    return _code(assembly.poster(call.session, call.actor, site_id, call.deps))


@routes.post("/sites/<uuid:site_id>/assembly-code/renewal", action="visit.set_up", problems=(NotFound,))
def renew_assembly_code(call: Call, site_id: UUID) -> AssemblyCodeOut:
    """A new code. Posters that hang now are worthless from here on."""
    return _code(assembly.renew(call.session, call.actor, site_id, call.deps))


@pages.get("/a/<point>", action="link.use", transaction="own", limit=LIMIT, produces=("text/html",))
def assembly_page_of(call: RawCall, point: str) -> Response:
    """The page of an assembly point. Opening it changes nothing."""
    return _shown(call, point, None)


@pages.post("/a/<point>", action="link.use", transaction="own", limit=LIMIT, produces=("text/html",), consumes=(FORM,), max_body_bytes=MAX_FORM)  # fmt: skip
def say_safe(call: RawCall, point: str, body: bytes) -> Response:
    """Say that one is safe, by whole name or six digits; again: it stays so."""
    found, who = tokens.assembly_point(call.deps.settings, point), _who(body)
    if found is None:
        return _html(assembly_page.old_page(), 404)
    with call.deps.database.tenant(found[0]) as session:
        if assembly.point(session, *found) is None:
            return _html(assembly_page.old_page(), 404)
    if not who:
        return _shown(call, point, "empty")
    try:
        outcome: str = assembly.say_safe(found[0], found[1], who, call.now, call.deps)
    except TooMany:
        outcome = "wait"
    return _shown(call, point, outcome)


@pages.get("/assembly.css", action="service.read", transaction="own", produces=("text/css",))
def page_style(_call: RawCall) -> Response:
    """The style sheet of this page."""
    return Response(assembly_page.STYLE, content_type="text/css; charset=utf-8")


def _shown(call: RawCall, token: str, said: str | None) -> Response:
    found = tokens.assembly_point(call.deps.settings, token)
    if found is None:
        return _html(assembly_page.old_page(), 404)
    with call.deps.database.tenant(found[0]) as session:
        point = assembly.point(session, *found)
    if point is None:
        return _html(assembly_page.old_page(), 404)
    locale = request.accept_languages.best_match(("nl", "en")) or point.locale
    return _html(assembly_page.page(point, locale, said))


def _who(body: bytes) -> str:
    """What was filled in, cleaned; empty when nothing of use was."""
    try:
        given = parse_qs(body.decode("ascii"), max_num_fields=5, errors="strict").get("who", [])
    except ValueError:
        return ""
    text = "".join(letter for letter in (given[0] if len(given) == 1 else "") if letter.isprintable())
    return " ".join(text.split())[:MAX_NAME]


def _html(text: str, status: int = 200) -> Response:
    return Response(text, status, PRIVATE, content_type=HTML)


def _code(poster: assembly.Poster) -> AssemblyCodeOut:
    out = BytesIO()
    segno.make(poster.link, error="m", micro=False).save(out, kind="svg", xmldecl=False, border=4)
    return AssemblyCodeOut(link=poster.link, svg=out.getvalue().decode())
