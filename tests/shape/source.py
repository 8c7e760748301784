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


def calls(*names: str) -> list[tuple[str, ast.Call]]:
    """Calls of something whose dotted name ends in one of these: `time.time`, `publish`."""
    found = []
    for path, node in every(ast.Call):
        assert isinstance(node, ast.Call)
        called = ast.unparse(node.func)
        if any(called == name or called.endswith(f".{name}") for name in names):
            found.append((path, node))
    return found


def imported(name: str) -> set[str]:
    """Modules of ours that import this module of somebody else."""
    found = set()
    for path, node in every(ast.AST):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        if any(each == name or each.startswith(f"{name}.") for each in names):
            found.add(path)
    return found
