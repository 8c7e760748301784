import socket
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from app.config import Settings
from app.doctor import Finding, Level, examine, packages_differing, report
from app.visitors import letters


def findings(settings: Settings, **changes: object) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(settings.model_copy(update=changes))}


def wrong(settings: Settings, **changes: object) -> dict[str, Finding]:
    return {subject: finding for subject, finding in findings(settings, **changes).items() if finding.level is Level.WRONG}


def test_a_sound_installation_has_nothing_wrong(settings: Settings) -> None:
    assert wrong(settings) == {}
    assert {"Python", "packages", "PostgreSQL", "PostGIS", "migrations", "Redis", "var", "disk", "BIND"} <= findings(settings).keys()


def test_an_app_role_that_could_bypass_the_walls_is_wrong(settings: Settings, admin_url: str) -> None:
    name = settings.url_of("app").database
    found = wrong(settings, database_app_url=settings.url_of("backup").set(database=name).render_as_string(hide_password=False))
    assert found["app role (muster_test_backup)"].state == "can bypass row-level security"
    admin = make_url(admin_url).set(database=name).render_as_string(hide_password=False)
    assert any("is a superuser" in finding.state for finding in wrong(settings, database_app_url=admin).values())


def test_a_backup_role_that_would_save_nothing_is_wrong(settings: Settings) -> None:
    found = wrong(settings, database_backup_url=settings.url_of("app").render_as_string(hide_password=False))
    assert "backups would be empty" in found["backup role (muster_test_app)"].state


def test_another_secret_key_is_told_with_its_remedy(settings: Settings) -> None:
    found = wrong(settings, secret_key="x" * 40)
    assert "password authentication failed" in found["app role (muster_test_app)"].state
    assert "SECRET_KEY" in found["app role (muster_test_app)"].remedy


def test_a_database_that_was_never_migrated_is_told(settings: Settings, admin_url: str) -> None:
    empty = make_url(admin_url).set(database="postgres").render_as_string(hide_password=False)
    assert wrong(settings, database_owner_url=empty)["migrations"].state.startswith("at nothing, the code needs")


def test_servers_that_do_not_answer_are_findings_and_not_crashes(settings: Settings) -> None:
    found = wrong(settings, redis_url="redis://127.0.0.1:1/0", database_app_url="postgresql+psycopg://a@127.0.0.1:1/b")
    assert {"redis", "postgresql"} <= found.keys()


def test_a_directory_that_is_absent_or_a_port_in_use_is_told(settings: Settings, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = findings(settings, var_dir=tmp_path / "absent", bind=f"127.0.0.1:{taken.getsockname()[1]}")
    assert found["var"].level is Level.WRONG
    assert found["BIND"].level is Level.WARN


def test_packages_are_held_against_the_lock() -> None:
    lock = 'pytest==0.1 \\\n    --hash=sha256:00\nnowhere-to-be-found==1.0 \\\nclick==1 ; python_full_version < "3.0"\n'
    differing = list(packages_differing(lock))
    assert differing[0].startswith("pytest ")
    assert differing[1] == "nowhere-to-be-found absent instead of 1.0"
    assert len(differing) == 2


@pytest.mark.parametrize(("level", "status"), [(Level.OK, 0), (Level.WARN, 0), (Level.WRONG, 1)])
def test_only_what_is_wrong_fails_the_command(level: Level, status: int) -> None:
    lines: list[str] = []
    assert report([Finding(level, "disk", "1 GB free", "Make room.")], lines.append) == status
    assert lines == [f"{level:<6}disk: 1 GB free\n      -> Make room."]


def test_letters_that_badges_would_miss_are_a_warning_that_names_the_packages(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "east", lambda: None)
    found = findings(settings)["letters"]
    assert (found.level, "fonts-droid-fallback" in found.state, "badges" in found.remedy) == (Level.WARN, True, True)
