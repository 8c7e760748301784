"""Ten thousand people are looked at, and a message to them is accepted, before anybody would click again."""

from time import perf_counter
from typing import Any

from sqlalchemy import text

from tests.attendance.desk import Desk
from tests.factories import World

PEOPLE = 10_000
SOON_S = 60.0
"""On a machine that is busy with other things; a third of it is usual."""
BODY: dict[str, Any] = {
    "texts": {"nl": {"subject": "Één", "body": "Iedereen naar buiten."}, "en": {"body": "Out."}},
    "target": {"everyone": True},
}


def many(world: World) -> None:
    with world.database.tenant(world.organization_id) as session:
        session.execute(
            text(
                "INSERT INTO person (organization_id, id, name, telephone, email, locale)"
                " SELECT :o, gen_random_uuid(), 'P' || n, CASE WHEN n % 10 < 6 THEN '+316' || lpad(n::text, 8, '1') END,"
                " CASE WHEN n % 10 BETWEEN 6 AND 8 THEN 'p' || n || '@example.org' END, CASE n % 2 WHEN 0 THEN 'nl' ELSE 'en' END"
                " FROM generate_series(1, :n) n"
            ),
            {"o": world.organization_id, "n": PEOPLE},
        )


def test_a_preview_of_ten_thousand_is_whole_and_quick_and_asks_few_questions(desk: Desk, world: World) -> None:
    many(world)
    sender = desk.member("sender")
    with desk.statements() as seen:
        began = perf_counter()
        found = sender.post("/messages/preview", BODY, 200)
        took = perf_counter() - began
    assert (found["people"], found["channels"]["sms"]["people"], found["channels"]["email"]["people"]) == (PEOPLE + 1, 6_000, 3_000)
    assert (found["unreachable_count"], len(found["unreachable"])) == (1_001, 100)
    assert found["channels"]["sms"]["parts"] == 6_000
    assert len(seen) < 25
    assert took < SOON_S


def test_a_message_to_ten_thousand_is_accepted_at_once(desk: Desk, world: World) -> None:
    many(world)
    sender = desk.member("sender")
    began = perf_counter()
    sender.post("/messages", BODY, 202)
    assert perf_counter() - began < SOON_S
