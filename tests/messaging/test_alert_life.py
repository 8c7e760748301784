"""An alert from draft to end, over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from app.accounts.models import OrganizationModule, Person
from app.messaging.models import ContactPreference, Message
from app.outbox.carry import carry
from app.subscriptions import HANDLERS
from tests.factories import NOW, World
from tests.messaging.alarm import TEXTS, Alarm


def people(alarm: Alarm, count: int = 1) -> dict[str, Any]:
    return {"people": [str(alarm.person(f"P{number}")) for number in range(count)]}


def test_an_alert_counts_down_and_then_goes_out(alarm: Alarm) -> None:
    sent = alarm.send(target=people(alarm, 2))
    assert (sent["stage"], sent["due_at"]) == ("countdown", (NOW + timedelta(seconds=10)).isoformat().replace("+00:00", "Z"))
    alarm.later(seconds=9)
    assert alarm.peer.parcels == []
    alarm.later(seconds=2)
    assert alarm.texts() == ["Brand|Verlaat de hal."] * 2
    shown = alarm.read(sent["id"])
    assert shown["stage"] == "active"
    assert {key: shown["tally"][key] for key in ("people", "handed_over", "silent", "late")} == {
        "people": 2, "handed_over": 2, "silent": 2, "late": 0,
    }  # fmt: skip


def test_a_draft_waits_until_it_is_sent(alarm: Alarm) -> None:
    draft = alarm.send(target=people(alarm), draft=True)["id"]
    alarm.later(hours=1)
    assert alarm.read(draft)["stage"] == "draft"
    assert alarm.do(draft, "activation", 202)["stage"] == "countdown"
    assert alarm.do(draft, "activation", 409)["detail"].startswith("This is about to go out")


def test_a_second_click_is_the_same_alert(alarm: Alarm) -> None:
    id_, target = str(uuid4()), people(alarm)
    first, second = alarm.send(id=id_, target=target), alarm.send(id=id_, target=target)
    assert first == second
    alarm.later(seconds=11)
    assert alarm.send(id=id_, target=target)["stage"] == "active"
    assert len(alarm.peer.parcels) == 1
    other = alarm.desk.member("sender")
    alarm.send(409, who=other, id=id_, target=target)


def test_the_same_idempotency_key_answers_with_the_same_alert(alarm: Alarm) -> None:
    body, key = alarm.body(target=people(alarm)), {"Idempotency-Key": str(uuid4())}
    first, second = (alarm.sender.client.post("/api/v1/alerts", json=body, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.get_json() == second.get_json()
    assert len(alarm.world.rows(Message)) == 1


def test_clicks_at_the_same_moment_make_one_alert(alarm: Alarm) -> None:
    id_, target = str(uuid4()), people(alarm)
    client = alarm.sender.client.application.test_client

    def click(_: int) -> int:
        mine = client()
        with alarm.sender.client.session_transaction() as cookie, mine.session_transaction() as own:
            own.update(cookie)
        mine.environ_base.update(alarm.sender.client.environ_base)
        return mine.post("/api/v1/alerts", json=alarm.body(id=id_, target=target)).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(click, range(4))) == [202] * 4
    assert len(alarm.world.rows(Message)) == 1
    assert len([row for row in alarm.waiting() if row.kind == "messaging.activate"]) == 1


def test_what_was_written_a_minute_ago_asks_again_before_it_goes(alarm: Alarm) -> None:
    target, written_at = people(alarm), (NOW - timedelta(seconds=61)).isoformat()
    answer = alarm.send(409, target=target, written_at=written_at)
    assert answer["type"] == "/problems/alert-too-old"
    assert alarm.world.rows(Message) == []
    alarm.send(target=target, written_at=(NOW - timedelta(seconds=59)).isoformat())
    alarm.send(target=target, written_at=written_at, confirmed=True)


def test_a_countdown_can_be_cancelled_and_nobody_hears_anything(alarm: Alarm) -> None:
    sent = alarm.send(target=people(alarm))["id"]
    assert alarm.do(sent, "cancellation")["stage"] == "cancelled"
    alarm.later(seconds=60)
    assert alarm.peer.parcels == []
    assert alarm.do(sent, "cancellation", 409)["detail"].startswith("This is over")


def test_a_cancellation_that_comes_too_late_says_that_it_went_out(alarm: Alarm) -> None:
    sent = alarm.active(target=people(alarm))
    assert alarm.do(sent, "cancellation", 409)["detail"].startswith("This went out already")
    assert alarm.read(sent)["stage"] == "active"


def test_of_a_cancellation_and_an_activation_at_one_moment_one_wins_and_both_know(alarm: Alarm) -> None:
    for _ in range(5):
        sent = alarm.send(target=people(alarm))["id"]
        alarm.desk.at(alarm.desk.clock.now() + timedelta(seconds=11))
        (row,) = [row for row in alarm.waiting() if row.kind == "messaging.activate" and row.body["message"] == sent]
        before = len(alarm.peer.parcels)
        with ThreadPoolExecutor(2) as pool:
            work = pool.submit(carry, alarm.desk.deps, HANDLERS, alarm.world.organization_id, row.id)
            answer = pool.submit(alarm.sender.client.post, f"/api/v1/alerts/{sent}/cancellation")
            assert work.result() == "done"
            status = answer.result().status_code
        alarm.work()
        stage, told = alarm.read(sent)["stage"], len(alarm.peer.parcels) - before
        assert (status, stage, told) in {(200, "cancelled", 0), (409, "active", 1)}
        if stage == "active":
            alarm.do(sent, "ending")


def test_an_actual_alert_waits_for_a_second_person_where_the_organization_wants_one(alarm: Alarm) -> None:
    alarm.choose(approval=True)
    sent = alarm.send(target=people(alarm))
    assert sent["stage"] == "approval"
    assert alarm.do(sent["id"], "approval", 403)["detail"].startswith("You sent this alert yourself")
    assert alarm.do(sent["id"], "refusal", 403)["type"] == "/problems/forbidden"
    second = alarm.desk.member("responder", person_id=alarm.person("Second"))
    alarm.later(seconds=60)
    assert [words.partition("|")[0] for words in alarm.texts()] == ["Een alarm wacht"], "whoever may approve it hears of it, its sender not"
    alarm.peer.parcels.clear()
    assert alarm.do(sent["id"], "approval", 202, second)["stage"] == "countdown"
    alarm.later(seconds=11)
    assert len(alarm.peer.parcels) == 1
    assert alarm.read(sent["id"])["approved_by"] == str(second.person_id)


def test_an_update_and_the_all_clear_of_an_approved_alert_wait_for_nobody(alarm: Alarm) -> None:
    alarm.choose(approval=True)
    sent = alarm.send(target=people(alarm))["id"]
    alarm.do(sent, "approval", 202, alarm.desk.member("responder"))
    alarm.later(seconds=11)
    alarm.peer.parcels.clear()
    for kind in ("update", "all_clear"):
        alarm.do(sent, "updates", 202, body={"kind": kind, "texts": TEXTS})
        alarm.work()
    assert len(alarm.peer.parcels) == 2
    assert alarm.read(sent)["stage"] == "ended"


@pytest.mark.parametrize("same", [{"email": "sam@example.org"}, {"telephone": "+31611112222"}])
def test_a_second_account_of_the_same_person_is_no_second_person(alarm: Alarm, same: dict[str, str]) -> None:
    alarm.choose(approval=True)
    one, two, other = (alarm.person(f"P{number}", sms=False) for number in range(3))
    sender, twin, second = (alarm.desk.member("sender", person_id=person) for person in (one, two, other))
    with alarm.desk.deps.database.tenant(alarm.world.organization_id) as session:
        for person, facts in ((one, same), (two, {key: value.upper() for key, value in same.items()}), (other, {"email": "o@example.org"})):
            session.execute(
                update(Person).where(Person.organization_id == alarm.world.organization_id, Person.id == person).values(**facts)
            )
    sent = alarm.send(target=people(alarm), who=sender)["id"]
    for what in ("approval", "refusal"):
        assert alarm.do(sent, what, 403, twin)["detail"].startswith("You have the same telephone number or e-mail address")
    assert alarm.do(sent, "approval", 202, second)["stage"] == "countdown"


def test_who_sleeps_and_wants_no_messages_hears_that_an_alert_waits_for_a_second_person(alarm: Alarm) -> None:
    alarm.choose(approval=True)
    second = alarm.person("Second")
    alarm.desk.member("responder", person_id=second)
    alarm.world.add(
        ContactPreference(person_id=second, quiet_from=time(0), quiet_until=time(23, 59), opted_out_at=NOW, opted_out_by="stop")
    )
    alarm.send(target=people(alarm))
    alarm.later(seconds=1)
    assert [words.partition("|")[0] for words in alarm.texts()] == ["Een alarm wacht"]


def test_a_refused_alert_is_over(alarm: Alarm) -> None:
    alarm.choose(approval=True)
    sent = alarm.send(target=people(alarm))["id"]
    second = alarm.desk.member("manager")
    assert alarm.do(sent, "refusal", 200, second)["stage"] == "refused"
    assert alarm.do(sent, "approval", 409, second)["detail"].startswith("This is over")


def test_whoever_sends_a_draft_of_somebody_else_is_its_sender_and_may_not_approve_it(alarm: Alarm) -> None:
    alarm.choose(approval=True)
    draft = alarm.send(target=people(alarm), draft=True)["id"]
    second = alarm.desk.member("owner")
    assert alarm.do(draft, "activation", 202, second)["stage"] == "approval"
    alarm.do(draft, "approval", 403, second)
    assert alarm.do(draft, "approval", 202)["stage"] == "countdown"


@pytest.mark.parametrize(("exercise", "mark"), [("exercise", "OEFENING: Brand"), ("test", "TEST: Brand")])
def test_an_exercise_needs_no_second_person_and_says_what_it_is_in_every_text(alarm: Alarm, exercise: str, mark: str) -> None:
    alarm.choose(approval=True)
    sent = alarm.active(target=people(alarm), exercise=exercise)
    alarm.do(sent, "updates", 202, body={"kind": "update", "texts": {"nl": {"subject": "", "body": "Nog even."}}})
    alarm.do(sent, "updates", 202, body={"kind": "all_clear", "texts": {"nl": {"subject": "Veilig", "body": "Kom terug."}}})
    alarm.work()
    word = mark.partition(":")[0]
    assert alarm.texts() == [f"{mark}|Verlaat de hal.", f"{word}: Nog even.", f"{word}: Veilig|Kom terug."]
    assert alarm.read(sent)["texts"]["nl"]["subject"] == mark


def test_an_update_goes_to_everybody_who_had_it_and_the_all_clear_ends_it(alarm: Alarm) -> None:
    sent = alarm.active(target=people(alarm, 3))
    update = alarm.do(sent, "updates", 202, body={"kind": "update", "texts": {"en": {"subject": "", "body": "Stay away."}}})
    assert (update["number"], update["kind"]) == (1, "update")
    alarm.work()
    assert alarm.texts()[3:] == ["Stay away."] * 3
    alarm.do(sent, "updates", 202, body={"kind": "all_clear", "texts": TEXTS})
    alarm.work()
    shown = alarm.read(sent)
    assert (shown["stage"], len(alarm.peer.parcels), [one["kind"] for one in shown["updates"]]) == ("ended", 9, ["update", "all_clear"])
    alarm.do(sent, "updates", 409, body={"kind": "update", "texts": TEXTS})


def test_a_cancellation_with_words_takes_back_what_went_out(alarm: Alarm) -> None:
    sent = alarm.active(target=people(alarm))
    alarm.do(sent, "updates", 202, body={"kind": "cancel", "texts": {"nl": {"subject": "Vals alarm", "body": "Er is niets."}}})
    alarm.work()
    assert (alarm.read(sent)["stage"], alarm.texts()[-1]) == ("cancelled", "Vals alarm|Er is niets.")


def test_an_alert_ends_by_itself(alarm: Alarm) -> None:
    short = alarm.active(target=people(alarm), expires_at=(NOW + timedelta(minutes=5)).isoformat())
    usual = alarm.active(target=people(alarm))
    alarm.later(minutes=6)
    assert (alarm.message(short).stage, alarm.message(usual).stage) == ("expired", "active")
    alarm.later(hours=24)
    assert alarm.message(usual).stage == "expired"


def test_an_alert_that_would_be_over_before_it_goes_out_is_not_sent(alarm: Alarm) -> None:
    soon = (NOW + timedelta(seconds=5)).isoformat()
    assert alarm.send(409, target=people(alarm), expires_at=soon)["detail"].startswith("This would be over")
    assert alarm.world.rows(Message) == []


def test_an_alert_that_waits_for_approval_for_ever_expires(alarm: Alarm) -> None:
    alarm.choose(approval=True)
    sent = alarm.send(target=people(alarm))["id"]
    alarm.later(hours=25)
    assert alarm.message(sent).stage == "expired"


def test_the_screens_hear_numbers_and_never_names(alarm: Alarm) -> None:
    sent = alarm.active(target=people(alarm))
    alarm.later(seconds=2)
    news = alarm.news()
    assert [one["stage"] for one in news][:2] == ["draft", "countdown"]
    assert news[-1]["stage"] == "active"
    assert {key for one in news for key in one} == {"message", "revision", "stage", "tally"}
    assert [one["revision"] for one in news] == sorted(one["revision"] for one in news)
    assert {one["message"] for one in news} == {sent}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"target": None}, "target"),
        ({"target": {"any": []}}, "target.any"),
        ({"target": {"everyone": True}}, "target.everyone"),
        ({"target": {"group": str(uuid4())}}, "target"),
        ({"target": {"people": [str(uuid4())]}}, "target"),
        ({"target": {"role": "wizard"}}, "target"),
        ({"texts": {"nl": {"subject": "Leeg", "body": ""}}}, "texts.nl.body"),
        ({"plan": {"on_silence": {"group": str(uuid4())}}}, "plan.on_silence.group"),
        ({"expires_at": (NOW - timedelta(minutes=1)).isoformat()}, "expires_at"),
        ({"expires_at": (NOW + timedelta(days=8)).isoformat()}, "expires_at"),
        ({"target": {"area": "drawn"}}, "area"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name_before_anything_is_written(alarm: Alarm, facts: dict[str, Any], field: str) -> None:
    answer = alarm.send(422, **{"target": people(alarm)} | facts)
    assert [error["field"] for error in answer["errors"]] == [field]
    assert alarm.world.rows(Message) == []


def test_only_those_who_may_send_do_and_other_organizations_see_nothing(alarm: Alarm, world: World) -> None:
    sent = alarm.active(target=people(alarm))
    for role in ("reception", "employee", "privacy_officer"):
        nobody = alarm.desk.member(role)
        nobody.post("/alerts", alarm.body(target=people(alarm)), 403)
        nobody.get(f"/alerts/{sent}", 403)
        nobody.post(f"/alerts/{sent}/ending", None, 403)
    other = World(world.database)
    other.add(*(OrganizationModule(module=module) for module in ("messages", "alerts")))
    alarm.desk.world = other
    stranger = alarm.desk.member("owner")
    for path in (f"/alerts/{sent}", f"/alerts/{sent}/recipients", f"/alerts/{sent}/cap"):
        stranger.get(path, 404)
    for what in ("activation", "approval", "refusal", "cancellation", "ending"):
        stranger.post(f"/alerts/{sent}/{what}", None, 404)
    assert stranger.get("/alerts")["items"] == []


def test_an_area_so_small_that_it_would_watch_one_person_is_refused(alarm: Alarm) -> None:
    point = {"geometry": {"type": "Point", "coordinates": [5.1, 52.1]}}
    assert alarm.send(422, area={**point, "radius_m": 40})["errors"][0]["message"] == "The area is too small"
    alarm.send(202, area={**point, "radius_m": 50})
