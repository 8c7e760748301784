"""Receipts and answers of people are acknowledged once they are kept, and not before."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest

from app.adapters.sms import link, pause, receiver
from app.adapters.sms.receiver import Receiver
from app.ports import Incoming
from tests.peers.smsc import HEADER, Smsc, deliver_body, receipt_body
from tests.sms.conftest import SETTINGS, provider


@contextmanager
def receiving(smsc: Smsc, take: Callable[[Incoming], None], **options: Any) -> Iterator[Receiver]:
    stop = Event()
    running = Receiver(provider(smsc.port, **options), SETTINGS, take, stop)
    thread = Thread(target=running.run)
    thread.start()
    try:
        yield running
    finally:
        stop.set()
        thread.join()


def test_what_is_brought_is_kept_and_then_acknowledged(smsc: Smsc) -> None:
    acknowledged_before: list[int] = []
    kept: list[Incoming] = []

    def take(incoming: Incoming) -> None:
        acknowledged_before.append(len(smsc.answered))
        kept.append(incoming)

    smsc.bring(receipt_body("7", "DELIVRD"))
    with receiving(smsc, take):
        smsc.wait(lambda: len(smsc.answered) == 1)
        smsc.bring(deliver_body("31612345678", "1008", b"JA"))
        smsc.wait(lambda: len(smsc.answered) == 2)
    assert [(one.kind, one.ref, one.status, one.sender, one.text) for one in kept] == [
        ("receipt", "7", "delivered", "", ""),
        ("inbound", None, None, "+31612345678", "JA"),
    ]
    assert acknowledged_before == [0, 1]
    assert (smsc.answered, smsc.unacknowledged) == ([0, 0], 0)
    smsc.wait(lambda: smsc.unbound == 1)


def test_what_cannot_be_kept_is_not_acknowledged_and_comes_again(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pause, "PAUSE_MIN_S", 0.05)
    tried: list[Incoming] = []

    def take(incoming: Incoming) -> None:
        tried.append(incoming)
        if len(tried) < 3:
            raise ConnectionError

    with receiving(smsc, take):
        smsc.bring(receipt_body("7", "DELIVRD"))
        smsc.wait(lambda: smsc.answered == [0])
    assert len(tried) == 3
    assert len({one.raw for one in tried}) == 1
    assert smsc.binds == 3


def test_a_connection_that_is_cut_is_opened_again(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pause, "PAUSE_MIN_S", 0.05)
    kept: list[Incoming] = []
    with receiving(smsc, kept.append):
        for number in range(1, 4):
            smsc.wait(lambda: any(one.mode for one in smsc.connections))
            smsc.bring(receipt_body(str(number), "DELIVRD"))
            smsc.wait(lambda: smsc.unacknowledged == 0)
            smsc.drop_all()
    assert [one.ref for one in kept] == ["1", "2", "3"]


def test_a_refused_sign_in_is_tried_again_after_a_pause(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pause, "PAUSE_MIN_S", 0.05)
    smsc.bind_status = 0x0D
    with receiving(smsc, lambda _: None):
        smsc.wait(lambda: smsc.binds >= 2)
        smsc.bind_status = 0
        smsc.wait(lambda: any(one.mode for one in smsc.connections))


def test_nonsense_ends_the_connection_and_not_the_receiver(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pause, "PAUSE_MIN_S", 0.05)
    kept: list[Incoming] = []
    with receiving(smsc, kept.append):
        smsc.wait(lambda: any(one.mode for one in smsc.connections))
        smsc.garble(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        smsc.wait(lambda: smsc.binds == 2)
        smsc.bring(receipt_body("7", "DELIVRD"))
        smsc.wait(lambda: smsc.unacknowledged == 0)
    assert [one.ref for one in kept] == ["7"]


def test_a_request_it_does_not_know_is_refused_and_the_connection_goes_on(smsc: Smsc) -> None:
    kept: list[Incoming] = []
    with receiving(smsc, kept.append):
        smsc.wait(lambda: any(one.mode for one in smsc.connections))
        smsc.garble(HEADER.pack(16, 0x0102, 0, 5) + HEADER.pack(16, 0x15, 0, 6))
        smsc.bring(receipt_body("7", "DELIVRD"))
        smsc.wait(lambda: smsc.unacknowledged == 0)
    assert smsc.binds == 1


def test_a_silent_smsc_is_asked_for_a_sign_of_life_and_left_when_it_gives_none(smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiver, "PROBE_AFTER_S", 0.05)
    monkeypatch.setattr(receiver, "LOOK_S", 0.05)
    monkeypatch.setattr(pause, "PAUSE_MIN_S", 0.05)
    monkeypatch.setattr(link, "PROBE_S", 0.1)
    with receiving(smsc, lambda _: None):
        smsc.wait(lambda: smsc.enquiries >= 2)
        assert smsc.binds == 1
        smsc.answers_enquiries = False
        smsc.wait(lambda: smsc.binds == 2)
