"""What is forgotten, on the day it is due and not before."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.accounts.models import Person
from app.messaging import retention
from app.messaging.models import Message, MessageUpdate, MessagingSettings, Receipt, Recipient, Reply, TrafficRecord
from app.messaging.traffic import purge_after
from tests.factories import World

LOCAL_NOON = 10  # hours UTC, summer in Amsterdam


def message(world: World, at: datetime, **facts: Any) -> UUID:
    id_ = uuid4()
    row = {
        "kind": "message", "exercise": "actual", "severity": "minor", "stage": "ended", "target": {}, "channels": ["sms"], "sealed_texts": b"x",
        "plan": {}, "asks_reply": False, "late_entry": False, "created_at": at, "ended_at": at,
    }  # fmt: skip
    world.add(Message(id=id_, **(row | facts)))
    return id_


def recipient(world: World, message_id: UUID) -> UUID:
    person, id_ = uuid4(), uuid4()
    world.add(Person(id=person, name="Anna"), Recipient(id=id_, message_id=message_id, person_id=person, reply_hash=uuid4().bytes * 2))
    return id_


def run(world: World, chore: Any, now: datetime) -> int:
    with world.database.tenant(world.organization_id) as session:
        return int(chore(session, world.organization_id, now))


def test_words_go_after_the_organizations_days_and_the_message_stays(world: World) -> None:
    world.add(MessagingSettings(content_days=30, channels=["sms"], plan={}))
    sent = datetime(2026, 5, 1, 9, tzinfo=UTC)
    id_ = message(world, sent)
    of = recipient(world, id_)
    world.add(
        MessageUpdate(message_id=id_, number=1, kind="update", sealed_texts=b"x", created_at=sent),
        Reply(
            message_id=id_, recipient_id=of, kind="text", channel="sms", sealed_text=b"x", sealed_sender=b"x", said_at=sent, created_at=sent
        ),
        Receipt(provider="p", kind="inbound", sealed_raw=b"x", created_at=sent),
    )
    assert run(world, retention.forget_words, sent + timedelta(days=30)) == 0
    assert run(world, retention.forget_words, sent + timedelta(days=30, seconds=1)) == 4
    assert [row.sealed_texts for row in (*world.rows(Message), *world.rows(MessageUpdate))] == [None, None]
    assert [(row.sealed_text, row.sealed_sender, row.kind) for row in world.rows(Reply)] == [(None, None, "text")]
    assert world.rows(Receipt) == []
    assert len(world.rows(Recipient)) == 1


@pytest.mark.parametrize("stage", ["scheduled", "countdown", "approval", "active"])
def test_the_words_of_what_still_has_to_be_said_stay(world: World, stage: str) -> None:
    sent = datetime(2024, 1, 1, tzinfo=UTC)
    id_ = message(world, sent, stage=stage, ended_at=None, kind="alert")
    world.add(MessageUpdate(message_id=id_, number=1, kind="update", sealed_texts=b"x", created_at=sent))
    now = datetime(2026, 6, 3, tzinfo=UTC)
    assert run(world, retention.forget_words, now) == 0
    assert run(world, retention.forget_messages, now) == 0


def test_words_are_kept_from_the_end_of_a_message_not_from_when_it_was_written(world: World) -> None:
    written = datetime(2026, 1, 1, tzinfo=UTC)
    message(world, written, ended_at=written + timedelta(days=200))
    assert run(world, retention.forget_words, written + timedelta(days=289)) == 0
    assert run(world, retention.forget_words, written + timedelta(days=291)) == 1


@pytest.mark.parametrize(
    ("sent", "last"),
    [
        (datetime(2026, 3, 15, 12, tzinfo=UTC), date(2028, 3, 15)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 2, 28, 12, tzinfo=UTC), date(2028, 2, 28)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2029, 1, 1)),
    ],
)
def test_a_message_goes_with_all_that_belongs_to_it_after_two_years_of_local_days(world: World, sent: datetime, last: date) -> None:
    id_ = message(world, sent)
    of = recipient(world, id_)
    world.add(
        Reply(message_id=id_, recipient_id=of, kind="safe", channel="app", said_at=sent, created_at=sent),
        Reply(kind="unknown", channel="sms", said_at=sent, created_at=sent),
    )
    on_the_last_day = datetime(last.year, last.month, last.day, LOCAL_NOON, tzinfo=UTC)
    assert run(world, retention.forget_messages, on_the_last_day) == 0
    assert run(world, retention.forget_messages, on_the_last_day + timedelta(days=1)) == 2
    assert (world.rows(Message), world.rows(Recipient), world.rows(Reply)) == ([], [], [])


def traffic(world: World, at: datetime, until: date) -> None:
    world.add(
        TrafficRecord(at=at, message_id=uuid4(), sender="s", channel="sms", address="+31612345678", status="accepted", purge_after=until)
    )


@pytest.mark.parametrize(
    ("sent", "months", "last"),
    [
        (date(2026, 1, 31), 13, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_the_months_of_a_traffic_record_end_with_the_month(sent: date, months: int, last: date) -> None:
    assert purge_after(sent, months) == last


def test_a_traffic_record_goes_on_the_day_after_its_last(world: World) -> None:
    traffic(world, datetime(2026, 1, 31, 12, tzinfo=UTC), date(2026, 7, 31))
    assert run(world, retention.forget_traffic, datetime(2026, 7, 31, 21, 59, tzinfo=UTC)) == 0
    assert run(world, retention.forget_traffic, datetime(2026, 7, 31, 22, 1, tzinfo=UTC)) == 1
    assert world.rows(TrafficRecord) == []


def test_fewer_months_count_for_old_records_and_more_do_not(world: World) -> None:
    sent = datetime(2026, 1, 31, 12, tzinfo=UTC)
    traffic(world, sent, date(2027, 2, 28))
    traffic(world, sent, date(2026, 3, 31))
    assert run(world, retention.forget_traffic, sent) == 0
    assert sorted(row.purge_after for row in world.rows(TrafficRecord)) == [date(2026, 3, 31), date(2026, 7, 31)]
