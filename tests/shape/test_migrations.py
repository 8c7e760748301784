"""One line of migrations, and the models say what the database is."""

import os
from typing import Any

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from app.config import libpq
from app.db.migrate import MIGRATIONS, head, upgrade
from app.embedded.provision import Urls, drop_database, provision
from app.tables import metadata
from tests.conftest import PREFIX, SECRET

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


def test_who_was_there_before_is_found_by_their_whole_name(admin_url: str) -> None:
    name = f"muster_names_{os.getpid()}"
    made = provision(admin_url, name, SECRET, PREFIX)
    roles = {"app_role": f"{PREFIX}_app", "relay_role": f"{PREFIX}_relay", "backup_role": f"{PREFIX}_backup"}
    upgrade(made.owner, revision="0004", **roles)
    with psycopg.connect(libpq(make_url(admin_url).set(database=name)), autocommit=True) as admin:
        for number, person in ((1, "Zoë de Vries-Bakker"), (2, "Jan Jansen"), (2, None)):
            about = "INSERT INTO organization (id, slug, name, contact_name, billing_address, telephone, email, timezone, locale)"
            about += " OVERRIDING SYSTEM VALUE VALUES (%s, %s, 'O', 'C', 'B', '+31', 'e', 'UTC', 'nl') ON CONFLICT DO NOTHING"
            admin.execute(about, [number, f"o{number}"])
            told = "INSERT INTO person (organization_id, id, name, telephone) VALUES (%s, gen_random_uuid(), %s, '+31')"
            admin.execute(told, [number, person])
        assert upgrade(made.owner, **roles) == head()
        found = admin.execute("SELECT name, name_key FROM person ORDER BY name").fetchall()
    drop_database(admin_url, name)
    assert found == [("Jan Jansen", "jan jansen"), ("Zoë de Vries-Bakker", "bakker de vries zoe"), (None, None)]
