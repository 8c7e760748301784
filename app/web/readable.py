"""The API description as a page: plain HTML made on the server, one style sheet, no script."""

from collections.abc import Iterator
from typing import Any

from flask import Response
from markupsafe import Markup

from app.web.mount import current_muster
from app.web.openapi import document
from app.web.route import RawCall, Routes

routes = Routes("docs")

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
article { border-top: 1px solid #8886; padding: .5rem 0 1rem; }
h2 { margin-top: 3rem; } h3 { font-size: 1rem; margin: .5rem 0; }
code, h3 { font-family: ui-monospace, monospace; }
table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0; }
"""


@routes.get("/docs", action="service.read", transaction="own", produces=("text/html",))
def page(_call: RawCall) -> Response:
    """This page."""
    return Response(html(document(current_muster().mounted.values())), content_type="text/html; charset=utf-8")


@routes.get("/docs.css", action="service.read", transaction="own", produces=("text/css",))
def style(_call: RawCall) -> Response:
    """The style sheet of the page."""
    return Response(STYLE, content_type="text/css; charset=utf-8")


def html(described: dict[str, Any]) -> str:
    """The whole page. Every value is escaped by Markup."""
    head = Markup(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Muster API</title><link rel="stylesheet" href="docs.css"><h1>Muster API</h1>'
    )
    intro = Markup('<p>{} The same for machines: <a href="openapi.json">openapi.json</a>.</p>').format(described["info"]["description"])
    return head + intro + Markup().join(_operations(described)) + Markup("<h2>Schemas</h2>") + Markup().join(_schemas(described))


def _operations(described: dict[str, Any]) -> Iterator[Markup]:
    by_tag: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            by_tag.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    for tag, operations in sorted(by_tag.items()):
        yield Markup("<h2>{}</h2>").format(tag)
        yield from (_operation(*each) for each in operations)


def _operation(method: str, path: str, operation: dict[str, Any]) -> Markup:
    body = operation.get("requestBody", {}).get("content", {})
    rows = [("who", ", ".join(name for each in operation["security"] for name in each) or "anybody"), ("action", operation["x-action"])]
    rows += [(f"{each['in']} {each['name']}", _kind(each["schema"])) for each in operation["parameters"]]
    rows += [(f"body {kind}", _kind(content["schema"])) for kind, content in body.items()]
    rows += [
        (
            status,
            answer["description"]
            + " "
            + " ".join(_kind(content["schema"]) for kind, content in answer.get("content", {}).items() if "problem" not in kind),
        )
        for status, answer in operation["responses"].items()
    ]
    table = Markup().join(Markup("<tr><th>{}<td>{}").format(*row) for row in rows)
    head = Markup('<article id="{}"><h3>{} {}</h3><p>{}</p>').format(operation["operationId"], method, path, operation["summary"])
    return head + Markup("<table>{}</table></article>").format(table)


def _schemas(described: dict[str, Any]) -> Iterator[Markup]:
    for name, schema in sorted(described["components"]["schemas"].items()):
        fields = schema.get("properties", {}).items()
        rows = Markup().join(
            Markup("<tr><th>{}<td>{}<td>{}").format(field, _kind(each), each.get("description", "")) for field, each in fields
        )
        yield Markup('<article id="{}"><h3>{}</h3><p>{}</p><table>{}</table></article>').format(
            name, name, schema.get("description", ""), rows
        )


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words: `string (uuid)`, `list of Site`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema or "oneOf" in schema:
        return " or ".join(_kind(each) for each in schema.get("anyOf") or schema["oneOf"])
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return f"{schema.get('type', 'anything')}{' (' + schema['format'] + ')' if 'format' in schema else ''}"
