"""A wire between us and a peer, that can be cut and that can fall silent."""

import socket
import struct
from contextlib import suppress
from threading import Event, Lock, Thread, Timer
from typing import Self

RESET = struct.pack("ii", 1, 0)


class Between:
    """Listens on loopback from `with` on, and passes everything to `port` and back."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._flows, self._lock = Event(), Lock()
        self._flows.set()
        self._wires: set[socket.socket] = set()

    def __enter__(self) -> Self:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._flows.set()
        self.reset()

    def reset(self) -> None:
        """Cut every connection, rudely."""
        with self._lock:
            wires, self._wires = self._wires, set()
        for wire in wires:
            with suppress(OSError):
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                wire.shutdown(socket.SHUT_RDWR)
            wire.close()

    def stall(self, seconds: float) -> None:
        """Pass nothing on for so long; what comes meanwhile waits."""
        self._flows.clear()
        Timer(seconds, self._flows.set).start()

    def _accept(self) -> None:
        while True:
            try:
                ours, _ = self._listener.accept()
            except OSError:
                return
            try:
                theirs = socket.create_connection(("127.0.0.1", self._target), timeout=5)
            except OSError:
                ours.close()
                continue
            theirs.settimeout(None)
            for wire in (ours, theirs):
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._wires |= {ours, theirs}
            Thread(target=self._pass, args=(ours, theirs), daemon=True).start()
            Thread(target=self._pass, args=(theirs, ours), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self._flows.wait()
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
