"""`muster export`: a file for a member who may have it, and for nobody else, whoever sits at the server."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.accounts.models import Member, UserAccount
from app.accounts.service.passwords import hash_password
from app.attendance.service import record_pings
from app.config import Settings
from app.export import export
from app.ports import Deps
from tests.attendance.desk import Desk
from tests.factories import Phone, World

PASSWORD = "correct horse battery muster"


@pytest.fixture(autouse=True)
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("database_url", "database_role_prefix", "redis_url", "secret_key", "var_dir"):
        monkeypatch.setenv(name.upper(), str(getattr(settings, name)))


def sign_in_name(world: World, desk: Desk, *roles: str) -> str:
    """A member with a password of their own."""
    person = desk.member(*roles).person_id
    with world.database.tenant(world.organization_id) as session:
        member = session.query(Member).filter_by(organization_id=world.organization_id, person_id=person).one()
        account = session.get_one(UserAccount, member.user_account_id)
        account.password_hash, account.must_change_password = hash_password(PASSWORD), False
        return account.sign_in_name


def stay_of(world: World) -> Phone:
    """Somebody who came in the day before yesterday and stayed until the window was over."""
    world.circle()
    phone, noon = world.phone(), datetime.now(tz=UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)
    pings = [
        phone.ping(noon),
        phone.ping(noon + timedelta(minutes=5)),
        phone.ping(noon + timedelta(minutes=10), 2_000),
        phone.ping(noon + timedelta(minutes=15), 2_000),
    ]
    record_pings(world.database, phone.claim, pings, noon + timedelta(hours=1), timedelta(days=7))
    return phone


def run(file: Path, name: str, *more: str, password: str = PASSWORD) -> Result:
    today = datetime.now(tz=UTC).date()
    days = ["--from", str(today - timedelta(days=3)), "--to", str(today)]
    return CliRunner().invoke(export, [str(file), "--as", name, "--kind", "stays", *days, *more], input=f"{password}\n")


def test_a_manager_gets_the_stays_of_everybody(world: World, deps: Deps, tmp_path: Path) -> None:
    stay_of(world)
    done = run(tmp_path / "stays.csv", sign_in_name(world, Desk(world, deps), "manager"))
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    (row,) = csv.DictReader((tmp_path / "stays.csv").read_text("utf-8-sig").splitlines())
    assert (row["fence"], row["ended"]) == ("HQ", "confirmed")


def test_an_employee_gets_their_own_and_no_more(world: World, deps: Deps, tmp_path: Path) -> None:
    stay_of(world)
    done = run(tmp_path / "stays.csv", sign_in_name(world, Desk(world, deps), "employee"))
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, f"0 rows in {tmp_path / 'stays.csv'}")


def test_without_the_password_nothing_is_written(world: World, deps: Deps, tmp_path: Path) -> None:
    done = run(tmp_path / "stays.csv", sign_in_name(world, Desk(world, deps), "owner"), password="not this one at all")
    assert done.exit_code == 1
    assert "sign-in name or the password is wrong" in done.output
    assert not (tmp_path / "stays.csv").exists()
