"""A real Kannel from the system's packages: bearerbox towards an SMSC, smsbox towards whoever sends over HTTP. On loopback only."""

import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.request import urlopen

from tests.processes import until

BEARERBOX, SMSBOX = shutil.which("bearerbox", path="/usr/sbin:/usr/local/sbin"), shutil.which("smsbox", path="/usr/sbin:/usr/local/sbin")
INSTALLED = bool(BEARERBOX and SMSBOX)
CONFIGURATION = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {password}
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
dlr-storage = internal
sms-resend-freq = 1

group = smsc
smsc = smpp
smsc-id = peer
host = 127.0.0.1
port = {smsc}
smsc-username = muster
smsc-password = secret
system-type = ""
transceiver-mode = true
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {http}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = muster
password = {password}
concatenation = true
max-messages = 10

group = sms-service
keyword = default
get-url = "{inbound}?from=%p&text=%a"
max-messages = 0
"""


class Kannel:
    """Signs in at the SMSC on that port. What phones send goes to `inbound`."""

    password = "only-for-tests"

    def __init__(self, directory: Path, smsc_port: int, inbound: str) -> None:
        self._admin, self._box, self._http = (_free_port() for _ in range(3))
        self._file = directory / "kannel.conf"
        ports = {"admin": self._admin, "box": self._box, "http": self._http, "smsc": smsc_port}
        self._file.write_text(CONFIGURATION.format(password=self.password, inbound=inbound, **ports))
        self._directory = directory
        self._boxes: list[subprocess.Popen[bytes]] = []
        self.url = f"http://127.0.0.1:{self._http}/cgi-bin/sendsms"

    def __enter__(self) -> Self:
        try:
            self._start(BEARERBOX, self._box)
            self._start(SMSBOX, self._http)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        for box in reversed(self._boxes):
            box.kill()
            box.wait()

    def online(self) -> bool:
        """Whether it is signed in at the SMSC."""
        with urlopen(f"http://127.0.0.1:{self._admin}/status.txt?password={self.password}", timeout=5) as answer:
            return b"(online" in answer.read()

    def _start(self, program: str | None, port: int) -> None:
        assert program
        with (self._directory / f"{Path(program).name}.log").open("wb") as log:
            box = subprocess.Popen([program, "-v", "1", str(self._file)], stdout=log, stderr=log, cwd=self._directory)
        self._boxes.append(box)
        until(lambda: _listens(port) or box.poll() is not None)
        assert box.poll() is None, f"{program} ended at once"


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
