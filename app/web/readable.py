"""The API description as a page: plain HTML made on the server, one style sheet, no script."""

import re
from collections.abc import Iterator
from typing import Any, Final

from flask import Response
from markupsafe import Markup, escape

from app.web.mount import current_muster
from app.web.openapi import of_this_app
from app.web.route import RawCall, Routes

routes = Routes("docs")

BODIES: Final = "Bodies and answers"
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
article { border-top: 1px solid #8886; padding: .5rem 0 1rem; }
h2 { margin-top: 3rem; } h3 { font-size: 1rem; margin: .5rem 0; }
code, h3 { font-family: ui-monospace, monospace; }
nav { line-height: 2; }
table { border-collapse: collapse; overflow-wrap: anywhere; } th { min-width: 6rem; } td, th { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0; }
"""


@routes.get("/docs", action="service.read", transaction="own", produces=("text/html",))
def page(_call: RawCall) -> Response:
    """This page."""
    made = current_muster().page
    if not made:
        made.append(html(of_this_app()))
    return Response(made[0], content_type="text/html; charset=utf-8")


@routes.get("/docs.css", action="service.read", transaction="own", produces=("text/css",))
def style(_call: RawCall) -> Response:
    """The style sheet of the page."""
    return Response(STYLE, content_type="text/css; charset=utf-8")


def html(described: dict[str, Any]) -> str:
    """The whole page. Every value is escaped by Markup."""
    head = Markup(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Muster API</title>'
        '<link rel="stylesheet" href="docs.css"><h1>Muster API</h1>'
    )
    intro = Markup('<p>{} The same for machines: <a href="openapi.json">openapi.json</a>.</p>').format(described["info"]["description"])
    titles = [*(tag["name"] for tag in described["tags"]), BODIES]
    contents = Markup(" &middot; ").join(Markup('<a href="#{}">{}</a>').format(_anchor(title), title) for title in titles)
    schemas = Markup('<h2 id="{}">{}</h2>').format(_anchor(BODIES), BODIES) + Markup().join(_schemas(described))
    return head + intro + Markup("<nav>{}</nav>").format(contents) + Markup().join(_operations(described)) + schemas


def _anchor(title: str) -> str:
    return "section-" + re.sub(r"[^a-z]+", "-", title.lower())


def _operations(described: dict[str, Any]) -> Iterator[Markup]:
    by_tag: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            by_tag.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    for tag in described["tags"]:
        yield Markup('<h2 id="{}">{}</h2>').format(_anchor(tag["name"]), tag["name"])
        yield from (_operation(*each) for each in by_tag[tag["name"]])


def _operation(method: str, path: str, operation: dict[str, Any]) -> Markup:
    body = operation.get("requestBody", {}).get("content", {})
    who = ", ".join(name for each in operation["security"] for name in each) or "anybody"
    rows = [("who", escape(who)), ("action", escape(operation["x-action"]))]
    rows += [(f"{each['in']} {each['name']}", _kind(each["schema"])) for each in operation["parameters"]]
    rows += [(f"body {kind}", _kind(content["schema"])) for kind, content in body.items()]
    for status, answer in operation["responses"].items():
        kinds = [_kind(content["schema"]) for kind, content in answer.get("content", {}).items() if "problem" not in kind]
        rows.append((status, Markup(" ").join([_prose(answer["description"]), *kinds])))
    table = Markup().join(Markup("<tr><th>{}<td>{}").format(*row) for row in rows)
    head = Markup('<article id="{}"><h3>{} {}</h3><p>{}</p>').format(operation["operationId"], method, path, operation["summary"])
    return head + Markup("<table>{}</table></article>").format(table)


def _schemas(described: dict[str, Any]) -> Iterator[Markup]:
    for name, schema in sorted(described["components"]["schemas"].items()):
        fields = schema.get("properties", {}).items()
        rows = Markup().join(
            Markup("<tr><th>{}<td>{}<td>{}").format(field, _kind(each), _prose(each.get("description", ""))) for field, each in fields
        )
        yield Markup('<article id="{}"><h3>{}</h3><p>{}</p><table>{}</table></article>').format(
            name, name, _prose(schema.get("description", "")), rows
        )


def _prose(text: str) -> Markup:
    """The text, with what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  (escaped before)


def _kind(schema: dict[str, Any]) -> Markup:
    """A schema in a few words, with links: `string (uuid)`, `list of Site`."""
    if "$ref" in schema:
        return Markup('<a href="#{0}">{0}</a>').format(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema or "oneOf" in schema:
        return Markup(" or ").join(_kind(each) for each in schema.get("anyOf") or schema["oneOf"])
    if "enum" in schema:
        return Markup(" or ").join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return Markup("list of {}").format(_kind(schema.get("items", {})))
    return escape(f"{schema.get('type', 'anything')}{' (' + schema['format'] + ')' if 'format' in schema else ''}")
