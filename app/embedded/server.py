"""Start a private server or take over the one that runs; stop it by process id.

A server belongs to us if its working directory is our data directory: PostgreSQL and Redis both change into it. That holds
for the children of a postmaster that was killed too, and no stale pid file or recycled number can pretend it.
"""

import os
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.embedded.errors import EmbeddedError
from app.embedded.place import Place

START_TIMEOUT_S: Final = 180.0
"""Long enough to recover after a crash; a server that gives up is noticed at once."""
STOP_TIMEOUT_S: Final = 30.0
START_ATTEMPTS: Final = 3
POLL_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Layout:
    """One server as laid out on disk. `configure` writes its settings for a port; `answers` asks it a real question on that port."""

    name: str
    data_dir: Path
    pid_file: Path
    log_file: Path
    argv: list[str]
    configure: Callable[[int], None]
    answers: Callable[[int], bool]


def ensure_running(layout: Layout, place: Place) -> int:
    """Port of the running server, started if need be.

    Raises:
        EmbeddedError: it does not start; the message ends with the last lines of its log.
    """
    port_file = place.base / f"{layout.name}.port"
    port = _read_number(port_file)
    if port and main_pid(layout.data_dir, layout.pid_file) and _await_answer(layout, port):
        return port
    stop(layout.data_dir, layout.pid_file)
    # The same port again, as long as it is free: running processes know the server by it. PostgreSQL refuses it for a moment after a
    # kill -9, while its dead predecessor, named in the socket's lock file, has not been buried yet.
    for _ in range(START_ATTEMPTS):
        port = port if port and _is_free(port) else free_port()
        layout.configure(port)
        port_file.write_text(f"{port}\n")
        _launch(layout, place)
        if _await_answer(layout, port):
            return port
        stop(layout.data_dir, layout.pid_file)
    raise EmbeddedError(f"{layout.name} does not start. Its log, {layout.log_file}, ends with:\n{_tail(layout.log_file)}")


def stop(data_dir: Path, pid_file: Path) -> None:
    """Stop the server and whatever a crash left of it: asked first, then by force. Removes the stale pid file."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        pids = _processes_in(data_dir)
        main = main_pid(data_dir, pid_file)
        for pid in [main] if main else pids:
            _signal(pid, number)
        if _wait(lambda: not _processes_in(data_dir), STOP_TIMEOUT_S):
            pid_file.unlink(missing_ok=True)
            return
    raise EmbeddedError(f"The server in {data_dir} (process {main_pid(data_dir, pid_file)}) cannot be stopped.")


def main_pid(data_dir: Path, pid_file: Path) -> int | None:
    """Process id of the running server, or None."""
    pid = _read_number(pid_file)
    return pid if pid in _processes_in(data_dir) else None


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _launch(layout: Layout, place: Place) -> None:
    """In a session of its own, so that Ctrl-C in our terminal does not reach it."""
    with layout.log_file.open("ab") as log:
        command = place.demote(["setsid", "--fork", *layout.argv])
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=layout.data_dir)


def _await_answer(layout: Layout, port: int) -> bool:
    """Wait for the server to answer; give up early when its process is gone for a second."""
    last_seen = time.monotonic()

    def settled() -> bool:
        nonlocal last_seen
        if _processes_in(layout.data_dir):
            last_seen = time.monotonic()
        return layout.answers(port) or time.monotonic() - last_seen > 1

    return _wait(settled, START_TIMEOUT_S) and layout.answers(port)


def _processes_in(directory: Path) -> set[int]:
    """Living processes whose working directory is `directory`. Zombies have none, and other users' processes cannot be looked into."""
    found = set()
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                if Path(f"/proc/{entry.name}/cwd").readlink() == directory:
                    found.add(int(entry.name))
            except OSError:
                continue
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _wait(condition: Callable[[], bool], timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def _read_number(path: Path) -> int | None:
    """The first line of a pid or port file as a number; None if there is none."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _tail(path: Path, lines: int = 8) -> str:
    with path.open(errors="replace") as file:
        return "".join(deque(file, maxlen=lines))
