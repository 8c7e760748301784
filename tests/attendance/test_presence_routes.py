"""Presence over HTTP, on a real database: who sees whom, who looked, and at what cost."""

from datetime import timedelta

from sqlalchemy import select, text

from app.attendance.jobs import forget_old_attendance, forget_old_evidence
from app.attendance.models import Crossing, PresenceView, Stay
from app.attendance.service import record_pings, refold_person
from app.core.fix import to_ms
from app.geofences.models import FenceVersion
from app.privacy.models import Gate
from tests.attendance.desk import Desk, Who
from tests.factories import LONG_AGO, NOW, Phone, World, every

LATENESS = timedelta(days=7)
HOUR = timedelta(hours=1)


def arrive(world: World, phone: Phone, *, minutes_ago: float = 10) -> None:
    moment = NOW - timedelta(minutes=minutes_ago)
    record_pings(world.database, phone.claim, [phone.ping(moment)], moment, LATENESS)


def test_a_manager_sees_who_is_where_with_names_and_how_sure_that_is(desk: Desk, world: World) -> None:
    fence, manager = world.circle(), desk.member("manager")
    fresh, silent, gone = world.phone(), world.phone(), world.phone()
    for phone, minutes in ((fresh, 10), (silent, 45), (gone, 13 * 60)):
        arrive(world, phone, minutes_ago=minutes)
    (shown,) = manager.get("/presence")["fences"]
    assert (shown["fence_id"], shown["name"], shown["inside"], shown["unknown"], shown["assumed_left"]) == (str(fence), "HQ", 1, 1, 1)
    found = {one["person_id"]: one for one in shown["people"]}
    assert found[str(fresh.person_id)]["unknown_since"] is None
    assert found[str(silent.person_id)] == {
        "person_id": str(silent.person_id),
        "name": "Somebody",
        "standing": "unknown",
        "since": "2026-06-03T11:15:00Z",
        "unknown_since": "2026-06-03T11:15:00Z",
    }


def test_presence_can_be_narrowed_to_a_fence_a_group_a_person_and_a_text(desk: Desk, world: World) -> None:
    manager, one, other = desk.member("manager"), world.phone(), world.phone()
    fence, group = world.circle(), world.group("night", one.person_id)
    for phone in (one, other):
        arrive(world, phone)
    assert manager.get("/presence", fence_id=manager.person_id)["fences"] == []
    assert manager.get("/presence", fence_id=fence)["fences"][0]["inside"] == 2
    for query in ({"group_id": group}, {"person_id": one.person_id}):
        people = manager.get("/presence", **query)["fences"][0]["people"]
        assert [person["person_id"] for person in people] == [str(one.person_id)]
    assert manager.get("/presence", q="some")["fences"][0]["inside"] == 2
    assert manager.get("/presence", q="nobody of that name")["fences"] == []


def test_an_employee_sees_only_themselves_and_leaves_no_trace(desk: Desk, world: World) -> None:
    world.circle()
    me, other = world.phone(), world.phone()
    for phone in (me, other):
        arrive(world, phone)
    employee = desk.member("employee", person_id=me.person_id)
    (shown,) = employee.get("/presence")["fences"]
    assert [one["person_id"] for one in shown["people"]] == [str(me.person_id)]
    employee.get("/presence", 404, person_id=other.person_id)
    assert world.rows(PresenceView) == []


def test_a_look_is_written_once_a_session_and_the_person_can_read_it(desk: Desk, world: World) -> None:
    me = world.phone()
    manager, employee = desk.member("manager", name="Mara"), desk.member("employee", person_id=me.person_id)
    for _ in range(3):
        manager.get("/presence")
        manager.get("/presence", person_id=me.person_id)
        manager.get("/presence", person_id=manager.person_id)
    assert len(world.rows(PresenceView)) == 2
    seen = employee.get("/me/views")["items"]
    assert [(one["viewer"], one["at_everybody"]) for one in seen] == [("Mara", False), ("Mara", True)]
    assert manager.get("/me/views")["items"] == []
    first = employee.get("/me/views", limit=1)
    rest = employee.get("/me/views", limit=1, cursor=first["next_cursor"])
    assert [one["at_everybody"] for one in first["items"] + rest["items"]] == [False, True]


