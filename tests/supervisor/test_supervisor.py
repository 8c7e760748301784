import itertools
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from app.supervisor import BACKOFF_MAX_S, Program, Supervisor, backoff_s

PYTHON = (sys.executable, "-u", "-c")
SERVES = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print('serving'); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('serving'); time.sleep(60)"


class Log:
    """Collects lines; calls `then` when a line with `text` was seen `times` times."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._then: list[tuple[str, int, Callable[[], None]]] = []

    def when(self, text: str, then: Callable[[], None], times: int = 1) -> None:
        self._then.append((text, times, then))

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))
        for text, times, then in self._then:
            if text in line and self.count(text) == times:
                then()

    def count(self, text: str) -> int:
        return sum(text in line for _, line in self.lines)


def ended(pid: int, timeout_s: float = 20) -> bool:
    """Wait for the end of a process that is not our child."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(handle) as file:
        return bool(select.select([file], [], [], timeout_s)[0])


def supervise(log: Log, *programs: Program, grace_s: float = 10) -> tuple[int, Supervisor]:
    supervisor = Supervisor(programs, emit=log, grace_s=grace_s)
    return supervisor.run(), supervisor


def test_lines_carry_the_name_of_their_program() -> None:
    log = Log()
    log.when("to error", lambda: os.kill(os.getpid(), signal.SIGTERM))
    code = "import sys; print('to output'); print('to error', file=sys.stderr); import time; time.sleep(60)"
    status, _ = supervise(log, Program("web", [*PYTHON, code]))
    assert log.lines[:2] == [("web", "to output"), ("web", "to error")]
    assert status == 0


def test_a_killed_program_is_started_again() -> None:
    log = Log()
    code = f"import os; print('pid', os.getpid()); {SERVES}"
    log.when("serving", lambda: os.kill(int(log.lines[-2][1].split()[1]), signal.SIGKILL))
    log.when("serving", lambda: os.kill(os.getpid(), signal.SIGTERM), times=2)
    status, _ = supervise(log, Program("worker", [*PYTHON, code]))
    assert log.count("ended with status -9") == 1
    assert status == 0


def test_readiness_is_told_once_every_program_answers(tmp_path: Path) -> None:
    order: list[str] = []
    answers = itertools.chain([False, False], itertools.repeat(True))

    def ready() -> bool:
        answer = next(answers)
        order.append(f"asked {answer}")
        return answer

    def on_ready() -> None:
        order.append("ready")
        supervisor.stop()

    supervisor = Supervisor([Program("a", [*PYTHON, SERVES], ready), Program("b", [*PYTHON, SERVES])], emit=Log(), on_ready=on_ready)
    assert supervisor.run() == 0
    assert order == ["asked False", "asked False", "asked True", "ready"]


def test_a_program_that_never_comes_up_ends_the_whole_with_an_error() -> None:
    log = Log()
    status, _ = supervise(log, Program("web", ["false"], lambda: False), Program("relay", [*PYTHON, SERVES]))
    assert status == 1
    assert "web does not start (status 1)" in log.lines[-1][1] or log.count("web does not start (status 1)") == 1


def test_a_program_that_ignores_the_request_is_killed_after_the_grace_period() -> None:
    log = Log()
    log.when("serving", lambda: os.kill(os.getpid(), signal.SIGTERM))
    started = time.monotonic()
    status, _ = supervise(log, Program("web", [*PYTHON, STUBBORN]), grace_s=0.5)
    assert status == 1
    assert log.count("is killed") == 1
    assert time.monotonic() - started < 20


def test_whoever_asks_it_to_stop_hears_at_once_that_it_does() -> None:
    log = Log()
    log.when("serving", lambda: os.kill(os.getpid(), signal.SIGINT))
    supervise(log, Program("web", [*PYTHON, SERVES]), Program("live", [*PYTHON, SERVES.replace("'serving'", "'too'")]))
    assert log.count("Stopping 2 programs") == 1


def test_a_second_ctrl_c_kills_at_once() -> None:
    log = Log()

    def twice() -> None:
        supervisor.stop()
        supervisor.stop()

    log.when("serving", twice)
    supervisor = Supervisor([Program("web", [*PYTHON, STUBBORN])], emit=log, grace_s=600)
    assert supervisor.run() == 1


def test_what_a_killed_program_left_in_its_group_goes_with_it(tmp_path: Path) -> None:
    """As the workers of a gunicorn whose master was killed, which would keep the port."""
    log, pid_file = Log(), tmp_path / "pid"
    code = f"import os, subprocess; child = subprocess.Popen(['sleep', '600']); open({str(pid_file)!r}, 'w').write(str(child.pid)); print('up'); os.kill(os.getpid(), 9)"
    log.when("ended with status -9", lambda: os.kill(os.getpid(), signal.SIGTERM))
    supervise(log, Program("web", [*PYTHON, code]))
    assert ended(int(pid_file.read_text()))


def test_children_do_not_outlive_a_killed_supervisor() -> None:
    child = "import os, time; print(os.getpid()); time.sleep(600)"
    code = f"from app.supervisor import *; Supervisor([Program('web', [{sys.executable!r}, '-u', '-c', {child!r}])]).run()"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline().split("|")[1])
        parent.kill()
    assert ended(pid)


def test_a_line_without_an_end_is_cut_and_not_kept() -> None:
    log = Log()
    log.when("done", lambda: os.kill(os.getpid(), signal.SIGTERM))
    status, _ = supervise(log, Program("web", [*PYTHON, "print('x' * 1_000_000); print('done'); import time; time.sleep(60)"]))
    assert sum(line.count("x") for name, line in log.lines if name == "web") == 1_000_000
    assert max(len(line) for _, line in log.lines) < 200_000
    assert status == 0


def test_the_pause_doubles_up_to_its_limit() -> None:
    assert [backoff_s(deaths) for deaths in (1, 2, 3, 4)] == [0.5, 1, 2, 4]
    assert backoff_s(1_000) == BACKOFF_MAX_S
