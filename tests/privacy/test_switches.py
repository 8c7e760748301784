"""The switch on a real database: who may, what it writes, and that the gate is always what the ledger says."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.service import devices
from app.core.consent import refusal
from app.core.fix import to_ms
from app.errors import Conflict, Invalid, NotFound
from app.outbox.models import Outbox
from app.privacy import gates, texts
from app.privacy.models import Gate, SwitchEvent
from app.privacy.service import switches
from app.privacy.service.instructions import sign_instruction
from app.privacy.service.projection import as_event
from app.privacy.service.switches import Acceptance, Whose
from tests.privacy.conftest import NOW, SIGNED, House

ACCEPTED = Acceptance("1", "nl")
LATENESS_MS = 7 * 86_400_000


def whose(house: House, person_id: UUID) -> Whose:
    return Whose(house.organization_id, person_id)


def turn_on(house: House, person_id: UUID) -> switches.Switch:
    with house.database.tenant(house.organization_id) as session:
        return switches.switch_on(session, whose(house, person_id), ACCEPTED, NOW)


def test_a_person_is_off_until_they_switch_on_and_their_first_phone_then_speaks_for_them(house: House) -> None:
    person = house.person(phones=2)
    with house.database.tenant(house.organization_id) as session:
        assert switches.switch_of(session, whose(house, person), NOW).state == "off"
        first = devices.list_devices(session, house.organization_id, own=person)[0].id
    switch = turn_on(house, person)
    assert (switch.state, switch.since, switch.tracking_device_id, switch.notice_awaits) == ("on", NOW, first, False)


def test_the_ledger_keeps_which_text_was_accepted(house: House) -> None:
    person = house.person()
    turn_on(house, person)
    with house.database.tenant(house.organization_id) as session:
        on = next(row for row in switches.ledger(session, whose(house, person)) if row.kind == "on")
        assert (on.notice_version, on.locale, on.notice_sha256) == ("1", "nl", texts.current("notice", "nl").sha256)


def test_an_old_notice_cannot_be_accepted(house: House) -> None:
    person = house.person()
    with pytest.raises(Invalid) as refused, house.database.tenant(house.organization_id) as session:
        switches.switch_on(session, whose(house, person), Acceptance("0", "nl"), NOW)
    assert refused.value.errors[0].field == "notice_version"


def test_repeating_an_act_writes_nothing(house: House) -> None:
    person = house.person()
    turn_on(house, person)
    with house.database.tenant(house.organization_id) as session:
        before = len(switches.ledger(session, whose(house, person)))
        switches.switch_on(session, whose(house, person), ACCEPTED, NOW)
        switches.resume(session, whose(house, person), NOW)
        assert len(switches.ledger(session, whose(house, person))) == before
        switches.switch_off(session, whose(house, person), NOW)
        switches.switch_off(session, whose(house, person), NOW)
        assert len(switches.ledger(session, whose(house, person))) == before + 1


def test_a_pause_needs_a_switch_that_is_on_and_an_end_that_is_near(house: House) -> None:
    person = house.person()
    with house.database.tenant(house.organization_id) as session:
        with pytest.raises(Conflict):
            switches.pause(session, whose(house, person), NOW + timedelta(hours=1), NOW)
        for until in (NOW, NOW - timedelta(hours=1), NOW + timedelta(days=32)):
            with pytest.raises(Invalid):
                switches.pause(session, whose(house, person), until, NOW)


def test_only_a_live_phone_of_ones_own_can_speak_for_a_person(house: House, new_house: Callable[[], House]) -> None:
    person, colleague, stranger = house.person(), house.person(), new_house()
    theirs, foreign, revoked = house.phone(colleague), stranger.phone(stranger.person()), house.phone(person)
    with house.database.tenant(house.organization_id) as session:
        devices.revoke_device(session, devices.get_device(session, house.organization_id, revoked), NOW)
    for device in (theirs, foreign, revoked, uuid4()):
        with pytest.raises(NotFound), house.database.tenant(house.organization_id) as session:
            switches.choose_device(session, whose(house, person), device, NOW)


def test_every_change_is_told_in_the_same_transaction(house: House) -> None:
    person = house.person()
    turn_on(house, person)
    with suppress(ZeroDivisionError), house.database.tenant(house.organization_id) as session:
        switches.switch_off(session, whose(house, person), NOW + timedelta(hours=1))
        _ = 1 / 0
    with house.database.tenant(house.organization_id) as session:
        told = session.scalars(select(Outbox).where(Outbox.kind == "privacy.gate_changed")).all()
        assert [row.body for row in told] == [{"person": str(person), "since_ms": to_ms(NOW)}]


def test_whoever_leaves_is_off_and_stays_off(house: House) -> None:
    person = house.person()
    turn_on(house, person)
    later = NOW + timedelta(days=1)
    with house.database.tenant(house.organization_id) as session:
        switches.on_people_left(session, house.organization_id, [person], later)
        assert switches.switch_of(session, whose(house, person), later).state == "off"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE switch_event SET kind = 'on'",
        "DELETE FROM switch_event",
        "UPDATE statement_acceptance SET version = '2'",
        "DELETE FROM statement_acceptance",
        "UPDATE instruction SET signed_by = 'x'",
        "DELETE FROM instruction",
        "DELETE FROM statement_version",
    ],
)
def test_the_run_time_role_cannot_change_what_was_agreed(app_connection: "psycopg.Connection[Any]", statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(statement.encode())


def test_one_organization_cannot_touch_the_switch_of_another(house: House, new_house: Callable[[], House]) -> None:
    stranger = new_house().person()
    with pytest.raises(NotFound), house.database.tenant(house.organization_id) as session:
        switches.switch_off(session, whose(house, stranger), NOW)


ACTS = st.lists(st.tuples(st.sampled_from(["on", "off", "pause", "resume", "device"]), st.integers(0, 90)), max_size=12)
STEP = timedelta(minutes=1)


class Account:
    """A plain account of what a person said, minute by minute: what the gate must say, told without intervals."""

    def __init__(self, phones: list[UUID]) -> None:
        self.phones = phones
        self.state, self.paused_until = "off", 0
        self.phone: UUID | None = None
        self.minutes: list[tuple[str | None, UUID | None]] = [("switched_off", None)]

    def act(self, session: Session, who: Whose, kind: str, value: int) -> None:
        minute = len(self.minutes)
        at = NOW + minute * STEP
        if kind == "pause" and self.state == "on":
            switches.pause(session, who, at + (value + 1) * STEP, at)
            self.paused_until = minute + value + 1
        elif kind == "device":
            chosen = self.phone = self.phones[value % 2]
            switches.choose_device(session, who, chosen, at)
        elif kind == "on":
            switches.switch_on(session, who, ACCEPTED, at)
            self.paused_until = self.paused_until if self.state == "on" else 0
            self.phone, self.state = self.phone or self.phones[0], "on"
        elif kind == "off":
            switches.switch_off(session, who, at)
            self.paused_until, self.state = 0, "off"
        elif kind == "resume":
            switches.resume(session, who, at)
            self.paused_until = min(self.paused_until, minute)
        for each in range(minute, minute + 1 + value // 3):
            paused = "paused" if each < self.paused_until else None
            self.minutes.append((paused if self.state == "on" else "switched_off", self.phone))


@pytest.fixture
def instructed(house: House) -> House:
    with house.database.tenant(house.organization_id) as session:
        sign_instruction(session, house.organization_id, SIGNED, NOW)
    return house


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_the_gate_is_what_the_acts_say_whatever_they_were(instructed: House, acts: list[tuple[str, int]]) -> None:
    person = instructed.person(phones=2)
    with instructed.database.tenant(instructed.organization_id) as session:
        account = Account([device.id for device in devices.list_devices(session, instructed.organization_id, own=person)])
    for kind, value in acts:
        with instructed.database.tenant(instructed.organization_id) as session:
            account.act(session, whose(instructed, person), kind, value)
    gate = instructed.gate(person, NOW + len(account.minutes) * STEP)
    for minute, (expected, phone) in enumerate(account.minutes[1:], start=1):
        at_ms = to_ms(NOW + minute * STEP)
        for candidate in account.phones:
            reason = refusal(gate, candidate, at_ms, at_ms, LATENESS_MS)
            assert reason == (expected if candidate == phone else "not_tracking_device")
    with instructed.database.tenant(instructed.organization_id) as session:
        rows = session.scalars(select(SwitchEvent).where(SwitchEvent.person_id == person)).all()
        stored = session.scalar(select(Gate.body).where(Gate.person_id == person))
        assert stored == (gates.body(map(as_event, rows), (), NOW) if rows else None)


def test_the_first_phone_of_somebody_who_shares_already_speaks_for_them_from_its_enrolment(house: House) -> None:
    person = house.person(phones=0)
    whose = Whose(house.organization_id, person, "app")
    with house.database.tenant(house.organization_id) as session:
        assert switches.switch_on(session, whose, Acceptance("1", "nl"), NOW).tracking_device_id is None
    first, later = house.phone(person), NOW + timedelta(hours=1)
    with house.database.tenant(house.organization_id) as session:
        switches.on_device_enrolled(session, house.organization_id, [person], later)
    house.phone(person, "second")
    with house.database.tenant(house.organization_id) as session:
        switches.on_device_enrolled(session, house.organization_id, [person], later)
        assert switches.switch_of(session, whose, later).tracking_device_id == first
