"""The description of the API, made from what is mounted, so that it cannot be wrong about it.

1. Each operation gives its parameters, body and answer; pydantic gives their schemas (JSON Schema 2020-12, which OpenAPI 3.1 speaks).
2. Each guard and each feature (body, query, edits, keys, limits) brings the problems it may answer with; `problems=` adds the view's own.
3. The page for readers (`readable.py`) is made from the same document.
"""

import inspect
import re
from collections.abc import Iterable
from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from app import errors
from app.errors import MusterError
from app.web.guards import SCHEMES
from app.web.mount import Mounted, current_muster
from app.web.parsing import Answer
from app.web.problems import PROBLEM_JSON
from app.web.route import RawCall, Routes
from app.web.sections import SECTIONS, section_of

API: Final = "/api/v1"
_PATH: Final = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
_PATH_TYPES: Final[dict[str | None, dict[str, Any]]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
}

routes = Routes("openapi")


class FieldProblem(Answer):
    """One wrong field."""

    field: str
    message: str
    next_step: str | None = None


class Problem(Answer):
    """What went wrong and what to do (RFC 9457). Compare `type`, show `detail`; a problem may say more in members of its own."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    request_id: str


@routes.get("/openapi.json", action="service.read", transaction="own")
def description(_call: RawCall) -> dict[str, Any]:
    """This description, in OpenAPI 3.1."""
    return of_this_app()


def of_this_app() -> dict[str, Any]:
    """The document of the current app. Anybody may ask for it, and it takes half a second to make: it is made once."""
    muster = current_muster()
    if not muster.described:
        muster.described.update(document(muster.mounted.values()))
    return muster.described


def document(mounted: Iterable[Mounted]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of everything under /api/v1."""
    api = [entry for entry in mounted if entry.rule.startswith(API)]
    schemas, components = _schemas(api)
    paths: dict[str, dict[str, Any]] = {}
    for entry in api:
        paths.setdefault(_PATH.sub(r"{\2}", entry.rule), {})[entry.operation.method.lower()] = _operation(entry, schemas, components)
    used = {scheme for entry in api for scheme in entry.guard.schemes if scheme != "device_path"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Muster", "version": "1", "description": "Know who is on site. Reach them. Keep nothing else."},
        "tags": [{"name": name} for name in _in_order({section_of(entry.operation.blueprint) for entry in api})],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {name: SCHEMES[name] for name in sorted(used)}},
    }


def _in_order(sections: set[str]) -> list[str]:
    return [*(title for title in SECTIONS if title in sections), *sorted(sections - set(SECTIONS))]


def _schemas(api: list[Mounted]) -> tuple[dict[Any, Any], dict[str, Any]]:
    inputs: list[tuple[Any, JsonSchemaMode, TypeAdapter[Any]]] = [
        (entry.operation.name, "validation", TypeAdapter(entry.operation.body))
        for entry in api
        if entry.operation.body not in (None, bytes)
    ]
    inputs += [(_query_key(entry), "validation", TypeAdapter(entry.operation.query)) for entry in api if entry.operation.query]
    inputs += [(entry.operation.name, "serialization", entry.operation.adapter) for entry in api if entry.operation.adapter]
    inputs += [("problem", "serialization", TypeAdapter(Problem))]
    found, definitions = TypeAdapter.json_schemas(inputs, ref_template="#/components/schemas/{model}")
    return found, definitions.get("$defs", {})


def _operation(entry: Mounted, schemas: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    operation = entry.operation
    summary, _, text = (operation.view.__doc__ or "").strip().partition("\n")
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [section_of(operation.blueprint)],
        "summary": summary,
        "x-action": operation.action,
        "parameters": [*_path_parameters(entry.rule), *_query(entry, schemas, components), *_headers(entry)],
        "responses": {str(operation.status): _answer(entry, schemas)} | _problems(entry, schemas[("problem", "serialization")]),
        "security": [{scheme: []} for scheme in entry.guard.schemes if scheme != "device_path"],
    }
    if text.strip():
        described["description"] = text.strip()
    if operation.body:
        schema = {} if operation.body is bytes else schemas[(operation.name, "validation")]
        described["requestBody"] = {"required": True, "content": {kind: {"schema": schema} for kind in operation.consumes}}
    return described


def _query_key(entry: Mounted) -> str:
    return f"{entry.operation.name}?"


def _path_parameters(rule: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _PATH_TYPES.get(kind, {"type": "string"})}
        for kind, name in _PATH.findall(rule)
    ]


def _query(entry: Mounted, schemas: dict[Any, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    """One parameter for each field of the query model. "Left out" is how a query string says null."""
    if entry.operation.query is None:
        return []
    schema = schemas[(_query_key(entry), "validation")]
    found = components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    required = found.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(field)}
        for name, field in found.get("properties", {}).items()
    ]


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in field.get("anyOf", []) if kind != {"type": "null"}]
    rest = {name: value for name, value in field.items() if name != "anyOf" and (name, value) != ("default", None)}
    return rest | kinds[0] if len(kinds) == 1 else rest | ({"anyOf": kinds} if kinds else {})


def _headers(entry: Mounted) -> list[dict[str, Any]]:
    operation, found = entry.operation, []
    if operation.edits:
        found.append(
            {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}, "description": "The ETag you loaded."}
        )
    if operation.idempotent:
        schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": schema,
                "description": "A fresh UUID for a new request.",
            }
        )
    return found


def _answer(entry: Mounted, schemas: dict[Any, Any]) -> dict[str, Any]:
    operation = entry.operation
    described: dict[str, Any] = {"description": "Done."}
    if operation.answer is not None:
        schema = schemas.get((operation.name, "serialization"), {})
        described["content"] = {kind: {"schema": schema} for kind in operation.produces}
    return described


def problems_of(entry: Mounted) -> set[type[MusterError]]:
    """Every problem this route may answer with: what its features bring, and what it declares."""
    operation, path = entry.operation, "<" in entry.rule
    found: set[type[MusterError]] = set(operation.problems)
    brought: list[tuple[Any, tuple[type[MusterError], ...]]] = [
        (entry.guard.schemes, (errors.Unauthorized, errors.Forbidden)),
        (any(single.by_cookie for single in entry.guard.singles), (errors.PasswordChangeRequired,)),
        (operation.method != "GET", (errors.CsrfRefused,)),
        (operation.module or path, (errors.NotFound,)),
        (operation.body, (errors.BadRequest, errors.TooLarge, errors.WrongContentType, errors.Invalid)),
        (operation.body not in (None, bytes), (errors.Malformed,)),
        (operation.query, (errors.Invalid,)),
        (operation.edits, (errors.MatchRequired, errors.Stale)),
        (operation.idempotent, (errors.Invalid, errors.KeyReused, errors.AlreadyDone)),
        (operation.limit, (errors.TooMany,)),
        (entry.guard.schemes or operation.transaction == "request", (errors.Unavailable,)),
    ]
    for present, kinds in brought:
        found |= set(kinds) if present else set()
    return found


def _problems(entry: Mounted, schema: dict[str, Any]) -> dict[str, Any]:
    by_status: dict[int, list[type[MusterError]]] = {}
    for kind in sorted(problems_of(entry), key=lambda kind: (kind.status, kind.__name__)):
        by_status.setdefault(kind.status, []).append(kind)
    return {
        str(status): {
            "description": " ".join(f"`{kind.type_name()}`: {inspect.cleandoc(kind.__doc__ or '')}" for kind in kinds),
            "content": {PROBLEM_JSON: {"schema": schema}},
        }
        for status, kinds in by_status.items()
    }
