"""One line of migrations, and the models say what the database is."""

from typing import Any

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from app.db.migrate import MIGRATIONS, head
from app.embedded.provision import Urls
from app.tables import metadata

LEFT_OUT = ("spatial_ref_sys", "alembic_version", "sighting_")


def test_there_is_one_head_and_it_is_written_down() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [(MIGRATIONS / "HEAD").read_text().strip()], (
        "two branches would conflict in HEAD"
    )


def test_the_database_is_what_the_models_say(urls: Urls) -> None:
    def include(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:  # noqa: FBT001 (Alembic's signature)
        return not (kind == "table" and name is not None and name.startswith(LEFT_OUT))

    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": include, "compare_type": True})
        assert context.get_current_revision() == head()
        differences: Any = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == [], "write a migration"


def test_every_check_of_a_model_is_in_the_database(pg: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Alembic does not compare checks."""
    said = {
        (table.name, str(check.name))
        for table in metadata.tables.values()
        for check in table.constraints
        if type(check).__name__ == "CheckConstraint" and check.name
    }
    found = pg.execute("SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c WHERE contype = 'c'").fetchall()
    assert {(table, f"{name}") for table, name in said} <= {(str(table), str(name)) for table, name in found}
