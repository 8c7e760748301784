"""What the server's own command line does to accounts."""

import re

import pytest
from click.testing import CliRunner

from app.accounts import commands
from app.config import Settings
from tests.accounts.scene import SignIn, Tenant


@pytest.fixture(autouse=True)
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("database_url", "database_role_prefix", "redis_url", "secret_key"):
        if value := getattr(settings, name):
            monkeypatch.setenv(name.upper(), str(value))


def one_time_password(output: str) -> str:
    found = re.search(r"One-time password: (\S+)", output)
    assert found, output
    return found[1]


def test_an_operator_made_by_command_can_sign_in_once_with_the_password_shown(sign_in: SignIn) -> None:
    made = CliRunner().invoke(commands.create_operator, ["Ops-By-Command"])
    assert made.exit_code == 0, made.output
    assert "Sign in as: ops-by-command\n" in made.output
    me = sign_in("ops-by-command", one_time_password(made.output)).get("/api/v1/session").get_json()
    assert (me["roles"], me["organization_id"], me["must_change_password"]) == (["operator"], None, True)
    again = CliRunner().invoke(commands.create_operator, ["ops-by-command"])
    assert again.exit_code == 1
    assert "Choose another name" in again.output


def test_an_only_owner_who_lost_the_password_gets_another_by_command(tenant: Tenant, sign_in: SignIn) -> None:
    reset = CliRunner().invoke(commands.reset_password, [tenant.sign_in_name])
    assert reset.exit_code == 0, reset.output
    me = sign_in(tenant.sign_in_name, one_time_password(reset.output)).get("/api/v1/session").get_json()
    assert me["must_change_password"]


def test_a_reset_for_nobody_says_how_a_name_is_written() -> None:
    reset = CliRunner().invoke(commands.reset_password, ["nobody@nowhere"])
    assert reset.exit_code == 1
    assert "name@organization" in reset.output
