"""Working windows on a real database: whose gate a change reaches, when it counts, and who may see it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from app.accounts.service import groups
from app.accounts.service.hooks import Hook
from app.core.consent import within_window
from app.core.fix import to_ms
from app.errors import Invalid, NotFound
from app.privacy.service import switches, windows
from app.privacy.service.instructions import sign_instruction
from app.privacy.service.projection import on_groups_changed
from app.privacy.service.switches import Acceptance, Whose
from app.privacy.service.windows import Holder, Weekly
from tests.privacy.conftest import NOW, SIGNED, House

MORNING = Weekly([1, 2, 3, 4, 5], time(6), time(9))
"""Over for today: NOW is 14:00 in Amsterdam."""
EVENING = NOW + timedelta(hours=8)


@pytest.fixture
def house(house: House) -> House:
    with house.database.tenant(house.organization_id) as session:
        sign_instruction(session, house.organization_id, SIGNED, NOW - timedelta(days=1))
    return house


@pytest.fixture(autouse=True)
def _joined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups tell privacy, as `app/subscriptions.py` joins them."""
    hook = Hook()
    hook.join(on_groups_changed)
    monkeypatch.setattr(groups, "groups_changed", hook)


def switched_on(house: House) -> UUID:
    person = house.person()
    with house.database.tenant(house.organization_id) as session:
        switches.switch_on(session, Whose(house.organization_id, person), Acceptance("1", "en"), NOW - timedelta(days=1))
    return person


def group_of(house: House, *people: UUID, since: datetime) -> UUID:
    with house.database.tenant(house.organization_id) as session:
        group = groups.create_group(session, house.organization_id, uuid4().hex)
        for person in people:
            groups.join_group(session, house.organization_id, group.id, person, since)
        return group.id


def set_window(house: House, holder: Holder, weekly: Weekly, now: datetime) -> UUID:
    with house.database.tenant(house.organization_id) as session:
        return windows.create_window(session, house.organization_id, holder, weekly, now).id


def allowed(house: House, person: UUID, moment: datetime) -> bool:
    return within_window(house.gate(person, moment), to_ms(moment))


def test_a_window_of_a_person_limits_that_person_at_once_and_nobody_else(house: House) -> None:
    person, colleague = switched_on(house), switched_on(house)
    set_window(house, Holder(person), MORNING, NOW)
    assert (allowed(house, person, NOW), allowed(house, colleague, NOW)) == (False, True)
    assert allowed(house, person, NOW - timedelta(seconds=1)), "the past stays as it was"


def test_a_window_of_a_group_limits_whoever_is_in_it_from_then_on_and_until_they_leave(house: House) -> None:
    first, second = switched_on(house), switched_on(house)
    group = group_of(house, first, since=NOW - timedelta(hours=1))
    set_window(house, Holder(group_id=group), MORNING, NOW)
    assert (allowed(house, first, NOW), allowed(house, second, NOW)) == (False, True)
    joined, left = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    with house.database.tenant(house.organization_id) as session:
        groups.join_group(session, house.organization_id, group, second, joined)
        groups.leave_group(session, house.organization_id, group, first, left)
    assert [allowed(house, second, moment) for moment in (joined - timedelta(seconds=1), joined)] == [True, False]
    assert [allowed(house, first, moment) for moment in (left - timedelta(seconds=1), left)] == [False, True]


def test_somebody_who_switches_on_later_is_bound_by_the_window_of_their_group(house: House) -> None:
    person = house.person()
    group = group_of(house, person, since=NOW - timedelta(hours=2))
    set_window(house, Holder(group_id=group), MORNING, NOW - timedelta(hours=1))
    with house.database.tenant(house.organization_id) as session:
        switches.switch_on(session, Whose(house.organization_id, person), Acceptance("1", "en"), NOW)
    assert not allowed(house, person, NOW)


def test_two_windows_add_up(house: House) -> None:
    person = switched_on(house)
    set_window(house, Holder(person), MORNING, NOW)
    set_window(house, Holder(person), Weekly([3], time(21), time(23)), NOW)
    assert (allowed(house, person, EVENING), allowed(house, person, NOW)) == (True, False)


