"""`muster serve` as a process of its own beside the demo: started, waited for, ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from app.adapters.outbound import Peer, Unreachable
from app.config import Settings
from app.embedded.server import free_port
from app.serve import accepts

READY_S = 90.0
GRACE_S = 30.0
POLL_S = 0.2


@contextmanager
def serving(settings: Settings, told: Mapping[str, str] | None = None) -> Iterator[str]:
    """Everything runs; the address. `told`: more settings, by name of the environment. Its lines go to VAR_DIR/log/serve.log. Raises `click.ClickException`."""
    bind, live_bind = _free(settings)
    url = settings.public_url if "public_url" in settings.model_fields_set else f"http://{bind}"
    log = settings.var_dir / "log" / "serve.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    muster = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
    more = [f"{name}={value}" for name, value in (told or {}).items()]
    # The kernel ends it with us, should we be killed; Ctrl-C in the terminal reaches us alone.
    command = ["setpriv", "--pdeathsig", "TERM", "env", f"BIND={bind}", f"LIVE_BIND={live_bind}", f"PUBLIC_URL={url}", *more, *muster]
    with log.open("ab") as lines:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=lines, stderr=lines, start_new_session=True)
    try:
        _await(process, url, log)
        yield url
    finally:
        _end(process)


def _free(settings: Settings) -> tuple[str, str]:
    """The addresses of the settings; where nobody chose them and they are taken, free ones."""
    given = [(settings.bind, "bind"), (settings.live_bind, "live_bind")]
    chosen = [bind if name in settings.model_fields_set or not accepts(bind) else f"127.0.0.1:{free_port()}" for bind, name in given]
    return chosen[0], chosen[1]


def _await(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_S
    with Peer(url, timeout_s=5) as peer:
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(Unreachable):
                if peer.send("GET", "/readyz").status == 200:
                    return
            time.sleep(POLL_S)
    raise click.ClickException(
        f"`muster serve` does not start; {log} ends with:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-8:])
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
