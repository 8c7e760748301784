"""Run all processes of a small installation, and see to it that they stay up.

1. Each program is a child in a process group of its own: Ctrl-C in the terminal reaches us alone, and we stop them in order.
2. Its lines, standard output and error together, go to `emit` with its name.
3. A program that dies is started again, after a pause that doubles with every death in a row; a life of a minute starts the count anew.
4. Once every program has answered its `ready` question, `on_ready` is called, once. Programs that keep dying before that point
   end the whole: a wrong setting should be seen at once, and not retried for ever.
5. A first stop request (SIGINT, SIGTERM, or `stop`) sends SIGTERM and waits; whatever is left after the grace period, or at a
   second request, is killed with its group. If we are killed ourselves, the kernel sends the children a SIGTERM.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

BACKOFF_FIRST_S: Final = 0.5
BACKOFF_MAX_S: Final = 30.0
LONG_LIFE_S: Final = 60.0
EARLY_DEATHS_MAX: Final = 5
GRACE_S: Final = 20.0
READY_POLL_S: Final = 0.1
LAST_WORDS_S: Final = 1.0
"""How long to read on after a death: a grandchild in a session of its own, as the job of a killed worker, may hold the pipe for hours."""
LINE_MAX_BYTES: Final = 65_536
OWN_NAME: Final = "muster"

Emit = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep running. `ready` is asked again and again, in a thread; None: ready when started."""

    name: str
    argv: Sequence[str]
    ready: Callable[[], bool] | None = None


def backoff_s(deaths: int) -> float:
    """Pause before the next start, in seconds, after so many deaths in a row (1 or more)."""
    return min(BACKOFF_FIRST_S * 2.0 ** (deaths - 1), BACKOFF_MAX_S)


def print_line(name: str, line: str) -> None:
    """Write a line of a program's log with its name in front."""
    print(f"{name:<8} | {line}", flush=True)  # noqa: T201  (the terminal is the product here)


class Supervisor:
    """Keeps `programs` running until it is told to stop."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        emit: Emit = print_line,
        on_ready: Callable[[], None] = lambda: None,
        grace_s: float = GRACE_S,
    ) -> None:
        self._programs = programs
        self._emit = emit
        self._on_ready = on_ready
        self._grace_s = grace_s
        self._running: dict[str, int] = {}
        self._stop = asyncio.Event()
        self._kill = asyncio.Event()
        self._is_ready = False
        self._failed = False

    def run(self) -> int:
        """Block until everything has ended. 0: stopped on request and cleanly. 1: a program did not come up, or had to be killed."""
        return asyncio.run(self._run())

    def stop(self) -> None:
        """Ask once: everything ends cleanly. Ask again: everything is killed. Only from the event loop or a signal handler of it."""
        if self._stop.is_set():
            self._kill.set()
        else:
            count = len(self._running)
            self._emit(OWN_NAME, f"Stopping {count} program{'' if count == 1 else 's'} ... (Ctrl-C again ends them at once)")
        self._stop.set()

    async def _run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        readiness = asyncio.create_task(self._announce_readiness())
        try:
            async with asyncio.TaskGroup() as group:
                for program in self._programs:
                    group.create_task(self._keep(program))
        finally:
            readiness.cancel()
            await asyncio.gather(readiness, return_exceptions=True)
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)
        return int(self._failed)

    async def _keep(self, program: Program) -> None:
        deaths = 0
        while not self._stop.is_set():
            started = time.monotonic()
            status = await self._live(program)
            if self._stop.is_set():
                return
            deaths = 1 if time.monotonic() - started > LONG_LIFE_S else deaths + 1
            if deaths >= EARLY_DEATHS_MAX and not self._is_ready:
                self._emit(OWN_NAME, f"{program.name} does not start (status {status}): stopping everything.")
                self._failed = True
                self._stop.set()
                return
            pause_s = backoff_s(deaths)
            self._emit(OWN_NAME, f"{program.name} ended with status {status}; starting it again in {pause_s:g} s.")
            await _wait(self._stop, pause_s)

    async def _live(self, program: Program) -> int:
        """One life of a program, from start to last line; its exit status."""
        reader, pipe, process = await _spawn(program.argv)
        self._running[program.name] = process.pid
        lines = asyncio.create_task(self._relay_lines(program.name, reader))
        ending = asyncio.create_task(self._end_on_request(program.name, process))
        status = await process.wait()
        ending.cancel()
        await asyncio.gather(ending, return_exceptions=True)
        self._running.pop(program.name)
        _kill_group(process.pid)
        await asyncio.wait([lines], timeout=LAST_WORDS_S)
        lines.cancel()
        pipe.close()
        return status

    async def _end_on_request(self, name: str, process: asyncio.subprocess.Process) -> None:
        await self._stop.wait()
        process.terminate()
        if not await _wait(self._kill, self._grace_s):
            self._emit(OWN_NAME, f"{name} has not ended in {self._grace_s:g} s and is killed.")
        self._failed = True
        _kill_group(process.pid)

    async def _relay_lines(self, name: str, reader: asyncio.StreamReader) -> None:
        """Lines longer than the limit are cut in pieces, so that no program can fill our memory."""
        rest = b""
        while chunk := await reader.read(LINE_MAX_BYTES):
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) >= LINE_MAX_BYTES:
                whole, rest = [*whole, rest], b""
            for line in whole:
                self._emit(name, line.decode(errors="replace").rstrip("\r"))
        if rest:
            self._emit(name, rest.decode(errors="replace"))

    async def _announce_readiness(self) -> None:
        for program in self._programs:
            while not await self._answers(program):  # noqa: ASYNC110  (others' processes set no event of ours)
                await asyncio.sleep(READY_POLL_S)
        self._is_ready = True
        self._on_ready()

    async def _answers(self, program: Program) -> bool:
        if program.name not in self._running:
            return False
        return program.ready is None or await asyncio.to_thread(program.ready)


async def _spawn(argv: Sequence[str]) -> tuple[asyncio.StreamReader, asyncio.ReadTransport, asyncio.subprocess.Process]:
    """`setpriv` asks the kernel for a SIGTERM at our death, so that not even a kill -9 of us leaves orphans on the ports.

    The pipe is our own: with asyncio's, `wait` would last until a grandchild that holds its other end has ended too.
    """
    read_end, write_end = os.pipe()
    try:
        command = ("setpriv", "--pdeathsig", "TERM", *argv)
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=write_end, stderr=write_end, start_new_session=True
        )
    finally:
        os.close(write_end)
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(read_end, "rb", 0))
    return reader, pipe, process


async def _wait(event: asyncio.Event, timeout_s: float) -> bool:
    """Whether the event came in time."""
    try:
        async with asyncio.timeout(timeout_s):
            return await event.wait()
    except TimeoutError:
        return False


def _kill_group(pid: int) -> None:
    """What is left of a program's process group, for instance the workers of a killed gunicorn, would keep its port."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