def test_an_edit_ends_the_old_row_and_starts_a_new_one(house: House) -> None:
    person = switched_on(house)
    old = set_window(house, Holder(person), MORNING, NOW)
    with house.database.tenant(house.organization_id) as session:
        window = windows.get_window(session, house.organization_id, old, lock=True)
        new = windows.edit_window(session, window, Weekly([3], time(12), time(23)), NOW + timedelta(hours=1)).id
    with house.database.tenant(house.organization_id) as session:
        assert [row.id for row in windows.list_windows(session, house.organization_id, Holder(person))] == [new]
        with pytest.raises(NotFound):
            windows.get_window(session, house.organization_id, old)
    assert [allowed(house, person, NOW + timedelta(minutes=minutes)) for minutes in (59, 60)] == [False, True]


def test_an_ended_window_limits_nothing_and_is_forgotten_when_no_ping_can_need_it(house: House) -> None:
    person = switched_on(house)
    window_id = set_window(house, Holder(person), MORNING, NOW)
    with house.database.tenant(house.organization_id) as session:
        windows.end_window(session, windows.get_window(session, house.organization_id, window_id, lock=True), EVENING)
    assert [allowed(house, person, moment) for moment in (EVENING - timedelta(seconds=1), EVENING)] == [False, True]
    with house.database.tenant(house.organization_id) as session:
        assert windows.forget_windows(session, house.organization_id, EVENING + timedelta(days=32)) == 0
        assert windows.forget_windows(session, house.organization_id, EVENING + timedelta(days=33)) == 1


def test_bad_windows_are_named(house: House) -> None:
    person = house.person()
    group = group_of(house, since=NOW)
    for holder, weekly, field in (
        (Holder(), MORNING, "person_id"),
        (Holder(person, group), MORNING, "person_id"),
        (Holder(uuid4()), MORNING, "person_id"),
        (Holder(group_id=uuid4()), MORNING, "group_id"),
        (Holder(person), Weekly([1], time(9), time(17), None, date(2026, 6, 2), date(2026, 6, 1)), "valid_until"),
    ):
        with pytest.raises(Invalid) as refused, house.database.tenant(house.organization_id) as session:
            windows.create_window(session, house.organization_id, holder, weekly, NOW)
        assert refused.value.errors[0].field == field


def test_a_window_of_another_organization_is_absent(house: House, new_house: Callable[[], House]) -> None:
    stranger = new_house()
    foreign = set_window(stranger, Holder(stranger.person()), MORNING, NOW)
    with pytest.raises(NotFound), house.database.tenant(house.organization_id) as session:
        windows.get_window(session, house.organization_id, foreign)


def test_a_person_reads_their_own_windows_by_group_too_and_no_others(house: House) -> None:
    person, colleague = house.person(), house.person()
    group = group_of(house, person, since=NOW)
    own = {set_window(house, Holder(person), MORNING, NOW), set_window(house, Holder(group_id=group), MORNING, NOW)}
    others = set_window(house, Holder(colleague), MORNING, NOW)
    with house.database.tenant(house.organization_id) as session:
        assert {row.id for row in windows.list_windows(session, house.organization_id, Holder(person))} == own
        for window_id in own:
            assert windows.get_window(session, house.organization_id, window_id, own=person).id == window_id
        with pytest.raises(NotFound):
            windows.get_window(session, house.organization_id, others, own=person)


def test_a_window_set_while_somebody_joins_the_group_reaches_them(house: House, pg: "psycopg.Connection[Any]") -> None:
    """Neither transaction sees the other's rows; the lock makes the later one read after the earlier one committed."""
    person = switched_on(house)
    group = group_of(house, since=NOW - timedelta(hours=1))
    pg.autocommit = True
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with ThreadPoolExecutor(1) as executor:
        with house.database.tenant(house.organization_id) as session:
            groups.join_group(session, house.organization_id, group, person, NOW)
            setting = executor.submit(set_window, house, Holder(group_id=group), MORNING, NOW)
            while pg.execute(waiting).fetchone() == (0,):
                assert not setting.done(), "the second transaction did not wait"
        setting.result(timeout=10)
    assert not allowed(house, person, NOW)
