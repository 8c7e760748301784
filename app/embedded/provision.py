"""Roles, database and extension in any PostgreSQL, private or given. Safe to repeat, also by several processes at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import psycopg
from psycopg import sql
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy.engine import URL, make_url

from app.config import ROLES, libpq, role_password
from app.embedded.errors import ProvisionError

LOCK: Final = 0x6D757374
"""Advisory lock on the maintenance database: two processes that alter one role at once would fail."""
STRANGE_TABLES: Final = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND pg_get_userbyid(c.relowner) <> %s
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e') ORDER BY 1 LIMIT 1
"""
"""A table of the public schema that is neither ours nor an extension's."""
MAINTENANCE: Final = "postgres"
ATTRIBUTES: Final = {"owner": "NOBYPASSRLS", "app": "NOBYPASSRLS", "relay": "NOBYPASSRLS", "backup": "BYPASSRLS"}


@dataclass(frozen=True, slots=True, repr=False)
class Urls:
    """Connection URLs of the four roles to one database."""

    owner: URL
    app: URL
    relay: URL
    backup: URL

    def on(self, database: str) -> "Urls":
        """The same roles on another database, as a clone."""
        return replace(self, **{role: getattr(self, role).set(database=database) for role in ROLES})


def provision(admin_url: str | URL, database: str, secret_key: str, prefix: str = "muster") -> Urls:
    """Make the four roles, the database and PostGIS. The database named in `admin_url` does not matter.

    No default privileges: migrations grant table by table, so that a partition or a ledger is never open by accident.

    Raises:
        ProvisionError: the admin may not do this, or the database belongs to somebody else.
    """
    url = make_url(admin_url)
    try:
        with _maintenance(url) as connection:
            for role, attributes in ATTRIBUTES.items():
                _ensure_role(connection, f"{prefix}_{role}", attributes, role_password(secret_key, f"{prefix}_{role}"))
            _ensure_database(connection, database, prefix)
        with connect(url.set(database=database)) as connection:
            _ensure_contents(connection, prefix)
    except psycopg.errors.InsufficientPrivilege as error:
        raise ProvisionError(
            f"{url.username} may not do this: {error.diag.message_primary}. "
            "DATABASE_URL needs a superuser once; afterwards DATABASE_OWNER_URL and the others are enough."
        ) from None
    names = {role: f"{prefix}_{role}" for role in ROLES}
    return Urls(
        **{role: url.set(username=name, password=role_password(secret_key, name), database=database) for role, name in names.items()}
    )


def clone_database(admin_url: str | URL, template: str, name: str) -> None:
    """Replace database `name` by a copy of `template`, owner and rights of its tables included. Nobody may be connected to the template."""
    with _maintenance(make_url(admin_url)) as connection:
        owner = connection.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [template]).fetchone()
        if owner is None:
            raise ProvisionError(f"There is no database {template!r} to copy.")
        _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", Identifier(name))
        _execute(connection, "CREATE DATABASE {} TEMPLATE {} OWNER {}", Identifier(name), Identifier(template), Identifier(owner[0]))


def drop_database(admin_url: str | URL, name: str) -> None:
    """Drop a database and end its connections."""
    with _maintenance(make_url(admin_url)) as connection:
        _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", Identifier(name))


def connect(url: URL) -> psycopg.Connection:
    """A plain autocommit connection to a SQLAlchemy URL, with the notices left out."""
    return psycopg.connect(libpq(url), autocommit=True, connect_timeout=10, options="-c client_min_messages=warning")


@contextmanager
def _maintenance(url: URL) -> Iterator[psycopg.Connection]:
    with connect(url.set(database=MAINTENANCE)) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield connection


def _ensure_role(connection: psycopg.Connection, name: str, attributes: str, password: str) -> None:
    """Only the SCRAM verifier crosses the wire, so no log can hold the password."""
    verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    exists = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone() is not None
    verb = SQL("ALTER ROLE" if exists else "CREATE ROLE")
    rights = SQL(f"LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION {attributes}")
    _execute(connection, "{} {} WITH {} PASSWORD {}", verb, Identifier(name), rights, Literal(verifier))


def _ensure_database(connection: psycopg.Connection, database: str, prefix: str) -> None:
    """Make it, closed to the public; or take the one that is there, if it belongs to us or to whoever DATABASE_URL signs in as."""
    owner, name = Identifier(f"{prefix}_owner"), Identifier(database)
    found = connection.execute(
        "SELECT pg_get_userbyid(datdba) IN (%s, current_user) FROM pg_database WHERE datname = %s", [f"{prefix}_owner", database]
    ).fetchone()
    if found is None:
        _execute(connection, "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'", name, owner)
        _execute(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
    elif not found[0]:
        raise ProvisionError(
            f"The database {database!r} exists and does not belong to {prefix}_owner: choose another name, or ALTER DATABASE ... OWNER TO."
        )
    others = SQL(", ").join(Identifier(f"{prefix}_{role}") for role in ROLES)
    _execute(connection, "GRANT CONNECT ON DATABASE {} TO {}", name, others)
    _execute(connection, "ALTER ROLE {} IN DATABASE {} SET default_transaction_read_only = on", Identifier(f"{prefix}_backup"), name)


def _ensure_contents(connection: psycopg.Connection, prefix: str) -> None:
    strange = connection.execute(STRANGE_TABLES, [f"{prefix}_owner"]).fetchone()
    if strange is not None:
        raise ProvisionError(
            f"The database holds tables that are not Muster's ({strange[0]!r} among them): give Muster a database of its own."
        )
    _execute(connection, "GRANT USAGE, CREATE ON SCHEMA public TO {}", Identifier(f"{prefix}_owner"))
    app, relay, backup = (Identifier(f"{prefix}_{role}") for role in ("app", "relay", "backup"))
    _execute(connection, "CREATE EXTENSION IF NOT EXISTS postgis")
    _execute(connection, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _execute(connection, "GRANT USAGE ON SCHEMA public TO {}, {}, {}", app, relay, backup)


def _execute(connection: psycopg.Connection, statement: str, *parts: sql.Composable) -> None:
    connection.execute(SQL(statement).format(*parts))
