"""Pages behind links: `/v/<link>` is a visitor's own, `/h/<link>` a host's. Neither needs a login or a script."""

from typing import Final
from urllib.parse import parse_qsl

from flask import Response
from sqlalchemy.orm import Session

from app.visitors import chain, page, pages, tokens
from app.web.route import RawCall, Routes

routes = Routes("visit_pages")
HTML: Final = "text/html; charset=utf-8"
FORM: Final = "application/x-www-form-urlencoded"
LIMIT: Final = "600 per minute"
"""By address: a whole building may stand behind one."""
PRIVATE: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
MAX_FORM: Final = 16_384


@routes.get("/v/<link>", action="link.use", transaction="own", limit=LIMIT, produces=("text/html",))
def visit_page(call: RawCall, link: str) -> Response:
    """A visitor's own page: their visits, what is known of them, and until when. Opening it changes nothing."""
    organization_id = tokens.organization_of_visit(link)
    if organization_id is None:
        return _nothing()
    with call.deps.database.tenant(organization_id) as session:
        return _own(session, organization_id, link, call, None)


@routes.post("/v/<link>", action="link.use", transaction="own", limit=LIMIT, produces=("text/html",), consumes=(FORM,), max_body_bytes=MAX_FORM)  # fmt: skip
def change_visit(call: RawCall, link: str, body: bytes) -> Response:
    """Correct or take back what one told, sign out, or erase everything."""
    organization_id, given = tokens.organization_of_visit(link), _given(body)
    if organization_id is None:
        return _nothing()
    with call.deps.database.tenant(organization_id) as session:
        visitor = pages.visitor_of(session, organization_id, link, lock=True)
        if visitor is None:
            return _nothing()
        said, locale = None, visitor.locale
        match given.get("do"):
            case "correct":
                said = "saved" if pages.correct(session, visitor, given, call.now, call.deps) else "wrong"
            case "photo":
                pages.take_photo(session, visitor)
                said = "saved"
            case "leave":
                pages.check_out(session, visitor, call.now)
                said = "left"
            case "erase" if pages.erase(session, visitor, call.deps):
                return _html(page.erased_page(locale))
            case "erase":
                said = "here"
        return _own(session, organization_id, link, call, said)


@routes.get("/v/<link>/visit.ics", action="link.use", transaction="own", limit=LIMIT, produces=("text/calendar",))
def visit_calendar(call: RawCall, link: str) -> Response:
    """A visitor's invitation for their calendar."""
    organization_id = tokens.organization_of_visit(link)
    if organization_id is None:
        return _nothing()
    with call.deps.database.tenant(organization_id) as session:
        visitor = pages.visitor_of(session, organization_id, link)
        text = None if visitor is None else pages.calendar(session, visitor, call.now, call.deps)
    if text is None:
        return _nothing()
    return Response(text, headers=PRIVATE, content_type="text/calendar; charset=utf-8")


@routes.get("/h/<link>", action="link.use", transaction="own", limit=LIMIT, produces=("text/html",))
def host_page(call: RawCall, link: str) -> Response:
    """Who is here for a host, and whether they come. Opening it changes nothing."""
    return _asked(call, link, None)


@routes.post("/h/<link>", action="link.use", transaction="own", limit=LIMIT, produces=("text/html",), consumes=(FORM,), max_body_bytes=MAX_FORM)  # fmt: skip
def answer_as_host(call: RawCall, link: str, body: bytes) -> Response:
    """Say that one comes, that somebody else should, or that it is not today; again: the last counts."""
    said = _given(body).get("answer")
    return _asked(call, link, said if said in page.ANSWERS else None)


@routes.get("/visit.css", action="service.read", transaction="own", produces=("text/css",))
def visit_page_style(_call: RawCall) -> Response:
    """The style sheet of these pages."""
    return Response(page.STYLE, content_type="text/css; charset=utf-8")


def _own(session: Session, organization_id: int, link: str, call: RawCall, said: str | None) -> Response:
    visitor = pages.visitor_of(session, organization_id, link)
    return _nothing() if visitor is None else _html(page.own_page(pages.own(session, visitor, call.deps), link, said))


def _asked(call: RawCall, link: str, said: str | None) -> Response:
    organization_id = tokens.organization_of_host(link)
    if organization_id is None:
        return _nothing()
    with call.deps.database.tenant(organization_id) as session:
        found = chain.by_link(session, organization_id, link, lock=said is not None)
        if found is None:
            return _nothing()
        if said is not None:
            pages.answer(session, *found, said, call.now, call.deps)
        return _html(page.host_page(pages.asked(session, *found)))


def _given(body: bytes) -> dict[str, str]:
    """The form; empty when it is none."""
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=12))
    except ValueError:
        return {}


def _html(text: str, status: int = 200) -> Response:
    return Response(text, status, PRIVATE, content_type=HTML)


def _nothing() -> Response:
    return _html(page.nothing_page(), 404)
