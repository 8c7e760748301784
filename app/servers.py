"""The two kinds of HTTP processes, each a gunicorn."""

import os
import resource
import shutil
import sys
from pathlib import Path
from typing import Final

import click

from app.config import Settings, load_settings

ROOT: Final = Path(__file__).resolve().parents[1]
KEEP_ALIVE_S: Final = 15
FILES_MAX: Final = 65_536
STREAMS_MAX: Final = 5000


def gunicorn(application: str, *options: object) -> list[str]:
    """The command line of a gunicorn."""
    common = ["--chdir", ROOT, "--log-level", "warning", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]  # noqa: S108 (not a file of ours)
    return [sys.executable, "-m", "gunicorn", *map(str, (*common, *options)), application]


def web_command(settings: Settings) -> list[str]:
    """The web processes: threads, and event streams passed on."""
    options: list[object] = ["--bind", settings.bind, "--workers", settings.web_workers, "--threads", settings.web_threads]
    options += ["--worker-class", "app.live.handoff.HandoffWorker", "--keep-alive", KEEP_ALIVE_S]
    options += ["--env", f"PROMETHEUS_MULTIPROC_DIR={counters(settings)}"]
    if settings.tls_certificate and settings.tls_key:
        options += ["--certfile", settings.tls_certificate, "--keyfile", settings.tls_key]
    return gunicorn("app.factory:create_app()", *options)


def live_command(settings: Settings) -> list[str]:
    """The event stream process: greenlets. Streams are cut at a stop; browsers come back by themselves."""
    options = ["--bind", settings.live_bind, "--worker-class", "gevent", "--worker-connections", STREAMS_MAX, "--graceful-timeout", 1]
    return gunicorn("app.live.application:create_live_app()", *options)


def counters(settings: Settings) -> Path:
    """Where the web processes count, so that `/metrics` of any of them shows the sum. Begun anew with every start."""
    return settings.var_dir.resolve() / "metrics"


@click.command
def web() -> None:
    """Run the web processes."""
    settings = load_settings()
    shutil.rmtree(counters(settings), ignore_errors=True)
    counters(settings).mkdir(parents=True)
    _become(web_command(settings))


@click.command
def live() -> None:
    """Run the event stream process."""
    _become(live_command(load_settings()))


def _become(command: list[str]) -> None:
    """Replace this process. Every stream is a file or two, so as many are asked for as the system gives."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, FILES_MAX)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    os.execv(command[0], command)  # noqa: S606  (no shell: that is the point)
