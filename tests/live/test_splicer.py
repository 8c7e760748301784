"""Bytes from one socket to another, through the splicer's own thread."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from app.live.handoff import Splicer, head_of

MUCH = bytes(range(256)) * 40_000


@pytest.fixture(scope="module")
def splicer() -> Splicer:
    return Splicer()


@pytest.fixture
def ends(splicer: Splicer) -> Iterator[tuple[socket.socket, socket.socket]]:
    """The far ends: the browser, the live process."""
    browser, near_browser = socket.socketpair()
    live, near_live = socket.socketpair()
    splicer.adopt(near_browser, near_live)
    for end in (browser, live):
        end.settimeout(10)
    yield browser, live
    browser.close()
    live.close()


def read(end: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        found += end.recv(65_536)
    return found


def test_what_the_live_process_says_reaches_the_browser(ends: tuple[socket.socket, socket.socket]) -> None:
    browser, live = ends
    live.sendall(b"one")
    assert browser.recv(10) == b"one"
    live.sendall(b"two")
    assert browser.recv(10) == b"two"


def test_a_slow_browser_gets_everything_in_order(ends: tuple[socket.socket, socket.socket]) -> None:
    browser, live = ends
    Thread(target=live.sendall, args=(MUCH,)).start()
    assert read(browser, len(MUCH)) == MUCH
    live.sendall(b"more")
    assert browser.recv(10) == b"more"


def test_a_browser_that_reads_nothing_holds_up_no_other(splicer: Splicer, ends: tuple[socket.socket, socket.socket]) -> None:
    stuck, near_stuck = socket.socketpair()
    flooding, near_flooding = socket.socketpair()
    splicer.adopt(near_stuck, near_flooding)
    flooding.setblocking(False)
    with suppress(BlockingIOError):
        while flooding.send(MUCH):
            pass
    ends[1].sendall(b"still here")
    assert ends[0].recv(20) == b"still here"
    stuck.close()
    flooding.close()


def test_when_one_end_goes_the_other_is_let_go(splicer: Splicer, ends: tuple[socket.socket, socket.socket]) -> None:
    ends[1].close()
    assert ends[0].recv(1) == b""
    browser, near_browser = socket.socketpair()
    live, near_live = socket.socketpair()
    splicer.adopt(near_browser, near_live)
    browser.close()
    live.settimeout(10)
    assert live.recv(1) == b""
    live.close()


def test_it_works_inside_tls(splicer: Splicer, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    name = [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-days",
        "2",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
    ]
    subprocess.run(["openssl", "req", "-x509", *name, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=certificate)
    server.load_cert_chain(certificate, key)
    near, far = socket.socketpair()
    live, near_live = socket.socketpair()
    adopting = Thread(target=lambda: splicer.adopt(server.wrap_socket(near, server_side=True), near_live))
    adopting.start()
    with client.wrap_socket(far, server_hostname="localhost") as browser:
        browser.settimeout(10)
        adopting.join()
        Thread(target=live.sendall, args=(MUCH,)).start()
        assert read(browser, len(MUCH)) == MUCH
    live.settimeout(10)
    assert live.recv(1) == b""
    live.close()


def test_only_what_the_live_process_needs_is_repeated() -> None:
    head = head_of(
        "/api/v1/stream?x=1",
        [("HOST", "h"), ("COOKIE", "c=é"), ("CONNECTION", "keep-alive"), ("LAST-EVENT-ID", "l"), ("X-FORWARDED-FOR", "f")],
    )
    assert head == "GET /api/v1/stream?x=1 HTTP/1.1\r\nHOST: h\r\nCOOKIE: c=é\r\nLAST-EVENT-ID: l\r\nConnection: close\r\n\r\n".encode(
        "latin-1"
    )
