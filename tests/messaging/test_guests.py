"""Guests on the road of all messages: what visits have to tell people and visitors."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import event

from app.messaging import queue
from app.messaging.activate import admit
from app.messaging.guests import keep
from app.messaging.models import Guest, Message, Recipient
from app.messaging.preferences import opt_out
from app.ports import GuestAddress, Notice, Outcome, Words
from tests.attendance.desk import Desk
from tests.messaging.road import Road

WORDS = {"nl": Words("Uitnodiging", "Welkom (nl)"), "en": Words("Invitation", "Welcome (en)")}


def guest(number: str | None = "+31612345678", email: str | None = "guest@example.org", locale: str = "en") -> GuestAddress:
    return GuestAddress(uuid4(), "Jane Guest", locale, number, email)


def notice(road: Road, to: UUID | GuestAddress, **facts: object) -> Notice:
    given: dict[str, object] = {"channels": ("email", "sms"), "expires_at": road.clock.now() + timedelta(days=2)}
    return Notice(uuid4(), to, WORDS, **(given | facts))  # type: ignore[arg-type]


def tell(road: Road, *notices: Notice) -> None:
    with road.deps.database.tenant(road.organization_id) as session:
        road.deps.notifier.notify(session, road.organization_id, notices, road.clock.now(), road.deps)


def how_far(road: Road, *notices: Notice) -> list[str]:
    with road.deps.database.tenant(road.organization_id) as session:
        found = road.deps.notifier.handed_over(session, road.organization_id, [one.id for one in notices])
    return [found[one.id] for one in notices]


def test_a_guest_is_mailed_in_their_language_with_the_calendar_and_the_qr_code(road: Road) -> None:
    told = notice(road, guest(), calendar="BEGIN:VCALENDAR", qr="muster:visit:v1-x")
    tell(road, told)
    road.work()
    [parcel] = road.email.had
    assert (parcel.address, parcel.subject, parcel.text) == ("guest@example.org", "Invitation", "Welcome (en)")
    assert (parcel.calendar, parcel.qr, parcel.leave_url) == ("BEGIN:VCALENDAR", "muster:visit:v1-x", None)
    assert how_far(road, told) == ["handed_over"]
    assert [(one.sender, one.address) for one in road.traffic()] == [("visitors", "guest@example.org")]


def test_when_a_channel_fails_the_next_is_tried_at_once(road: Road) -> None:
    road.email.answers = lambda _: Outcome("rejected", "peer", "mailbox")
    told = notice(road, guest(), calendar="BEGIN:VCALENDAR")
    tell(road, told)
    road.work()
    assert [(one.address, one.calendar) for one in road.sms.had] == [("+31612345678", None)]
    assert how_far(road, told) == ["handed_over"]


def test_telling_again_tells_nothing(road: Road) -> None:
    told = notice(road, guest())
    tell(road, told)
    tell(road, told, told)
    road.work()
    assert len(road.email.had) == 1


def test_a_guest_without_any_address_is_unreachable_and_one_whose_channels_all_failed_has_failed(road: Road) -> None:
    road.email.answers = lambda _: Outcome("rejected", "peer", "mailbox")
    nowhere, failing = notice(road, guest(None, None)), notice(road, guest(None))
    tell(road, nowhere, failing)
    assert how_far(road, nowhere, failing) == ["unreachable", "queued"]
    road.work()
    assert how_far(road, nowhere, failing) == ["unreachable", "failed"]


def test_two_hundred_are_told_in_as_many_statements_as_two(road: Road) -> None:
    def statements(count: int) -> int:
        notices, seen = [notice(road, guest()) for _ in range(count)], []
        engine = road.deps.database.engine
        event.listen(engine, "before_cursor_execute", lambda *_: seen.append(1))
        tell(road, *notices)
        return len(seen)

    two = statements(2)
    assert statements(200) <= 2 * two + 6


def test_what_cannot_wait_goes_to_a_host_who_wants_no_ordinary_messages(road: Road) -> None:
    host = road.person("email")
    with road.deps.database.tenant(road.organization_id) as session:
        opt_out(session, road.organization_id, host, "person", road.clock.now())
    waiting, ordinary = notice(road, host, urgent=True), notice(road, host)
    tell(road, waiting, ordinary)
    road.work()
    assert how_far(road, waiting, ordinary) == ["handed_over", "unreachable"]


def test_forgotten_guests_leave_nothing_but_traffic_records(road: Road) -> None:
    one = guest()
    tell(road, notice(road, one))
    road.work()
    with road.deps.database.tenant(road.organization_id) as session:
        road.deps.notifier.forget(session, road.organization_id, [one.id])
    assert (road.world.rows(Guest), road.world.rows(Recipient), road.world.rows(Message)) == ([], [], [])
    assert len(road.traffic()) == 1


def test_a_guest_gets_an_alert_and_its_tally_counts_them(road: Road) -> None:
    host, visitor = road.person("sms"), guest(email=None)
    message_id = road.message(host, kind="alert")
    road.work()
    with road.deps.database.tenant(road.organization_id) as session:
        message = session.get_one(Message, (road.organization_id, message_id))
        keep(session, road.organization_id, [visitor], road.deps)
        added = admit(session, road.organization_id, message, {visitor.id: False}, road.deps.settings, late=True, guests=True)
        again = admit(session, road.organization_id, message, {visitor.id: False}, road.deps.settings, late=True, guests=True)
        queue.deliver(session, road.organization_id, message, added, now=road.clock.now())
    assert (len(added), len(again)) == (1, 0)
    road.work()
    assert "+31612345678" in {parcel.address for parcel in road.sms.had}
    assert {one.guest_id for one in road.recipients()} == {None, visitor.id}


def test_a_notice_is_read_among_the_own_messages(desk: Desk, road: Road) -> None:
    host = desk.member("employee")
    tell(road, notice(road, host.person_id))
    [got] = host.get("/me/messages")["items"]
    assert (got["kind"], got["asks_reply"]) == ("message", False)
