"""Which visits stand on the list of a day, and what is counted of the past, in the time of the site."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.accounts.models import Site
from app.core.visits import purge_after
from app.visitors.models import Visit, Visitor, VisitType
from tests.attendance.desk import Desk
from tests.factories import NOW, World
from tests.visitors.test_kiosk import desk, kind, world

__all__ = ["desk", "world"]
ZONE = "Europe/Amsterdam"


@pytest.fixture
def site(world: World) -> UUID:
    found = uuid4()
    world.add(Site(id=found, name="HQ", timezone=ZONE))
    return found


def visit(world: World, site: UUID, of: UUID, name: str, from_: datetime, until: datetime, arrived: datetime | None = None) -> None:  # noqa: PLR0917 (a visit)
    """Planned; or, where they arrived, over an hour later."""
    who, kept = uuid4(), purge_after(until, 30, ZONE)
    came = {"arrived_at": arrived, "arrived_by": "code", "left_at": arrived + timedelta(hours=1), "left_by": "code"} if arrived else {}
    world.add(
        Visitor(id=who, name=name, locale="nl", link_hash=who.bytes * 2, purge_after=kept),
        Visit(
            visitor_id=who, visit_type_id=of, site_id=site, state="left_confirmed" if arrived else "expected", expected_from=from_,
            expected_until=until, purge_after=kept, **came,
        ),
    )  # fmt: skip


def test_a_day_has_what_was_planned_for_it_and_whoever_came_on_it(desk: Desk, world: World, site: UUID) -> None:
    of, midnight = kind(world), datetime(2026, 6, 2, 22, tzinfo=UTC)
    hour, day = timedelta(hours=1), timedelta(days=1)
    visit(world, site, of, "the whole month", midnight - 31 * day, midnight + hour)
    visit(world, site, of, "the day before", midnight - 3 * hour, midnight - hour)
    visit(world, site, of, "over midnight", midnight - hour, midnight + hour)
    visit(world, site, of, "at noon", midnight + 12 * hour, midnight + 13 * hour)
    visit(world, site, of, "the day after", midnight + day, midnight + day + hour)
    visit(world, site, of, "seven weeks late", midnight - 49 * day, midnight + 18 * hour, midnight + 10 * hour)
    visit(world, site, of, "a day early", midnight + day + hour, midnight + day + 2 * hour, midnight + 15 * hour)
    reception = desk.member("reception")
    shown = reception.get("/visits", on="2026-06-03", limit=3)
    rest = reception.get("/visits", on="2026-06-03", limit=3, cursor=shown["next_cursor"])
    assert [line["name"] for line in shown["items"] + rest["items"]] == [
        "seven weeks late", "the whole month", "over midnight", "at noon", "a day early"
    ]  # fmt: skip
    assert [line["name"] for line in reception.get("/visits", on="2026-06-02")["items"]] == [
        "the whole month", "the day before", "over midnight"
    ]  # fmt: skip


def test_numbers_are_of_local_days_and_hours_and_of_five_visitors_at_least(desk: Desk, world: World, site: UUID) -> None:
    late, early = datetime(2026, 6, 1, 22, 30, tzinfo=UTC), datetime(2026, 6, 2, 7, 10, tzinfo=UTC)
    guests, deliveries = kind(world, name="Guest"), kind(world, name="Delivery")
    for number in range(5):
        visit(world, site, guests, f"Guest {number}", late, late + timedelta(hours=2), late)
    for number in range(6):
        visit(world, site, deliveries, f"Driver {number}", early, early + timedelta(hours=2), early)
    for number in range(4):
        visit(world, site, guests, f"Few {number}", NOW, NOW + timedelta(hours=2), NOW)
    told = desk.member("manager").get("/visits/statistics", **{"from": "2026-06-01", "until": "2026-06-30", "site_id": str(site)})
    assert told == {
        "days": [{"key": "2026-06-02", "visits": 11, "visitors": 11}],
        "hours": [{"key": "00", "visits": 5, "visitors": 5}, {"key": "09", "visits": 6, "visitors": 6}],
        "types": [{"key": "Delivery", "visits": 6, "visitors": 6}, {"key": "Guest", "visits": 9, "visitors": 9}],
        "sites": [{"key": str(site), "visits": 15, "visitors": 15}],
    }
    assert {row.name for row in world.rows(VisitType)} == {"Guest", "Delivery"}
