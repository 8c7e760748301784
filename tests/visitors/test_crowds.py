"""A group of fifty costs as many statements as one visitor: whoever invites, changes, or stays too long with a crowd keeps nobody waiting."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.accounts.models import OrganizationModule, Person
from app.visitors.ending import end_assumed, tell_overstays
from app.visitors.models import DenyEntry, Visit, Visitor, VisitorField
from tests.attendance.desk import Desk, Who
from tests.factories import NOW
from tests.visitors.test_attacks import denied
from tests.visitors.test_kiosk import desk, kind, site, site_and_kiosk, work, world
from tests.visitors.test_visits import on, plan

__all__ = ["desk", "site", "site_and_kiosk", "world"]
COMPANY = {"company": {"purpose": {"en": "For the badge"}, "days": 2, "required": False}}


@pytest.fixture
def reception(desk: Desk) -> Who:
    return desk.member("reception")


def guests(count: int, prefix: str) -> list[dict[str, Any]]:
    return [
        {"name": f"{prefix} Guest {number}", "email": f"{prefix}{number}@example.org".lower(), "fields": {"company": f"Firm {number}"}}
        for number in range(count)
    ]


def counted(desk: Desk, does: Callable[[], Any]) -> int:
    with desk.statements() as said:
        does()
    return len(said)


@pytest.mark.parametrize("tell", [False, True])
def test_fifty_are_invited_joined_and_put_off_in_as_many_statements_as_one(desk: Desk, site: UUID, reception: Who, *, tell: bool) -> None:
    desk.world.add(OrganizationModule(module="messages"))
    of = kind(desk.world, fields=COMPANY)
    for name in ("Warm Guest 0", "Ones Guest 0", "Oner Guest 0", "Many Guest 7", "Anew Guest 7"):
        denied(desk, name)
    counts: dict[str, list[int]] = {"invite": [], "join": [], "change": []}
    for prefix, more, count in (("Warm", "Hot", 1), ("Ones", "Oner", 1), ("Many", "Anew", 50)):
        rule = {"rule": f"FREQ=DAILY;COUNT={count if count == 1 else 4}"}
        body = plan(site, of, tell=tell, **rule) | {"visitors": guests(count, prefix), "id": str(UUID(int=len(counts["invite"]) + 1))}
        counts["invite"].append(counted(desk, lambda body=body: reception.post("/invitations", body)))  # type: ignore[misc]
        path = f"/invitations/{body['id']}"
        joins = {"visitors": guests(count, more), "tell": tell}
        counts["join"].append(counted(desk, lambda path=path, joins=joins: reception.post(f"{path}/visitors", joins)))  # type: ignore[misc]
        starts = NOW + timedelta(hours=3)
        change = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat(), "tell": tell}
        etag = reception.etag(path)
        counts["change"].append(
            counted(desk, lambda path=path, change=change, etag=etag: reception.send("PATCH", path, change, match=etag))  # type: ignore[misc]
        )
    assert {what: some[1] == some[2] for what, some in counts.items()} == dict.fromkeys(counts, True), f"the first makes a key, {counts}"
    kept = desk.world.rows(VisitorField)
    assert sorted({one.field for one in kept}) == ["company", "email"]
    assert len(kept) == 2 * len(desk.world.rows(Visitor)) == 2 * 104
    assert len(desk.world.rows(Visit)) == 2 + 2 + 100 * 4
    stopped = {line["name"] for line in on(reception, "2026-06-03", limit=200) if line["stopped"]}
    assert stopped == {"Warm Guest 0", "Ones Guest 0", "Oner Guest 0", "Many Guest 7", "Anew Guest 7"}


def test_every_hit_of_a_group_is_counted_also_of_a_name_that_comes_twice(desk: Desk, site: UUID, reception: Who) -> None:
    denied(desk, "Gijs de Boer")
    denied(desk, "Nobody Comes")
    reception.post("/invitations", plan(site, kind(desk.world), "Gijs de Boer", "Ann", "Boer, Gijs de", "Bob"))
    assert sorted(entry.hits for entry in desk.world.rows(DenyEntry)) == [0, 2]
    assert sorted(line["name"] for line in on(reception, "2026-06-03") if line["stopped"]) == ["Boer, Gijs de", "Gijs de Boer"]


def test_the_clock_asks_about_fifty_and_ends_them_in_as_many_statements_as_one(desk: Desk, site: UUID, reception: Who) -> None:
    desk.world.add(OrganizationModule(module="messages"))
    host = desk.member("employee").person_id
    desk.world.add(Person(name="Elsewhere"))
    of = kind(desk.world, fields=COMPANY, overstay_after_min=10, assumed_after_min=60)
    counts: list[tuple[int, int]] = []
    for number, count in enumerate((1, 1, 50)):
        starts = NOW + number * timedelta(days=1)
        desk.at(starts)
        receives = desk.member("reception")
        body = plan(site, of, starts=starts, host_id=str(host)) | {"visitors": guests(count, f"Day {number}")}
        receives.post("/invitations", body)
        for line in on(receives, (starts.date()).isoformat(), limit=200):
            receives.post(f"/visits/{line['id']}/arrival", {}, 200)
        late, over = starts + timedelta(hours=1, minutes=10), starts + timedelta(hours=2)
        organization = desk.world.organization_id
        with desk.statements() as asked:
            assert tell_overstays(desk.deps, organization, late) == count
        with desk.statements() as ended:
            assert end_assumed(desk.deps, organization, over) == count
        counts.append((len(asked), len(ended)))
        assert (tell_overstays(desk.deps, organization, over), end_assumed(desk.deps, organization, over)) == (0, 0)
    assert counts[1] == counts[2], f"the first makes a key, {counts}"
    visits = desk.world.rows(Visit)
    assert {(one.state, one.left_by, one.overstay_told_at is None) for one in visits} == {("left_assumed", "clock", False)}
    assert sorted(body["visit"] for body in work(desk.world, "visitors.left")) == sorted(str(one.id) for one in visits)
    assert {one.revision for one in visits} == {4}
