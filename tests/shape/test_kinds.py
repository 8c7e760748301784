"""Whatever is written down to be done has somebody who does it; every row of the authority table is for something."""

import ast
import re

import pytest

from app import authority
from app.factory import create_app
from app.outbox.carry import Long, Together
from app.subscriptions import HANDLERS
from tests.shape.source import calls, every, modules
from tests.shape.test_routes import _settings

WORD = re.compile(r"[a-z_]+")
KIND = re.compile(r"(accounts|privacy|geofences|attendance|messaging|visitors|roll_call)\.[a-z_]+")


def published() -> dict[str, str]:
    """Kind -> module, for every constant that names one and is used as more than a word."""
    found = {}
    for path, tree in modules().items():
        if path == "app/authority.py":
            continue
        for node in ast.walk(tree):
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and KIND.fullmatch(value.value):
                found[value.value] = path
    return found


def test_whatever_is_published_has_a_handler_and_every_handler_is_needed() -> None:
    assert set(published()) == set(HANDLERS)
    assert all(isinstance(handler, Long | Together) or callable(handler) for handler in HANDLERS.values())


def test_kinds_of_work_are_constants() -> None:
    """So that the test above sees them all."""
    bare = {
        f"{path}:{node.lineno}"
        for path, node in every(ast.Call)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "publish" and "redis" not in ast.unparse(node.func)
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    assert bare == set()


@pytest.fixture(scope="module")
def news() -> set[str]:
    """Actions that let somebody see a kind of news that some module writes."""
    said = {
        node.value
        for path, _ in calls("live", "live_all", "live_hot")
        for node in ast.walk(modules()[path])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORD.fullmatch(node.value)
    }
    return {f"{word}.read" for word in said}


def test_every_row_of_the_authority_table_is_for_a_route_or_for_news(news: set[str]) -> None:
    mounted = create_app(_settings()).extensions["muster"].mounted
    used = {entry.operation.action for entry in mounted.values()}
    assert set(authority.ACTIONS) - used - news == set()
