"""Answers by app, link and SMS; quorum; the inbox."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.accounts.models import OrganizationModule, Person
from app.messaging import links, replies
from app.messaging.models import ContactPreference, Recipient, Reply
from tests.factories import NOW, World
from tests.messaging.alarm import Alarm

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def text(alarm: Alarm, sender: str, words: str) -> Reply:
    now = alarm.desk.clock.now()
    with alarm.desk.deps.database.tenant(alarm.world.organization_id) as session:
        return replies.inbound(session, alarm.world.organization_id, replies.Inbound(sender, words, now), now, alarm.desk.deps)


def click(alarm: Alarm, link: str, answer: str | None, status: int = 200) -> str:
    client = alarm.desk.app.test_client()
    found = client.get(f"/r/{link}") if answer is None else client.post(f"/r/{link}", data=f"reply={answer}", headers=FORM)
    assert found.status_code == status, found.text
    return found.text


def test_everybody_answers_their_own_alert_and_the_latest_answer_counts(alarm: Alarm) -> None:
    me = alarm.desk.member("employee")
    sent = alarm.active(target={"people": [str(me.person_id)]})
    (mine,) = me.get("/me/alerts")["items"]
    assert (mine["id"], mine["subject"], mine["reply"]) == (sent, "Brand", None)
    me.post(f"/me/alerts/{sent}/reply", {"reply": "need_help", "text": "Trap 2"})
    alarm.later(seconds=30)
    me.post(f"/me/alerts/{sent}/reply", {"reply": "safe"})
    tally = alarm.read(sent)["tally"]
    assert (tally["replies"], tally["silent"]) == ({"safe": 1, "need_help": 0, "on_my_way": 0}, 0)
    shown = alarm.sender.get("/replies", message_id=sent)["items"]
    assert [(one["kind"], one["channel"], one["text"], one["name"]) for one in shown] == [
        ("safe", "app", None, "Somebody"),
        ("need_help", "app", "Trap 2", "Somebody"),
    ]


def test_the_list_of_recipients_says_who_is_silent_and_what_was_sent_how(alarm: Alarm) -> None:
    answers, silent, nowhere = alarm.person("A"), alarm.person("B"), alarm.person("C", sms=False)
    sent = alarm.active(target={"people": list(map(str, (answers, silent, nowhere)))})
    click(alarm, alarm.link(answers), "need_help")

    def listed(**query: Any) -> set[str]:
        return {one["name"] for one in alarm.sender.get(f"/alerts/{sent}/recipients", **query)["items"]}

    assert listed() == {"A", "B", "C"}
    assert (listed(state="silent"), listed(state="need_help"), listed(state="safe")) == ({"B", "C"}, {"A"}, set())
    assert (listed(state="failed"), listed(state="late"), listed(state="unknown")) == ({"C"}, set(), set())
    first = alarm.sender.get(f"/alerts/{sent}/recipients", limit=2)
    rest = alarm.sender.get(f"/alerts/{sent}/recipients", limit=2, cursor=first["next_cursor"])
    assert {one["name"] for one in first["items"] + rest["items"]} == {"A", "B", "C"}
    (one,) = alarm.sender.get(f"/alerts/{sent}/recipients", state="failed")["items"]
    assert (one["unreachable"], one["deliveries"]) == ("no_address", [])
    (two,) = alarm.sender.get(f"/alerts/{sent}/recipients", state="need_help")["items"]
    assert [(way["channel"], way["status"]) for way in two["deliveries"]] == [("sms", "accepted")]
    tally = alarm.read(sent)["tally"]
    assert (tally["people"], tally["handed_over"], tally["failed"]) == (3, 2, 1)


def test_an_answer_that_arrives_late_does_not_overtake_a_later_one_and_is_kept(alarm: Alarm) -> None:
    me = alarm.desk.member("employee")
    sent = alarm.active(target={"people": [str(me.person_id)]})
    alarm.later(minutes=10)
    me.post(f"/me/alerts/{sent}/reply", {"reply": "safe"})
    early = {"reply": "need_help", "said_at": (NOW + timedelta(minutes=5)).isoformat()}
    first = me.post(f"/me/alerts/{sent}/reply", early)
    assert me.post(f"/me/alerts/{sent}/reply", early)["id"] == first["id"], "sent again because no answer was heard"
    assert alarm.recipients()[me.person_id].reply == "safe"
    alarm.later(seconds=1)
    ahead = me.post(f"/me/alerts/{sent}/reply", {"reply": "safe", "said_at": (NOW + timedelta(days=1)).isoformat()})
    assert ahead["said_at"] == alarm.desk.clock.now().isoformat().replace("+00:00", "Z")
    assert alarm.recipients()[me.person_id].reply == "safe"
    assert len(alarm.world.rows(Reply)) == 3


def test_nobody_answers_for_another_or_what_they_did_not_get(alarm: Alarm) -> None:
    sent = alarm.active(target={"people": [str(alarm.person())]})
    me = alarm.desk.member("employee")
    me.post(f"/me/alerts/{sent}/reply", {"reply": "safe"}, 404)
    me.post(f"/me/alerts/{uuid4()}/reply", {"reply": "safe"}, 404)
    me.post(f"/me/alerts/{sent}/reply", {"reply": "perhaps"}, 422)
    assert me.get("/me/alerts")["items"] == []
    me.get("/replies", 403)


def test_an_alert_that_asks_nothing_takes_no_answer(alarm: Alarm) -> None:
    me = alarm.desk.member("employee")
    sent = alarm.active(target={"people": [str(me.person_id)]}, asks_reply=False)
    assert me.post(f"/me/alerts/{sent}/reply", {"reply": "safe"}, 409)["detail"] == "This message asks for no answer."


def test_a_link_answers_without_login_and_opening_it_changes_nothing(alarm: Alarm) -> None:
    person = alarm.person(locale="en")
    sent = alarm.active(target={"people": [str(person)]})
    link = alarm.link(person)
    assert link in alarm.last().text
    for _ in range(3):
        page = click(alarm, link, None)
    assert "<h1>Fire</h1>" in page
    assert "I need help" in page
    assert "<script" not in page
    assert alarm.recipients()[person].reply is None
    assert "Your answer was recorded" in click(alarm, link, "safe")
    assert "I am safe" in click(alarm, link, None)
    click(alarm, link, "on_my_way")
    assert alarm.recipients()[person].reply == "on_my_way"
    assert [row.channel for row in alarm.world.rows(Reply)] == ["link", "link"]
    assert alarm.read(sent)["tally"]["replies"]["on_my_way"] == 1


def test_a_link_works_after_the_alert_is_over_and_says_so(alarm: Alarm) -> None:
    person = alarm.person()
    sent = alarm.active(target={"people": [str(person)]})
    alarm.do(sent, "ending")
    assert "Dit alarm is voorbij" in click(alarm, alarm.link(person), None)
    assert "Je antwoord is vastgelegd" in click(alarm, alarm.link(person), "safe")
    assert alarm.recipients()[person].reply == "safe"


@pytest.mark.parametrize("words", ["reply=perhaps", "", "reply=safe&reply=need_help", "x=y", "reply=%ff", "reply=" + "a" * 3000])
def test_nonsense_in_the_form_changes_nothing(alarm: Alarm, words: str) -> None:
    person = alarm.person()
    alarm.active(target={"people": [str(person)]})
    answer = alarm.desk.app.test_client().post(f"/r/{alarm.link(person)}", data=words, headers=FORM)
    assert (answer.status_code, alarm.recipients()[person].reply) == (200, None)


def test_links_that_are_none_get_one_and_the_same_page(alarm: Alarm) -> None:
    person = alarm.person()
    alarm.active(target={"people": [str(person)]})
    link, organization = alarm.link(person), alarm.world.organization_id
    changed = link[:-1] + ("A" if link[-1] != "A" else "B")
    elsewhere = link.replace(f"r{organization}-", f"r{organization + 1}-")
    wrong = [changed, elsewhere, "r1-x", "nonsense", link + "A", f"r{10**17}-" + link.partition("-")[2], "%00"]
    pages = {click(alarm, one, None, 404) for one in wrong} | {click(alarm, one, "safe", 404) for one in wrong}
    assert len(pages) == 1
    client = alarm.desk.app.test_client()
    assert client.post(f"/r/{link}", json={"reply": "safe"}).status_code == 415
    assert client.post(f"/r/{link}", data="x" * 5000, headers=FORM).status_code == 413
    assert client.post(f"/r/{link}", data="reply=safe", headers={**FORM, "Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(f"/r/{link}").headers["Cache-Control"] == "no-store"
    assert alarm.recipients()[person].reply is None


def test_what_somebody_wrote_is_text_on_the_page(alarm: Alarm) -> None:
    person = alarm.person()
    alarm.active(target={"people": [str(person)]}, texts={"nl": {"subject": "<b>x</b>", "body": '"><script>alert(1)</script>'}})
    page = click(alarm, alarm.link(person), None)
    assert "<script" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_ja_means_safe_and_counts_for_what_was_asked_last(alarm: Alarm) -> None:
    person = alarm.person()
    number = f"+316{person.int % 10**8:08d}"
    alarm.active(target={"people": [str(person)]})
    alarm.later(minutes=1)
    second = alarm.active(target={"people": [str(person)]})
    assert text(alarm, number, "Ja").kind == "safe"
    assert {str(row.message_id): row.reply for row in alarm.world.rows(Recipient)}[second] == "safe"
    assert [row.reply for row in alarm.world.rows(Recipient)].count("safe") == 1
    text(alarm, number, "help!!")
    assert alarm.read(second)["tally"]["replies"]["need_help"] == 1


def test_stop_ends_ordinary_messages_and_start_brings_them_back(alarm: Alarm) -> None:
    person = alarm.person()
    number = f"+316{person.int % 10**8:08d}"
    text(alarm, number, "STOP")
    (preference,) = alarm.world.rows(ContactPreference)
    assert (preference.person_id, preference.opted_out_by) == (person, "stop")
    alarm.active(target={"people": [str(person)]}, severity="extreme")
    assert len(alarm.peer.parcels) == 1, "a severe actual alert comes all the same"
    text(alarm, number, "start")
    assert alarm.world.rows(ContactPreference)[0].opted_out_at is None


def test_what_means_nothing_and_what_comes_from_nobody_waits_in_the_inbox(alarm: Alarm) -> None:
    person = alarm.person("Anna")
    text(alarm, f"+316{person.int % 10**8:08d}", "Wie is daar?")
    text(alarm, "+4915112345678", "Ja")
    unknown, known = alarm.sender.get("/replies", unmatched=True)["items"]
    assert (unknown["kind"], unknown["sender"], unknown["name"], unknown["text"]) == ("unknown", "+4915112345678", None, "Ja")
    assert (known["kind"], known["sender"], known["name"], known["read_at"]) == ("text", None, "Anna", None)
    alarm.sender.post(f"/replies/{known['id']}/reading", None, 204)
    assert alarm.sender.get("/replies")["items"][1]["read_at"] is not None
    alarm.sender.post(f"/replies/{uuid4()}/reading", None, 404)


def test_a_machine_that_keeps_answering_gets_nothing_back_and_asks_for_nobodys_attention(alarm: Alarm) -> None:
    person = alarm.person()
    number = f"+316{person.int % 10**8:08d}"
    said = [text(alarm, number, "Bedankt voor uw bericht").read_at for _ in range(4)]
    assert [one is None for one in said] == [True, True, False, False]
    assert text(alarm, number, "I am out of office").read_at is not None
    alarm.work()
    assert alarm.peer.parcels == []


def test_the_sender_hears_once_that_enough_have_answered_and_once_that_it_is_no_longer_so(alarm: Alarm) -> None:
    people = [alarm.person(f"P{number}") for number in range(3)]
    sent = alarm.active(target={"people": list(map(str, people))}, plan={"quorum": {"reply": "on_my_way", "count": 2}})
    reached = []
    for person, answer in [
        (0, "on_my_way"),
        (1, "on_my_way"),
        (2, "on_my_way"),
        (2, "safe"),
        (1, "need_help"),
        (1, "need_help"),
        (1, "on_my_way"),
    ]:
        alarm.desk.at(alarm.desk.clock.now() + timedelta(seconds=5))
        click(alarm, alarm.link(people[person]), answer)
        reached.append(len(alarm.notices()))
    assert reached == [0, 1, 1, 1, 2, 2, 3]
    assert alarm.read(sent)["quorum"] == {"reply": "on_my_way", "count": 2, "reached": 2}
    assert {tuple(row.target["people"]) for row in alarm.notices()} == {(str(alarm.sender.person_id),)}


def test_leaving_is_one_click_and_opening_the_page_is_none(alarm: Alarm) -> None:
    person = alarm.person()
    link = links.leave_token(alarm.desk.deps.settings, alarm.world.organization_id, person)
    client = alarm.desk.app.test_client()
    assert "Stop gewone berichten" in client.get(f"/u/{link}").text
    assert alarm.world.rows(ContactPreference) == []
    assert client.post(f"/u/{link}", data="List-Unsubscribe=One-Click", headers=FORM).status_code == 200
    (preference,) = alarm.world.rows(ContactPreference)
    assert (preference.person_id, preference.opted_out_by) == (person, "link")
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    assert client.post(f"/u/{link}", data="--x--", headers=boundary).status_code == 200
    other = links.leave_token(alarm.desk.deps.settings, alarm.world.organization_id, uuid4())
    pages = {client.post(f"/u/{one}", data="", headers=FORM).text for one in (link[:-1] + "-", "u1-x", other)}
    assert len(pages) == 1


def test_another_organization_sees_and_answers_nothing(alarm: Alarm, world: World) -> None:
    person = alarm.person()
    sent = alarm.active(target={"people": [str(person)]})
    click(alarm, alarm.link(person), "safe")
    other = World(world.database)
    other.add(*(OrganizationModule(module=module) for module in ("messages", "alerts")))
    alarm.desk.world = other
    stranger = alarm.desk.member("owner")
    assert stranger.get("/replies")["items"] == []
    assert stranger.get("/replies", message_id=sent)["items"] == []
    stranger.post(f"/me/alerts/{sent}/reply", {"reply": "safe"}, 404)


def test_the_own_messages_have_the_words_of_the_reader(alarm: Alarm) -> None:
    me = alarm.desk.member("employee", person_id=_person(alarm, "en"))
    sent = alarm.active(target={"people": [str(me.person_id)]})
    alarm.do(sent, "updates", 202, body={"kind": "update", "texts": {"nl": {"subject": "", "body": "Nog even."}}})
    (mine,) = me.get("/me/messages")["items"]
    assert (mine["subject"], [one["body"] for one in mine["updates"]]) == ("Fire", ["Nog even."])


def _person(alarm: Alarm, locale: str) -> UUID:
    person: Any = alarm.person(locale=locale)
    found: UUID = person
    return found


def test_who_has_left_reads_nothing_more_by_an_old_link(alarm: Alarm) -> None:
    somebody = alarm.person("Gone")
    alarm.active(target={"people": [str(somebody)]})
    path, client = f"/r/{alarm.link(somebody)}", alarm.desk.member("employee", name="Anyone").client
    assert client.get(path).status_code == 200
    with alarm.world.database.tenant(alarm.world.organization_id) as session:
        session.get_one(Person, (alarm.world.organization_id, somebody)).left_at = NOW
    assert client.get(path).status_code == 404