def test_a_person_sees_the_last_crossings_that_the_organization_saw(desk: Desk, world: World) -> None:
    world.circle()
    phone = world.phone()
    arrive(world, phone, minutes_ago=120)
    left = [phone.ping(at, 900) for at in every(120, NOW - HOUR, 3)]
    record_pings(world.database, phone.claim, left, NOW, LATENESS)
    crossings = desk.member("employee", person_id=phone.person_id).get("/me/crossings")
    assert [(one["kind"], one["fence"], one["at"]) for one in crossings] == [
        ("leave", "HQ", "2026-06-03T11:00:00Z"),
        ("enter", "HQ", "2026-06-03T10:00:00Z"),
    ]


def test_why_names_the_evidence_until_its_term_has_passed(desk: Desk, world: World) -> None:
    world.circle()
    phone, manager = world.phone(), desk.member("manager")
    arrive(world, phone, minutes_ago=120)
    record_pings(world.database, phone.claim, [phone.ping(at, 900) for at in every(120, NOW - HOUR, 3)], NOW, LATENESS)
    period = {"since": LONG_AGO.isoformat(), "until": NOW.isoformat()}
    (stay,) = manager.get("/stays", **period)["items"]
    why = manager.get(f"/stays/{stay['id']}")
    assert [(one["kind"], one["verdict"]) for one in why["crossings"]] == [("enter", "inside"), ("leave", "outside")]
    assert [seen["accuracy_class_m"] for seen in why["crossings"][1]["evidence"]] == [10, 10]
    assert not why["evidence_term_passed"]
    assert forget_old_evidence(desk.deps, world.organization_id, NOW + timedelta(days=31)) == 2
    assert manager.get(f"/stays/{stay['id']}")["evidence_term_passed"]
    assert world.rows(Crossing) == []
    assert len(manager.get("/stays", **period)["items"]) == 1


def test_stays_are_kept_for_five_years_and_no_longer(desk: Desk, world: World) -> None:
    world.circle()
    phone = world.phone()
    arrive(world, phone, minutes_ago=120)
    record_pings(world.database, phone.claim, [phone.ping(at, 900) for at in every(120, NOW - HOUR, 3)], NOW, LATENESS)
    for years, left in ((4, 1), (5.01, 0)):
        with world.database.tenant(world.organization_id) as session:
            forget_old_attendance(session, world.organization_id, NOW + timedelta(days=365.25 * years))
        assert len(world.rows(Stay)) == left


def test_to_others_an_opt_out_looks_like_silence_in_presence_stays_and_workdays(desk: Desk, world: World) -> None:
    world.circle()
    quiet, silent = world.phone(), world.phone()
    for phone in (quiet, silent):
        record_pings(world.database, phone.claim, [phone.ping(at) for at in every(300, NOW - 2 * HOUR, 12)], NOW - HOUR, LATENESS)
    with world.database.tenant(world.organization_id) as session:
        gate = session.get_one(Gate, (world.organization_id, quiet.person_id))
        gate.body = {**gate.body, "on": [[to_ms(LONG_AGO), to_ms(NOW - HOUR)]]}
    refold_person(world.database, world.organization_id, quiet.person_id, NOW - HOUR, NOW)
    manager, me = desk.member("manager"), desk.member("employee", person_id=quiet.person_id)
    period = {"since": (NOW - timedelta(days=1)).isoformat(), "until": NOW.isoformat()}

    def shown(manager: Who, person: Phone) -> dict[str, object]:
        (stay,) = manager.get("/stays", person_id=person.person_id, **period)["items"]
        (days,) = manager.get("/workdays", person_id=person.person_id, first="2026-06-01", last="2026-06-03")["items"]
        return {**{key: stay[key] for key in ("entered_at", "left_at", "ended", "cut")}, "days": days["days"]}

    assert me.get("/stays", **period)["items"][0]["cut"] == "switch_off"
    assert shown(manager, quiet) == shown(manager, silent)
    desk.at(NOW + timedelta(hours=13))
    manager = desk.member("manager")
    assert shown(manager, quiet) == shown(manager, silent)
    assert shown(manager, quiet)["cut"] == "gap"


