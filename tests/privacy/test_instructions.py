"""The organization's instruction, and the counts of what was refused."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.errors import Conflict, Invalid, NotFound
from app.privacy import service
from app.privacy.service import instructions
from app.privacy.service.register import Refused, refusals
from tests.privacy.conftest import NOW, SIGNED, House


def test_without_an_instruction_the_gate_knows_none_and_a_signed_one_starts_when_it_was_signed(house: House) -> None:
    person = house.person()
    assert house.gate(person).instructions == ()
    with house.database.tenant(house.organization_id) as session:
        signed = instructions.sign_instruction(session, house.organization_id, SIGNED, NOW)
        assert (signed.signed_at, signed.warnings) == (NOW, [])
    (given,) = house.gate(person).instructions
    assert given.purposes == {"attendance"}


def test_a_second_current_instruction_clashes_and_a_withdrawn_one_makes_room(house: House) -> None:
    with house.database.tenant(house.organization_id) as session:
        first = instructions.sign_instruction(session, house.organization_id, SIGNED, NOW).id
    with pytest.raises(Conflict), house.database.tenant(house.organization_id) as session:
        instructions.sign_instruction(session, house.organization_id, SIGNED, NOW)
    later = NOW + timedelta(hours=1)
    with house.database.tenant(house.organization_id) as session:
        withdrawn = instructions.withdraw_instruction(session, house.organization_id, first, "B. Boss", later)
        assert (withdrawn.withdrawn_by, withdrawn.withdrawn_at) == ("B. Boss", later)
        instructions.sign_instruction(session, house.organization_id, SIGNED, later)
        assert len(instructions.instructions(session, house.organization_id, None, 9)) == 2
    with pytest.raises(Conflict), house.database.tenant(house.organization_id) as session:
        instructions.withdraw_instruction(session, house.organization_id, first, "B. Boss", later)


def test_consent_is_taken_with_a_warning(house: House) -> None:
    with house.database.tenant(house.organization_id) as session:
        signed = instructions.sign_instruction(
            session, house.organization_id, replace(SIGNED, legal_basis="consent", dpia_reference=None), NOW
        )
        assert len(signed.warnings) == 2
        assert "Consent" in signed.warnings[0]


def test_an_instruction_cannot_start_in_the_past_or_rest_on_another_notice(house: House) -> None:
    for wrong, field in (
        (replace(SIGNED, starts_at=NOW - timedelta(seconds=1)), "starts_at"),
        (replace(SIGNED, notice_version="0"), "notice_version"),
    ):
        with pytest.raises(Invalid) as refused, house.database.tenant(house.organization_id) as session:
            instructions.sign_instruction(session, house.organization_id, wrong, NOW)
        assert refused.value.errors[0].field == field


def test_an_instruction_of_another_organization_is_absent(house: House, new_house: Callable[[], House]) -> None:
    stranger = new_house()
    with stranger.database.tenant(stranger.organization_id) as session:
        foreign = instructions.sign_instruction(session, stranger.organization_id, SIGNED, NOW).id
    with pytest.raises(NotFound), house.database.tenant(house.organization_id) as session:
        instructions.withdraw_instruction(session, house.organization_id, foreign, "B. Boss", NOW)
    assert house.gate(house.person()).instructions == ()


def test_refusals_are_told_by_day_and_reason_whichever_row_they_fell_into_but_not_what_people_chose_themselves(house: House) -> None:
    for _ in range(20):
        with house.database.hot(house.organization_id) as connection:
            service.count_refusals(
                connection, house.organization_id, NOW.date(), Counter({"outside_window": 1, "too_late": 2, "paused": 1})
            )
    with house.database.tenant(house.organization_id) as session:
        day = NOW.date()
        assert refusals(session, house.organization_id, day, day) == [Refused(day, "outside_window", 20), Refused(day, "too_late", 40)]
        assert refusals(session, house.organization_id, day + timedelta(days=1), day + timedelta(days=2)) == []
        with pytest.raises(Invalid):
            refusals(session, house.organization_id, day, day - timedelta(days=1))
