"""`muster doctor`: what is missing or wrong on this machine, and what to do about it.

Every check is a small function from the settings to findings; none changes anything. A check that stumbles is itself a finding.
"""

import re
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import click
import psycopg
import redis
from packaging.requirements import Requirement

from app.config import ROLES, Settings, libpq, load_settings
from app.db.migrate import head
from app.visitors import letters

ROOT: Final = Path(__file__).resolve().parents[1]
LOCK_FILE: Final = ROOT / "requirements.lock"
PYTHON_MIN: Final = (3, 11)
POSTGRES_MIN: Final = 15
REDIS_MIN: Final = (6, 2)
DISK_WARN_BYTES: Final = 2_000_000_000
DISK_WRONG_BYTES: Final = 200_000_000
CLOCK_SKEW_WARN_S: Final = 2.0
TIMEOUT_S: Final = 5
REMEDIES: Final[dict[type[Exception], str]] = {
    psycopg.Error: "Is PostgreSQL running where DATABASE_URL says? If this is a new installation, run `muster migrate`.",
    redis.RedisError: "Is Redis running where REDIS_URL says?",
}
ROLE_QUERY: Final = """
    SELECT rolsuper,
           EXISTS (SELECT FROM pg_roles o WHERE pg_has_role(o.oid, 'MEMBER') AND (o.rolsuper OR o.rolbypassrls)),
           EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p'))
    FROM pg_roles WHERE rolname = current_user
"""


class Level(StrEnum):
    """How bad it is. `wrong`: Muster will not work."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: what was looked at, how it is, and what to do (empty when all is well)."""

    level: Level
    subject: str
    state: str
    remedy: str = ""


Check = Callable[[Settings], Iterable[Finding]]


def examine(settings: Settings) -> Iterator[Finding]:
    """Run every check; findings come as they are made."""
    for check in CHECKS:
        try:
            yield from check(settings)
        except (psycopg.Error, redis.RedisError, OSError, LookupError) as error:
            first_line = str(error).strip().split("\n", 1)[0]
            remedy = next((text for kind, text in REMEDIES.items() if isinstance(error, kind)), "See docs/settings.md.")
            yield Finding(Level.WRONG, check.__name__.strip("_").replace("_", " "), first_line, remedy)


def report(findings: Iterable[Finding], write: Callable[[str], None]) -> int:
    """Write a line for each finding; 1 if anything is wrong, else 0."""
    status = 0
    for finding in findings:
        write(f"{finding.level:<6}{finding.subject}: {finding.state}" + (f"\n      -> {finding.remedy}" if finding.remedy else ""))
        status |= finding.level is Level.WRONG
    return int(status)


def _judge(subject: str, state: str, remedy: str, *, holds: bool, otherwise: Level = Level.WRONG) -> Finding:
    return Finding(Level.OK, subject, state) if holds else Finding(otherwise, subject, state, remedy)


def _python(_: Settings) -> Iterator[Finding]:
    found, needed = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, PYTHON_MIN))
    yield _judge("Python", found, f"Install Python {needed} or later.", holds=sys.version_info >= PYTHON_MIN)


def _packages(_: Settings) -> Iterator[Finding]:
    differing = list(packages_differing(LOCK_FILE.read_text()))
    state = ", ".join(differing) or "as in requirements.lock"
    yield _judge("packages", state, "Run `make setup`.", holds=not differing, otherwise=Level.WARN)


def packages_differing(lock: str) -> Iterator[str]:
    """Packages of a lock file (its text) that are absent here or of another version."""
    for line in re.findall(r"^[a-z0-9][^\\\n]*==[^\\\n]*", lock, re.MULTILINE):
        requirement = Requirement(line.strip())
        if requirement.marker is None or requirement.marker.evaluate():
            try:
                found = version(requirement.name)
            except PackageNotFoundError:
                found = "absent"
            if found not in requirement.specifier:
                yield f"{requirement.name} {found} instead of {str(requirement.specifier)[2:]}"


def _postgresql(settings: Settings) -> Iterator[Finding]:
    with psycopg.connect(libpq(settings.url_of("app")), connect_timeout=TIMEOUT_S) as connection:
        number = connection.info.server_version
        yield _judge(
            "PostgreSQL", f"version {number // 10_000}.{number % 10_000}", "Upgrade to 15 or later.", holds=number >= POSTGRES_MIN * 10_000
        )
        postgis = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'postgis'").fetchone()
        remedy = "Run `muster migrate` with DATABASE_URL as a superuser, or CREATE EXTENSION postgis."
        yield _judge("PostGIS", f"version {postgis[0]}" if postgis else "not in this database", remedy, holds=postgis is not None)
        now = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
        skew_s = abs(time.time() - now[0]) if now else 0.0
        remedy = "Let both machines keep time with NTP: evaluation compares their clocks."
        yield _judge("clocks", f"{skew_s:.1f} s apart from the database's", remedy, holds=skew_s < CLOCK_SKEW_WARN_S, otherwise=Level.WARN)


