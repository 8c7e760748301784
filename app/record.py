"""`muster record-of-processing`: every table is loaded first, so that none is missing from the record."""

import click

from app import tables  # noqa: F401
from app.privacy.service.register import register


@click.command
def record_of_processing() -> None:
    """Print what is kept of people, for what, how long and who sees it, as a Markdown table."""
    click.echo("| purpose | class | term | table | columns | recipients |\n|---|---|---|---|---|---|")
    for entry in register():
        columns = ", ".join(entry.columns)
        click.echo(f"| {entry.purpose} | {entry.data_class} | {entry.term} | {entry.table} | {columns} | {entry.recipients} |")
