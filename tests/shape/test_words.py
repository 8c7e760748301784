"""What the server says of one case is read by people, in their own language: the web app has Dutch for all of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

APP, CATALOGUE = Path("app"), Path("pwa/src/api/server-words.nl.ts")
DOMAINS = ("accounts", "attendance", "geofences", "messaging", "privacy", "visitors")
DOCUMENTS = ("cap", "capschema", "escalation", "target", "template")
SPEAKERS = frozenset(
    {"Conflict", "Forbidden", "Unauthorized", "Fault", "FileRefused", "of", "FieldError", "ValueError", "PydanticCustomError"}
)
FOR_PROGRAMS = frozenset(
    {
        "An operator with this sign-in name exists. Choose another name.",  # the command line
        "Correct it and send the ping again.",  # phones
    }
)


def text_of(node: ast.expr) -> str | None:
    """A sentence in the source, with `{}` for what is filled in."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
    return None


def constants(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """The texts that a module gives a name; of a dictionary its values."""
    found: dict[str, list[ast.expr]] = {}
    for node in tree.body:
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(target, ast.Name) and node.value is not None:
            found[target.id] = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
    return found


def spoken(path: Path) -> Iterator[str]:
    """Every sentence in an error that this file raises, also one that it gives a name, or says when a row clashes (`flush`)."""
    tree = ast.parse(path.read_text())
    named = constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in SPEAKERS:
            given = list(node.args)
        elif name == "flush" and len(node.args) == 2:
            given = node.args[1].values if isinstance(node.args[1], ast.Dict) else [node.args[1]]
        else:
            continue
        meant = [real for one in given for real in (named.get(one.id, []) if isinstance(one, ast.Name) else [one])]
        yield from (text for one in meant if (text := text_of(one)) and " " in text)


def test_every_error_that_a_person_may_read_has_dutch_words() -> None:
    entries = re.findall(r"^\s*(?:\[|)\s*(?P<q>['\"])(?P<text>(?:(?!(?P=q)).)+)(?P=q),", CATALOGUE.read_text(), re.MULTILINE)
    known = [re.compile(re.escape(text).replace(r"\{\}", ".+?"), re.DOTALL) for _, text in entries]
    said = {text for domain in DOMAINS for path in (APP / domain).rglob("*.py") for text in spoken(path)} - FOR_PROGRAMS
    said |= {text for name in DOCUMENTS for text in spoken(APP / "core" / f"{name}.py")}
    assert len(said) > 100, "the search finds what errors say"
    assert sorted(text for text in said if not any(pattern.fullmatch(text) for pattern in known)) == []
