import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.actor import Actor, Role
from app.live.cursor import GOOD_FOR, Cursors
from app.live.stream import FRAMES_WAITING_MAX, Batch, Stream
from app.outbox.journal import Event, Seen

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
ME, SOMEBODY = uuid4(), uuid4()
CURSORS = Cursors("a secret key that is only good for tests")


def actor(*roles: Role) -> Actor:
    return Actor("member", frozenset(roles), 7, person_id=ME)


def event(kind: str = "presence", person_id: UUID | None = SOMEBODY, transaction_id: int = 10, **body: Any) -> Event:
    return Event(transaction_id, kind, person_id, body, NOW)


@pytest.mark.parametrize(
    ("roles", "of_mine", "of_others", "of_nobody"),
    [
        (("owner",), True, True, True),
        (("manager",), True, True, True),
        (("employee",), True, False, False),
        (("employee", "manager"), True, True, True),
        (("privacy_officer",), False, False, False),
        ((), False, False, False),
    ],
)
def test_a_viewer_sees_of_presence_what_the_authority_table_says(
    roles: tuple[Role, ...], *, of_mine: bool, of_others: bool, of_nobody: bool
) -> None:
    viewer = actor(*roles)
    assert [shown(viewer, event(person_id=person)) for person in (ME, SOMEBODY, None)] == [of_mine, of_others, of_nobody]


def test_each_kind_of_news_has_its_own_row_in_the_authority_table() -> None:
    assert shown(actor("responder"), event("presence"))
    assert not shown(actor("responder"), event("correction"))
    assert shown(actor("responder"), event("correction", ME))
    assert not shown(actor("owner"), event("gossip", ME))


def shown(viewer: Actor, what: Event) -> bool:
    stream = Stream(viewer)
    stream.begin(Seen(1), Batch([], "A"), resumed=False)
    stream.take(Batch([what], "B"))
    return f"event: {what.kind}\n".encode() in sent(stream)


def sent(stream: Stream) -> bytes:
    """What waits to be sent."""
    return b"".join(islice(stream.frames(), stream.waiting))


def test_a_stream_begins_with_whether_it_resumed_then_what_was_missed_then_where_to_go_on() -> None:
    stream = Stream(actor("manager"))
    stream.begin(Seen(20), Batch([event(n=1), event(n=2)], "CURSOR"), resumed=True)
    ready, first, second, position, rest = sent(stream).split(b"\n\n")
    assert ready.partition(b"\n")[2] == b'event: ready\ndata: {"resumed":true}'
    assert first.startswith(b"event: presence\ndata: {")
    assert json.loads(second.partition(b"data: ")[2]) == {"person_id": str(SOMEBODY), "at": "2026-06-03T12:00:00+00:00", "body": {"n": 2}}
    assert (position, rest) == (b"id: CURSOR", b"")


def test_too_much_missed_is_a_fresh_start() -> None:
    stream = Stream(actor("manager"))
    stream.begin(Seen(20), Batch(None, "CURSOR"), resumed=True)
    assert b'{"resumed":false}' in sent(stream)


def test_what_the_hub_reads_while_a_stream_joins_is_shown_once() -> None:
    stream = Stream(actor("manager"))
    stream.take(Batch([event(transaction_id=10, n="seen when it joined"), event(transaction_id=21, n="later")], "A"))
    stream.begin(Seen(20, frozenset({15})), Batch([event(transaction_id=10, n="seen when it joined")], "B"), resumed=True)
    stream.take(Batch([event(transaction_id=15, n="committed late"), event(transaction_id=12, n="old")], "C"))
    text = sent(stream).decode()
    assert [text.count(word) for word in ("seen when it joined", "later", "committed late", "old")] == [1, 1, 1, 0]


def test_news_for_others_leaves_no_trace_in_a_stream() -> None:
    stream = Stream(actor("employee"))
    stream.begin(Seen(1), Batch([], "A"), resumed=False)
    stream.take(Batch([event(person_id=SOMEBODY)], "B"))
    assert b"presence" not in sent(stream)


def test_a_line_break_in_a_body_does_not_break_the_frame() -> None:
    stream = Stream(actor("manager"))
    stream.begin(Seen(20), Batch([event(n="a\n\ndata: b\r\nid: x")], "CURSOR"), resumed=True)
    assert len(sent(stream).split(b"\n\n")) == 4


def test_a_viewer_who_does_not_take_the_frames_is_cut_off() -> None:
    stream = Stream(actor("manager"))
    stream.begin(Seen(1), Batch([], "A"), resumed=False)
    for number in range(FRAMES_WAITING_MAX + 5):
        stream.take(Batch([event(transaction_id=number + 2)], "B"))
    assert stream.ended
    assert list(stream.frames()) == []


def test_a_cursor_is_opened_by_its_own_organization_only_and_says_nothing_to_anybody() -> None:
    # Long numbers: two digits stand in random letters by chance.
    seen = Seen(9_000_000_020, frozenset({9_000_000_015, 9_000_000_017}))
    text = CURSORS.seal(7, seen, NOW)
    assert CURSORS.open(text, 7, NOW) == seen
    assert CURSORS.open(text, 8, NOW) is None
    assert Cursors("another secret key of another house").open(text, 7, NOW) is None
    assert b"9000000015" not in urlsafe_b64decode(text)
    assert "9000000015" not in text
    assert CURSORS.seal(7, seen, NOW) != text


def test_a_cursor_older_than_the_news_is_kept_is_no_place_to_go_on_from() -> None:
    text = CURSORS.seal(7, Seen(20), NOW)
    assert CURSORS.open(text, 7, NOW + GOOD_FOR - timedelta(seconds=1)) == Seen(20)
    assert CURSORS.open(text, 7, NOW + GOOD_FOR) is None


@pytest.mark.parametrize("text", [None, "", "x", "A" * 100, "é", "=" * 7, "\x00"])
def test_what_is_no_cursor_is_no_cursor(text: str | None) -> None:
    assert CURSORS.open(text, 7, NOW) is None
