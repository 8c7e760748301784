"""A private PostgreSQL with PostGIS: initdb, settings, and the URL of its administrator."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy.engine import URL

from app.embedded.errors import EmbeddedError
from app.embedded.place import Place
from app.embedded.server import Layout

ADMIN: Final = "postgres"
OLDEST: Final = 15
DEBIAN_LIB: Final = Path("/usr/lib/postgresql")
DEBIAN_SHARE: Final = Path("/usr/share/postgresql")

# Statements and the values in them stay out of the log: they may hold names, and coordinates on their way to a verdict.
SETTINGS: Final = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{socket_dir}'
max_connections = 200
shared_buffers = 256MB
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_min_error_statement = panic
log_error_verbosity = terse
fsync = {durable}
full_page_writes = {durable}
"""
HBA: Final = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n"


def postgres_layout(place: Place, password: str, *, durable: bool) -> Layout:
    """Lay out the cluster, made by initdb on the first call. Without `durable` a power cut may destroy it: for tests.

    Raises:
        EmbeddedError: no PostgreSQL with PostGIS is installed, or not the version that made the data.
    """
    home = place.make("postgres")
    data = home / "data"
    binaries = _binaries(data)
    if not data.exists():
        _initdb(place, binaries, home, password)
    socket_dir = str(place.make("run") if place.socket_dir else "").replace("'", "''")

    def configure(port: int) -> None:
        settings = SETTINGS.format(port=port, socket_dir=socket_dir, durable="on" if durable else "off")
        for name, text in (("postgresql.conf", settings), ("pg_hba.conf", HBA)):
            (data / name).write_text(text)
            place.give(data / name)

    def answers(port: int) -> bool:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=ADMIN, password=password, dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EmbeddedError(
                    f"The password in secrets.json does not fit {data}: bring back the file that was made with it."
                ) from None
            return False
        return True

    argv = [str(binaries / "postgres"), "-D", str(data)]
    return Layout("postgres", data, data / "postmaster.pid", place.log_dir / "postgres.log", argv, configure, answers)


def admin_url(place: Place, password: str, port: int) -> URL:
    """URL of the administrator: through the socket, where there is one."""
    if place.socket_dir:
        query = {"host": str(place.socket_dir), "port": str(port)}
        return URL.create("postgresql+psycopg", ADMIN, password, database="postgres", query=query)
    return URL.create("postgresql+psycopg", ADMIN, password, "127.0.0.1", port, "postgres")


def installed_versions() -> dict[int, Path]:
    """Major version -> directory of programs, of every installed PostgreSQL that is new enough and has PostGIS."""
    versions = {int(path.name): path / "bin" for path in DEBIAN_LIB.glob("[0-9]*") if (path / "bin/initdb").exists()}
    return {
        major: path
        for major, path in versions.items()
        if major >= OLDEST and (DEBIAN_SHARE / str(major) / "extension/postgis.control").exists()
    }


def _binaries(data: Path) -> Path:
    installed = installed_versions()
    if data.exists():
        made_by = int((data / "PG_VERSION").read_text())
        if made_by not in installed:
            raise EmbeddedError(
                f"{data} was made by PostgreSQL {made_by}, which is not installed (with PostGIS): install it, or use DATABASE_URL."
            )
        return installed[made_by]
    if not installed:
        raise EmbeddedError(f"No PostgreSQL {OLDEST} or later with PostGIS found: run deploy/install-packages, or set DATABASE_URL.")
    return installed[max(installed)]


def _initdb(place: Place, binaries: Path, home: Path, password: str) -> None:
    """Into a directory that is renamed at the end, so that an interrupted initdb leaves nothing that looks complete."""
    draft = home / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", dir=home) as password_file:
        password_file.write(password)
        password_file.flush()
        place.give(Path(password_file.name))
        options = [
            "--username",
            ADMIN,
            "--auth",
            "scram-sha-256",
            "--pwfile",
            password_file.name,
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
        ]
        argv = place.demote([str(binaries / "initdb"), "--pgdata", str(draft), *options])
        done = subprocess.run(argv, check=False, capture_output=True, text=True, cwd="/", stdin=subprocess.DEVNULL)
    if done.returncode:
        raise EmbeddedError(f"initdb failed:\n{done.stderr.strip()}")
    draft.rename(home / "data")
