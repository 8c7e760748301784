"""`muster ...`: one table of commands. A command's code is loaded when it is called, so that each starts as fast as it can.

Commands that need servers find them in DATABASE_URL and REDIS_URL; without, private ones under VAR_DIR are started for as long as the
command runs, or shared with those that run already.
"""

import os
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

import click


class Entry(NamedTuple):
    """Where a command is, what it does in one line, and whether it needs PostgreSQL and Redis. Hidden: `serve` starts it."""

    target: str
    summary: str
    servers: bool = True
    hidden: bool = False


COMMANDS: Final = {
    "serve": Entry("app.serve:serve", "Run everything: web, event stream, workers, relay."),
    "web": Entry("app.servers:web", "Run the web processes.", servers=False, hidden=True),
    "live": Entry("app.servers:live", "Run the event stream process.", servers=False, hidden=True),
    "worker": Entry("app.processes:worker", "Run one worker."),
    "relay": Entry("app.processes:relay", "Run the relay and the tick."),
    "sms": Entry("app.processes:sms", "Receive what SMSCs bring: receipts, and what people send back."),
    "migrate": Entry("app.setup:migrate", "Make or update roles, database and tables."),
    "doctor": Entry("app.doctor:doctor", "Say what is missing or wrong, and what to do."),
    "create-organization": Entry("app.privacy.commands:create_organization", "Register a customer and its first owner."),
    "create-operator": Entry("app.accounts.commands:create_operator", "Make a sign-in for whoever runs this installation."),
    "reset-password": Entry("app.accounts.commands:reset_password", "Make a new one-time password for an account."),
    "export": Entry("app.export:export", "Write an attendance export to a file."),
    "record-of-processing": Entry("app.record:record_of_processing", "Say what is kept of people, for what and how long.", servers=False),
    "replay": Entry("app.replay:replay", "Send a file of pings through a running server.", servers=False),
    "evaluate": Entry("app.evaluate:evaluate_command", "Evaluate pings against geofences, on files alone.", servers=False),
    "demo": Entry("app.demo.command:demo", "Show a demo organization on a working day."),
}


class Table(click.Group):
    """The commands of the table, loaded when called; the list of them loads none."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (as click calls it)
        """All names, in the table's order."""
        return [name for name, entry in COMMANDS.items() if not entry.hidden]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """A command, with its servers beside it."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.target.partition(":")
        command: click.Command = getattr(import_module(module), name)
        if entry.servers and command.callback:
            command.callback = beside_servers(command.callback)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's own words."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].summary) for name in self.list_commands(ctx)])


def beside_servers(run: Callable[..., Any]) -> Callable[..., Any]:
    """The command, with DATABASE_URL, REDIS_URL and SECRET_KEY set: the given ones, or those of private servers, set up."""

    @wraps(run)
    def beside(*args: Any, **options: Any) -> Any:  # noqa: ANN401  (the command's own)
        given = {name: os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")}
        if not all(given.values()):
            start_servers(click.get_current_context(), given)
        return run(*args, **options)

    return beside


def start_servers(ctx: click.Context, given: dict[str, str | None]) -> None:
    """Private servers for what is not given, until the command ends."""
    services = import_module("app.embedded.services").Services
    var_dir = ctx.find_root().params["var_dir"]
    try:
        found = ctx.with_resource(services(var_dir, database_url=given["DATABASE_URL"], redis_url=given["REDIS_URL"]))
    except import_module("app.embedded.errors").EmbeddedError as error:
        raise click.ClickException(str(error)) from None
    urls = {"DATABASE_URL": found.database_url, "REDIS_URL": found.redis_url, "SECRET_KEY": given["SECRET_KEY"] or found.secret_key}
    os.environ.update(urls, VAR_DIR=str(var_dir.resolve()))
    if not given["DATABASE_URL"]:
        import_module("app.setup").set_up()


@click.group(cls=Table, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--var-dir", envvar="VAR_DIR", default="var", type=click.Path(path_type=Path), help="Where logs, exports and private servers live."
)
def main(var_dir: Path) -> None:
    """Know who is on site, reach them, keep nothing else."""
