"""The wall: who may be called, at which address, for how long."""

from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest

from app.adapters.outbound import Answer, Line, Peer, Peers, Refused, Unreachable, Wall, retry_after_s
from tests.peers.http import Fault, HttpPeer, Request, nobody

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Echo(HttpPeer):
    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, request.body


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as running:
        yield running


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1", "192.0.0.192"),
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        Wall().connect(address, 80)


@pytest.mark.parametrize("address", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"])
def test_other_ways_to_write_this_machine_are_refused_too(address: str) -> None:
    with pytest.raises(Refused):
        Wall().connect(address, 80)


def test_an_address_that_is_allowed_is_called(echo: Echo) -> None:
    peers = Peers(Wall(private=LOOPBACK), 5)
    assert peers.send(f"{echo.url}/x?y=1", b"hello", {}).body == b"hello"
    assert echo.requests[0].path == "/x?y=1"
    peers.close()


@pytest.mark.parametrize("host", ["evil.example", "push.example.evil.example", "notpush.example", "push.example.", "PUSH.example"])
def test_only_listed_names_and_those_below_them_may_be_called(host: str) -> None:
    wall = Wall(("push.example",))
    if host.lower().rstrip(".") == "push.example":
        wall.check(host, tls=True)
    else:
        with pytest.raises(Refused):
            wall.check(host, tls=True)
    wall.check("a.push.example", tls=True)


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch, echo: Echo) -> None:
    """A name that means something else at the second look changes nothing: there is no second look."""
    asked = []
    real = __import__("socket").getaddrinfo

    def once(host: str, *rest: object, **more: object) -> object:
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", *rest, **more)

    monkeypatch.setattr("app.adapters.outbound.socket.getaddrinfo", once)
    plain = Wall(private=(ip_network("127.0.0.1/32"),)).connect("rebinding.example", int(echo.url.rpartition(":")[2]))
    assert plain.getpeername()[0] == "127.0.0.1"
    plain.close()
    assert asked == ["rebinding.example"]


def test_a_name_with_one_good_and_one_bad_address_is_called_at_the_good_one(monkeypatch: pytest.MonkeyPatch, echo: Echo) -> None:
    real = __import__("socket").getaddrinfo
    monkeypatch.setattr(
        "app.adapters.outbound.socket.getaddrinfo",
        lambda _host, *rest, **more: real("127.0.0.9", *rest, **more) + real("127.0.0.1", *rest, **more),
    )
    plain = Wall(private=(ip_network("127.0.0.1/32"),)).connect("two.example", int(echo.url.rpartition(":")[2]))
    assert plain.getpeername()[0] == "127.0.0.1"
    plain.close()


def test_an_answer_that_drips_is_given_up_in_time(echo: Echo) -> None:
    echo.faults.append(Fault(drips_s=0.05))
    began = monotonic()
    with Peer(echo.url) as peer, pytest.raises(Unreachable) as caught:
        peer.send("POST", "/", b"", timeout_s=0.3)
    assert caught.value.sent
    assert monotonic() - began < 10


def test_an_answer_that_is_too_large_is_given_up(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.adapters.outbound.MAX_ANSWER_BYTES", 10)
    with Peer(echo.url) as peer:
        with pytest.raises(Unreachable):
            peer.send("POST", "/", b"x" * 11)
        assert peer.send("POST", "/", b"x" * 10).body == b"x" * 10


def test_a_kept_connection_that_the_other_side_ended_is_opened_again(echo: Echo) -> None:
    with Peer(echo.url) as peer:
        peer.send("POST", "/", b"1")
        echo.faults.append(Fault(200, {"Connection": "close"}))
        peer.send("POST", "/", b"2")
        assert peer.send("POST", "/", b"3").body == b"3"


def test_a_server_that_takes_no_connection_is_left_alone_for_a_moment() -> None:
    peers = Peers(Wall(private=LOOPBACK), 5)
    with nobody() as address:
        for _ in range(2):
            with pytest.raises(Unreachable) as caught:
                peers.send(f"http://{address}/", b"", {})
            assert not caught.value.sent
    assert str(caught.value) == "down"


def test_several_threads_have_a_connection_each_and_keep_it(echo: Echo) -> None:
    peers = Peers(Wall(private=LOOPBACK), 5)
    for _ in range(3):
        threads = [Thread(target=peers.send, args=(echo.url, b"x", {})) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(echo.requests) == 12
    assert echo.connections <= 4
    peers.close()


def test_tls_needs_a_certificate_of_that_name(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = __import__("socket").getaddrinfo
    monkeypatch.setattr("app.adapters.outbound.socket.getaddrinfo", lambda _host, *rest, **more: real("127.0.0.1", *rest, **more))
    with Echo(certificate) as secure:
        trusting = Wall(private=LOOPBACK, ca=certificate / "certificate.pem")
        peers = Peers(trusting, 5)
        assert peers.send(secure.url, b"x", {}).body == b"x"
        peers.close()
        for wall, host in ((Wall(private=LOOPBACK), "127.0.0.1"), (trusting, "other.example")):
            with pytest.raises(Unreachable, match="SSLCertVerificationError") as caught:
                wall.connect(host, int(secure.url.rpartition(":")[2]), tls=True)
            assert not caught.value.sent


def test_a_line_ends_when_its_time_is_up(echo: Echo) -> None:
    line = Line(Wall(private=LOOPBACK).connect("127.0.0.1", int(echo.url.rpartition(":")[2])))
    line.allow(0)
    with pytest.raises(TimeoutError):
        line.sendall(b"x")
    line.close()


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("7", 7.0),
        ("Wed, 03 Jun 2026 12:01:00 GMT", 60.0),
        ("999999", 3600.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Wed, 03 Jun 2020 12:01:00 GMT", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(said: str, means: float | None) -> None:
    assert retry_after_s(Answer(429, {"retry-after": said}, b""), datetime(2026, 6, 3, 12, tzinfo=UTC)) == means
