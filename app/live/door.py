"""gunicorn's threaded worker, in which each thread fetches its own work.

gunicorn's own has one thread that watches all connections and gives each request to a pool, and gets it back: four changes of thread for each
request, a third of what a ping costs. It also waits in that one thread, for up to two seconds, until somebody who asked for an end of the
connection has hung up. Here

1. all threads wait at one `epoll`. Whoever is free takes the next connection or the next request, reads it, answers it and parks the connection
   again. A thread that has work takes no more, so connections spread over processes as their threads are free.
2. Somebody new mostly says at once what they want, so the thread that took the connection waits `FIRST_WORDS_S` for it before it parks it.
3. The main thread looks each second for what takes too long. A parked connection is closed when its time has come: after `--keep-alive`, or
   `LAST_WORDS_S` after the last answer on it. What has not come whole after `ARRIVE_S` is read no further, and what was not taken after
   `LONGEST_S` is sent no further: a few phones that lost their network half way, or a few liars, would keep every thread for ever.
4. At a stop who stands before the door is let in still, and nobody after them. Who waits is answered; parked connections get `LINGER_S`, for a
   request may be on its way.
"""

import select
import selectors
import socket
import time
from contextlib import suppress
from threading import Lock
from typing import Final

from gunicorn.workers.gthread import TConn, ThreadWorker

FIRST_WORDS_S: Final = 0.001
LAST_WORDS_S: Final = 2.0
LAST_WORDS_BYTES: Final = 65_536
ARRIVE_S: Final = 30.0
LONGEST_S: Final = 300.0
LINGER_S: Final = 2.0
ROUND_S: Final = 1.0
ONCE: Final = select.EPOLLIN | select.EPOLLONESHOT
"""Told to one thread, and to none until it is parked again."""


class Guest(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection. `leaving`: the last answer on it is sent; `heard`: bytes that came since."""

    leaving = False
    heard = 0


class Door(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """See the story above. Of gunicorn's worker stay the reading, the answering and the signals."""

    def init_process(self) -> None:
        """After the fork."""
        self.alive = True
        self.begun: dict[Guest, float] = {}
        self.over = False
        self._epoll = select.epoll()
        self._listeners: dict[int, socket.socket] = {}
        self._parked: dict[int, Guest] = {}
        self._parking = Lock()
        super().init_process()

    def run(self) -> None:
        """The main thread: open the door, look after what takes too long, close it."""
        self.poller.register(self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks)  # signals wake by it
        for listener in self.sockets:
            listener.setblocking(False)
            self._listeners[listener.fileno()] = listener
            self._epoll.register(listener, select.EPOLLIN | select.EPOLLEXCLUSIVE)
        for _ in range(self.cfg.threads):
            self.tpool.submit(self._attend)
        while self.alive and self.is_parent_alive():
            self.notify()
            self.wait_for_and_dispatch_events(ROUND_S)
            self.hurry(time.monotonic())
        self.alive = False
        self._close(time.monotonic())

    def hurry(self, now: float) -> None:
        """End what is overdue."""
        with self._parking:
            late = [self._parked.pop(number) for number, conn in list(self._parked.items()) if conn.timeout <= now]
        for conn in late:
            conn.close()
        for conn, since in list(self.begun.items()):
            if now - since > ARRIVE_S:
                with suppress(OSError):  # of `socket`: that of TLS would forget its keys, and the thread go on in the clear
                    socket.socket.shutdown(conn.sock, socket.SHUT_RDWR if now - since > LONGEST_S else socket.SHUT_RD)

    def forget(self, sock: socket.socket) -> None:
        """Watch no further over a connection that somebody else takes care of."""
        with suppress(FileNotFoundError):  # its first request is this one
            self._epoll.unregister(sock)

    def _close(self, now: float) -> None:
        while self._listeners:
            _, listener = self._listeners.popitem()
            self._epoll.unregister(listener)
            while (conn := self._let_in(listener)) is not None:  # who stood before the door already
                self._park(conn)
            listener.close()
        with self._parking:
            for conn in self._parked.values():
                conn.timeout = min(conn.timeout, now + LINGER_S)
        end = now + self.cfg.graceful_timeout
        while (self.begun or self._parked) and time.monotonic() < end:
            self.notify()
            self.wait_for_and_dispatch_events(ROUND_S / 10)
            self.hurry(time.monotonic())
        self.over = True
        self.tpool.shutdown(wait=False)

    def _attend(self) -> None:
        """A thread's life."""
        while not self.over:
            try:
                for number, _ in self._epoll.poll(ROUND_S, 1):
                    conn = self._welcome(self._listeners[number]) if number in self._listeners else self._fetch(number)
                    if conn is not None:
                        self._serve(conn)
            except Exception:
                self.log.exception("A thread of the web process goes on after this.")
                time.sleep(FIRST_WORDS_S)  # out of files, for instance: that is told again at once

    def _let_in(self, listener: socket.socket) -> Guest | None:
        """Somebody new, or None: another thread was quicker, or they went away."""
        try:
            sock, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return None
        conn = Guest(self.cfg, sock, address, listener.getsockname())
        conn.set_timeout()
        return conn

    def _welcome(self, listener: socket.socket) -> Guest | None:
        """Somebody new who says what they want, or None."""
        conn = self._let_in(listener)
        if conn is None or conn.wait_for_data(FIRST_WORDS_S):
            return conn
        self._park(conn)
        return None

    def _fetch(self, number: int) -> Guest | None:
        """Who was parked and says something, or None: it was closed meanwhile."""
        with self._parking:
            conn = self._parked.pop(number, None)
        if conn is None or not conn.leaving:
            return conn
        self._hear_out(conn)
        return None

    def _serve(self, conn: Guest) -> None:
        conn.data_ready = True  # else gunicorn would wait for it once more
        going = True
        while going:
            self.begun[conn] = time.monotonic()
            try:
                going = self.handle(conn)
            finally:  # else a stop would wait for it
                del self.begun[conn]
            if going and not self._has_more(conn):
                conn.set_timeout()
                if not self.alive:
                    conn.timeout = min(conn.timeout, time.monotonic() + LINGER_S)
                self._park(conn)
                return
        self._say_goodbye(conn)

    @staticmethod
    def _has_more(conn: Guest) -> bool:
        """Whether the next request was read together with the last one: the socket would not tell."""
        return bool(conn.parser.unreader.buf.getvalue() or getattr(conn.sock, "pending", int)())

    def _park(self, conn: Guest) -> None:
        """Until it says something, or its time has come. The oldest gives way when there are too many."""
        number, gives_way = conn.sock.fileno(), None
        with self._parking:
            self._parked[number] = conn
            if len(self._parked) > self.worker_connections:
                gives_way = self._parked.pop(next(iter(self._parked)))
            try:
                self._epoll.modify(number, ONCE)
            except FileNotFoundError:
                self._epoll.register(number, ONCE)
        if gives_way is not None:
            gives_way.close()

    def _say_goodbye(self, conn: Guest) -> None:
        """Nothing more is sent. What still comes is read and thrown away for a while: closing at once could destroy the answer (RFC 9112, 9.6)."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
        except OSError:
            conn.close()
            return
        conn.leaving, conn.timeout = True, time.monotonic() + LAST_WORDS_S
        self._hear_out(conn)

    def _hear_out(self, conn: Guest) -> None:
        try:
            while conn.heard < LAST_WORDS_BYTES and (more := conn.sock.recv(4096)):
                conn.heard += len(more)
        except BlockingIOError:
            self._park(conn)
        except OSError:
            conn.close()
        else:
            conn.close()
