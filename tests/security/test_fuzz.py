"""Anything at all, sent by everybody to every route that takes it from them: no fault of the server, and no answer that the API description does not promise.

Requests are made from the description (schemathesis), valid and invalid ones, with real ids in every second address, the ETag that an edit
needs, and real ids in bodies. A few in `make test`, in turns of right and wrong; many of each in `make test-all`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from app.extensions import limiter
from tests.security.callers import Caller, none_of
from tests.security.conftest import Street

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CALLERS = ("owner", "employee", "device", "kiosk", "operator", "anonymous")
FEW, MANY = 2, 40


@pytest.fixture(autouse=True)
def _no_limits() -> Iterator[None]:
    limiter.enabled = False
    yield
    limiter.enabled = True


@pytest.fixture(scope="module")
def operations(street: Street) -> list[APIOperation[Any, Any, Any, Any]]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", street.door.app)
    return [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]


def _known(value: Any, ids: Mapping[str, str], name: str = "") -> Any:
    """The same body, with ids that exist where it names something."""
    if isinstance(value, dict):
        return {key: _known(inner, ids, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_known(inner, ids, name.removesuffix("s")) for inner in value]
    return ids[name] if isinstance(value, str) and name.endswith("_id") and name in ids else value


def _prepared(street: Street, caller: Caller, case: Case[Any], *, real: bool) -> dict[str, str]:
    """The headers to send; real ids are put into the case."""
    entry = street.door.mounted[case.operation.definition.raw["operationId"]]
    if real:
        case.path_parameters.update({name: caller.ids[name] for name in case.path_parameters if name in caller.ids})
        case.body = _known(case.body, caller.ids)
    if "token" in case.path_parameters and caller.kind == "device":
        case.path_parameters["token"] = caller.credential
    headers = street.door.headers_for(caller, entry)
    if entry.operation.edits and real:
        shown = street.door.client.get(case.formatted_path, headers=headers)
        headers["If-Match"] = shown.headers.get("ETag", '"unknown"')
    return headers


def _fuzz(street: Street, caller: Caller, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, examples: int) -> str | None:
    """What was found wrong, or None."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=examples == FEW,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def run(case: Case[Any], real: bool) -> None:  # noqa: FBT001
        response = case.call(headers=_prepared(street, caller, case, real=real))
        case.validate_response(response, checks=CHECKS)

    try:
        run()
    except Unsatisfiable:
        return None  # there is nothing that could be sent wrongly
    except (Failure, FailureGroup) as found:
        return f"{operation.method.upper()} {operation.path}: {found}: {[str(each) for each in getattr(found, 'exceptions', [])]}"
    return None


def _all(street: Street, operations: list[APIOperation[Any, Any, Any, Any]], name: str, mode: GenerationMode, examples: int) -> list[str]:
    taken = [
        each
        for place, each in enumerate(operations)
        if _turn(street, each, name, mode, place) or (examples > FEW and name in _takers(street, each))
    ]
    assert taken
    return [found for each in taken if (found := _fuzz(street, street.callers[name], each, mode, examples))]


def _takers(street: Street, operation: APIOperation[Any, Any, Any, Any]) -> list[str]:
    """The callers from whom an operation is taken."""
    entry = street.door.mounted[operation.definition.raw["operationId"]]
    return [name for name in CALLERS if not isinstance(street.callers[name].expected(entry), int)]


def _turn(street: Street, operation: APIOperation[Any, Any, Any, Any], name: str, mode: GenerationMode, place: int) -> bool:
    """With few examples each caller sends to each operation what is right or what is wrong, in turns: both are sent, by one or the other."""
    takers = _takers(street, operation)
    if name not in takers or len(takers) == 1:
        return name in takers
    return (takers.index(name) + place) % 2 == (mode is GenerationMode.NEGATIVE)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("name", CALLERS)
def test_nothing_that_is_sent_breaks_the_server_or_its_promises(
    street: Street, operations: list[APIOperation[Any, Any, Any, Any]], name: str, mode: GenerationMode
) -> None:
    none_of(_all(street, operations, name, mode, FEW))


@pytest.mark.long
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("name", CALLERS)
def test_nothing_breaks_them_for_long(
    street: Street, operations: list[APIOperation[Any, Any, Any, Any]], name: str, mode: GenerationMode
) -> None:
    none_of(_all(street, operations, name, mode, MANY))


def test_an_address_names_the_methods_it_takes(street: Street) -> None:
    for path, methods in street.examples.description["paths"].items():
        address = path.replace("{token}", "nobody")
        for name in street.ours.people["owner"].ids:
            address = address.replace("{" + name + "}", street.ours.people["owner"].ids[name])
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} - {each.upper() for each in methods}:
            answer = street.door.client.open(address, method=method, headers={"Origin": "https://elsewhere.example"})
            assert answer.status_code == 405, (method, path)
            assert {each.lower() for each in answer.headers["Allow"].split(", ")} - {"head"} == set(methods), (method, path)
            assert answer.content_type == "application/problem+json"
            assert not [name for name, _ in answer.headers if name.lower().startswith("access-control-")]
            assert json.loads(answer.data)["type"] == "/problems/method-not-allowed"