def _database_roles(settings: Settings) -> Iterator[Finding]:
    """What each role may do is asked as that role, so that a wrong password shows up too."""
    for role in ROLES:
        url = settings.url_of(role)
        try:
            with psycopg.connect(libpq(url), connect_timeout=TIMEOUT_S) as connection:
                row = connection.execute(ROLE_QUERY).fetchone()
        except psycopg.OperationalError as error:
            state = f"cannot sign in ({str(error).strip().splitlines()[-1]})"
            yield Finding(
                Level.WRONG,
                f"{role} role ({url.username})",
                state,
                "Run `muster migrate`; check SECRET_KEY, which the passwords come from.",
            )
            continue
        yield _judge_role(role, str(url.username), *(row or (False, False, False)))


def _judge_role(role: str, name: str, superuser: bool, bypasses: bool, owns: bool) -> Finding:  # noqa: FBT001  (columns of a row)
    faults = [
        *(["is a superuser"] if superuser else []),
        *(["can bypass row-level security"] if bypasses and role != "backup" else []),
        *(["cannot bypass row-level security, so backups would be empty"] if role == "backup" and not bypasses else []),
        *(["owns tables"] if owns and role != "owner" else []),
    ]
    remedy = f"Run `muster migrate`, or ALTER ROLE {name}: another organization's data would be one mistake away."
    return _judge(f"{role} role ({name})", " and ".join(faults) or "has just its rights", remedy, holds=not faults)


def _migrations(settings: Settings) -> Iterator[Finding]:
    with psycopg.connect(libpq(settings.url_of("owner")), connect_timeout=TIMEOUT_S) as connection:
        exists = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone()
        found = [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")] if exists and exists[0] else []
    newest = head()
    state = f"at {', '.join(found) or 'nothing'}" + ("" if found == [newest] else f", the code needs {newest}")
    yield _judge("migrations", state, "Run `muster migrate`.", holds=found == [newest])


def _redis(settings: Settings) -> Iterator[Finding]:
    with redis.Redis.from_url(settings.redis_url, socket_timeout=TIMEOUT_S) as client:
        found = str(client.info("server")["redis_version"])
        needed = ".".join(map(str, REDIS_MIN))
        parts = tuple(int(part) for part in found.split(".")[:2])
        yield _judge("Redis", f"version {found}", f"Upgrade to {needed} or later.", holds=parts >= REDIS_MIN)
        policy = str(client.info("memory")["maxmemory_policy"])
        remedy = "Set maxmemory-policy noeviction: evicted hints cost minutes."
        yield _judge("Redis eviction", policy, remedy, holds=policy == "noeviction", otherwise=Level.WARN)


def _directory(settings: Settings) -> Iterator[Finding]:
    directory = settings.var_dir
    if not directory.is_dir():
        yield Finding(Level.WRONG, "var", f"{directory} does not exist", f"mkdir -p {directory}, or set VAR_DIR.")
        return
    try:
        probe = directory / ".doctor"
        probe.touch()
        probe.unlink()
        yield Finding(Level.OK, "var", f"{directory} is writable")
    except OSError as error:
        yield Finding(Level.WRONG, "var", f"{directory}: {error.strerror}", "Give this user the right to write there, or set VAR_DIR.")
    free = shutil.disk_usage(directory).free
    level = Level.WRONG if free < DISK_WRONG_BYTES else Level.WARN
    yield _judge(
        "disk", f"{free / 1e9:.1f} GB free", "Make room: PostgreSQL stops when it is full.", holds=free >= DISK_WARN_BYTES, otherwise=level
    )


def _ports(settings: Settings) -> Iterator[Finding]:
    for name, bind in (("BIND", settings.bind), ("LIVE_BIND", settings.live_bind)):
        host, _, port = bind.rpartition(":")
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host.strip("[]"), int(port)))
                yield Finding(Level.OK, name, f"{bind} is free")
            except OSError as error:
                yield Finding(
                    Level.WARN, name, f"{bind}: {error.strerror}", f"Fine if Muster runs already; otherwise choose another {name}."
                )


def _https(settings: Settings) -> Iterator[Finding]:
    state = f"{settings.public_url}" + ("" if settings.secure else " is not https")
    remedy = "Phones give no position to a page without HTTPS, loopback excepted: see deploy/ for a proxy, and set PUBLIC_URL."
    yield _judge("PUBLIC_URL", state, remedy, holds=settings.secure, otherwise=Level.WARN)


def _letters(_: Settings) -> Iterator[Finding]:
    missing = [package for package, found in (("fonts-dejavu-core", letters.west()), ("fonts-droid-fallback", letters.east())) if not found]
    state = f"without {', '.join(missing)}" if missing else "most scripts can be printed"
    remedy = "Names on badges and reports show ? for letters that are not there. Install these packages."
    yield _judge("letters", state, remedy, holds=not missing, otherwise=Level.WARN)


CHECKS: Final[tuple[Check, ...]] = (
    _python, _packages, _postgresql, _database_roles, _migrations, _redis, _directory, _ports, _https, _letters,
)  # fmt: skip


@click.command()
def doctor() -> None:
    """Say what is missing or wrong, and what to do. Exit status 1 if something is wrong."""
    sys.exit(report(examine(load_settings()), click.echo))
