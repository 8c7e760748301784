"""One place for each thing that must not happen in two, and sizes a reader can hold in the head."""

import ast

import pytest

from tests.shape.source import ROOT, calls, every, imported, modules

MAX_FILE_LINES, MAX_FUNCTION_LINES = 500, 50

CLOCKS = {
    "app/adapters/clock.py": "the clock",
    "app/privacy/commands.py": "a command is its own edge; it has no request whose time to take",
    "app/accounts/commands.py": "the same",
    "app/attendance/commands.py": "the same",
    "app/replay.py": "shifts a recording so that it ends now",
    "app/demo": "plays a day that ends now",
    "app/db/types.py": "ids that sort by when they were made",
    "app/doctor.py": "compares this machine's clock with the database's",
    "app/outbox/tick.py": "wakes at the turn of the minute; what the time is, the database says",
    "app/web/problems.py": "Retry-After, counted from the limiter's own time",
}
ENVIRONMENTS = {
    "app/cli.py": "tells the processes it starts where the private servers are",
    "app/embedded/__main__.py": "the same for any command",
}
COMMITS = {
    "app/db/transaction.py": "the one place where work is committed",
    "app/db/migrate.py": "migrations, as the owner",
    "app/setup.py": "publishes the statements with every migration, as the owner",
}
LATE_IMPORTS = {"app/wiring.py", "app/adapters/channels.py"}
"""The composition root, and the part of it that loads an extra when it is wanted."""
OUTBOUND = ("requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "smtplib", "ftplib", "xmlrpc", "websockets")
CALLERS = {
    "app/adapters/outbound.py": "the one module that calls somebody",
    "app/adapters/email.py": "speaks SMTP over what that module opened",
}
CHANNELS = {"app/adapters": "the ways to reach people, and their providers"}
OPENERS = {
    "app/demo": "stand-ins take connections on this machine",
    "app/adapters/outbound.py": "the one module that opens connections to the outside",
    "app/serve.py": "asks at this machine's own addresses whether somebody listens",
    "app/embedded": "the same, for the private servers",
    "app/doctor.py": "asks the addresses of the settings whether somebody listens",
    "app/live/handoff.py": "takes over connections that came in",
}
SQL_WITH_NAMES = {
    "app/geofences/queries.py": "an expression of ours that is needed twice",
    "app/outbox/tick.py": "the same",
    "app/outbox/publish.py": "conditions of ours, joined in wiring",
    "app/db/walls.py": "names of tables and roles, in migrations",
    "app/db/transaction.py": "the organization, checked to be an integer: SET takes no parameters",
}
PLAYERS = {"app/replay.py": "a phone, played from a file", "app/demo": "phones, played"}


def _known(allowed: "set[str] | dict[str, str]", path: str) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in allowed)


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    places = [path for top in ("app", "tests", "bench") for path in (ROOT / top).rglob("*.py")]
    long = {str(path.relative_to(ROOT)): lines for path in places if (lines := len(path.read_text().splitlines())) > MAX_FILE_LINES}
    assert long == {}
    conftests = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in (ROOT / "tests").rglob("conftest.py")}
    assert {path: lines for path, lines in conftests.items() if lines > 150} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path}:{node.name}": node.end_lineno - node.lineno + 1
        for path, node in every(ast.AST)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_only_wiring_imports_inside_a_function() -> None:
    late = {
        f"{path}:{inner.lineno}"
        for path, node in every(ast.AST)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom) and path not in LATE_IMPORTS
    }
    assert late == set()
    assert {path for path, _ in calls("import_module", "__import__")} <= {"app/cli.py"}, "commands are loaded when they are called"


@pytest.mark.parametrize(
    ("allowed", "names"),
    [
        (CLOCKS, ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns")),
        (COMMITS, ("commit", "session.begin", "engine.begin", "connection.begin")),
    ],
)
def test_only_known_places_ask_the_time_or_commit(allowed: dict[str, str], names: tuple[str, ...]) -> None:
    found = {path for path, _ in calls(*names)}
    assert {path for path in found if not _known(allowed, path)} == set(), "take the time from the caller; let the edge commit"
    assert {
        place for place in allowed if place.endswith(".py") and (ROOT / place).exists() and not any(_known({place}, path) for path in found)
    } == set(), "not needed"


def test_settings_are_the_only_reader_of_the_environment() -> None:
    readers = {
        path
        for path, node in every(ast.Attribute)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"} and ast.unparse(node.value) != "request"
    }
    assert readers == set(ENVIRONMENTS)
    built = {path for path, _ in calls("load_settings")}
    assert not {path for path in built if path.startswith(("app/core/", "app/db/", "app/web/", "app/adapters/"))}


def test_one_module_opens_connections_to_the_outside() -> None:
    """Whatever leaves the server passes its wall."""
    assert {path for name in OUTBOUND for path in imported(name)} == set(CALLERS)
    assert {path for path in imported("app.adapters.outbound") if not _known(PLAYERS | CHANNELS, path)} == set()
    opening = {path for path, _ in calls("create_connection", "socket.socket", "open_connection", "wrap_socket")}
    assert {path for path in opening if not _known(OPENERS, path)} == set()


def test_nothing_unpickles_evaluates_or_loads_code_from_data() -> None:
    assert {path for name in ("pickle", "marshal", "shelve", "dill", "yaml") for path in imported(name)} == set()
    assert {path for path, node in calls("eval", "exec", "loads") if ast.unparse(node.func) in {"eval", "exec", "pickle.loads"}} == set()


def test_sql_is_never_put_together_from_values() -> None:
    """SQL text is a constant; whoever formats it must say that only names from our own code are put in."""
    doubtful = {
        f"{path}:{node.lineno}"
        for path, node in calls("execute", "text", "exec_driver_sql", "executemany")
        if node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    }
    assert {place for place in doubtful if not _known(SQL_WITH_NAMES, place.partition(":")[0])} == set(), "give values as parameters"


def test_templates_are_never_made_from_text() -> None:
    assert {path for path, _ in calls("render_template_string", "from_string", "Template")} == set()


def test_every_module_says_what_it_is_for() -> None:
    assert {path for path, tree in modules().items() if tree.body and not ast.get_docstring(tree)} == set()
