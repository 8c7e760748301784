from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app.cli import COMMANDS, main
from app.config import Settings, SmppProvider
from app.serve import address, keep, programs, to_files


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[CliRunner]:
    """No servers are given, and none may be started."""
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    yield CliRunner()
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_exists_and_explains_itself_without_servers(runner: CliRunner, name: str) -> None:
    result = runner.invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage: " in result.output


def test_the_list_of_commands_shows_each_with_its_summary_but_for_the_hidden(runner: CliRunner) -> None:
    output = runner.invoke(main, ["--help"]).output
    assert all((entry.summary[:20] in output) is not entry.hidden for entry in COMMANDS.values())


def test_an_unknown_command_is_an_error(runner: CliRunner) -> None:
    assert runner.invoke(main, ["gossip"]).exit_code == 2


def test_whoever_starts_it_is_told_where_it_is_and_what_will_not_work_there(settings: Settings) -> None:
    def told(url: str) -> str:
        return "\n".join(address(settings.model_copy(update={"public_url": url})))

    assert "https://muster.example.org" in told("https://muster.example.org")
    assert "Without HTTPS" not in told("https://muster.example.org")
    assert "no location" in told("http://192.0.2.7:8000")
    assert "this machine only" in told("http://127.0.0.1:8000")


def test_lines_go_to_a_file_for_each_process_and_only_what_matters_to_the_terminal(tmp_path: Path) -> None:
    shown: list[tuple[str, str]] = []
    with to_files(tmp_path, lambda name, line: shown.append((name, line))) as emit:
        emit("web", '{"event": "request", "level": "info"}')
        emit("web", '{"event": "failed", "level": "error"}')
        emit("relay", "no JSON at all")
    assert (tmp_path / "web.log").read_text() == '{"event": "request", "level": "info"}\n{"event": "failed", "level": "error"}\n'
    assert shown == [("web", '{"event": "failed", "level": "error"}'), ("relay", "no JSON at all")]


def test_it_does_not_serve_as_a_role_that_could_bypass_the_walls(settings: Settings) -> None:
    owner = settings.model_copy(update={"database_app_url": settings.url_of("owner").render_as_string(hide_password=False)})
    with pytest.raises(click.ClickException, match="row-level security"):
        keep(owner, on_ready=lambda: None)


def test_who_receives_sms_runs_only_where_there_is_an_smsc_to_receive_from(settings: Settings) -> None:
    smsc = {"name": "carrier", "kind": "smpp", "host": "smsc.example.org", "system_id": "muster"}

    def names(*providers: SmppProvider) -> list[str]:
        return [program.name for program in programs(settings.model_copy(update={"sms_providers": providers}))]

    assert "sms" not in names()
    assert "sms" not in names(SmppProvider.model_validate(smsc | {"receive": False}))
    assert names(SmppProvider.model_validate(smsc)).count("sms") == 1
