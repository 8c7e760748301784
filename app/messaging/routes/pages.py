"""Pages behind links in messages: `/r/<link>` to answer, `/u/<link>` to stop ordinary messages. Neither needs a login or a script."""

from typing import Final
from urllib.parse import parse_qs

from flask import Response
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.reply import REPLIES
from app.errors import Conflict
from app.messaging import alert_views, links, pages, preferences, replies
from app.web.route import RawCall, Routes

routes = Routes("reply_pages")
HTML: Final = "text/html; charset=utf-8"
FORM: Final = "application/x-www-form-urlencoded"
LIMIT: Final = "600 per minute"
"""By address: a whole building may answer from one."""
PRIVATE: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
MAX_FORM: Final = 4_096


@routes.get("/r/<link>", action="link.use", transaction="own", limit=LIMIT, produces=("text/html",))
def reply_page(call: RawCall, link: str) -> Response:
    """The message behind a reply link, and the answers to it. Opening it changes nothing."""
    organization_id = links.organization_of_reply(link)
    if organization_id is None:
        return _nothing()
    with call.deps.database.tenant(organization_id) as session:
        return _reply_page(session, organization_id, link, call, thanks=False)


@routes.post(
    "/r/<link>", action="link.use", transaction="own", limit=LIMIT, produces=("text/html",), consumes=(FORM,), max_body_bytes=MAX_FORM
)
def answer_by_link(call: RawCall, link: str, body: bytes) -> Response:
    """Answer by a reply link, once or again; also after the alert is over."""
    organization_id, said = links.organization_of_reply(link), _said(body)
    if organization_id is None:
        return _nothing()
    with call.deps.database.tenant(organization_id) as session:
        recipient = replies.by_link(session, organization_id, link)
        if recipient is None:
            return _nothing()
        thanks = False
        if said is not None:
            try:
                replies.reply(session, organization_id, recipient, said, None, "link", call.now, call.now, call.deps)
                thanks = True
            except Conflict:
                thanks = False
        return _reply_page(session, organization_id, link, call, thanks=thanks)


@routes.get("/u/<link>", action="link.use", transaction="own", limit=LIMIT, produces=("text/html",))
def leave_page(call: RawCall, link: str) -> Response:
    """Whether to stop ordinary messages. Opening it changes nothing."""
    return _leave(call, link, leave=False)


@routes.post(
    "/u/<link>",
    action="link.use",
    transaction="own",
    limit=LIMIT,
    produces=("text/html",),
    consumes=(FORM, "multipart/form-data"),
    max_body_bytes=MAX_FORM,
)
def leave_by_link(call: RawCall, link: str, body: bytes) -> Response:  # noqa: ARG001 (RFC 8058: whatever it says, the request itself is the wish)
    """Stop ordinary messages: the button, or a mail program's one click (RFC 8058)."""
    return _leave(call, link, leave=True)


@routes.get("/reply.css", action="service.read", transaction="own", produces=("text/css",))
def page_style(_call: RawCall) -> Response:
    """The style sheet of these pages."""
    return Response(pages.STYLE, content_type="text/css; charset=utf-8")


def _reply_page(session: Session, organization_id: int, link: str, call: RawCall, *, thanks: bool) -> Response:
    recipient = replies.by_link(session, organization_id, link)
    if recipient is None:
        return _nothing()
    organization = accounts.get_organization(session, organization_id)
    shown = alert_views.of_recipient(session, organization_id, recipient, call.deps)
    locale = alert_views.locale_of(session, organization_id, recipient)
    return _html(pages.reply_page(shown, locale, organization.timezone, thanks=thanks))


def _leave(call: RawCall, link: str, *, leave: bool) -> Response:
    found = links.leaver(call.deps.settings, link)
    if found is None:
        return _nothing()
    organization_id, person_id = found
    with call.deps.database.tenant(organization_id) as session:
        people = accounts.people_of_ids(session, organization_id, [person_id])
        if person_id not in people or people[person_id].left_at is not None:
            return _nothing()
        if leave:
            preferences.opt_out(session, organization_id, person_id, "link", call.now)
        organization = accounts.get_organization(session, organization_id)
        return _html(pages.leave_page(organization.name, people[person_id].locale or organization.locale, left=leave))


def _said(body: bytes) -> str | None:
    """The one answer of the form; None when it has none, or something else."""
    try:
        given = parse_qs(body.decode("ascii"), max_num_fields=5).get("reply", [])
    except ValueError:
        return None
    return given[0] if len(given) == 1 and given[0] in REPLIES else None


def _html(text: str, status: int = 200) -> Response:
    return Response(text, status, PRIVATE, content_type=HTML)


def _nothing() -> Response:
    return _html(pages.nothing_page(), 404)
