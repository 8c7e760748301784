"""`python -m app.embedded run VAR COMMAND...`: run a command beside private servers; `delete VAR`."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from app.embedded.errors import EmbeddedError
from app.embedded.services import Services, destroy


@click.group()
def main() -> None:
    """Private PostgreSQL and Redis."""


@main.command(context_settings={"ignore_unknown_options": True})
@click.option("--database-url", envvar="DATABASE_URL", help="Use this PostgreSQL instead.")
@click.option("--redis-url", envvar="REDIS_URL", help="Use this Redis instead.")
@click.option("--throwaway", is_flag=True, help="Do not wait for the disk: for tests.")
@click.argument("var_dir", type=click.Path(path_type=Path))
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(var_dir: Path, command: tuple[str, ...], *, database_url: str | None, redis_url: str | None, throwaway: bool) -> None:
    """Run COMMAND with DATABASE_URL, REDIS_URL, SECRET_KEY and VAR_DIR set; its exit status is ours."""
    services = Services(var_dir, database_url=database_url, redis_url=redis_url, durable=not throwaway)
    click.echo(f"Starting PostgreSQL and Redis for {var_dir} ...")
    with services as endpoints:
        names = {"DATABASE_URL": endpoints.database_url, "REDIS_URL": endpoints.redis_url, "SECRET_KEY": endpoints.secret_key}
        os.environ.update(names, VAR_DIR=str(services.var_dir))
        status = _run(list(command))
    sys.exit(status)


@main.command()
@click.argument("var_dir", type=click.Path(path_type=Path))
def delete(var_dir: Path) -> None:
    """Stop the private servers of VAR_DIR and delete it with all data."""
    destroy(var_dir)


def _run(command: list[str]) -> int:
    """Ctrl-C reaches the command by itself, being in our terminal; we outlive it to stop the servers. A SIGTERM is passed on."""
    signal.signal(signal.SIGINT, lambda *_: None)
    process = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    status = process.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    try:
        main()
    except EmbeddedError as error:
        sys.exit(f"muster: {error}")
