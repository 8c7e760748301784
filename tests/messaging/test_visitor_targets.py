"""Visitors get alerts too: those of a site, those on any site, and those who may be in a fence; also when they come in later."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.accounts.models import OrganizationModule, Site
from app.geofences.models import Fence
from app.messaging import late
from app.messaging.models import Guest, Recipient
from app.visitors import fields
from app.visitors.models import Visit, Visitor, VisitorField, VisitType
from tests.factories import NOW
from tests.messaging.alarm import SQUARE, Alarm


@pytest.fixture
def receiving(alarm: Alarm) -> Alarm:
    alarm.world.add(OrganizationModule(module="visitors"))
    return alarm


def site(alarm: Alarm, name: str) -> UUID:
    id_ = uuid4()
    alarm.world.add(Site(id=id_, name=name))
    return id_


def visitor(alarm: Alarm, at: UUID, telephone: str | None = "+31612345678", *, left: bool = False) -> UUID:
    """Somebody who came in two hours ago; `left`: and whose visit the clock ended."""
    kind, who, day = uuid4(), uuid4(), (NOW + timedelta(days=30)).date()
    went = {"state": "left_assumed", "left_at": NOW, "left_by": "clock"} if left else {"state": "on_site"}
    alarm.world.add(
        VisitType(id=kind, name=f"Type {kind}", kind="visitor"),
        Visitor(id=who, name="Visitor", locale="en", link_hash=uuid4().bytes * 2, purge_after=day),
        Visit(
            id=uuid4(), visitor_id=who, visit_type_id=kind, site_id=at, expected_from=NOW - timedelta(hours=2),
            expected_until=NOW + timedelta(hours=2), arrived_at=NOW - timedelta(hours=2), arrived_by="kiosk", purge_after=day, **went
        ),
    )  # fmt: skip
    if telephone:
        with alarm.world.database.tenant(alarm.world.organization_id) as session:
            sealed = alarm.desk.deps.keyring.seal(session, alarm.world.organization_id, telephone.encode(), fields.ABOUT)
        alarm.world.add(VisitorField(visitor_id=who, field="telephone", sealed_value=sealed, purge_after=day))
    return who


def guests(alarm: Alarm) -> dict[UUID, bool]:
    return {row.guest_id: row.possibly for row in alarm.world.rows(Recipient) if row.guest_id}


def test_visitors_of_one_site_or_of_all_get_it_in_their_language(receiving: Alarm) -> None:
    hq, depot = site(receiving, "HQ"), site(receiving, "Depot")
    here, left, there = visitor(receiving, hq), visitor(receiving, hq, None, left=True), visitor(receiving, depot)
    receiving.active(target={"visitors": str(hq)})
    assert guests(receiving) == {here: False, left: True}
    assert [parcel.address for parcel in receiving.peer.parcels] == ["+31612345678"]
    assert "Leave the hall." in receiving.peer.parcels[0].text
    receiving.active(target={"visitors": True})
    assert guests(receiving) == {here: False, left: True, there: False}


def test_on_site_means_visitors_too_and_a_role_taken_away_takes_none_of_them(receiving: Alarm) -> None:
    here = visitor(receiving, site(receiving, "HQ"))
    receiving.active(target={"all": [{"on_site": True}, {"not": {"role": "responder"}}]})
    assert guests(receiving) == {here: False}


def test_a_fence_or_an_area_possibly_means_the_visitors_of_its_site(receiving: Alarm) -> None:
    hq, depot = site(receiving, "HQ"), site(receiving, "Depot")
    fence = receiving.world.circle()
    with receiving.world.database.tenant(receiving.world.organization_id) as session:
        session.get_one(Fence, (receiving.world.organization_id, fence)).site_id = hq
    here, _there = visitor(receiving, hq), visitor(receiving, depot)
    receiving.active(target={"fence": str(fence)})
    assert guests(receiving) == {here: True}
    receiving.active(target={"area": "drawn"}, area={"geometry": SQUARE})
    assert guests(receiving) == {here: True}


def test_a_visitor_who_checks_in_later_gets_it_once(receiving: Alarm) -> None:
    hq, depot = site(receiving, "HQ"), site(receiving, "Depot")
    receiving.active(target={"visitors": str(hq)})
    newcomer = visitor(receiving, hq)
    elsewhere = visitor(receiving, depot)
    visits = {row.visitor_id: row for row in receiving.world.rows(Visit)}
    for _again in range(2):
        for who in (newcomer, elsewhere):
            body = {"visit": str(visits[who].id), "site": str(visits[who].site_id), "at": NOW.isoformat()}
            with receiving.world.database.tenant(receiving.world.organization_id) as session:
                late.on_visitors(session, receiving.world.organization_id, [body], receiving.desk.clock.now(), receiving.desk.deps)
    receiving.work()
    assert guests(receiving) == {newcomer: False}
    assert len(receiving.peer.parcels) == 1
    assert all(b"+316" not in row.sealed for row in receiving.world.rows(Guest))


def test_the_preview_counts_visitors_and_a_message_cannot_name_them(receiving: Alarm) -> None:
    visitor(receiving, site(receiving, "HQ"))
    seen = receiving.sender.post("/alerts/preview", receiving.body(target={"visitors": True}), 200)
    assert (seen["people"], seen["visitors"]) == (0, 1)
    owner = receiving.desk.member("owner")
    owner.post("/messages/preview", {"texts": {"nl": {"body": "Hoi"}}, "target": {"visitors": True}, "channels": ["sms"]}, 422)
