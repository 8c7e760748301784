"""The source of the house, parsed once, for tests that look at its shape."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def modules() -> dict[str, ast.Module]:
    """Path from the root of the repository -> syntax tree, for every module of `app`."""
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in sorted((ROOT / "app").rglob("*.py"))}


def every(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Each node of a kind, with the module that holds it."""
    return ((path, node) for path, tree in modules().items() for node in ast.walk(tree) if isinstance(node, kind))


@cache
def _calls() -> list[tuple[str, str, ast.Call]]:
    return [(path, ast.unparse(node.func), node) for path, node in every(ast.Call) if isinstance(node, ast.Call)]


def calls(*names: str) -> list[tuple[str, ast.Call]]:
    """Calls of something whose dotted name ends in one of these: `time.time`, `publish`."""
    return [(path, node) for path, called, node in _calls() if any(called == name or called.endswith(f".{name}") for name in names)]


@cache
def _imports() -> list[tuple[str, str]]:
    """(module of ours, what it imports)"""
    found = [(path, alias.name) for path, node in every(ast.Import) if isinstance(node, ast.Import) for alias in node.names]
    for path, node in every(ast.ImportFrom):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [(path, node.module), *((path, f"{node.module}.{alias.name}") for alias in node.names)]
    return found


def imported(name: str) -> set[str]:
    """Modules of ours that import this module of somebody else."""
    return {path for path, each in _imports() if each == name or each.startswith(f"{name}.")}