def test_presence_of_many_people_costs_as_few_statements_as_of_one(desk: Desk, world: World) -> None:
    fence, manager = world.circle(), desk.member("manager")
    insert = """
    WITH p AS (INSERT INTO person (organization_id, id, name) SELECT :o, gen_random_uuid(), 'P' || n FROM generate_series(1, :n) n RETURNING id),
    s AS (INSERT INTO attendance_state (organization_id, person_id, state, last_seen_at) SELECT :o, id, '{}', :now FROM p)
    INSERT INTO stay (organization_id, id, person_id, fence_id, entered_at, last_inside_at) SELECT :o, gen_random_uuid(), id, :f, :now, :now FROM p
    """

    def add(count: int) -> None:
        with world.database.tenant(world.organization_id) as session:
            session.execute(text(insert), {"o": world.organization_id, "n": count, "now": NOW, "f": fence})

    add(1)
    manager.get("/presence")
    with desk.statements() as few:
        manager.get("/presence")
    add(500)
    with desk.statements() as many:
        assert manager.get("/presence")["fences"][0]["inside"] == 501
    assert len(many) == len(few)


def test_another_organization_is_a_404_to_the_byte(desk: Desk, world: World) -> None:
    other = Desk(World(world.database), desk.deps)
    fence, phone = world.circle(), world.phone()
    stay = desk.stay(phone.person_id, fence, NOW - HOUR, NOW)
    stranger = other.member("owner")

    def answer(path: str, **query: str) -> dict[str, object]:
        body: dict[str, object] = stranger.get(path, 404, **query)
        return {key: value for key, value in body.items() if key != "request_id"}

    assert answer(f"/stays/{stay.id}") == answer(f"/stays/{phone.person_id}")
    assert answer(f"/workdays/{phone.person_id}", on="2026-06-03") == answer(f"/workdays/{stay.id}", on="2026-06-03")
    assert answer("/presence", person_id=str(phone.person_id)) == answer("/presence", person_id=str(stay.id))


def test_a_readers_own_stays_come_only_into_the_answers_that_ask_for_them(desk: Desk, world: World) -> None:
    world.circle()
    mine, other = world.phone(), world.phone()
    for phone in (mine, other):
        arrive(world, phone)
    manager = desk.member("manager", person_id=mine.person_id)
    period = {"since": (NOW - HOUR).isoformat(), "until": NOW.isoformat()}
    assert [one["person_id"] for one in manager.get("/stays", person_id=other.person_id, **period)["items"]] == [str(other.person_id)]
    assert manager.get("/stays", since=LONG_AGO.isoformat(), until=(NOW - HOUR).isoformat())["items"] == []


def test_an_edit_during_a_silence_does_not_change_what_the_silence_means(desk: Desk, world: World) -> None:
    fence, phone = world.circle(unknown_after_s=7_200, assume_left_after_s=14_400), world.phone()
    arrive(world, phone, minutes_ago=45)
    edited_at = NOW - timedelta(minutes=10)
    with world.database.tenant(world.organization_id) as session:
        first = session.scalars(select(FenceVersion)).one()
        first.valid_until = edited_at
        session.flush()
        hasty = {"unknown_after_s": 60, "leave_after_s": 60, "assume_left_after_s": 600}
        shape = {"geometry": first.geometry, "radius_m": first.radius_m}
        session.add(
            FenceVersion(
                organization_id=world.organization_id, fence_id=fence, version=2, valid_from=edited_at, name="HQ", policy=hasty, **shape
            )
        )
    world.raise_fence_set()
    manager, me = desk.member("manager"), desk.member("employee", person_id=phone.person_id)
    period = {"since": (NOW - HOUR).isoformat(), "until": NOW.isoformat()}
    for who in (manager, me):
        assert who.get("/presence")["fences"][0]["inside"] == 1
        assert who.get("/stays", **period)["items"][0]["ended"] is None
