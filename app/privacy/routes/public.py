"""For everybody: the location notice and the privacy statement, as data and as a page that needs no sign-in and no script."""

from typing import Annotated

from flask import Response
from pydantic import Field

from app.errors import NotFound
from app.privacy import texts
from app.privacy.page import STYLE, html
from app.privacy.schemas import LocaleQuery, TextOut, Version
from app.privacy.service.register import terms
from app.web.fields import Locale
from app.web.parsing import Query
from app.web.route import RawCall, Routes

routes = Routes("privacy_texts")
pages = Routes("privacy_page")


class PageOf(Query):
    """Which language and, for an earlier one, which version."""

    locale: Locale = "nl"
    version: Annotated[Version, Field(description="Left out: the current one.")] | None = None


@routes.get("/privacy/notice", action="service.read", transaction="own")
def current_notice(_call: RawCall, query: LocaleQuery) -> TextOut:
    """What a person must read before sharing their location."""
    return _shown(texts.current("notice", query.locale))


@routes.get("/privacy/statement", action="service.read", transaction="own")
def current_statement(_call: RawCall, query: LocaleQuery) -> TextOut:
    """The current privacy statement."""
    return _shown(texts.current("statement", query.locale))


@routes.get("/privacy/statements", action="service.read", transaction="own")
def statements(_call: RawCall, query: LocaleQuery) -> list[TextOut]:
    """Every version of the privacy statement, newest first."""
    return [_shown(text) for text in texts.versions("statement", query.locale)]


@pages.get("/privacy", action="service.read", transaction="own", produces=("text/html",), problems=(NotFound,))
def privacy_page(call: RawCall, query: PageOf) -> Response:
    """The privacy statement as a page."""
    shown = texts.text("statement", query.version, query.locale) if query.version else texts.current("statement", query.locale)
    if shown is None:
        raise NotFound
    others = [text for text in texts.versions("statement", query.locale) if text.version != shown.version]
    return Response(html(shown, others, terms(call.deps.settings, query.locale)), content_type="text/html; charset=utf-8")


@pages.get("/privacy.css", action="service.read", transaction="own", produces=("text/css",))
def privacy_style(_call: RawCall) -> Response:
    """The style sheet of the page."""
    return Response(STYLE, content_type="text/css; charset=utf-8")


def _shown(text: texts.PublishedText) -> TextOut:
    return TextOut(version=text.version, locale=text.locale, changed_on=text.changed_on, sha256=text.sha256, text=text.text)
